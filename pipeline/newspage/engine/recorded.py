"""Replays what another engine answered before: for tests, demos and bug reports.

Answers are found again by what the picture looks like from afar, not by its exact pixels: a line
cut a little differently, or a page enhanced a little differently, still gets its answer.
"""

import base64
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.engine.protocol import Engine, FoundLine, Reading
from newspage.errors import InputError, OutputError
from newspage.lattice import Lattice
from newspage.model import GrayImage

FORMAT = "newspage-engine/1"
"""Format of a recording, written in it and checked when it is loaded."""
PAGE_LOOK = (32, 32)
"""Columns and rows of what is kept of a page's look. Judgement: columns and pictures show."""
STRIP_LOOK = (64, 8)
"""Columns and rows of what is kept of a strip's look. Judgement: glyphs show as patches."""
STRANGE = 0.6
"""Distance from which a picture is none of those recorded. Judgement: unrelated pictures are at
1."""

Look = NDArray[np.float32]
"""A small picture of zero mean and length 1, flattened, and the logarithm of width over height."""


@dataclass(frozen=True, slots=True, eq=False)
class PageAnswer:
    """The lines that were found in an image."""

    look: Look
    size: tuple[int, int]
    """Width and height of that image."""
    found: tuple[FoundLine, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StripAnswer:
    """The reading of a strip."""

    look: Look
    reading: Reading
    also: tuple[int, ...] = ()
    """The classes that were asked for beside the best ones."""


class RecordedEngine:
    """An engine that replays recorded answers; see `Engine`. Images never seen are empty to it."""

    def __init__(
        self,
        name: str,
        characters: Sequence[str],
        pages: Sequence[PageAnswer],
        strips: Sequence[StripAnswer],
    ) -> None:
        self._name = name
        self._characters = tuple(characters)
        self._pages = tuple(pages)
        self._strips = tuple(strips)

    @classmethod
    def load_recording(cls, file: Path) -> "RecordedEngine":
        """Load the engine of a recording. Raises InputError for a file that is none."""
        try:
            raw = file.read_bytes()
            data = json.loads(gzip.decompress(raw) if file.suffix == ".gz" else raw)
            if data["format"] != FORMAT:
                raise InputError(
                    "recording-of-other-format",
                    path=file,
                    found=str(data["format"]),
                    expected=FORMAT,
                )
            pages = [_page_from(p) for p in data["pages"]]
            strips = [_strip_from(s) for s in data["strips"]]
            return cls(str(data["name"]), _characters_from(data["characters"]), pages, strips)
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise InputError("recording-unreadable", path=file, reason=str(error)) from error

    @property
    def name(self) -> str:
        """Return the name of the recorded engine, marked as recorded."""
        return f"recorded {self._name}"

    @property
    def characters(self) -> tuple[str, ...]:
        """Return the characters of the classes that occur in the recording; the rest is empty."""
        return self._characters

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        """Return the lines found in the recorded image most like this one, scaled to it."""
        nearest = _nearest(look_of(image, PAGE_LOOK), [p.look for p in self._pages])
        if nearest is None:
            return []
        page = self._pages[nearest]
        x, y = image.shape[1] / page.size[0], image.shape[0] / page.size[1]
        return [
            FoundLine(tuple((px * x, py * y) for px, py in line.polygon), line.score)
            for line in page.found
        ]

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        """Return the readings of the recorded strips that look most like these.

        Recorded with the same `also`, if any was; else those recorded without it.
        """
        asked = {s.also for s in self._strips}
        known = [s for s in self._strips if s.also == (tuple(also) if tuple(also) in asked else ())]
        looks = [s.look for s in known]
        nearest = [_nearest(look_of(strip, STRIP_LOOK), looks) for strip in strips]
        return [NOTHING if n is None else known[n].reading for n in nearest]


class RecordingEngine:
    """An engine that passes questions on to another one and keeps its answers; see `Engine`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pages: list[PageAnswer] = []
        self._strips: list[StripAnswer] = []

    @property
    def name(self) -> str:
        """Return the name of the engine that answers."""
        return self._engine.name

    @property
    def characters(self) -> Sequence[str]:
        """Return the characters of the engine that answers."""
        return self._engine.characters

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        """Find lines with the engine that answers, and keep its answer."""
        found = self._engine.find_lines(image)
        size = int(image.shape[1]), int(image.shape[0])
        self._pages.append(PageAnswer(look_of(image, PAGE_LOOK), size, tuple(found)))
        return found

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        """Read strips with the engine that answers, and keep its answers."""
        readings = self._engine.read_lines(strips, also)
        self._strips += [
            StripAnswer(look_of(strip, STRIP_LOOK), reading, tuple(also))
            for strip, reading in zip(strips, readings, strict=True)
        ]
        return readings

    def make_recorded(self) -> RecordedEngine:
        """Make an engine of the answers so far."""
        return RecordedEngine(self.name, self.characters, self._pages, self._strips)

    def save_recording(self, file: Path) -> None:
        """Write the answers so far, compressed if the name ends in .gz. Raises OutputError."""
        data = {
            "format": FORMAT,
            "name": self.name,
            "characters": _characters_to(self.characters, self._strips),
            "pages": [_page_to(p) for p in self._pages],
            "strips": [_strip_to(s) for s in self._strips],
        }
        raw = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        aside = file.with_name(f".{file.name}.part")
        try:
            aside.write_bytes(gzip.compress(raw, mtime=0) if file.suffix == ".gz" else raw)
            aside.replace(file)
        except OSError as error:
            raise OutputError(
                "recording-unwritable", path=file, reason=str(error.strerror)
            ) from error


NOTHING = Reading(
    (),
    np.zeros(0, np.float32),
    np.zeros((0, 2), np.float32),
    Lattice(np.zeros((1, 1), np.int32), np.zeros((1, 1), np.float16), np.full(1, 0.5, np.float32)),
)
"""The reading of an empty strip: one step, a blank for certain."""


def look_of(image: GrayImage, size: tuple[int, int]) -> Look:
    """Return what an image looks like from afar, at `size` columns and rows; see `Look`."""
    if not image.size:
        return np.zeros(size[0] * size[1] + 1, np.float32)
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32).ravel()
    small -= small.mean()
    small /= max(1e-6, float(np.linalg.norm(small)))
    shape = np.log(image.shape[1] / image.shape[0])
    return np.append(small, np.float32(shape))


def _nearest(look: Look, known: Sequence[Look]) -> int | None:
    """Return the index of the look that is nearest to `look`; None where all are strange."""
    if not known:
        return None
    table = np.stack(known)
    distances = 1 - table[:, :-1] @ look[:-1] + np.abs(table[:, -1] - look[-1])
    best = int(np.argmin(distances))
    return best if distances[best] < STRANGE else None


def _characters_to(characters: Sequence[str], strips: Sequence[StripAnswer]) -> dict[str, str]:
    """Return the classes that occur, and their characters."""
    classes = {int(c) for s in strips for c in np.unique(s.reading.lattice.classes)}
    return {str(c): characters[c] for c in sorted(classes) if c < len(characters)}


def _characters_from(data: dict[str, str]) -> list[str]:
    """Return the character of each class up to the greatest that occurs."""
    known = {int(number): text for number, text in data.items()}
    return [known.get(i, "") for i in range(max(known, default=0) + 1)]


def _page_to(page: PageAnswer) -> dict[str, Any]:
    """Return a page's answer as JSON."""
    return {
        "look": _packed(page.look, "<f2"),
        "size": page.size,
        "found": [
            {"polygon": [[round(v, 1) for v in p] for p in f.polygon], "score": round(f.score, 3)}
            for f in page.found
        ],
    }


def _page_from(data: dict[str, Any]) -> PageAnswer:
    """Return a page's answer from JSON."""
    found = [
        FoundLine(tuple((float(x), float(y)) for x, y in f["polygon"]), float(f["score"]))
        for f in data["found"]
    ]
    width, height = data["size"]
    look = _unpacked(data["look"], "<f2").astype(np.float32)
    return PageAnswer(look, (int(width), int(height)), tuple(found))


def _strip_to(strip: StripAnswer) -> dict[str, Any]:
    """Return a strip's answer as JSON."""
    reading, lattice = strip.reading, strip.reading.lattice
    return {
        "look": _packed(strip.look, "<f2"),
        "text": list(reading.text),
        "confidences": _packed(reading.confidences, "<f4"),
        "spans": _packed(reading.spans, "<f4"),
        "steps": lattice.classes.shape,
        "classes": _packed(lattice.classes, "<i4"),
        "log_probs": _packed(lattice.log_probs, "<f2"),
        "positions": _packed(lattice.positions, "<f4"),
        **({"also": strip.also} if strip.also else {}),
    }


def _strip_from(data: dict[str, Any]) -> StripAnswer:
    """Return a strip's answer from JSON."""
    shape = tuple(data["steps"])
    lattice = Lattice(
        _unpacked(data["classes"], "<i4").reshape(shape),
        _unpacked(data["log_probs"], "<f2").reshape(shape),
        _unpacked(data["positions"], "<f4"),
    )
    reading = Reading(
        tuple(data["text"]),
        _unpacked(data["confidences"], "<f4"),
        _unpacked(data["spans"], "<f4").reshape(-1, 2),
        lattice,
    )
    look = _unpacked(data["look"], "<f2").astype(np.float32)
    return StripAnswer(look, reading, tuple(int(c) for c in data.get("also", ())))


def _packed(array: NDArray[Any], kind: str) -> str:
    """Return an array as base64 of its bytes; `kind` is numpy's name of their type."""
    return base64.b64encode(np.ascontiguousarray(array, kind).tobytes()).decode("ascii")


def _unpacked(text: str, kind: str) -> NDArray[Any]:
    """Return a flat array from the base64 of its bytes."""
    return np.frombuffer(base64.b64decode(text), kind)
