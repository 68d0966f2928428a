"""The reliability diagram of doubts, both axes logarithmic: most doubts are small."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

EDGES = (0.0, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.2, 0.4, 0.7, 1.0000001)
"""Edges of the bins."""
LEAST = 1e-5
"""Left and lower end of the axes."""
SIZE, EDGE = 360, 54
COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad")


@dataclass(frozen=True, slots=True)
class DoubtBin:
    """Glyphs and gaps of which the doubt lies between two edges."""

    count: int
    said: float
    """Mean doubt."""
    differing: int
    """How many the full network read otherwise."""


def make_doubt_bins(doubts: NDArray[np.float64], differing: NDArray[np.bool_]) -> list[DoubtBin]:
    """Sort doubts into bins; empty ones are left out."""
    made = []
    for low, high in pairwise(EDGES):
        inside = (doubts >= low) & (doubts < high)
        if inside.any():
            said, found = float(doubts[inside].mean()), int(differing[inside].sum())
            made.append(DoubtBin(int(inside.sum()), said, found))
    return made


def draw_doubt_bins(series: Mapping[str, list[DoubtBin]]) -> str:
    """Draw bins as SVG: what was said on the x axis, what differed on the y axis."""
    whole = SIZE + 2 * EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}">',
        "<style>text{font:12px sans-serif}</style>",
        f'<rect x="{EDGE}" y="{EDGE}" width="{SIZE}" height="{SIZE}" fill="none" stroke="#888"/>',
        f'<path d="M{EDGE} {EDGE + SIZE}L{EDGE + SIZE} {EDGE}" stroke="#bbb"/>',
        f'<text x="{whole / 2}" y="{whole - 8}" text-anchor="middle">doubt</text>',
        f'<text x="{EDGE}" y="{EDGE - 12}">share that the full network reads otherwise</text>',
    ]
    for power in range(-5, 1):
        at = _place(10.0**power)
        label = f"{10.0**power:g}"
        parts.append(
            f'<text x="{EDGE + at:.0f}" y="{EDGE + SIZE + 16}" text-anchor="middle">{label}</text>'
            f'<text x="{EDGE - 6}" y="{EDGE + SIZE - at + 4:.0f}" text-anchor="end">{label}</text>'
        )
    for number, (name, made) in enumerate(series.items()):
        parts += _draw_series(name, made, number)
    return "\n".join([*parts, "</svg>", ""])


def _draw_series(name: str, made: list[DoubtBin], number: int) -> list[str]:
    """One line, its points and its name; bins in which nothing differed stand at the lower end."""
    colour = COLOURS[number % len(COLOURS)]
    points = [(EDGE + _place(b.said), EDGE + SIZE - _place(b.differing / b.count)) for b in made]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    circles = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}" fill-opacity=".6">'
        f"<title>{b.differing} of {b.count}, said {b.said:.5f}</title></circle>"
        for (x, y), b in zip(points, made, strict=True)
    ]
    text = f'<text x="{EDGE + 12}" y="{EDGE + 20 + 18 * number}" fill="{colour}">{name}</text>'
    return [f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>', *circles, text]


def _place(value: float) -> float:
    """Pixels from the lower or left end of an axis."""
    return float(SIZE * (1 - np.log10(max(value, LEAST)) / np.log10(LEAST)))
