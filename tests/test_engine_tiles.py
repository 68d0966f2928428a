"""A page of any size is covered by tiles, and no seam shows."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.engine.tiles import STRIDE, TileMap, compute_text_map, plan_cuts
from newspage.model import GrayImage


@given(st.integers(1, 12_000), st.integers(12, 50).map(lambda n: n * STRIDE), st.integers(32, 192))
def test_cuts_cover_a_length(length: int, tile: int, overlap: int) -> None:
    """Every pixel is seen, the shares of the tiles add up to one, sides fit the detector."""
    found = plan_cuts(length, tile, overlap)
    total = np.zeros(found[-1].start + found[-1].size, np.float64)
    for cut in found:
        assert cut.size % STRIDE == 0
        total[cut.start : cut.start + cut.size] += cut.weights
    assert len(total) >= length
    assert np.allclose(total[:length], 1, atol=1e-5)
    for before, after in pairwise(found):
        assert before.start + before.size - after.start >= overlap - STRIDE


def brightness(tiles: Iterable[GrayImage]) -> Iterator[TileMap]:
    """A detector that takes what is light for text."""
    for tile in tiles:
        yield (tile / np.float32(255)).astype(np.float32)


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 3000), st.integers(1, 1600), st.integers(0, 2**32 - 1))
def test_blending_changes_nothing_where_tiles_agree(height: int, width: int, seed: int) -> None:
    """Shares are rounded, so by two grays at most, and nothing wraps around."""
    image = np.random.default_rng(seed).integers(0, 256, (height, width)).astype(np.uint8)
    whole = compute_text_map(image, brightness)
    assert whole.shape == image.shape
    assert int(np.abs(whole.astype(int) - image).max()) <= 2


def test_certainty_does_not_overflow() -> None:
    """Where every tile is certain, the sum of the rounded shares stays certain."""
    image = np.full((2600, 2600), 255, np.uint8)
    assert compute_text_map(image, brightness).min() >= 253
