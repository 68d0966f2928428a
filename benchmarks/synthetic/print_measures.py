"""Measures the print of a paper on its own pages: direction, sizes, distances, looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.synthetic.ink_wear import measure_looks
from benchmarks.synthetic.type_setting import TypeSize, measure_length
from newspage.config import Config
from newspage.engine import Engine
from newspage.enhance import enhance_page, split_fold
from newspage.geometry import Box
from newspage.ingest import load_page, open_pages
from newspage.model import GrayImage
from newspage.training.known_lines import KnownPage
from newspage.training.page_lines import FoundStrips
from newspage.training.training_lines import TrainingLine

FEWEST_CHARACTERS = 4
"""Characters of the shortest line that is measured. Judgement: of fewer the pitch is not known."""
HALF_MARK = 0.6
"""Ems that a mark is taken to have in a line that is measured. Judgement: some have half of one,
some a whole one; lines differ by a hundredth with either."""
PITCHES = (0.6, 1.7)
"""Pitches in widths of a line between which a line was found as it was printed. Judgement."""
APART = 1.05
"""Least distance of lines beside each other, in widths of their type. Judgement: lines do not
touch."""
FAINT = 0.25
"""Ink of a column of pixels, beside the usual, below which it is paper. Judgement."""
INKED = 0.94
"""Share of its em that a wide character fills. Judgement: of the fonts it is .92 to .96."""
GAPS = (0.75, 2.0)
"""Distances of lines in their widths, between which lines beside each other are set."""


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredLine:
    """The print of a line."""

    text: str
    size: TypeSize
    looks: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PrintMeasures:
    """The print of some lines whose text is known."""

    vertical: bool
    lines: tuple[MeasuredLine, ...]


def measure_print(
    page: KnownPage,
    found: Sequence[FoundStrips],
    lines: Sequence[TrainingLine],
    config: Config,
    engine: Engine,
) -> PrintMeasures:
    """Measure the lines of a page that have the direction that most of them have.

    Args:
        page: The page.
        found: All lines that were found on it.
        lines: Those whose text is known.
        config: Says how a page is made ready.
        engine: Tells which way up it is.
    """
    boxes = {id(line.strips): line.box for line in found}
    texts = {id(line.strips): line.text for line in lines}
    straight = enhance_page(
        load_page(open_pages(page.scan, config.ingest)[page.frame], config.ingest),
        config.enhance,
        engine,
    ).image
    measured: list[MeasuredLine] = []
    ways = [b.height > b.width for key, b in boxes.items() if len(texts.get(key, "")) > 1]
    vertical = sum(ways) * 2 >= len(ways)
    for sheet in split_fold(straight, config.enhance):
        to_sheet = sheet.to_scan.inverse()
        placed = {key: _upright(to_sheet.box(box), vertical) for key, box in boxes.items()}
        for key, box in placed.items():
            text = texts.get(key, "")
            pixels = sheet.pixels if vertical else sheet.pixels.T
            crop = _crop(pixels, box)
            size = None if crop is None else _measure_size(text, box, crop)
            if size is None or crop is None:
                continue
            gap = max(APART * size.width, _measure_gap(key, placed))
            measured.append(MeasuredLine(text, replace(size, gap=gap), measure_looks(crop)))
    return PrintMeasures(vertical, tuple(measured))


def select_measures(
    measures: Mapping[str, PrintMeasures], lines: Sequence[TrainingLine]
) -> PrintMeasures:
    """Return the measures of some lines, of those in the direction that most of their pages have.

    `measures` are those of pages by their names.
    """
    own = {(line.page, line.text) for line in lines}
    pages = {name: measures[name] for name in sorted({line.page for line in lines})}
    vertical = sum(len(m.lines) * (1 if m.vertical else -1) for m in pages.values()) >= 0
    return PrintMeasures(
        vertical,
        tuple(
            line
            for name, m in pages.items()
            if m.vertical == vertical
            for line in m.lines
            if (name, line.text) in own
        ),
    )


def _upright(box: Box, vertical: bool) -> Box:
    """Return a box on a page that is turned over its diagonal where lines are rows."""
    return box if vertical else Box(box.top, box.left, box.bottom, box.right)


def _crop(pixels: GrayImage, box: Box) -> GrayImage | None:
    """Return the pixels of a line; None where it is not wholly on this sheet."""
    left, top, right, bottom = (round(v) for v in (box.left, box.top, box.right, box.bottom))
    inside = 0 <= left < right <= pixels.shape[1] and 0 <= top < bottom <= pixels.shape[0]
    return pixels[top:bottom, left:right] if inside else None


def _measure_size(text: str, box: Box, pixels: GrayImage) -> TypeSize | None:
    """Return the size of a line's type; None where it was not found as it was printed."""
    if len(text) < FEWEST_CHARACTERS or box.width < 8:
        return None
    pitch = box.height / measure_length(text, HALF_MARK)
    if not PITCHES[0] < pitch / box.width < PITCHES[1]:
        return None
    return TypeSize(box.width, _measure_width(pixels) / INKED, pitch, 0.0)


def _measure_width(pixels: GrayImage) -> float:
    """Return how much of a line's width its own ink takes, in pixels."""
    dark = np.clip(np.percentile(pixels, 85) - pixels.astype(np.float64), 0, None).mean(axis=0)
    inked = dark > FAINT * np.percentile(dark, 75)
    middle = len(inked) // 2
    before, behind = np.flatnonzero(~inked[:middle]), np.flatnonzero(~inked[middle:])
    left = int(before[-1]) + 1 if len(before) else 0
    right = middle + int(behind[0]) if len(behind) else len(inked)
    return float(max(right - left, len(inked) / 2))


def _measure_gap(key: int, placed: dict[int, Box]) -> float:
    """Return the distance of a line's middle from that of the nearest one beside it."""
    own = placed[key]
    low, high = (share * own.width for share in GAPS)
    distances = [
        abs(other.left + other.right - own.left - own.right) / 2
        for name, other in placed.items()
        if name != key
        and min(other.bottom, own.bottom) - max(other.top, own.top) > 0.5 * own.height
    ]
    beside = [d for d in distances if low <= d <= high]
    return min(beside, default=(low + high) / 2)
