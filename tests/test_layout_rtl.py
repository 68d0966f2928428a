"""Horizontal lines of old papers that run from right to left."""

from dataclasses import replace

import numpy as np
import pytest

from newspage.geometry import Box
from newspage.lattice import Lattice
from newspage.layout.rtl import set_line_directions
from newspage.model import Direction, TextLine
from tests.drawings import line_at

TEXT = line_at("t", "城里人家種樹修橋開渠辦學", Box(0, 50, 20, 300), Direction.VERTICAL, 20)


def across(text: str) -> TextLine:
    """A horizontal line, read from the left."""
    return line_at("h", text, Box(30, 0, 230, 40), Direction.HORIZONTAL, 40)


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("橋修樹種", "種樹修橋"),  # the text knows these pairs the other way round
        ("種樹修橋", "種樹修橋"),
        ("天大明日", "日明大天"),  # the text does not tell: as its columns do
        ("PAGE", "PAGE"),
    ],
)
def test_a_line_runs_as_the_text_does(seen: str, meant: str) -> None:
    """Pairs of characters tell; Latin letters always run to the right."""
    _, line = set_line_directions([TEXT, across(seen)])
    assert line.text == meant
    turned = seen != meant
    assert line.direction is (Direction.HORIZONTAL_RTL if turned else Direction.HORIZONTAL)


def test_glyphs_stay_where_they_are() -> None:
    """Only their order changes."""
    before = across("橋修樹種")
    _, after = set_line_directions([TEXT, before])
    assert set(after.glyphs) == set(before.glyphs)
    assert after.glyphs[0].box.left > after.glyphs[-1].box.left


def test_vertical_lines_are_left_alone() -> None:
    """They run down."""
    assert set_line_directions([TEXT]) == [TEXT]


def test_the_lattice_turns_with_the_line() -> None:
    """Its positions are again fractions from the beginning of the line, in rising order."""
    steps = np.array([0.0, 0.25, 0.75], np.float32)
    lattice = Lattice(
        np.arange(3, dtype=np.int32).reshape(3, 1), np.zeros((3, 1), np.float16), steps
    )
    before = across("橋修樹種")
    line = TextLine(before.id, before.box, before.direction, glyphs=before.glyphs, lattice=lattice)
    _, after = set_line_directions([TEXT, line])
    assert after.lattice is not None
    assert after.lattice.positions.tolist() == [0.25, 0.75, 1.0]
    assert after.lattice.classes[:, 0].tolist() == [2, 1, 0]


def test_rows_of_a_block_run_the_same_way() -> None:
    """One row that the text tells nothing of goes with its neighbours; marks tell as well."""
    rows = [
        replace(across(text), id=f"h{i}", box=Box(30, 50 * i, 230, 50 * i + 40))
        for i, text in enumerate(["種樹修橋", "天大明日", "日出而作。"])
    ]
    assert [line.text for line in set_line_directions([TEXT, *rows])[1:]] == [r.text for r in rows]
