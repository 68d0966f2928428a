"""Sets texts in type: columns beside each other, or rows below each other, without any wear."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from benchmarks.synthetic.ink_wear import FINE
from benchmarks.synthetic.type_fonts import Ink, TypeFont
from newspage.geometry import Box

MARKS = frozenset("、，。．；：！？·")
"""Marks that stand at the side of their em, and may have half of one."""
TURNED = frozenset("（）「」『』〔〕【】《》〈〉—…～－()")
"""Marks that are turned by a quarter in vertical lines."""
MARGIN = 1.5
"""Paper around all lines, in ems."""
RULED, PARTED = 0.3, 0.15
"""Share of sheets with rules at the ends of their lines, and of gaps between lines with one.
Judgement: some of the strips have them, most do not."""
RULE_GAP = (0.25, 0.7)
"""Distance in ems of a rule from the ends of lines."""
MARK_SIDE, MARK_ALONG = 0.8, 0.25
"""Where the middle of a mark stands in a vertical line, in ems, across and along it."""


@dataclass(frozen=True, slots=True)
class TypeSize:
    """The size of a line's type, in pixels."""

    across: float
    """Width of the line as it is found."""
    width: float
    """Width of its type."""
    pitch: float
    """Distance of the middles of its characters."""
    gap: float
    """Distance of the middles of lines beside each other."""

    @property
    def em(self) -> float:
        """Return the size of its em."""
        return (self.width + self.pitch) / 2


@dataclass(frozen=True, slots=True, eq=False)
class SetSheet:
    """Lines set in type."""

    ink: Ink
    """`FINE` times as large as the boxes say."""
    boxes: tuple[Box, ...]
    """Of each line, in pixels."""


def measure_length(text: str, mark: float) -> float:
    """Return how long a text is in ems, each of its marks taking `mark` ems."""
    return sum(mark if c in MARKS else 1.0 for c in text)


def set_lines(
    texts: Sequence[str],
    font: TypeFont,
    size: TypeSize,
    vertical: bool,
    mark: float,
    random: np.random.Generator,
) -> SetSheet:
    """Set lines beside each other, and rules between some of them.

    Args:
        texts: The texts, all of whose characters the font has.
        font: The type.
        size: Its size and the distance of lines.
        vertical: Whether lines are columns.
        mark: Ems that a mark takes.
        random: Of the rules.
    """
    longest = max(measure_length(text, mark) for text in texts)
    margin = MARGIN * size.across
    along = round(FINE * (longest * size.pitch + 2 * margin))
    across = round(FINE * ((len(texts) - 1) * size.gap + size.across + 2 * margin))
    # The sheet is set with lines going down, and turned over its diagonal for rows.
    ink = np.zeros((along, across), np.float32)
    boxes = []
    for number, text in enumerate(texts):
        left = margin + number * size.gap
        end = _set_text(ink, text, font, size, vertical, mark, left, margin)
        boxes.append(Box(left, margin, left + size.across, end))
    _draw_rules(ink, boxes, size, random)
    if vertical:
        return SetSheet(ink, tuple(boxes))
    turned = tuple(Box(b.top, b.left, b.bottom, b.right) for b in boxes)
    return SetSheet(np.ascontiguousarray(ink.T), turned)


def _set_text(
    ink: Ink,
    text: str,
    font: TypeFont,
    size: TypeSize,
    vertical: bool,
    mark: float,
    left: float,
    top: float,
) -> float:
    """Set a text from a place on, and return where it ends; both along the line, in pixels."""
    at = top
    for character in text:
        share = mark if character in MARKS else 1.0
        drawn = font.draw_character(character)
        if drawn is not None:
            glyph = _turn_glyph(drawn, character, share) if vertical else drawn.T
            width, height = round(FINE * size.width), round(FINE * share * size.pitch)
            if character in MARKS and not vertical:
                glyph = glyph[: max(1, round(share * len(glyph)))]
            glyph = cv2.resize(glyph, (width, max(1, height)), interpolation=cv2.INTER_AREA)
            y, x = round(FINE * at), round(FINE * (left + (size.across - size.width) / 2))
            part = ink[y : y + len(glyph), x : x + width]
            np.maximum(part, glyph[: part.shape[0], : part.shape[1]], out=part)
        at += share * size.pitch
    return at


def _turn_glyph(drawn: Ink, character: str, share: float) -> Ink:
    """Return a glyph as it stands in a vertical line, on a cell of a share of its em."""
    if character in TURNED:
        return np.ascontiguousarray(np.rot90(drawn, -1))
    if character not in MARKS:
        return drawn
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    own = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    em = len(drawn)
    cell = np.zeros((max(1, round(share * em)), em), np.float32)
    # Tall marks, such as an exclamation mark, stand in the middle.
    small = max(own.shape) < em / 2
    middle = (MARK_SIDE, MARK_ALONG) if small else (0.5, share / 2)
    own = own[: len(cell)]
    y = int(np.clip(middle[1] * em - len(own) / 2, 0, len(cell) - len(own)))
    x = int(np.clip(middle[0] * em - own.shape[1] / 2, 0, em - own.shape[1]))
    cell[y : y + len(own), x : x + own.shape[1]] = own
    return cell


def _draw_rules(
    ink: Ink, boxes: Sequence[Box], size: TypeSize, random: np.random.Generator
) -> None:
    """Draw rules along some gaps between lines, and across the ends of lines on some sheets."""
    thickness = max(1, round(FINE * size.across * random.uniform(0.03, 0.09)))
    for one, other in pairwise(boxes):
        if random.random() < PARTED and other.left - one.right > 0.1 * size.across:
            x = round(FINE * (one.right + other.left) / 2)
            ink[:, x : x + thickness] = 1
    if random.random() < RULED:
        low, high = (share * size.across for share in RULE_GAP)
        for y in (
            min(b.top for b in boxes) - random.uniform(low, high),
            max(b.bottom for b in boxes) + random.uniform(low, high),
        ):
            row = max(0, round(FINE * y))
            ink[row : row + thickness] = 1
