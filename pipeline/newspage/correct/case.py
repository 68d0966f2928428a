"""A text under examination, with all that is known about it before anything is proposed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from itertools import accumulate

from newspage.chinese.word_list import (
    Language,
    is_han,
    list_simplified_only,
    map_to_simplified,
)
from newspage.correct.dictionaries import Dictionaries, DictionaryEntry, EntryKind
from newspage.correct.lookup import PhraseMatch
from newspage.edits.flat_text import FlatText

FLUENT = 0.5
"""From this share of characters in listed words on, word frequencies say something."""
MIXED = 0.05
"""Share of characters of one script only, from which on a text is in that script."""
CLAUSE = "，；：,;:"
SENTENCE = "。！？!?…"
CLOSING = "”’」』）》】)"
TERMINAL = SENTENCE + CLOSING + "：:；;"
"""What a finished paragraph may end with."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Words that stand together without a mark between them."""

    start: int
    words: tuple[str, ...]

    @property
    def placed(self) -> Iterator[tuple[int, int, str]]:
        """Number, place and characters of each word."""
        at = self.start
        for number, word in enumerate(self.words):
            yield number, at, word
            at += len(word)


@dataclass(frozen=True)
class DetectorInput:
    """What a detector is given. `page` is the text of the page (or issue) around it."""

    text: FlatText
    dictionaries: Dictionaries
    language: Language
    page: str = field(default="", repr=False)

    @property
    def string(self) -> str:
        return self.text.string

    @cached_property
    def fluent(self) -> bool:
        """Whether the word list knows this kind of Chinese (modern, simplified)."""
        return self.language.knows_word(self.string[:4000]) >= FLUENT

    @cached_property
    def traditional(self) -> bool:
        """Whether the text is set in traditional characters."""
        return script_of(self.string[:4000]) is TextScript.TRADITIONAL

    @cached_property
    def simplified(self) -> bool:
        """Whether the text is set in simplified characters."""
        return script_of(self.string[:4000]) is TextScript.SIMPLIFIED

    def of_script(self, character: str) -> bool:
        """Whether a character may stand in this text, as far as the script goes."""
        foreign = TextScript.SIMPLIFIED if self.traditional else TextScript.TRADITIONAL
        return script_of(character) is not foreign

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The stretches of Chinese between marks, cut into words."""
        found = re.finditer(r"[一-龥]+", self.string)
        return tuple(Clause(m.start(), tuple(self.language.split_words(m[0]))) for m in found)

    @cached_property
    def known(self) -> tuple[PhraseMatch, ...]:
        """Dictionary entries that stand in the text."""
        return tuple(self.dictionaries.index.find_exact(self.string))

    def find_entry(self, match: PhraseMatch) -> DictionaryEntry:
        return self.dictionaries.phrases[match.entry]

    def count_occurrences(self, part: str) -> int:
        """How often a string stands on the page."""
        counts = self._counts
        if part not in counts:
            counts[part] = (self.page or self.string).count(part)
        return counts[part]

    def is_term(self, term: str) -> bool:
        """Whether it is listed as a noun, or stands in a dictionary."""
        return term in self.dictionaries.by_text or self.language.is_noun(term)

    def is_thing(self, term: str) -> bool:
        """Whether a term names a thing: listing one twice is a slip, saying a verb twice is not."""
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
        """Whether a place lies inside quotation marks of its block."""
        block = self.text.block_at(offset)
        start = block.start if block else 0
        return any(depths[offset] > depths[start] for depths in self._quotation_depths)

    @cached_property
    def _counts(self) -> dict[str, int]:
        """Counts that were asked for; the same few are, again and again."""
        return {}

    @cached_property
    def _quotation_depths(self) -> tuple[Sequence[int], ...]:
        """For each kind of quotation marks how many more were opened than closed so far."""
        return tuple(
            list(accumulate(((c == a) - (c == b) for c in self.string), initial=0))
            for a, b in ("“”", "「」", "『』", "‘’")
            if a in self.string
        )


class TextScript(Enum):
    """In which characters a text is set."""

    SIMPLIFIED = auto()
    TRADITIONAL = auto()
    EITHER = auto()
    """Too little text to tell, or characters that both have."""


def script_of(text: str) -> TextScript:
    """The script of a text, or of a character."""
    simplified, traditional = list_simplified_only(), map_to_simplified()
    chinese = [c for c in text if is_han(c)]
    old = sum(ord(c) in traditional for c in chinese)
    new = sum(c in simplified for c in chinese)
    if max(old, new) < MIXED * len(chinese) or old == new:
        return TextScript.EITHER
    return TextScript.TRADITIONAL if old > new else TextScript.SIMPLIFIED


def is_all_chinese(text: str) -> bool:
    """Whether a string is not empty and all Han characters."""
    return bool(text) and all(is_han(c) for c in text)
