"""Which way up a page is, is read from single glyphs, whatever the direction of its lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from newspage.config import EnhanceConfig
from newspage.engine import FoundLine, Reading
from newspage.enhance import enhance_page
from newspage.enhance.orientation import measure_orientation
from newspage.lattice import Lattice
from newspage.model import GrayImage
from tests.sheets import page_of

EM = 24
COLUMNS = 22


def wedges(rows: int, columns: int = COLUMNS) -> GrayImage:
    """A page of glyphs whose ink is heavy at the top left: black wedges with a frame."""
    cell = np.full((EM, EM), 255, np.uint8)
    cell[2:22, 2:22] = np.where(np.add.outer(np.arange(20), np.arange(20)) < 14, 0, 255)
    cell[2:22, 20:22] = cell[20:22, 2:22] = 0
    pitch = np.full((EM + 14, EM), 255, np.uint8)
    pitch[:EM] = cell
    return np.pad(np.tile(pitch, (rows, columns)), 60, constant_values=255)


@dataclass
class Reader:
    """An engine that reads wedges that are heavy at the top left, and perhaps lying ones."""

    lying: float = 0.0
    upright: float = 0.95
    strips: int = 0

    name = "wedges"
    characters = ("",)

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        raise AssertionError("orientation asks for no lines")

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        self.strips += len(strips)
        return [self._read(strip) for strip in strips]

    def _read(self, strip: GrayImage) -> Reading:
        side = strip.shape[0]
        glyphs = [strip[:, i : i + side] for i in range(0, strip.shape[1], side)]
        confidences = np.array([self._confidence(g) for g in glyphs], np.float32)
        spans = np.zeros((len(glyphs), 2), np.float32)
        empty = Lattice(
            np.zeros((0, 1), np.int32), np.zeros((0, 1), np.float16), np.zeros(0, np.float32)
        )
        return Reading(tuple("字" * len(glyphs)), confidences, spans, empty)

    def _confidence(self, glyph: GrayImage) -> float:
        half = glyph.shape[0] // 2
        corners = (
            glyph[:half, :half],
            glyph[:half, -half:],
            glyph[-half:, -half:],
            glyph[-half:, :half],
        )
        heaviest = int(np.argmin([c.mean() for c in corners]))
        return (self.upright, 0.05, 0.05, self.lying)[heaviest]


@pytest.mark.parametrize("lying", [0.0, 0.9])
@pytest.mark.parametrize("turned", [0, 1, 2, 3])
def test_a_turned_page_is_set_upright(turned: int, lying: float) -> None:
    """Also where the recogniser reads glyphs that lie on their side as well as upright ones."""
    page = wedges(12)
    scan = np.ascontiguousarray(np.rot90(page, turned))
    config = EnhanceConfig(deskew=False, dewarp=False, soften=False)
    done = enhance_page(page_of(scan), config, Reader(lying))
    assert done.report.turned == 90 * turned
    np.testing.assert_array_equal(done.image.pixels, page)


def test_the_direction_of_lines_does_not_matter() -> None:
    """Upright glyphs in upright columns are upright: a vertical page is not turned."""
    page = wedges(12)
    columns = np.pad(
        np.tile(np.pad(page[60:84, 60:84], ((0, 0), (0, 14)), constant_values=255), (20, 12)),
        60,
        constant_values=255,
    )
    assert measure_orientation(columns, EM, Reader(lying=0.9)).quarters == 0


def test_a_page_that_cannot_be_read_stays() -> None:
    """No way up is read well: none is believed."""
    reader = Reader(upright=0.2)
    scan = np.ascontiguousarray(np.rot90(wedges(12), 2))
    assert measure_orientation(scan, EM, reader).quarters == 0


def test_a_narrow_lead_is_not_enough() -> None:
    """Turning a page needs a clear verdict."""
    scan = np.ascontiguousarray(np.rot90(wedges(12), 1))
    assert measure_orientation(scan, EM, Reader(upright=0.12)).quarters == 0


def test_little_is_read() -> None:
    """A few glyphs four ways, however long the page: upright pages pay little."""
    reader = Reader()
    found = measure_orientation(wedges(40), EM, reader)
    assert reader.strips <= 12
    assert found.quarters == 0
    assert len(found.scores) == 4


def test_without_glyphs_nothing_is_read() -> None:
    """A page with too few whole characters keeps its place."""
    reader = Reader()
    assert measure_orientation(wedges(1, 3), EM, reader).scores == ()
    assert reader.strips == 0


@pytest.mark.parametrize("turn", ["0", "90", "180", "270"])
def test_the_settings_can_say_how_to_turn(turn: str) -> None:
    """Then nothing is read."""
    reader = Reader()
    config = EnhanceConfig(turn=turn, deskew=False, dewarp=False)  # type: ignore[arg-type]
    done = enhance_page(page_of(wedges(12)), config, reader)
    assert (done.report.turned, reader.strips) == (int(turn), 0)
