"""Pages of the correction benchmark as the real engine reads them, clean and aged."""

import pickle
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from benchmarks.planted.pages import StorySet, printed, text_of
from newspage.config import Config
from newspage.engine import Engine, FoundLine
from newspage.engine import Reading as EngineReading
from newspage.engine.factory import make_engine
from newspage.model import GrayImage, PageImage, PageRecord, Scan
from newspage.page.pipeline import read_page_rereadable
from newspage.page.rereading import ScanRereader

CLEAN, AGED = "clean scan", "aged scan"


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as it was read, nothing corrected."""

    record: PageRecord
    characters: tuple[str, ...]
    seconds: float
    reread: ScanRereader
    """Reads its lines again."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a page says, and how it was read."""

    name: str
    text: str
    readings: Mapping[str, Reading]

    @property
    def seconds(self) -> float:
        """Seconds that reading it once took."""
        return sum(r.seconds for r in self.readings.values()) / len(self.readings)


@cache
def _engine() -> Engine:
    return make_engine(Config().engine)


class Late:
    """The engine of the settings, made when it is first asked; see `Engine`.

    A reading that is kept holds it unmade.
    """

    @property
    def name(self) -> str:
        return _engine().name

    @property
    def characters(self) -> Sequence[str]:
        return _engine().characters

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        return _engine().find_lines(image)

    def read_lines(
        self, strips: Sequence[GrayImage], also: Sequence[int] = ()
    ) -> list[EngineReading]:
        return _engine().read_lines(strips, also)


def read(pixels: GrayImage, engine: Engine) -> Reading:
    """A page through the whole pipeline, uncorrected."""
    config = Config()
    config = replace(config, correct=replace(config.correct, apply="none"))
    scan = Scan(Path("page.png"), "", pixels.shape[1], pixels.shape[0])
    start = time.perf_counter()
    record, reread = read_page_rereadable(PageImage(scan, pixels), engine, config)
    return Reading(record, tuple(engine.characters), time.perf_counter() - start, reread)


def printed_and_read(name: StorySet, seed: int, kept: Path | None = None) -> Printed:
    """A page of a set, read; found again in the folder `kept` where that was done before.

    What is kept knows nothing of later changes to the reading: empty the folder after one.
    """
    path = kept / f"{name}-{seed}.pickle" if kept else None
    if path is not None and path.exists():
        found = pickle.loads(path.read_bytes())
        if isinstance(found, Printed):
            return found
    clean, aged, truth = printed(name, seed)
    readings = {CLEAN: read(clean, Late()), AGED: read(aged, Late())}
    done = Printed(f"{name}-{seed}", text_of(truth), readings)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(done))
    return done
