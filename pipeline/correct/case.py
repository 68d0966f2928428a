"""A text under examination, with all that is known about it before anything is proposed."""

from dataclasses import dataclass, field
from functools import cached_property

from pipeline.correct.dictionaries import Dictionaries, Entry
from pipeline.correct.language import Language, is_chinese
from pipeline.correct.lookup import Match
from pipeline.correct.text import Text

FLUENT = 0.5
"""From this share of characters in listed words on, word frequencies say something."""
CLAUSE = "，；：,;:"
SENTENCE = "。！？!?…"
CLOSING = "”’」』）》】)"
TERMINAL = SENTENCE + CLOSING + "：:；;"
"""What a finished paragraph may end with."""


@dataclass(frozen=True)
class Case:
    """What a detector is given. `page` is the text of the page (or issue) around it."""

    text: Text
    dictionaries: Dictionaries
    language: Language
    page: str = field(default="", repr=False)

    @property
    def string(self) -> str:
        return self.text.string

    @cached_property
    def fluent(self) -> bool:
        """Whether the word list knows this kind of Chinese (modern, simplified)."""
        return self.language.knows(self.string[:4000]) >= FLUENT

    @cached_property
    def known(self) -> tuple[Match, ...]:
        """Dictionary entries that stand in the text."""
        return tuple(self.dictionaries.index.exact(self.string))

    def entry(self, match: Match) -> Entry:
        return self.dictionaries.phrases[match.entry]

    def count(self, part: str) -> int:
        """How often a string stands on the page."""
        return (self.page or self.string).count(part)

    def is_term(self, term: str) -> bool:
        """Whether it is listed as a noun, or stands in a dictionary."""
        return term in self.dictionaries.by_text or self.language.noun(term)

    def quoted(self, offset: int) -> bool:
        """Whether a place lies inside quotation marks of its block."""
        block = self.text.block_at(offset)
        before = self.string[block.start if block else 0 : offset]
        return any(before.count(a) > before.count(b) for a, b in ("“”", "「」", "『』", "‘’"))


def chinese_only(text: str) -> bool:
    """Whether a string is not empty and all Han characters."""
    return bool(text) and all(is_chinese(c) for c in text)
