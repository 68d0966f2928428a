"""The public functions and classes of newspage, which `import newspage` offers to other programs.

Everything else in the package is private and may change with any version.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newspage.config import Config
from newspage.decision import Decision
from newspage.errors import InputError
from newspage.expected_errors import PageErrors, estimate_page_errors
from newspage.files import write_files
from newspage.formats import (
    IssueDocument,
    PageDocument,
    find_exporter,
    load_exporters,
    render_document,
)
from newspage.model import Correction, PageRecord, join_chars
from newspage.record import read_record
from newspage.settings import load_settings

if TYPE_CHECKING:
    from newspage.collation import CorrectedText
    from newspage.engine import Engine, LayoutModel
    from newspage.evaluation import Scores


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its page prints it, corrections included."""

    id: str
    kicker: str
    """The line above the headline; empty where there is none, like all parts."""
    title: str
    deck: str
    """The lines under the headline."""
    byline: str
    paragraphs: tuple[str, ...]
    continues: str | None
    """The page it goes on at, as printed ("3")."""
    continued_from: str | None
    expected_errors: float | None = None
    """Share of its characters that is expected to be wrong, 0 to 1; None: not told, as of pages of
    other programs."""

    @property
    def text(self) -> str:
        """Return the paragraphs, separated by an empty line."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True)
class Page:
    """A page that was read: its articles and corrections, and the whole record behind them."""

    record: PageRecord
    """Regions, lines and glyphs with their places; its form may change between versions."""
    scan_file: Path | None = None
    """The file of the scan as found from here, which a format like PDF holds; None: unknown."""

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """Return the articles in reading order."""
        return tuple(
            Article(
                id=a.id,
                kicker=join_chars(a.kicker),
                title=join_chars(a.title),
                deck=join_chars(a.deck),
                byline=join_chars(a.byline),
                paragraphs=tuple(p.text for p in a.paragraphs),
                continues=a.continues,
                continued_from=a.continued_from,
                expected_errors=self._errors.articles[a.id].share
                if self._errors.articles
                else None,
            )
            for a in self.record.articles
        )

    @property
    def expected_errors(self) -> float | None:
        """Return the share of characters that is expected to be wrong, 0 to 1; None: not told."""
        return self._errors.share

    @cached_property
    def _errors(self) -> PageErrors:
        return estimate_page_errors(self.record)

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """Return the corrections that were made or are proposed, with their evidence."""
        return self.record.corrections

    @property
    def text(self) -> str:
        """Return the page as plain text; articles are separated by a line `* * *`."""
        return export(self, "txt").decode()


class Reader:
    """Reads scans, and corrects texts by their scans, with one engine for all of them.

    The networks are loaded when the first page is read, which takes about a second and 1 GB. A
    reader is for one thread; make one in each process that reads.
    """

    def __init__(self, config: Config | None = None) -> None:
        """Make a reader with some settings.

        Args:
            config: The settings; None takes those of `newspage.toml` in the current folder, or
                the defaults where there is none.

        Raises:
            ConfigError: The settings file holds what is no setting.
        """
        self.config = config or load_settings(None, {}).config

    @cached_property
    def _engine(self) -> "Engine":
        """Return the engine of the settings, made when it is first asked for."""
        from newspage.engine import make_engine

        return make_engine(self.config.engine)

    @cached_property
    def _layout_model(self) -> "LayoutModel | None":
        """Return the layout model of the settings; None where they name none."""
        from newspage.engine import make_layout_model

        return make_layout_model(self.config.engine)

    def read(self, path: str | Path) -> Iterator[Page]:
        """Yield the pages of a scan, one after the other, each read when it is asked for.

        Raises:
            InputError: The file is no scan, is damaged, or is over the limits of the settings.
            MissingDependencyError: The networks, or what runs them, are not installed.
        """
        from newspage.ingest import load_page, open_pages
        from newspage.page import read_page

        for scan in open_pages(Path(path), self.config.ingest):
            image = load_page(scan, self.config.ingest)
            record = read_page(image, self._engine, self.config, self._layout_model)
            yield Page(record, Path(path))

    def correct(self, text: str, scan: str | Path) -> "CorrectedText":
        """Correct a text of a page by the scan that it was made from.

        Args:
            text: The text.
            scan: A file, or a page of one as `FILE#2`.

        Raises:
            InputError: There is no such file or page, or it cannot be read.
            DictionaryError: A dictionary of the settings cannot be used.
            MissingDependencyError: The networks, or what runs them, are not installed.
        """
        from newspage.collation import correct_text_with_scan, flatten_page, read_scan
        from newspage.correct import load_knowledge

        record, witness, _ = read_scan(Path(scan), self.config, self._engine)
        knowledge = load_knowledge(self.config.correct)
        return correct_text_with_scan(text, flatten_page(record), witness, knowledge)


def correct_text(text: str, config: Config | None = None) -> "CorrectedText":
    """Correct a text from itself and the dictionaries, without a scan.

    Raises DictionaryError and InputError where the dictionaries of the settings cannot be used.
    """
    from newspage.collation import correct_text as correct_text_alone
    from newspage.correct import load_knowledge
    from newspage.language import load_noisy_channel

    config = config or load_settings(None, {}).config
    channel = load_noisy_channel(config.correct)
    return correct_text_alone(text, load_knowledge(config.correct), channel=channel)


def load_page(path: str | Path) -> Page:
    """Return a page from the record (`<page>.json`) that a run wrote.

    Raises InputError where the file is no page record.
    """
    record = read_record(Path(path))
    return Page(record, Path(path).parent / record.page.scan.path)


def recorrect(path: str | Path, config: Config | None = None) -> Page:
    """Return a page with its corrections weighed by the dictionaries of today, and no decisions.

    Args:
        path: Its record; the lattices that `newspage run --keep-lattices` kept lie beside it.
        config: The settings; None takes those of `newspage.toml` here, or the defaults.

    Raises:
        InputError: The file is no page record, or its lattices are missing, damaged or of another
            reading.
        DictionaryError: A dictionary of the settings cannot be used.
    """
    from newspage.output import LATTICES_SUFFIX
    from newspage.page import weigh_again
    from newspage.record import read_lattices

    config = config or load_settings(None, {}).config
    record = read_record(Path(path))
    lattices = Path(path).with_suffix("").name + LATTICES_SUFFIX
    kept = read_lattices(Path(path).with_name(lattices), record.reading)
    return Page(weigh_again(record, kept.lattices, config.correct))


def load_decisions(path: str | Path) -> tuple[Decision, ...]:
    """Return the decisions in a file that `newspage decisions export` wrote.

    Raises InputError where the file cannot be read or a line of it holds no decision.
    """
    from newspage.decisions import BrokenLine, read_decision_lines

    try:
        lines = Path(path).read_bytes().splitlines()
    except OSError as error:
        raise InputError("decisions-unreadable", path=path, reason=str(error.strerror)) from error
    decisions = []
    for found in read_decision_lines(lines):
        if isinstance(found, BrokenLine):
            raise InputError(
                "decision-line-wrong", path=path, line=found.line, reason=found.message
            )
        decisions.append(found)
    return tuple(decisions)


def apply_decisions(page: Page, decisions: Iterable[Decision]) -> Page:
    """Return a page with just these decisions in its text, whatever was decided on it before.

    Args:
        page: The page.
        decisions: In the order in which they were made: the later one on a place wins. Decisions
            about other scans are passed over.

    Returns:
        A new page; without any decision the page as the machine made it.
    """
    from newspage.decisions import merge_decisions

    sha256 = page.record.page.scan.sha256
    own = [d for d in decisions if d.anchor.sha256 == sha256 or d.undoes]
    return replace(page, record=merge_decisions(page.record, own).record)


def evaluate(page: Page | str | Path, truth: str | Path) -> "Scores":
    """Return how well a page was read, against a file that says what is printed on it.

    Args:
        page: A page, or the path of a page record, of ALTO or PAGE XML, or of a plain text.
        truth: The path of a truth file (`articles`, `other`, `lines`), or of one of the same kinds.

    Raises:
        InputError: One of the files is none of these, or larger than any page.
        MissingDependencyError: A file is XML, and `newspage[xml]` is not installed.
    """
    from newspage import evaluation as scoring

    expected = scoring.load_page_text(Path(truth))
    if not isinstance(page, Page):
        return scoring.score_page(expected, scoring.load_page_text(Path(page)))
    import json

    made = scoring.parse_page_json(json.loads(export(page, "json")))
    return scoring.score_page(expected, made)


def load_issue(path: str | Path, config: Config | None = None) -> IssueDocument:
    """Return an issue from the file (`issues/<name>.json`) that a run wrote, or of one page record.

    Its pages are read from their records when they are needed, a few at a time.

    Raises:
        InputError: The file is no issue and no page record, or a record is not there.
    """
    from newspage.output import find_issues, open_issue

    config = config or load_settings(None, {}).config
    if Path(path).is_dir():
        raise InputError("issue-is-folder", path=path)
    issue = open_issue(next(find_issues([Path(path)])), config.ingest)
    return replace(issue, publishing=config.iiif, paper=config.paper)


def export(
    page: Page | IssueDocument,
    format: str,  # noqa: A002 - the word of the command line
    path: str | Path | None = None,
) -> bytes:
    """Return a page or an issue in a format, or write it to a file or folder.

    Args:
        page: The page, or the issue. A page is an issue of one page in formats of issues alone.
        format: One of `list_formats()`.
        path: Where to write; what is written there is whole or not at all. An issue in a format
            that makes a folder needs it.

    Returns:
        The bytes of the file. Nothing for an issue that is written to a path: it goes there piece
        by piece, since it may be large.

    Raises:
        UsageError: There is no such format, or the issue or page cannot be written in it.
        MissingDependencyError: The format needs a package that is not installed.
        InputError: The format holds the scan, and that was moved or changed.
        OutputError: The file or folder cannot be written.
    """
    from newspage.output import make_single_issue, render_issue, write_issue

    exporter = find_exporter(format)
    if isinstance(page, Page):
        name = Path(path).name.split(".")[0] if path else page.record.page.scan.stem
        document = PageDocument(page.record, name, scan_file=page.scan_file)
        config = load_settings(None, {}).config if exporter.needs_scan else Config()
        document = replace(document, limits=config.ingest)
        if exporter.render is not None:
            data = render_document(document, exporter)
            if path is not None:
                write_files(Path(path).parent, {Path(path).name: data})
            return data
        issue = make_single_issue(document)
        page = replace(issue, publishing=config.iiif, paper=config.paper)
    if path is None:
        return render_issue(page, exporter)
    write_issue(page, exporter, Path(path))
    return b""


def list_formats() -> Sequence[str]:
    """Return the names of the formats of pages and of issues, installed ones included."""
    return tuple(load_exporters())
