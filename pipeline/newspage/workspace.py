"""The output folder and its store: their names for each other, and the locks on them."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from newspage.config import AUTO_MODEL, NO_MODEL, Config, RunConfig
from newspage.errors import UsageError
from newspage.files import make_output_error, remove_leftovers

STORE_NAME = "newspage.sqlite"
"""File of the store, beside the output folder."""
LOCK_NAME = ".newspage.lock"
"""File of the write lock, beside the store."""
LANGUAGE_NAME = "language.model"
"""File of the archive's language model, beside the store."""
INDEX_NAME = "index.json"
ISSUES_NAME = "issues"
"""Folder of joined issues, in the output folder."""
_ATTEMPTS = 5
"""Tries to get the run lock, 20 ms apart: `is_run_active` holds it for a moment. Judgement."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """An output folder and its store.

    The store names scans and folders relative to the home folder, so that scans, store and output
    can move together.
    """

    output: Path
    store: Path | str
    """A file, or the address of a database on a server."""

    @classmethod
    def for_output(cls, output: Path, config: RunConfig) -> "Workspace":
        """Return the workspace of an output folder, which need not exist yet."""
        if "://" in config.store:
            return cls(output, config.store)
        folder = output.absolute().parent
        return cls(output, Path(config.store) if config.store else folder / STORE_NAME)

    @property
    def home(self) -> Path:
        """Return the folder that names are relative to: that of the store, or of the output."""
        return self.store.parent if isinstance(self.store, Path) else self.output.absolute().parent

    @property
    def known(self) -> bool:
        """Tell whether the store exists; one on a server is taken to, without connecting."""
        return isinstance(self.store, str) or self.store.is_file()

    @property
    def name(self) -> str:
        """Return the name of the output folder in the store."""
        return self.make_key(self.output)

    def find_learned(self, config: Config) -> Path:
        """Return the folder of dictionary entries that reviewers adopted; it need not exist."""
        named = config.correct.learned
        return Path(named) if named else self.home / "dictionaries" / "learned"

    def find_language(self, config: Config) -> Path:
        """Return the file of the archive's language model; it need not exist."""
        named = config.correct.language_model
        return self.home / LANGUAGE_NAME if named in (AUTO_MODEL, NO_MODEL) else Path(named)

    def with_learned(self, config: Config) -> Config:
        """Return the settings with what the archive has taught named by its absolute path.

        That is the folder of adopted entries, and the language model where there is one.
        """
        learned = os.path.abspath(self.find_learned(config))  # noqa: PTH100 - links are left as they are
        language = config.correct.language_model
        if language == AUTO_MODEL and self.find_language(config).is_file():
            language = str(self.find_language(config).absolute())
        correct = replace(config.correct, learned=learned, language_model=language)
        return replace(config, correct=correct)

    def make_key(self, path: Path) -> str:
        """Return the name of a path in the store: relative to home, or absolute where not below it.

        Symbolic links are kept, `..` is resolved, so that a file has one name.
        """
        absolute = os.path.abspath(path)  # noqa: PTH100
        home = _make_absolute(str(self.home), os.getcwd()).rstrip(os.sep) + os.sep  # noqa: PTH109
        key = absolute.removeprefix(home)
        return key.replace(os.sep, "/") if key else "."

    def resolve_key(self, key: str) -> Path:
        """Return the path of a name in the store."""
        return self.home / key


@cache
def _make_absolute(folder: str, here: str) -> str:
    """Return the absolute path of a folder as seen from another; asked for each file of a run."""
    return os.path.normpath(os.path.join(here, folder))  # noqa: PTH118


class BusyError(UsageError):
    """An output folder that another run is writing to."""


@contextmanager
def hold_run_lock(place: Workspace) -> Iterator[None]:
    """Make the output folder where it is missing, and hold it for one run alone.

    Systems other than POSIX have no lock. Raises BusyError where another run holds the folder, and
    OutputError where it cannot be made.
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
    """Hold the lock under which decisions are read and files of the output folder are written.

    It is held briefly; other processes wait for it. Systems other than POSIX have none. Raises
    OutputError where the lock file cannot be opened.
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
        # Some network file systems have no locks; then people must take care themselves.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def is_run_active(place: Workspace) -> bool:
    """Tell whether a run holds the output folder just now."""
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
    """Remove the temporary files that killed processes left; to be called under the write lock."""
    for folder, _, _ in os.walk(place.output):
        remove_leftovers(Path(folder))


def _lock(handle: int, output: Path) -> None:
    """Lock an open folder until its handle is closed; the lock leaves no file behind."""
    import fcntl

    for attempt in range(_ATTEMPTS):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Another process may only be asking whether a run is active.
            if attempt + 1 < _ATTEMPTS:
                time.sleep(0.02)
        except OSError:
            # Some network file systems have no locks; then people must take care themselves.
            return
        else:
            return
    raise BusyError("output-busy", output=output)
