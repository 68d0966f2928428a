"""Where articles of a page go on on another page, or come from one: shown as joins."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from newspage.correct.text import text_of
from newspage.decide.ends import first_line, last_line
from newspage.decide.force import in_force
from newspage.decision import LINKS
from newspage.desk.join_view import ENDS, article_seen, end_of, placed_in
from newspage.desk.rows import hashed, quad
from newspage.desk.views import Choice, JoinView, LooseEnd
from newspage.issues import (
    Key,
    Link,
    issue_name,
    meeting,
    next_number,
    normal_number,
    page_numbers,
)
from newspage.model import Article, JoinKind, PageRecord, plain
from newspage.run.copies import Copies
from newspage.run.links import Shown, links_between
from newspage.store import PageState, ScanRow, ScanStatus, Store, scans_of

Load = Callable[[str], PageRecord | None]
"""The record of a page by its stem, if there is one."""

Pair = tuple[Key, Key]


@dataclass(frozen=True, slots=True)
class Side:
    """A part of an article on its page."""

    stem: str
    record: PageRecord
    article: Article

    @property
    def key(self) -> Key:
        return self.stem, self.article.id


class Continued:
    """Looks up where articles go on elsewhere; works at one output folder. Raises StoreError."""

    def __init__(self, store: Store, output: str, load: Load) -> None:
        self._store = store
        self._output = output
        self._load = load
        self._copies = Copies(store, output)

    def joins(self, state: PageState, record: PageRecord) -> tuple[JoinView, ...]:
        """The joins between articles of the page and others elsewhere."""
        said = self._said(state, record)
        made = [pair for pair, link in said.items() if link.linked]
        taken = {pair[0] for pair in made}, {pair[1] for pair in made}
        followed = [
            pair
            for pair in _followed(state.stem, record)
            if pair in said or not (pair[0] in taken[0] or pair[1] in taken[1])
        ]
        pairs = dict.fromkeys([*followed, *said])
        views = []
        for pair in pairs:
            sides = [self._side(key, state.stem, record) for key in pair]
            one, two = sides
            if one is not None and two is not None:
                view = _view(one, two, said.get(pair))
                if view is not None:
                    views.append(view)
        return tuple(views)

    def loose(
        self, state: PageState, record: PageRecord, joins: Sequence[JoinView]
    ) -> tuple[LooseEnd, ...]:
        """The articles of a page whose other part nobody knows, with what it could be."""
        found = list(loose_ends(state.stem, record, joins))
        if not found:
            return ()
        said = self._said(state, record)
        ends = []
        for article, leaving, number in found:
            own = Side(state.stem, record, article)
            choices = [
                Choice(
                    other.stem, other.article.id, begins(other.article), _seen(*pair, said.get(key))
                )
                for other in self._candidates(state, record, number, leaving)
                for pair in [(own, other) if leaving else (other, own)]
                for key in [(pair[0].key, pair[1].key)]
                if key[0] != key[1]
            ]
            page = (article.continues if leaving else article.continued_from) or ""
            ends.append(LooseEnd(article.id, begins(article), leaving, page, tuple(choices)))
        return tuple(ends)

    def _candidates(
        self, state: PageState, record: PageRecord, number: str, leaving: bool
    ) -> Iterator[Side]:
        """The articles of the issue's pages of a number that are no part of another yet."""
        row = self._store.scan(self._output, state.key)
        name = issue_name(row.publication) if row else ""
        for other in self._store.scans(self._output).values():
            if not name or issue_name(other.publication) != name or not may_be(other, number):
                continue
            found = record if other.stem == state.stem else self._load(other.stem)
            if found is None or (number and number not in page_numbers(other.publication, found)):
                continue
            for article in found.articles:
                if not (article.previous_part if leaving else article.next_part):
                    yield Side(other.stem, found, article)

    def seen(self, one: Side, two: Side) -> str:
        """Hash of what a person sees of the join of two parts."""
        state = self._store.pages.named(self._output, one.stem)
        said = self._said(state, one.record) if state else {}
        return _seen(one, two, said.get((one.key, two.key)))

    def _said(self, state: PageState, record: PageRecord) -> dict[Pair, Link]:
        """What stands of what people said of how articles of a page go on, by the two parts."""
        scans = [state.scan, *self._copies.ways(state.scan)]
        decisions, _ = self._store.decisions.of_scans(scans)
        links = [d for d in in_force(decisions) if d.act in LINKS]
        if not links:
            return {}
        wanted = {scan for decision in links for scan in scans_of(decision)}
        pages = [Shown(state, record)]
        for other in self._store.pages.showing(self._output, wanted):
            found = self._load(other.stem) if other.key != state.key else None
            if found is not None:
                pages.append(Shown(other, found))
        said = links_between(pages, links, self._copies)
        return {
            (link.before, link.after): link
            for link in said
            if state.stem in (link.before[0], link.after[0])
        }

    def _side(self, key: Key, stem: str, record: PageRecord) -> Side | None:
        found = record if key[0] == stem else self._load(key[0])
        article = next((a for a in found.articles if a.id == key[1]), None) if found else None
        return Side(key[0], found, article) if found and article else None


def _followed(stem: str, record: PageRecord) -> Iterator[Pair]:
    """The parts that follow each other by what a record says of its articles."""
    for article in record.articles:
        own = stem, article.id
        before, after = article.previous_part, article.next_part
        if before:
            yield (before.stem, before.article), own
        if after:
            yield own, (after.stem, after.article)


def loose_ends(
    stem: str, record: PageRecord, joins: Sequence[JoinView]
) -> Iterator[tuple[Article, bool, str]]:
    """Articles that name a page where no other part of them was found; whether they go on there."""
    linked = [join for join in joins if join.kind == JoinKind.PAGE and join.linked]
    leaving, coming = (
        {end.article for end in ends if end and end.stem == stem}
        for ends in ([j.before_end for j in linked], [j.after_end for j in linked])
    )
    for article in record.articles:
        if article.continues is not None and article.id not in leaving:
            yield article, True, normal_number(article.continues)
        if article.continued_from is not None and article.id not in coming:
            yield article, False, normal_number(article.continued_from)


def may_be(row: ScanRow, number: str) -> bool:
    """Whether a scan can show a page of a number, or that and the one before, by its name."""
    page = row.publication.page if row.publication else None
    if row.status is not ScanStatus.DONE or not page or not number:
        return row.status is ScanStatus.DONE
    return number in (normal_number(page), next_number(normal_number(page)))


def begins(article: Article) -> str:
    """The headline of an article, or how its text begins."""
    return (plain(article.title) or "".join(p.text for p in article.paragraphs))[:ENDS]


def _view(one: Side, two: Side, said: Link | None) -> JoinView | None:
    """The join of two parts; None where nothing of one of them was read."""
    before, after = last_line(one.record, one.article), first_line(two.record, two.article)
    if before is None or after is None:
        return None
    text = text_of(one.article).string
    score = meeting(text)
    linked = said.linked if said else True
    joined = said.joined if said else score > 0.5
    places = placed_in(one.record)[before.id], placed_in(two.record)[after.id]
    return JoinView(
        id=f"{one.stem}#{one.article.id}>{two.stem}#{two.article.id}",
        kind=JoinKind.PAGE.value,
        score=score,
        joined=linked and joined,
        decided=said is not None,
        before=before.text[-ENDS:],
        after=after.text[:ENDS],
        before_box=quad(before.box),
        after_box=quad(after.box),
        article=one.article.id,
        seen=_seen(one, two, said),
        before_end=end_of(one.stem, one.record, one.article, places[0], leaving=True),
        after_end=end_of(two.stem, two.record, two.article, places[1], leaving=False),
        linked=linked,
    )


def _seen(one: Side, two: Side, said: Link | None) -> str:
    texts = (article_seen(text_of(side.article)) for side in (one, two))
    return hashed(one.stem, two.stem, *texts, said and (said.linked, said.joined))
