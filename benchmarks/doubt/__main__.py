"""Fits the doubt of light readings, and shows what it is worth on pages that took no part in it.

    python -m benchmarks.doubt pages OUT --seed 88200 --count 10 [--rare 0.025]
    python -m benchmarks.doubt fit FOLDER... --planted FOLDER...
    python -m benchmarks.doubt show FOLDER... [--svg docs/doubt.svg]

`pages` makes random pages with horizontal lines, clean and aged; with `--rare`, such a share of the
ideographs is replaced by ones that the light network does not know. `fit` reads pages with
both networks and writes `recognise/reading_doubt.json`. `show` tells how much of pages a cascade
reads again, by how much may differ, and what it misses; nothing is asked of truth files: what
counts is whether the full network reads otherwise.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.doubt.doubt_diagram import draw_doubt_bins, make_doubt_bins
from benchmarks.doubt.fitting import fit_estimator
from benchmarks.doubt.rare_pages import write_pages
from benchmarks.doubt.read_lines import PageRows, RowReader, RowReadings, mark_differences
from newspage.engine import LightReader, Reading
from newspage.model import GrayImage
from newspage.recognise.cascade import count_differences, read_in_cascade
from newspage.recognise.reading_doubt import WEIGHTS, estimate_doubt

PLANTED = 0.15
"""Weight of a glyph of a planted page: rare characters are rarer elsewhere."""
ALLOWED = (1e-4, 3e-4, 6e-4, 1e-3, 2e-3)


Part = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]
"""Features of the glyphs or gaps of a row, whether they differ, and their weights."""


def fit_weights(plain: Sequence[Path], planted: Sequence[Path]) -> None:
    """Writes the weights that fit some pages best."""
    reader = RowReader()
    parts: tuple[list[Part], list[Part]] = ([], [])
    for folders, weight in ((plain, 1.0), (planted, PLANTED)):
        for page in reader.read_folders(folders):
            for row in page.rows:
                found, (glyphs, gaps) = reader.measure_row(row), mark_differences(row)
                parts[0].append((found.glyphs, glyphs, np.full(len(glyphs), weight)))
                parts[1].append((found.gaps, gaps, np.full(len(gaps), weight)))
            print(page.name, len(page.rows), flush=True)
    made = {}
    for name, rows in zip(("glyphs", "gaps"), parts, strict=True):
        features, marks, weights = (np.concatenate(column) for column in zip(*rows, strict=True))
        made[name] = fit_estimator(features, marks, weights)
    WEIGHTS.write_text(json.dumps(made) + "\n", encoding="utf-8")


def show_pages(folders: Sequence[Path], svg: Path | None) -> None:
    """Prints what a cascade does with pages, and draws the reliability diagram."""
    reader = RowReader()
    pages = list(reader.read_folders(folders))
    series = {}
    for scan in ("clean", "aged"):
        chosen = [page for page in pages if scan in page.name]
        if not chosen:
            continue
        doubts: list[NDArray[np.float64]] = []
        marks: list[NDArray[np.bool_]] = []
        for row in (row for page in chosen for row in page.rows):
            doubt = estimate_doubt(row.light, row.strip, row.height, reader.prints)
            doubts += [doubt.glyphs, doubt.gaps]
            marks += mark_differences(row)
        series[f"{scan}, {len(chosen)} pages"] = made = make_doubt_bins(
            np.concatenate(doubts), np.concatenate(marks)
        )
        for b in made:
            print(f"{scan}: {b.count} said {b.said:.5f}, differing {b.differing / b.count:.5f}")
        for allowed in ALLOWED:
            print(f"{scan}, allowed {allowed:g}: {_try_cascade(chosen, reader, allowed)}")
    if svg is not None:
        svg.write_text(draw_doubt_bins(series), encoding="utf-8")


def _try_cascade(pages: Sequence[PageRows], reader: RowReader, allowed: float) -> str:
    """Says what a cascade reads again of pages, and what it misses."""
    whole = again = 0.0
    characters = differing = missed = 0
    for page in pages:
        light = _replay(page.rows, reader)
        full = {id(row.strip): row.full for row in page.rows}
        found = read_in_cascade(
            [row.strip for row in page.rows],
            [row.height for row in page.rows],
            light,
            lambda strips, full=full: [full[id(s)] for s in strips],  # type: ignore[misc]
            reader.engine.characters,
            allowed,
        )
        for row, lightly in zip(page.rows, found.lightly, strict=True):
            edits = count_differences(row.light, row.full)
            whole, again = whole + row.width, again + (not lightly) * row.width
            differing, missed = differing + edits, missed + lightly * edits
            characters += len(row.full.text)
    return (
        f"{again / whole:.1%} read again; of {characters} characters {differing} differ, "
        f"{missed} of them are missed"
    )


def _replay(rows: Sequence[RowReadings], reader: RowReader) -> LightReader:
    """A light reader that answers what it answered before."""

    class Replay:
        """The part of an engine that is asked."""

        name, characters = "replay", reader.engine.characters
        find_lines = reader.engine.find_lines

        def read_lines(
            self, strips: Sequence[GrayImage], also: Sequence[int] = ()
        ) -> list[Reading]:
            return [known[id(s)] for s in strips]

    known = {id(row.strip): row.light for row in rows}
    same = np.arange(len(reader.engine.characters), dtype=np.int32)
    return LightReader(Replay(), "replay", same)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    pages = commands.add_parser("pages")
    pages.add_argument("out", type=Path)
    pages.add_argument("--seed", type=int, default=88200)
    pages.add_argument("--count", type=int, default=10)
    pages.add_argument("--rare", type=float, default=0.0)
    fit = commands.add_parser("fit")
    fit.add_argument("folders", type=Path, nargs="+")
    fit.add_argument("--planted", type=Path, nargs="*", default=[])
    show = commands.add_parser("show")
    show.add_argument("folders", type=Path, nargs="+")
    show.add_argument("--svg", type=Path)
    args = parser.parse_args()
    if args.command == "pages":
        write_pages(args.out, args.seed, args.count, args.rare)
    elif args.command == "fit":
        fit_weights(args.folders, args.planted)
    else:
        show_pages(args.folders, args.svg)


if __name__ == "__main__":
    main()
