"""Runs and desks over made-up pages that ask questions, without any network."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from newspage.batch import folder
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.workers import PoolPlan
from newspage.config import Config, EngineConfig
from newspage.model import ArticleRecord, PageRecord, Scan
from newspage.review.service.review_service import ReviewService
from newspage.settings import Settings, load_settings
from newspage.workspace import Workspace
from tests import fakes
from tests.decided_pages import Ask, asking, page_of, read_otherwise
from tests.test_run import Heard

PAGES = tuple(f"x-2020-01-01/p{i}.png" for i in range(1, 5))
"""Scans of the pages of an issue."""

ReadScan = Callable[[Scan, Config], PageRecord]

ASKS = (
    Ask(0, 5, 6, "卅", False),
    Ask(0, 8, 9, "陆", True, "phrase"),
    Ask(1, 3, 3, "，", False, "punctuation"),
)


def read(scan: Scan, config: Config) -> PageRecord:
    """A page of two articles with two proposals and a change that policy makes.

    No two pages share many lines: they would be taken for two scans of one page.
    """
    name = scan.path.stem

    def own(text: str) -> str:
        return "".join(chr(ord(c) + sum(map(ord, name))) for c in text)

    record = page_of(
        [
            ("题目", [["一二三四五六七八", "九十¶", own("甲乙丙丁")], [own("戊己庚辛壬癸子丑")]]),
            ("", [["东南西北中发白天地", own("玄黄宇宙洪荒日月") + "¶", own("盈昃辰宿列张")]]),
        ],
        scan,
    )
    return asking(read_otherwise(record, articles=jumping(name, record.articles)), ASKS)


def jumping(name: str, articles: tuple[ArticleRecord, ...]) -> tuple[ArticleRecord, ...]:
    """The last article of a page p1 goes on at page 3: in the last of p3."""
    last = articles[-1]
    if name == "p1":
        last = replace(last, continues="3")
    if name == "p3":
        last = replace(last, continued_from="1")
    return (*articles[:-1], last)


def make_reader(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers, as workers want it."""
    return read


def make_other(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers that see another page on every scan."""
    return lambda scan, config: page_of([("别的", [["完全不同的一页¶", "没有相同的行"]])], scan)


class Office:
    """A folder with scans, an output folder, runs over them and desks to decide at."""

    def __init__(
        self, home: Path, patch: pytest.MonkeyPatch | None = None, store: str = ""
    ) -> None:
        self.home = home
        self.settings: Settings = load_settings(None, {("run", "store"): ("store", store)})
        self.place = Workspace.for_output(home / "output", self.settings.config.run)
        if patch:
            patch.setattr(folder, "WorkerPool", fakes.LocalCrew)

    def scans(self, *names: str, shade: int = 255) -> None:
        """Put scans into the folder."""
        for i, name in enumerate(names):
            path = self.home / "scans" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            # Every scan has other bytes.
            Image.fromarray(np.full((40, 30 + i), shade, np.uint8)).save(path)

    def run(self, force: bool = False, make: Callable[..., ReadScan] = make_reader) -> Heard:
        """One run."""
        request = RunRequest(
            (self.home / "scans",), self.place.output, self.settings, PoolPlan(1, 1), force
        )
        heard = Heard()
        run_folder(request, ReaderBackend(make, ""), heard)
        return heard

    def desk(self, read_only: bool = False) -> ReviewService:
        """A desk to decide at; to be closed."""
        return ReviewService(self.place, self.settings, read_only)

    def outputs(self) -> dict[str, bytes]:
        """All files that people read, but the index, which tells times."""
        return {
            path.relative_to(self.place.output).as_posix(): path.read_bytes()
            for path in self.place.output.rglob("*")
            if path.is_file() and path.name != "index.json"
        }


def just_read(home: Path, monkeypatch: pytest.MonkeyPatch, *scans: str) -> Office:
    """An office in a folder that has just read some scans."""
    office = Office(home, monkeypatch)
    office.scans(*scans)
    office.run()
    return office
