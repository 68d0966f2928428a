"""Arrays that were kept on the disk while something was trained."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNREADABLE = (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile)
"""What numpy raises for a file that is not there, was cut short, or holds something else."""


def load_kept_arrays(file: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file by their names. Raises one of `UNREADABLE` where it has none."""
    # Opened here, since numpy leaves a file open that turns out to be cut short.
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}
