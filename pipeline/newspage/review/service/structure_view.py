"""The structure of a page as the review service shows it: which lines each part is printed on."""

from collections.abc import Iterator
from dataclasses import dataclass

from newspage.edits import flatten_article
from newspage.model import ArticleRecord, PageRecord
from newspage.review.service.continuations import begins
from newspage.review.service.view_rows import box_to_quad, hash_values
from newspage.review.service.views import Quad


@dataclass(frozen=True, slots=True)
class StructureLine:
    """A printed line that is in a region."""

    id: str
    text: str
    box: Quad


@dataclass(frozen=True, slots=True)
class StructureRegion:
    """A region with its lines, in reading order."""

    id: str
    kind: str
    article: str | None
    lines: tuple[StructureLine, ...]


@dataclass(frozen=True, slots=True)
class StructureArticle:
    """An article, and on which lines each of its parts is printed."""

    id: str
    title: str
    """Its headline, or how it begins."""
    parts: tuple[tuple[str, ...], ...]
    """Of each part that a page view has of it, the ids of the lines whose text begins in it."""


@dataclass(frozen=True, slots=True)
class StructureView:
    """The structure of a page."""

    seen: str
    """Hash of the structure; goes back with an edit of it."""
    regions: tuple[StructureRegion, ...]
    """In reading order."""
    articles: tuple[StructureArticle, ...]


def make_structure_view(record: PageRecord) -> StructureView:
    """Return the structure of a page, decisions included."""
    by_id = {region.id: region for region in record.page.regions}
    return StructureView(
        seen=hash_structure(record),
        regions=tuple(
            StructureRegion(
                region.id,
                region.kind.value,
                region.article,
                tuple(
                    StructureLine(line.id, line.text, box_to_quad(line.box))
                    for line in region.lines
                ),
            )
            for region in (by_id[name] for name in record.page.reading_order)
        ),
        articles=tuple(
            StructureArticle(article.id, begins(article), tuple(_part_lines(article)))
            for article in record.articles
        ),
    )


def hash_structure(record: PageRecord) -> str:
    """Return the hash of the regions and articles of a page, which tells what a person saw."""
    by_id = {region.id: region for region in record.page.regions}
    regions = (by_id[name] for name in record.page.reading_order)
    return hash_values(
        record.page.scan.sha256,
        *(
            (r.id, r.kind.value, r.article, *((line.id, line.text) for line in r.lines))
            for r in regions
        ),
        *((article.id, article.regions) for article in record.articles),
    )


def _part_lines(article: ArticleRecord) -> Iterator[tuple[str, ...]]:
    """Yield the lines that begin in each part of an article, in the order of its text."""
    text = flatten_article(article)
    before: set[str] = set()
    for block in text.blocks:
        lines = dict.fromkeys(c.line for c in text.chars[block.start : block.end] if c.line)
        yield tuple(line for line in lines if line not in before)
        before |= lines.keys()
