"""Exports: what people read, and the picture of what was found."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from newspage.formats.picture import draw_page
from newspage.formats.plain_text import render_article_markdown, render_markdown, render_text
from newspage.geometry import Box
from newspage.model import (
    ArticlePart,
    ArticleRecord,
    Furniture,
    PageRecord,
    Paragraph,
    RegionKind,
    Scan,
    Separator,
)
from tests.decided_pages import read_otherwise
from tests.fakes import chars_of, line_of, record_of

SCAN = Scan(Path("a.png"), "", 400, 300)


def article(*paragraphs: str, **head: str) -> ArticleRecord:
    """An article with some of kicker, title, deck and byline."""
    bare = ArticleRecord(
        "a1", paragraphs=tuple(Paragraph(chars_of(line_of(p))) for p in paragraphs)
    )
    changes: dict[str, Any] = {name: chars_of(line_of(text)) for name, text in head.items()}
    return replace(bare, **changes)


def test_text_has_head_paragraphs_and_breaks() -> None:
    """A blank line between paragraphs, a line of stars between articles."""
    one = article("甲。", "乙。", kicker="肩", title="题", deck="副", byline="记者")
    assert (
        render_text([one, article("丙。")]) == "肩\n题\n副\n记者\n\n甲。\n\n乙。\n\n* * *\n\n丙。\n"
    )


def test_text_of_nothing_is_empty() -> None:
    """A page without text gives an empty file, an empty article no break."""
    assert render_text([]).strip() == ""
    assert render_text([article(), article("甲。")]) == "甲。\n"


@pytest.mark.parametrize("mark", ["\n", "\r", "\x0b", "\u2028", "\u2029", "\x85", "\x00"])
def test_a_line_stays_a_line(mark: str) -> None:
    """Whatever the recogniser made of a speck."""
    text = render_text([article(f"甲{mark}{mark}* * *{mark}乙")])
    assert text.count("\n") == 1


def words(markdown: str) -> tuple[str, set[str]]:
    """The text of a Markdown document as it is shown, and the kinds of its marks."""

    def walk(tokens: list[Token]) -> None:
        for token in tokens:
            if token.type == "text":
                shown.append(token.content)
            elif token.type not in ("inline", "paragraph_open", "paragraph_close"):
                kinds.add(token.type)
            walk(token.children or [])

    shown: list[str] = []
    kinds: set[str] = set()
    walk(MarkdownIt("gfm-like", {"linkify": False}).parse(markdown))
    return "".join(shown), kinds


HOSTILE = [
    "<script>alert(1)</script>",
    "![x](http://evil/x.png)",
    "[x](javascript:alert(1))",
    "# 标题",
    "1. 一",
    "1) 一",
    "- 一",
    "+ 一",
    "> 引",
    "***",
    "---",
    "===",
    "~~~",
    "~删~",
    "```sh",
    "`x`",
    "|a|b|",
    "&lt;b&gt;",
    "a\\*b",
    "**粗**",
    "_斜_",
    "<http://x>",
    "    code",
    "$x$",
    "\\",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_hostile_text_as_text(text: str) -> None:
    """Nothing on a page becomes markup, a link or HTML."""
    shown, kinds = words(render_article_markdown(article(text)).partition("\n\n")[2])
    assert shown == text.strip()
    assert kinds == set()


@given(st.text(st.sampled_from("*_`[]()#+-.!|<>&~^$:=\\/{}\"'1aw@人 "), max_size=12))
def test_markdown_shows_any_text_as_text(text: str) -> None:
    """The same for whatever can be put together of marks."""
    shown, kinds = words(render_article_markdown(article(f"人{text}")).partition("\n\n")[2])
    assert shown == f"人{text}".strip()
    assert kinds == set()
    shown, kinds = words(render_article_markdown(article(text)).partition("\n\n")[2])
    assert kinds == set()


@pytest.mark.parametrize(
    "text",
    ["电话0719-6699012.", "Call 0719-6699012. Ask", "于2019.", "(in 1898) they", "好!", "3+5"],
)
def test_markdown_of_what_is_no_markup_is_the_text_itself(text: str) -> None:
    """No backslash stands in it for nothing."""
    assert text in render_article_markdown(article(text))


@pytest.mark.parametrize("text", ["1. 修桥", "12) 修桥", "123456789.", "+ 修桥", "- 修桥"])
def test_markdown_makes_no_list(text: str) -> None:
    """A paragraph that begins with a number or a dash stays one."""
    made = render_article_markdown(article(text)).splitlines()[-1]
    assert MarkdownIt().render(made) == f"<p>{text}</p>\n"


def test_links_are_not_made() -> None:
    """An address on the page is no link, not even for renderers that look for them."""
    text = render_article_markdown(article("见 http://a.cn 和 www.b.cn 与 a@b.cn"))
    assert "http://" not in text
    assert "www." not in text
    assert "a@b" not in text


def test_markdown_holds_all_of_a_page() -> None:
    """Articles with their heads and jumps, furniture, and what fits nowhere."""
    record = record_of(SCAN, "正文。", "标题", continues="3", continued_from="1")
    part = ArticlePart("x/p3", "a1", "3")
    record = replace(
        record,
        articles=(replace(record.articles[0], next_part=part),),
        furniture=(Furniture(RegionKind.FOLIO, "r9", chars_of(line_of("02版"))),),
        page=replace(record.page, unplaced=(line_of("迷路的行"),)),
    )
    text = render_markdown(record)
    for piece in ("## 标题", "正文。", "page 3: x/p3.md", "from page 1", "02版", "迷路的行"):
        assert piece in text
    assert "## Untitled" in render_markdown(record_of(SCAN, "正文。"))


def colors(record: PageRecord, box: tuple[int, int, int, int]) -> set[tuple[int, int, int]]:
    """Colours of a part of the picture of a record, the scan being white."""
    pixels = np.full((SCAN.height, SCAN.width), 255, np.uint8)
    picture = Image.open(io.BytesIO(draw_page(pixels, record)))
    part = np.asarray(picture.crop(box)).reshape(-1, 3)
    return {(int(r), int(g), int(b)) for r, g, b in part}


def test_the_picture_is_the_scan_with_a_legend() -> None:
    """As high as the scan, the legend to the right of it."""
    pixels = np.full((SCAN.height, SCAN.width), 255, np.uint8)
    picture = Image.open(io.BytesIO(draw_page(pixels, record_of(SCAN, "正文。", "题"))))
    assert picture.height == SCAN.height
    assert picture.width > SCAN.width
    small = Image.open(io.BytesIO(draw_page(pixels, record_of(SCAN, "正文。"), height=100)))
    assert small.height == 100


def test_regions_are_drawn_where_they_are() -> None:
    """Inside a region there is colour, elsewhere paper."""
    record = record_of(SCAN, "正文在这里排成一行", "")
    assert len(colors(record, (20, 21, 60, 29))) > 1
    assert colors(record, (300, 200, 380, 290)) == {(255, 255, 255)}


def test_everything_can_be_drawn() -> None:
    """Rules, frames, pictures, unplaced lines, a turned outline, a page with nothing."""
    record = record_of(SCAN, "正文", "题")
    first = record.page.regions[0]
    turned = replace(first, polygon=((10, 0), (60, 5), (55, 20), (5, 15)))
    page = replace(
        record.page,
        regions=(turned, *record.page.regions[1:]),
        separators=(Separator(Box(100, 10, 101, 90), vertical=True),),
        frames=(Box(110, 10, 160, 90),),
        pictures=(Box(170, 10, 240, 90),),
        unplaced=(line_of("迷", "l9", 150.0),),
    )
    full = colors(read_otherwise(record, page=page), (0, 0, 400, 300))
    assert any(r > 200 and g < 150 and b > 150 for r, g, b in full)
    empty = read_otherwise(record, page=replace(page, regions=(), reading_order=()), articles=())
    assert len(colors(empty, (0, 0, 400, 300))) > 1
