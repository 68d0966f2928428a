"""A layout model as a witness: it decides what the page leaves open, and can do little harm."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newspage.config import LayoutConfig
from newspage.geometry import Box, union_boxes
from newspage.layout import arrange_page
from newspage.model import AreaKind, LayoutPrediction, PageLayout, RegionKind
from tests.drawings import Drawn, drawn

BOTH = pytest.mark.parametrize("vertical", [False, True], ids=["horizontal", "vertical"])


def seen(page: Drawn, kind: AreaKind, letters: str) -> LayoutPrediction:
    """A sighting of the lines of some letters."""
    lines = [x for x in page.detection.lines if page.labels[x.id] in letters]
    return LayoutPrediction(union_boxes(x.box for x in lines).grown(3), kind, 0.9)


def arranged(page: Drawn, *sightings: LayoutPrediction) -> PageLayout:
    """The page as laid out with a witness."""
    found = replace(page.detection, sightings=sightings)
    return arrange_page(found, page.image, LayoutConfig())


def told(page: Drawn, *sightings: LayoutPrediction) -> list[dict[str, str]]:
    """The articles of it."""
    return page.articles(arranged(page, *sightings))


DOUBTFUL = """
<HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

    aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbb。

{KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK}

    cccccccccccccccccccc  dddddddddddddddddddddddd
cccccccccccccccccccccccc  dddddddddddddddddddddddd
cccccccccccccccccccccccc  dddddddddd。
"""


@BOTH
def test_a_doubtful_headline_is_decided(vertical: bool) -> None:
    """Hardly larger than the text, and long: only with the witness it is one."""
    page = drawn(DOUBTFUL, vertical=vertical)
    alone = told(page)
    assert not any(set(article.get("title", "")) == {"K"} for article in alone)
    with_witness = told(page, seen(page, AreaKind.HEADLINE, "K"))
    assert [a["title"] for a in with_witness] == ["H", "K"]
    assert [a["body"] for a in with_witness] == ["ab", "cd"]


@BOTH
def test_running_text_is_no_headline_whatever_is_said(vertical: bool) -> None:
    """A model that takes columns, rows and headings in type of the text for headlines is wrong."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa          cccccc
        aaaaaaaaaaaaaaaa。            bbbbbbbbbbbbbbbbbbbb
            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbb。
        """,
        vertical=vertical,
    )
    lies = [seen(page, AreaKind.HEADLINE, letter) for letter in "abc"]
    assert told(page, *lies) == told(page)


def test_a_caption_beside_its_picture() -> None:
    """Under a picture it is known by its place; beside one the witness says so."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  %%%%%%%%%%%%%%%%
        aaaaaaaaaaaaaaaaaaaaaaaa  %%%%%%%%%%%%%%%%
        aaaaaaaaaaaaaaaaaaaaaaaa  %%%%%%%%%%%%%%%%  cccccc
        aaaaaaaaaaaaaaaaaaaaaaaa  %%%%%%%%%%%%%%%%  cccccc
        aaaaaaaaaaaaaaaaaaaaaaaa  %%%%%%%%%%%%%%%%
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbb。
        """
    )
    caption = (RegionKind.CAPTION, "c")
    assert caption not in page.furniture(arranged(page))
    assert caption in page.furniture(arranged(page, seen(page, AreaKind.CAPTION, "c")))
    assert told(page, seen(page, AreaKind.CAPTION, "c")) == [{"title": "H", "body": "ab"}]


TABLE = """
<HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

    aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbb。

  cccccccccc  dddddddddddd  eeeeeeeee
  ffffff      gggggggggggg  hhhhhhhhhhhhhhhh
  iiiiiiii    jjjjjjjj      kkkkkkkkkkkk
"""


def test_a_table_without_rules() -> None:
    """Its cells are read row by row, and are no part of the article above."""
    page = drawn(TABLE)
    assert (RegionKind.TABLE, "cdefghijk") not in page.furniture(arranged(page))
    found = arranged(page, seen(page, AreaKind.TABLE, "cdefghijk"))
    assert page.furniture(found) == [(RegionKind.TABLE, "cdefghijk")]
    assert page.articles(found) == [{"title": "H", "body": "ab"}]


def test_columns_of_text_are_no_table() -> None:
    """Rows side by side, but they make sentences."""
    page = drawn(TABLE)
    assert told(page, seen(page, AreaKind.TABLE, "ab")) == told(page)


FOOT = (
    """
<HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

    aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
"""
    + 20
    * """\
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
"""
    + """\
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbb。


ffffffffff
"""
)


def test_a_lone_line_at_the_foot() -> None:
    """Without words that tell, only the witness knows it for furniture; text above is none."""
    page = drawn(FOOT)
    words = (RegionKind.MASTHEAD, "f")
    assert words not in page.furniture(arranged(page))
    assert words in page.furniture(arranged(page, seen(page, AreaKind.FURNITURE, "f")))
    lies = [seen(page, AreaKind.FURNITURE, letter) for letter in "Hab"]
    assert told(page, *lies) == told(page)


def boxes(page: Drawn) -> st.SearchStrategy[Box]:
    """Areas anywhere on a page and beyond it."""
    x, y = (st.floats(-50, side + 50, width=32) for side in (page.image.width, page.image.height))
    return st.builds(lambda a, b, c, d: Box(min(a, c), min(b, d), max(a, c), max(b, d)), x, y, x, y)


PAGES = [drawn(DOUBTFUL), drawn(TABLE), drawn(FOOT), drawn(DOUBTFUL, vertical=True)]


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_is_lost_whatever_is_said(data: st.DataObject) -> None:
    """Every line lands somewhere, once, and the order is one of all regions.

    As articles a page loses by lies at most the rows that could be headlines, cells, captions or
    furniture; on these pages that is never a line with a sentence's end.
    """
    page = data.draw(st.sampled_from(PAGES))
    kinds = st.sampled_from(list(AreaKind))
    said = data.draw(
        st.lists(st.builds(LayoutPrediction, boxes(page), kinds, st.floats(0, 1)), max_size=12)
    )
    found = arranged(page, *said)
    placed = Counter(line.id for region in found.regions for line in region.lines)
    placed += Counter(line.id for line in found.unplaced)
    assert placed == Counter(line.id for line in page.detection.lines)
    assert sorted(found.reading_order) == sorted(region.id for region in found.regions)
    told_by = {line.id for region in found.regions if region.article for line in region.lines}
    ends = {line.id for line in page.detection.lines if line.text.endswith("。")}
    assert ends <= told_by


def test_a_model_that_takes_everything_for_a_picture_changes_nothing() -> None:
    """What layout takes for pictures is what detection found; the model is heard there."""
    page = drawn(DOUBTFUL)
    lies = [LayoutPrediction(x.box.grown(2), AreaKind.PICTURE, 1.0) for x in page.detection.lines]
    assert arranged(page, *lies) == arranged(page)
