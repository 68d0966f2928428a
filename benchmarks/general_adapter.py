"""Measures what a network learns of old vertical print in general, without any page of a paper.

    python -m benchmarks.general_adapter FOLDER [--lines 420] [--seed 11] [--bias-only]

Lines are set in all kinds of type, in sizes and with wears drawn at random, with words of the word
list; those of which the network reads more than `UNREADABLE` wrong are left out. It learns from
them as `newspage train` does. `FOLDER` holds transcribed pages, none of which is learnt from: they
and the lines of other print are read before and after, for shares of what was learnt.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.adapters import Bench
from benchmarks.synthetic.ink_wear import draw_wear
from benchmarks.synthetic.synthetic_lines import LineMaker, LineStyle
from benchmarks.synthetic.synthetic_texts import TextWriter
from benchmarks.synthetic.type_fonts import TypeFont, draw_font, find_type_fonts
from benchmarks.synthetic.type_setting import TypeSize
from newspage.training.adapter_training import SHARES
from newspage.training.neck import Neck
from newspage.training.neck_trainer import BIAS_EPOCHS, EPOCHS, NeckTrainer, TrainingPlan
from newspage.training.significance import compare_errors
from newspage.training.training_lines import TrainingLine, count_characters, measure_errors

STYLES = 150
"""Ways of setting and wearing lines that are drawn."""
UNREADABLE = 0.4
"""Share of wrong characters above which a line is left out: it teaches to guess. Judgement."""
MARKED = "字" * 20 + "、，。"
"""Says which marks are set, and how often."""


def draw_style(random: np.random.Generator, fonts: Sequence[TypeFont]) -> LineStyle:
    """A way of setting and wearing lines, any being as likely as any other."""
    width = float(random.uniform(20, 36))
    pitch = width * float(random.uniform(0.9, 1.15))
    across, gap = width * float(random.uniform(1.0, 1.4)), width * float(random.uniform(1.15, 1.8))
    length = int(random.integers(6, 22))
    size = TypeSize(across, width, pitch, gap)
    return LineStyle(size, length, draw_wear(random), draw_font(fonts, random))


def make_general_lines(bench: Bench, count: int, seed: int) -> list[TrainingLine]:
    """Lines in all kinds of type, those that the network can read."""
    random, fonts = np.random.default_rng(seed), find_type_fonts()
    styles = [draw_style(random, fonts) for _ in range(STYLES)]
    writer = TextWriter([MARKED], [MARKED], bench.codec.characters, 0.0)
    maker = LineMaker(bench.engine, bench.features, bench.codec, styles, True, writer)
    lines = maker.make_lines(count, seed)
    wrong = measure_errors(lines, bench.neck, bench.codec) / count_characters(lines)
    return [line for line, share in zip(lines, wrong, strict=True) if share <= UNREADABLE]


def print_share(bench: Bench, groups: dict[str, list[TrainingLine]], neck: Neck) -> None:
    """Print how groups of lines are read before and after."""
    for name, lines in groups.items():
        before, after = (measure_errors(lines, n, bench.codec) for n in (bench.neck, neck))
        found = compare_errors(before, after, count_characters(lines))
        print(
            f"  {name}: {found.before:.2%} -> {found.after:.2%}, better in {found.better:.0%}"
            f" of draws, worse in {found.worse:.0%}",
            flush=True,
        )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lines", type=int, default=420)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--bias-only", action="store_true")
    args = parser.parse_args()
    bench = Bench(args.folder)
    lines = make_general_lines(bench, args.lines, args.seed)
    watched, learnt = lines[: len(lines) // 10], lines[len(lines) // 10 :]
    plan = TrainingPlan(args.bias_only, 0, BIAS_EPOCHS if args.bias_only else EPOCHS)
    trainer = NeckTrainer(bench.base, bench.names, bench.codec, plan)
    tuned = trainer.train_neck([*learnt, *bench.replayed], watched, lambda *_: None)
    kinds = sorted({line.page for line in bench.guard})
    guards = {kind: [line for line in bench.guard if line.page == kind] for kind in kinds}
    for share in SHARES:
        changed = {n: bench.base[n] + share * (w - bench.base[n]) for n, w in tuned.items()}
        print(f"{len(learnt)} lines, {share:.0%} of what was learnt")
        print_share(bench, {**bench.pages, **guards}, Neck({**bench.base, **changed}, bench.names))


if __name__ == "__main__":
    main()
