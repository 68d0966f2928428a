"""Lines to learn from and to measure on: features of strips with the classes of their texts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newspage.training.ctc_loss import measure_ctc_loss, needs_steps
from newspage.training.known_lines import KnownLine, KnownPage
from newspage.training.line_matching import match_lines
from newspage.training.line_texts import LabelCodec, count_errors, fold_text, normalise_text
from newspage.training.neck import Neck
from newspage.training.neck_layers import Array
from newspage.training.page_lines import FoundStrips
from newspage.training.strip_features import StripFeatures

BATCH_STEPS = 1600
"""Sum of the steps of the strips of a batch, about: 20 lines of 20 characters."""


@dataclass(frozen=True, slots=True, eq=False)
class TrainingLine:
    """A line whose text is known, in the strips that it is read in."""

    page: str
    text: str
    label: tuple[int, ...]
    strips: tuple[StripFeatures, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MatchedLine:
    """A line found on a page, with its known text."""

    page: str
    text: str
    read: str
    """What the network reads in its first strip."""
    strips: tuple[StripFeatures, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StripBatchFeatures:
    """Strips of equal width, in one array."""

    features: NDArray[np.float32]
    """Shape (strips, steps, channels)."""
    steps: tuple[int, ...]
    labels: tuple[tuple[int, ...], ...]
    owners: tuple[int, ...]
    """Index of the line of each strip."""


def gather_lines(
    page: KnownPage, found: Sequence[FoundStrips], neck: Neck, alphabet: LabelCodec
) -> tuple[list[TrainingLine], int]:
    """Return the lines of a page whose text is known, and how many the alphabet cannot write.

    The arguments are those of `find_known_lines`.
    """
    return label_lines(find_known_lines(page, found, neck, alphabet), alphabet)


def label_lines(
    matched: Iterable[MatchedLine], alphabet: LabelCodec
) -> tuple[list[TrainingLine], int]:
    """Return lines with the classes of their texts, and how many the alphabet cannot write."""
    lines, unwritable = [], 0
    for line in matched:
        label = alphabet.encode_text(line.text)
        if label is None:
            unwritable += 1
        else:
            lines.append(TrainingLine(line.page, line.text, tuple(label), line.strips))
    return lines, unwritable


def find_known_lines(
    page: KnownPage, found: Sequence[FoundStrips], neck: Neck, alphabet: LabelCodec
) -> list[MatchedLine]:
    """Return the lines of a page whose text is known.

    Args:
        page: What is known of it.
        found: Its lines as they were found.
        neck: Reads them, as the network does that comes along.
        alphabet: The classes of that network.
    """
    readable = [line for line in found if line.strips]
    read = read_strips([line.strips[0] for line in readable], neck, alphabet)
    texts = [normalise_text(line.text) for line in page.lines]
    folded = [
        KnownLine(fold_text(text), line.box) for text, line in zip(texts, page.lines, strict=True)
    ]
    matched = match_lines(
        [fold_text(text) for text in read], [line.box for line in readable], folded
    )
    return [
        MatchedLine(page.name, texts[which], own, line.strips)
        for line, own, which in zip(readable, read, matched, strict=True)
        if which is not None and texts[which]
    ]


def make_batches(
    lines: Sequence[TrainingLine], random: np.random.Generator | None = None
) -> Iterator[StripBatchFeatures]:
    """Yield all strips in batches of equal width.

    Without `random` in a fixed order; with it both strips and batches in a new one, and without
    strips that are too short for their text.
    """
    by_steps: dict[int, list[tuple[int, StripFeatures]]] = {}
    for number, line in enumerate(lines):
        for strip in line.strips:
            if random is None or needs_steps(line.label) <= strip.steps:
                by_steps.setdefault(len(strip.features), []).append((number, strip))
    groups: list[list[tuple[int, StripFeatures]]] = []
    for steps, strips in sorted(by_steps.items(), key=lambda item: item[0]):
        if random is not None:
            strips = [strips[i] for i in random.permutation(len(strips))]
        size = max(1, BATCH_STEPS // steps)
        groups += [strips[i : i + size] for i in range(0, len(strips), size)]
    if random is not None:
        groups = [groups[i] for i in random.permutation(len(groups))]
    for group in groups:
        yield StripBatchFeatures(
            np.stack([strip.features for _, strip in group]).astype(np.float32),
            tuple(strip.steps for _, strip in group),
            tuple(lines[number].label for number, _ in group),
            tuple(number for number, _ in group),
        )


def read_strips(strips: Sequence[StripFeatures], neck: Neck, alphabet: LabelCodec) -> list[str]:
    """Return the text of each strip, read by a neck over all classes."""
    lines = [TrainingLine("", "", (), (strip,)) for strip in strips]
    texts = [""] * len(strips)
    for batch in make_batches(lines):
        for owner, best in zip(batch.owners, _best_classes(batch, neck), strict=True):
            texts[owner] = alphabet.decode_best(best)
    return texts


def measure_errors(
    lines: Sequence[TrainingLine], neck: Neck, alphabet: LabelCodec
) -> NDArray[np.float64]:
    """Return the wrong characters of each line, the mean over its strips."""
    errors = np.zeros(len(lines))
    for batch in make_batches(lines):
        for owner, best in zip(batch.owners, _best_classes(batch, neck), strict=True):
            wrong = count_errors(alphabet.decode_best(best), lines[owner].text)
            errors[owner] += wrong / len(lines[owner].strips)
    return errors


def measure_loss(lines: Sequence[TrainingLine], neck: Neck) -> float:
    """Return the CTC loss a character over all classes: how unlikely the known texts are.

    Strips too short for their text do not count.
    """
    loss, characters = 0.0, 0
    for batch in make_batches(lines):
        logits = neck.tell_classes(neck.compute_steps(batch.features)[0])
        loss += float(measure_ctc_loss(logits, batch.steps, batch.labels).sum())
        characters += sum(
            len(label)
            for label, count in zip(batch.labels, batch.steps, strict=True)
            if needs_steps(label) <= count
        )
    return loss / max(1, characters)


def count_characters(lines: Sequence[TrainingLine]) -> NDArray[np.float64]:
    """Return the number of characters of each line that count in comparisons."""
    return np.array([len(fold_text(line.text)) for line in lines], np.float64)


def _best_classes(batch: StripBatchFeatures, neck: Neck) -> Iterator[NDArray[np.intp]]:
    """Yield the best class of each step that counts, strip by strip."""
    steps, _ = neck.compute_steps(batch.features)
    for row, count in zip(steps, batch.steps, strict=True):
        values: Array = neck.tell_classes(row[None, :count])
        yield values[0].argmax(axis=1)
