"""Which scan shows a page that was read before from another scan, and what was said on that."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from newspage.decision import Anchor, Decision
from newspage.decisions.page_fingerprints import (
    FingerprintLine,
    compute_minhash,
    list_fingerprint_lines,
    register_scans,
)
from newspage.geometry import Affine, Transform
from newspage.model import PageLayout, Publication
from newspage.store import Matrix, PageState, QuestionRow, ScanId, SeenLine, Snapshot, Store


class CopyFinder:
    """Remembers what scans with decisions look like, and finds their copies. Raises StoreError."""

    def __init__(self, store: Store, output: str) -> None:
        self._store = store
        self._output = output

    def find_copies(
        self, state: PageState, publication: Publication | None, page: PageLayout
    ) -> None:
        """Find out whether a scan that is new to the store is a copy of one with decisions."""
        snapshots = self._store.snapshots
        if snapshots.list_copies(state.scan) or not snapshots.has_any():
            return
        lines = list_fingerprint_lines(page)
        candidates = snapshots.list_candidates(
            state.scan, state.key.path, named(publication), compute_minhash(lines)
        )
        found: list[tuple[ScanId, Matrix]] = []
        for scan in candidates:
            snapshot = snapshots.load_snapshot(scan)
            before = (
                [FingerprintLine(line.text, line.box) for line in snapshot.lines]
                if snapshot
                else []
            )
            way = register_scans(before, lines)
            if way is not None:
                a, b, c, d, e, f = (float(v) for v in way.matrix.ravel())
                found.append((scan, (a, b, c, d, e, f)))
        snapshots.put_copies(state.scan, found)

    def list_transforms(self, scan: ScanId) -> dict[ScanId, Affine]:
        """The scans of which this is a copy, and where their points lie on it."""
        return {
            original: Affine(np.array(matrix).reshape(2, 3))
            for original, matrix in self._store.snapshots.list_copies(scan)
        }

    def brought_over(self, state: PageState, questions: Sequence[QuestionRow]) -> list[QuestionRow]:
        """Questions asked of a page, their places on the scan that it shows now."""
        ways = self.list_transforms(state.scan)
        return [
            replace(row, anchor=_moved(row.anchor, ways[scan], state.scan))
            if (scan := (row.anchor.sha256, row.anchor.frame)) in ways
            else row
            for row in questions
        ]

    def remember_scan(self, state: PageState, page: PageLayout) -> None:
        """Keep what a scan with decisions looks like."""
        row = self._store.find_scan(self._output, state.key)
        publication = row.publication if row else None
        lines = list_fingerprint_lines(page)
        seen = tuple(SeenLine(line.text, line.box) for line in lines)
        snapshot = Snapshot(state.scan, state.key.path, named(publication), seen)
        if self._store.snapshots.load_snapshot(state.scan) != snapshot:
            self._store.snapshots.put_snapshot(snapshot, compute_minhash(lines))


def project_decision(decision: Decision, ways: Mapping[ScanId, Affine], scan: ScanId) -> Decision:
    """A decision with those of its places that are on other scans of a page on this one."""
    target = decision.target
    return replace(
        decision,
        anchor=_over(decision.anchor, ways, scan),
        target=_over(target, ways, scan) if target else None,
    )


def _over(anchor: Anchor, ways: Mapping[ScanId, Affine], scan: ScanId) -> Anchor:
    way = ways.get((anchor.sha256, anchor.frame))
    return _moved(anchor, way, scan) if way is not None else anchor


def named(publication: Publication | None) -> str:
    """Paper, day and page as one string; empty unless all are known."""
    if publication is None or not (publication.paper and publication.date and publication.page):
        return ""
    return f"{publication.paper} {publication.date.isoformat()} {publication.page}"


def _moved(anchor: Anchor, way: Affine, scan: ScanId) -> Anchor:
    transform = Transform((way,))
    boxes = tuple(transform.box(box) for box in anchor.boxes)
    return replace(anchor, sha256=scan[0], frame=scan[1], boxes=boxes)
