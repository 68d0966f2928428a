"""Where a run writes, and that no two of them write there at once."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from newspage.config import Config, RunConfig
from newspage.errors import UsageError
from newspage.files import make_output_error, remove_leftovers

STORE_NAME = "newspage.sqlite"
LOCK_NAME = ".newspage.lock"
INDEX_NAME = "index.json"
ISSUES_NAME = "issues"
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Workspace:
    """An output folder and the store that knows of it.

    In the store scans and folders are named as seen from its home, so that scans, store and output
    can move together.
    """

    output: Path
    store: Path | str
    """A file, or the address of a database on a server."""

    @classmethod
    def for_output(cls, output: Path, config: RunConfig) -> "Workspace":
        """The place for an output folder, which need not exist yet."""
        if "://" in config.store:
            return cls(output, config.store)
        folder = output.absolute().parent
        return cls(output, Path(config.store) if config.store else folder / STORE_NAME)

    @property
    def home(self) -> Path:
        """The folder that names are seen from: the store's, or that of the output folder."""
        return self.store.parent if isinstance(self.store, Path) else self.output.absolute().parent

    @property
    def known(self) -> bool:
        """Whether there is a store yet, as far as can be said without opening it."""
        return isinstance(self.store, str) or self.store.is_file()

    @property
    def name(self) -> str:
        """What the store calls the output folder."""
        return self.make_key(self.output)

    def find_learned(self, config: Config) -> Path:
        """The folder of dictionary entries that reviewers adopted; it need not exist."""
        named = config.correct.learned
        return Path(named) if named else self.home / "dictionaries" / "learned"

    def with_learned(self, config: Config) -> Config:
        """Settings that name that folder."""
        learned = os.path.abspath(self.find_learned(config))  # noqa: PTH100 - links are left as they are
        return replace(config, correct=replace(config.correct, learned=learned))

    def make_key(self, path: Path) -> str:
        """What the store calls a path: seen from its folder, absolute where not below it.

        Links are left as they are, `..` is not: one file, one name.
        """
        absolute, home = (os.path.abspath(p) for p in (path, self.home))  # noqa: PTH100
        inside = absolute.startswith(home.rstrip(os.sep) + os.sep)
        return Path(os.path.relpath(absolute, home) if inside else absolute).as_posix()

    def resolve_key(self, key: str) -> Path:
        """The path that the store calls so."""
        return self.home / key


class BusyError(UsageError):
    """Another run has the output folder."""


@contextmanager
def hold_run_lock(place: Workspace) -> Iterator[None]:
    """The output folder, made where it is missing, for one run alone.

    Raises BusyError where another run has it, OutputError where it cannot be made.
    """
    try:
        place.output.mkdir(parents=True, exist_ok=True)
        place.home.mkdir(parents=True, exist_ok=True)
        handle = os.open(place.output, os.O_RDONLY) if os.name == "posix" else None
    except OSError as error:
        raise make_output_error(place.output, error) from error
    try:
        if handle is not None:
            _lock(handle, place.output)
        yield
    finally:
        if handle is not None:
            os.close(handle)


@contextmanager
def hold_write_lock(place: Workspace) -> Iterator[None]:
    """Whoever reads decisions and writes files of the output folder does so alone, and briefly.

    Others wait. Raises OutputError where the lock cannot be had.
    """
    if os.name != "posix":
        yield
        return
    import fcntl

    path = place.home / LOCK_NAME
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise make_output_error(path, error) from error
    try:
        # Some network file systems know no locks; then care is left to the people.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def is_run_active(place: Workspace) -> bool:
    """Whether a run has the output folder just now."""
    if os.name != "posix":
        return False
    import fcntl

    try:
        handle = os.open(place.output, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


def clear_leftovers(place: Workspace) -> None:
    """Remove what was left lying aside by a process killed while writing; nobody may be writing."""
    for folder, _, _ in os.walk(place.output):
        remove_leftovers(Path(folder))


def _lock(handle: int, output: Path) -> None:
    """Lock a folder as long as this process lives; the lock leaves no file behind."""
    import fcntl

    for attempt in range(_ATTEMPTS):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Somebody may only be asking whether a run is on.
            if attempt + 1 < _ATTEMPTS:
                time.sleep(0.02)
        except OSError:
            # Some network file systems know no locks; then care is left to the people.
            return
        else:
            return
    raise BusyError(
        f"{output}: another run is writing there.", "Wait for it, or choose another -o."
    )
