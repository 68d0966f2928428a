"""Measures the correction pass on pages of this project with faults planted into their text.

    python -m benchmarks.correction [--pages 3] [--plantings 4] [--seed 1] [--svg FILE]

Every page is set, printed, aged, and read once clean and once aged by the real engine. Then faults
of every kind are planted into its text, and the text is corrected three times: alone, with the
clean scan, with the aged one. Printed are, for each kind, how many were found, and how much of
what was applied and of what was proposed was right.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.planted.defects import PLANTERS, Ground, Planting, plant
from benchmarks.planted.diagram import bins, error, svg
from benchmarks.planted.judge import Verdict, found, judge
from benchmarks.planted.pages import printed, text_of
from pipeline.config import Config
from pipeline.correct.ctc import alphabet
from pipeline.correct.detectors.names import names
from pipeline.correct.evidence import Witness
from pipeline.correct.knowledge import Knowledge, knowledge_of
from pipeline.correct.old_text import correct_text, correct_text_with_scan
from pipeline.correct.text import Text
from pipeline.engine import Engine
from pipeline.engine.factory import make_engine
from pipeline.model import GrayImage, PageImage, Scan, Status, TextLine
from pipeline.run.old_text import page_text
from pipeline.run.page import read_page

ALONE, CLEAN, AGED = "text alone", "clean scan", "aged scan"
MODES = (ALONE, CLEAN, AGED)
TIMES = 2
"""Faults of each kind in one planting, where there is room."""


@dataclass(slots=True)
class Tally:
    """Counts of one mode."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    verdicts: list[Verdict] = field(default_factory=list)
    seconds: float = 0.0

    def precision(self, applied: bool, named: bool | None = None) -> tuple[int, int]:
        """How many were right, of how many."""
        chosen = [
            v for v in self.verdicts if v.applied is applied and (named is None or v.named is named)
        ]
        return sum(v.right for v in chosen), len(chosen)


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as it was read."""

    text: Text
    witness: Witness
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; the exit code."""
    options = _parser().parse_args(arguments)
    config = Config()
    knowledge = knowledge_of(config.correct)
    engine = make_engine(config.engine)
    tallies = {mode: Tally() for mode in MODES}
    reading_seconds = 0.0
    for seed in range(options.seed, options.seed + options.pages):
        clean, aged, truth = printed(seed)
        readings = {CLEAN: read(clean, engine), AGED: read(aged, engine)}
        reading_seconds += sum(r.seconds for r in readings.values()) / 2
        text = text_of(truth)
        for number in range(options.plantings):
            rng = np.random.default_rng((seed, number))
            ground = Ground(text, rng, knowledge.dictionaries, knowledge.language)
            planting = plant(text, PLANTERS, TIMES, ground)
            for mode in MODES:
                measure(planting, readings.get(mode), knowledge, tallies[mode])
        print(f"page {seed}: read in {readings[CLEAN].seconds:.1f} s", file=sys.stderr)
    runs = options.pages * options.plantings
    print(table(tallies))
    print(
        f"\nseconds a page: reading {reading_seconds / options.pages:.2f}, correction "
        + ", ".join(f"{mode} {tally.seconds / runs:.2f}" for mode, tally in tallies.items())
    )
    print(reliability(tallies, options.svg))
    return 0


def read(pixels: GrayImage, engine: Engine) -> Reading:
    """A page through the whole pipeline, uncorrected."""
    from dataclasses import replace

    config = Config()
    config = replace(config, correct=replace(config.correct, apply="none"))
    scan = Scan(Path("page.png"), "", pixels.shape[1], pixels.shape[0])
    start = time.perf_counter()
    record = read_page(PageImage(scan, pixels), engine, config)
    seconds = time.perf_counter() - start
    lines: dict[str, TextLine] = {
        line.id: line for region in record.page.regions for line in region.lines
    }
    return Reading(page_text(record), Witness(lines, alphabet(engine.characters)), seconds)


def measure(
    planting: Planting, reading: Reading | None, knowledge: Knowledge, tally: Tally
) -> None:
    """Correct an old text in one way and count."""
    start = time.perf_counter()
    if reading is None:
        done = correct_text(planting.old, knowledge)
    else:
        done = correct_text_with_scan(planting.old, reading.text, reading.witness, knowledge)
    tally.seconds += time.perf_counter() - start
    known = sorted(names(planting.true, knowledge.language)) + [
        planting.true[m.start : m.end]
        for m in knowledge.dictionaries.index.exact(planting.true)
        if knowledge.dictionaries.phrases[m.entry].kind in ("institutions", "places", "names")
    ]
    tally.verdicts += judge(planting, done.corrections, known)
    hits = found(planting, done.corrections)
    for fault, hit in zip(planting.faults, hits, strict=True):
        tally.planted[fault.kind] += 1
        tally.found[fault.kind] += hit


def table(tallies: dict[str, Tally]) -> str:
    """Recall by kind, precision overall, as Markdown."""
    lines = [
        "| fault | planted | " + " | ".join(f"found, {m}" for m in tallies) + " |",
        "|---|---|" + "---|" * len(tallies),
    ]
    for kind in PLANTERS:
        planted = tallies[ALONE].planted[kind]
        cells = (f"{t.found[kind] / max(1, planted):.0%}" for t in tallies.values())
        lines.append(f"| {kind} | {planted} | " + " | ".join(cells) + " |")
    for title, applied, named in (
        ("applied: right", True, None),
        ("proposed: right", False, None),
        ("applied at proper names: right", True, True),
        ("proposed at proper names: right", False, True),
    ):
        cells = (_share(*t.precision(applied, named)) for t in tallies.values())
        lines.append(f"| *{title}* | | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _share(right: int, total: int) -> str:
    return f"{right / total:.1%} ({right}/{total})" if total else "–"


def reliability(tallies: dict[str, Tally], path: Path | None) -> str:
    """How well the probabilities fit, and the diagram of it."""
    series = {
        mode: bins([(v.correction.confidence, v.right) for v in tally.verdicts])
        for mode, tally in tallies.items()
    }
    if path is not None:
        path.write_text(svg(series), encoding="utf-8")
    lines = []
    for mode, made in series.items():
        cells = "; ".join(f"{b.said:.2f}→{b.right:.2f} (n={b.count})" for b in made)
        lines.append(f"{mode}: calibration error {error(made):.3f}; said→right {cells}")
    return "\n".join(lines)


def wrong(tallies: dict[str, Tally]) -> list[str]:
    """What was applied and made things worse, for whoever wants to know why."""
    return [
        f"{mode}: {v.correction.rule} {v.correction.original!r} -> {v.correction.proposed!r}"
        for mode, tally in tallies.items()
        for v in tally.verdicts
        if v.correction.status is Status.APPLIED and not v.right
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.correction", description=__doc__)
    parser.add_argument("--pages", type=int, default=3, help="pages set and read")
    parser.add_argument("--plantings", type=int, default=4, help="texts planted for each page")
    parser.add_argument("--seed", type=int, default=1, help="of the first page")
    parser.add_argument("--svg", type=Path, help="where the reliability diagram goes")
    return parser


if __name__ == "__main__":
    sys.exit(main())
