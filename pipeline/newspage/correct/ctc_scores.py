"""Log-likelihoods of strings on the image of a line: the CTC forward sum over a sparse lattice.

Graves et al., Connectionist Temporal Classification, ICML 2006, section 4.1: the probability of a
string is the sum over all ways to stretch it over the steps, blanks between. The lattice holds the
best few classes of each step; any other class gets a floor.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newspage.lattice import Lattice

BLANK = 0
"""Number of the blank class."""
NEVER = -1e30
"""Log-probability of the impossible; finite, so that sums of it are no NaN."""
LEFT_OVER = -16.0
"""Least log-probability of all the classes together that a lattice leaves out of a step. Judgement:
it keeps the logarithm finite where the best classes add up to one."""

Floats = NDArray[np.float64]
"""Log-probabilities; the shape is said where one is returned."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The classes a recogniser has for each character; several where marks count as one."""

    classes: Mapping[str, tuple[int, ...]]
    size: int

    def __contains__(self, character: str) -> bool:
        """Tell whether the recogniser has a class for a character."""
        return character in self.classes


ONE_SHAPE = ("日曰",)
"""Characters of one shape, which no reader of glyphs can tell apart: the image has nothing to say
about them."""
WIDTHS = (
    ",，",
    ";；",
    ":：",
    "!！",
    "?？",
    "(（",
    ")）",
    '"“”＂',
    "'‘’",
    ".．。",
    "-－—─",
    "~～",
    "·・•",
    "%％",
)
"""Marks that print alike, or that recognisers write one for the other."""


def make_alphabet(characters: Sequence[str]) -> Alphabet:
    """Return the alphabet of an engine; punctuation of full and half width counts as one.

    `characters` has the character of each class by its number, the blank (number 0) and unused
    classes as empty strings.
    """
    own: dict[str, int] = {}
    for number, character in enumerate(characters):
        if character:
            own.setdefault(character, number)
    classes: dict[str, tuple[int, ...]] = {c: (n,) for c, n in own.items()}
    for group in WIDTHS + ONE_SHAPE:
        known = tuple(own[c] for c in group if c in own)
        # Where the engine has both, a full stop is no dot and an opening quote no closing one.
        for c in group:
            if c in ".。“”‘’" and c in own:
                continue
            if known:
                classes[c] = known
    return Alphabet(classes, len(characters))


def compute_log_likelihoods(
    lattice: Lattice, strings: Sequence[str], letters: Alphabet, generous: Sequence[bool]
) -> Floats:
    """Return log P(string | line) of each string, natural logarithm.

    A character outside the lattice gets, at each step, the share of one class in the probability
    left over. A `generous` string gets as much as the last class in the lattice instead, so that a
    comparison with it errs on the side of that string.

    Args:
        lattice: The best classes of each step of the line, and their log-probabilities.
        strings: The texts to score; an empty one is the blank line.
        letters: The classes of each character.
        generous: For each string, whether it gets the generous floor.

    Returns:
        One value a string, shape (strings,); `NEVER` where it has more characters than steps.
    """
    if not len(lattice.classes):
        return np.array([0.0 if not s else NEVER for s in strings])
    known = sorted({c for s in strings for c in s})
    emissions = _emissions(lattice, known, letters)
    column = {c: i + 1 for i, c in enumerate(known)}
    return np.array(
        [
            _sum_alignments(emissions[int(kind)], [column[c] for c in string])
            for string, kind in zip(strings, generous, strict=True)
        ]
    )


def _emissions(lattice: Lattice, known: Iterable[str], letters: Alphabet) -> tuple[Floats, Floats]:
    """Return the log-probability of blank and of each character at each step.

    Two arrays of shape (steps, 1 + characters): with the strict floor and with the generous one.
    """
    log_probs = lattice.log_probs.astype(np.float64)
    # The last of the best; classes that were asked for follow it in no order.
    generous_floor = log_probs.min(axis=1)
    left = np.log(np.maximum(1 - np.exp(log_probs).sum(axis=1), np.exp(LEFT_OVER)))
    strict_floor = np.minimum(left - np.log(letters.size), generous_floor)
    columns = [_emission_of(lattice.classes, log_probs, (BLANK,))]
    columns += [_emission_of(lattice.classes, log_probs, letters.classes.get(c, ())) for c in known]
    table = np.stack(columns, axis=1)
    return (
        np.maximum(table, strict_floor[:, None]),
        np.maximum(table, generous_floor[:, None]),
    )


def _emission_of(classes: NDArray[np.int32], log_probs: Floats, wanted: tuple[int, ...]) -> Floats:
    """Return the log-probability of any wanted class at each step; `NEVER` where none is kept."""
    column = np.full(len(classes), NEVER)
    for number in wanted:
        column = np.logaddexp(column, np.where(classes == number, log_probs, NEVER).max(axis=1))
    return column


def _sum_alignments(emissions: Floats, string: Sequence[int]) -> float:
    """Return the CTC forward sum in logarithms.

    `string` holds columns of `emissions`; column 0 is blank.
    """
    steps = len(emissions)
    extended = np.zeros(2 * len(string) + 1, np.intp)
    extended[1::2] = string
    if 2 * len(string) + 1 > 2 * steps + 1:
        return NEVER
    skip = np.zeros(len(extended), bool)
    skip[3::2] = extended[3::2] != extended[1:-2:2]
    scores = emissions[:, extended]
    alpha = np.full(len(extended) + 2, NEVER)
    alpha[2] = scores[0, 0]
    if len(string):
        alpha[3] = scores[0, 1]
    jump = np.where(skip, 0.0, NEVER)
    for t in range(1, steps):
        total = np.logaddexp(alpha[2:], alpha[1:-1])
        total = np.logaddexp(total, alpha[:-2] + jump)
        alpha[2:] = total + scores[t]
    return float(np.logaddexp(alpha[-1], alpha[-2] if len(string) else NEVER))
