"""Makes lines of set type that look like those of a paper, cut as newspage cuts its own.

Several lines are set beside each other on a sheet, in type of the size and at the distance of a
line of the paper, worn as that line is; then they are cut out and re-set by what reads pages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.synthetic.ink_wear import FINE, Wear, fit_wears, wear_type
from benchmarks.synthetic.print_measures import PrintMeasures
from benchmarks.synthetic.synthetic_texts import TextWriter
from benchmarks.synthetic.type_fonts import FULL, Ink, TypeFont, draw_font, find_type_fonts
from benchmarks.synthetic.type_setting import TypeSize, set_lines
from newspage.engine import Engine
from newspage.geometry import Box
from newspage.model import Direction, PageImage, Scan, TextLine
from newspage.recognise import cut_reading_strips
from newspage.training.line_texts import LabelCodec, normalise_text
from newspage.training.strip_features import FeatureComputer
from newspage.training.training_lines import TrainingLine

NAME = "synthetic"
"""What stands for the page of these lines."""
BESIDE = 6
"""Lines set on a sheet: all but two of them have neighbours at both sides."""
OFF = 0.03
"""Deviation of a found line's edges from the true ones, in ems. Judgement: newspage finds lines by
a network and moves their edges to the ink."""
MARKS = (0.5, 0.6, 1.0)
"""Ems that a mark may take, the same on a sheet."""
TRIED = 48
"""Lines of set type that wears are tried on, about five in each family."""
MET = 0.75
"""Share of the paper's lines, those that set type resembles most, that styles are taken from. The
others have pictures or other lines in them, which no wear resembles."""
LONGEST = 40
"""Characters of the longest line that is set. Judgement: longer ones are none of a newspaper's."""
TRIES = 20
"""Fonts that are tried for a text before it is given up."""


@dataclass(frozen=True, slots=True)
class LineStyle:
    """How a line is set and worn, so that it looks like one of the paper."""

    size: TypeSize
    length: int
    """Its characters."""
    wear: Wear
    font: TypeFont


@dataclass(frozen=True, slots=True)
class LineMaker:
    """A maker of synthetic lines of one paper."""

    engine: Engine
    features: FeatureComputer
    alphabet: LabelCodec
    styles: Sequence[LineStyle]
    vertical: bool
    writer: TextWriter

    def make_lines(self, count: int, seed: int) -> list[TrainingLine]:
        """Return so many lines; those of a smaller number are the first ones of a larger."""
        made: list[TrainingLine] = []
        sheet = 0
        # Of each sheet some line is usable, unless no font has the paper's characters.
        while len(made) < count and sheet < 2 * count + TRIES:
            made += self._make_sheet(np.random.default_rng([seed, sheet]))
            sheet += 1
        return made[:count]

    def _make_sheet(self, random: np.random.Generator) -> Iterator[TrainingLine]:
        """Yield the lines of a sheet."""
        style = self.styles[int(random.integers(len(self.styles)))]
        texts = self._write_texts(style, random)
        if not texts:
            return
        vertical = self.vertical
        mark = float(random.choice(MARKS)) if vertical else 1.0
        sheet = set_lines(texts, style.font, style.size, vertical, mark, random)
        pixels = wear_type(sheet.ink, style.wear, style.size.em, random)
        page = PageImage(Scan(Path(NAME), "", pixels.shape[1], pixels.shape[0]), pixels)
        way = Direction.VERTICAL if vertical else Direction.HORIZONTAL
        lines = [
            TextLine(f"l{number}", _move_edges(box, style.size, random), way)
            for number, box in enumerate(sheet.boxes)
        ]
        for text, strips in zip(texts, cut_reading_strips(lines, page, self.engine), strict=True):
            parts = self.features.compute_features(strips)
            label = self.alphabet.encode_text(text)
            if label and parts:
                yield TrainingLine(NAME, text, tuple(label), parts)

    def _write_texts(self, style: LineStyle, random: np.random.Generator) -> list[str]:
        """Return the texts of a sheet, without characters that the font lacks."""
        texts: list[str] = []
        for _ in range(TRIES):
            length = min(LONGEST, style.length)
            text = normalise_text(self.writer.write_line(length, random))[:LONGEST]
            text = "".join(c for c in text if c.isspace() or style.font.has_characters(c))
            if len(text) > 1 and not any(c.isspace() for c in text):
                texts.append(text)
            if len(texts) == BESIDE:
                break
        return texts


def make_line_maker(
    engine: Engine,
    features: FeatureComputer,
    alphabet: LabelCodec,
    measures: PrintMeasures,
    writer: TextWriter,
    seed: int,
) -> LineMaker:
    """Make a maker of lines in the style of those of a paper's that set type resembles most.

    Ends the program where no font with old type is installed.
    """
    fonts = find_type_fonts()
    random = np.random.default_rng([seed, len(measures.lines)])
    columns: list[tuple[Ink, float]] = []
    used: list[TypeFont] = []
    while len(columns) < TRIED:
        size = measures.lines[random.integers(len(measures.lines))].size
        font = draw_font(fonts, random)
        text = "".join(c for c in writer.write_line(8, random) if font.has_characters(c)) or FULL
        columns.append((_set_middle_line(text[:12], font, size, random), size.em))
        used.append(font)
    looks = fit_wears(np.array([line.looks for line in measures.lines]), columns, random)
    most = float(np.quantile([look.off for look in looks], MET))
    styles = [
        LineStyle(line.size, len(line.text), look.wear, used[look.column])
        for line, look in zip(measures.lines, looks, strict=True)
        if look.off <= most
    ]
    return LineMaker(engine, features, alphabet, styles, measures.vertical, writer)


def _set_middle_line(text: str, font: TypeFont, size: TypeSize, random: np.random.Generator) -> Ink:
    """Return a line that goes down, with what reaches into it of the same one at both sides."""
    sheet = set_lines([text] * 3, font, size, True, MARKS[1], random)
    box = sheet.boxes[1]
    left, top, right, bottom = (round(FINE * v) for v in (box.left, box.top, box.right, box.bottom))
    return sheet.ink[top:bottom, left:right]


def _move_edges(box: Box, size: TypeSize, random: np.random.Generator) -> Box:
    """Return a box with its edges off by as much as those of a line that was found."""
    off = OFF * size.across * random.standard_normal(4)
    return Box(box.left + off[0], box.top + off[1], box.right + off[2], box.bottom + off[3])
