"""Made-up pages with lattices, corrected by the real pass, and an office that reads them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from newspage.config import Config, EngineConfig
from newspage.correct import propose_corrections
from newspage.edits.clean_text import derive_page
from newspage.geometry import Box
from newspage.lattice import Lattice
from newspage.model import (
    ArticleRecord,
    Direction,
    PageLayout,
    PageReading,
    PageRecord,
    Paragraph,
    ProcessingStep,
    Region,
    RegionKind,
    Scan,
    TextLine,
)
from newspage.page.facing_pages import join_facing_pages
from newspage.page.weighing import describe_correction, gather_lattices
from newspage.settings import load_settings
from newspage.version import __version__
from tests import correct_fakes
from tests.asking import Office
from tests.fakes import chars_of

PRINTED = "清河省岚溪造纸总厂"
READ = "清河省岚深造纸总厂"
"""The name as it was read: one character was in doubt."""
BLURRED = "清河省轴承研究所筹备处"
"""Another name; one character is in such doubt that the lattice leaves out the right one."""
UNSEEN = "清河省轴承研究院筹备处"
"""The same with the character that is left out."""

_SEEN = -2.5
"""Log-probability of the character that is left out, once the line is read for it."""


def body_of(name: str) -> tuple[str, ...]:
    """The lines of a page; no two pages share many, lest they be taken for one."""
    own = "".join(chr(0x4E00 + 97 * i + 13 * sum(map(ord, name))) for i in range(10))
    return (f"本报讯昨日{READ}开工", own, f"来宾到了{BLURRED}", own[::-1] + "。")


def alphabet() -> tuple[str, ...]:
    """The characters of the made-up recogniser: those of all pages, and some more."""
    pages = "".join("".join(body_of(f"p{i}")) for i in range(1, 9))
    return correct_fakes.characters_of("题目" + pages + PRINTED + UNSEEN)


def kept_line(name: str, text: str, top: float, characters: tuple[str, ...]) -> TextLine:
    """A line whose lattice doubts one character of a name that is in it."""
    doubts = {text.find(READ) + 4: (PRINTED[4], -0.5)} if READ in text else {}
    line = correct_fakes.line(name, text, characters, doubts, top)
    if BLURRED in text and line.lattice is not None:
        step = 2 * (text.find(BLURRED) + 7)
        line.lattice.log_probs[step] = (-0.7, -1.5, -1.9, -2.2)
    return line


def read_again(line: TextLine, also: frozenset[int], characters: tuple[str, ...]) -> Lattice:
    """The lattice of a line, with some classes at every step, as an engine would give it."""
    first = line.lattice
    assert first is not None
    wanted = np.tile(np.array(sorted(also), np.int32), (len(first.classes), 1))
    chances = np.full(wanted.shape, -18.0, np.float16)
    if BLURRED in line.text:
        step = 2 * (line.text.find(BLURRED) + 7)
        chances[step, wanted[step] == characters.index(UNSEEN[7])] = _SEEN
    return Lattice(
        np.concatenate([first.classes, wanted], axis=1),
        np.concatenate([first.log_probs, chances], axis=1),
        first.positions,
    )


def page_of_lines(scan: Scan, texts: tuple[str, ...], config: Config) -> PageRecord:
    """A page of one article, corrected as the pipeline corrects one."""
    characters = alphabet()
    head = kept_line("l0", "题目", 0.0, characters)
    lines = [kept_line(f"l{i}", t, 40.0 * i, characters) for i, t in enumerate(texts, 1)]
    regions = (
        Region("r1", RegionKind.TITLE, head.box, (head,), Direction.HORIZONTAL, "a1"),
        Region("r2", RegionKind.BODY, lines[0].box, tuple(lines[:-1]), Direction.HORIZONTAL, "a1"),
        Region("r3", RegionKind.BODY, lines[-1].box, (lines[-1],), Direction.HORIZONTAL, "a1"),
    )
    article = ArticleRecord(
        "a1",
        title=chars_of(head),
        paragraphs=(Paragraph(sum((chars_of(line) for line in lines), ())),),
        regions=("r1", "r2", "r3"),
    )
    page = PageLayout(scan, regions, ("r1", "r2", "r3"))
    again: dict[tuple[str, frozenset[int]], Lattice] = {}

    def reread(line: TextLine, also: frozenset[int]) -> Lattice | None:
        """Read a line once more, and remember its lattice as the pipeline does."""
        again[line.id, also] = read_again(line, also, characters)
        return again[line.id, also]

    corrections = propose_corrections((article,), page, characters, config.correct, reread)
    lattices = gather_lattices(page, characters, again)
    reading = PageReading(on_scan(page), (article,), (), (), corrections, lattices)
    return derive_page(reading)


def on_scan(page: PageLayout) -> PageLayout:
    """The layout as it lies on a scan that is twice as large and was turned by a quarter."""

    def turned(box: Box) -> Box:
        return Box(2 * box.top, 2 * box.left, 2 * box.bottom, 2 * box.right)

    def line_on(line: TextLine) -> TextLine:
        glyphs = tuple(replace(g, box=turned(g.box)) for g in line.glyphs)
        return replace(line, box=turned(line.box), glyphs=glyphs)

    return replace(
        page,
        regions=tuple(
            replace(r, box=turned(r.box), lines=tuple(map(line_on, r.lines))) for r in page.regions
        ),
    )


def read(scan: Scan, config: Config) -> PageRecord:
    """A page by its name; a scan called `spread` shows two facing ones."""
    name = scan.path.stem
    names = ("p4", "p5") if name == "spread" else (name,)
    record = join_facing_pages([page_of_lines(scan, body_of(n), config) for n in names])
    assert record.reading.lattices is not None
    details = {
        "newspage": {"version": __version__},
        "correct": describe_correction(config.correct, len(record.reading.lattices.again)),
    }
    steps = tuple(ProcessingStep(name, 0.01, what) for name, what in details.items())
    return replace(record, steps=steps)


def make_reader(config: EngineConfig, threads: int) -> Callable[[Scan, Config], PageRecord]:
    """A maker of readers, as workers want it."""
    return read


class KeptOffice(Office):
    """An office whose runs keep lattices, with a dictionary of its own."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch, keep: bool = True) -> None:
        super().__init__(home, patch)
        self.entries = home / "entries"
        self.entries.mkdir(exist_ok=True)
        self.set_options(keep)

    def set_options(
        self, keep: bool = True, apply: str = "safe", formats: tuple[str, ...] = ("txt", "md")
    ) -> None:
        """Set what is kept and written, and which proposals are applied without a person."""
        self.settings = load_settings(
            None,
            {
                ("correct", "dictionaries"): ("dictionaries", [str(self.entries)]),
                ("correct", "apply"): ("apply", apply),
                ("output", "keep_lattices"): ("keep", keep),
                ("output", "formats"): ("formats", list(formats)),
            },
        )

    def add_entry(self, *entries: str) -> None:
        """Put phrases of one wording into the dictionary, instead of those that were there."""
        lines = (f"{entry}\tfixed\n" for entry in entries)
        (self.entries / "phrases.tsv").write_text("".join(lines), "utf-8")

    def settings_file(self) -> Path:
        """The same settings as a file."""
        correct = self.settings.config.correct
        path = self.home / "newspage.toml"
        path.write_text(
            f'[correct]\ndictionaries = ["{self.entries}"]\napply = "{correct.apply}"\n', "utf-8"
        )
        return path
