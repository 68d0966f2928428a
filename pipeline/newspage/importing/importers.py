"""Look up the formats of other programs that pages are imported from."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newspage.errors import UsageError
from newspage.formats import describe_kind
from newspage.importing.page_builder import WriteKind
from newspage.ingest import common_root
from newspage.model import HEADLINE_KINDS, RegionKind
from newspage.sources import (
    SourceElement,
    SourceError,
    SourcePage,
    read_alto,
    read_hocr,
    read_page,
    read_source,
)

_FIRST_BYTES = 8192
"""Bytes of a file in a folder in which something must tell that it is of the format."""


@dataclass(frozen=True, slots=True)
class Importer:
    """A format that pages can be imported from; its name is that of the exporter."""

    name: str
    suffixes: tuple[str, ...]
    """Ends of the names of files, the longer ones first."""
    mark: bytes
    """What the beginning of every such file holds."""
    read: Callable[[SourceElement, Path], tuple[SourcePage, ...]]
    """Returns the pages of a document. Raises SourceError, with the path given, if it has none."""
    write_kind: WriteKind
    """Returns the words that an export has for a kind of region."""
    html: bool = False
    """Whether files may be HTML that is no XML."""


def _write_page_kind(kind: RegionKind) -> Mapping[str, str]:
    """Return the words of a PAGE export for a kind of region."""
    word, tags = describe_kind(kind)
    return {"type": word, "structure": tags}


def _write_hocr_kind(kind: RegionKind) -> Mapping[str, str]:
    """Return the words of an hOCR export for a kind of region."""
    return {"class": "ocr_header" if kind in HEADLINE_KINDS else "ocr_line"}


IMPORTERS = {
    importer.name: importer
    for importer in (
        Importer("alto", (".alto.xml", ".xml"), b"<alto", read_alto, lambda kind: {}),
        Importer("page", (".page.xml", ".xml"), b"PcGts", read_page, _write_page_kind),
        Importer(
            "hocr",
            (".hocr.html", ".hocr.xml", ".hocr", ".xhtml", ".html", ".htm", ".xml"),
            b"ocr_page",
            read_hocr,
            _write_hocr_kind,
            html=True,
        ),
    )
}
"""The formats by name."""


def find_importer(name: str) -> Importer:
    """Return the importer of a format. Raises UsageError for an unknown one."""
    if name not in IMPORTERS:
        raise UsageError("import-format-unknown", name=name, known=", ".join(IMPORTERS))
    return IMPORTERS[name]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to be imported."""

    path: Path
    stem: str
    """Name of its page: its path below the folder that was named, `/` between folders."""


def find_sources(
    paths: Sequence[Path], importer: Importer, skip: Path
) -> Iterator[SourceFile | SourceError]:
    """Yield the files among some paths, and those of the format below folders, by name.

    Yields an error for a path that is not there. Other files below a folder are passed over, and
    so is the folder `skip`.
    """
    there = [path for path in paths if path.exists()]
    root = common_root(there)
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                if skip.resolve() not in file.resolve().parents and _is_of_format(file, importer):
                    yield SourceFile(file, _make_stem(file, root, importer))
        elif path.exists():
            yield SourceFile(path, _make_stem(path, root, importer))
        else:
            yield SourceError("source-not-there", path=path)


def _is_of_format(path: Path, importer: Importer) -> bool:
    """Tell whether a file in a folder is of the format, by its name and its beginning."""
    named = path.name.casefold().endswith(importer.suffixes)
    if not named or path.name.startswith(".") or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return importer.mark in file.read(_FIRST_BYTES).replace(b"\0", b"")
    except OSError:
        # Importing it will report the reason.
        return True


def _make_stem(path: Path, root: Path, importer: Importer) -> str:
    """Return the name of the page of a file: its path below a folder, without its suffix."""
    below = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
    name = below.name
    suffix = next((s for s in importer.suffixes if name.casefold().endswith(s)), path.suffix)
    bare = name[: len(name) - len(suffix)] if suffix else name
    return below.with_name(bare or name).as_posix()


def read_pages(path: Path, importer: Importer) -> tuple[SourcePage, ...]:
    """Return the pages of a file.

    Raises:
        SourceError: It cannot be read, or is of another format.
        RefusedError: Reading it would be dangerous.
        MissingDependencyError: What parses it is not installed.
    """
    root = read_source(path, importer.html)
    pages = importer.read(root, path)
    count = len(pages)
    return tuple(
        replace(page, number=i if page.number is None and count > 1 else page.number)
        for i, page in enumerate(pages)
    )
