"""Where the words of libraries and children go."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def errors_into(path: Path) -> Iterator[None]:
    """Let what this process and its children write to their standard error go into a file.

    Decoders have something to say of each broken file, by the thousand.
    """
    sys.stderr.flush()
    before, instead = os.dup(2), os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(instead, 2)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(before, 2)
        os.close(before)
        os.close(instead)
