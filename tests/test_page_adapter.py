"""Whether a page is read with the adapter that is named for it, and what is said of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from newspage.batch.adapter_use import AdapterNotes, is_same_paper, require_adapters
from newspage.batch.plan import PageSource
from newspage.config import Config, EngineConfig, RecogniseConfig
from newspage.engine import Adapter, FoundLine, Reading, find_networks, write_adapter
from newspage.engine.factory import require_adapter
from newspage.engine.models import find_weights
from newspage.errors import ConfigError, InputError
from newspage.geometry import Box
from newspage.lattice import Lattice
from newspage.model import (
    ADAPTED,
    READ_WITH,
    UNADAPTED,
    Detection,
    Direction,
    GrayImage,
    PageImage,
    Publication,
    Scan,
    TextLine,
)
from newspage.page.adapter_choice import FEWEST, MOST, choose_lines, choose_recogniser
from newspage.progress import summarise_run
from newspage.settings import Override, Settings
from newspage.store import PageFigures, ScanKey
from tests.test_engine_adapters import small_adapter

TEXT = "甲乙丙丁戊己"


@dataclass
class LookEngine:
    """Reads the same of every strip, but for some characters in every second one."""

    name: str = "looks 1.0"
    wrong: int = 2
    text: str = TEXT
    adapted: "LookEngine | None" = None
    characters: Sequence[str] = ("", *TEXT)
    asked: list[int] = field(default_factory=list)

    def with_adapter(self, adapter: Adapter) -> "LookEngine":
        assert self.adapted is not None
        return self.adapted

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        return []

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        self.asked.append(len(strips))
        other = "丑" * self.wrong + self.text[self.wrong :]
        return [_reading(other if i % 2 else self.text) for i in range(len(strips))]


def _reading(text: str) -> Reading:
    lattice = Lattice(
        np.ones((len(text), 1), np.int32),
        np.full((len(text), 1), -0.1, np.float16),
        np.linspace(0, 1, len(text), dtype=np.float32),
    )
    sure = np.full(len(text), 0.9, np.float32)
    return Reading(tuple(text), sure, np.zeros((len(text), 2), np.float32), lattice)


def lines_of(count: int, length: int = 6) -> tuple[TextLine, ...]:
    """Lines one below the other."""
    boxes = [Box(0, 20.0 * i, 10.0 * length, 20.0 * i + 10) for i in range(count)]
    row = Direction.HORIZONTAL
    return tuple(TextLine(f"l{i}", box, row, box.polygon, 10.0) for i, box in enumerate(boxes))


def choose(tmp_path: Path, engine: LookEngine, count: int = 30) -> tuple[str, dict[str, str]]:
    """The name of the engine that a page of so many lines is read with, and the record of it."""
    file = tmp_path / "paper.safetensors"
    file.write_bytes(write_adapter(small_adapter()))
    pixels = np.full((20 * count + 20, 100), 255, np.uint8)
    page = PageImage(Scan(Path("a.png"), "", 100, 20 * count + 20), pixels)
    found = [Detection(lines_of(count))]
    chosen, details = choose_recogniser(engine, str(file), found, [page])
    return chosen.name, dict(details)


def test_an_adapter_is_used_where_two_looks_agree_better_with_it(tmp_path: Path) -> None:
    """Not on a tie, not where it agrees as it reads nothing, not where there is nothing to see."""
    better = LookEngine("better", wrong=1)
    name, details = choose(tmp_path, LookEngine(wrong=3, adapted=better))
    assert name == "better"
    assert (details["looks differ, network"], details["looks differ, adapter"]) == (
        "0.500",
        "0.167",
    )
    assert (details["paper"], details[READ_WITH]) == ("晶報", ADAPTED)
    assert better.asked == [2 * FEWEST]
    for base, other in (
        (3, LookEngine("tie", wrong=3)),
        (0, LookEngine("worse", wrong=1)),
        (3, LookEngine("silent", wrong=0, text="甲")),
    ):
        name, details = choose(tmp_path, LookEngine(wrong=base, adapted=other))
        assert (name, details[READ_WITH]) == ("looks 1.0", UNADAPTED)
    assert choose(tmp_path, LookEngine(wrong=3, adapted=better), 0)[0] == "looks 1.0"


def test_lines_that_are_compared_are_spread_over_the_page() -> None:
    """Always the same ones, a bounded number, none that holds a character or two."""
    for count in (5, 100, 640):
        chosen = choose_lines(lines_of(count))
        assert chosen == sorted(set(chosen))
        assert len(chosen) == min(count, max(FEWEST, min(MOST, round(count / 32))))
    assert choose_lines(lines_of(100))[-1] > 90
    assert choose_lines(lines_of(100, length=2)) == []


def test_a_page_that_was_not_read_with_it_is_counted() -> None:
    """In the summary of a run, by adapter."""
    from newspage.batch.run_events import RunOutcome

    figures = [PageFigures(adapter="晶報", adapter_used=used) for used in (True, True, False)]
    said = summarise_run(RunOutcome(done=3, figures=figures), Path("out"), 3)
    assert "2 pages read with the adapter of 晶報; 1 without" in said
    assert "adapter" not in summarise_run(RunOutcome(done=1, figures=[PageFigures()]), Path("o"), 1)


@pytest.mark.engine
def test_an_adapter_of_another_network_is_refused_before_a_page_is_read(tmp_path: Path) -> None:
    """Wherever settings name it; so is one that is not there."""
    file = tmp_path / "paper.safetensors"
    file.write_bytes(write_adapter(small_adapter()))
    override = Override("x*", {("recognise", "adapter"): str(file)})
    with pytest.raises(ConfigError, match=r"paper\.safetensors.*another network"):
        require_adapters(Settings(Config(), {}, (override,)))
    with pytest.raises(InputError, match="cannot be read"):
        require_adapters(Settings(Config(recognise=RecogniseConfig(adapter="none")), {}))
    assert require_adapters(Settings(Config(), {})) == {}
    data = find_weights(find_networks(EngineConfig()).recogniser).read_bytes()
    file.write_bytes(write_adapter(small_adapter(hashlib.sha256(data).hexdigest())))
    assert require_adapter(str(file), EngineConfig()) == "晶報"


def test_pages_of_another_paper_are_told_of_once() -> None:
    """By the names of their scans; a longer name of the same paper is none."""
    settings = Settings(Config(recognise=RecogniseConfig(adapter="jingbao")))
    notes = AdapterNotes(settings, {"jingbao": "jingbao"})
    sources = [
        PageSource(ScanKey(f"{paper}.png", 0), paper, "", Publication(paper))
        for paper in ("jingbao", "Jingbao", "shenbao", "shenbao", "")
    ]
    (said,) = notes.note_other_papers(sources)
    assert "shenbao" in said
    assert "jingbao.safetensors" in said
    assert list(notes.note_other_papers(sources)) == []
    assert is_same_paper("Jing Bao", "jingbao-1939")
