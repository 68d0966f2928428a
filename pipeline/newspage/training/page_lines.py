"""Finds the lines of pages and computes their features once; they are kept on disk.

Finding the lines of a page takes as long as reading it. What a training needs of it is kept under a
digest of the scan, the network and all settings that lines depend on.
"""

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from newspage.config import Config
from newspage.detect import detect_lines
from newspage.engine import Engine
from newspage.enhance import enhance_page, split_fold
from newspage.files import write_files
from newspage.geometry import Box
from newspage.ingest import load_page, open_pages
from newspage.model import PageImage, Scan
from newspage.recognise import cut_reading_strips
from newspage.training.kept_arrays import UNREADABLE, load_kept_arrays
from newspage.training.known_lines import KnownPage
from newspage.training.strip_features import FeatureComputer, StripFeatures
from newspage.version import __version__


@dataclass(frozen=True, slots=True, eq=False)
class FoundStrips:
    """A line found on a page, and the strips that it is read in."""

    box: Box
    """Where it is on the scan, in pixels."""
    strips: tuple[StripFeatures, ...]


@dataclass(frozen=True, slots=True)
class PageLineReader:
    """A finder of the lines of pages that keeps their features in a folder."""

    engine: Engine
    features: FeatureComputer
    config: Config
    base: str
    """Checksum of the network."""
    cache: Path

    def find_lines(self, page: KnownPage) -> list[FoundStrips]:
        """Return the lines of a page, from the folder or found anew.

        Raises InputError where its scan cannot be read, OutputError where the folder cannot be
        written.
        """
        scan = open_pages(page.scan, self.config.ingest)[page.frame]
        file = self.cache / f"{self.digest_page(scan)}.npz"
        kept = _read_kept(file)
        if kept is not None:
            return kept
        image = load_page(scan, self.config.ingest)
        found = list(self._compute(image))
        write_files(self.cache, {file.name: _pack(found)})
        return found

    def digest_page(self, scan: Scan) -> str:
        """Return a digest of all that the lines of a scan depend on."""
        stages = (self.config.ingest, self.config.enhance, self.config.detect)
        engine = self.config.engine
        rules = (engine.map_threshold, engine.line_threshold, engine.unclip)
        facts = [scan.sha256, scan.frame, self.base, self.engine.name, __version__, rules]
        text = json.dumps([*facts, *(asdict(stage) for stage in stages)], default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def _compute(self, image: PageImage) -> Iterator[FoundStrips]:
        """Yield the lines of a scan as `page.pipeline` finds them, with their features."""
        straight = enhance_page(image, self.config.enhance, self.engine).image
        for sheet in split_fold(straight, self.config.enhance):
            found = detect_lines(sheet, self.engine, self.config.detect)
            cut = cut_reading_strips(found.lines, sheet, self.engine)
            for line, strips in zip(found.lines, cut, strict=True):
                box = sheet.to_scan.box(line.box)
                yield FoundStrips(box, self.features.compute_features(strips))


def _pack(lines: Sequence[FoundStrips]) -> bytes:
    """Return lines as the bytes of a file."""
    strips = [strip for line in lines for strip in line.strips]
    boxes = [(b.left, b.top, b.right, b.bottom) for b in (line.box for line in lines)]
    file = io.BytesIO()
    np.savez(
        file,
        boxes=np.array(boxes, np.float64).reshape(-1, 4),
        counts=np.array([len(line.strips) for line in lines], np.int64),
        lengths=np.array([len(strip.features) for strip in strips], np.int64),
        steps=np.array([strip.steps for strip in strips], np.int64),
        features=np.concatenate([s.features for s in strips]) if strips else np.zeros((0, 1), "f2"),
    )
    return file.getvalue()


def _read_kept(file: Path) -> list[FoundStrips] | None:
    """Return the lines of a file; None where there is none, or one that was cut short."""
    try:
        arrays = load_kept_arrays(file)
        ends = np.cumsum(arrays["lengths"])
        parts = np.split(arrays["features"], ends[:-1])
        steps = arrays["steps"].tolist()
        strips = iter(StripFeatures(f, n) for f, n in zip(parts, steps, strict=False))
        return [
            FoundStrips(Box(*box), tuple(next(strips) for _ in range(count)))
            for box, count in zip(arrays["boxes"].tolist(), arrays["counts"].tolist(), strict=True)
        ]
    except UNREADABLE:
        return None
