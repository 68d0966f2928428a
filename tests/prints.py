"""Printed pages for the tests of detection: made-up characters, rules and areas on white paper."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from newspage.engine import FoundLine, Reading
from newspage.geometry import Box
from newspage.model import GrayImage

EM = 24
PITCH = 34
INK, PAPER = 30, 245


def sheet(width: int = 1000, height: int = 800, paper: int = PAPER) -> GrayImage:
    """White paper."""
    return np.full((height, width), paper, np.uint8)


def character(page: GrayImage, x: int, y: int, em: int = EM, ink: int = INK) -> None:
    """A square, open at a side that changes from one to the next, with a stroke through it."""
    inset, stroke = max(2, em // 6), max(2, em // 12)
    a, b = inset, em - 1 - inset
    sides = [((a, a), (b, a)), ((b, a), (b, b)), ((b, b), (a, b)), ((a, b), (a, a))]
    sides.pop((x // em + y // em) % 4)
    for p, q in (*sides, ((a, em // 2), (b, em // 2)), ((em // 2, a), (em // 2, b))):
        cv2.line(page, (x + p[0], y + p[1]), (x + q[0], y + q[1]), ink, stroke)


def text(page: GrayImage, x: int, y: int, count: int, em: int = EM, ink: int = INK) -> Box:
    """A row of characters; its box as a finder would see it, a little thicker than the em."""
    for i in range(count):
        character(page, x + i * em, y, em, ink)
    return Box(x, y - 1, x + count * em, y + em + 1)


def column(page: GrayImage, x: int, y: int, count: int, rows: int) -> list[Box]:
    """Rows of text one below the other."""
    return [text(page, x, y + PITCH * i, count) for i in range(rows)]


def comma(page: GrayImage, x: int, y: int, em: int = EM) -> None:
    """A mark in the lower left of its cell."""
    cv2.rectangle(page, (x + 2, y + em - 8), (x + 6, y + em - 2), INK, -1)


def rule(page: GrayImage, x0: int, y0: int, x1: int, y1: int, thick: int = 2) -> None:
    """A printed rule."""
    cv2.line(page, (x0, y0), (x1, y1), INK, thick)


def frame(page: GrayImage, box: Box) -> None:
    """A printed frame."""
    x0, y0, x1, y1 = (int(v) for v in (box.left, box.top, box.right, box.bottom))
    cv2.rectangle(page, (x0, y0), (x1, y1), INK, 2)


def halftone(page: GrayImage, box: Box, seed: int = 0) -> None:
    """A photograph: grey areas of any shade."""
    x0, y0, x1, y1 = (int(v) for v in (box.left, box.top, box.right, box.bottom))
    coarse = np.random.default_rng(seed).integers(
        60, 190, ((y1 - y0) // 30 + 1, (x1 - x0) // 30 + 1)
    )
    grey = cv2.resize(coarse.astype(np.uint8), (x1 - x0, y1 - y0), interpolation=cv2.INTER_CUBIC)
    page[y0:y1, x0:x1] = grey


def overlap(a: Box, b: Box) -> float:
    """Shared area over the area of both."""
    shared = a.intersection(b)
    common = shared.area if shared else 0.0
    return common / (a.area + b.area - common)


def meets(found: Sequence[Box], truth: Sequence[Box], least: float = 0.8) -> bool:
    """Whether each box of the truth was found, and nothing else."""
    return len(found) == len(truth) and all(
        any(overlap(f, t) >= least for f in found) for t in truth
    )


@dataclass
class Finder:
    """An engine that finds what it is told to find: `answers` one after the other, then nothing."""

    answers: list[list[Box]]
    seen: list[GrayImage] = field(default_factory=list)
    name: str = "finder 1.0"
    characters: Sequence[str] = ("",)

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        """The next answer."""
        self.seen.append(image)
        boxes = self.answers.pop(0) if self.answers else []
        return found(boxes)

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        """It cannot read."""
        raise NotImplementedError


def found(boxes: Sequence[Box]) -> list[FoundLine]:
    """Boxes as an engine answers them."""
    return [FoundLine(box.polygon, 0.9) for box in boxes]
