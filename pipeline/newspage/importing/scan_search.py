"""Find the scan of an imported page: the one that a person names, else the one its file names."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from newspage.batch import FileOpener
from newspage.config import IngestConfig
from newspage.counting import count_in_words
from newspage.importing.importers import SourceFile
from newspage.ingest import SUFFIXES
from newspage.model import Scan
from newspage.sources import SourceError, SourcePage


def find_scan_of_page(
    file: SourceFile,
    page: SourcePage,
    named: Path | None,
    opener: FileOpener,
    config: IngestConfig,
) -> Scan:
    """Return the scan of a page.

    Args:
        file: The file of the page.
        page: The page.
        named: The scan, or a folder of scans, that a person named; `FILE#2` is the second page of
            a file. None: the file of the page says which it is.
        opener: Opens the scan.
        config: Limits on scans.

    Raises:
        SourceError: There is no such scan.
        InputError: The scan cannot be opened.
    """
    path, number = _find_path(file, page, named)
    scans = opener.open_pages(path, config)
    if number is None:
        number = page.number if page.number is not None and len(scans) > 1 else 0
    if not 0 <= number < len(scans):
        raise SourceError(
            "source-page-not-in-scan",
            path=file.path,
            number=number + 1,
            scan=path,
            pages=count_in_words(len(scans), "page"),
        )
    return scans[number]


def _find_path(file: SourceFile, page: SourcePage, named: Path | None) -> tuple[Path, int | None]:
    """Return the file of the scan, and which page of it where a person says so, from 0."""
    if named is not None and not named.is_dir():
        name, _, number = named.name.rpartition("#")
        if not _is_file(named) and name and number.isascii() and number.isdigit():
            named = named.with_name(name)
            if _is_file(named):
                return named, int(number[:9]) - 1
        if _is_file(named):
            return named, None
        raise SourceError("source-scan-not-there", scan=named)
    candidates = _list_in_folder(file, page, named) if named else _list_beside(file, page)
    for candidate in candidates:
        if candidate.suffix.lower() in SUFFIXES and _is_file(candidate):
            return candidate, None
    wanted = page.image[:200] or f"{Path(file.stem).name}.*"
    folder = named or file.path.parent
    raise SourceError("source-scan-not-found", path=file.path, wanted=wanted, folder=folder)


def _is_file(path: Path) -> bool:
    """Tell whether there is a file of a name, which may be an impossible one."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _image_name(page: SourcePage) -> PurePosixPath:
    """Return the name that a file has for its scan as a path, one of Windows too."""
    return PurePosixPath(page.image.removeprefix("file://").replace("\\", "/").replace("\0", ""))


def _list_names(file: SourceFile, page: SourcePage) -> Iterator[str]:
    """Yield the names that the scan of a page can have, the likeliest first."""
    image = _image_name(page)
    if image.name:
        yield image.name
    for stem in dict.fromkeys(s for s in (image.stem, Path(file.stem).name) if s):
        for suffix in sorted(SUFFIXES):
            yield stem + suffix
            yield stem + suffix.upper()


def _list_beside(file: SourceFile, page: SourcePage) -> Iterator[Path]:
    """Yield where the scan can be: where the file says, beside it, or one folder up."""
    if page.image:
        yield file.path.parent / _image_name(page)
    for folder in (file.path.parent, file.path.parent.parent):
        yield from (folder / name for name in _list_names(file, page))


def _list_in_folder(file: SourceFile, page: SourcePage, folder: Path) -> Iterator[Path]:
    """Yield where the scan can be in a folder: where the file says, in its subfolder, or in it.

    Of the path that the file names, the end may be that of the scan in the folder: `a/p1.jpg` of
    `../scans/a/p1.jpg`.
    """
    parts = _image_name(page).parts
    for start in range(1, len(parts) - 1):
        if ".." not in parts[start:]:
            yield folder.joinpath(*parts[start:])
    for below in dict.fromkeys((folder / Path(file.stem).parent, folder)):
        yield from (below / name for name in _list_names(file, page))
