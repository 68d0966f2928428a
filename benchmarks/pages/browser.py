"""Prints sheets through headless Chromium: pixels, and the place of every character."""

import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2

from benchmarks.pages.markup import to_html
from benchmarks.pages.sheet import Sheet
from newspage.model import GrayImage

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--font-render-hinting=none",
    "--disable-lcd-text",
)
_TIMEOUT_S = 180
_PLACES = re.compile(r'<script type="application/json" id="places">(.*?)</script>', re.DOTALL)


class PrintError(Exception):
    """A sheet cannot be printed."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a line was printed, in pixels of the page."""

    box: tuple[float, float, float, float]
    """Left, top, right, bottom of the line as the browser measures it."""
    characters: tuple[tuple[float, float], ...]
    """Start and end of each character along the line."""
    over: float
    """By how much the line is longer than its room; more than a pixel is a mistake in setting."""


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """A printed sheet."""

    sheet: Sheet
    pixels: GrayImage
    places: tuple[Places, ...]
    """One entry a line of the sheet, in its order."""


def find_chromium() -> str | None:
    """Path of the browser, None where none is installed."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def print_sheet(sheet: Sheet) -> Print:
    """Prints a sheet at its exact size.

    Raises PrintError without Chromium, and where it fails.
    """
    program = find_chromium()
    if program is None:
        raise PrintError("no Chromium found, which sets the sample pages: install chromium")
    with tempfile.TemporaryDirectory(prefix="newspage-pages-") as name:
        folder = Path(name)
        page, shot = folder / "page.html", folder / "page.png"
        page.write_text(to_html(sheet), encoding="utf-8")
        dom = _run(program, folder, page, shot, sheet)
        pixels = cv2.imread(str(shot), cv2.IMREAD_GRAYSCALE)
    found = _PLACES.search(dom)
    if pixels is None or found is None or pixels.shape != (sheet.height, sheet.width):
        raise PrintError(f"Chromium did not print the page {sheet.name}.")
    places = tuple(
        Places(
            tuple(line["box"]),
            tuple((a, b - line["spacing"]) for a, b in line["places"]),
            line["over"],
        )
        for line in json.loads(found.group(1))
    )
    return Print(sheet, pixels, places)


def _run(program: str, folder: Path, page: Path, shot: Path, sheet: Sheet) -> str:
    command = [
        program,
        *_OPTIONS,
        f"--user-data-dir={folder / 'profile'}",
        f"--window-size={sheet.width},{sheet.height}",
        f"--screenshot={shot}",
        "--dump-dom",
        page.as_uri(),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_TIMEOUT_S, check=False, encoding="utf-8"
        )
    except subprocess.TimeoutExpired as error:
        raise PrintError(f"Chromium took over {_TIMEOUT_S} s for {sheet.name}.") from error
    return done.stdout
