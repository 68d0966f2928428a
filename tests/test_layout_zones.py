"""Parts of a page that are laid out by themselves."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from newspage.geometry import Box
from newspage.layout.view import TurnedView
from newspage.layout.zones import split_off_zones
from newspage.model import Detection, Direction, Separator, TextLine
from tests.drawings import EM, Drawn, drawn, line_at

VIEW = TurnedView(1000, vertical=False)


def kinds(page: Drawn) -> list[tuple[str, str]]:
    """Kind and letters of every zone."""
    found = split_off_zones(page.detection, page.detection.lines, EM, VIEW)
    return [(z.kind, page.label(z.lines)) for z in found]


def test_the_page_is_a_zone() -> None:
    """Without frames it is the only one."""
    assert kinds(drawn("aaaaaaaaaa\naaaaaaaaaa")) == [("page", "a")]


FRAMED = """
aaaaaaaaaaaaaaaaaaaaaaaa  +----------------------+
aaaaaaaaaaaaaaaaaaaaaaaa  | bbbbbbbbbbbbbbbbbbbb |
aaaaaaaaaaaaaaaaaaaaaaaa  | bbbbbbbbbbbbbbbbbbbb |
aaaaaaaaaaaaaaaaaaaaaaaa  | bbbbbbbbbbbbbbbbbbbb |
aaaaaaaaaaaaaaaaaaaaaaaa  | bbbbbbbbbbbbbbbbbbbb |
aaaaaaaaaaaaaaaaaaaaaaaa  +----------------------+
aaaaaaaaaaaaaaaaaaaaaaaa
aaaaaaaaaaaaaaaaaaaaaaaa
aaaaaaaaaaaaaaaaaaaaaaaa
aaaaaaaaaaaaaaaaaaaaaaaa
aaaaaaaaaaaaaaaaaaaaaaaa
"""


def test_a_frame_is_a_zone() -> None:
    """The page with what is left comes last."""
    assert kinds(drawn(FRAMED)) == [("frame", "b"), ("page", "a")]


def longer(page: Drawn, *, top: bool = False, bottom: bool = False, left: bool = False) -> Drawn:
    """The page with sides of its frame that run on past the corners, as those of neighbours do."""
    (frame,) = page.detection.frames
    level = [frame.top] * top + [frame.bottom] * bottom
    rules = [Separator(Box(0, y - 1, frame.right, y + 1), vertical=False) for y in level]
    if left:
        down = Box(frame.left - 1, frame.top, frame.left + 1, frame.bottom + 10 * EM)
        rules.append(Separator(down, vertical=True))
    return replace(page, detection=replace(page.detection, separators=tuple(rules)))


def test_a_frame_in_line_with_other_rules_is_a_zone() -> None:
    """With one side that runs on, or two that meet; where both of a pair do it is a cell."""
    page = drawn(FRAMED)
    for framed in (longer(page, top=True), longer(page, top=True, left=True)):
        assert kinds(framed) == [("frame", "b"), ("page", "a")]
    assert [kind for kind, _ in kinds(longer(page, top=True, bottom=True))] == ["page"]


def test_a_panel_and_a_table_are_zones() -> None:
    """By their corners."""
    assert kinds(drawn(FRAMED.replace("+", "#"))) == [("panel", "b"), ("page", "a")]
    assert kinds(drawn(FRAMED.replace("+", "@"))) == [("table", "b"), ("page", "a")]


TABLE = """
{text}

    tttttttttttt
@------------------@
| bbbb  bbbb  bbbb |
| bbbb  bbbb  bbbb |
@------------------@
"""


def test_a_line_alone_above_a_table_is_its_title() -> None:
    """The end of a text above is not."""
    assert kinds(drawn(TABLE.format(text=""))) == [("table", "bt")]
    close = drawn(TABLE.replace("\n\n    t", "\n    t").format(text="aaaaaaaaaaaaaaaaaaaa"))
    assert kinds(close) == [("table", "b"), ("page", "at")]


def test_a_frame_around_a_headline_is_none() -> None:
    """Its text stands outside."""
    page = drawn(
        """
        +--------------------------+  bbbbbbbbbbbbbbbbbb
        | <HHHHHHHHHHHHHHHHHHHH>   |  bbbbbbbbbbbbbbbbbb
        |                          |  bbbbbbbbbbbbbbbbbb
        +--------------------------+  bbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbb
        """
    )
    assert {kind for kind, _ in kinds(page)} == {"page"}


def test_a_block_of_lines_that_run_down_is_a_zone() -> None:
    """On a page whose text runs across; a single such line is a headline, and stays."""
    across = [
        line_at(f"a{i}", "城" * 30, Box(0, 28 * i, 600, 28 * i + 20), Direction.HORIZONTAL, 20)
        for i in range(20)
    ]
    down = [
        line_at(f"d{i}", "里" * 25, Box(700 + 28 * i, 0, 720 + 28 * i, 500), Direction.VERTICAL, 20)
        for i in range(6)
    ]
    found = split_off_zones(Detection(()), [*across, *down], EM, VIEW)
    assert [(z.kind, len(z.lines)) for z in found] == [("turned", 6), ("page", 20)]
    (alone,) = split_off_zones(Detection(()), [*across, down[0]], EM, VIEW)
    assert alone.kind == "page"


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """Any box on the page."""
    left, top = draw(st.integers(0, 300)), draw(st.integers(0, 300))
    return Box(left, top, left + draw(st.integers(1, 400)), top + draw(st.integers(1, 400)))


@st.composite
def lines(draw: st.DrawFn) -> list[TextLine]:
    """Any lines."""
    down = st.sampled_from((Direction.HORIZONTAL, Direction.VERTICAL))
    text = st.sampled_from(("城", "城里人家", "城" * 40))
    return [
        line_at(f"l{i}", draw(text), draw(boxes()), draw(down), 20)
        for i in range(draw(st.integers(1, 12)))
    ]


AREAS = st.lists(boxes(), max_size=3).map(tuple)


@given(lines(), AREAS, AREAS, AREAS)
def test_every_line_is_in_one_zone(
    found: list[TextLine], frames: tuple[Box, ...], panels: tuple[Box, ...], tables: tuple[Box, ...]
) -> None:
    """Even where frames overlap."""
    detection = Detection(tuple(found), (), frames, panels, (), tables)
    placed = [line.id for z in split_off_zones(detection, found, EM, VIEW) for line in z.lines]
    assert Counter(placed) == Counter(line.id for line in found)
