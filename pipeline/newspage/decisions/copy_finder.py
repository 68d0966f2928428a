"""Find scans that show the same page, and bring decisions from one over to the other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from newspage.decision import Anchor, Decision
from newspage.decisions.page_fingerprints import (
    FingerprintLine,
    compute_minhash,
    list_telling_lines,
    register_scans,
)
from newspage.geometry import Affine, Transform
from newspage.model import PageLayout, Publication
from newspage.store import Matrix, OutputStore, PageState, QuestionRow, ScanId, SeenLine, Snapshot


class CopyFinder:
    """Keeps fingerprints of scans with decisions, and finds their copies. Raises StoreError."""

    def __init__(self, store: OutputStore) -> None:
        self._store = store

    def find_copies(
        self, state: PageState, publication: Publication | None, page: PageLayout
    ) -> None:
        """Store of which scans with decisions a new scan is a copy, with the maps between them.

        Does nothing for a scan whose copies are known. Candidates are of the same file, the same
        page of the same paper, or share many fingerprints; each is compared line by line.
        """
        snapshots = self._store.snapshots
        if snapshots.list_copies(state.scan) or not snapshots.has_any():
            return
        lines = list_telling_lines(page)
        candidates = snapshots.list_candidates(
            state.scan, state.key.path, name_issue(publication), compute_minhash(lines)
        )
        found: list[tuple[ScanId, Matrix]] = []
        for scan in candidates:
            snapshot = snapshots.load_snapshot(scan)
            before = (
                [FingerprintLine(line.text, line.box) for line in snapshot.lines]
                if snapshot
                else []
            )
            affine = register_scans(before, lines)
            if affine is not None:
                a, b, c, d, e, f = (float(v) for v in affine.matrix.ravel())
                found.append((scan, (a, b, c, d, e, f)))
        snapshots.put_copies(state.scan, found)

    def list_transforms(self, scan: ScanId) -> dict[ScanId, Affine]:
        """Return the scans of which this is a copy, each with the map of its points onto this."""
        return {
            original: Affine(np.array(matrix).reshape(2, 3))
            for original, matrix in self._store.snapshots.list_copies(scan)
        }

    def brought_over(self, state: PageState, questions: Sequence[QuestionRow]) -> list[QuestionRow]:
        """Return questions asked of a page, their anchors projected onto the scan it shows now."""
        transforms = self.list_transforms(state.scan)
        return [
            replace(row, anchor=_moved(row.anchor, transforms[scan], state.scan))
            if (scan := (row.anchor.sha256, row.anchor.frame)) in transforms
            else row
            for row in questions
        ]

    def remember_scan(self, state: PageState, page: PageLayout) -> None:
        """Store the lines and fingerprints of a scan with decisions, so that copies are found."""
        row = self._store.find_scan(state.key)
        publication = row.publication if row else None
        lines = list_telling_lines(page)
        seen = tuple(SeenLine(line.text, line.box) for line in lines)
        snapshot = Snapshot(state.scan, state.key.path, name_issue(publication), seen)
        if self._store.snapshots.load_snapshot(state.scan) != snapshot:
            self._store.snapshots.put_snapshot(snapshot, compute_minhash(lines))


def project_decision(
    decision: Decision, transforms: Mapping[ScanId, Affine], scan: ScanId
) -> Decision:
    """Return a decision with its anchors projected onto a scan of the page.

    Args:
        decision: any; anchors on scans that are not in `transforms` stay as they are.
        transforms: other scans of the page, each with the map of its points onto `scan`.
        scan: hash and frame of the scan that the page shows now.
    """
    target = decision.target
    return replace(
        decision,
        anchor=_over(decision.anchor, transforms, scan),
        target=_over(target, transforms, scan) if target else None,
    )


def _over(anchor: Anchor, transforms: Mapping[ScanId, Affine], scan: ScanId) -> Anchor:
    """Return an anchor, projected onto a scan if it is on another scan of the page."""
    affine = transforms.get((anchor.sha256, anchor.frame))
    return _moved(anchor, affine, scan) if affine is not None else anchor


def name_issue(publication: Publication | None) -> str:
    """Return paper, date and page number as one string; empty unless all are known."""
    if publication is None or not (publication.paper and publication.date and publication.page):
        return ""
    return f"{publication.paper} {publication.date.isoformat()} {publication.page}"


def _moved(anchor: Anchor, affine: Affine, scan: ScanId) -> Anchor:
    """Return an anchor with its boxes mapped onto another scan."""
    transform = Transform((affine,))
    boxes = tuple(transform.box(box) for box in anchor.boxes)
    return replace(anchor, sha256=scan[0], frame=scan[1], boxes=boxes)
