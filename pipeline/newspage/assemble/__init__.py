"""From regions in reading order to articles: headline, byline, paragraphs, and their joins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newspage.assemble.paragraphs import BodyRow, ParagraphFlow, collect_body_rows, split_paragraphs
from newspage.assemble.punctuation import normalise_punctuation
from newspage.chinese import JUMP_FROM, JUMP_TO, parse_page_number
from newspage.config import AssembleConfig
from newspage.counting import count_in_words
from newspage.model import (
    FURNITURE_KINDS,
    ArticleRecord,
    Char,
    Chars,
    Furniture,
    Join,
    PageLayout,
    Paragraph,
    Problem,
    Region,
    RegionKind,
    TextLine,
)
from newspage.spacing import find_space_between

__all__ = ["AssembledText", "assemble_articles"]

BLANK = 1.75
"""Times the size of the type. Ideographs whose middles are further apart have a blank between them:
their own pitch is about one, with a blank about two. Judgement."""


@dataclass(frozen=True, slots=True)
class AssembledText:
    """The text of a page, put together."""

    articles: tuple[ArticleRecord, ...]
    furniture: tuple[Furniture, ...]
    joins: tuple[Join, ...]
    problems: tuple[Problem, ...]


def assemble_articles(
    page: PageLayout, config: AssembleConfig, verbatim: bool = False
) -> AssembledText:
    """Return the articles of a page, its furniture, and every join over a gap.

    A join is the decision whether a paragraph goes on over the end of a column or block.

    Args:
        page: The layout of the page; its lines were read.
        config: The settings.
        verbatim: Whether every line stays as it is: no blank is put in where the print has a wide
            gap, and no mark gets the width that print has, as it does in what recognisers read.
    """
    by_id = {region.id: region for region in page.regions}
    ordered = [by_id[i] for i in page.reading_order]
    articles: list[ArticleRecord] = []
    joins: list[Join] = []
    for key in dict.fromkeys(r.article for r in ordered if r.article):
        own = [r for r in ordered if r.article == key]
        article, made = _article(key, own, len(joins), verbatim)
        articles.append(article)
        joins += made
    furniture = [
        Furniture(r.kind, r.id, _lined(r.lines, verbatim))
        for r in ordered
        if r.kind in FURNITURE_KINDS and r.text.strip()
    ]
    return AssembledText(tuple(articles), tuple(furniture), tuple(joins), _problems(page))


def _problems(page: PageLayout) -> tuple[Problem, ...]:
    """Return what a person has to know of a page: that it is empty, or lines that have no place."""
    if not page.regions and not page.unplaced:
        return (Problem("page", "No text was found on this page."),)
    if page.unplaced:
        return (
            Problem("page", f"{count_in_words(len(page.unplaced), 'line')} could not be placed."),
        )
    return ()


def _article(
    key: str, regions: Sequence[Region], joins_before: int, verbatim: bool
) -> tuple[ArticleRecord, list[Join]]:
    """Return an article made of its regions, and the joins of its paragraphs.

    Args:
        key: Identifier of the article.
        regions: Its regions in reading order.
        joins_before: Joins of the page so far; the new ones are numbered from there.
        verbatim: Whether lines stay as they are.
    """

    def chars(kind: RegionKind) -> Chars:
        lines = [line for r in regions if r.kind is kind for line in r.lines]
        return _finish(_set(lines, verbatim), verbatim)

    flow = _flow(regions, joins_before)
    jumps = [r.text for r in regions if r.kind is RegionKind.JUMP]
    return ArticleRecord(
        id=key,
        kicker=chars(RegionKind.KICKER),
        title=chars(RegionKind.TITLE),
        deck=chars(RegionKind.DECK),
        byline=chars(RegionKind.BYLINE),
        paragraphs=tuple(Paragraph(_finish(p, verbatim)) for p in flow.paragraphs if p),
        regions=tuple(r.id for r in regions),
        continues=next((n for t in jumps if (n := _page(JUMP_TO.match(t)))), None),
        continued_from=next((n for t in jumps if (n := _page(JUMP_FROM.match(t)))), None),
    ), list(flow.joins)


def _page(match: object) -> str | None:
    """Return the page number that a "continued" line names, None where there is no such line."""
    return parse_page_number(match.group(1)) if match is not None else None  # type: ignore[attr-defined]


def _flow(regions: Sequence[Region], joins_before: int) -> ParagraphFlow:
    """Return the body regions of an article as paragraphs with their joins."""
    bodies = [r for r in regions if r.kind is RegionKind.BODY]
    rows: list[BodyRow] = collect_body_rows(bodies)
    return split_paragraphs(rows, joins_before)


def _finish(chars: Chars, verbatim: bool) -> Chars:
    """Return a text with the marks that print has, or as it is."""
    return chars if verbatim else normalise_punctuation(chars)


def _set(lines: Iterable[TextLine], verbatim: bool) -> Chars:
    """Return the glyphs of lines in one string, with the blanks between words and Latin lines."""
    out: list[Char] = []
    for line in lines:
        glyphs = _list_glyphs(line) if verbatim else insert_spaces(line)
        out += [*find_space_between(out, glyphs), *glyphs]
    return tuple(out)


def _list_glyphs(line: TextLine) -> list[Char]:
    """Return the glyphs of a line, nothing else."""
    return [Char(glyph.text, line.id, i) for i, glyph in enumerate(line.glyphs)]


def insert_spaces(line: TextLine) -> list[Char]:
    """Return the glyphs of a line, with a blank in every wide gap between two ideographs."""
    axis = 1 if line.vertical else 0
    out: list[Char] = []
    thickness = min(line.box.width, line.box.height)
    for i, glyph in enumerate(line.glyphs):
        if out and i and not glyph.text.isspace() and not out[-1].text.isspace():
            before = line.glyphs[i - 1]
            apart = abs(glyph.box.center[axis] - before.box.center[axis])
            if (
                apart > BLANK * (line.size or thickness)
                and _ideograph(before.text)
                and _ideograph(glyph.text)
            ):
                out.append(Char(" ", line.id, i - 1))
        out.append(Char(glyph.text, line.id, i))
    return out


def _ideograph(text: str) -> bool:
    """Tell whether a text is a Chinese character."""
    return "\u3400" <= text <= "\u9fff"


def _lined(lines: Sequence[TextLine], verbatim: bool) -> Chars:
    """Return the text of furniture, with a line break between its lines."""
    out: list[Char] = []
    for line in lines:
        glyphs = _list_glyphs(line) if verbatim else insert_spaces(line)
        if out and glyphs:
            out.append(Char("\n", out[-1].line, out[-1].glyph))
        out += glyphs
    return _finish(tuple(out), verbatim)
