"""Edits of a page's structure as they come in, and the decisions that they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from newspage.decision import AFTER, BEFORE, Act, Anchor
from newspage.model import PageRecord, RegionKind, TextLine
from newspage.review.service.page_anchors import anchor_boxes
from newspage.review.service.request_errors import RequestError, StaleError, UnknownError
from newspage.review.service.structure_view import hash_structure

StructureAct = Literal["kind", "merge", "split", "place", "cut", "fuse"]

MOST_LINES = 2_000
"""Lines that one edit can be about. Judgement: a broadsheet page has fewer."""


@dataclass(frozen=True, slots=True)
class StructureEdit:
    """Regions or articles of a page arranged otherwise; see `newspage.decision.Act`."""

    stem: str
    """Name of the page."""
    act: StructureAct
    lines: tuple[str, ...]
    """Ids of the lines that it is about. To merge articles: any line of the second one."""
    seen: str
    """Hash of the page's structure as the person saw it."""
    beside: str = ""
    """Id of the line that they go beside, or whose region or article they go into."""
    text: str = ""
    """The kind; or `before` or `after`."""


@dataclass(frozen=True, slots=True)
class StructureChange:
    """An edit with its places on the scan, ready to be a decision."""

    act: Act
    anchor: Anchor
    target: Anchor | None
    text: str


def anchor_structure_edit(edit: StructureEdit, record: PageRecord) -> StructureChange:
    """Return an edit with its places on the scan.

    Raises StaleError where the person saw another structure, UnknownError for lines that are not
    there, RequestError for an edit that makes no sense.
    """
    if hash_structure(record) != edit.seen:
        raise StaleError("changed-meanwhile")
    act = Act(edit.act)
    lines = _find_lines(record, edit.lines)
    two_places = act in (Act.MERGE, Act.PLACE, Act.FUSE)
    beside = _find_lines(record, [edit.beside]) if two_places else []
    if act is Act.KIND and edit.text not in set(RegionKind):
        raise RequestError("kind-unknown")
    if act is Act.PLACE and edit.text not in (BEFORE, AFTER):
        raise RequestError("place-unclear")
    if act is Act.MERGE:
        lines, beside = (_list_article_lines(record, some[0]) for some in (lines, beside))
    text = edit.text if act in (Act.KIND, Act.PLACE) else ""
    target = _anchor_lines(record, beside) if beside else None
    return StructureChange(act, _anchor_lines(record, lines), target, text)


def _find_lines(record: PageRecord, names: Iterable[str]) -> list[TextLine]:
    """Return the lines of some ids, in reading order. Raises UnknownError."""
    wanted = set(names)
    by_id = {region.id: region for region in record.page.regions}
    ordered = (line for name in record.page.reading_order for line in by_id[name].lines)
    found = [line for line in ordered if line.id in wanted]
    if not found or len(found) < len(wanted) or len(found) > MOST_LINES:
        raise UnknownError("line-gone")
    return found


def _list_article_lines(record: PageRecord, line: TextLine) -> list[TextLine]:
    """Return the lines of the article that a line is in. Raises UnknownError where it is in none.

    The line is known by its id.
    """
    owners = (r.article for r in record.page.regions if line.id in {one.id for one in r.lines})
    article = next(owners, None)
    if article is None:
        raise UnknownError("article-unknown")
    return [one for r in record.page.regions if r.article == article for one in r.lines]


def _anchor_lines(record: PageRecord, lines: list[TextLine]) -> Anchor:
    """Return the place of some lines, with the beginning of their text."""
    text = "".join(line.text for line in lines)
    return anchor_boxes(record, tuple(line.box for line in lines), text)
