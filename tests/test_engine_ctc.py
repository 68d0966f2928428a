"""From steps to characters and where they stand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.engine.ctc_decoding import (
    decode_best_path,
    estimate_glyph_spans,
    find_character_runs,
    is_wide_character,
    make_lattice,
)
from newspage.lattice import Lattice

CHARACTERS = ("", "国", "家", "1", "，")


def lattice(best: list[int]) -> Lattice:
    """A lattice whose best path takes these classes."""
    classes = np.array([[c, 0 if c else 1] for c in best], np.int32).reshape(-1, 2)
    log_probs = np.tile(np.log([0.9, 0.1]), (len(best), 1)).astype(np.float16)
    positions = ((np.arange(len(best)) + 0.5) / max(1, len(best))).astype(np.float32)
    return Lattice(classes, log_probs, positions)


@pytest.mark.parametrize(
    ("steps", "text"),
    [([1, 1, 0, 2], "国家"), ([1, 0, 1], "国国"), ([0, 0], ""), ([], ""), ([1, 2, 1], "国家国")],
)
def test_a_class_held_is_one_character(steps: list[int], text: str) -> None:
    """And a blank parts two equal ones."""
    assert "".join(decode_best_path(lattice(steps), CHARACTERS, 0.1).text) == text


@given(st.lists(st.integers(0, 4), max_size=60))
def test_glyphs_stand_in_order_and_inside(steps: list[int]) -> None:
    """Spans do not overlap, rise, and stay in the strip; confidences are probabilities."""
    read = decode_best_path(lattice(steps), CHARACTERS, 0.1)
    assert (
        len(read.text)
        == len(read.confidences)
        == len(read.spans)
        == len(find_character_runs(read.lattice)[0])
    )
    edges = read.spans.ravel()
    assert (np.diff(edges) >= -1e-6).all()
    assert ((edges >= -1e-6) & (edges <= 1 + 1e-6)).all()
    assert ((read.confidences > 0) & (read.confidences <= 1)).all()


def test_wide_glyphs_are_as_wide_as_their_pitch() -> None:
    """Also at the ends, where no neighbour bounds them."""
    found = estimate_glyph_spans(np.array([0.2, 0.3, 0.4], np.float32), ["国", "家", "国"], 0.5)
    assert (found[:, 1] - found[:, 0]).tolist() == pytest.approx([0.1] * 3, abs=1e-4)


def test_digits_are_narrower() -> None:
    """The border to a wide neighbour lies nearer to the narrow glyph."""
    found = estimate_glyph_spans(np.array([0.2, 0.3, 0.37], np.float32), ["国", "家", "1"], 0.1)
    assert found[2, 1] - found[2, 0] < 0.7 * (found[0, 1] - found[0, 0])


@pytest.mark.parametrize(("text", "wide"), [("国", True), ("，", True), ("a", False), ("7", False)])
def test_width_of_a_kind(text: str, wide: bool) -> None:
    """Chinese and its marks are set on the em."""
    assert is_wide_character(text) is wide


def test_steps_of_padding_are_dropped() -> None:
    """But for the first, which may tell of the last character."""
    found = make_lattice(np.zeros((20, 2), np.int32), np.zeros((20, 2), np.float32), 80, 160)
    assert len(found.classes) == 11
    assert found.positions.max() <= 1
