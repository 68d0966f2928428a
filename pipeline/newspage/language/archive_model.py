"""The language of an archive: the base model, and what its pages and their readers have taught."""

from collections.abc import Mapping

import numpy as np

from newspage.language.archive_counts import ArchiveCounts
from newspage.language.base_model import count_base
from newspage.language.character_model import CharacterModel, make_character_model
from newspage.language.ngram_counts import BITS, name_character, number_characters

PAIRS, PAIR_COUNTS = "pairs", "pair_counts"
"""Arrays of a model: read and printed character as a number, and how often people corrected so."""


def make_archive_model(
    counted: ArchiveCounts, corrected: Mapping[tuple[str, str], float], pages: int
) -> CharacterModel:
    """Return the model of an archive.

    Args:
        counted: The n-grams of its pages.
        corrected: How often people corrected a read character to another one.
        pages: How many pages were counted, for people.

    Raises:
        InputError: The installed model of words is damaged.
        MissingDependencyError: The word list is not installed.
    """
    counts, sources = count_base()
    described = {**sources, "archive": f"{pages} pages, {counted.characters} characters"}
    model = make_character_model(counts.add(counted.sum_up()), described)
    known = sorted(corrected.items())
    packed = [_pack_pair(*pair) for pair, _ in known]
    pairs = {
        PAIRS: np.array(packed, np.uint64),
        PAIR_COUNTS: np.array([count for _, count in known], np.float64),
    }
    return CharacterModel(described, {**model.arrays, **pairs})


def read_corrected_pairs(model: CharacterModel) -> dict[tuple[str, str], float]:
    """Return how often people corrected each read character to another one, as a model says."""
    if PAIRS not in model.arrays:
        return {}
    mask = (1 << int(BITS)) - 1
    pairs = zip(model.arrays[PAIRS].tolist(), model.arrays[PAIR_COUNTS].tolist(), strict=True)
    return {
        (name_character(pair >> int(BITS)), name_character(pair & mask)): count
        for pair, count in pairs
    }


def _pack_pair(read: str, printed: str) -> int:
    """Return two characters as a number."""
    first, second = (int(number_characters(c)[0]) for c in (read, printed))
    return first << int(BITS) | second
