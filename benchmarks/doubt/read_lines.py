"""Rows of pages as both networks read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from newspage.config import Config, EngineConfig
from newspage.detect import detect_lines
from newspage.engine import Engine, LightReader, Reading, make_engine, make_light_reader
from newspage.enhance import enhance_page, split_fold
from newspage.ingest import load_page, open_pages
from newspage.model import GrayImage
from newspage.recognise import LOOKS
from newspage.recognise.augmentation import read_with_augmentation
from newspage.recognise.line_strips import cut_row_strip, measure_free_ends
from newspage.recognise.reading_doubt import (
    SAME_PRINT,
    ReadingFeatures,
    group_same_prints,
    measure_features,
)

SCANS = ("clean.png", "aged.jpg")


@dataclass(frozen=True, slots=True, eq=False)
class RowReadings:
    """A row as both networks read it."""

    strip: GrayImage
    height: float
    """Thickness of the line in pixels."""
    light: Reading
    full: Reading

    @property
    def width(self) -> float:
        """What reading it costs: its width where it is as high as the networks read it."""
        return float(self.strip.shape[1] / max(1, self.strip.shape[0]))


@dataclass(frozen=True, slots=True, eq=False)
class PageRows:
    """The rows of a page."""

    name: str
    rows: tuple[RowReadings, ...]


class RowReader:
    """Reads the rows of pages with both networks."""

    def __init__(self, precision: str = "auto") -> None:
        config = EngineConfig(precision=precision)  # type: ignore[arg-type]
        self.engine: Engine = make_engine(config, 1)
        self.light: LightReader = make_light_reader(self.engine)
        self.prints = group_same_prints(self.engine.characters)

    def read_folders(self, folders: Sequence[Path]) -> Iterator[PageRows]:
        """Read the scans of all pages below some folders."""
        for folder in folders:
            for page in sorted(p for p in folder.iterdir() if p.is_dir()):
                for scan in SCANS:
                    yield PageRows(f"{page.name} {scan}", self._read_rows(page / scan))

    def _read_rows(self, scan: Path) -> tuple[RowReadings, ...]:
        """Read the rows of one scan."""
        config = Config()
        image = load_page(open_pages(scan)[0], config.ingest)
        straight = enhance_page(image, config.enhance, self.engine).image
        rows: list[RowReadings] = []
        for sheet in split_fold(straight, config.enhance):
            lines = detect_lines(sheet, self.engine, config.detect).lines
            ends = measure_free_ends(lines)
            kept = [i for i, line in enumerate(lines) if not line.vertical]
            strips = [cut_row_strip(lines[i], sheet.pixels, ends[i]) for i in kept]
            pixels = [strip.pixels for strip in strips]
            light = self.light.read_strips(pixels)
            full = read_with_augmentation(pixels, LOOKS, self.engine)
            rows += [
                RowReadings(strip.pixels, strip.line.height * strip.page_pixels, one, other)
                for strip, one, other in zip(strips, light, full, strict=True)
            ]
        return tuple(rows)

    def measure_row(self, row: RowReadings) -> ReadingFeatures:
        """Measure what doubt is estimated from."""
        return measure_features(row.light, row.strip, row.height, self.prints)


def mark_differences(row: RowReadings) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell for each glyph and each gap of the light reading whether the full one differs there."""
    one, other = ([t.translate(SAME_PRINT) for t in r.text] for r in (row.light, row.full))
    glyphs, gaps = np.zeros(len(one), np.bool_), np.zeros(len(one) + 1, np.bool_)
    for op in Levenshtein.opcodes(one, other):
        new = "".join(other[op.dest_start : op.dest_end])
        if op.tag in ("replace", "delete"):
            glyphs[op.src_start : op.src_end] = True
        # Blanks at the ends of a line are left out later.
        elif op.tag == "insert" and (new.strip() or 0 < op.src_start < len(one)):
            gaps[op.src_start] = True
    return glyphs, gaps
