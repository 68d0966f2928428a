"""Gives characters a class that the network has none for: rare variants of a paper."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from newspage.engine import MOST_CLASSES, is_class_character
from newspage.training.line_texts import LabelCodec
from newspage.training.neck import NeckNames, Weights
from newspage.training.training_lines import MatchedLine

FEWEST_LINES = 3
"""Lines that hold a character from which it gets a class. Judgement: of fewer, one may be a slip of
whoever wrote the text, and what is learnt from one or two is their noise."""


HANDICAP = 7.0
"""Logarithm by which a new class begins less likely than what it was taken for. Measured on a paper
of 1939, two forms in ten lines: begun as likely, or by 3 less, they take the place of the common
forms in modern print, of which too much is then read wrong; by 7 less they do not."""


def choose_new_characters(lines: Sequence[MatchedLine], alphabet: LabelCodec) -> tuple[str, ...]:
    """Return the characters that deserve a class of their own, the most frequent first."""
    counts = Counter(
        character
        for line in lines
        for character in set(line.text)
        if is_class_character(character) and alphabet.encode_text(character) is None
    )
    frequent = [(-count, c) for c, count in counts.items() if count >= FEWEST_LINES]
    return tuple(c for _, c in sorted(frequent)[:MOST_CLASSES])


def make_new_classes(
    characters: Sequence[str],
    lines: Sequence[MatchedLine],
    alphabet: LabelCodec,
    weights: Weights,
    names: NeckNames,
) -> dict[str, NDArray[np.float32]]:
    """Return the weights that new classes are trained from, by the names of `NeckNames.list_new`.

    Each begins as the mean of what the network takes its character for, which looks most like it;
    where nothing is read in its place, of all characters of these lines. It is less likely by
    HANDICAP.

    Args:
        characters: The characters of the new classes.
        lines: Lines of which some hold them.
        alphabet: The classes of the network, without the new ones.
        weights: The weights of the network.
        names: Their names.
    """
    taken_for = _count_readings(set(characters), lines, alphabet)
    matrix, bias = weights[names.classes], weights[names.bias]
    columns, offsets = [], []
    for character in characters:
        found = taken_for[character] or taken_for[""]
        classes, counts = list(found), np.array(list(found.values()), np.float32)
        shares = counts / counts.sum()
        columns.append(matrix[:, classes] @ shares)
        offsets.append(bias[classes] @ shares - HANDICAP)
    return dict(
        zip(
            names.list_new(),
            (np.stack(columns, axis=1).astype(np.float32), np.array(offsets, np.float32)),
            strict=True,
        )
    )


def _count_readings(
    wanted: set[str], lines: Sequence[MatchedLine], alphabet: LabelCodec
) -> Mapping[str, Counter[int]]:
    """Return how often each class was read in the place of each character; under "" of any."""
    found: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for line in lines:
        found[""].update(alphabet.encode_text(line.read) or ())
        for step in Levenshtein.editops(line.text, line.read):
            character = line.text[step.src_pos] if step.tag == "replace" else ""
            if character in wanted:
                found[character].update(alphabet.encode_text(line.read[step.dest_pos]) or ())
    return found
