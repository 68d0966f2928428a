"""The files of a page, and its figures for the store."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

from newspage.config import IngestConfig
from newspage.errors import ConfigError, InputError, UsageError
from newspage.files import make_output_error, write_files
from newspage.formats import (
    Exporter,
    PackageChoices,
    PackageProfile,
    PageDocument,
    find_exporter,
    render_document,
)
from newspage.ingest import parse_publication
from newspage.model import (
    ADAPTED,
    ADAPTER_STEP,
    READ_WITH,
    ArticleRecord,
    PageRecord,
    join_chars,
)
from newspage.record import encode_record
from newspage.settings import Settings
from newspage.store import PageFigures

RECORD_SUFFIX = ".json"
"""Of the record, which is written for every page and always last."""

LATTICES_SUFFIX = ".lattices.xz"
"""Of what the recogniser considered; written with the record or not at all."""
ISSUE_SUFFIXES = (".json", ".txt", ".md")
"""Of the files that are written for every issue."""

_RECORD_NAME = "json"

_ONE_WRITE = 10.0
"""Seconds within which the files of a page are written, the record last. Judgement: they take a
fraction of a second on a disk, more on a network drive; formats are not changed back and forth,
with decisions in between, that fast."""


@dataclass(frozen=True, slots=True)
class OutputFormats:
    """The formats that every page is written in beside its record, and every issue."""

    exporters: tuple[Exporter, ...]
    """Those of pages."""
    issue_exporters: tuple[Exporter, ...] = ()
    """Those of issues alone; one that can be of both is one of pages."""
    ingest: IngestConfig = field(default_factory=IngestConfig)
    """Pattern of scans' names, and limits under which scans are opened."""
    packages: PackageChoices = field(default_factory=PackageChoices)
    """How the packages of issues are made."""

    @property
    def issue_suffixes(self) -> tuple[str, ...]:
        """Return the suffixes of an issue's files and folders, those of every issue first."""
        return (*ISSUE_SUFFIXES, *(exporter.suffix for exporter in self.issue_exporters))

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Return the suffixes of the files made from a record, that of the record last."""
        return (*(exporter.suffix for exporter in self.exporters), RECORD_SUFFIX)

    @property
    def all_suffixes(self) -> tuple[str, ...]:
        """Return the suffixes of all files that a page may have, that of the record last."""
        return (LATTICES_SUFFIX, *self.suffixes)


def choose_output_formats(settings: Settings) -> OutputFormats:
    """Return the formats of the settings, each once; the record needs no mention among them.

    Raises ConfigError for a format that is unknown, or whose files could take the place of those
    of another page or issue; UsageError where the formats of an installed package cannot
    be loaded, MissingDependencyError where a format needs a package that is not installed.
    """
    where = settings.origins.get(("output", "formats"), "default")
    exporters: dict[str, Exporter] = {}
    for name in settings.config.output.formats:
        try:
            exporters[name] = find_exporter(name)
        except UsageError as error:
            raise ConfigError.restate(error, where=f"{where}: output.formats") from error
    exporters.pop(_RECORD_NAME, None)
    formats = OutputFormats(
        tuple(e for e in exporters.values() if e.render),
        tuple(e for e in exporters.values() if not e.render),
        settings.config.ingest,
        choose_packages(settings),
    )
    _require_apart(formats.all_suffixes, where)
    _require_apart(formats.issue_suffixes, where)
    return formats


def choose_packages(
    settings: Settings,
    link_scans: bool = False,
    profile: PackageProfile = PackageProfile.PLAIN,
) -> PackageChoices:
    """Return how packages of issues are made, by the settings and what was asked for besides."""
    return PackageChoices(
        link_scans,
        profile,
        settings.config.iiif,
        settings.config.ndnp,
        lambda path: settings.for_path(path).paper,
    )


def _require_apart(suffixes: Sequence[str], where: str) -> None:
    """Raise ConfigError where a file of one page could have the name of a file of another.

    With `.a.xml` and `.xml` it could: the first file of page `p1`, the second of a page `p1.a`.
    """
    for one, other in permutations(suffixes, 2):
        if one.casefold().endswith(other.casefold()):
            raise ConfigError("formats-collide", origin=where, one=one, other=other)


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The files of a page as they are to be written."""

    contents: Mapping[str, bytes]
    """By suffix; the record is last, so that where it is new all are."""
    refusals: Mapping[str, InputError]
    """Why there is no file with some suffix, in a format that holds the scan: it was moved or
    changed."""


def render_page_files(
    record: PageRecord,
    page: Path,
    stem: str,
    formats: OutputFormats,
    suffixes: Sequence[str] = (),
) -> PageFiles:
    """Render the files of a page.

    A format that holds the scan is left out where the scan is not there, which stops no other.

    Args:
        record: The page.
        page: Path of its files without suffix.
        stem: Its name below the output folder, `/` between folders.
        formats: The formats.
        suffixes: Of the files that are wanted; none: all.

    Raises:
        FormatError: A format of another package fails.
    """
    document = describe_page(record, stem, formats.ingest, page.parent)
    files: dict[str, bytes] = {}
    refusals: dict[str, InputError] = {}
    for exporter in formats.exporters:
        if suffixes and exporter.suffix not in suffixes:
            continue
        try:
            files[exporter.suffix] = render_document(document, exporter)
        except InputError as error:
            refusals[exporter.suffix] = error
    if not suffixes or RECORD_SUFFIX in suffixes:
        files[RECORD_SUFFIX] = encode_record(record)
    return PageFiles(files, refusals)


def write_page_files(
    record: PageRecord,
    page: Path,
    stem: str,
    formats: OutputFormats,
    suffixes: Sequence[str] = (),
    lattices: bytes = b"",
) -> tuple[InputError, ...]:
    """Write the files of a page; takes what `render_page_files` takes, and new lattices.

    A file with the scan in it that cannot be made anew is marked as older than the others, so that
    the next run makes it. Returns why there are none.

    Raises:
        FormatError: A format of another package fails.
        OutputError: They cannot be written.
    """
    files = render_page_files(record, page, stem, formats, suffixes)
    contents = {LATTICES_SUFFIX: lattices, **files.contents} if lattices else files.contents
    write_files(page.parent, {page.name + s: data for s, data in contents.items()})
    for suffix in files.refusals:
        mark_stale(page.with_name(page.name + suffix))
    return tuple(files.refusals.values())


def mark_stale(path: Path) -> None:
    """Mark a file, or a folder, as older than all others, if it is there: the next run makes it.

    Raises OutputError.
    """
    try:
        os.utime(path, (0, 0))
    except FileNotFoundError:
        return
    except OSError as error:
        raise make_output_error(path, error) from error


def find_stale_files(page: Path, formats: OutputFormats) -> tuple[str, ...]:
    """Return suffixes of files of a page that are missing, or older than its record.

    A file is older where a format was taken out of the settings, the page changed, and the format
    came back. `page` is the path of its files without suffix. Empty where there is no record.
    """
    return list_outdated_suffixes(page, formats.suffixes)


def list_outdated_suffixes(path: Path, suffixes: Sequence[str]) -> tuple[str, ...]:
    """Return the suffixes with which a file or folder is missing, or older than that of JSON.

    `path` is theirs without suffix. Empty where there is no JSON file. Raises OutputError.
    """
    record = _time_of(path, RECORD_SUFFIX)
    if record is None:
        return ()
    times = {suffix: _time_of(path, suffix) for suffix in suffixes}
    return tuple(s for s, time in times.items() if time is None or time < record - _ONE_WRITE)


def _time_of(page: Path, suffix: str) -> float | None:
    """Return when a file was last written, in seconds; None where there is none."""
    try:
        return page.with_name(page.name + suffix).stat().st_mtime
    except FileNotFoundError:
        return None
    except OSError as error:
        raise make_output_error(page, error) from error


def describe_page(
    record: PageRecord, stem: str, ingest: IngestConfig, folder: Path
) -> PageDocument:
    """Return a page with its scan, and with the paper, date and page number that its name tells.

    Args:
        record: The page.
        stem: Its name below the output folder, `/` between folders.
        ingest: Pattern of scans' names, and limits under which the scan is opened.
        folder: The folder of the record, which the path of the scan is relative to.
    """
    scan = record.page.scan
    root = Path(*scan.path.parts[: -len(Path(stem).parts)])
    published = parse_publication(scan.path, root, scan.frame, scan.frames, ingest.name_pattern)
    return PageDocument(record, stem, published, folder / scan.path, ingest)


def summarise_page(record: PageRecord) -> PageFigures:
    """Count the articles, characters and lines of a page, with durations (s) and problems."""
    page = record.page
    adapter = find_adapter_outcome(record)
    return PageFigures(
        articles=len(record.articles),
        characters=sum(_characters(article) for article in record.articles),
        lines_placed=sum(len(region.lines) for region in page.regions),
        lines_unplaced=len(page.unplaced),
        seconds=round(sum(step.seconds for step in record.steps), 3),
        steps=tuple((step.name, round(step.seconds, 3)) for step in record.steps if step.seconds),
        problems=tuple(f"{p.where}: {p.message}" for p in record.problems),
        dictionaries=next(
            (s.details["dictionaries"] for s in record.steps if "dictionaries" in s.details), ""
        ),
        megapixels=round(page.scan.width * page.scan.height / 1e6, 3),
        adapter=adapter[0],
        adapter_used=adapter[1],
    )


def find_adapter_outcome(record: PageRecord) -> tuple[str, bool]:
    """Return the adapter that a page was to be read with (empty: none), and whether it was."""
    details = next((s.details for s in record.steps if s.name == ADAPTER_STEP), {})
    return details.get("paper", ""), details.get(READ_WITH) == ADAPTED


def _characters(article: ArticleRecord) -> int:
    """Count the characters of an article, headlines included."""
    heads = sum(len(join_chars(chars)) for chars in article.heads)
    return heads + sum(len(p.text) for p in article.paragraphs)
