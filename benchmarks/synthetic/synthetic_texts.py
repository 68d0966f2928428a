"""Writes texts for synthetic lines, in the characters that a paper uses.

Some are lines of the paper that are known. The others are words of the word list one after the
other, in the script of the paper and the forms of characters that it has, those with characters
that are easily taken for others more often than they occur.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
from rapidfuzz.distance import Levenshtein

from newspage.chinese import (
    is_han,
    list_forms,
    list_simplified_only,
    load_word_list,
    map_standard_forms,
)
from newspage.correct import find_shipped_folder, load_dictionaries

KNOWN = 0.4
"""Share of the texts that are known lines of the paper, where there are any. Judgement."""
AIMED = 0.4
"""Share of the words that are drawn for a character in them that is easily misread. Judgement."""
MISREAD = 5.0
"""How much oftener a character is aimed at for each time that it was misread in known lines."""
SIMPLIFIED = 0.1
"""Share of characters that simplified print has in place of others, from which a paper is
simplified. Judgement: of simplified papers it is a third; old ones write some that way, too."""
FLATTENED = 0.75
"""Power of how often a word is used by which it is drawn: rare words, and with them rare
characters, occur oftener than in texts, common ones still most. Judgement."""
LONGEST = 4
"""Characters of the longest word that is used. Judgement: longer ones are names of today."""


class TextWriter:
    """A writer of lines as a paper might have printed them."""

    def __init__(
        self,
        known: Sequence[str],
        read: Sequence[str],
        characters: Iterable[str],
        share: float = KNOWN,
    ) -> None:
        """Learn how a paper writes.

        Args:
            known: Texts of its lines.
            read: What the network read in those lines.
            characters: The characters that the network has classes for.
            share: Share of the lines to be written that have one of the known texts.
        """
        self._share = share
        writable = frozenset(characters) - {""}
        self._known = [text for text in known if set(text) <= writable]
        whole = "".join(known)
        simple = sum(c in list_simplified_only() for c in whole)
        self._forms = _choose_forms(whole)
        words, weights = _list_words(simple > SIMPLIFIED * max(1, len(whole)))
        words = [word.translate(self._forms) for word in words]
        self._words = words
        self._weights = np.cumsum(
            [w if set(x) <= writable else 0.0 for x, w in zip(words, weights, strict=True)]
        )
        self._by_character: dict[str, list[int]] = {}
        for number, word in enumerate(words):
            for character in set(word):
                self._by_character.setdefault(character, []).append(number)
        self._aims, self._aim_weights = self._choose_aims(known, read)
        marks = [c for c in whole if not is_han(c) and not c.isspace() and c in writable]
        self._marks = sorted(Counter(marks).items())
        self._mark_share = len(marks) / max(1, len(whole))

    def write_line(self, length: int, random: np.random.Generator) -> str:
        """Return a text; about `length` characters long where it is none of the known ones."""
        if self._known and random.random() < self._share:
            return self._known[random.integers(len(self._known))]
        text = ""
        while len(text) < length:
            text += self._draw_word(random)
            if self._marks and random.random() < 2 * self._mark_share:
                text += self._draw_mark(random)
        return text[:length]

    def _draw_word(self, random: np.random.Generator) -> str:
        """Draw a word, often one with a character that is easily misread."""
        if self._aims and random.random() < AIMED:
            at = np.searchsorted(self._aim_weights, random.random() * self._aim_weights[-1])
            places = self._by_character[self._aims[int(at)]]
            return self._words[places[random.integers(len(places))]]
        at = np.searchsorted(self._weights, random.random() * self._weights[-1])
        return self._words[int(at)]

    def _draw_mark(self, random: np.random.Generator) -> str:
        """Draw a mark, a digit or a letter as often as the paper has them."""
        counts = np.cumsum([n for _, n in self._marks])
        at = np.searchsorted(counts, random.random() * counts[-1])
        return self._marks[int(at)][0]

    def _choose_aims(
        self, known: Sequence[str], read: Sequence[str]
    ) -> tuple[list[str], np.ndarray[tuple[int], np.dtype[np.float64]]]:
        """Return the characters that words are drawn for, and their weights added up."""
        weights: dict[str, float] = dict.fromkeys(_list_look_alikes(), 1.0)
        for character in _list_misread(known, read):
            weights[character] = weights.get(character, 0.0) + MISREAD
        aims: dict[str, float] = {}
        for character, weight in weights.items():
            form = character.translate(self._forms)
            usable = [i for i in self._by_character.get(form, ()) if self._is_drawn(i)]
            if usable:
                self._by_character[form] = usable
                aims[form] = max(aims.get(form, 0.0), weight)
        listed = sorted(aims)
        return listed, np.cumsum([aims[c] for c in listed])

    def _is_drawn(self, number: int) -> bool:
        """Tell whether a word is written in characters that the network has."""
        before = self._weights[number - 1] if number else 0.0
        return bool(self._weights[number] > before)


def _choose_forms(text: str) -> Mapping[int, str]:
    """Return for each character the form of it that a text has more often, where it has another."""
    counts = Counter(c for c in text if is_han(c))
    standard = map_standard_forms()
    chosen: dict[int, str] = {}
    for root in {standard.get(ord(c), c) for c in counts}:
        forms = list_forms(root)
        usual = max(forms, key=lambda form: counts[form])
        chosen.update({ord(form): usual for form in forms if form != usual})
    return chosen


def _list_misread(known: Iterable[str], read: Iterable[str]) -> Iterable[str]:
    """Yield the characters that were taken for others, and those that they were taken for."""
    for text, seen in zip(known, read, strict=True):
        for edit in Levenshtein.editops(text, seen):
            pair = text[edit.src_pos : edit.src_pos + 1] + seen[edit.dest_pos : edit.dest_pos + 1]
            if edit.tag == "replace" and all(map(is_han, pair)):
                yield from pair


def _list_look_alikes() -> list[str]:
    """Return the characters that the dictionary of look-alikes lists."""
    return sorted(load_dictionaries([find_shipped_folder()]).confusions)


@cache
def _list_words(simplified: bool) -> tuple[list[str], list[float]]:
    """Return words in a script, and how often each is drawn."""
    counts = [
        (word, share)
        for word, share in load_word_list().counts()
        if len(word) <= LONGEST and all(map(is_han, word))
    ]
    words = [word for word, _ in counts]
    if not simplified:
        from opencc import OpenCC

        words = OpenCC("s2t").convert("\n".join(words)).split("\n")
    return words, [float(share) ** FLATTENED for _, share in counts]
