"""`newspage correct`: a text file, with or without its scan, to clean text, record and report."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from newspage.config import Config
from newspage.correct.ctc import alphabet
from newspage.correct.evidence import Reread, Witness
from newspage.correct.knowledge import knowledge_of
from newspage.correct.old_text import (
    CorrectedText,
    Told,
    correct_text,
    correct_text_with_scan,
)
from newspage.correct.report import crop_files, listed, markdown, page, report_of, summary
from newspage.correct.text import BREAK, Block, Text, text_of
from newspage.correct.text_input import encode, read_text
from newspage.correct.text_record import record_of
from newspage.errors import InputError, UsageError
from newspage.files import write_whole
from newspage.model import Char, GrayImage, Page, PageRecord, RegionKind, TextLine
from newspage.record import encode as encode_record

if TYPE_CHECKING:
    from newspage.model import Scan
    from newspage.run.opening import Opener

MAX_RECORD = 1_000_000
"""A longer text (characters) is no page: it gets its clean text and a report, but no record."""
MAX_WITH_SCAN = 300_000
"""A longer text cannot be that of one page."""

Words = Literal["en", "zh"]


@dataclass(frozen=True)
class Seen:
    """The scan beside a text."""

    page: Page
    pixels: GrayImage


@dataclass(frozen=True)
class Corrected:
    """What came of a text file."""

    path: Path
    corrected: CorrectedText
    seen: Seen | None = None

    def lines(self, words: Words) -> list[str]:
        """The corrections for a terminal."""
        return listed(report_of(self.corrected, self.path.name, words).rows)

    def summary(self, words: Words) -> str:
        """What was done, for a terminal."""
        return summary(report_of(self.corrected, self.path.name, words))


def correct_file(
    path: Path, scan: Path | None, config: Config, told: Told | None = None
) -> Corrected:
    """A text file corrected; `told` hears how far a long one without a scan is.

    Raises InputError, UsageError, MissingDependencyError.
    """
    string = read_text(path).text
    knowledge = knowledge_of(config.correct)
    if scan is None:
        return Corrected(path, correct_text(string, knowledge, path.stem, told))
    if len(string) > MAX_WITH_SCAN:
        raise UsageError(
            f"{path} has {len(string):,} characters, more than any page.",
            "Give the text of that one page, or leave --scan out.",
        )
    record, witness, pixels = _read_scan(scan, config)
    corrected = correct_text_with_scan(string, page_text(record), witness, knowledge, path.stem)
    return Corrected(path, corrected, Seen(record.page, pixels))


def witness_of(page: Page, characters: Sequence[str], reread: Reread | None = None) -> Witness:
    """All lines of a page, placed or not; `characters` are those of the engine that read them."""
    return Witness(_lines(page), alphabet(characters), reread)


def page_text(record: PageRecord) -> Text:
    """All text of a page as one: its articles, its furniture, and lines that belong to neither."""
    chars: list[Char] = []
    blocks: list[Block] = []
    for article in record.articles:
        text = text_of(article)
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
        blocks.append(Block(start, len(chars), item.kind))
    used = {c.line for c in chars}
    for line in _lines(record.page).values():
        if line.id not in used and line.glyphs:
            chars.append(Char(BREAK, "", -1))
            start = len(chars)
            chars += (Char(t, line.id, n) for n, g in enumerate(line.glyphs) for t in g.text)
            blocks.append(Block(start, len(chars), RegionKind.OTHER))
    return Text("page", "".join(c.text for c in chars), tuple(blocks), tuple(chars))


def write_results(done: Corrected, output: Path, words: Words) -> list[Path]:
    """Clean text, record and reports; the paths written. Raises OutputError."""
    stem = done.path.stem
    files = {f"{stem}.clean.txt": encode(done.corrected.clean)}
    crops = _crops(done)
    report = report_of(done.corrected, done.path.name, words, crops)
    pictures = crop_files(report.rows)
    folder = f"{stem}.report"
    files[f"{stem}.report.md"] = markdown(report, folder if pictures else "")
    files[f"{stem}.report.html"] = page(report)
    if len(done.corrected.text.string) <= MAX_RECORD:
        page_seen = done.seen.page if done.seen else None
        files[f"{stem}.clean.json"] = encode_record(record_of(done.corrected, done.path, page_seen))
    if pictures:
        write_whole(output / folder, pictures)
    write_whole(output, files)
    return [output / name for name in sorted(files)]


def _crops(done: Corrected) -> dict[str, bytes]:
    if done.seen is None:
        return {}
    from newspage.correct.crops import crops_of

    wanted = [c for c in done.corrected.corrections if c.rule != "width"]
    return crops_of(done.corrected.text, wanted, _lines(done.seen.page), done.seen.pixels)


def _read_scan(path: Path, config: Config) -> tuple[PageRecord, Witness, GrayImage]:
    """The page of a scan, how it answers, its pixels. `FILE#2` is the second page of a file."""
    from newspage.engine.factory import make_engine
    from newspage.run.opening import Opener
    from newspage.run.page import read_to_ask

    with Opener(config.run) as opener:
        image = opener.load_page(_scan(path, config, opener), config.ingest)
    engine = make_engine(config.engine)
    record, reread = read_to_ask(image, engine, config)
    return record, witness_of(record.page, engine.characters, reread), image.pixels


def _scan(path: Path, config: Config, opener: "Opener") -> "Scan":
    name, _, frame = path.name.rpartition("#")
    if not path.exists() and name and frame.isdigit():
        path, wanted = path.with_name(name), int(frame) - 1
    else:
        wanted = 0
    if not path.exists():
        raise InputError(f"{path}: there is no such scan.", "Check the path given with --scan.")
    scans = opener.open_pages(path, config.ingest)
    if not 0 <= wanted < len(scans):
        raise InputError(f"{path} has {len(scans)} pages, no page {wanted + 1}.")
    return scans[wanted]


def _lines(page: Page) -> dict[str, TextLine]:
    regions = (line for region in page.regions for line in region.lines)
    return {line.id: line for line in (*regions, *page.unplaced)}
