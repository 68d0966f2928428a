"""The contents of the files of a page, and its figures for the store."""

from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from newspage.errors import ConfigError, UsageError
from newspage.files import make_output_error
from newspage.formats.document import PageDocument
from newspage.formats.exporters import Exporter, find_exporter, render_document
from newspage.ingest import parse_publication
from newspage.model import ArticleRecord, PageRecord, join_chars
from newspage.record import encode_record
from newspage.settings import Settings
from newspage.store import PageFigures

RECORD_SUFFIX = ".json"
"""Of the record, which is written for every page and always last."""

_RECORD_NAME = "json"

_ONE_WRITE = 10.0
"""Seconds within which the files of a page are written, the record last. Judgement: they take a
fraction of a second on a disk, more on a network drive; formats are not changed back and forth,
with decisions in between, that fast."""


@dataclass(frozen=True, slots=True)
class PageFormats:
    """The formats that every page is written in beside its record."""

    exporters: tuple[Exporter, ...]
    name_pattern: str = ""
    """Pattern of scans' names, as in the settings of `ingest`."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Return the suffixes of a page's files, that of the record last."""
        return (*(exporter.suffix for exporter in self.exporters), RECORD_SUFFIX)


def choose_page_formats(settings: Settings) -> PageFormats:
    """Return the formats of the settings, each once; the record needs no mention among them.

    Raises ConfigError for a format that is unknown or of issues alone, or whose files could take
    the place of those of another page; UsageError where the formats of an installed package cannot
    be loaded.
    """
    where = settings.origins.get(("output", "formats"), "default")
    exporters: dict[str, Exporter] = {}
    for name in settings.config.output.formats:
        try:
            exporters[name] = find_exporter(name)
        except UsageError as error:
            raise ConfigError.restate(error, where=f"{where}: output.formats") from error
        if exporters[name].render is None:
            raise ConfigError("page-format-of-issues", where=f"{where}: output.formats", name=name)
    exporters.pop(_RECORD_NAME, None)
    formats = PageFormats(tuple(exporters.values()), settings.config.ingest.name_pattern)
    _require_apart(formats, where)
    return formats


def _require_apart(formats: PageFormats, where: str) -> None:
    """Raise ConfigError where a file of one page could have the name of a file of another.

    With `.a.xml` and `.xml` it could: the first file of page `p1`, the second of a page `p1.a`.
    """
    for one, other in permutations(formats.suffixes, 2):
        if one.casefold().endswith(other.casefold()):
            raise ConfigError("formats-collide", origin=where, one=one, other=other)


def render_page_files(record: PageRecord, stem: str, formats: PageFormats) -> dict[str, bytes]:
    """Render the files of a page, by suffix; the record is last, so that where it is new all are.

    Raises FormatError where a format of another package fails.
    """
    document = describe_page(record, stem, formats.name_pattern)
    files = {e.suffix: render_document(document, e) for e in formats.exporters}
    return {**files, RECORD_SUFFIX: encode_record(record)}


def find_stale_files(page: Path, formats: PageFormats) -> tuple[str, ...]:
    """Return suffixes of files of a page that are missing, or older than its record.

    A file is older where a format was taken out of the settings, the page changed, and the format
    came back. `page` is the path of its files without suffix. Empty where there is no record.
    """
    record = _time_of(page, RECORD_SUFFIX)
    if record is None:
        return ()
    times = {suffix: _time_of(page, suffix) for suffix in formats.suffixes}
    return tuple(s for s, time in times.items() if time is None or time < record - _ONE_WRITE)


def _time_of(page: Path, suffix: str) -> float | None:
    """Return when a file was last written, in seconds; None where there is none."""
    try:
        return page.with_name(page.name + suffix).stat().st_mtime
    except FileNotFoundError:
        return None
    except OSError as error:
        raise make_output_error(page, error) from error


def describe_page(record: PageRecord, stem: str, name_pattern: str) -> PageDocument:
    """Return a page with the paper, date and page number that its scan's name tells.

    `stem` is its name below the output folder, `/` between folders.
    """
    scan = record.page.scan
    root = Path(*scan.path.parts[: -len(Path(stem).parts)])
    published = parse_publication(scan.path, root, scan.frame, scan.frames, name_pattern)
    return PageDocument(record, stem, published)


def summarise_page(record: PageRecord) -> PageFigures:
    """Count the articles, characters and lines of a page, with durations (s) and problems."""
    page = record.page
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
    )


def _characters(article: ArticleRecord) -> int:
    """Count the characters of an article, headlines included."""
    heads = sum(len(join_chars(chars)) for chars in article.heads)
    return heads + sum(len(p.text) for p in article.paragraphs)
