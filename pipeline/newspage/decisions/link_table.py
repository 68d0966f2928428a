"""Find the links that people made or took apart between pages, on the pages as read now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newspage.decision import LINKS, Act, Anchor, Decision
from newspage.decisions.active_decisions import select_active
from newspage.decisions.article_ends import find_article_at
from newspage.decisions.copy_finder import CopyFinder, project_decision
from newspage.issues import Key, PartLink
from newspage.model import PageRecord
from newspage.store import OutputStore, PageState, ScanId, list_scans_of


@dataclass(frozen=True, slots=True)
class LinkablePage:
    """A page and its record."""

    state: PageState
    record: PageRecord


class LinkTable:
    """The links that people made or took apart, without those taken back. Raises StoreError."""

    def __init__(self, store: OutputStore) -> None:
        self._said = [d for d in select_active(store.decisions.on_two_places()) if d.act in LINKS]
        self._copies = CopyFinder(store)
        self._states = store.pages.list_pages().values() if self._said else ()

    def list_uids(self, stems: Iterable[str]) -> tuple[str, ...]:
        """Return the uids of the link decisions between some pages, in order."""
        if not self._said:
            return ()
        wanted = set(stems)
        scans = {
            scan for state in self._states if state.stem in wanted for scan in self._scans(state)
        }
        return tuple(d.uid for d in self._said if scans.issuperset(list_scans_of(d)))

    def list_links_between(self, pages: Mapping[str, PageRecord]) -> tuple[PartLink, ...]:
        """Return the links between some pages, in order; lost ones are left out.

        `pages` are records by stem.
        """
        if not self._said:
            return ()
        states = [state for state in self._states if state.stem in pages]
        return list_links_between(
            [LinkablePage(state, pages[state.stem]) for state in states], self._said, self._copies
        )

    def _scans(self, state: PageState) -> list[ScanId]:
        """Return the scan of a page and those that it is a copy of."""
        return [state.scan, *self._copies.list_transforms(state.scan)]


def list_links_between(
    pages: Sequence[LinkablePage], said: Iterable[Decision], copies: CopyFinder
) -> tuple[PartLink, ...]:
    """Return the links between some pages that decisions make or take apart, in order.

    Links of which an end is not found are left out.

    Args:
        pages: the pages with their records.
        said: decisions that were not taken back; those that are about no link are ignored.
        copies: finds the other scans of each page.
    """
    with_transforms = [(page, copies.list_transforms(page.state.scan)) for page in pages]
    links = []
    for decision in said:
        if decision.act not in LINKS or decision.target is None:
            continue
        ends: list[Key | None] = [None, None]
        for page, transforms in with_transforms:
            moved = project_decision(decision, transforms, page.state.scan)
            for i, anchor in enumerate((moved.anchor, moved.target)):
                ends[i] = ends[i] or (_end(page, anchor) if anchor else None)
        before, after = ends
        if before and after:
            linked = decision.act is Act.LINK
            links.append(PartLink(before, after, linked, linked and not decision.text))
    return tuple(links)


def _end(page: LinkablePage, anchor: Anchor) -> Key | None:
    """Return stem and id of the article that has an end of a link; None if not on the page."""
    if (anchor.sha256, anchor.frame) != page.state.scan:
        return None
    article = find_article_at(page.record, anchor)
    return (page.state.stem, article) if article else None
