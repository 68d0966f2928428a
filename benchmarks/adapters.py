"""Measures what training gains and forgets, on any folder of transcribed pages.

    python -m benchmarks.adapters FOLDER [--lines 100 0] [--bias-only] [--seeds 0 1]

`FOLDER` holds scans with PAGE, ALTO, truth or text files beside them. Each page is read once by a
network trained on lines of all others: so many of them, 0 for all. Nothing is saved. It prints the
shares of wrong characters in its lines, each strip counted, before and after, those of other print,
and the seconds of processor time that training took.
"""

import argparse
import hashlib
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.synthetic.print_measures import PrintMeasures, measure_print, select_measures
from benchmarks.synthetic.synthetic_lines import make_line_maker
from benchmarks.synthetic.synthetic_texts import KNOWN, TextWriter
from newspage.config import Config, EngineConfig
from newspage.engine.factory import make_engine
from newspage.engine.models import find_networks, load_weights, user_cache
from newspage.engine.onnx_weights import read_weights
from newspage.training.guard_lines import load_guard_lines
from newspage.training.line_texts import LabelCodec
from newspage.training.neck import Neck, NeckNames, Weights
from newspage.training.neck_trainer import BIAS_EPOCHS, EPOCHS, NeckTrainer, TrainingPlan
from newspage.training.page_lines import PageLineReader
from newspage.training.strip_features import FeatureComputer
from newspage.training.training_lines import (
    TrainingLine,
    count_characters,
    gather_lines,
    measure_errors,
    read_strips,
)
from newspage.training.transcribed_lines import list_transcribed_pages


class Bench:
    """A network, the lines of all pages, and lines of other print."""

    def __init__(self, folder: Path) -> None:
        data = load_weights(find_networks(EngineConfig()).recogniser)
        self.names = NeckNames()
        self.base: Weights = read_weights(data)
        engine = make_engine(EngineConfig(), 1)
        self.codec = LabelCodec(engine.characters)
        features = FeatureComputer(data, self.names, 1)
        base, cache = hashlib.sha256(data).hexdigest(), user_cache() / "training" / "lines"
        reader = PageLineReader(engine, features, Config(), base, cache)
        self.neck = Neck(self.base, self.names)
        self.engine, self.features = engine, features
        self.pages: dict[str, list[TrainingLine]] = {}
        self._measures: dict[str, PrintMeasures] = {}
        for page in list_transcribed_pages(folder):
            found = reader.find_lines(page)
            lines = gather_lines(page, found, self.neck, self.codec)[0]
            self.pages[page.name] = lines
            self._measures[page.name] = measure_print(page, found, lines, Config(), engine)
        self.replayed, self.guard = load_guard_lines(features, self.codec)

    def measure(self, lines: Sequence[TrainingLine], neck: Neck) -> float:
        """The share of wrong characters."""
        errors = measure_errors(lines, neck, self.codec).sum()
        return float(errors / count_characters(lines).sum())

    def make_synthetic(
        self, lines: Sequence[TrainingLine], count: int, seed: int, known: bool
    ) -> list[TrainingLine]:
        """Make lines in the style of some others, and with their texts too if these are `known`."""
        if not count:
            return []
        measures = select_measures(self._measures, lines)
        read = read_strips([line.strips[0] for line in lines], self.neck, self.codec)
        texts = [line.text for line in lines]
        share = KNOWN if known else 0.0
        writer = TextWriter(texts, read, self.codec.characters, share)
        parts = (self.engine, self.features, self.codec, measures, writer)
        return make_line_maker(*parts, seed).make_lines(count, seed)

    def train(self, lines: Sequence[TrainingLine], plan: TrainingPlan) -> tuple[Neck, float, int]:
        """A trained neck, the seconds it took, and the passes over the lines."""
        start, passes = time.process_time(), []
        count = max(1, len(lines) // 10)
        trainer = NeckTrainer(self.base, self.names, self.codec, plan)
        best = trainer.train_neck(
            [*lines[count:], *self.replayed], lines[:count], lambda n, *_: passes.append(n)
        )
        neck = Neck({**self.base, **best}, self.names)
        return neck, time.process_time() - start, len(passes)

    def print_fold(self, held: str, most: int, plan: TrainingPlan) -> None:
        """Train without a page, and print how it is read."""
        lines = [line for page, own in self.pages.items() if page != held for line in own]
        order = np.random.default_rng(plan.seed).permutation(len(lines))
        lines = [lines[i] for i in (order[:most] if most else order)]
        neck, seconds, passes = self.train(lines, plan)
        kinds = sorted({line.page for line in self.guard})
        groups = {kind: [line for line in self.guard if line.page == kind] for kind in kinds}
        figures = [
            f"{name} {self.measure(group, self.neck):.2%} -> {self.measure(group, neck):.2%}"
            for name, group in {held: self.pages[held], **groups}.items()
        ]
        form = "bias" if plan.bias_only else "neck"
        about = f"{form}, {len(lines)} lines, seed {plan.seed}, {passes} passes, {seconds:.0f} s"
        print(f"{about}: {'; '.join(figures)}", flush=True)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lines", type=int, nargs="+", default=[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--bias-only", action="store_true")
    args = parser.parse_args()
    bench = Bench(args.folder)
    for most in args.lines:
        for seed in args.seeds:
            for held in bench.pages:
                epochs = BIAS_EPOCHS if args.bias_only else EPOCHS
                bench.print_fold(held, most, TrainingPlan(args.bias_only, seed, epochs))


if __name__ == "__main__":
    main()
