"""The public functions and classes of newspage, which `import newspage` offers to other programs.

Everything else in the package is private and may change with any version.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newspage.config import Config
from newspage.decision import Decision
from newspage.errors import InputError
from newspage.files import write_files
from newspage.formats.document import PageDocument
from newspage.formats.exporters import load_exporters, render_page
from newspage.model import Correction, PageRecord, join_chars
from newspage.record import read_record
from newspage.settings import load_settings

if TYPE_CHECKING:
    from newspage.collation.existing_text import CorrectedText
    from newspage.engine import Engine
    from newspage.engine.layout_model import LayoutModel
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

    @property
    def text(self) -> str:
        """Return the paragraphs, separated by an empty line."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True)
class Page:
    """A page that was read: its articles and corrections, and the whole record behind them."""

    record: PageRecord
    """Regions, lines and glyphs with their places; its form may change between versions."""

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
            )
            for a in self.record.articles
        )

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
        from newspage.engine.factory import make_engine

        return make_engine(self.config.engine)

    @cached_property
    def _layout_model(self) -> "LayoutModel | None":
        """Return the layout model of the settings; None where they name none."""
        from newspage.engine.factory import make_layout_model

        return make_layout_model(self.config.engine)

    def read(self, path: str | Path) -> Iterator[Page]:
        """Yield the pages of a scan, one after the other, each read when it is asked for.

        Raises:
            InputError: The file is no scan, is damaged, or is over the limits of the settings.
            MissingDependencyError: The networks, or what runs them, are not installed.
        """
        from newspage.ingest import load_page, open_pages
        from newspage.page.pipeline import read_page

        for scan in open_pages(Path(path), self.config.ingest):
            image = load_page(scan, self.config.ingest)
            yield Page(read_page(image, self._engine, self.config, self._layout_model))

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
        from newspage.collation.existing_text import correct_text_with_scan
        from newspage.collation.text_files import flatten_page, read_scan
        from newspage.correct.knowledge import load_knowledge

        record, witness, _ = read_scan(Path(scan), self.config, self._engine)
        knowledge = load_knowledge(self.config.correct)
        return correct_text_with_scan(text, flatten_page(record), witness, knowledge)


def correct_text(text: str, config: Config | None = None) -> "CorrectedText":
    """Correct a text from itself and the dictionaries, without a scan.

    Raises DictionaryError and InputError where the dictionaries of the settings cannot be used.
    """
    from newspage.collation import existing_text
    from newspage.correct.knowledge import load_knowledge

    config = config or load_settings(None, {}).config
    return existing_text.correct_text(text, load_knowledge(config.correct))


def load_page(path: str | Path) -> Page:
    """Return a page from the record (`<page>.json`) that a run wrote.

    Raises InputError where the file is no page record.
    """
    return Page(read_record(Path(path)))


def load_decisions(path: str | Path) -> tuple[Decision, ...]:
    """Return the decisions in a file that `newspage decisions export` wrote.

    Raises InputError where the file cannot be read or a line of it holds no decision.
    """
    from newspage.decisions.exchange import BrokenLine, read_decision_lines

    try:
        lines = Path(path).read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error
    decisions = []
    for found in read_decision_lines(lines):
        if isinstance(found, BrokenLine):
            raise InputError(f"{path}, {found}.")
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
    return Page(merge_decisions(page.record, own).record)


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


def export(page: Page, format: str, path: str | Path | None = None) -> bytes:  # noqa: A002
    """Return a page in a format, and write it to a file if a path is given.

    Args:
        page: The page.
        format: One of `list_formats()`.
        path: Where to write; the file is there whole or not at all.

    Raises:
        UsageError: There is no such format.
        OutputError: The file cannot be written.
    """
    name = Path(path).name.split(".")[0] if path else page.record.page.scan.stem
    data = render_page(PageDocument(page.record, name), format)
    if path is not None:
        write_files(Path(path).parent, {Path(path).name: data})
    return data


def list_formats() -> Sequence[str]:
    """Return the names of the formats that a page can be written in, installed ones included."""
    return tuple(load_exporters())
