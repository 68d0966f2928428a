"""Detection as a whole, with an engine that answers what the test tells it."""

from pathlib import Path

import numpy as np
import pytest

from newspage.config import DetectConfig
from newspage.detect import detect_lines
from newspage.geometry import Box, turn_box_back, union_boxes
from newspage.model import Detection, Direction, GrayImage, PageImage, Scan
from tests.prints import EM, PITCH, Finder, column, frame, halftone, meets, rule, sheet, text


def detected(page: GrayImage, rows: list[Box], config: DetectConfig | None = None) -> Detection:
    """What is on the page, where the engine finds these rows."""
    height, width = page.shape
    image = PageImage(Scan(Path("print.png"), "", width, height), page)
    return detect_lines(image, Finder([rows]), config or DetectConfig())


def test_a_page_with_everything() -> None:
    """Lines, a rule, a frame, a panel and a picture are told apart."""
    page = sheet(1400, 1000)
    rows = column(page, 50, 60, 16, 24)
    rule(page, 470, 60, 470, 860)
    framed, panel, picture = (
        Box(500, 60, 900, 400),
        Box(940, 60, 1340, 400),
        Box(500, 500, 900, 900),
    )
    frame(page, framed)
    rows += column(page, 530, 100, 14, 7)
    page[60:400, 940:1340] = 40
    rows += [text(page, 980, 100 + PITCH * i, 12, ink=245) for i in range(7)]
    halftone(page, picture)
    made = detected(page, rows)
    assert meets([line.box for line in made.lines], rows)
    assert meets(made.frames, [framed])
    assert meets(made.panels, [panel])
    assert meets(made.pictures, [picture])
    assert any(r.vertical and abs(r.box.center[0] - 470) < 4 for r in made.separators)
    assert {line.box.left > 930 for line in made.lines if line.reversed} == {True}
    assert sum(line.reversed for line in made.lines) == 7


def test_the_edge_of_a_panel_lengthens_no_rule() -> None:
    """A table beside a panel of the same height keeps its uppermost row."""
    page = sheet(1400, 700)
    rows = column(page, 50, 60, 20, 10)
    for y in range(440, 641, 50):
        rule(page, 60, y, 640, y)
    for x in (60, 250, 440, 640):
        rule(page, x, 440, x, 640)
    rows += [text(page, x, y, 3) for x in (80, 270, 460) for y in range(453, 640, 50)]
    page[438:642, 678:1302] = 40
    rows += [text(page, 720, 480 + PITCH * i, 12, ink=245) for i in range(3)]
    made = detected(page, rows)
    assert meets(made.tables, [Box(60, 440, 640, 640)], 0.95)


def test_lines_have_names_of_their_own() -> None:
    """From the top of the page down; none of them has been read."""
    page = sheet()
    made = detected(page, column(page, 50, 60, 16, 12)[::-1])
    assert len({line.id for line in made.lines}) == 12
    tops = [line.box.top for line in made.lines]
    assert tops == sorted(tops)
    assert not any(line.glyphs for line in made.lines)


def test_nothing_found() -> None:
    """An empty page has nothing."""
    assert detected(sheet(), []) == Detection(())


def test_vertical_text() -> None:
    """Columns are cut and mended as rows are, in a turned picture."""
    flat = sheet(1000, 1000)
    left, right = column(flat, 50, 60, 12, 16), column(flat, 50 + 13 * EM, 60, 12, 16)
    page = np.ascontiguousarray(np.rot90(flat, -1))
    truth = [turn_box_back(b, page.shape[1]) for b in (*left, *right)]
    made = detected(page, truth)
    assert meets([line.box for line in made.lines], truth)
    assert {line.direction for line in made.lines} == {Direction.VERTICAL}


@pytest.mark.parametrize("direction", ["auto", "horizontal", "vertical"])
def test_a_single_character_follows_the_page(direction: str) -> None:
    """Its shape does not tell, unless a person did."""
    page = sheet()
    rows = [*column(page, 50, 60, 16, 8), text(page, 700, 400, 1)]
    config = DetectConfig(direction)  # type: ignore[arg-type]
    made = detected(page, rows, config)
    single = max(made.lines, key=lambda line: line.box.left)
    down = direction == "vertical"
    assert single.direction is (Direction.VERTICAL if down else Direction.HORIZONTAL)


@pytest.mark.parametrize("direction", ["horizontal", "vertical"])
def test_text_that_was_found_to_run_the_other_way_is_cut_anew(direction: str) -> None:
    """Type on a grid can be seen as rows or as columns; a person knows."""
    page = sheet()
    rows = [text(page, 50, 60 + (EM + 4) * i, 12) for i in range(11)]
    block = union_boxes(rows)
    columns = [
        Box(block.left + EM * i, block.top, block.left + EM * (i + 1), block.bottom)
        for i in range(12)
    ]
    config = DetectConfig(direction)  # type: ignore[arg-type]
    made = detected(page, columns if direction == "horizontal" else rows, config)
    assert {line.direction.value for line in made.lines} == {direction}
    assert len(made.lines) == (11 if direction == "horizontal" else 12)
