"""Where a line of Chinese text ends: widths in em, and the rules for punctuation.

Closing marks never start a line and opening marks never end one (the rules of GB/T 15834 and of
the W3C's *Requirements for Chinese Text Layout*, 3.1.3); words and numbers are not divided.
"""

import re
from functools import lru_cache

NO_START = frozenset("，。、；：？！）》〉」』】〕”’％%…—·")
NO_END = frozenset("（《〈「『【〔“‘")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[.,:/~-][A-Za-z0-9]+)*[%％℃]?|——|……|.", re.DOTALL)


def width_of(char: str) -> float:
    """Width of a character in em: an upper bound, for the fonts in use differ a little."""
    if char == " ":
        return 0.3
    if char.isascii():
        return 0.6 if char.isdigit() else 0.75 if char.isupper() else 0.58
    return 1.0


@lru_cache(maxsize=8192)
def _token_width(token: str) -> float:
    return sum(width_of(c) for c in token)


def text_width(text: str) -> float:
    """Width of a text in em, set solid."""
    return sum(_token_width(t) for t in tokens(text))


@lru_cache(maxsize=512)
def tokens(text: str) -> tuple[str, ...]:
    """The text cut into pieces that are never divided; together they are the text."""
    return tuple(_TOKEN.findall(text))


def take_line(pieces: tuple[str, ...], start: int, measure: float) -> int:
    """Index of the first token that no longer belongs on a line of `measure` em.

    At least one token is taken. A break that the rules forbid is moved to the left.
    """
    end, used = start, 0.0
    while end < len(pieces) and used + _token_width(pieces[end]) <= measure + 1e-6:
        used += _token_width(pieces[end])
        end += 1
    if end == len(pieces) or end == start:
        return max(end, start + 1)
    while end > start + 1 and _forbidden(pieces[end - 1], pieces[end]):
        end -= 1
    return end


def _forbidden(last: str, following: str) -> bool:
    return last in NO_END or following[0] in NO_START or following == " "
