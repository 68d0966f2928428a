"""Makes pages: `python -m benchmarks.pages samples` or `... random OUT --count 20`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2

from benchmarks.pages.ageing import Wear, age, aged_truth, draw_wear
from benchmarks.pages.browser import Print, PrintError, print_sheet
from benchmarks.pages.notice_pages import notice_page
from benchmarks.pages.random_pages import dense_page, random_issue, random_page, random_spread
from benchmarks.pages.samples import SAMPLES, Sample
from benchmarks.pages.sheet import Sheet
from benchmarks.pages.truth import truth_of, write_truth
from newspage.model import GrayImage

SINGLE = {"page": random_page, "dense": dense_page, "notices": notice_page, "spread": random_spread}
"""The kinds of sheets that are one scan."""
OVER = 1.5
"""Pixels by which a line may be longer than its room before the page counts as badly set."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "samples":
            for sample in SAMPLES:
                make_sample(sample, options.scans, options.truth)
        else:
            for seed in range(options.seed, options.seed + options.count):
                make_random(seed, options.kind, options.out, options.strength)
    except PrintError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def make_sample(sample: Sample, scans: Path, truth: Path) -> None:
    """Writes a sample page as `<scans>/<path>.jpg`, its truth as `<truth>/<path>.truth.json`."""
    printed = checked_print(print_sheet(sample.sheet()))
    aged = age(printed.pixels, sample.wear, seed=len(sample.path))
    scan = scans / f"{sample.path}.jpg"
    scan.parent.mkdir(parents=True, exist_ok=True)
    write_jpeg(aged.pixels, sample.wear, scan)
    told = truth / f"{sample.path}.truth.json"
    told.parent.mkdir(parents=True, exist_ok=True)
    write_truth(aged_truth(truth_of(printed), aged), told)
    print(f"{scan}  {scan.stat().st_size / 1e6:.2f} MB")


def make_random(seed: int, kind: str, out: Path, strength: float) -> None:
    """Writes the page or pages of a seed, each into a folder of its own."""
    if kind == "issue":
        for sheet in random_issue(seed):
            write_page(
                sheet, out / f"{seed:03d}-{sheet.name[-2:]}", seed, draw_wear(seed, strength)
            )
    else:
        write_page(SINGLE[kind](seed), out / f"{seed:03d}", seed, draw_wear(seed, strength))


def write_page(sheet: Sheet, folder: Path, seed: int, wear: Wear) -> None:
    """Writes a page, clean and aged, with the truth of both."""
    printed = checked_print(print_sheet(sheet))
    folder.mkdir(parents=True, exist_ok=True)
    truth = truth_of(printed)
    cv2.imwrite(str(folder / "clean.png"), printed.pixels)
    write_truth(truth, folder / "truth.json")
    aged = age(printed.pixels, wear, seed)
    write_jpeg(aged.pixels, wear, folder / "aged.jpg")
    write_truth(aged_truth(truth, aged), folder / "truth.aged.json")
    print(f"{folder}  {len(truth['lines'])} lines  {' '.join(printed.sheet.features)}")


def checked_print(printed: Print) -> Print:
    """The print, if all its lines fit into their room. Raises PrintError."""
    lines = zip(printed.sheet.lines, printed.places, strict=True)
    over = [line.text for line, place in lines if place.over > OVER]
    if over:
        raise PrintError(f"{printed.sheet.name}: lines longer than their room: {over[:3]}.")
    return printed


def write_jpeg(pixels: GrayImage, wear: Wear, path: Path) -> None:
    """Writes a gray JPEG of the quality that the wear names."""
    cv2.imwrite(str(path), pixels, [cv2.IMWRITE_JPEG_QUALITY, wear.quality])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    samples = commands.add_parser("samples", help="the sample pages and their truth")
    samples.add_argument("--scans", type=Path, default=Path("scans"))
    samples.add_argument("--truth", type=Path, default=Path("tests/pages"))
    drawn = commands.add_parser("random", help="pages drawn at random, one a seed")
    drawn.add_argument("out", type=Path, help="folder to write into")
    drawn.add_argument("--seed", type=int, default=1, help="of the first page")
    drawn.add_argument("--kind", choices=("issue", *SINGLE), default="page")
    drawn.add_argument("--count", type=int, default=10)
    drawn.add_argument("--strength", type=float, default=1.0, help="of the ageing, 0 to 2")
    return parser


if __name__ == "__main__":
    sys.exit(main())
