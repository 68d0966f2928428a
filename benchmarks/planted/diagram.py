"""The reliability diagram: of what was called so likely, how much was right."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.97, 0.99, 1.0000001)


@dataclass(frozen=True, slots=True)
class Bin:
    """Corrections whose probability lies in [low, high)."""

    low: float
    high: float
    count: int
    said: float
    """Mean probability."""
    right: float
    """Share that was right."""


def bins(pairs: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Probabilities and outcomes, sorted into bins; empty bins are left out."""
    made = []
    for low, high in pairwise(EDGES):
        inside = [(p, r) for p, r in pairs if low <= p < high]
        if inside:
            said = sum(p for p, _ in inside) / len(inside)
            right = sum(r for _, r in inside) / len(inside)
            made.append(Bin(low, min(1.0, high), len(inside), said, right))
    return made


def error(made: Sequence[Bin]) -> float:
    """Expected calibration error (Naeini et al., AAAI 2015)."""
    total = sum(b.count for b in made)
    return sum(b.count * abs(b.said - b.right) for b in made) / max(1, total)


def svg(series: dict[str, list[Bin]]) -> str:
    """The diagram as SVG: said on the x axis, right on the y axis."""
    size, edge = 360, 48
    whole = size + 2 * edge
    colours = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}">',
        "<style>text{font:12px sans-serif}</style>",
        f'<rect x="{edge}" y="{edge}" width="{size}" height="{size}" fill="none" stroke="#888"/>',
        f'<path d="M{edge} {edge + size}L{edge + size} {edge}" stroke="#bbb"/>',
        f'<text x="{edge + size / 2}" y="{size + 2 * edge - 8}" text-anchor="middle">said</text>',
        f'<text x="14" y="{edge + size / 2}" text-anchor="middle">right</text>',
    ]
    for number, (name, made) in enumerate(series.items()):
        colour = colours[number % len(colours)]
        points = [(edge + size * b.said, edge + size * (1 - b.right)) for b in made]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 + min(9, b.count**0.4):.1f}" '
            f'fill="{colour}" fill-opacity=".6"><title>{_told(b)}</title></circle>'
            for (x, y), b in zip(points, made, strict=True)
        )
        parts.append(
            f'<text x="{edge + 12}" y="{edge + 20 + 18 * number}" fill="{colour}">{name}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _told(b: Bin) -> str:
    return f"{b.count} said {b.said:.2f} right {b.right:.2f}"
