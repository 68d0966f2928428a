"""What belongs to a picture, or could not be read, heads no article; and no line is lost."""

from collections import Counter
from dataclasses import replace

import pytest

from newspage.config import LayoutConfig
from newspage.layout import arrange_page
from newspage.model import Glyph, PageLayout, RegionKind, TextLine
from tests.drawings import Drawn, drawn

TEXT = """
    aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbb。
"""


def arranged(page: Drawn, confidence: float, letters: str) -> PageLayout:
    """The page where the lines of some letters are read with the given confidence."""
    lines = tuple(
        _read(line, confidence) if page.labels[line.id] in letters else line
        for line in page.detection.lines
    )
    found = arrange_page(replace(page.detection, lines=lines), page.image, LayoutConfig())
    placed = [line.id for region in found.regions for line in region.lines]
    placed += [line.id for line in found.unplaced]
    assert Counter(placed) == Counter(line.id for line in lines)
    return found


def _read(line: TextLine, confidence: float) -> TextLine:
    return replace(line, glyphs=tuple(Glyph(g.text, g.box, confidence) for g in line.glyphs))


@pytest.mark.parametrize(("confidence", "heads"), [(0.95, True), (0.62, True), (0.58, False)])
def test_a_line_that_could_not_be_read_heads_no_article(confidence: float, heads: bool) -> None:
    """It stands beside the article, whose text stays together."""
    page = drawn(f"<HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH>\n\n{TEXT}")
    found = arranged(page, confidence, "H")
    title = {"title": "H"} if heads else {}
    assert page.articles(found) == [{**title, "body": "ab"}]
    assert page.furniture(found) == ([] if heads else [(RegionKind.OTHER, "H")])


def test_of_a_headline_only_the_rows_that_could_be_read_are_kept() -> None:
    """A patch of dirt above it does not take it away."""
    page = drawn(f"<KKKKKKKKKKKKKKKK>\n\n<HHHHHHHHHHHHHHHH>\n\n{TEXT}")
    found = arranged(page, 0.4, "K")
    assert page.articles(found) == [{"title": "H", "body": "ab"}]
    assert page.furniture(found) == [(RegionKind.OTHER, "K")]


def test_text_that_could_not_be_read_is_no_article() -> None:
    """Nor does it begin one of which the rest could be read."""
    page = drawn(TEXT)
    assert arranged(page, 0.4, "ab").regions[0].article is None
    page = drawn(f"cccccccccccccccccccccccc\n\n\n\n{TEXT}")
    assert page.articles(arranged(page, 0.4, "c"))[0] == {"body": "ab"}


PICTURE = """
%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%
%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%
%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%
%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%
%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%
"""


def test_large_type_that_touches_a_picture_is_no_headline() -> None:
    """A house number in a photo, read well, just above the text; one clear of it is."""
    page = drawn(f"{PICTURE}<HHHHHHHHHHHHHHHH>\n\n{TEXT}")
    touching = replace(
        page.detection,
        pictures=tuple(p.grown(0, 20) for p in page.detection.pictures),
    )
    free = arranged(page, 0.95, "H")
    assert page.articles(free) == [{"title": "H", "body": "ab"}]
    found = arranged(replace(page, detection=touching), 0.95, "H")
    assert page.articles(found) == [{"body": "ab"}]
    assert page.furniture(found) == [(RegionKind.OTHER, "H")]


def test_text_beside_a_picture_touches_it_unharmed() -> None:
    """Pictures are found roughly: text of the size of the text stays text, if it could be read."""
    page = drawn(f"{PICTURE}{TEXT}")
    reaching = replace(
        page.detection, pictures=tuple(p.grown(0, 40) for p in page.detection.pictures)
    )
    assert page.articles(arranged(replace(page, detection=reaching), 0.95, "a")) == [{"body": "ab"}]


@pytest.mark.parametrize(("text", "apart"), [("→→→→→一", True), ("▲城里人家种树", False)])
def test_a_row_of_arrows_is_of_no_article(text: str, apart: bool) -> None:
    """A sign before a line of text does not make an ornament of it."""
    page = drawn(f"<HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH>\n\n          {text}\n{TEXT}")
    found = arranged(page, 0.95, "")
    assert ((RegionKind.OTHER, text) in page.furniture(found)) is apart
