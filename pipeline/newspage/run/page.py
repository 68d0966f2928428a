"""One page, one straight line."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ParamSpec, TypeVar

from newspage.assemble import assemble
from newspage.config import Config
from newspage.correct import correct
from newspage.correct.knowledge import dictionary_digest
from newspage.detect import complete_pictures, detect
from newspage.engine import Engine
from newspage.engine.layout_model import LayoutModel
from newspage.enhance import enhance, split_fold
from newspage.layout import layout
from newspage.model import PageImage, PageRecord, ProcessingStep
from newspage.recognise import recognise
from newspage.run.again import Again, OfScan
from newspage.run.facing import facing, prefixes
from newspage.run.on_scan import on_scan, rotation
from newspage.version import __version__

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def read_page(
    image: PageImage, engine: Engine, config: Config, layout_model: LayoutModel | None = None
) -> PageRecord:
    """Everything that can be known of a scan; of two facing pages in it, one after the other.

    A layout model is one more witness; without it the record is the same but for what it decided.
    """
    return read_to_ask(image, engine, config, layout_model)[0]


def read_to_ask(
    image: PageImage, engine: Engine, config: Config, layout_model: LayoutModel | None = None
) -> tuple[PageRecord, OfScan]:
    """The same, and a way to read lines of the record again."""
    step = Steps()
    straight = step("enhance", enhance, image, config.enhance, engine)
    sheets = step("split_fold", split_fold, straight.image, config.enhance)
    read = [_read_sheet(sheet, engine, config, layout_model, step) for sheet in sheets]
    halves = [half for half, _ in read]
    record = facing(halves, config.detect.direction)
    again = OfScan(tuple(a for _, a in read), prefixes(halves, config.detect.direction))
    details = {
        "newspage": {"version": __version__, "engine": engine.name},
        "enhance": straight.report.details(),
        "correct": {
            "dictionaries": dictionary_digest(config.correct),
            "lines_read_again": str(again.count),
        },
        "on_scan": {"rotation": f"{rotation(sheets[0]):.2f}"},
        "look": {"layout model": layout_model.name if layout_model else ""},
    }
    return replace(record, steps=step.done(details)), again


def _read_sheet(
    image: PageImage,
    engine: Engine,
    config: Config,
    layout_model: LayoutModel | None,
    step: "Steps",
) -> tuple[PageRecord, Again]:
    """One page, upright and straight.

    Up to `assemble` coordinates are those of this working image; `on_scan` is the one place where
    they become those of the original scan.
    """
    seen = step("look", layout_model.look, image.pixels) if layout_model else ()
    found = step("detect", detect, image, engine, config.detect, seen)
    lines = step("recognise", recognise, found.lines, image, engine, config.recognise)
    seen_whole = step("pictures", complete_pictures, replace(found, lines=lines), image)
    page = step("layout", layout, seen_whole, image, config.layout)
    text = step("assemble", assemble, page, config.assemble)
    again = Again(found.lines, lines, image, engine, config.recognise)
    characters = tuple(engine.characters)
    clean = step("correct", correct, text.articles, page, characters, config.correct, again)
    page = step("on_scan", on_scan, page, image.to_scan)
    record = PageRecord(
        page, clean.articles, text.furniture, text.joins, clean.corrections, text.problems
    )
    return record, again


class Steps:
    """Calls the stages and sums up how long each took."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {"newspage": 0.0}

    def __call__(
        self,
        name: str,
        stage: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        start = time.perf_counter()
        result = stage(*args, **kwargs)
        self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - start
        return result

    def done(self, details: Mapping[str, Mapping[str, str]]) -> tuple[ProcessingStep, ...]:
        """The steps so far, with what is to be noted of some of them."""
        return tuple(
            ProcessingStep(name, seconds, details.get(name, {}))
            for name, seconds in self._seconds.items()
        )
