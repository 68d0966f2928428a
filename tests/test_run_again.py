"""Lines are read again as they were read first, with what is asked for in their lattices."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from newspage.config import RecogniseConfig
from newspage.engine import Engine, Reading
from newspage.engine.recorded import RecordingEngine
from newspage.geometry import Box
from newspage.lattice import Lattice
from newspage.model import Direction, GrayImage, PageImage, Scan, TextLine
from newspage.page.rereading import MOST, LineRereader, ScanRereader
from newspage.recognise import recognise_lines
from tests.toy_engine import EM, PITCH, ToyEngine, draw

CONFIG = RecogniseConfig()


class CloseEngine(ToyEngine):
    """Keeps what it is asked for, with a probability that tells of its class."""

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        return [_with(r, also) for r in super().read_lines(strips)]


def _with(reading: Reading, also: Sequence[int]) -> Reading:
    old = reading.lattice
    wanted = np.tile(np.array(also, np.int32), (len(old.classes), 1))
    lattice = Lattice(
        np.concatenate([old.classes, wanted], axis=1),
        np.concatenate([old.log_probs, -20.0 - wanted], axis=1).astype(np.float16),
        old.positions,
    )
    return replace(reading, lattice=lattice)


def pages(engine: Engine, vertical: bool = False) -> LineRereader:
    """A page of two lines, read."""
    pixels = np.full((500, 500), 235, np.uint8)
    lines = []
    for number, text in enumerate(("甲乙丙", "丁乙甲")):
        for i, t in enumerate(text):
            across, along = 60 + 200 * number, 60 + PITCH * i
            draw(pixels, *((across, along) if vertical else (along, across)), t)
        side, length = 60 + 200 * number, PITCH * 2 + EM
        box = Box(60, side - 2, 60 + length, side + EM + 2)
        direction = Direction.HORIZONTAL
        if vertical:
            box = Box(side - 2, 60, side + EM + 2, 60 + length)
            direction = Direction.VERTICAL
        lines.append(TextLine(f"l{number}", box, direction))
    image = PageImage(Scan(Path("p.png"), "0", 500, 500), pixels)
    return LineRereader(lines, recognise_lines(lines, image, engine, CONFIG), image, engine, CONFIG)


@pytest.mark.parametrize("vertical", [False, True])
def test_a_line_is_read_on_the_same_strips(vertical: bool) -> None:
    """Its strips are those of the first reading, and so is the rest of the lattice."""
    engine = CloseEngine()
    again = pages(engine, vertical)
    first = len(engine.strips)
    line = again.read[1]
    lattice = again(line, frozenset({3}))
    assert lattice is not None
    assert line.lattice is not None
    assert (lattice.classes == 3).any(axis=1).all()
    best = line.lattice.classes.shape[1]
    assert np.array_equal(lattice.classes[:, :best], line.lattice.classes)
    assert np.array_equal(lattice.positions, line.lattice.positions)
    known = [s.tobytes() for s in engine.strips[:first]]
    assert all(s.tobytes() in known for s in engine.strips[first:])


def test_a_line_that_the_layout_changed_is_left_alone() -> None:
    """It has no strip of its own."""
    again = pages(CloseEngine())
    longer = replace(again.read[0], glyphs=again.read[0].glyphs + again.read[1].glyphs)
    assert again(longer, frozenset({3})) is None
    assert again(replace(again.read[0], id="l9"), frozenset({3})) is None
    assert again.count == 0


def test_so_many_lines_are_read_again_and_no_more() -> None:
    """What it costs is bounded, whatever the page is like."""
    again = pages(CloseEngine())
    answers = [again(again.read[0], frozenset({3})) for _ in range(MOST + 5)]
    assert sum(a is not None for a in answers) == again.count == MOST


def test_each_page_of_a_scan_has_its_own_lines() -> None:
    """Lines of facing pages bear the same identifiers behind their prefixes."""
    first, second = pages(CloseEngine()), pages(CloseEngine())
    scan = ScanRereader((first, second), ("1-", "2-"))
    line = replace(second.read[1], id="2-l1")
    assert scan(line, frozenset({3})) is not None
    assert (first.count, second.count, scan.count) == (0, 1, 1)
    assert scan(replace(line, id="l1"), frozenset({3})) is None


def test_a_recording_knows_what_was_read_again() -> None:
    """It answers the second question as it was answered, and the first one too."""
    engine = RecordingEngine(CloseEngine())
    again = pages(engine)
    lattice = again(again.read[0], frozenset({4}))
    replayed = pages(engine.make_recorded())
    assert [x.text for x in replayed.read] == [x.text for x in again.read]
    once_more = replayed(replayed.read[0], frozenset({4}))
    assert lattice is not None
    assert once_more is not None
    assert np.array_equal(lattice.classes, once_more.classes)
    assert np.array_equal(lattice.log_probs, once_more.log_probs)
