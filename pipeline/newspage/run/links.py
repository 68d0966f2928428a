"""What people said of articles that go on on another page, found again on the pages of now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newspage.decide.ends import article_at
from newspage.decide.force import in_force
from newspage.decision import LINKS, Act, Anchor, Decision
from newspage.issues import Key, Link
from newspage.model import PageRecord
from newspage.run.copies import Copies, brought_over
from newspage.store import PageState, ScanId, Store, scans_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A page and its record."""

    state: PageState
    record: PageRecord


class Linking:
    """The links that people made or took apart, as far as they stand. Raises StoreError."""

    def __init__(self, store: Store, output: str) -> None:
        self._said = [d for d in in_force(store.decisions.on_two_places()) if d.act in LINKS]
        self._copies = Copies(store, output)
        self._states = store.pages.of(output).values() if self._said else ()

    def uids(self, stems: Iterable[str]) -> tuple[str, ...]:
        """Names of the links between some pages, in order."""
        if not self._said:
            return ()
        wanted = set(stems)
        scans = {
            scan for state in self._states if state.stem in wanted for scan in self._scans(state)
        }
        return tuple(d.uid for d in self._said if scans.issuperset(scans_of(d)))

    def between(self, pages: Mapping[str, PageRecord]) -> tuple[Link, ...]:
        """The links between some pages, by stem, in order; those without a place are left out."""
        if not self._said:
            return ()
        states = [state for state in self._states if state.stem in pages]
        return links_between(
            [Shown(state, pages[state.stem]) for state in states], self._said, self._copies
        )

    def _scans(self, state: PageState) -> list[ScanId]:
        return [state.scan, *self._copies.ways(state.scan)]


def links_between(
    pages: Sequence[Shown], said: Iterable[Decision], copies: Copies
) -> tuple[Link, ...]:
    """What decisions that stand say of links between some pages, in order."""
    ways = [(page, copies.ways(page.state.scan)) for page in pages]
    links = []
    for decision in said:
        if decision.act not in LINKS or decision.target is None:
            continue
        ends: list[Key | None] = [None, None]
        for page, way in ways:
            moved = brought_over(decision, way, page.state.scan)
            for i, anchor in enumerate((moved.anchor, moved.target)):
                ends[i] = ends[i] or (_end(page, anchor) if anchor else None)
        before, after = ends
        if before and after:
            linked = decision.act is Act.LINK
            links.append(Link(before, after, linked, linked and not decision.text))
    return tuple(links)


def _end(page: Shown, anchor: Anchor) -> Key | None:
    """The article that has an end of a link, if that is on the page."""
    if (anchor.sha256, anchor.frame) != page.state.scan:
        return None
    article = article_at(page.record, anchor)
    return (page.state.stem, article) if article else None
