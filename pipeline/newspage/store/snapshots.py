"""What scans with decisions looked like, in words: by that their copies are recognised."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import delete, insert, or_, select

from newspage.geometry import Box
from newspage.store.connection import Database, split_into_batches, upsert_rows
from newspage.store.decisions import ScanId
from newspage.store.store_schema import StoreError
from newspage.store.tables import COPIES, SKETCHES, SNAPSHOTS

Matrix = tuple[float, float, float, float, float, float]
"""Two rows of three: where a point of the one scan lies on the other."""


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line as it was read, with its place on the scan."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The lines of a scan."""

    scan: ScanId
    file: str
    publication: str
    """Paper, day and page, as one string; empty where unknown."""
    lines: tuple[SeenLine, ...]


_ENCODER = msgspec.json.Encoder()
_LINES = msgspec.json.Decoder(tuple[SeenLine, ...])
_MATRIX = msgspec.json.Decoder(Matrix)


class SnapshotTable:
    """The tables of snapshots and of which scan is a copy of which. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_snapshot(self, snapshot: Snapshot, sketch: Iterable[int]) -> None:
        """Keep a snapshot; `sketch` are numbers by which it is found again."""
        sha256, frame = snapshot.scan
        with self._database.transaction() as connection:
            row = {
                "sha256": sha256,
                "frame": frame,
                "file": snapshot.file,
                "publication": snapshot.publication,
                "lines": _ENCODER.encode(snapshot.lines).decode(),
            }
            upsert_rows(connection, SNAPSHOTS, [row])
            connection.execute(
                delete(SKETCHES).where(SKETCHES.c.sha256 == sha256, SKETCHES.c.frame == frame)
            )
            marks = [{"mark": m, "sha256": sha256, "frame": frame} for m in sorted(set(sketch))]
            if marks:
                connection.execute(insert(SKETCHES), marks)

    def load_snapshot(self, scan: ScanId) -> Snapshot | None:
        """The snapshot of a scan."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(SNAPSHOTS).where(SNAPSHOTS.c.sha256 == scan[0], SNAPSHOTS.c.frame == scan[1])
            ).one_or_none()
        if row is None:
            return None
        try:
            return Snapshot(scan, row.file, row.publication, _LINES.decode(row.lines))
        except ValueError:
            # Damaged: whoever remembers the scan next puts it there anew.
            return None

    def list_candidates(
        self, scan: ScanId, file: str, publication: str, sketch: Iterable[int], limit: int = 5
    ) -> list[ScanId]:
        """Other scans that this may be a copy of, the likeliest first."""
        named = SNAPSHOTS.c.file == file
        if publication:
            named = or_(named, SNAPSHOTS.c.publication == publication)
        shared: Counter[ScanId] = Counter()
        with self._database.reading() as connection:
            same = select(SNAPSHOTS.c.sha256, SNAPSHOTS.c.frame).where(named)
            for row in connection.execute(same):
                shared[row.sha256, row.frame] += 1
            for some in split_into_batches(sketch):
                marked = select(SKETCHES.c.sha256, SKETCHES.c.frame).where(
                    SKETCHES.c.mark.in_(some)
                )
                for row in connection.execute(marked):
                    shared[row.sha256, row.frame] += 1
        del shared[scan]
        return [found for found, _ in sorted(shared.items(), key=lambda s: (-s[1], s[0]))][:limit]

    def put_copies(self, scan: ScanId, of: Sequence[tuple[ScanId, Matrix]]) -> None:
        """Note of which scans this is a copy, and where points of those lie on it."""
        rows = [
            {
                "sha256": scan[0],
                "frame": scan[1],
                "of_sha256": original[0],
                "of_frame": original[1],
                "matrix": _ENCODER.encode(matrix).decode(),
            }
            for original, matrix in of
        ]
        with self._database.transaction() as connection:
            upsert_rows(connection, COPIES, rows)

    def list_copies(self, scan: ScanId) -> list[tuple[ScanId, Matrix]]:
        """The scans of which this is a copy."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(COPIES)
                .where(COPIES.c.sha256 == scan[0], COPIES.c.frame == scan[1])
                .order_by(COPIES.c.of_sha256, COPIES.c.of_frame)
            ).all()
        try:
            return [((r.of_sha256, r.of_frame), _MATRIX.decode(r.matrix)) for r in rows]
        except ValueError as error:
            raise StoreError("stored-snapshot-damaged") from error

    def has_any(self) -> bool:
        """Tell whether there is any snapshot."""
        with self._database.reading() as connection:
            return connection.execute(select(SNAPSHOTS.c.frame).limit(1)).first() is not None
