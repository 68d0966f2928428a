"""Edits by hand: text, joins, the order of articles, the article of a region, sign-offs."""

from collections.abc import Callable
from dataclasses import replace

from newspage.decision import BREAK, LINKS, Act, Anchor, Decision
from newspage.decisions import (
    HAND,
    JOIN,
    TYPED,
    GlyphIndex,
    anchor_line,
    find_body_start,
    find_last_line,
    find_text_between,
    flatten_furniture_piece,
    read_furniture_before_corrections,
    read_texts_before_corrections,
    rewrite_span,
    write_between_lines,
)
from newspage.edits import FlatText, flatten_article, locate_line_texts
from newspage.issues import make_issue_name
from newspage.model import ArticleRecord, Furniture, PageRecord, Region, join_chars
from newspage.output import PageWriter
from newspage.review.service.answers import (
    accept_typed_text,
    check_reviewer_name,
    check_text_length,
    format_now,
    make_uid,
)
from newspage.review.service.continuations import ArticleSide, ContinuationFinder
from newspage.review.service.join_view import hash_article_text, map_lines_to_articles
from newspage.review.service.output_updater import OutputUpdater
from newspage.review.service.page_anchors import anchor_boxes
from newspage.review.service.page_edits import (
    ArticleLink,
    ArticleMove,
    JoinEdit,
    PageEdit,
    RegionMove,
    Signature,
    SignOff,
    TextEdit,
    TypedLine,
    find_edited_article,
)
from newspage.review.service.request_errors import RequestError, StaleError, UnknownError
from newspage.review.service.views import Receipt
from newspage.store import ConflictError, OutputStore, PageState, list_scans_of

_TRIES = 5
"""Attempts while others decide on the same page. Judgement, not measured."""

Page = Callable[[str], tuple[PageState, PageRecord]]
"""Returns state and record of a page by its stem, decisions included. Raises UnknownError."""


class EditRecorder:
    """Records edits by hand, each only if the person saw the text that is there now."""

    def __init__(
        self,
        store: OutputStore,
        writer: PageWriter,
        updater: OutputUpdater,
        page: Page,
        continuations: ContinuationFinder,
    ) -> None:
        self._store = store
        self._writer = writer
        self._updater = updater
        self._page = page
        self._continuations = continuations

    def record_edit(self, edit: PageEdit, by: Signature) -> Receipt:
        """Record an edit, decided anew where another decision on the page came in between.

        See `ReviewService.record_edit`.
        """
        if by.key and (known := self._store.decisions.sent_as(by.key)):
            return self._receipt(edit.stem, known[0].decision, find_edited_article(edit))
        for _ in range(_TRIES):
            state, record = self._page(edit.stem)
            decision, article = self._decide(edit, state, record, by.reviewer)
            if by.key:
                decision = replace(decision, uid=by.key)
            try:
                self._store.decisions.append_decisions(
                    [(decision, None)], last=(state.scan, state.mark)
                )
            except ConflictError:
                continue
            pages = self._store.pages.list_showing(list_scans_of(decision))
            if decision.act in LINKS:
                self._updater.schedule_relinking(pages)
            else:
                self._updater.schedule_pages(pages)
            return self._receipt(edit.stem, decision, article)
        raise StaleError("changed-meanwhile")

    def _decide(
        self, edit: PageEdit, state: PageState, record: PageRecord, reviewer: str
    ) -> tuple[Decision, str]:
        """Return the decision that an edit means for the page as it is now.

        With it comes the id of the article that the receipt is about; empty: none. Raises what
        forbids the edit.
        """
        match edit:
            case TextEdit():
                return self._decide_text(edit, state, record, reviewer), edit.article
            case TypedLine():
                return self._decide_line(edit, state, record, reviewer)
            case JoinEdit():
                return self._decide_join(edit, state, record, reviewer)
            case ArticleLink():
                return self._decide_link(edit, state, record, reviewer), edit.before[1]
            case ArticleMove():
                return _decide_order(edit, state, record, reviewer), edit.article
            case RegionMove():
                return _decide_region(edit, state, record, reviewer), ""
            case SignOff():
                place = anchor_boxes(record, (), "")
                return _decision(Act.SIGN, state, place, reviewer, ""), ""

    def _decide_text(
        self, edit: TextEdit, state: PageState, record: PageRecord, reviewer: str
    ) -> Decision:
        """Return the decision that changes the text of an article or a piece of furniture."""
        if (piece := _furniture(record, edit.article)) is not None:
            return self._decide_furniture(edit, state, record, piece, reviewer)
        found = _article_as_seen(record, edit.article, edit.seen)
        span = edit.start, edit.end
        clean = flatten_article(found).string
        if not 0 <= edit.start <= edit.end <= len(clean):
            raise UnknownError("article-place-unknown")
        wanted = accept_typed_text(edit.text)
        if clean[slice(*span)] == wanted:
            raise RequestError("change-empty")
        read = self._read(state, record, edit.article)
        change = rewrite_span(record, read, found, span, wanted)
        whole = check_text_length(change.text)
        return _decision(Act.WRITE, state, change.anchor, reviewer, edit.seen, HAND, whole)

    def _decide_line(
        self, edit: TypedLine, state: PageState, record: PageRecord, reviewer: str
    ) -> tuple[Decision, str]:
        """Return the decision that a printed line reads so, and the article of the line.

        A line that stays as it is was looked at all the same: its decision holds its whole text.
        """
        span = locate_line_texts(record).get(edit.line)
        if span is None:
            raise UnknownError("line-gone")
        wanted = accept_typed_text(edit.text).strip()
        if span.text != edit.seen:
            raise StaleError("changed-meanwhile")
        if not wanted or BREAK in wanted:
            raise RequestError("change-empty")
        read = self._read(state, record, span.article)
        found = _article(record, span.article)
        place = span.start, span.end
        change = rewrite_span(record, read, found, place, wanted, whole=True)
        text = check_text_length(change.text)
        return _decision(Act.WRITE, state, change.anchor, reviewer, "", TYPED, text), span.article

    def _decide_furniture(
        self,
        edit: TextEdit,
        state: PageState,
        record: PageRecord,
        piece: Furniture,
        reviewer: str,
    ) -> Decision:
        """Return the decision that changes a span of a piece of furniture.

        The decision holds the whole text of the piece. Raises StaleError, UnknownError and
        RequestError.
        """
        clean = flatten_furniture_piece(piece)
        if hash_article_text(clean) != edit.seen:
            raise StaleError("changed-meanwhile")
        start, end = edit.start, edit.end
        if not 0 <= start <= end <= len(clean.string):
            raise UnknownError("article-place-unknown")
        wanted = clean.string[:start] + accept_typed_text(edit.text) + clean.string[end:]
        if wanted == clean.string:
            raise RequestError("change-empty")
        decisions, _ = self._writer.decisions_on(state)
        found = (
            f
            for f in read_furniture_before_corrections(record, decisions)
            if f.region == piece.region
        )
        read = flatten_furniture_piece(next(found, piece))
        anchor = GlyphIndex.from_page(record.page).make_anchor(read, (0, len(read.string)))
        whole = check_text_length(wanted)
        return _decision(Act.WRITE, state, anchor, reviewer, edit.seen, HAND, whole)

    def _decide_join(
        self, edit: JoinEdit, state: PageState, record: PageRecord, reviewer: str
    ) -> tuple[Decision, str]:
        """Return the decision whether text goes on over a join, and the article of the join."""
        found = next((j for j in record.joins if j.id == edit.join), None)
        article = map_lines_to_articles(record.articles).get(found.before, "") if found else ""
        if found is None or not article:
            raise UnknownError("join-unknown")
        _article_as_seen(record, article, edit.seen)
        read = self._read(state, record, article)
        anchor = find_text_between(record, read, found.before, found.after)
        if anchor is None:
            raise UnknownError("join-gone")
        text = write_between_lines(anchor, edit.joined)
        return _decision(Act.WRITE, state, anchor, reviewer, edit.seen, JOIN, text), article

    def _decide_link(
        self, edit: ArticleLink, state: PageState, record: PageRecord, reviewer: str
    ) -> Decision:
        """Return the decision whether an article goes on in another one."""
        before, after = edit.before, edit.after
        other = record if after[0] == before[0] else self._page(after[0])[1]
        one = ArticleSide(before[0], record, _article(record, before[1]))
        two = ArticleSide(after[0], other, _article(other, after[1]))
        if not self._of_one_issue(state, after[0]) or before == after:
            raise RequestError("link-leaves-issue")
        if self._continuations.hash_ends(one, two) != edit.seen:
            raise StaleError("changed-meanwhile")
        leaves, comes = find_last_line(record, one.article), find_body_start(other, two.article)
        if leaves is None or comes is None:
            raise UnknownError("article-text-unknown")
        act = Act.UNLINK if edit.how == "apart" else Act.LINK
        text = BREAK if edit.how == "paragraph" else ""
        place, target = anchor_line(record, leaves), anchor_line(other, comes)
        return _decision(act, state, place, reviewer, edit.seen, "", text, target)

    def _of_one_issue(self, state: PageState, stem: str) -> bool:
        """Tell whether two pages are known to be of one issue."""
        other = self._store.pages.find_named(stem)
        keys = [state.key, *([other.key] if other else [])]
        rows = [self._store.find_scan(key) for key in keys]
        names = {make_issue_name(row.publication) if row else "" for row in rows}
        return other is not None and len(names) == 1 and "" not in names

    def _read(self, state: PageState, record: PageRecord, article: str) -> FlatText:
        """Return an article's text as it was read, before corrections."""
        decisions, _ = self._writer.decisions_on(state)
        return read_texts_before_corrections(record, decisions)[article]

    def _receipt(self, stem: str, decision: Decision, article: str) -> Receipt:
        """Return the receipt of a decision, with the hash of the article as it is now."""
        _, record = self._page(stem)
        found = next((a for a in record.articles if a.id == article), None)
        piece = _furniture(record, article)
        seen = hash_article_text(flatten_article(found)) if found else ""
        if piece is not None:
            seen = hash_article_text(flatten_furniture_piece(piece))
        return Receipt(decision.uid, None, decision.act.value, seen)


def _decide_order(
    edit: ArticleMove, state: PageState, record: PageRecord, reviewer: str
) -> Decision:
    """Return the decision that an article comes right before another one, or last."""
    moved = _article_as_seen(record, edit.article, edit.seen)
    target = _article(record, edit.before) if edit.before is not None else None
    if target is moved:
        raise RequestError("article-before-itself")
    place = _article_anchor(record, moved)
    before = _article_anchor(record, target) if target else None
    return _decision(Act.ORDER, state, place, reviewer, edit.seen, target=before)


def _decide_region(
    edit: RegionMove, state: PageState, record: PageRecord, reviewer: str
) -> Decision:
    """Return the decision that a region follows another in its article, or is one itself."""
    moved = _region(record, edit.region)
    if moved.article is not None:
        _article_as_seen(record, moved.article, edit.seen)
    target = _region(record, edit.after) if edit.after is not None else None
    if target is moved or (target and target.article is None):
        raise RequestError("region-target-unfit")
    place = _region_anchor(record, moved)
    after = _region_anchor(record, target) if target else None
    return _decision(Act.ASSIGN, state, place, reviewer, edit.seen, target=after)


def _decision(
    act: Act,
    state: PageState,
    anchor: Anchor,
    reviewer: str,
    seen: str,
    rule: str = "",
    text: str = "",
    target: Anchor | None = None,
) -> Decision:
    """Return a decision of a person on a page, made now."""
    return Decision(
        uid=make_uid(),
        at=format_now(),
        reviewer=check_reviewer_name(reviewer),
        act=act,
        anchor=anchor,
        file=state.key.path,
        rule=rule,
        text=text,
        target=target,
        seen=seen,
    )


def _article(record: PageRecord, name: str) -> ArticleRecord:
    """Return the article with an id. Raises UnknownError."""
    found = next((a for a in record.articles if a.id == name), None)
    if found is None:
        raise UnknownError("article-unknown")
    return found


def _furniture(record: PageRecord, region: str) -> Furniture | None:
    """Return the piece of furniture in a region, if there is one."""
    return next((f for f in record.furniture if f.region == region), None)


def _article_as_seen(record: PageRecord, name: str, seen: str) -> ArticleRecord:
    """Return the article with an id. Raises StaleError where the person saw another text."""
    article = _article(record, name)
    if hash_article_text(flatten_article(article)) != seen:
        raise StaleError("changed-meanwhile")
    return article


def _region(record: PageRecord, name: str) -> Region:
    """Return the region with an id. Raises UnknownError."""
    found = next((r for r in record.page.regions if r.id == name), None)
    if found is None:
        raise UnknownError("region-unknown")
    return found


def _region_anchor(record: PageRecord, region: Region) -> Anchor:
    """Return the anchor of a region."""
    return anchor_boxes(record, (region.box,), region.text)


def _article_anchor(record: PageRecord, article: ArticleRecord) -> Anchor:
    """Return the anchor of an article: the boxes of its regions, and how it begins."""
    boxes = {region.id: region.box for region in record.page.regions}
    title = join_chars(article.title) or "".join(p.text for p in article.paragraphs)
    return anchor_boxes(record, tuple(boxes[r] for r in article.regions if r in boxes), title)
