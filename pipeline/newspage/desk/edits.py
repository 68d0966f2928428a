"""Changes by hand: text, joins, the order of articles, the article of a region, sign-offs."""

from collections.abc import Callable
from dataclasses import replace

from newspage.correct.text import Text, text_of
from newspage.decide import furniture_read, texts_read
from newspage.decide.claims import HAND, JOIN
from newspage.decide.ends import end_anchor, first_line, last_line
from newspage.decide.furniture import furniture_text
from newspage.decide.places import Glyphs
from newspage.decide.rewrite import between, joining_text, rewritten
from newspage.decision import BREAK, LINKS, Act, Anchor, Decision
from newspage.desk.answers import (
    bounded_text,
    new_uid,
    now,
    person_named,
    stale,
    typed_text,
    unknown,
)
from newspage.desk.continued import Continued, Side
from newspage.desk.follow import Follower
from newspage.desk.join_view import article_of_lines, article_seen
from newspage.desk.views import Meeting, Receipt
from newspage.errors import UsageError
from newspage.geometry import Box
from newspage.issues import Key, issue_name
from newspage.model import Article, Furniture, PageRecord, Region, plain
from newspage.run.keeper import Keeper
from newspage.store import ConflictError, PageState, Store, scans_of

_TRIES = 5
_KNOWN_BY = 24
"""Characters of a region or article that its anchor keeps."""

Page = Callable[[str], tuple[PageState, PageRecord]]
"""State and record of a page, every decision in both. Raises UnknownError."""

Make = Callable[[PageState, PageRecord], Decision]


class Edits:
    """Puts changes by hand into the store, each only if the person saw what still stands there."""

    def __init__(
        self,
        store: Store,
        output: str,
        keeper: Keeper,
        follower: Follower,
        page: Page,
        continued: Continued,
    ) -> None:
        self._store = store
        self._keeper = keeper
        self._output = output
        self._follower = follower
        self._page = page
        self._continued = continued

    def write(
        self,
        stem: str,
        article: str,
        span: tuple[int, int],
        text: str,
        seen: str,
        reviewer: str,
        key: str = "",
    ) -> Receipt:
        """Characters of the article's clean text become `text`.

        `article` may be the region of a piece of furniture as well.
        """

        def make(state: PageState, record: PageRecord) -> Decision:
            if (piece := _furniture(record, article)) is not None:
                return self._written_on(state, record, piece, span, text, seen, reviewer)
            found = _seen(record, article, seen)
            start, end = span
            clean = text_of(found).string
            if not 0 <= start <= end <= len(clean):
                raise unknown("place in the article")
            wanted = typed_text(text)
            if clean[start:end] == wanted:
                raise UsageError("This changes nothing.")
            read = self._read(state, record, article)
            change = rewritten(record, read, found, (start, end), wanted)
            whole = bounded_text(change.text)
            return _decision(Act.WRITE, state, change.anchor, reviewer, seen, HAND, whole)

        return self._decide(stem, make, article, key)

    def _written_on(
        self,
        state: PageState,
        record: PageRecord,
        piece: Furniture,
        span: tuple[int, int],
        text: str,
        seen: str,
        reviewer: str,
    ) -> Decision:
        """The decision that characters of a piece of furniture become `text`: it has it whole."""
        clean = furniture_text(piece)
        if article_seen(clean) != seen:
            raise stale()
        start, end = span
        if not 0 <= start <= end <= len(clean.string):
            raise unknown("place in the article")
        wanted = clean.string[:start] + typed_text(text) + clean.string[end:]
        if wanted == clean.string:
            raise UsageError("This changes nothing.")
        decisions, _ = self._keeper.decisions_on(state)
        found = (f for f in furniture_read(record, decisions) if f.region == piece.region)
        read = furniture_text(next(found, piece))
        anchor = Glyphs.of(record.page).anchor(read, (0, len(read.string)))
        whole = bounded_text(wanted)
        return _decision(Act.WRITE, state, anchor, reviewer, seen, HAND, whole)

    def join(
        self, stem: str, join: str, joined: bool, seen: str, reviewer: str, key: str = ""
    ) -> Receipt:
        """The text goes on over a join, or does not."""
        article = ""

        def make(state: PageState, record: PageRecord) -> Decision:
            nonlocal article
            found = next((j for j in record.joins if j.id == join), None)
            article = article_of_lines(record.articles).get(found.before, "") if found else ""
            if found is None or not article:
                raise unknown("join")
            _seen(record, article, seen)
            read = self._read(state, record, article)
            anchor = between(record, read, found.before, found.after)
            if anchor is None:
                raise unknown("join any more")
            text = joining_text(anchor, joined)
            return _decision(Act.WRITE, state, anchor, reviewer, seen, JOIN, text)

        return self._decide(stem, make, lambda: article, key)

    def link(
        self, before: Key, after: Key, how: Meeting, seen: str, reviewer: str, key: str = ""
    ) -> Receipt:
        """An article goes on from one page to another, or does not."""

        def make(state: PageState, record: PageRecord) -> Decision:
            other = record if after[0] == before[0] else self._page(after[0])[1]
            one = Side(before[0], record, _article(record, before[1]))
            two = Side(after[0], other, _article(other, after[1]))
            if not self._of_one_issue(state, after[0]) or before == after:
                raise UsageError("An article goes on in another of the same issue only.")
            if self._continued.seen(one, two) != seen:
                raise stale()
            leaves, comes = last_line(record, one.article), first_line(other, two.article)
            if leaves is None or comes is None:
                raise unknown("text of the article")
            act = Act.UNLINK if how == "apart" else Act.LINK
            text = BREAK if how == "paragraph" else ""
            place, target = end_anchor(record, leaves), end_anchor(other, comes)
            return _decision(act, state, place, reviewer, seen, "", text, target)

        return self._decide(before[0], make, before[1], key)

    def _of_one_issue(self, state: PageState, stem: str) -> bool:
        """Whether two pages are of one issue."""
        other = self._store.pages.named(self._output, stem)
        keys = [state.key, *([other.key] if other else [])]
        rows = [self._store.scan(self._output, key) for key in keys]
        names = {issue_name(row.publication) if row else "" for row in rows}
        return other is not None and len(names) == 1 and "" not in names

    def order(
        self, stem: str, article: str, before: str | None, seen: str, reviewer: str, key: str = ""
    ) -> Receipt:
        """An article comes right before another, or last."""

        def make(state: PageState, record: PageRecord) -> Decision:
            moved = _seen(record, article, seen)
            target = _article(record, before) if before is not None else None
            if target is moved:
                raise UsageError("An article cannot come before itself.")
            return _decision(
                Act.ORDER,
                state,
                _article_anchor(record, moved),
                reviewer,
                seen,
                target=_article_anchor(record, target) if target else None,
            )

        return self._decide(stem, make, article, key)

    def assign(
        self, stem: str, region: str, after: str | None, seen: str, reviewer: str, key: str = ""
    ) -> Receipt:
        """A region is part of the article of another region, right after that; or of its own."""

        def make(state: PageState, record: PageRecord) -> Decision:
            moved = _region(record, region)
            if moved.article is not None:
                _seen(record, moved.article, seen)
            target = _region(record, after) if after is not None else None
            if target is moved or (target and target.article is None):
                raise UsageError("A region can only follow another that is part of an article.")
            return _decision(
                Act.ASSIGN,
                state,
                _region_anchor(record, moved),
                reviewer,
                seen,
                target=_region_anchor(record, target) if target else None,
            )

        return self._decide(stem, make, "", key)

    def sign(self, stem: str, reviewer: str, key: str = "") -> Receipt:
        """The reviewer has proofread the page as it stands."""

        def make(state: PageState, record: PageRecord) -> Decision:
            return _decision(Act.SIGN, state, _anchor(record, (), ""), reviewer, "")

        return self._decide(stem, make, "", key)

    def _read(self, state: PageState, record: PageRecord, article: str) -> Text:
        """How an article was read."""
        decisions, _ = self._keeper.decisions_on(state)
        return texts_read(record, decisions)[article]

    def _decide(self, stem: str, make: Make, article: str | Callable[[], str], key: str) -> Receipt:
        """Keep a decision, unless another on the page came between looking and keeping.

        One that comes a second time under the same key is acknowledged, not made again.
        """
        if key and (known := self._store.decisions.sent_as(key)):
            name = article if isinstance(article, str) else ""
            return self._receipt(stem, known[0].decision, name)
        for _ in range(_TRIES):
            state, record = self._page(stem)
            decision = make(state, record)
            if key:
                decision = replace(decision, uid=key)
            try:
                self._store.decisions.decide([(decision, None)], last=(state.scan, state.mark))
            except ConflictError:
                continue
            pages = self._store.pages.showing(self._output, scans_of(decision))
            follow = self._follower.relink if decision.act in LINKS else self._follower.due
            follow(pages)
            return self._receipt(stem, decision, article if isinstance(article, str) else article())
        raise stale()

    def _receipt(self, stem: str, decision: Decision, article: str) -> Receipt:
        _, record = self._page(stem)
        found = next((a for a in record.articles if a.id == article), None)
        piece = _furniture(record, article)
        seen = article_seen(text_of(found)) if found else ""
        if piece is not None:
            seen = article_seen(furniture_text(piece))
        return Receipt(decision.uid, None, decision.act.value, seen)


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
    return Decision(
        uid=new_uid(),
        at=now(),
        reviewer=person_named(reviewer),
        act=act,
        anchor=anchor,
        file=state.key.path,
        rule=rule,
        text=text,
        target=target,
        seen=seen,
    )


def _article(record: PageRecord, name: str) -> Article:
    found = next((a for a in record.articles if a.id == name), None)
    if found is None:
        raise unknown("article")
    return found


def _furniture(record: PageRecord, region: str) -> Furniture | None:
    return next((f for f in record.furniture if f.region == region), None)


def _seen(record: PageRecord, name: str, seen: str) -> Article:
    """The article, if it reads as the person saw it."""
    article = _article(record, name)
    if article_seen(text_of(article)) != seen:
        raise stale()
    return article


def _region(record: PageRecord, name: str) -> Region:
    found = next((r for r in record.page.regions if r.id == name), None)
    if found is None:
        raise unknown("region")
    return found


def _anchor(record: PageRecord, boxes: tuple[Box, ...], text: str) -> Anchor:
    scan = record.page.scan
    return Anchor(scan.sha256, scan.frame, scan.width, scan.height, boxes, text[:_KNOWN_BY])


def _region_anchor(record: PageRecord, region: Region) -> Anchor:
    return _anchor(record, (region.box,), region.text)


def _article_anchor(record: PageRecord, article: Article) -> Anchor:
    boxes = {region.id: region.box for region in record.page.regions}
    title = plain(article.title) or "".join(p.text for p in article.paragraphs)
    return _anchor(record, tuple(boxes[r] for r in article.regions if r in boxes), title)
