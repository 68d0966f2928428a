"""Strips are scaled, batched, and cut only where they are endless."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.engine.models import HEIGHT
from newspage.engine.strip_batches import (
    PADDING,
    cut_long_strip,
    group_into_batches,
    scale_to_height,
)


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(0, 900))
def test_any_strip_gets_the_height_of_the_network(height: int, width: int) -> None:
    """Tiny ones grow, huge ones shrink, empty ones are paper."""
    strip = scale_to_height(np.full((height, width), 200, np.uint8))
    assert strip.shape[0] == HEIGHT
    assert strip.shape[1] > 0
    assert strip.min() >= 199


@given(st.lists(st.integers(16, 900), max_size=30))
def test_every_strip_is_in_one_batch(widths: list[int]) -> None:
    """Its pixels at the left, padding at the right."""
    strips = [np.full((HEIGHT, w), i % 100, np.uint8) for i, w in enumerate(widths)]
    seen = []
    for batch in group_into_batches(strips, 1600):
        for member, width, row in zip(batch.members, batch.widths, batch.pixels, strict=True):
            seen.append(member)
            assert width == widths[member]
            assert (row[:, :width] == member % 100).all()
            assert (row[:, width:] == PADDING).all()
    assert sorted(seen) == list(range(len(widths)))


def test_an_endless_strip_is_cut_in_a_gap() -> None:
    """No glyph is cut through."""
    strip = np.full((HEIGHT, 3000), 240, np.uint8)
    for x in range(10, 2980, 40):
        strip[8:40:4, x : x + 28] = 20
    starts = cut_long_strip(strip, 1000)
    assert starts[0] == 0
    assert len(starts) >= 3
    for start in starts[1:]:
        assert (strip[:, start] == 240).all()
    assert cut_long_strip(strip, 4000) == [0]
