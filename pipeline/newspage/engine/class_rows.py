"""The rows of a recogniser's last layer: what it knows of how characters look.

The last layer compares what the network saw at a step of a strip with one row of numbers a class.
Classes whose rows point the same way are those that it tells apart worst: characters of one shape.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newspage.config import EngineConfig
from newspage.engine.models import find_networks, load_weights
from newspage.engine.onnx_weights import read_metadata, read_weights
from newspage.errors import MissingDependencyError


@dataclass(frozen=True)
class ClassRows:
    """Characters of a recogniser, and for each of them the row of its last layer."""

    characters: tuple[str, ...]
    rows: NDArray[np.float32]
    """Shape (characters, numbers of a row), about the mean row of all classes."""


def load_class_rows() -> ClassRows:
    """Return the rows of the recogniser that comes along. Raises MissingDependencyError."""
    network = find_networks(EngineConfig()).recogniser
    data = load_weights(network)
    characters = read_metadata(data).get("character", "").splitlines()
    # Before the characters stands the blank, behind them the space.
    classes = len(characters) + 2
    for weight in read_weights(data).values():
        if weight.ndim == 2 and weight.shape[1] == classes and characters:
            rows = weight.T - weight.mean(axis=1)
            return ClassRows(tuple(characters), rows[1:-1])
    raise MissingDependencyError("network-without-rows", name=network.name)
