"""How well the expected share of wrong characters fits, and the table that it is made with.

    python -m benchmarks.pages random OUT/fit --seed 1101 --count 20    pages to fit on
    python -m benchmarks.expected_errors read OUT/fit OUT/test          reads what is not read yet
    python -m benchmarks.expected_errors fit OUT/fit                    writes calibration.json
    python -m benchmarks.expected_errors test OUT/test --svg FILE       measures on other pages
    python -m benchmarks.expected_errors compare TRUTH RECORD           one page, from anywhere

Folders are those that `benchmarks.pages random` writes; records are kept there beside the scans.
A character is wrong where the alignment of its line with the lines printed there has another one,
or none, in its place. Characters that were not read are no part of it.
"""

import argparse
import json
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.stats import spearmanr

from benchmarks.judged_pages import (
    JudgedLine,
    JudgedPage,
    Values,
    judge_folders,
    judge_page,
    read_scans,
)
from newspage.expected_errors import CALIBRATION, ErrorCurve, measure_doubts
from newspage.expected_errors.calibration import LEAST_DOUBT, load_curves

WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
"""Weights of the line's doubt that are tried."""
FOLDS = 5
"""Parts of the pages, each left out once to choose the weight."""
KNOTS = 24
"""Steps of doubt, of equal ratio."""
FEWEST = 60
"""Characters of a knot, at least. Judgement: with fewer the share is mostly chance."""
LEVELS = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0001)
"""Borders of the rows of the reliability table, as expected shares."""
TOO_SHORT = 200
"""Characters below which a page is left out of the comparison of pages. Judgement: one wrong
character more would be half a percent."""


def fit_curve(lines: Sequence[JudgedLine], weight: float) -> ErrorCurve:
    """The curve of some lines: shares of wrong characters in steps of doubt, made to rise."""
    doubts, wrong = gather(lines, weight)
    edges = np.geomspace(LEAST_DOUBT, 1, KNOTS + 1)[1:-1]
    steps = np.searchsorted(edges, doubts)
    groups: list[NDArray[np.bool_]] = []
    for step in range(KNOTS):
        inside = steps == step
        if groups and groups[-1].sum() < FEWEST:
            groups[-1] |= inside
        elif inside.any():
            groups.append(inside)
    if len(groups) > 1 and groups[-1].sum() < FEWEST:
        last = groups.pop()
        groups[-1] |= last
    counts = np.array([group.sum() for group in groups])
    shares = np.array([(wrong[g].sum() + 0.5) / (g.sum() + 1) for g in groups])
    places = [float(np.exp(np.log(doubts[g]).mean())) for g in groups]
    rising = isotonic_regression(shares, weights=counts).x
    return ErrorCurve(
        weight,
        tuple(round(p, 6) for p in places),
        tuple(round(float(s), 5) for s in rising),
    )


def gather(lines: Sequence[JudgedLine], weight: float) -> tuple[Values, NDArray[np.bool_]]:
    """The doubts of all characters that count, and which are wrong."""
    doubts = [measure_doubts(list(x.confidences), weight)[x.counted] for x in lines]
    return np.concatenate(doubts), np.concatenate([x.wrong[x.counted] for x in lines])


def choose_weight(pages: Sequence[JudgedPage], vertical: bool) -> float:
    """The weight of the line's doubt whose curves fit pages best that they were not made from."""
    losses = {}
    for weight in WEIGHTS:
        loss, count = 0.0, 0
        for fold in range(FOLDS):
            others = [p for i, p in enumerate(pages) if i % FOLDS != fold]
            curve = fit_curve(lines_of(others, vertical), weight)
            for line in lines_of(pages[fold::FOLDS], vertical):
                chance = np.clip(line.list_probabilities((curve, curve)), 1e-5, 1 - 1e-5)
                wrong = line.wrong[line.counted]
                loss -= float(np.log(np.where(wrong, chance, 1 - chance)).sum())
                count += len(wrong)
        losses[weight] = loss / count
    print("vertical" if vertical else "horizontal", {w: round(x, 5) for w, x in losses.items()})
    return min(losses, key=losses.__getitem__)


def lines_of(pages: Iterable[JudgedPage], vertical: bool) -> list[JudgedLine]:
    """All lines of a direction that have characters and are printed so."""
    lines = (line for page in pages for line in page.lines if line.vertical == vertical)
    return [line for line in lines if line.printed and line.counted.any()]


def fit_all(folders: Sequence[Path]) -> None:
    """Writes the table that comes along."""
    pages = judge_folders(folders)
    told: dict[str, object] = {
        "from": "python -m benchmarks.expected_errors fit, on generated pages whose text is known: "
        + ", ".join(sorted({f"{count_of(pages, kind)} of {kind}" for kind in kinds_of(pages)}))
    }
    for name, vertical in (("horizontal", False), ("vertical", True)):
        lines = lines_of(pages, vertical)
        curve = fit_curve(lines, choose_weight(pages, vertical))
        told[name] = {
            "characters": int(sum(line.counted.sum() for line in lines)),
            "line_weight": curve.line_weight,
            "doubts": curve.doubts,
            "shares": curve.shares,
        }
    CALIBRATION.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def kinds_of(pages: Iterable[JudgedPage]) -> list[str]:
    """The kinds of pages."""
    return sorted({page.kind for page in pages})


def count_of(pages: Iterable[JudgedPage], kind: str) -> int:
    """The number of pages of a kind."""
    return sum(page.kind == kind for page in pages)


@dataclass(frozen=True, slots=True)
class PageFigures:
    """Shares of wrong characters of a page."""

    page: JudgedPage
    characters: int
    expected: float
    raw: float
    """By the confidences as they come."""
    true: float
    across: float
    """The part of it that is in lines which are not printed so."""


def list_figures(pages: Iterable[JudgedPage]) -> list[PageFigures]:
    """The figures of the pages that have text."""
    curves = load_curves()
    found = []
    for page in pages:
        lines = [line for line in page.lines if line.counted.any()]
        if not lines:
            continue
        expected = np.concatenate([line.list_probabilities(curves) for line in lines])
        raw = np.concatenate([1 - line.confidences[line.counted] for line in lines])
        wrong = np.concatenate([line.wrong[line.counted] for line in lines])
        across = np.concatenate([line.wrong[line.counted] & (not line.printed) for line in lines])
        means = (float(values.mean()) for values in (expected, raw, wrong, across))
        found.append(PageFigures(page, len(wrong), *means))
    return found


def percent(share: float) -> str:
    """A share as the documents write it."""
    return f"{100 * share:.2f} %"


def print_pages(figures: Sequence[PageFigures]) -> None:
    """A row for each kind and direction: pages, characters, shares, and how pages are ranked."""
    print("| pages | n | characters | wrong | across | expected | bare | off, mean | rank |")
    print("|---" * 9 + "|")
    groups = {
        f"{kind}, {way}": [
            f for f in figures if f.page.kind == kind and f.page.vertical == (way == "vertical")
        ]
        for kind in kinds_of(f.page for f in figures)
        for way in ("horizontal", "vertical")
    }
    for name, some in {**groups, "all": list(figures)}.items():
        if some:
            print(f"| {name} | {describe_group(some)} |")


def describe_group(some: Sequence[PageFigures]) -> str:
    """The cells of a row."""
    counts = np.array([f.characters for f in some])
    means = [
        percent(float(np.average(values, weights=counts)))
        for values in zip(*((f.true, f.across, f.expected, f.raw) for f in some), strict=True)
    ]
    long = [f for f in some if f.characters >= TOO_SHORT]
    off = percent(float(np.mean([abs(f.expected - f.true) for f in long]))) if long else ""
    rank = rank_pages(long)
    return " | ".join([f"{len(some)}", f"{counts.sum():,}", *means, off, rank])


def rank_pages(figures: Sequence[PageFigures]) -> str:
    """Spearman's correlation of expected and true shares; in brackets that of bare confidences."""
    if len(figures) < 4:
        return ""
    true = [f.true for f in figures]
    ranks = [
        float(spearmanr(values, true).statistic)
        for values in ([f.expected for f in figures], [f.raw for f in figures])
    ]
    return f"{ranks[0]:.2f} ({ranks[1]:.2f})"


Reliability = list[tuple[int, float, float]]
"""Number of characters, expected and true share of wrong ones, by steps of the expected share."""


def measure_reliability(pages: Sequence[JudgedPage], vertical: bool) -> Reliability:
    """How often characters of a direction are wrong, by what is expected of them."""
    lines = lines_of(pages, vertical)
    if not lines:
        return []
    chances = np.concatenate([line.list_probabilities(load_curves()) for line in lines])
    wrong = np.concatenate([line.wrong[line.counted] for line in lines])
    rows = []
    for low, high in pairwise(LEVELS):
        inside = (chances >= low) & (chances < high)
        if inside.any():
            rows.append(
                (int(inside.sum()), float(chances[inside].mean()), float(wrong[inside].mean()))
            )
    return rows


def print_reliability(ways: dict[str, Reliability]) -> None:
    """A row for each step."""
    print("| lines | characters | expected wrong | wrong |")
    print("|---|---|---|---|")
    for way, rows in ways.items():
        for count, expected, true in rows:
            print(f"| {way} | {count:,} | {percent(expected)} | {percent(true)} |")


SIDE, EDGE, LOW = 420, 56, -3.3
COLORS = {"horizontal": "#1f5fa8", "vertical": "#b5482a"}


def draw_reliability(ways: dict[str, Reliability], figures: Sequence[PageFigures]) -> str:
    """Expected and true shares as SVG, both by their logarithm: characters as lines, pages as dots.

    What lies on the diagonal is as expected.
    """

    def place(share: float) -> float:
        """Pixels from the corner."""
        return (max(math.log10(max(share, 1e-9)), LOW) - LOW) / -LOW * (SIDE - 2 * EDGE)

    def point(expected: float, true: float) -> tuple[float, float]:
        """Where a point is drawn."""
        return EDGE + place(expected), SIDE - EDGE - place(true)

    far, near = SIDE - EDGE, EDGE
    parts = [f'<path d="M{near} {far}L{far} {near}" stroke="#999" stroke-dasharray="4 4"/>']
    for share in (0.001, 0.01, 0.1, 1.0):
        x, y = point(share, share)
        name = f"{100 * share:g} %"
        parts.append(f'<path d="M{near} {y:.0f}H{far}M{x:.0f} {far}V{near}" stroke="#ddd"/>')
        parts.append(f'<text x="{near - 6}" y="{y + 4:.0f}" text-anchor="end">{name}</text>')
        parts.append(f'<text x="{x:.0f}" y="{far + 16}" text-anchor="middle">{name}</text>')
    for f in figures:
        x, y = point(f.expected, f.true)
        color = COLORS["vertical" if f.page.vertical else "horizontal"]
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}" opacity=".45"/>')
    for number, (way, rows) in enumerate(ways.items()):
        path = "L".join("{:.1f} {:.1f}".format(*point(e, t)) for _, e, t in rows)
        parts.append(f'<path d="M{path}" fill="none" stroke="{COLORS[way]}" stroke-width="2"/>')
        y = near + 14 * number
        parts.append(f'<text x="{near + 8}" y="{y}" fill="{COLORS[way]}">{way}</text>')
    middle = SIDE / 2
    parts.append(f'<text x="{middle}" y="{SIDE - 12}" text-anchor="middle">expected wrong</text>')
    turned = f'transform="rotate(-90 14 {middle})"'
    parts.append(f'<text x="14" y="{middle}" text-anchor="middle" {turned}>wrong</text>')
    inner = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" '
        f'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" '
        f'fill="#fff"/>\n{inner}\n</svg>\n'
    )


def test_all(folders: Sequence[Path], svg: Path | None) -> None:
    """Prints how well the table that comes along fits the pages of some folders."""
    pages = judge_folders(folders)
    figures = list_figures(pages)
    ways = {
        name: measure_reliability(pages, vertical)
        for name, vertical in (("horizontal", False), ("vertical", True))
    }
    print_pages(figures)
    print()
    print_reliability(ways)
    print(f"\ncharacters of lines that were not found: {sum(page.lost for page in pages):,}")
    if svg:
        svg.write_text(draw_reliability(ways, figures), "utf-8")


def compare_page(truth: Path, record: Path) -> None:
    """Prints the figures of one page."""
    for f in list_figures([judge_page(truth, record)]):
        shares = ", ".join(
            f"{name} {percent(share)}"
            for name, share in (("wrong", f.true), ("expected", f.expected), ("bare", f.raw))
        )
        print(f"{record.name}: {f.characters:,} characters, {shares}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("read", "fit", "test"):
        commands.add_parser(name).add_argument("folders", type=Path, nargs="+")
    commands.choices["test"].add_argument("--svg", type=Path)
    one = commands.add_parser("compare")
    one.add_argument("truth", type=Path)
    one.add_argument("record", type=Path)
    options = parser.parse_args(arguments)
    match options.command:
        case "read":
            read_scans(options.folders)
        case "fit":
            fit_all(options.folders)
        case "test":
            test_all(options.folders, options.svg)
        case _:
            compare_page(options.truth, options.record)
    return 0


if __name__ == "__main__":
    sys.exit(main())
