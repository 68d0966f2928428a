"""Continuations of articles between pages, as the review service shows them: joins, loose ends."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from newspage.decision import LINKS
from newspage.decisions import (
    CopyFinder,
    LinkablePage,
    find_body_start,
    find_last_line,
    list_links_between,
    select_active,
)
from newspage.edits import flatten_article
from newspage.issues import (
    Key,
    PartLink,
    find_page_numbers,
    increment_page_number,
    make_issue_name,
    normalise_page_number,
    score_continuation,
)
from newspage.model import ArticleRecord, JoinKind, PageRecord, join_chars
from newspage.review.service.join_view import ENDS, hash_article_text, locate_lines, make_join_end
from newspage.review.service.view_rows import box_to_quad, hash_values
from newspage.review.service.views import ContinuationChoice, JoinView, LooseEnd
from newspage.store import OutputStore, PageState, ScanRow, ScanStatus, list_scans_of

Load = Callable[[str], PageRecord | None]
"""Returns the record of a page by its stem, if there is one."""

Pair = tuple[Key, Key]
"""The part of an article that comes first, and the one that goes on from it."""


@dataclass(frozen=True, slots=True)
class ArticleSide:
    """A part of an article, on the page that prints it."""

    stem: str
    record: PageRecord
    article: ArticleRecord

    @property
    def key(self) -> Key:
        """Return the stem of the page and the id of the article."""
        return self.stem, self.article.id


class ContinuationFinder:
    """Looks up where articles go on elsewhere, in one output folder. Raises StoreError."""

    def __init__(self, store: OutputStore, load: Load) -> None:
        self._store = store
        self._load = load
        self._copies = CopyFinder(store)

    def list_joins(self, state: PageState, record: PageRecord) -> tuple[JoinView, ...]:
        """Return the joins between articles of the page and articles of other pages."""
        decided = self._decided_links(state, record)
        made = [pair for pair, link in decided.items() if link.linked]
        taken = {pair[0] for pair in made}, {pair[1] for pair in made}
        followed = [
            pair
            for pair in _recorded_pairs(state.stem, record)
            if pair in decided or not (pair[0] in taken[0] or pair[1] in taken[1])
        ]
        pairs = dict.fromkeys([*followed, *decided])
        views = []
        for pair in pairs:
            sides = [self._side(key, state.stem, record) for key in pair]
            one, two = sides
            if one is not None and two is not None:
                view = _view(one, two, decided.get(pair))
                if view is not None:
                    views.append(view)
        return tuple(views)

    def list_loose_ends(
        self, state: PageState, record: PageRecord, joins: Sequence[JoinView]
    ) -> tuple[LooseEnd, ...]:
        """Return the articles of a page whose other part is not known, each with what it could be.

        `joins` are those that `list_joins` returns for the page.
        """
        found = list(loose_ends(state.stem, record, joins))
        if not found:
            return ()
        decided = self._decided_links(state, record)
        ends = []
        for article, leaving, number in found:
            own = ArticleSide(state.stem, record, article)
            choices = self._choices(own, state, number, leaving, decided)
            page = (article.continues if leaving else article.continued_from) or ""
            ends.append(LooseEnd(article.id, begins(article), leaving, page, choices))
        return tuple(ends)

    def list_choices(
        self, state: PageState, record: PageRecord, article: ArticleRecord, leaving: bool
    ) -> tuple[ContinuationChoice, ...]:
        """Return all articles of the issue in which an article of a page can go on.

        Where `leaving` is False: those that it can come from.
        """
        own = ArticleSide(state.stem, record, article)
        return self._choices(own, state, "", leaving, self._decided_links(state, record))

    def _choices(
        self,
        own: ArticleSide,
        state: PageState,
        number: str,
        leaving: bool,
        decided: Mapping[Pair, PartLink],
    ) -> tuple[ContinuationChoice, ...]:
        """Return the articles that could be the other part of one.

        Args:
            own: the part that is known.
            state: its page.
            number: printed number of the page where the other one is; empty: any.
            leaving: whether the known part goes on in the other one.
            decided: the links of the page that people decided.
        """
        choices = []
        for other in self._candidates(state, own.record, number, leaving):
            one, two = (own, other) if leaving else (other, own)
            if one.key != two.key:
                seen = _hash_join(one, two, decided.get((one.key, two.key)))
                text = begins(other.article)
                choices.append(ContinuationChoice(other.stem, other.article.id, text, seen))
        return tuple(choices)

    def _candidates(
        self, state: PageState, record: PageRecord, number: str, leaving: bool
    ) -> Iterator[ArticleSide]:
        """Yield the articles of the same issue that could be the other part.

        They are on pages that can have this printed number (empty: any), and are not linked yet.
        """
        row = self._store.find_scan(state.key)
        name = make_issue_name(row.publication) if row else ""
        for other in self._store.list_scans().values():
            if not name or make_issue_name(other.publication) != name or not may_be(other, number):
                continue
            found = record if other.stem == state.stem else self._load(other.stem)
            if found is None or (
                number and number not in find_page_numbers(other.publication, found)
            ):
                continue
            for article in found.articles:
                if not (article.previous_part if leaving else article.next_part):
                    yield ArticleSide(other.stem, found, article)

    def hash_ends(self, one: ArticleSide, two: ArticleSide) -> str:
        """Return the hash of the join of two parts, as a person sees it."""
        state = self._store.pages.find_named(one.stem)
        decided = self._decided_links(state, one.record) if state else {}
        return _hash_join(one, two, decided.get((one.key, two.key)))

    def _decided_links(self, state: PageState, record: PageRecord) -> dict[Pair, PartLink]:
        """Return the links that people decided for articles of a page, by the two parts.

        Both linking and unlinking decisions count; those on copies of the scan as well.
        """
        scans = [state.scan, *self._copies.list_transforms(state.scan)]
        decisions, _ = self._store.decisions.of_scans(scans)
        links = [d for d in select_active(decisions) if d.act in LINKS]
        if not links:
            return {}
        wanted = {scan for decision in links for scan in list_scans_of(decision)}
        pages = [LinkablePage(state, record)]
        for other in self._store.pages.list_showing(wanted):
            found = self._load(other.stem) if other.key != state.key else None
            if found is not None:
                pages.append(LinkablePage(other, found))
        decided = list_links_between(pages, links, self._copies)
        return {
            (link.before, link.after): link
            for link in decided
            if state.stem in (link.before[0], link.after[0])
        }

    def _side(self, key: Key, stem: str, record: PageRecord) -> ArticleSide | None:
        """Return the part with a key; None where its page or article is not there any more."""
        found = record if key[0] == stem else self._load(key[0])
        article = next((a for a in found.articles if a.id == key[1]), None) if found else None
        return ArticleSide(key[0], found, article) if found and article else None


def _recorded_pairs(stem: str, record: PageRecord) -> Iterator[Pair]:
    """Yield the pairs of parts that follow each other according to the page record."""
    for article in record.articles:
        own = stem, article.id
        before, after = article.previous_part, article.next_part
        if before:
            yield (before.stem, before.article), own
        if after:
            yield own, (after.stem, after.article)


def loose_ends(
    stem: str, record: PageRecord, joins: Sequence[JoinView]
) -> Iterator[tuple[ArticleRecord, bool, str]]:
    """Yield the articles that name another page on which no part of them was found.

    Each comes with True where it goes on there (False: it comes from there), and the page number.
    """
    linked = [join for join in joins if join.kind == JoinKind.PAGE and join.linked]
    leaving, coming = (
        {end.article for end in ends if end and end.stem == stem}
        for ends in ([j.before_end for j in linked], [j.after_end for j in linked])
    )
    for article in record.articles:
        if article.continues is not None and article.id not in leaving:
            yield article, True, normalise_page_number(article.continues)
        if article.continued_from is not None and article.id not in coming:
            yield article, False, normalise_page_number(article.continued_from)


def may_be(row: ScanRow, number: str) -> bool:
    """Tell whether a scan can show the page of a number, by the page number of its publication.

    A scan may also show two pages, that one and the one before. Where either number is not known,
    every scan that was read can.
    """
    page = row.publication.page if row.publication else None
    if row.status is not ScanStatus.DONE or not page or not number:
        return row.status is ScanStatus.DONE
    return number in (
        normalise_page_number(page),
        increment_page_number(normalise_page_number(page)),
    )


def begins(article: ArticleRecord) -> str:
    """Return the headline of an article, or how its text begins where it has none."""
    return (join_chars(article.title) or "".join(p.text for p in article.paragraphs))[:ENDS]


def _view(one: ArticleSide, two: ArticleSide, decided: PartLink | None) -> JoinView | None:
    """Return the join of two parts; None where one of them has no line."""
    before, after = (
        find_last_line(one.record, one.article),
        find_body_start(two.record, two.article),
    )
    if before is None or after is None:
        return None
    text = flatten_article(one.article).string
    score = score_continuation(text)
    linked = decided.linked if decided else True
    joined = decided.joined if decided else score > 0.5
    places = locate_lines(one.record)[before.id], locate_lines(two.record)[after.id]
    return JoinView(
        id=f"{one.stem}#{one.article.id}>{two.stem}#{two.article.id}",
        kind=JoinKind.PAGE.value,
        score=score,
        joined=linked and joined,
        decided=decided is not None,
        before=before.text[-ENDS:],
        after=after.text[:ENDS],
        before_box=box_to_quad(before.box),
        after_box=box_to_quad(after.box),
        article=one.article.id,
        seen=_hash_join(one, two, decided),
        before_end=make_join_end(one.stem, one.record, one.article, places[0], leaving=True),
        after_end=make_join_end(two.stem, two.record, two.article, places[1], leaving=False),
        linked=linked,
    )


def _hash_join(one: ArticleSide, two: ArticleSide, decided: PartLink | None) -> str:
    """Return the hash of a join: the texts of both parts and what was decided on them."""
    texts = (hash_article_text(flatten_article(side.article)) for side in (one, two))
    return hash_values(one.stem, two.stem, *texts, decided and (decided.linked, decided.joined))
