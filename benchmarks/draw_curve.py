"""Makes a table and a drawing of what `benchmarks.learning_curve` measured.

    python -m benchmarks.draw_curve ROWS [--svg FILE]

Prints a row for each number of lines: the mean share of wrong characters over pages and seeds, the
lowest and the highest, the number of trainings, and how much is wrong in other print.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

Curve = dict[tuple[int, int, bool], list[dict[str, float]]]
"""Figures of trainings by real lines, synthetic lines, and whether real ones were learnt from."""

WIDTH, HEIGHT, EDGE = 560, 320, 50
COLORS = {"real": "#1f5fa8", "both": "#b5482a"}


def read_points(file: Path) -> Curve:
    """The figures of each kind of training."""
    points: Curve = defaultdict(list)
    for text in file.read_text("utf-8").splitlines():
        row = json.loads(text)
        kinds = {k: (row["before"][k], v) for k, v in row["after"].items()}
        before, after = kinds.pop(row["held"])
        figures = {"before": before, "after": after, **{k: v for k, (_, v) in kinds.items()}}
        # Rows of before there was such a figure have none.
        figures["ideographs"] = row.get("ideographs", np.nan)
        points[row["lines"], row["synthetic"], row["real"]].append(figures)
    return points


def print_table(points: Curve) -> None:
    """A row for each kind of training, as Markdown."""
    heads = "lines, synthetic, trainings, before, after, lowest to highest, ideographs alone"
    heads += ", modern, small, other vertical"
    print("| " + heads.replace(", ", " | ") + " |")
    print("|---" * len(heads.split(", ")) + "|")
    for (lines, made, real), rows in sorted(points.items(), key=order_of):
        mean = {k: float(np.mean([row[k] for row in rows])) for k in rows[0]}
        found = sorted(row["after"] for row in rows)
        shown = (lines or "all") if real else "none"
        cells = [shown, made, len(rows), percent(mean["before"]), f"**{percent(mean['after'])}**"]
        cells += [f"{percent(found[0])} to {percent(found[-1])}"]
        own = [row["ideographs"] for row in rows if not np.isnan(row["ideographs"])]
        cells += [f"{percent(float(np.mean(own)))} ({len(own)})" if own else ""]
        cells += [percent(mean[kind]) for kind in ("modern", "small", "vertical")]
        print("| " + " | ".join(map(str, cells)) + " |")


def percent(share: float) -> str:
    """A share as the documents write it."""
    return f"{100 * share:.2f} %".removeprefix("0")


def order_of(item: tuple[tuple[int, int, bool], object]) -> tuple[bool, float, int]:
    """Trainings without real lines first, then those with ever more."""
    lines, made, real = item[0]
    return real, lines or np.inf, made


def draw_curves(points: Curve, everything: int) -> str:
    """The curves as SVG; `everything` is the number of lines that stands for all of them."""
    top = 16.0
    parts = []

    def place(lines: int, share: float) -> tuple[float, float]:
        """Where a point is drawn: lines by their logarithm."""
        x = (np.log2(lines) - 3.5) / (np.log2(everything) - 3.2)
        return EDGE + x * (WIDTH - 2 * EDGE), HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE) / top

    for level in range(0, 17, 4):
        y = place(16, level)[1]
        parts.append(f'<path d="M{EDGE} {y:.0f}H{WIDTH - EDGE}" stroke="#ddd"/>')
        parts.append(f'<text x="{EDGE - 8}" y="{y + 4:.0f}" text-anchor="end">{level} %</text>')
    for lines in sorted({lines or everything for lines, _, real in points if real}):
        x = place(lines, 0)[0]
        parts.append(
            f'<text x="{x:.0f}" y="{HEIGHT - EDGE + 18}" text-anchor="middle">{lines}</text>'
        )
    for name, color in COLORS.items():
        chosen = {
            lines or everything: [100 * row["after"] for row in rows]
            for (lines, made, real), rows in points.items()
            if real and bool(made) == (name == "both")
        }
        dots = [place(lines, float(np.mean(found))) for lines, found in sorted(chosen.items())]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in dots)
        parts.append(f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        for lines, found in chosen.items():
            for share in found:
                x, y = place(lines, share)
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>')
        y = EDGE / 2 + 15 * list(COLORS).index(name)
        parts.append(
            f'<text x="{WIDTH - EDGE}" y="{y}" text-anchor="end" fill="{color}">{name}</text>'
        )
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">known lines</text>')
    inner = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" '
        f'fill="#fff"/>\n{inner}\n</svg>\n'
    )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", type=Path)
    parser.add_argument("--svg", type=Path)
    parser.add_argument("--everything", type=int, default=460, help="lines that `all` stands for")
    args = parser.parse_args()
    points = read_points(args.rows)
    print_table(points)
    if args.svg:
        args.svg.write_text(draw_curves(points, args.everything), "utf-8")


if __name__ == "__main__":
    main()
