"""Which characters are read for which: by their shape, and by what people have corrected.

P(read | printed) is not known as such. It is taken to grow with the cosine of the rows that both
characters have in the recogniser's last layer, which sees shapes as readers of print do, other
programs' as well; pairs that people have corrected count as alike as the same character.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from newspage.engine import ClassRows
from newspage.language.character_model import CharacterModel
from newspage.language.ngram_counts import CLASSES, name_character, number_characters

KEPT = 32
"""Characters that each one may have been read for. Of the misread characters of OCR lines of
subtitles 48 % are among 24, 56 % among 48; with 100 a tenth more of the wrong ones is found, in
four times the time."""
RARE = -13.5
"""Log-probability (nats) from which a character is proposed. Judgement: rarer ones are in names."""
LEARNT = 0.8
"""Likeness of a pair that people have corrected again and again; the recogniser's own pairs have .3
to .7. Judgement."""
ONCE = 2.0
"""How many corrections of a pair it takes to come two thirds of the way there. Judgement."""
_NUMERALS = "〇一二三四五六七八九十百千万两几半"
"""Characters that stand for each other in numbers: no text says which one is right."""
_BLOCK = 1000
"""Characters compared with all others at a time; a block takes 30 MB."""


@dataclass(frozen=True)
class Confusions:
    """The characters that each one may have been read for; row n is that of character n."""

    candidates: NDArray[np.int64]
    """Shape (classes, candidates), numbers of characters; 0 where there are fewer."""
    likeness: NDArray[np.float32]
    """Shape (classes, candidates): how alike each is, 1 for the same shape."""

    def learn_pairs(self, pairs: Mapping[tuple[str, str], float]) -> "Confusions":
        """Return confusions in which pairs that people have corrected count more.

        Args:
            pairs: How often a read character was corrected to a printed one.
        """
        candidates, likeness = self.candidates.copy(), self.likeness.copy()
        for (read, printed), count in sorted(pairs.items()):
            a, b = (int(number_characters(c)[0]) for c in (read, printed))
            known = np.flatnonzero(candidates[a] == b)
            place = int(known[0]) if len(known) else int(likeness[a].argmin())
            before = float(likeness[a, place]) if len(known) else 0.0
            candidates[a, place] = b
            share = count / (count + ONCE / 2)
            likeness[a, place] = max(before, before + (LEARNT - before) * share)
        return Confusions(candidates, likeness)


def compare_shapes(known: ClassRows, model: CharacterModel) -> Confusions:
    """Return the characters that look most alike, among those that a model knows."""
    chances = np.asarray(model.arrays["unigrams"])
    numbers = [int(number_characters(c)[0]) if len(c) == 1 else 0 for c in known.characters]
    kept = [
        place
        for place, (number, character) in enumerate(zip(numbers, known.characters, strict=True))
        if number > 1 and chances[number] > RARE and name_character(number) == character
    ]
    own = np.array([numbers[place] for place in kept], np.int64)
    rows = known.rows[kept]
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    candidates = np.zeros((CLASSES, KEPT), np.int64)
    likeness = np.zeros((CLASSES, KEPT), np.float32)
    for start in range(0, len(own), _BLOCK):
        some = np.arange(start, min(start + _BLOCK, len(own)))
        alike = rows[some] @ rows.T
        alike[some - start, some] = -1
        kept_here = min(KEPT, len(own) - 1)
        best = np.argpartition(-alike, kept_here, axis=1)[:, :kept_here]
        found = np.take_along_axis(alike, best, axis=1)
        order = np.argsort(-found, axis=1, kind="stable")
        candidates[own[some], :kept_here] = own[np.take_along_axis(best, order, axis=1)]
        likeness[own[some], :kept_here] = np.take_along_axis(found, order, axis=1)
    return _leave_out(Confusions(candidates, likeness), combinations(_NUMERALS, 2))


def _leave_out(confusions: Confusions, pairs: Iterable[tuple[str, str]]) -> Confusions:
    """Return the confusions without some pairs, either way."""
    candidates = confusions.candidates.copy()
    for pair in pairs:
        a, b = (int(number_characters(c)[0]) for c in pair)
        candidates[a][candidates[a] == b] = 0
        candidates[b][candidates[b] == a] = 0
    return Confusions(candidates, confusions.likeness)
