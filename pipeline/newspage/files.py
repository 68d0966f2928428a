"""Writing, listing and removing files; a file is written whole or not at all."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from newspage.errors import OutputError

_ASIDE = ".part"
"""Suffix of a file that is being written, hidden beside its place."""


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files of one folder so that each is at any moment the old one or the new one.

    Every file is written beside its place, forced to the disk, and only then renamed, in the order
    given; the folder is made where it is missing. The last one is renamed when the others are on
    the disk: where it is new all are, even after a power cut. A name may not hold a folder. Raises
    OutputError.
    """
    aside = {name: folder / f".{name}{_ASIDE}" for name in files}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            _write_through(aside[name], data)
        names = list(aside)
        for some in (names[:-1], names[-1:]):
            for name in some:
                aside[name].replace(folder / name)
            if some:
                _sync_folder(folder)
    except OSError as error:
        for path in aside.values():
            _forget(path)
        raise make_output_error(folder, error) from error


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file from pieces, each written before the next is asked for.

    It is the old file or the new one at any moment, as with `write_files`, also where the making of
    the pieces fails. Raises OutputError.
    """
    aside = path.with_name(f".{path.name}{_ASIDE}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_pieces_through(aside, pieces)
        aside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise make_output_error(path, error) from error
    finally:
        _forget(aside)


def write_package(folder: Path, files: Iterable[tuple[str, Iterable[bytes]]]) -> None:
    """Write a folder of files that belong together, in place of one that may be there already.

    The folder is the old one or the new one, complete, also where the making of the pieces fails.
    Between the two there is a moment without one.

    Args:
        folder: The folder.
        files: For each file its path below the folder, `/` between folders, and its contents in
            pieces. All pieces of a file are written before the next file is asked for.

    Raises:
        OutputError: It cannot be written.
    """
    aside = folder.with_name(f".{folder.name}{_ASIDE}")
    try:
        _forget(aside)
        aside.mkdir(parents=True)
        for name, pieces in files:
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_pieces_through(path, pieces)
            _sync_folder(path.parent)
        _sync_folder(aside)
        _swap_folders(aside, folder)
    except OSError as error:
        raise make_output_error(folder, error) from error
    finally:
        _forget(aside)


def _swap_folders(new: Path, folder: Path) -> None:
    """Put a folder in the place of another, which is removed; raises OSError, and then it stays."""
    old = folder.with_name(f".{folder.name}.old{_ASIDE}")
    _forget(old)
    if not folder.is_dir():
        new.rename(folder)
    else:
        folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        _forget(old)
    _sync_folder(folder.parent)


def relative_path(path: Path, folder: Path) -> Path:
    """Return a file's path relative to a folder; its absolute path where they share no drive.

    Links are left as they are.
    """
    try:
        return Path(os.path.relpath(path, folder))
    except ValueError:
        return path.absolute()


def require_writable(folder: Path) -> None:
    """Raise OutputError unless files can be written into a folder, be it there yet or not.

    A file without a name is made for it and removed.
    """
    nearest = folder
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    try:
        with tempfile.TemporaryFile(dir=nearest):
            return
    except OSError as error:
        raise make_output_error(folder, error) from error


def remove_files(paths: Iterable[Path]) -> None:
    """Remove files that may or may not be there. Raises OutputError."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise make_output_error(path, error) from error


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it; it may not be there. Raises OutputError."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise make_output_error(folder, error) from error


def remove_leftovers(folder: Path) -> None:
    """Remove the unfinished files that a run left in a folder when it was killed while writing."""
    for path in folder.glob(f".*{_ASIDE}"):
        _forget(path)


def list_cut_short(folder: Path) -> list[Path]:
    """Return the files below a folder whose writing was cut short, by name.

    Of those that were written together some may have been renamed: the first ones where the process
    was killed, any of them after a power cut.
    """
    found = []
    for parent, _, names in os.walk(folder):
        asides = (name for name in names if name.startswith(".") and name.endswith(_ASIDE))
        found += [Path(parent) / name[1 : -len(_ASIDE)] for name in asides]
    return sorted(found)


def list_files_below(folder: Path, prefix: str = "") -> Iterator[str]:
    """Yield the names of all files below a folder, with forward slashes; none without a folder."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from list_files_below(Path(entry.path), f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name


def make_output_error(path: Path, error: OSError) -> OutputError:
    """Return the error for a result that cannot be written, with what to do about it."""
    reason = error.strerror or str(error)
    match error.errno:
        case errno.ENOSPC:
            return OutputError("disk-full", path=path, reason=reason)
        case errno.EDQUOT:
            return OutputError("quota-used-up", path=path, reason=reason)
        case errno.EACCES:
            return OutputError("writing-forbidden", path=path, reason=reason)
        case errno.EROFS:
            return OutputError("disk-read-only", path=path, reason=reason)
        case errno.ENOTDIR | errno.EEXIST:
            return OutputError("file-in-place-of-folder", path=path, reason=reason)
    return OutputError("writing-failed", path=path, reason=reason)


def _write_through(path: Path, data: bytes) -> None:
    """Write a file and force it to the disk."""
    _write_pieces_through(path, (data,))


def _write_pieces_through(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file from pieces and force it to the disk."""
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Force the names in a folder to the disk (POSIX only)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _forget(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, if that is possible."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError:
        # Best effort: the next run sweeps again.
        return
