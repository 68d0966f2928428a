"""Strips are glanced at, and what is doubtful then is read as it is."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engine.glance import ROWS, SAMPLE, least_sure, read_at_a_glance, small
from pipeline.engine.models import HEIGHT
from pipeline.model import GrayImage, Lattice


def lattice(*steps: tuple[int, float]) -> Lattice:
    """Best class and probability of each step."""
    classes = np.array([[c] for c, _ in steps], np.int32)
    log_probs = np.log(np.array([[p] for _, p in steps])).astype(np.float16)
    return Lattice(classes, log_probs, np.linspace(0, 1, len(steps), dtype=np.float32))


class Reader:
    """Sees the gray of a strip as its class; from 100 on it is not sure of it at a glance."""

    def __init__(self) -> None:
        self.glanced: list[int] = []
        self.read: list[int] = []

    def glance(self, strips: Sequence[GrayImage]) -> list[Lattice]:
        """Strips of ROWS rows."""
        assert {len(s) for s in strips} <= {ROWS}
        grays = [int(s.min()) for s in strips]
        self.glanced += grays
        return [lattice((g, 0.6 if g >= 100 else 0.99)) for g in grays]

    def look(self, strips: Sequence[GrayImage]) -> list[Lattice]:
        """Strips of HEIGHT rows, read with certainty."""
        assert {len(s) for s in strips} <= {HEIGHT}
        grays = [int(s.min()) for s in strips]
        self.read += grays
        return [lattice((g, 1.0)) for g in grays]


def strips(grays: Sequence[int]) -> list[GrayImage]:
    """A strip of each gray."""
    return [np.full((HEIGHT, 60), g, np.uint8) for g in grays]


@given(st.lists(st.integers(1, 250), max_size=40))
def test_every_strip_is_answered_in_its_place(grays: list[int]) -> None:
    """Whether at a glance or by a closer look; none is read closely twice."""
    reader = Reader()
    read = read_at_a_glance(strips(grays), reader.glance, reader.look)
    assert [int(r.classes[0, 0]) for r in read] == grays
    assert sorted(reader.glanced) == sorted(grays) or reader.read == grays
    assert all(np.exp(float(r.log_probs[0, 0])) > 0.98 for r in read)


def test_only_doubtful_strips_are_read_closely() -> None:
    """One in twenty."""
    grays = [50] * 20
    grays[3] = 120
    reader = Reader()
    read_at_a_glance(strips(grays), reader.glance, reader.look)
    assert reader.read == [120]


def test_worn_print_is_read_closely_at_once() -> None:
    """A sample tells; the rest of it is not glanced at."""
    reader = Reader()
    read_at_a_glance(strips([120] * 20), reader.glance, reader.look)
    assert len(reader.glanced) == -(-20 // SAMPLE)
    assert len(reader.read) == 20


def test_a_strip_is_as_sure_as_its_most_doubtful_character() -> None:
    """A character counts at its surest step, blanks do not count; an empty strip is unsure."""
    assert least_sure(lattice((0, 0.5), (7, 0.6), (7, 0.99), (0, 0.9))) > 0.98
    assert abs(least_sure(lattice((7, 0.99), (0, 0.9), (8, 0.6), (8, 0.7))) - 0.7) < 0.01
    assert least_sure(lattice((0, 0.99), (0, 0.99))) == 0


def test_a_small_strip_keeps_what_stands_between_the_paper() -> None:
    """Glyphs of two thirds of the height lose nothing; they are scaled alike both ways."""
    strip = np.full((HEIGHT, 96), 255, np.uint8)
    strip[9:39, 30:60] = 0
    seen = small(strip)
    rows, columns = (np.flatnonzero((seen < 128).any(axis=a)) for a in (1, 0))
    assert seen.shape == (ROWS, 82)
    assert (seen[[0, -1]] > 200).all()
    assert abs(len(rows) - len(columns)) <= 1
