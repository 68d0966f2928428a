"""The stages of one page, in one straight line."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ParamSpec, TypeVar

from newspage.assemble import assemble_articles
from newspage.config import Config
from newspage.correct import propose_corrections
from newspage.detect import complete_pictures, detect_lines
from newspage.edits import derive_page
from newspage.engine import Engine, LayoutModel, LightReader, make_light_reader
from newspage.enhance import enhance_page, split_fold
from newspage.layout import arrange_page
from newspage.model import (
    ADAPTER_STEP,
    Detection,
    PageImage,
    PageReading,
    PageRecord,
    ProcessingStep,
    TextLine,
)
from newspage.page.adapter_choice import choose_recogniser
from newspage.page.facing_pages import join_facing_pages, list_prefixes
from newspage.page.rereading import LineRereader, ScanRereader
from newspage.page.scan_coordinates import map_to_scan, measure_rotation
from newspage.page.weighing import describe_correction, gather_lattices
from newspage.recognise import recognise_lines
from newspage.version import __version__

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def read_page(
    image: PageImage, engine: Engine, config: Config, layout_model: LayoutModel | None = None
) -> PageRecord:
    """Return the record of a scan; two facing pages in it are read one after the other.

    A layout model is one more witness; without it the record is the same but for what it decided.
    """
    return read_page_rereadable(image, engine, config, layout_model)[0]


def read_page_rereadable(
    image: PageImage, engine: Engine, config: Config, layout_model: LayoutModel | None = None
) -> tuple[PageRecord, ScanRereader]:
    """Return the record of a scan, and a way to read its lines again.

    Args:
        image: The scan as it was loaded, upright as its tags say.
        engine: Finds and reads lines.
        config: Settings of all stages.
        layout_model: Predicts areas of the page; None to go without.
    """
    step = StepTimer()
    straight = step("enhance", enhance_page, image, config.enhance, engine)
    sheets = step("split_fold", split_fold, straight.image, config.enhance)
    found = [_find_lines(sheet, engine, config, layout_model, step) for sheet in sheets]
    decided: Mapping[str, str] = {}
    if adapter := config.recognise.adapter:
        engine, decided = step(ADAPTER_STEP, choose_recogniser, engine, adapter, found, sheets)
    light = _choose_light_reader(engine, config)
    read = [
        _read_sheet(sheet, lines, engine, config, step, light)
        for sheet, lines in zip(sheets, found, strict=True)
    ]
    halves = [half for half, _ in read]
    record = join_facing_pages(halves, config.detect.direction)
    again = ScanRereader(tuple(a for _, a in read), list_prefixes(halves, config.detect.direction))
    details = {
        "newspage": {"version": __version__, "engine": engine.name},
        "enhance": straight.report.list_details(),
        "correct": describe_correction(config.correct, again.count),
        "on_scan": {"rotation": f"{measure_rotation(sheets[0]):.2f}"},
        "look": {"layout model": layout_model.name if layout_model else ""},
        ADAPTER_STEP: decided,
        "recognise": _describe_reading(light, [half.page.lines for half in halves]),
    }
    return replace(record, steps=step.list_steps(details)), again


def _choose_light_reader(engine: Engine, config: Config) -> LightReader | None:
    """Return the reader at first sight; None where all is read in full, as with an adapter.

    Raises MissingDependencyError and ConfigError.
    """
    if config.recognise.quality == "best" or config.recognise.adapter:
        return None
    return make_light_reader(engine)


def _describe_reading(
    light: LightReader | None, sheets: Sequence[Sequence[TextLine]]
) -> Mapping[str, str]:
    """Return what the record says of the networks that read the lines of each sheet."""
    if light is None:
        return {}
    lines = [line for sheet in sheets for line in sheet]
    lightly = sum(line.read_lightly for line in lines)
    return {"light network": light.network, "lines read lightly": f"{lightly} of {len(lines)}"}


def _find_lines(
    image: PageImage,
    engine: Engine,
    config: Config,
    layout_model: LayoutModel | None,
    step: "StepTimer",
) -> Detection:
    """Return what is found on one upright and straight page before any of it is read."""
    seen = step("look", layout_model.predict_areas, image.pixels) if layout_model else ()
    return step("detect", detect_lines, image, engine, config.detect, seen)


def _read_sheet(
    image: PageImage,
    found: Detection,
    engine: Engine,
    config: Config,
    step: "StepTimer",
    light: LightReader | None,
) -> tuple[PageRecord, LineRereader]:
    """Return the record of one upright and straight page, and a way to read its lines again.

    Up to `assemble_articles` coordinates are those of this working image; `map_to_scan` is the one
    place where they become those of the original scan.
    """
    lines = step("recognise", recognise_lines, found.lines, image, engine, config.recognise, light)
    seen_whole = step("pictures", complete_pictures, replace(found, lines=lines), image)
    page = step("layout", arrange_page, seen_whole, image, config.layout)
    text = step("assemble", assemble_articles, page, config.assemble)
    again = LineRereader(found.lines, lines, image, engine, config.recognise)
    characters = tuple(engine.characters)
    corrections = step(
        "correct", propose_corrections, text.articles, page, characters, config.correct, again
    )
    lattices = gather_lattices(page, characters, again.answers)
    page = step("on_scan", map_to_scan, page, image.to_scan)
    reading = PageReading(page, text.articles, text.furniture, text.joins, corrections, lattices)
    return derive_page(reading, text.problems), again


class StepTimer:
    """A caller of stages that sums up how long each took, in seconds."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {"newspage": 0.0}

    def __call__(
        self,
        name: str,
        stage: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Return the result of a stage, its time added to the step of that name."""
        start = time.perf_counter()
        result = stage(*args, **kwargs)
        self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - start
        return result

    def list_steps(self, details: Mapping[str, Mapping[str, str]]) -> tuple[ProcessingStep, ...]:
        """Return the steps so far, with the details that are given for some of them."""
        return tuple(
            ProcessingStep(name, seconds, details.get(name, {}))
            for name, seconds in self._seconds.items()
        )
