"""Trains an adapter for a paper, and measures whether it deserves to be saved.

Whole pages are held back: the adapter must read them better than the network that it was trained
from, by more than chance. Lines of other print must not be read worse by more than chance. The
weights are taken back part of the way toward the network's (Wortsman et al., Robust Fine-Tuning of
Zero-Shot Models, CVPR 2022): as far as lines of the paper that were not learnt from ask for, and as
other print does.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newspage.config import Config
from newspage.engine import (
    OUTLIERS,
    Adapter,
    find_networks,
    find_wide_layers,
    load_weights,
    make_engine,
    read_network,
    read_weights,
)
from newspage.errors import ConfigError, InputError
from newspage.training.guard_lines import load_guard_lines
from newspage.training.known_lines import KnownPage
from newspage.training.line_texts import LabelCodec
from newspage.training.neck import Neck, NeckNames, Weights
from newspage.training.neck_layers import Array
from newspage.training.neck_trainer import NeckTrainer, Report, TrainingPlan
from newspage.training.page_lines import PageLineReader
from newspage.training.significance import PairedComparison, compare_errors
from newspage.training.strip_features import FeatureComputer
from newspage.training.training_lines import (
    TrainingLine,
    count_characters,
    gather_lines,
    make_batches,
    measure_errors,
    measure_loss,
)

SHARES = (1.0, 0.75, 0.5, 0.25)
"""Shares of what was learnt that are tried."""
SURE = 0.95
"""Share of the draws of a bootstrap from which a difference is taken for more than chance."""
HELD_BACK = 0.2
"""Share of the pages that are held back, at least one."""
WATCHED = 0.1
"""Share of the other lines by which it is known when to end."""
FEWEST = 40
"""Lines below which nothing is trained, and held back lines below which nothing is measured.
Judgement: differences of some points are chance in so few."""


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """What is to be trained, and from what."""

    paper: str
    pages: Sequence[KnownPage]
    config: Config
    cache: Path
    """Folder for what can be computed again."""
    held_back: tuple[str, ...] = ()
    """Patterns of names of pages to be held back; empty: chosen by the seed."""
    plan: TrainingPlan = field(default_factory=TrainingPlan)
    threads: int = 0


@dataclass(frozen=True, slots=True)
class TrainingListener:
    """Told how a training goes."""

    on_page: Callable[[str, int, int], None]
    """Name of a page, lines known of it, and lines found on it whose text is known."""
    on_pass: Report


@dataclass(frozen=True, slots=True)
class TrainingOutcome:
    """What came of a training."""

    adapter: Adapter
    share: float
    """Share of what was learnt that the adapter keeps."""
    held_back: PairedComparison
    guards: Mapping[str, PairedComparison]
    """Of each kind of other print."""
    lines: int
    """Lines that were learnt from."""
    unwritable: int
    """Lines that were left out, as the network has no class for one of their characters."""

    @property
    def gains(self) -> bool:
        """Tell whether the pages that were held back are read better by more than chance."""
        return self.held_back.better >= SURE

    @property
    def forgotten(self) -> tuple[str, ...]:
        """Return the kinds of other print that are read worse by more than chance."""
        return tuple(kind for kind, found in self.guards.items() if found.worse >= SURE)


class AdapterTraining:
    """One training: the network, its lines and what they are split into."""

    def __init__(self, request: TrainingRequest) -> None:
        """Load the network. Raises MissingDependencyError, ConfigError for one of another kind."""
        self._request = request
        network = find_networks(request.config.engine).recogniser
        self._data = load_weights(network)
        self._names = NeckNames()
        self._base = _require_neck(self._data, self._names)
        self._digest = hashlib.sha256(self._data).hexdigest()
        self._engine = make_engine(request.config.engine, request.threads)
        self._alphabet = LabelCodec(self._engine.characters)
        self._features = FeatureComputer(self._data, self._names, request.threads)
        self._neck = Neck(self._base, self._names)

    def train_adapter(self, listener: TrainingListener) -> TrainingOutcome:
        """Train an adapter and measure it; whether it is to be saved is for the caller to see.

        Raises InputError where too little is known, or a scan cannot be read.
        """
        by_page, unwritable = self._gather(listener)
        held = self._choose_held_back(by_page)
        lines = [line for page, own in by_page.items() if page not in held for line in own]
        back = [line for page in held for line in by_page[page]]
        if len(lines) < FEWEST or len(back) < FEWEST:
            raise InputError(
                "training-lines-too-few", lines=len(lines), held=len(back), fewest=FEWEST
            )
        replayed, guard = load_guard_lines(self._features, self._alphabet)
        order = np.random.default_rng(self._request.plan.seed).permutation(len(lines))
        count = max(1, round(WATCHED * len(lines)))
        watched = [lines[i] for i in order[:count]]
        learnt = [lines[i] for i in order[count:]]
        trainer = NeckTrainer(self._base, self._names, self._alphabet, self._request.plan)
        tuned = trainer.train_neck([*learnt, *replayed], watched, listener.on_pass)
        share, guards = self._limit_forgetting(tuned, watched, guard)
        deltas = self._deltas(tuned, share)
        adapted = self._adapted(deltas)
        compared = self._compare(back, adapted)
        facts: dict[str, str | int | float] = {
            "form": "bias" if self._request.plan.bias_only else "neck",
            "lines": len(learnt),
            "pages": len(by_page) - len(held),
            "held back": ", ".join(sorted(held))[:500],
            "held back before": round(compared.before, 4),
            "held back after": round(compared.after, 4),
            **{f"{kind} before": round(g.before, 4) for kind, g in guards.items()},
            **{f"{kind} after": round(g.after, 4) for kind, g in guards.items()},
            "share kept": share,
            "seed": self._request.plan.seed,
        }
        ranges = self._measure_ranges([*learnt, *back, *guard], adapted)
        adapter = Adapter(self._digest, self._request.paper, deltas, facts, ranges)
        return TrainingOutcome(adapter, share, compared, guards, len(learnt), unwritable)

    def _gather(self, listener: TrainingListener) -> tuple[dict[str, list[TrainingLine]], int]:
        """Return the lines of each page, and how many were left out."""
        reader = PageLineReader(
            self._engine,
            self._features,
            self._request.config,
            self._digest,
            self._request.cache / "lines",
        )
        found: dict[str, list[TrainingLine]] = {}
        left_out = 0
        for page in self._request.pages:
            lines, unwritable = gather_lines(
                page, reader.find_lines(page), self._neck, self._alphabet
            )
            left_out += unwritable
            listener.on_page(page.name, len(page.lines), len(lines))
            if lines:
                found[page.name] = lines
        return found, left_out

    def _choose_held_back(self, by_page: Mapping[str, Sequence[TrainingLine]]) -> list[str]:
        """Return the names of the pages that are held back. Raises InputError without two pages."""
        names = sorted(by_page)
        patterns = self._request.held_back
        held = [n for n in names if any(fnmatchcase(n, pattern) for pattern in patterns)]
        if not patterns and len(names) > 1:
            order = np.random.default_rng(self._request.plan.seed).permutation(len(names))
            held = [names[i] for i in order[: max(1, round(HELD_BACK * len(names)))]]
        if not held or len(held) == len(names):
            raise InputError("training-pages-too-few", pages=len(names), held=len(held))
        return held

    def _limit_forgetting(
        self, tuned: Weights, watched: Sequence[TrainingLine], guard: Sequence[TrainingLine]
    ) -> tuple[float, dict[str, PairedComparison]]:
        """Return the share of the change of weights to keep, and the figures of other print.

        Of the shares with which no other print is read worse it is the one with the lowest loss of
        the watched (validation) lines; where there is none such, the smallest share.
        """
        kinds = sorted({line.page for line in guard})
        own = {kind: [line for line in guard if line.page == kind] for kind in kinds}
        necks = {share: self._adapted(self._deltas(tuned, share)) for share in SHARES}
        for share in sorted(SHARES, key=lambda share: measure_loss(watched, necks[share])):
            found = {kind: self._compare(own[kind], necks[share]) for kind in kinds}
            if all(g.worse < SURE for g in found.values()):
                return share, found
        least = SHARES[-1]
        return least, {kind: self._compare(own[kind], necks[least]) for kind in kinds}

    def _deltas(self, tuned: Weights, share: float) -> dict[str, NDArray[np.float16]]:
        """Return what a share of the training adds to the weights, in 16 bits."""
        deltas = {n: share * (tuned[n] - self._base[n]) for n in self._names.list_trained()}
        return {n: d.astype(np.float16) for n, d in deltas.items() if d.any()} or {
            self._names.bias: deltas[self._names.bias].astype(np.float16)
        }

    def _adapted(self, deltas: Mapping[str, Array]) -> Neck:
        """Return the neck with an adapter's numbers in it."""
        changed = {n: self._base[n] + d.astype(np.float32) for n, d in deltas.items()}
        return Neck({**self._base, **changed}, self._names)

    def _compare(self, lines: Sequence[TrainingLine], neck: Neck) -> PairedComparison:
        """Compare what the network and an adapted neck read wrong in some lines."""
        before, after = (measure_errors(lines, n, self._alphabet) for n in (self._neck, neck))
        return compare_errors(before, after, count_characters(lines), self._request.plan.seed)

    def _measure_ranges(
        self, lines: Sequence[TrainingLine], neck: Neck
    ) -> dict[str, tuple[float, float]]:
        """Return the range of what the neck hands to the last layer, which may be in 8 bits."""
        steps = (neck.compute_steps(batch.features)[0] for batch in make_batches(lines))
        ends = [(float(s.min()), float(s.max())) for s in steps]
        low = float(np.percentile([e[0] for e in ends], OUTLIERS))
        high = float(np.percentile([e[1] for e in ends], 100 - OUTLIERS))
        last = find_wide_layers(read_network(self._data))[-1].get_friendly_name()
        return {last: (round(low, 4), round(high, 4))}


def _require_neck(data: bytes, names: NeckNames) -> Weights:
    """Return the weights of a network. Raises ConfigError where it has another neck."""
    weights = read_weights(data)
    if any(name not in weights for name in (*names.list_trained(), *names.list_fixed())):
        raise ConfigError("network-not-trainable")
    return weights
