"""Spaces between words, where printed lines of a script that has them are put together.

Latin, Greek and Cyrillic print separates words by a space, and a line's end stands for one; Chinese
print has none. Lines of both meet on one page, so each meeting is looked at by itself.
"""

import re
from collections.abc import Sequence

from newspage.model import Char, join_chars

FIRST_WIDE = "\u2e80"
"""First of the code points (CJK radicals onwards) that are set as wide as high, without spaces."""
DASHES = "-‐‑–—/"
"""Marks that stay joined to the word after them, unless a space sets them off."""
WINDOW = 40
"""Characters on each side that tell the script around a number or a mark. Judgement."""

_WORD = re.compile(r"[^\W\d_\u2e80-\U0010ffff]+")
"""A word of a script that is set with spaces."""


def needs_space(before: str, after: str) -> bool:
    """Tell whether a space separates the end of one printed line and the start of the next.

    It does between two letters of Latin (Greek, Cyrillic) script. Numbers and marks follow the
    script that prevails in the `WINDOW` around them. A hyphen, a dash and a web address go on as
    they stand, and so does everything beside an ideograph or a mark of full width.
    """
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return False
    if max(before[-1], after[0]) >= FIRST_WIDE or _continues_unspaced(before, after):
        return False
    last = next((c for c in reversed(before) if c.isalnum()), "")
    first = next((c for c in after if c.isalnum()), "")
    if max(last, first) >= FIRST_WIDE:
        return False
    if last.isalpha() and first.isalpha():
        return True
    return is_spaced(before[-WINDOW:] + after[:WINDOW])


def is_spaced(text: str) -> bool:
    """Tell whether a text has more words of a spaced script than ideographs.

    A word counts as much as an ideograph: a Chinese headline may begin with NBA.
    """
    return len(_WORD.findall(text)) > sum(c.isalpha() for c in text if c >= FIRST_WIDE)


def find_space_between(before: Sequence[Char], after: Sequence[Char]) -> list[Char]:
    """Return the space between two stretches of text that follow each other, or an empty list.

    The space has no glyph of its own: it names that of the character before it.
    """
    if not needs_space(
        join_chars(tuple(before[-2 * WINDOW :])), join_chars(tuple(after[: 2 * WINDOW]))
    ):
        return []
    return [Char(" ", before[-1].line, before[-1].glyph)]


def _continues_unspaced(before: str, after: str) -> bool:
    """Tell whether a dash or a web address goes on in the next line without a space."""
    if before[-1] in DASHES:
        return before[-2:-1] != " "
    if after[0] in DASHES[1:]:
        return after[1:2] != " "
    word = before.rsplit(None, 1)[-1].lower()
    return "://" in word or "@" in word or word.startswith("www.")
