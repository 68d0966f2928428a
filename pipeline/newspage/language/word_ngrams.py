"""Turns what is known of words into counts of character n-grams."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from newspage.language.ngram_counts import (
    BITS,
    BOUNDARY,
    ORDER,
    Keys,
    NgramCounts,
    number_characters,
)
from newspage.language.word_model import WordModel

Part = tuple[int, Keys, NDArray[np.float64]]
"""The size of some n-grams, their keys, and what each counts."""
ENDS = frozenset({"<s>", "</s>"})
"""Words that stand for the beginning and the end of a sentence."""


def count_listed_words(words: Sequence[str], shares: NDArray[np.float64]) -> NgramCounts:
    """Return the n-grams inside words; `shares` is what each word counts."""
    return NgramCounts.sum_up(_list_inside(_NumberedWords(words), shares))


def count_word_model(model: WordModel, characters: float) -> NgramCounts:
    """Return the n-grams that a text of so many words would have, as a model of words expects them.

    Counted are those inside a word, those over a pair that the model knows, and those over such a
    triple. What it leaves to shorter sequences is not counted: `CharacterModel` leaves it, too.
    """
    words = _NumberedWords(model.words)
    single = 10.0**model.single
    first, second, chance = model.pairs
    pairs = 10.0 ** (model.single[first] + chance)
    before, pair, chance = model.triples
    triples = _measure_openings(model) * 10.0**chance
    parts = [
        *_list_inside(words, single * characters),
        *_list_over_pairs(words, first, second, pairs * characters),
        *_list_over_triples(words, (before, first[pair], second[pair]), triples * characters),
    ]
    return NgramCounts.sum_up(parts)


def _measure_openings(model: WordModel) -> NDArray[np.float64]:
    """Return the probability of the first two words of each triple."""
    first, second, chance = model.pairs
    before, pair, _ = model.triples
    size = np.int64(len(model.words))
    keys = second * size + first
    order = np.argsort(keys, kind="stable")
    wanted = first[pair] * size + before
    at = order[np.minimum(np.searchsorted(keys[order], wanted), len(order) - 1)]
    # A model has the opening of each triple among its pairs.
    return np.where(keys[at] == wanted, 10.0 ** (model.single[before] + chance[at]), 0.0)


class _NumberedWords:
    """Words as numbers of characters; those that are not all Han have length 0."""

    def __init__(self, words: Sequence[str]) -> None:
        self.lengths = np.zeros(len(words), np.int64)
        self.starts = np.zeros(len(words), np.int64)
        texts, at = [], 0
        for number, word in enumerate(words):
            text = "\n" if word in ENDS else word
            self.starts[number], self.lengths[number] = at, len(text)
            texts.append(text)
            at += len(text)
        self.numbers = number_characters("".join(texts))
        sums = np.concatenate([[0], np.cumsum(self.numbers == BOUNDARY)])
        marks = sums[self.starts + self.lengths] - sums[self.starts]
        ends = np.array([word in ENDS for word in words], bool)
        self.lengths[(marks > 0) & ~ends] = 0

    def take_character(self, words: NDArray[np.int64], offset: int) -> Keys:
        """Return the character of each word at an offset; a negative one counts from its end."""
        place = self.starts[words] + (offset if offset >= 0 else self.lengths[words] + offset)
        return np.asarray(self.numbers[place], np.uint64)


def _list_inside(words: _NumberedWords, weights: NDArray[np.float64]) -> Iterator[Part]:
    """Yield the n-grams inside words."""
    for size in range(1, ORDER + 1):
        for offset in range(int(words.lengths.max(initial=0)) - size + 1):
            chosen = np.flatnonzero(words.lengths >= offset + size)
            yield (
                size,
                _pack([words.take_character(chosen, offset + i) for i in range(size)]),
                weights[chosen],
            )


def _list_over_pairs(
    words: _NumberedWords,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> Iterator[Part]:
    """Yield the n-grams that lie in both words of a pair."""
    for left in range(1, ORDER):
        for right in range(1, ORDER - left + 1):
            chosen = (words.lengths[first] >= left) & (words.lengths[second] >= right)
            a, b = first[chosen], second[chosen]
            characters = [words.take_character(a, i - left) for i in range(left)]
            characters += [words.take_character(b, i) for i in range(right)]
            yield left + right, _pack(characters), weights[chosen]


def _list_over_triples(
    words: _NumberedWords,
    members: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    weights: NDArray[np.float64],
) -> Iterator[Part]:
    """Yield the n-grams that lie in all three words of a triple."""
    lengths = [words.lengths[m] for m in members]
    for left in range(1, ORDER - 1):
        for middle in range(1, ORDER - left):
            for right in range(1, ORDER - left - middle + 1):
                fits = (lengths[0] >= left) & (lengths[1] == middle) & (lengths[2] >= right)
                a, b, c = (m[fits] for m in members)
                characters = [words.take_character(a, i - left) for i in range(left)]
                characters += [words.take_character(b, i) for i in range(middle)]
                characters += [words.take_character(c, i) for i in range(right)]
                yield left + middle + right, _pack(characters), weights[fits]


def _pack(characters: Sequence[Keys]) -> Keys:
    """Return n-grams from the characters at each of their places."""
    keys = np.zeros(len(characters[0]), np.uint64)
    for some in characters:
        keys = keys << BITS | some
    return keys
