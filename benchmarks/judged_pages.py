"""Pages that were read, their characters judged beside what is printed.

A character is wrong where the alignment of its line with the lines printed there has another one,
or none, in its place.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from newspage.config import Config
from newspage.evaluation import Normalisation, load_page_text
from newspage.evaluation.page_texts import LineText
from newspage.expected_errors import ErrorCurve
from newspage.geometry import Box
from newspage.model import TextLine
from newspage.record import encode_record, read_record

SCANS = {"clean": ("clean.png", "truth.json"), "aged": ("aged.jpg", "truth.aged.json")}
SAME_PLACE = 0.3
"""Share of a printed line, or of the read one, that both must cover to be compared. Judgement."""
SHORTEST, ALIKE = 5, 50.0
"""Characters of a line, and its likeness to a stretch of the text, 0 to 100, from which it is
compared with a text without places. Judgement: others may be nowhere in it, as texts of real pages
leave something out, or anywhere."""

Values = NDArray[np.float64]
normalise = Normalisation()


@dataclass(frozen=True, slots=True, eq=False)
class JudgedLine:
    """A line as read, and which of its characters are wrong."""

    vertical: bool
    confidences: Values
    wrong: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    """Blanks are not."""
    printed: bool = True
    """Whether a line is printed there; none is where lines were found across the print."""

    def list_probabilities(self, curves: Sequence[ErrorCurve]) -> Values:
        """What a curve for each direction says of the characters that count."""
        return curves[self.vertical].find_probabilities(list(self.confidences))[self.counted]


@dataclass(frozen=True, slots=True, eq=False)
class JudgedPage:
    """The lines of a page that were read."""

    name: str
    kind: str
    """Folder and wear."""
    lines: tuple[JudgedLine, ...]
    lost: int
    """Characters of printed lines where nothing was read."""

    @property
    def vertical(self) -> bool:
        counts = [0, 0]
        for line in self.lines:
            counts[line.vertical] += line.counted.sum()
        return counts[1] > counts[0]


def read_scans(folders: Iterable[Path]) -> None:
    """Reads the pages that have no record yet."""
    from newspage.engine import make_engine
    from newspage.ingest import load_page, open_pages
    from newspage.page.pipeline import read_page

    config = Config()
    engine = make_engine(config.engine)
    for folder, name in list_scans(folders):
        record = folder / f"{name}.record.json"
        if not record.exists():
            image = load_page(open_pages(folder / SCANS[name][0], config.ingest)[0], config.ingest)
            record.write_bytes(encode_record(read_page(image, engine, config)))
            print(record, flush=True)


def list_scans(folders: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """The folders of pages, each with the names of the scans in it."""
    for folder in folders:
        for page in sorted(p for p in folder.iterdir() if p.is_dir()):
            for name, files in SCANS.items():
                if all((page / file).exists() for file in files):
                    yield page, name


def judge_folders(folders: Iterable[Path]) -> list[JudgedPage]:
    """The pages of some folders that were read."""
    pages = []
    for folder, name in list_scans(folders):
        record = folder / f"{name}.record.json"
        if record.exists():
            kind = f"{folder.parent.name} {name}"
            pages.append(judge_page(folder / SCANS[name][1], record, kind))
    return pages


def judge_page(truth: Path, record: Path, kind: str = "") -> JudgedPage:
    """The lines of a record against a truth file; without places lines are found by their text."""
    printed = load_page_text(truth).lines
    read = read_record(record).page.lines
    if any(line.box is None for line in printed):
        whole = normalise("".join(line.text for line in printed))
        found = [(line, find_alike(line, whole)) for line in read]
        lines = [judge_line(line, printed) for line, printed in found if printed]
        return JudgedPage(record.name, kind, tuple(lines), 0)
    boxes = np.array([(b.left, b.top, b.right, b.bottom) for b in map(box_of, printed)])
    seen = np.zeros(len(printed), bool)
    lines = []
    for line in read:
        at = find_lines(line, boxes)
        seen[at] = True
        lines.append(judge_line(line, normalise("".join(printed[i].text for i in at))))
    lost = sum(len(p.text) for p, found in zip(printed, seen, strict=True) if not found)
    return JudgedPage(record.parent.name, kind, tuple(lines), lost)


def box_of(line: LineText) -> Box:
    """The place of a printed line."""
    assert line.box is not None
    return line.box


def find_lines(line: TextLine, boxes: Values) -> NDArray[np.intp]:
    """The printed lines at the place of a read one."""
    box = line.box
    width = np.minimum(boxes[:, 2], box.right) - np.maximum(boxes[:, 0], box.left)
    height = np.minimum(boxes[:, 3], box.bottom) - np.maximum(boxes[:, 1], box.top)
    common = np.clip(width, 0, None) * np.clip(height, 0, None)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    least = SAME_PLACE * np.minimum(areas, box.width * box.height)
    return np.flatnonzero(common > least)


def find_alike(line: TextLine, whole: str) -> str:
    """The stretch of a page's text that is most like a read line; empty where nothing is."""
    text = normalise(line.text)
    found = partial_ratio_alignment(text, whole) if text else None
    if found is None or len(text) < SHORTEST or found.score < ALIKE:
        return ""
    # With a little more on both sides: what is printed may be longer than what was read.
    return whole[max(0, found.dest_start - 2) : found.dest_end + 2]


def judge_line(line: TextLine, printed: str) -> JudgedLine:
    """A read line beside what is printed there; one that runs the other way is no wrong text."""
    parts = [normalise(glyph.text) for glyph in line.glyphs]
    wrong = min((find_wrong(parts, text) for text in (printed, printed[::-1])), key=np.sum)
    confidences = np.array([glyph.confidence for glyph in line.glyphs])
    counted = np.array([bool(p) for p in parts], bool)
    return JudgedLine(line.vertical, confidences, wrong, counted, bool(printed))


def find_wrong(parts: Sequence[str], printed: str) -> NDArray[np.bool_]:
    """The characters of a line that are not those printed."""
    owners = [i for i, part in enumerate(parts) for _ in part]
    wrong = np.zeros(len(parts), bool)
    for edit in Levenshtein.opcodes("".join(parts), printed):
        if edit.tag != "equal":
            wrong[owners[edit.src_start : edit.src_end]] = True
    return wrong
