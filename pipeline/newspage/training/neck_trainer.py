"""Trains a neck on lines whose text is known."""

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newspage.engine import BLANK
from newspage.files import remove_files, write_files
from newspage.training.adamw import AdamW, limit_norm
from newspage.training.ctc_loss import compute_ctc_loss
from newspage.training.kept_arrays import UNREADABLE, load_kept_arrays
from newspage.training.line_texts import LabelCodec
from newspage.training.neck import Neck, NeckNames, Weights
from newspage.training.neck_layers import Array
from newspage.training.training_lines import (
    StripBatchFeatures,
    TrainingLine,
    make_batches,
    measure_loss,
)

RATE = 1e-3
"""How far a step of the optimiser goes. Measured on another paper's pages; twice as far learns no
faster and forgets more."""
BIAS_RATE = 1e-2
"""The same where the bias of the classes alone is trained. Judgement: nothing else can move."""
NORM = 5.0
"""Greatest norm of the gradients of a batch, per strip. Judgement: cuts the first few alone."""
EPOCHS = 3
"""Times that all lines are shown at most, the rate falling to nothing. Measured on two folds of a
paper, 404 and 521 lines learnt from: with two, lines not learnt from are a little less likely; with
eight they are no likelier from the third on, and the network grows too sure of itself."""
BIAS_EPOCHS = 8
"""The same where only the bias of the classes is trained, which cannot grow too sure. Judgement."""
PATIENCE = 2
"""Passes without a lower loss of the lines that are watched, after which it ends. Judgement."""
RIVALS = 5000
"""Classes that the loss is taken over, about: those of the lines, and those that are likely in
them. The 13,000 others have next to no probability anywhere."""
PER_STEP = 8
"""Likeliest classes of each step that count as likely in a line."""

Report = Callable[[int, float, float], None]
"""Told after each pass: its number from 1, the loss a strip, and the loss a character
of the lines that are watched."""


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """The way a neck is trained."""

    bias_only: bool = False
    """Whether the bias of the classes alone is trained: less is gained, and less forgotten."""
    seed: int = 0
    epochs: int = EPOCHS
    checkpoints: Path | None = None
    """Folder in which every pass over the lines is kept until the last one is done."""


@dataclass(slots=True)
class _Progress:
    """How far a training is."""

    epoch: int = 0
    best_loss: float = np.inf
    best_epoch: int = 0
    best: dict[str, Array] = field(default_factory=dict)


class NeckTrainer:
    """A trainer of the neck of one network; it can be stopped and goes on from its last pass."""

    def __init__(
        self, base: Weights, names: NeckNames, alphabet: LabelCodec, plan: TrainingPlan
    ) -> None:
        """Take the weights of a network by their names, and the characters of its classes."""
        self._neck = Neck(base, names)
        self._origin = {name: weight.copy() for name, weight in self._neck.weights.items()}
        self._alphabet = alphabet
        self._plan = plan
        self._optimiser = AdamW()
        self._progress = _Progress()

    def train_neck(
        self, lines: Sequence[TrainingLine], watched: Sequence[TrainingLine], report: Report
    ) -> dict[str, Array]:
        """Return the weights by which the watched lines are likeliest, after any pass.

        Those of the network itself where no pass gained anything. The same lines, plan and machine
        always give the same weights.

        Args:
            lines: The lines to learn from.
            watched: Lines that are not learnt from, by which it is known when to end.
            report: Told how it goes.

        Raises:
            OutputError: A checkpoint cannot be written.
        """
        classes = self._choose_classes(lines)
        places = np.zeros(len(self._alphabet.characters), np.intp)
        places[classes] = np.arange(len(classes))
        file = self._checkpoint_file(lines, watched)
        state = self._progress
        self._restore(file)
        if not state.best:
            state.best = {n: w.copy() for n, w in self._neck.weights.items()}
            state.best_loss = measure_loss(watched, self._neck)
        while state.epoch < self._plan.epochs and state.epoch - state.best_epoch < PATIENCE:
            random = np.random.default_rng([self._plan.seed, state.epoch])
            losses = [
                self._learn_batch(batch, classes, places) for batch in make_batches(lines, random)
            ]
            state.epoch += 1
            watched_loss = measure_loss(watched, self._neck)
            if watched_loss < state.best_loss:
                state.best_loss, state.best_epoch = watched_loss, state.epoch
                state.best = {n: w.copy() for n, w in self._neck.weights.items()}
            self._keep(file)
            report(state.epoch, float(np.mean(losses)) if losses else 0.0, watched_loss)
        if file is not None:
            remove_files([file])
        return state.best

    def _learn_batch(
        self, batch: StripBatchFeatures, classes: NDArray[np.intp], places: NDArray[np.intp]
    ) -> float:
        """Change the weights by one batch; return its loss a strip."""
        steps, back = self._neck.compute_steps(batch.features)
        logits = self._neck.tell_classes(steps, classes)
        labels = [[int(places[c]) for c in label] for label in batch.labels]
        losses, grad = compute_ctc_loss(logits, batch.steps, labels)
        by_steps, by_classes = self._neck.trace_classes(grad, steps, classes)
        grads = by_classes if self._plan.bias_only else {**back(by_steps), **by_classes}
        for gradient in grads.values():
            gradient /= len(labels)
        limit_norm(grads, NORM)
        rate = BIAS_RATE if self._plan.bias_only else RATE
        left = 1 - self._progress.epoch / self._plan.epochs
        self._optimiser.change_weights(self._neck.weights, self._origin, grads, rate * left)
        return float(losses.mean())

    def _choose_classes(self, lines: Sequence[TrainingLine]) -> NDArray[np.intp]:
        """Return the classes that the loss is taken over, the blank first, rising."""
        weight = np.zeros(self._neck.class_count)
        for batch in make_batches(lines):
            steps, _ = self._neck.compute_steps(batch.features)
            for row, count in zip(steps, batch.steps, strict=True):
                values = self._neck.tell_classes(row[None, :count])[0]
                likely = np.argpartition(values, -PER_STEP, axis=1)[:, -PER_STEP:]
                weight += np.bincount(likely.ravel(), minlength=len(weight))
        rivals = np.argsort(-weight, kind="stable")[:RIVALS]
        own = {c for line in lines for c in line.label} | {BLANK}
        return np.array(sorted(own | set(rivals[weight[rivals] > 0].tolist())), np.intp)

    def _checkpoint_file(self, *groups: Sequence[TrainingLine]) -> Path | None:
        """Return the file that keeps the passes over these lines by this plan."""
        if self._plan.checkpoints is None:
            return None
        digest = hashlib.sha256(repr(self._plan_facts()).encode())
        digest.update(self._origin[self._neck.names.bias].tobytes())
        for lines in groups:
            for line in lines:
                digest.update(line.text.encode() + b"\0")
                for strip in line.strips:
                    digest.update(strip.features.tobytes())
        return self._plan.checkpoints / f"{digest.hexdigest()[:32]}.npz"

    def _plan_facts(self) -> tuple[object, ...]:
        """Return what passes over lines depend on, beside the lines and the network."""
        classes = self._alphabet.characters[len(self._origin[self._neck.names.bias]) :]
        return self._plan.bias_only, self._plan.seed, self._plan.epochs, *classes

    def _keep(self, file: Path | None) -> None:
        """Write all that is needed to go on from here. Raises OutputError."""
        if file is None:
            return
        state, data = self._progress, io.BytesIO()
        numbers = [state.epoch, state.best_epoch, state.best_loss, self._optimiser.steps]
        arrays = {
            "now": self._neck.weights,
            "best": state.best,
            "mean": self._optimiser.means,
            "square": self._optimiser.squares,
        }
        named = {f"{kind}:{n}": w for kind, group in arrays.items() for n, w in group.items()}
        np.savez(data, allow_pickle=False, numbers=np.array(numbers), **named)
        write_files(file.parent, {file.name: data.getvalue()})

    def _restore(self, file: Path | None) -> None:
        """Go on from a checkpoint, if there is a sound one."""
        if file is None:
            return
        groups: dict[str, dict[str, Array]] = {"now": {}, "best": {}, "mean": {}, "square": {}}
        try:
            kept = load_kept_arrays(file)
            numbers = kept["numbers"].tolist()
            for key, array in kept.items():
                kind, _, name = key.partition(":")
                if name:
                    groups[kind][name] = array
        except UNREADABLE:
            return
        self._neck.weights.update(groups["now"])
        self._optimiser.means, self._optimiser.squares = groups["mean"], groups["square"]
        self._optimiser.steps = int(numbers[3])
        state = self._progress
        state.epoch, state.best_epoch, state.best_loss = (
            int(numbers[0]),
            int(numbers[1]),
            numbers[2],
        )
        state.best = groups["best"]
