"""The issues of an output folder as IIIF packages, opened by the place they have in addresses."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from newspage.config import Config
from newspage.formats import IssueDocument, pack_served_issue
from newspage.output import RECORD_SUFFIX, find_issues, open_issue
from newspage.review.service.request_errors import UnknownError
from newspage.store import OutputStore
from newspage.workspace import ISSUES_NAME, Workspace

ISSUES, PAGES = "issues", "pages"
"""First part of the place of an issue, and of a page that is in none."""
_KEPT = 3
"""Packages in memory. Judgement: a broadsheet page takes some 3 MB, so eight pages each 24."""


@dataclass(slots=True)
class ShelvedIssue:
    """An issue, and the files of its package but the pictures. Thread-safe."""

    document: IssueDocument
    _files: dict[str, bytes] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def files(self) -> dict[str, bytes]:
        """Return the files, made once, when the first is asked for: pictures need none of them.

        Raises InputError where a record cannot be read.
        """
        with self._lock:
            if not self._files:
                self._files = pack_served_issue(self.document)
            return self._files


_Stamps = tuple[tuple[int, int], ...]
"""Modification time (ns) and bytes of each file that a package is made of."""


class IssueShelf:
    """Opens issues, and keeps the last few. Thread-safe."""

    def __init__(self, place: Workspace, store: OutputStore, config: Config) -> None:
        self._output = place.output
        self._store = store
        self._config = config
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[_Stamps, ShelvedIssue]] = OrderedDict()

    def list_places(self) -> dict[str, str]:
        """Return the places of all issues, and of the pages that are in none, with their names."""
        scans = self._store.list_scans()
        alone = [
            row.stem
            for row in scans.values()
            if row.figures and not (row.publication and row.publication.date)
        ]
        issues = {f"{ISSUES}/{name}": name for name in sorted(self._store.list_issues())}
        return issues | {f"{PAGES}/{stem}": stem for stem in sorted(alone)}

    def load_issue(self, place: str, base_url: str) -> ShelvedIssue:
        """Return an issue by its place, its package for an address.

        Raises UnknownError where there is none, InputError where its first page cannot be read.
        """
        path = self._find_file(place)
        source = next(iter(find_issues([path])))
        stamps = _stamp_files([path, *source.records.values()])
        key = (place, base_url)
        with self._lock:
            known = self._kept.get(key)
            if known is not None and known[0] == stamps:
                self._kept.move_to_end(key)
                return known[1]
        publishing = replace(self._config.iiif, base_url=base_url)
        opened = open_issue(source, self._config.ingest)
        shelved = ShelvedIssue(replace(opened, place=place, publishing=publishing))
        with self._lock:
            self._kept[key] = stamps, shelved
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return shelved

    def _find_file(self, place: str) -> Path:
        """Return the file of an issue or page; only names that the store knows become paths."""
        kind, _, name = place.partition("/")
        path = None
        if kind == ISSUES and self._store.has_issue(name):
            path = self._output / ISSUES_NAME / f"{name}.json"
        elif kind == PAGES and self._store.pages.find_named(name) is not None:
            path = self._output / f"{name}{RECORD_SUFFIX}"
        if path is None or not path.is_file():
            raise UnknownError("issue-unknown")
        return path


def _stamp_files(paths: list[Path]) -> _Stamps:
    """Return what tells the present versions of files from others. Raises UnknownError."""
    try:
        stats = [path.stat() for path in paths]
    except OSError as error:
        raise UnknownError("issue-unknown") from error
    return tuple((stat.st_mtime_ns, stat.st_size) for stat in stats)
