"""Keeps the lines that are suggested for typing, in the output folder, for the review page."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from newspage.errors import InputError
from newspage.files import write_files
from newspage.geometry import Box

SUGGESTED_NAME = ".suggested-lines.json"
"""File in the output folder. Hidden: visible ones are pages."""


@dataclass(frozen=True, slots=True)
class SuggestedLine:
    """A printed line whose transcription would help the recogniser."""

    stem: str
    """Name of its page."""
    box: tuple[float, float, float, float]
    """Left, top, right, bottom on the scan, in pixels: by it the line is found again."""
    reading: str
    """Its text when it was chosen."""
    expected: float
    """Wrong characters that are expected in it, by the recogniser's own probabilities."""

    @property
    def place(self) -> Box:
        """Return the box as a value."""
        return Box(*self.box)


def write_suggested_lines(folder: Path, lines: Sequence[SuggestedLine]) -> None:
    """Write the lines into an output folder, in the place of earlier ones. Raises OutputError."""
    text = json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=0)
    write_files(folder, {SUGGESTED_NAME: text.encode()})


def read_suggested_lines(folder: Path) -> tuple[SuggestedLine, ...]:
    """Return the lines that were suggested for an output folder; none where none ever were.

    Raises InputError for a damaged file.
    """
    file = folder / SUGGESTED_NAME
    try:
        return msgspec.json.decode(file.read_bytes(), type=tuple[SuggestedLine, ...])
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError("suggested-lines-damaged", path=file) from error
