"""The work of `newspage correct`: a text file and its scan become clean text, record and report."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from newspage.batch import FileOpener
from newspage.collation.answer_file import (
    FileAnswers,
    apply_answers,
    correction_keys,
    read_answers,
    share_answers,
    write_answers,
)
from newspage.collation.correction_report import (
    build_report,
    list_report_lines,
    name_crop_files,
    render_html_report,
    render_markdown_report,
    summarise_report,
)
from newspage.collation.existing_text import (
    CorrectedText,
    correct_text,
    correct_text_with_scan,
)
from newspage.collation.question_ranking import keep_best_questions
from newspage.collation.text_record import make_text_record
from newspage.config import Config
from newspage.correct import (
    LatticeScorer,
    Reread,
    decode_text,
    encode_text,
    is_minor_rule,
    load_knowledge,
    make_alphabet,
    read_text,
)
from newspage.counting import count_in_words
from newspage.edits import BREAK, FlatText, TextPart, flatten_article
from newspage.engine import Engine
from newspage.errors import InputError, UsageError
from newspage.files import write_files
from newspage.language import load_noisy_channel
from newspage.model import (
    Char,
    Correction,
    CorrectionStatus,
    GrayImage,
    PageLayout,
    PageRecord,
    RegionKind,
    TextLine,
)
from newspage.record import encode_record
from newspage.terminal import escape_line

if TYPE_CHECKING:
    from newspage.model import Scan

MAX_RECORD = 1_000_000
"""A longer text (characters) is no page: it gets its clean text and a report, but no record."""
MAX_WITH_SCAN = 300_000
"""A longer text (characters) cannot be that of one page, which has some ten thousand."""

Words = Literal["en", "zh"]


@dataclass(frozen=True)
class GivenAnswers:
    """The answers of a person, and the file they stand in."""

    answers: FileAnswers = field(default_factory=FileAnswers)
    raw: bytes = b""
    """The bytes of the file as it was read; empty where there is none."""


class StepListener(Protocol):
    """A listener that is told which step a correction is at, and how far it is."""

    def begin(self, step: str) -> None:
        """Take note that a step begins; the one before has ended."""

    def advance(self, done: int, total: int) -> None:
        """Take note that `done` of `total` characters of the step are done."""


class SilentSteps:
    """A listener that shows nothing."""

    def begin(self, step: str) -> None:
        """Do nothing."""

    def advance(self, done: int, total: int) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class ScannedPage:
    """The layout and the pixels of a page that was read beside a text."""

    page: PageLayout
    pixels: GrayImage


@dataclass(frozen=True)
class CorrectedFile:
    """A text file with its corrections, before and after a person's answers."""

    path: Path
    corrected: CorrectedText
    """The text with the corrections as a person answered them."""
    found: tuple[Correction, ...] = ()
    """The corrections as they were before any answer."""
    answers: GivenAnswers = field(default_factory=GivenAnswers)
    seen: ScannedPage | None = None
    held_back: int = 0
    """Questions that are not asked, since others mend more."""

    def list_changes(self, words: Words) -> list[str]:
        """Return the corrections as lines for a terminal."""
        return list_report_lines(build_report(self.corrected, self.path.name, words).rows)

    def summarise_changes(self, words: Words) -> str:
        """Return how many changes were made and left as questions, for a terminal."""
        report = build_report(self.corrected, self.path.name, words)
        said = [summarise_report(report)]
        if self.held_back:
            said.append(report.translate_key("held-back", self.held_back))
        return " ".join(said)

    @property
    def open(self) -> bool:
        """Tell whether there are questions that nobody answered."""
        return any(c.status is CorrectionStatus.PROPOSED for c in self.corrected.corrections)

    def how_to_answer(self, where: Path, words: Words) -> str:
        """Return a sentence on how to decide; `where` is the file for answers."""
        return build_report(self.corrected, self.path.name, words).translate_key(
            "answers", escape_line(where)
        )


def answers_name(path: Path) -> str:
    """Return the name of the file for answers to the corrections of a text."""
    return f"{path.stem}.answers.txt"


def find_answers_path(path: Path, output: Path) -> Path:
    """Return the path of the file for answers in an output folder."""
    return output / answers_name(path)


def read_correction_answers(path: Path) -> GivenAnswers:
    """Return the answers that a person gave so far; none where there is no file.

    Raises InputError where the file cannot be read or understood.
    """
    if not path.exists():
        return GivenAnswers()
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError("answers-unreadable", path=path, reason=str(error.strerror)) from error
    return GivenAnswers(read_answers(decode_text(raw, str(path)).text, str(path)), raw)


def correct_file(
    path: Path,
    scan: Path | None,
    config: Config,
    given: GivenAnswers | None = None,
    steps: StepListener | None = None,
    budget: int | None = None,
) -> CorrectedFile:
    """Correct a text file, by its scan if there is one, and apply what a person answered.

    Args:
        path: The text file.
        scan: The scan of its page, as `read_scan` takes it; None corrects from the text alone.
        config: The settings.
        given: The answers so far.
        steps: A listener for progress.
        budget: The most questions that are left, those that mend most; None: all.

    Raises:
        InputError: The text or the scan cannot be read, or answers contradict each other.
        UsageError: The text is too long to be that of one page.
        MissingDependencyError: The networks, or what runs them, are not installed.
    """
    given = given or GivenAnswers()
    steps = steps or SilentSteps()
    steps.begin(f"Reading {path}")
    string = read_text(path).text
    knowledge = load_knowledge(config.correct)
    if scan is None:
        steps.begin(f"Looking for faults in {count_in_words(len(string), 'character')}")
        found = correct_text(
            string,
            knowledge,
            path.stem,
            steps.advance,
            load_noisy_channel(config.correct),
        )
        return _answered(path, found, given, budget=budget)
    if len(string) > MAX_WITH_SCAN:
        raise UsageError("text-longer-than-page", path=path, characters=len(string))
    record, witness, pixels = read_scan(scan, config, steps=steps)
    steps.begin(f"Comparing {path} with {scan}")
    corrected = correct_text_with_scan(string, flatten_page(record), witness, knowledge, path.stem)
    return _answered(path, corrected, given, ScannedPage(record.page, pixels), budget)


def _answered(
    path: Path,
    corrected: CorrectedText,
    given: GivenAnswers,
    seen: ScannedPage | None = None,
    budget: int | None = None,
) -> CorrectedFile:
    """Return the corrected file with the answers applied, and the best questions left."""
    string, found = corrected.text.string, corrected.corrections
    held_back = 0
    if budget is not None:
        keys = correction_keys(string, found)
        found = keep_best_questions(found, keys, given.answers.said, budget)
        asked = {c.group or c.id for c in found}
        held_back = len({c.group or c.id for c in corrected.corrections} - asked)
    answers = share_answers(string, found, given.answers)
    decided = apply_answers(string, found, answers)
    given = replace(given, answers=answers)
    answered = replace(corrected, corrections=tuple(decided))
    return CorrectedFile(path, answered, found, given, seen, held_back)


def make_lattice_scorer(
    page: PageLayout, characters: Sequence[str], reread: Reread | None = None
) -> LatticeScorer:
    """Return a scorer for all lines of a page, placed or not.

    `characters` are the classes of the engine that read them; `reread` reads a line once more.
    """
    return LatticeScorer(_lines(page), make_alphabet(characters), reread)


def flatten_page(record: PageRecord) -> FlatText:
    """Return all text of a page as one: its articles, its furniture, then lines in neither."""
    chars: list[Char] = []
    blocks: list[TextPart] = []
    for article in record.articles:
        text = flatten_article(article)
        at = len(chars) + bool(chars)
        if chars:
            chars.append(Char(BREAK, "", -1))
        chars += text.chars
        blocks += (replace(b, start=b.start + at, end=b.end + at) for b in text.blocks)
    for item in record.furniture:
        if chars:
            chars.append(Char(BREAK, "", -1))
        start = len(chars)
        chars += (replace(c, text=t) for c in item.chars for t in c.text)
        blocks.append(TextPart(start, len(chars), item.kind))
    used = {c.line for c in chars}
    for line in _lines(record.page).values():
        if line.id not in used and line.glyphs:
            chars.append(Char(BREAK, "", -1))
            start = len(chars)
            chars += (Char(t, line.id, n) for n, g in enumerate(line.glyphs) for t in g.text)
            blocks.append(TextPart(start, len(chars), RegionKind.OTHER))
    return FlatText("page", "".join(c.text for c in chars), tuple(blocks), tuple(chars))


def write_results(done: CorrectedFile, output: Path, words: Words) -> list[Path]:
    """Write clean text, record, reports and the file for answers; return the paths, sorted.

    Raises OutputError, and InputError where somebody answered meanwhile.
    """
    stem = done.path.stem
    to_answer = find_answers_path(done.path, output)
    if read_correction_answers(to_answer).raw != done.answers.raw:
        raise InputError("answers-changed-meanwhile", path=to_answer)
    files = {f"{stem}.clean.txt": encode_text(done.corrected.clean)}
    crops = _crops(done)
    answers = to_answer.name if done.found else ""
    report = build_report(done.corrected, done.path.name, words, crops, answers)
    pictures = name_crop_files(report.rows)
    folder = f"{stem}.report"
    files[f"{stem}.report.md"] = render_markdown_report(report, folder if pictures else "")
    files[f"{stem}.report.html"] = render_html_report(report)
    if done.found or done.answers.raw:
        files[to_answer.name] = encode_text(
            write_answers(
                done.path.name,
                done.corrected.text.string,
                done.found,
                done.answers.answers,
                words,
            )
        )
    if len(done.corrected.text.string) <= MAX_RECORD:
        page_seen = done.seen.page if done.seen else None
        files[f"{stem}.clean.json"] = encode_record(
            make_text_record(done.corrected, done.path, page_seen)
        )
    if pictures:
        write_files(output / folder, pictures)
    write_files(output, files)
    return [output / name for name in sorted(files)]


def _crops(done: CorrectedFile) -> dict[str, bytes]:
    """Return the crops for the corrections of a file, by their ids; none without a scan."""
    if done.seen is None:
        return {}
    from newspage.collation.crops import cut_crops

    wanted = [c for c in done.corrected.corrections if not is_minor_rule(c.rule)]
    return cut_crops(done.corrected.text, wanted, _lines(done.seen.page), done.seen.pixels)


def read_scan(
    path: Path,
    config: Config,
    engine: Engine | None = None,
    steps: StepListener | None = None,
) -> tuple[PageRecord, LatticeScorer, GrayImage]:
    """Read the page of a scan; return its record, the scorer of its lines, and its pixels.

    Args:
        path: The file; `FILE#2` is the second page of a file.
        config: The settings.
        engine: The engine; None makes the one of the settings.
        steps: A listener for progress.

    Raises:
        InputError: There is no such file or page, or it cannot be read.
        MissingDependencyError: The networks, or what runs them, are not installed.
    """
    steps = steps or SilentSteps()
    from newspage.engine import make_engine
    from newspage.page import read_page_rereadable

    with FileOpener(config.run) as opener:
        steps.begin(f"Opening {path}")
        image = opener.load_page(_scan(path, config, opener), config.ingest)
    steps.begin(f"Reading {path}; that takes as long as in a run, a minute perhaps")
    engine = engine or make_engine(config.engine)
    record, reread = read_page_rereadable(image, engine, config)
    return record, make_lattice_scorer(record.page, engine.characters, reread), image.pixels


def _scan(path: Path, config: Config, opener: "FileOpener") -> "Scan":
    """Return the scan that a path, or `FILE#N`, names. Raises InputError where there is none."""
    name, _, frame = path.name.rpartition("#")
    if not path.exists() and name and frame.isdigit():
        path, wanted = path.with_name(name), int(frame) - 1
    else:
        wanted = 0
    if not path.exists():
        raise InputError("scan-missing", path=path)
    scans = opener.open_pages(path, config.ingest)
    if not 0 <= wanted < len(scans):
        pages = count_in_words(len(scans), "page")
        raise InputError("page-number-unknown", path=path, pages=pages, number=wanted + 1)
    return scans[wanted]


def _lines(page: PageLayout) -> dict[str, TextLine]:
    """Return all lines of a page by their ids, the unplaced ones last."""
    return {line.id: line for line in page.lines}
