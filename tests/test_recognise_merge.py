"""Of two readings of a column the surer one counts, glyph by glyph."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from newspage.lattice import Lattice
from newspage.recognise.merge import ColumnReading, merge_readings
from tests.toy_engine import reading_of

CHARACTERS = ("", *"甲乙丙丁、「一")


def version(text: str, sure: list[float], cells: int = 0) -> ColumnReading:
    """A reading of a column with a glyph a cell; `_` leaves a cell empty."""
    count = cells or len(text)
    places = [(i, t) for i, t in enumerate(text) if t != "_"]
    reading = reading_of(
        [t for _, t in places],
        [((i + 0.2) / count, (i + 0.8) / count) for i, _ in places],
        [sure[i] for i, _ in places],
        CHARACTERS,
    )
    return ColumnReading(reading, np.linspace(0, 1, count + 1))


def text_of(a: ColumnReading, b: ColumnReading) -> str:
    """The merged text."""
    return "".join(glyph.text for glyph in merge_readings(a, b)[0])


def best_path(lattice: Lattice) -> str:
    """What a greedy decoder reads in a lattice."""
    best = lattice.classes[:, 0]
    kept = best[np.flatnonzero(np.diff(best, prepend=-1))]
    return "".join(CHARACTERS[c] for c in kept if c)


def test_the_surer_reading_of_a_glyph_counts() -> None:
    """Cell by cell, not line by line."""
    turned = version("甲乙", [0.9, 0.4])
    reset = version("丙丁", [0.5, 0.8])
    assert text_of(turned, reset) == "甲丁"


def test_the_turned_reading_wins_ties() -> None:
    """A column badly cut makes the re-set reading sure of nonsense."""
    assert text_of(version("甲", [0.8]), version("乙", [0.85])) == "甲"


def test_marks_seen_re_set_only_are_believed() -> None:
    """Turned, a mark in the middle of its cell is often overlooked."""
    turned = version("甲_乙", [0.9, 0, 0.9])
    assert text_of(turned, version("甲、乙", [0.9, 0.9, 0.9])) == "甲、乙"
    assert text_of(turned, version("甲、乙", [0.9, 0.1, 0.9])) == "甲乙"


def test_nothing_seen_turned_is_lost() -> None:
    """What the re-set reading overlooks stays."""
    assert text_of(version("甲乙", [0.9, 0.3]), version("甲_", [0.9, 0])) == "甲乙"


def test_brackets_are_upright_when_turned() -> None:
    """Re-set they lie, and look like a 一."""
    assert text_of(version("「", [0.4]), version("一", [0.99])) == "「"


def test_agreement_and_doubt_show_in_the_confidence() -> None:
    """Both the same: the higher. Both sure of something else: less than its own."""
    (same,), _ = merge_readings(version("甲", [0.6]), version("甲", [0.8]))
    (torn,), _ = merge_readings(version("甲", [0.9]), version("乙", [0.7]))
    assert same.confidence == np.float32(0.8)
    assert torn.confidence < 0.7


@given(
    st.lists(
        st.tuples(
            st.sampled_from("甲乙丙_"),
            st.sampled_from("甲乙丙_"),
            st.floats(0.35, 1),
            st.floats(0.35, 1),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_text_and_lattice_agree(cells: list[tuple[str, str, float, float]]) -> None:
    """The lattice of both readings tells the merged text, and its positions rise."""
    turned = version("".join(c[0] for c in cells), [c[2] for c in cells])
    reset = version("".join(c[1] for c in cells), [c[3] for c in cells])
    seen, lattice = merge_readings(turned, reset)
    assert best_path(lattice) == "".join(glyph.text for glyph in seen)
    assert (np.diff(lattice.positions) >= -1e-6).all()
    assert [g.cell for g in seen] == sorted(g.cell for g in seen)
