"""Find the files that are scans among files and folders."""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from newspage.ingest.scan_names import make_output_stems, make_path_key
from newspage.model import Problem
from newspage.terminal import escape_line

SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".jp2", ".j2k", ".webp", ".bmp", ".pdf"}
)
"""Suffixes of files that are taken for scans, in small letters."""

_OTHER_PICTURES = frozenset(
    {".avif", ".cbz", ".djv", ".djvu", ".gif", ".heic", ".heif", ".jbig2", ".jxl", ".pbm", ".psd"}
)
"""Suffixes of pictures that are not read; people are warned that they were passed over."""
_SERVICE_FOLDERS = frozenset({"@eadir", "__macosx", "$recycle.bin"})
"""Folders that network drives, macOS and Windows leave behind, in small letters."""


@dataclass(frozen=True, slots=True)
class FoundScan:
    """A file that has the name of a scan."""

    path: Path
    root: Path
    """The folder below which outputs mirror the folders of the scans."""
    stem: str
    """Name of its outputs below the output folder, `/` between folders; no other scan has it."""


def find_scans(
    paths: Sequence[Path], skip: Iterable[Path] = ()
) -> tuple[tuple[FoundScan, ...], tuple[Problem, ...]]:
    """Find all scans among some files, and in folders with all their subfolders, in natural order.

    Hidden files and folders are passed over. Never raises.

    Args:
        paths: Files and folders that a person named; links among them are followed.
        skip: Folders that are passed over, such as the output folder.

    Returns:
        The scans, and the problems: of severity "error" for links out of a folder and what is no
        file in spite of its name, "warning" for pictures of kinds that are not read.
    """
    walker = _Walker(frozenset(_real(path) for path in skip))
    for path in paths:
        walker.start(path)
    root = common_root(paths)
    found = sorted(walker.found.values(), key=make_path_key)
    stems = make_output_stems(found, root)
    scans = tuple(FoundScan(p, root, s) for p, s in zip(found, stems, strict=True))
    return scans, tuple(walker.problems)


def common_root(paths: Sequence[Path]) -> Path:
    """Return the deepest folder that holds all paths; for a single folder that folder itself."""
    if not paths:
        return Path()
    folders = [path if path.is_dir() else path.parent for path in paths]
    if len(set(folders)) == 1:
        return folders[0]
    if not any(folder.is_absolute() for folder in folders) and ".." not in str(folders):
        return Path(os.path.commonpath(folders) or ".")
    return Path(os.path.commonpath([folder.absolute() for folder in folders]))


class _Walker:
    """Collector of scans and problems; a file reached in two ways is taken once."""

    def __init__(self, skip: frozenset[Path]) -> None:
        self.skip = skip
        self.found: dict[Path, Path] = {}
        self.problems: list[Problem] = []

    def start(self, path: Path) -> None:
        """Take a file, or walk a folder, that a person named."""
        try:
            mode = path.stat().st_mode
        except OSError as error:
            self._refuse(path, _why(error))
            return
        if stat.S_ISDIR(mode):
            self._walk(path)
        elif path.suffix.lower() not in SUFFIXES:
            self._refuse(path, f"is not a scan by its name. {_accepted()}")
        elif self._readable_name(path):
            self._take(path, mode, _real(path))

    def _walk(self, top: Path) -> None:
        """Collect all scans below a folder; without recursion, so that no folder is too deep."""
        home = _real(top)
        folders = [top]
        while folders:
            folder = folders.pop()
            real = _real(folder)
            for path in self._entries(folder):
                try:
                    mode = path.lstat().st_mode
                except OSError as error:
                    self._refuse(path, _why(error))
                    continue
                if stat.S_ISLNK(mode):
                    self._judge_link(path, home)
                elif stat.S_ISDIR(mode):
                    folders.extend(self._folder(path))
                else:
                    self._file(path, mode, real / path.name)

    def _entries(self, folder: Path) -> Iterator[Path]:
        """Yield the entries of a folder that are not hidden, sorted by name."""
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            self._refuse(folder, _why(error))
            return
        for path in entries:
            hidden = path.name.startswith(".") or path.name.lower() in _SERVICE_FOLDERS
            if not hidden and self._readable_name(path):
                yield path

    def _readable_name(self, path: Path) -> bool:
        """Tell whether a name is UTF-8; note a problem where it is not."""
        try:
            str(path).encode()
        except UnicodeEncodeError:
            self._refuse(
                path,
                "has a name that is not UTF-8 (that of an old archive, perhaps GBK). "
                "Rename it, for example with: convmv -f gbk -t utf8 --notest FILE",
            )
            return False
        return True

    def _folder(self, path: Path) -> list[Path]:
        """Return a folder in a list if it is to be walked, an empty list if it is to be skipped."""
        if _real(path) in self.skip:
            return []
        if path.suffix.lower() in SUFFIXES:
            self._refuse(
                path, "is a folder with the name of a picture; what is in it is read. Rename it."
            )
        return [path]

    def _file(self, path: Path, mode: int, real: Path) -> None:
        """Take a file with the name of a scan; warn of another kind of picture.

        `real` is its path with links resolved.
        """
        suffix = path.suffix.lower()
        if suffix in SUFFIXES:
            self._take(path, mode, real)
        elif suffix in _OTHER_PICTURES:
            message = f"a {suffix[1:].upper()} file is not read. Convert it to PNG, TIFF or PDF."
            self.problems.append(Problem(escape_line(path), message))

    def _take(self, path: Path, mode: int, real: Path) -> None:
        """Note a regular file as found, any other thing with such a name as a problem."""
        if stat.S_ISREG(mode):
            self.found.setdefault(real, path)
        else:
            self._refuse(path, "is no ordinary file (a pipe or a device, perhaps). Remove it.")

    def _judge_link(self, path: Path, home: Path) -> None:
        """Refuse a link that is broken or leads out of the folder; links are never followed.

        One that points to something inside the folder needs nothing: its target is found there.
        """
        target = _real(path)
        if path.suffix.lower() not in SUFFIXES and not target.is_dir():
            return
        if not target.exists():
            self._refuse(path, "is a link to nothing. Remove it or mend it.")
        elif not target.is_relative_to(home):
            self._refuse(
                path, "is a link that leads out of the folder. Copy the file, or name its folder."
            )

    def _refuse(self, path: Path, message: str) -> None:
        """Note a problem of severity "error"."""
        self.problems.append(Problem(escape_line(path), message, "error"))


def _real(path: Path) -> Path:
    """Return the path with links resolved, or only made absolute where links run in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()


def _why(error: OSError) -> str:
    """Say in words why a path cannot be looked at, and what to do."""
    if isinstance(error, FileNotFoundError):
        return "does not exist. Check the spelling."
    if isinstance(error, PermissionError):
        return "may not be read. Give yourself permission, for example with: chmod -R u+rX FOLDER"
    return f"cannot be looked at: {error.strerror or error}. Check the disk or the connection."


def _accepted() -> str:
    """List the suffixes of scans for a message."""
    return "Scans end in " + ", ".join(sorted(suffix[1:] for suffix in SUFFIXES)) + "."
