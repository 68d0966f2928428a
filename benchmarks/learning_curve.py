"""Measures how many lines of a paper buy how much: real ones, synthetic ones, and both.

    python -m benchmarks.learning_curve FOLDER ROWS [--lines 16 64 256 0] [--synthetic 0]
        [--seeds 0 1] [--held NAME] [--without-real]

`FOLDER` holds scans with PAGE, ALTO, truth or text files beside them. Each page is read once by a
network trained on so many lines of all others (0: all) and so many synthetic lines in the style of
those, as `newspage train` trains it; `--without-real` learns from the synthetic ones alone. A row
for each training is added to the file `ROWS` (JSON lines); trainings that have one are left out, so
that an interrupted measurement goes on. Smaller sets of lines of a seed are parts of larger ones.
"""

import argparse
import json
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from benchmarks.adapters import Bench
from newspage.chinese import is_han, map_standard_forms
from newspage.training.adapter_training import SHARES, SURE, WATCHED
from newspage.training.neck import Neck, Weights
from newspage.training.neck_trainer import EPOCHS, NeckTrainer, TrainingPlan
from newspage.training.significance import compare_errors
from newspage.training.training_lines import (
    TrainingLine,
    count_characters,
    measure_errors,
    measure_loss,
    read_strips,
)

FEWEST_WATCHED = 2
"""Lines that are watched at least: of the sixteen lines of the smallest set two."""


class Curve:
    """Trainings on parts of the lines of a folder."""

    def __init__(self, bench: Bench) -> None:
        """Take the lines of a folder."""
        self._bench = bench
        kinds = sorted({line.page for line in bench.guard})
        self._guards = {kind: [g for g in bench.guard if g.page == kind] for kind in kinds}
        self._before: dict[str, NDArray[np.float64]] = {}

    def measure_point(
        self,
        held: str,
        lines: Sequence[TrainingLine],
        synthetic: Sequence[TrainingLine],
        seed: int,
    ) -> dict[str, object]:
        """Train on some lines and return what is read wrong of a page held back, and elsewhere."""
        start, bench = time.process_time(), self._bench
        count = max(FEWEST_WATCHED, round(WATCHED * len(lines))) if lines else 0
        watched, learnt = list(lines[:count]), list(lines[count:])
        if not watched:
            count = round(WATCHED * len(synthetic))
            watched, synthetic = list(synthetic[:count]), synthetic[count:]
        watched = watched or bench.replayed[::10]
        passes: list[int] = []
        trainer = NeckTrainer(
            bench.base, bench.names, bench.codec, TrainingPlan(False, seed, EPOCHS)
        )
        tuned = trainer.train_neck(
            [*learnt, *synthetic, *bench.replayed], watched, lambda n, *_: passes.append(n)
        )
        share, neck = self._choose_share(tuned, watched)
        # Of the names of kinds of print none is that of a page.
        groups = {held: bench.pages[held], **self._guards}
        after = {name: self._share_wrong(group, neck) for name, group in groups.items()}
        before = {
            name: round(float(self._count_before(name, g).sum() / count_characters(g).sum()), 5)
            for name, g in groups.items()
        }
        seconds = time.process_time() - start
        return {
            "passes": len(passes),
            "seconds": round(seconds),
            "share": share,
            "after": after,
            "before": before,
            "ideographs": self._measure_ideographs(bench.pages[held], neck),
        }

    def _measure_ideographs(self, lines: Sequence[TrainingLine], neck: Neck) -> float:
        """Return the share of wrong ideographs, all forms of one being the same.

        What is learnt of marks and of the forms that a paper has does not count.
        """
        wrong = total = 0
        for end in (0, -1):
            read = read_strips([line.strips[end] for line in lines], neck, self._bench.codec)
            for seen, line in zip(read, lines, strict=True):
                wrong += Levenshtein.distance(*map(_keep_ideographs, (seen, line.text)))
                total += len(_keep_ideographs(line.text))
        return round(wrong / total, 5)

    def _choose_share(self, tuned: Weights, watched: Sequence[TrainingLine]) -> tuple[float, Neck]:
        """Return how much of a training is kept, as `newspage train` chooses it."""
        necks = {share: self._take_back(tuned, share) for share in SHARES}
        ranked = sorted(SHARES, key=lambda share: measure_loss(watched, necks[share]))
        for share in ranked:
            if not any(self._forgets(kind, necks[share]) for kind in self._guards):
                return share, necks[share]
        return SHARES[-1], necks[SHARES[-1]]

    def _take_back(self, tuned: Weights, share: float) -> Neck:
        """Return a neck with a share of what was learnt."""
        base = self._bench.base
        changed = {name: base[name] + share * (w - base[name]) for name, w in tuned.items()}
        return Neck({**base, **changed}, self._bench.names)

    def _forgets(self, kind: str, neck: Neck) -> bool:
        """Tell whether other print is read worse by more than chance."""
        lines = self._guards[kind]
        after = measure_errors(lines, neck, self._bench.codec)
        before = self._count_before(kind, lines)
        return compare_errors(before, after, count_characters(lines)).worse >= SURE

    def _count_before(self, name: str, lines: Sequence[TrainingLine]) -> NDArray[np.float64]:
        """Return the wrong characters of the lines of a name as the network reads them."""
        if name not in self._before:
            self._before[name] = measure_errors(lines, self._bench.neck, self._bench.codec)
        return self._before[name]

    def _share_wrong(self, lines: Sequence[TrainingLine], neck: Neck) -> float:
        """Return the share of wrong characters."""
        return round(self._bench.measure(lines, neck), 5)


def _keep_ideographs(text: str) -> str:
    """Return the ideographs of a text, each in the form that stands for all of its forms."""
    return "".join(filter(is_han, text)).translate(map_standard_forms())


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--lines", type=int, nargs="+", default=[16, 64, 256, 0])
    parser.add_argument("--synthetic", type=int, nargs="+", default=[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--without-real", action="store_true")
    parser.add_argument("--held", nargs="+", default=[])
    args = parser.parse_args()
    bench = Bench(args.folder)
    curve = Curve(bench)
    points = product(args.seeds, args.synthetic, args.lines, args.held or bench.pages)
    for seed, made, most, held in points:
        real = not args.without_real
        point = {"held": held, "lines": most, "real": real, "synthetic": made, "seed": seed}
        rows = args.rows.read_text("utf-8").splitlines() if args.rows.exists() else []
        if any(point.items() <= json.loads(row).items() for row in rows):
            continue
        lines = [line for page, own in bench.pages.items() if page != held for line in own]
        order = np.random.default_rng(seed).permutation(len(lines))
        chosen = [lines[i] for i in (order[:most] if most else order)]
        synthetic = bench.make_synthetic(chosen, made, seed, real)
        row = point | curve.measure_point(held, chosen if real else [], synthetic, seed)
        with args.rows.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
