"""One page, one straight line."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ParamSpec, TypeVar

from pipeline import __version__
from pipeline.assemble import assemble
from pipeline.config import Config
from pipeline.detect import detect
from pipeline.engine import Engine
from pipeline.enhance import enhance
from pipeline.layout import layout
from pipeline.model import Correction, PageImage, PageRecord, ProcessingStep
from pipeline.recognise import recognise
from pipeline.run.on_scan import on_scan, rotation

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def read_page(image: PageImage, engine: Engine, config: Config) -> PageRecord:
    """Everything that can be known of a page.

    Up to `assemble` coordinates are those of the straightened working image; `on_scan` is the one
    place where they become those of the original scan.
    """
    step = _Steps({"version": __version__, "engine": engine.name})

    image = step("enhance", enhance, image, config.enhance)
    found = step("detect", detect, image, engine, config.detect)
    lines = step("recognise", recognise, found.lines, image, engine, config.recognise)
    page = step("layout", layout, replace(found, lines=lines), image, config.layout)
    text = step("assemble", assemble, page, config.assemble)
    # What changes the clean text belongs here: lattices and working image are still at hand.
    corrections: tuple[Correction, ...] = ()
    page = step("on_scan", on_scan, page, image.to_scan)

    return PageRecord(
        page=page,
        articles=text.articles,
        furniture=text.furniture,
        joins=text.joins,
        corrections=corrections,
        problems=text.problems,
        steps=step.done({"on_scan": {"rotation": f"{rotation(image):.2f}"}}),
    )


class _Steps:
    """Calls the stages one by one and notes how long each took."""

    def __init__(self, details: Mapping[str, str]) -> None:
        self._steps = [ProcessingStep("newspage", 0.0, details)]

    def __call__(
        self,
        name: str,
        stage: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        start = time.perf_counter()
        result = stage(*args, **kwargs)
        self._steps.append(ProcessingStep(name, time.perf_counter() - start))
        return result

    def done(self, details: Mapping[str, Mapping[str, str]]) -> tuple[ProcessingStep, ...]:
        """The steps so far, with what is to be noted of some of them."""
        return tuple(replace(s, details=details.get(s.name, s.details)) for s in self._steps)
