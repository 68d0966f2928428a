"""Fold texts for searching: what people count as the same characters becomes the same string.

Traditional and old forms become simplified ones, full-width letters and digits plain ones, capital
letters small ones; letters lose their accents; white space and marks that are not printed go.
Each character is folded by itself, so that a part of a text folds to a part of the folded text.
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from newspage.chinese.word_list import map_standard_forms, map_to_simplified

_RULES = "1"
"""Changes with the rules of this module."""

_FULL_WIDTH = {c: chr(c + 0xFEE0) for c in range(0x21, 0x7F) if not chr(c).isalnum()}
"""ASCII punctuation becomes what Chinese print has for it; none is left in a folded text."""
_ONE_FORM = {"著": "着"}
"""Characters that are simplified in some words only; who searches for either finds both."""


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A folded text, and for each of its characters the index of the one it came from."""

    text: str
    origins: Sequence[int]

    def find_span(self, start: int, end: int) -> tuple[int, int]:
        """Return start and end, in the text as it was, of a non-empty span of the folded text."""
        return self.origins[start], self.origins[end - 1] + 1


@cache
def hash_folding() -> str:
    """Return a hash of the rules and tables: texts that were folded by others must be folded anew.

    The tables are those of the installed `opencc`.
    """
    tables = (sorted(map_standard_forms().items()), sorted(map_to_simplified().items()))
    known = (_RULES, unicodedata.unidata_version, tables, _ONE_FORM)
    return hashlib.sha256(repr(known).encode()).hexdigest()[:16]


def fold_text(text: str) -> str:
    """Return a text as it is compared when somebody searches."""
    return "".join(map(fold_character, text))


def fold_with_origins(text: str) -> FoldedText:
    """Return a folded text with the way back to the text as it was."""
    folded: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        made = fold_character(character)
        folded.append(made)
        origins += [index] * len(made)
    return FoldedText("".join(folded), origins)


@lru_cache(maxsize=1 << 16)
def fold_character(character: str) -> str:
    """Return what one character is compared as; empty for white space and unprinted marks."""
    plain = unicodedata.normalize("NFKD", character)
    base = "".join(c for c in plain if unicodedata.category(c) != "Mn")
    # Kana and Hangul stay composed: their marks make other letters.
    plain = base if base.isascii() else unicodedata.normalize("NFKC", character)
    small = "".join(map(_fold_form, plain.lower()))
    return small.translate(_FULL_WIDTH)


def _fold_form(character: str) -> str:
    """Return the simplified form of a character; empty for one that is not printed."""
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Mn", "Zs", "Zl", "Zp"):
        return ""
    # Twice: 麼 is simplified as 么, which by itself counts as a form of 幺.
    for _ in range(2):
        character = map_standard_forms().get(ord(character), character)
        character = map_to_simplified().get(ord(character), character)
    return _ONE_FORM.get(character, character)
