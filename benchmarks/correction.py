"""Measures the correction pass on pages of this project with faults planted into their text.

    python -m benchmarks.correction [--texts press town old] [--pages 2] [--plantings 4] [--seed 1]
                                    [--svg FILE] [--explain] [--keep FOLDER]

Every page is set, printed, aged, and read once clean and once aged by the real engine. Then faults
of every kind are planted into its text, and the text is corrected three times: alone, with the
clean scan, with the aged one. Printed are, for each kind, how many were found, how much of what was
applied and of what was proposed was right, and how far the probabilities hold. `--explain` lists
every fault that was overlooked with a scan and every change that was wrong; `--keep` keeps what was
read, so that the next time costs seconds.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.planted.defects import PLANTERS, Ground, Planting, plant
from benchmarks.planted.diagram import bins, error, svg
from benchmarks.planted.judge import Verdict, found, judge
from benchmarks.planted.pages import SETS
from benchmarks.planted.readings import AGED, CLEAN, Printed, Reading, printed_and_read
from newspage.collation.existing_text import CorrectedText, correct_text, correct_text_with_scan
from newspage.collation.text_files import flatten_page, make_lattice_scorer
from newspage.config import Config
from newspage.correct.detectors.person_names import find_person_names
from newspage.correct.knowledge import Knowledge, load_knowledge
from newspage.correction_evidence import pack_evidence
from newspage.language import load_noisy_channel
from newspage.model import Correction

ALONE = "text alone"
MODES = (ALONE, CLEAN, AGED)
TIMES = 2
"""Faults of each kind in one planting, where there is room."""
AROUND = 12
"""Characters shown on both sides of what is explained."""


@dataclass(slots=True)
class Tally:
    """Counts of one mode."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    verdicts: list[Verdict] = field(default_factory=list)
    seconds: float = 0.0
    remarks: list[str] = field(default_factory=list)

    def precision(self, applied: bool, named: bool | None = None) -> tuple[int, int]:
        """How many were right, of how many."""
        chosen = [
            v for v in self.verdicts if v.applied is applied and (named is None or v.named is named)
        ]
        return sum(v.right for v in chosen), len(chosen)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; the exit code."""
    options = _parser().parse_args(arguments)
    knowledge = load_knowledge(Config().correct)
    tallies = {mode: Tally() for mode in MODES}
    seconds, runs = 0.0, 0
    for page in _pages(options):
        seconds += page.seconds
        for number in range(options.plantings):
            runs += 1
            planting = _planted(page, number, knowledge)
            for mode in MODES:
                measure(planting, page.readings.get(mode), knowledge, tallies[mode], mode)
        print(f"{page.name}: read in {page.seconds:.1f} s", file=sys.stderr)
    print(table(tallies))
    print(
        f"\nseconds a page: reading {seconds * options.plantings / runs:.2f}, correction "
        + ", ".join(f"{mode} {tally.seconds / runs:.2f}" for mode, tally in tallies.items())
    )
    print(reliability(tallies, options.svg))
    if options.explain:
        print("\n".join(line for mode in MODES for line in tallies[mode].remarks))
    return 0


def _pages(options: argparse.Namespace) -> Iterator[Printed]:
    for name in options.texts:
        for seed in range(options.seed, options.seed + options.pages):
            yield printed_and_read(name, seed, options.keep)


def _planted(page: Printed, number: int, knowledge: Knowledge) -> Planting:
    rng = np.random.default_rng((int(page.name.rpartition("-")[2]), number))
    ground = Ground(page.text, rng, knowledge.dictionaries, knowledge.language)
    return plant(page.text, PLANTERS, TIMES, ground)


def measure(
    planting: Planting, reading: Reading | None, knowledge: Knowledge, tally: Tally, mode: str
) -> None:
    """Correct an old text in one way and count."""
    start = time.perf_counter()
    done = _corrected(planting.old, reading, knowledge)
    tally.seconds += time.perf_counter() - start
    known = sorted(find_person_names(planting.true, knowledge.language)) + [
        planting.true[m.start : m.end]
        for m in knowledge.dictionaries.index.find_exact(planting.true)
        if knowledge.dictionaries.phrases[m.entry].kind in ("institutions", "places", "names")
    ]
    verdicts = list(judge(planting, done.corrections, known))
    tally.verdicts += verdicts
    hits = found(planting, done.corrections)
    for fault, hit in zip(planting.faults, hits, strict=True):
        tally.planted[fault.kind] += 1
        tally.found[fault.kind] += hit
    tally.remarks += _wrong(planting, verdicts, mode)
    if reading is not None:
        tally.remarks += _overlooked(planting, hits, mode)


def _corrected(old: str, reading: Reading | None, knowledge: Knowledge) -> CorrectedText:
    if reading is None:
        channel = load_noisy_channel(knowledge.config)
        return correct_text(old, knowledge, channel=channel)
    witness = make_lattice_scorer(reading.record.page, reading.characters, reading.reread)
    return correct_text_with_scan(old, flatten_page(reading.record), witness, knowledge)


def _wrong(planting: Planting, verdicts: Sequence[Verdict], mode: str) -> Iterator[str]:
    """What was applied or proposed and does not bring the text nearer to the truth."""
    for v in verdicts:
        if not v.right:
            c = v.correction
            yield (
                f"{mode}: wrongly {c.status.value} {c.rule} {_shown(planting.old, c.span)}"
                f" -> {c.proposed!r} {c.confidence:.2f} {_evidence(c)}"
            )


def _overlooked(planting: Planting, hits: Sequence[bool], mode: str) -> Iterator[str]:
    """The faults nothing was said of."""
    for fault, span, hit in zip(planting.faults, planting.spans, hits, strict=True):
        if not hit:
            true = planting.true[fault.start : fault.end]
            yield f"{mode}: overlooked {fault.kind} {_shown(planting.old, span)}, truth {true!r}"


def _shown(text: str, span: tuple[int, int]) -> str:
    start, end = span
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return f"{before}[{text[start:end]}]{after}".replace("\n", "¶")


def _evidence(correction: Correction) -> Mapping[str, float | str]:
    return {
        k: v for k, v in pack_evidence(correction.evidence).items() if k not in ("source", "twin")
    }


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.correction", description=__doc__)
    parser.add_argument("--texts", nargs="+", choices=SETS, default=SETS, help="which stories")
    parser.add_argument("--pages", type=int, default=2, help="pages set and read of each set")
    parser.add_argument("--plantings", type=int, default=4, help="texts planted for each page")
    parser.add_argument("--seed", type=int, default=1, help="of the first page")
    parser.add_argument("--svg", type=Path, help="where the reliability diagram goes")
    parser.add_argument("--explain", action="store_true", help="list what was wrong or overlooked")
    parser.add_argument("--keep", type=Path, help="folder in which what was read is kept")
    return parser


if __name__ == "__main__":
    sys.exit(main())
