"""Where a run writes, and that no two of them write there at once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import RunConfig
from pipeline.errors import UsageError
from pipeline.files import output_error, sweep

STORE_NAME = "newspage.sqlite"
INDEX_NAME = "index.json"
ISSUES_NAME = "issues"


@dataclass(frozen=True, slots=True)
class Place:
    """An output folder and the store that knows of it.

    In the store scans and folders are named as seen from the folder that the store is in, so that
    scans, store and output can move together.
    """

    output: Path
    store: Path

    @classmethod
    def of(cls, output: Path, config: RunConfig) -> "Place":
        """The place for an output folder, which need not exist yet."""
        folder = output.absolute().parent
        return cls(output, Path(config.store) if config.store else folder / STORE_NAME)

    @property
    def name(self) -> str:
        """What the store calls the output folder."""
        return self.key(self.output)

    def key(self, path: Path) -> str:
        """What the store calls a path: seen from its folder, absolute where not below it.

        Links are left as they are, `..` is not: one file, one name.
        """
        absolute, home = (os.path.abspath(p) for p in (path, self.store.parent))  # noqa: PTH100
        inside = absolute.startswith(home.rstrip(os.sep) + os.sep)
        return Path(os.path.relpath(absolute, home) if inside else absolute).as_posix()

    def path(self, key: str) -> Path:
        """The path that the store calls so."""
        return self.store.parent / key


@contextmanager
def held(place: Place) -> Iterator[None]:
    """The output folder, made where it is missing, for one run alone.

    Raises UsageError where another run has it, OutputError where it cannot be made.
    """
    try:
        place.output.mkdir(parents=True, exist_ok=True)
        place.store.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(place.output, os.O_RDONLY) if os.name == "posix" else None
    except OSError as error:
        raise output_error(place.output, error) from error
    try:
        if handle is not None:
            _lock(handle, place.output)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def clear(place: Place) -> None:
    """Remove what a run that was killed while writing left lying aside."""
    for folder, _, _ in os.walk(place.output):
        sweep(Path(folder))


def _lock(handle: int, output: Path) -> None:
    """Lock a folder as long as this process lives; the lock leaves no file behind."""
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError(
            f"{output}: another run is writing there.", "Wait for it, or choose another -o."
        ) from None
    except OSError:
        # Some network file systems know no locks; then care is left to the people.
        return
