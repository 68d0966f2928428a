"""The truth of a page as the word of a layout model, without and with errors."""

import pytest

from benchmarks.pages.sheet import Role
from benchmarks.pages.witness import Place, erring, sightings_of
from newspage.geometry import Box
from newspage.model import AreaKind

LINES = (
    Place(Role.TITLE, "a1", Box(0, 0, 100, 20)),
    Place(Role.TITLE, "a1", Box(0, 25, 80, 45)),
    Place(Role.BODY, "a1", Box(0, 50, 100, 60)),
    Place(Role.SUBHEAD, "a1", Box(20, 65, 80, 75)),
    Place(Role.FOLIO, "", Box(0, 90, 10, 100)),
)
PICTURE = Box(50, 100, 90, 140)


def test_what_stands_on_a_page() -> None:
    """Lines of a title are one area, running text is none; headings look like headlines."""
    seen = sightings_of(LINES, [PICTURE])
    assert [(s.kind, s.box) for s in seen] == [
        (AreaKind.PICTURE, PICTURE),
        (AreaKind.HEADLINE, Box(0, 0, 100, 45)),
        (AreaKind.HEADLINE, LINES[3].box),
        (AreaKind.FURNITURE, LINES[4].box),
    ]


@pytest.mark.parametrize("error", [0.0, 0.3, 1.0])
def test_errors_are_of_the_share_asked_for(error: float) -> None:
    """And of every seed the same."""
    seen = sightings_of(LINES, [PICTURE]) * 50
    said = erring(seen, (100, 150), 10, error, 1)
    assert said == erring(seen, (100, 150), 10, error, 1)
    kept = [s for s in said if s.score == 1.0]
    assert len(kept) == pytest.approx((1 - error) * len(seen), abs=0.1 * len(seen))
    assert len(said) - len(kept) == round(error * len(seen))
    if not error:
        assert said == seen
