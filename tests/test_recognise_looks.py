"""What was not read surely is looked at again, and the surest look counts."""

from collections.abc import Sequence

import numpy as np

from newspage.engine import Reading
from newspage.model import GrayImage
from newspage.recognise.augmentation import (
    make_blur,
    mean_confidence,
    read_with_augmentation,
    sharpen_strip,
    thin_strokes,
)
from tests.toy_engine import ToyEngine, reading_of


class Pretender(ToyEngine):
    """Says how bright a strip is, and is as sure as it is bright."""

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        self.strips += strips
        return [self._read(strip) for strip in strips]

    def _read(self, strip: GrayImage) -> Reading:
        return reading_of(["甲"], [(0, 1)], [float(strip.mean()) / 255])


def gray(level: int) -> GrayImage:
    """A strip of one gray."""
    return np.full((20, 60), level, np.uint8)


def test_the_surest_look_counts() -> None:
    """Brighter is surer here; the dimmed look is forgotten."""
    looks = (lambda s: s // 2, lambda s: s + 40)
    (reading,) = read_with_augmentation([gray(150)], looks, Pretender())
    assert mean_confidence(reading) == np.float32(190 / 255)


def test_what_is_sure_is_read_once() -> None:
    """Only doubtful strips are asked about again."""
    engine = Pretender()
    readings = read_with_augmentation([gray(250), gray(100)], (sharpen_strip, thin_strokes), engine)
    assert len(engine.strips) == 4
    assert mean_confidence(readings[0]) > 0.97


def test_looks_keep_what_stands_where() -> None:
    """A look changes gray values; every stroke stays at its share of the strip."""
    strip = gray(230)
    strip[4:16, 40:50] = 30
    for look in (make_blur(0.03), sharpen_strip, thin_strokes):
        seen = look(strip)
        xs = np.flatnonzero(seen.mean(axis=0) < seen.mean()) / seen.shape[1]
        assert abs(xs.mean() - 45 / 60) < 0.02


def test_thinned_makes_grays_lighter() -> None:
    """Ink stays ink, paper stays paper, what is between moves to the paper."""
    strip = np.repeat(np.array([[20, 120, 220, 220, 220, 220]], np.uint8), 12, axis=0)
    seen = thin_strokes(strip)
    assert seen[0, 0] == 0
    assert seen[0, -1] == 255
    assert seen[0, 1] > 140
    assert thin_strokes(np.zeros((0, 5), np.uint8)).size == 0
