"""Large first letters."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from newspage.geometry import Box
from newspage.lattice import Lattice
from newspage.layout.dropcaps import attach_drop_caps
from newspage.layout.view import Row
from newspage.model import Direction
from tests.drawings import EM, PITCH, line_at


def row(name: str, text: str, left: float, top: float, size: float = EM) -> Row:
    """A row of the given size."""
    box = Box(left, top, left + size * len(text), top + size)
    return Row(line_at(name, text, box, Direction.HORIZONTAL, size), box)


def beside(count: int, left: float = 50) -> list[Row]:
    """Rows of body type one below the other."""
    return [row(f"r{i}", "城里人家种树修桥", left, PITCH * i) for i in range(count)]


def texts(rows: list[Row]) -> list[str]:
    """What the rows say."""
    return [r.text for r in rows]


def test_it_begins_the_first_row_beside_it() -> None:
    """And is no row of its own any more."""
    rows = attach_drop_caps([row("cap", "天", 0, 0, 48), *beside(2)], EM)
    assert texts(rows) == ["天城里人家种树修桥", "城里人家种树修桥"]
    assert {r.box.left for r in rows} == {0}


def test_what_was_considered_for_both_is_kept() -> None:
    """The lattice of the row begins with that of the cap."""
    cap, first, second = row("cap", "天", 0, 0, 48), *beside(2)
    lattices = [
        Lattice(
            np.full((n, 2), c), np.zeros((n, 2), np.float16), np.linspace(0, 1, n, dtype=np.float32)
        )
        for n, c in ((3, 7), (9, 8))
    ]
    known = [
        Row(replace(r.line, lattice=lattice), r.box)
        for r, lattice in zip((cap, first), lattices, strict=True)
    ]
    joined = attach_drop_caps([*known, second], EM)[0].line.lattice
    assert joined is not None
    assert joined.classes[:, 0].tolist() == [7] * 3 + [8] * 9
    assert (np.diff(joined.positions) >= 0).all()


def test_rows_below_it_stay_as_they_are() -> None:
    """They begin where the column does."""
    below = row("r9", "开渠办学的事情", 0, 60)
    rows = attach_drop_caps([row("cap", "天", 0, 0, 48), *beside(2), below], EM)
    assert below in rows


def test_small_letters_are_none() -> None:
    """A character of body type beside others is a row."""
    rows = [row("cap", "天", 28, 0), *beside(2)]
    assert attach_drop_caps(rows, EM) == rows


def test_a_large_letter_by_itself_is_none() -> None:
    """Nor one beside a single row, nor a short word."""
    for rows in (
        [row("cap", "天", 0, 0, 48)],
        [row("cap", "天", 0, 0, 48), *beside(1)],
        [row("cap", "天下", 0, 0, 48), *beside(2, left=100)],
    ):
        assert attach_drop_caps(rows, EM) == rows


def test_a_large_letter_beside_a_larger_one_is_not_doubled() -> None:
    """A glyph is on the page once."""
    rows = [
        row("a", "天", 0, 0, 140),
        row("b", "地", 145, 0, 48),
        row("c", "人", 145, 70, 48),
        *beside(2, left=195),
    ]
    found = attach_drop_caps(rows, EM)
    assert Counter(g for r in found for g in r.line.glyphs) == Counter(
        g for r in rows for g in r.line.glyphs
    )


@st.composite
def pages(draw: st.DrawFn) -> list[Row]:
    """Large and small single letters among rows of text, in any disorder."""
    rows = []
    for i in range(draw(st.integers(0, 10))):
        size = draw(st.sampled_from((EM, EM, 36, 48, 80, 140)))
        text = draw(st.sampled_from(("天", "地", "城里人家种树修桥")))
        left = draw(st.sampled_from((0, 36, 48, 84, 140, 145, 190)))
        top = draw(st.sampled_from((0, 10, 28, 50, 56, 84, 100)))
        rows.append(row(f"l{i}", text, left, top, size))
    return rows


@given(pages())
def test_no_glyph_is_lost_or_doubled(rows: list[Row]) -> None:
    """Even where one large letter stands beside another."""
    before = Counter(g for r in rows for g in r.line.glyphs)
    assert Counter(g for r in attach_drop_caps(rows, EM) for g in r.line.glyphs) == before


@given(pages())
def test_rows_keep_their_order(rows: list[Row]) -> None:
    """Those that are left."""
    at = {r.line.id: i for i, r in enumerate(rows)}
    left = [at[r.line.id] for r in attach_drop_caps(rows, EM)]
    assert all(a < b for a, b in pairwise(left))
