"""Stand-ins for what is slow: readers that need no network, a crew that needs no processes."""

import os
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Self

from newspage.batch.tasks import (
    Hashed,
    LookTask,
    MakeReader,
    ReadScan,
    ReadTask,
    Result,
    TaskFailure,
)
from newspage.batch.worker_process import EncodedPageReader, answer_or_fail, look_into
from newspage.batch.workers import PoolPlan
from newspage.config import Config, EngineConfig
from newspage.edits.clean_text import derive_page
from newspage.errors import MissingDependencyError
from newspage.geometry import Box
from newspage.model import (
    ArticleRecord,
    Char,
    Chars,
    Direction,
    Glyph,
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


def line_of(text: str, name: str = "l1", top: float = 0.0) -> TextLine:
    """A horizontal line with glyphs of 10 pixels."""
    glyphs = tuple(
        Glyph(c, Box(10.0 * i, top, 10.0 * i + 9, top + 10), 0.9) for i, c in enumerate(text)
    )
    box = Box(0, top, 10.0 * max(1, len(text)), top + 10)
    return TextLine(name, box, Direction.HORIZONTAL, box.polygon, 10.0, glyphs=glyphs)


def chars_of(line: TextLine) -> Chars:
    """The characters of a line, as clean text."""
    return tuple(Char(g.text, line.id, i) for i, g in enumerate(line.glyphs))


def record_of(
    scan: Scan,
    text: str,
    title: str = "",
    continues: str | None = None,
    continued_from: str | None = None,
) -> PageRecord:
    """A page with one article of one paragraph."""
    head, body = line_of(title, "l1"), line_of(text, "l2", 20.0)
    regions = [Region("r2", RegionKind.BODY, body.box, (body,), Direction.HORIZONTAL, "a1")]
    if title:
        kind = RegionKind.TITLE
        regions.insert(0, Region("r1", kind, head.box, (head,), Direction.HORIZONTAL, "a1"))
    article = ArticleRecord(
        "a1",
        title=chars_of(head),
        paragraphs=(Paragraph(chars_of(body)),),
        regions=tuple(r.id for r in regions),
        continues=continues,
        continued_from=continued_from,
    )
    page = PageLayout(scan, tuple(regions), article.regions)
    return derive_page(PageReading(page, (article,)), steps=(ProcessingStep("fake", 0.01),))


def read(scan: Scan, config: Config) -> PageRecord:
    """A page whose text is its file's name; some names are evil, some jump."""
    name = scan.path.stem
    if "segfault" in name:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "out-of-memory" in name:
        os.kill(os.getpid(), signal.SIGKILL)
    if "hang" in name:
        time.sleep(600)
    if "bug" in name:
        raise ZeroDivisionError("division by zero\nsecond line")
    if "greedy" in name:
        raise MemoryError
    text = f"{name}{scan.frame}{config.detect.direction}"
    if name == "p1":
        return record_of(scan, text, "title", continues="3")
    return record_of(scan, text, continued_from="1" if name == "p3" else None)


def make_reader(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers, as workers want it."""
    return read


def make_nothing(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers where the networks are missing."""
    raise MissingDependencyError("networks-missing")


def make_crash(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers whose library crashes on start."""
    os.kill(os.getpid(), signal.SIGILL)
    return read


class LocalCrew:
    """A crew that does everything in this process, one task after the other."""

    def __init__(self, make_reader: MakeReader, engine: EngineConfig, pool: PoolPlan) -> None:
        self._make_reader, self._engine = make_reader, engine
        self._tasks: deque[LookTask | ReadTask] = deque()
        self.withheld_looks: list[LookTask] = []
        self.is_over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def submit(self, tasks: Iterable[LookTask | ReadTask]) -> None:
        self._tasks += tasks

    def take_withheld(self) -> list[ReadTask]:
        return []

    def count_room(self) -> int:
        return 1 - sum(isinstance(task, ReadTask) for task in self._tasks)

    def results(self) -> Iterator[list[Result]]:
        while self._tasks:
            yield [self._result(self._tasks.popleft())]

    def _result(self, task: LookTask | ReadTask) -> Result:
        if isinstance(task, ReadTask):
            reader = self._make_reader(self._engine, 1)
            return answer_or_fail(EncodedPageReader(reader), task)
        told: list[Hashed] = []
        result = look_into(task, told.append)
        if isinstance(result, TaskFailure) and told:
            return replace(result, sha256=told[0].sha256)
        return result
