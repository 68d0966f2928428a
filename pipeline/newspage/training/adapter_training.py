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
from newspage.training.neck_trainer import NeckTrainer, Report, TrainingPlan
from newspage.training.new_classes import choose_new_characters, make_new_classes
from newspage.training.page_lines import PageLineReader
from newspage.training.significance import PairedComparison, compare_errors
from newspage.training.strip_features import FeatureComputer
from newspage.training.training_lines import (
    MatchedLine,
    TrainingLine,
    count_characters,
    find_known_lines,
    label_lines,
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
        self._engine = make_engine(request.config.engine)
        self._alphabet = LabelCodec(self._engine.characters)
        self._features = FeatureComputer(self._data, self._names)
        self._neck = Neck(self._base, self._names)

    def train_adapter(self, listener: TrainingListener) -> TrainingOutcome:
        """Train an adapter and measure it; whether it is to be saved is for the caller to see.

        Raises InputError where too little is known, or a scan cannot be read.
        """
        by_page = self._gather(listener)
        held = self._choose_held_back(by_page)
        known = [line for page, own in by_page.items() if page not in held for line in own]
        start = self._start_weights(known)
        lines, left_out = label_lines(known, self._alphabet)
        back, more = label_lines([line for page in held for line in by_page[page]], self._alphabet)
        if len(lines) < FEWEST or len(back) < FEWEST:
            raise InputError(
                "training-lines-too-few", lines=len(lines), held=len(back), fewest=FEWEST
            )
        replayed, guard = load_guard_lines(self._features, self._alphabet)
        order = np.random.default_rng(self._request.plan.seed).permutation(len(lines))
        count = max(1, round(WATCHED * len(lines)))
        watched = [lines[i] for i in order[:count]]
        learnt = [lines[i] for i in order[count:]]
        trainer = NeckTrainer(start, self._names, self._alphabet, self._request.plan)
        tuned = trainer.train_neck([*learnt, *replayed], watched, listener.on_pass)
        share, guards = self._limit_forgetting(tuned, watched, guard)
        if self._new_characters and any(found.worse >= SURE for found in guards.values()):
            # Rare forms are worth less than what other print would lose by them.
            tuned, watched = self._drop_new_classes(tuned, watched)
            share, guards = self._limit_forgetting(tuned, watched, guard)
        adapted = self._adapted(tuned, share)
        compared = self._compare(back, self._count_errors(back, self._neck), adapted)
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
        adapter = Adapter(
            self._digest,
            self._request.paper,
            self._deltas(tuned, share),
            facts,
            ranges,
            self._new_characters,
            self._added(tuned),
        )
        return TrainingOutcome(adapter, share, compared, guards, len(learnt), left_out + more)

    @property
    def _new_characters(self) -> tuple[str, ...]:
        """Return the characters that the network has no class for, and the adapter has."""
        return self._alphabet.characters[len(self._engine.characters) :]

    def _drop_new_classes(
        self, tuned: Weights, lines: Sequence[TrainingLine]
    ) -> tuple[dict[str, NDArray[np.floating]], list[TrainingLine]]:
        """Return weights without new classes, and the lines that hold none of their characters."""
        self._alphabet = LabelCodec(self._engine.characters)
        kept = [line for line in lines if self._alphabet.encode_text(line.text) is not None]
        return {n: w for n, w in tuned.items() if n not in self._names.list_new()}, kept

    def _start_weights(self, lines: Sequence[MatchedLine]) -> Weights:
        """Return what is trained from: the network, with new classes where lines ask for some."""
        new = () if self._request.plan.bias_only else choose_new_characters(lines, self._alphabet)
        if not new:
            return self._base
        made = make_new_classes(new, lines, self._alphabet, self._base, self._names)
        self._alphabet = LabelCodec((*self._alphabet.characters, *new))
        return {**self._base, **made}

    def _gather(self, listener: TrainingListener) -> dict[str, list[MatchedLine]]:
        """Return the lines of each page whose text is known."""
        reader = PageLineReader(
            self._engine,
            self._features,
            self._request.config,
            self._digest,
            self._request.cache / "lines",
        )
        found: dict[str, list[MatchedLine]] = {}
        for page in self._request.pages:
            lines = find_known_lines(page, reader.find_lines(page), self._neck, self._alphabet)
            listener.on_page(page.name, len(page.lines), len(lines))
            if lines:
                found[page.name] = lines
        return found

    def _choose_held_back(self, by_page: Mapping[str, Sequence[MatchedLine]]) -> list[str]:
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
        before = {kind: self._count_errors(own[kind], self._neck) for kind in kinds}

        def compare_all(neck: Neck) -> dict[str, PairedComparison]:
            """Compare each kind of print with what the network reads of it."""
            return {kind: self._compare(own[kind], before[kind], neck) for kind in kinds}

        necks = {share: self._adapted(tuned, share) for share in SHARES}
        for share in sorted(SHARES, key=lambda share: measure_loss(watched, necks[share])):
            found = compare_all(necks[share])
            if all(g.worse < SURE for g in found.values()):
                return share, found
        least = SHARES[-1]
        return least, compare_all(necks[least])

    def _deltas(self, tuned: Weights, share: float) -> dict[str, NDArray[np.float16]]:
        """Return what a share of the training adds to the weights, in 16 bits."""
        deltas = {n: share * (tuned[n] - self._base[n]) for n in self._names.list_trained()}
        return {n: d.astype(np.float16) for n, d in deltas.items() if d.any()} or {
            self._names.bias: deltas[self._names.bias].astype(np.float16)
        }

    def _added(self, tuned: Weights) -> dict[str, NDArray[np.float16]]:
        """Return the weights of new classes, by those that they are put behind; always whole."""
        behind = zip(self._names.list_new(), (self._names.classes, self._names.bias), strict=True)
        return {own: tuned[new].astype(np.float16) for new, own in behind if new in tuned}

    def _adapted(self, tuned: Weights, share: float) -> Neck:
        """Return the neck with the numbers of an adapter in it that keeps so much."""
        deltas = self._deltas(tuned, share)
        changed = {n: self._base[n] + d.astype(np.float32) for n, d in deltas.items()}
        new = {n: tuned[n].astype(np.float16) for n in self._names.list_new() if n in tuned}
        changed |= {n: weight.astype(np.float32) for n, weight in new.items()}
        return Neck({**self._base, **changed}, self._names)

    def _count_errors(self, lines: Sequence[TrainingLine], neck: Neck) -> NDArray[np.float64]:
        """Return the wrong characters of each line as a neck reads it."""
        return measure_errors(lines, neck, self._alphabet)

    def _compare(
        self, lines: Sequence[TrainingLine], before: NDArray[np.float64], neck: Neck
    ) -> PairedComparison:
        """Compare the errors of the network in some lines, `before`, with those of a neck."""
        after = self._count_errors(lines, neck)
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
