"""Texts of lines as classes of a recogniser, and how far two of them are apart."""

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from newspage.engine import BLANK
from newspage.spacing import FIRST_WIDE


def normalise_text(text: str) -> str:
    """Return a text in NFC, with one blank between words and none beside an ideograph."""
    words = unicodedata.normalize("NFC", text).split()
    joined = ""
    for word in words:
        spaced = joined and max(joined[-1], word[0]) < FIRST_WIDE
        joined += " " + word if spaced else word
    return joined


def fold_text(text: str) -> str:
    """Return a text for comparisons: full-width marks as half-width ones, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


class LabelCodec:
    """Writes texts as classes of a recogniser, and reads them back."""

    def __init__(self, characters: Sequence[str]) -> None:
        """Take the character of each class; that of the blank is empty."""
        self.characters = tuple(characters)
        self._classes = {c: i for i, c in enumerate(characters) if c and i != BLANK}

    def encode_text(self, text: str) -> list[int] | None:
        """Return the classes of a text; None where a character has none, in NFKC neither."""
        classes: list[int] = []
        for character in text:
            for part in [character] if character in self._classes else fold_text(character):
                if part not in self._classes:
                    return None
                classes.append(self._classes[part])
        return classes

    def decode_best(self, best: NDArray[np.integer]) -> str:
        """Return the text of the best path, given the best class of each step."""
        changed = np.diff(best, prepend=-1) != 0
        return "".join(self.characters[c] for c in best[changed] if c != BLANK)


def count_errors(read: str, known: str) -> int:
    """Return how many characters must be changed, added or removed to make one text the other."""
    return Levenshtein.distance(fold_text(read), fold_text(known))
