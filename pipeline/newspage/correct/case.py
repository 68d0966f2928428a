"""The input of a detector: a text with all that is known about it before anything is proposed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from itertools import accumulate

from newspage.chinese import Language, is_han, list_simplified_only, map_to_simplified
from newspage.correct.ctc_scores import Alphabet
from newspage.correct.dictionaries import Dictionaries, DictionaryEntry, EntryKind
from newspage.correct.lookup import PhraseMatch
from newspage.edits import FlatText
from newspage.model import TextLine

FLUENT = 0.5
"""Share of characters in listed words from which word frequencies are trusted: modern Chinese has
0.7 and over, classical prose and telegraph style less than this (`Language.measure_word_share`)."""
MIXED = 0.05
"""Share of its ideographs that must be of one script only for a text to be in that script.
Judgement: most ideographs are the same in both."""
CLAUSE = "，；：,;:"
"""Marks that end a clause inside a sentence."""
SENTENCE = "。！？!?…"
"""Marks that end a sentence."""
CLOSING = "”’」』）》】)"
"""Marks that may follow the end of a sentence."""
TERMINAL = SENTENCE + CLOSING + "：:；;"
"""Marks that a finished paragraph may end with."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of ideographs with no mark inside, cut into words."""

    start: int
    words: tuple[str, ...]

    @property
    def placed(self) -> Iterator[tuple[int, int, str]]:
        """Yield number in the clause, offset in the text and characters of each word."""
        at = self.start
        for number, word in enumerate(self.words):
            yield number, at, word
            at += len(word)


@dataclass(frozen=True, slots=True)
class PrintedLines:
    """The lines of a page as read, with their lattices."""

    lines: Mapping[str, TextLine] = field(default_factory=dict, repr=False)
    """The lines by id."""
    characters: tuple[str, ...] = field(default=(), repr=False)
    """The character of each class of the engine."""
    alphabet: Alphabet = field(default_factory=lambda: Alphabet({}, 0), repr=False)
    """The classes of each character."""


@dataclass(frozen=True)
class DetectorInput:
    """The input of a detector. `page` is the text of the page (or issue) around `text`."""

    text: FlatText
    dictionaries: Dictionaries
    language: Language
    page: str = field(default="", repr=False)
    printed: PrintedLines = field(default_factory=PrintedLines)
    """The lines that the text was read on; none without a page."""

    @property
    def string(self) -> str:
        """Return the text as one string; spans of proposals are offsets in it."""
        return self.text.string

    @cached_property
    def fluent(self) -> bool:
        """Tell whether the word list knows this kind of Chinese: modern, of either script.

        The first 4,000 characters decide, here and in `traditional` and `simplified`: enough for a
        share (judgement).
        """
        return self.language.measure_word_share(self.string[:4000]) >= FLUENT

    @cached_property
    def traditional(self) -> bool:
        """Tell whether the text is set in traditional characters."""
        return script_of(self.string[:4000]) is TextScript.TRADITIONAL

    @cached_property
    def simplified(self) -> bool:
        """Tell whether the text is set in simplified characters."""
        return script_of(self.string[:4000]) is TextScript.SIMPLIFIED

    def of_script(self, character: str) -> bool:
        """Tell whether a character may stand in this text, as far as the script goes."""
        foreign = TextScript.SIMPLIFIED if self.traditional else TextScript.TRADITIONAL
        return script_of(character) is not foreign

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Return the stretches of Chinese between marks, cut into words."""
        found = re.finditer(r"[一-龥]+", self.string)
        return tuple(Clause(m.start(), tuple(self.language.split_words(m[0]))) for m in found)

    @cached_property
    def known(self) -> tuple[PhraseMatch, ...]:
        """Return the places where entries of the dictionaries stand in the text."""
        return tuple(self.dictionaries.index.find_exact(self.string))

    def find_entry(self, match: PhraseMatch) -> DictionaryEntry:
        """Return the dictionary entry that a match is about."""
        return self.dictionaries.phrases[match.entry]

    def count_occurrences(self, part: str) -> int:
        """Return the number of times a string stands on the page."""
        counts = self._counts
        if part not in counts:
            counts[part] = (self.page or self.string).count(part)
        return counts[part]

    def is_term(self, term: str) -> bool:
        """Tell whether a term is listed as a noun or stands in a dictionary."""
        return term in self.dictionaries.by_text or self.language.is_noun(term)

    def is_thing(self, term: str) -> bool:
        """Tell whether a term names a thing.

        A thing that is listed twice is a slip; a verb that is said twice is not.
        """
        entry = self.dictionaries.by_text.get(term)
        if entry is not None and entry.kind is not EntryKind.PHRASES:
            return True
        tag = self.language.tag_word(term)
        if tag.startswith("n"):
            return True
        if entry is not None or tag in ("l", "j"):
            return self.language.tag_word(term[-1]).startswith("n")
        words = self.language.split_words(term)
        return len(words) > 1 and len(words[-1]) > 1 and self.language.tag_word(words[-1]) == "n"

    def is_quoted(self, offset: int) -> bool:
        """Tell whether a place lies inside quotation marks of its part of the text."""
        block = self.text.block_at(offset)
        start = block.start if block else 0
        return any(depths[offset] > depths[start] for depths in self._quotation_depths)

    @cached_property
    def _counts(self) -> dict[str, int]:
        """Return the cache of `count_occurrences`, which is asked for the same few again."""
        return {}

    @cached_property
    def _quotation_depths(self) -> tuple[Sequence[int], ...]:
        """Return for each kind of quotation marks in the text its depth at each offset.

        The depth is the number of marks opened and not closed before that offset.
        """
        return tuple(
            list(accumulate(((c == a) - (c == b) for c in self.string), initial=0))
            for a, b in ("“”", "「」", "『』", "‘’")
            if a in self.string
        )


class TextScript(Enum):
    """The script of a text: simplified, traditional, or impossible to tell."""

    SIMPLIFIED = auto()
    TRADITIONAL = auto()
    EITHER = auto()
    """Too little text to tell, or characters that both have."""


def script_of(text: str) -> TextScript:
    """Return the script of a text, or of a single character."""
    simplified, traditional = list_simplified_only(), map_to_simplified()
    chinese = [c for c in text if is_han(c)]
    old = sum(ord(c) in traditional for c in chinese)
    new = sum(c in simplified for c in chinese)
    if max(old, new) < MIXED * len(chinese) or old == new:
        return TextScript.EITHER
    return TextScript.TRADITIONAL if old > new else TextScript.SIMPLIFIED


def is_all_chinese(text: str) -> bool:
    """Tell whether a string is not empty and all Han characters."""
    return bool(text) and all(is_han(c) for c in text)
