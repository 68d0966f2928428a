"""Lines are read in their direction, and every glyph knows where it stands."""

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.config import RecogniseConfig
from newspage.geometry import Box, bound_points
from newspage.model import Direction, GrayImage, PageImage, Scan, TextLine
from newspage.recognise import recognise_lines
from tests.toy_engine import EM, PITCH, SilentEngine, ToyEngine, draw

CONFIG = RecogniseConfig()
TEXTS = st.text("甲乙丙丁", min_size=3, max_size=9)


def page_of(pixels: GrayImage) -> PageImage:
    """A page image of its own."""
    scan = Scan(Path("p.png"), "0", pixels.shape[1], pixels.shape[0])
    return PageImage(scan, pixels)


def row(page: GrayImage, x: int, y: int, text: str, ink: int = 20) -> Box:
    """A horizontal line drawn; its box."""
    for i, t in enumerate(text):
        draw(page, x + PITCH * i, y, t, ink)
    return Box(x, y - 2, x + PITCH * (len(text) - 1) + EM, y + EM + 2)


def column(page: GrayImage, x: int, y: int, text: str) -> Box:
    """A vertical line drawn; its box."""
    for i, t in enumerate(text):
        draw(page, x, y + PITCH * i, t)
    return Box(x - 2, y, x + EM + 2, y + PITCH * (len(text) - 1) + EM)


def paper(width: int = 700, height: int = 700) -> GrayImage:
    """An empty page."""
    return np.full((height, width), 235, np.uint8)


def read_one(pixels: GrayImage, line: TextLine, engine: ToyEngine | None = None) -> TextLine:
    """The line, read."""
    return recognise_lines([line], page_of(pixels), engine or ToyEngine(), CONFIG)[0]


@settings(max_examples=15, deadline=None)
@given(TEXTS)
def test_a_row_is_read_from_left_to_right(text: str) -> None:
    """Glyph boxes lie where the glyphs were printed."""
    pixels = paper()
    box = row(pixels, 60, 100, text)
    line = read_one(pixels, TextLine("l", box, Direction.HORIZONTAL))
    assert line.text == text
    for i, glyph in enumerate(line.glyphs):
        assert abs(glyph.box.center[0] - (60 + PITCH * i + EM / 2)) < 6
        assert glyph.box.top == pytest.approx(box.top, abs=1)


@settings(max_examples=15, deadline=None)
@given(TEXTS)
def test_a_column_is_read_from_top_to_bottom(text: str) -> None:
    """Glyphs follow each other downwards, and the em is their pitch."""
    pixels = paper()
    box = column(pixels, 300, 60, text)
    line = read_one(pixels, TextLine("l", box, Direction.VERTICAL))
    assert line.text == text
    centers = [glyph.box.center[1] for glyph in line.glyphs]
    assert centers == pytest.approx(
        [60 + PITCH * i + EM / 2 for i in range(len(text))], abs=PITCH / 4
    )
    assert line.size == pytest.approx(PITCH, rel=0.12)


def test_a_mark_in_the_middle_of_its_cell_is_read() -> None:
    """Marks of vertical setting count as characters like any other."""
    pixels = paper()
    box = column(pixels, 300, 60, "甲乙、丙丁、甲")
    line = read_one(pixels, TextLine("l", box, Direction.VERTICAL))
    assert line.text == "甲乙、丙丁、甲"


def test_a_mark_is_set_into_its_corner() -> None:
    """Re-set, a mark stands at the lower left of its cell, where horizontal print has it."""
    pixels = paper()
    box = column(pixels, 300, 60, "甲、乙")
    engine = ToyEngine()
    read_one(pixels, TextLine("l", box, Direction.VERTICAL), engine)
    reset = engine.strips[-1]
    third = reset.shape[1] // 3
    ys, xs = np.nonzero(reset[:, third : 2 * third] < 100)
    assert ys.mean() > 0.6 * reset.shape[0]
    assert xs.mean() < 0.4 * third


def test_white_on_black_is_turned_over() -> None:
    """An engine sees dark print on light paper only."""
    pixels = np.full((300, 700), 15, np.uint8)
    box = row(pixels, 60, 100, "甲丙乙", ink=240)
    line = read_one(pixels, TextLine("l", box, Direction.HORIZONTAL, reversed=True))
    assert line.text == "甲丙乙"


def test_right_to_left_comes_in_reading_order() -> None:
    """The first glyph is the rightmost; the lattice runs the same way."""
    pixels = paper()
    box = row(pixels, 60, 100, "甲乙丙")
    line = read_one(pixels, TextLine("l", box, Direction.HORIZONTAL_RTL))
    assert line.text == "丙乙甲"
    assert line.glyphs[0].box.left > line.glyphs[-1].box.left
    assert line.lattice is not None
    assert (np.diff(line.lattice.positions) >= 0).all()
    best = line.lattice.classes[:, 0]
    assert best[best > 0].tolist() == [3, 2, 1]


@pytest.mark.parametrize("vertical", [False, True])
def test_a_slanting_line_is_turned_upright(vertical: bool) -> None:
    """Its glyph boxes lie on the slant of the page."""
    pixels = paper()
    text = "甲乙丙丁甲"
    box = column(pixels, 300, 100, text) if vertical else row(pixels, 100, 300, text)
    matrix = cv2.getRotationMatrix2D((350, 350), 4, 1)
    slanting = cv2.warpAffine(pixels, matrix, (700, 700), borderValue=235)
    polygon = tuple(
        (float(x), float(y)) for x, y in cv2.transform(np.array([box.polygon]), matrix)[0]
    )
    xs, ys = zip(*polygon, strict=True)
    around = Box(min(xs), min(ys), max(xs), max(ys))
    direction = Direction.VERTICAL if vertical else Direction.HORIZONTAL
    line = read_one(slanting, TextLine("l", around, direction, polygon))
    assert line.text == text
    (x0, y0), (x1, y1) = line.glyphs[0].box.center, line.glyphs[-1].box.center
    angle = math.degrees(math.atan2(x1 - x0, y1 - y0) if vertical else math.atan2(y0 - y1, x1 - x0))
    assert angle == pytest.approx(4, abs=1.5)


def test_no_line_is_dropped() -> None:
    """A line in which nothing can be read comes back without glyphs, at its place."""
    lines = [
        TextLine("a", Box(10, 10, 100, 40), Direction.HORIZONTAL),
        TextLine("b", Box(10, 50, 40, 300), Direction.VERTICAL),
        TextLine("c", Box(690, 690, 700, 700), Direction.HORIZONTAL),
    ]
    read = recognise_lines(lines, page_of(paper()), SilentEngine(), CONFIG)
    assert [line.id for line in read] == ["a", "b", "c"]
    assert all(not line.glyphs for line in read)
    assert recognise_lines([], page_of(paper()), SilentEngine(), CONFIG) == ()


@pytest.mark.parametrize("slant", [0, 4], ids=["upright", "slanting"])
@pytest.mark.parametrize("vertical", [False, True], ids=["horizontal", "vertical"])
def test_a_thick_line_is_read_in_few_pixels(vertical: bool, slant: float) -> None:
    """However often a look at it is taken; its glyphs and its size are those on the page."""
    pixels = paper()
    text = "甲乙丙丁甲"
    small = column(pixels, 300, 100, text) if vertical else row(pixels, 100, 300, text)
    times = 8
    huge = cv2.resize(pixels, None, fx=times, fy=times, interpolation=cv2.INTER_NEAREST)
    matrix = cv2.getRotationMatrix2D((350 * times, 350 * times), slant, 1)
    huge = cv2.warpAffine(huge, matrix, huge.shape[::-1], borderValue=235)
    corners = times * np.array([small.polygon])
    polygon = tuple((float(x), float(y)) for x, y in cv2.transform(corners, matrix)[0])
    direction = Direction.VERTICAL if vertical else Direction.HORIZONTAL
    line = TextLine("l", bound_points(polygon), direction, polygon)
    engine = ToyEngine(confidence=0.5)
    (read,) = recognise_lines([line], page_of(huge), engine, CONFIG)
    assert read.text == text
    assert max(strip.shape[0] for strip in engine.strips) < 400
    assert read.size == pytest.approx(times * PITCH, rel=0.12)
    centers = [np.array(glyph.box.center) for glyph in read.glyphs]
    x, y = (100, 300) if not vertical else (300, 100)
    step = np.array([0, PITCH] if vertical else [PITCH, 0])
    for i, center in enumerate(centers):
        printed = times * (np.array([x + EM / 2, y + EM / 2]) + i * step)
        expected = cv2.transform(printed[None, None], matrix)[0, 0]
        assert np.abs(center - expected).max() < times * PITCH / 4


def test_a_line_over_the_page_border_is_read() -> None:
    """What sticks out of the page is taken for paper."""
    pixels = paper(300, 200)
    box = row(pixels, 0, 150, "甲乙丙")
    line = read_one(pixels, TextLine("l", box.grown(6), Direction.HORIZONTAL))
    assert line.text == "甲乙丙"


def test_a_rule_below_a_column_is_no_glyph() -> None:
    """A printed rule that a column's box reaches stays out of its strip."""
    pixels = paper()
    box = column(pixels, 300, 60, "甲乙丙")
    cv2.line(pixels, (0, int(box.bottom) + 5), (700, int(box.bottom) + 5), 20, 3)
    reaching = Box(box.left, box.top, box.right, box.bottom + 8)
    line = read_one(pixels, TextLine("l", reaching, Direction.VERTICAL))
    assert line.text == "甲乙丙"


def test_turned_only_asks_once() -> None:
    """Without re-setting, a sure column is read a single time."""
    pixels = paper()
    box = column(pixels, 300, 60, "甲乙丙")
    engine = ToyEngine()
    config = RecogniseConfig(vertical="turned")
    (line,) = recognise_lines(
        [TextLine("l", box, Direction.VERTICAL)], page_of(pixels), engine, config
    )
    assert line.text == "甲乙丙"
    assert len(engine.strips) == 1
