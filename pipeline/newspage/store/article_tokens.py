"""What an article is looked up by in the store: its characters, pairs of characters, and facets.

Chinese has no spaces, and words of one and two characters are the most frequent ones: tokens are
every character, every two characters in a row, and every two with one between them. A text can hold
a phrase only if it has all tokens of the phrase; whether it does is then looked up in the text.
Facets are paper, date, kind, page and output folder.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

SCHEME = "1"
"""Changes with what this module makes of a text; then a migration must empty the index as well,
since tokens can be taken out of SQLite's index only by those that went in."""

ANY = "_"
"""Stands for any one character in a phrase, as it does in LIKE; no folded text has it."""
_GAP = "\x80"
"""Between two characters that have one between them; like the other marks in no folded text."""
_FACET = "\x81"
_HEAD = "\x82"
"""Before a token of a headline."""
_SPACE = "\x83"
_PLAIN = {c: (chr(c + 0xFEE0) if c > 0x20 else _SPACE) for c in range(0x80) if not chr(c).isalnum()}
"""FTS5's tokenizer splits texts at white space and ASCII punctuation: facets have none of it."""


@dataclass(frozen=True, slots=True)
class Facets:
    """What an article is filtered by. An empty value belongs to no filter."""

    output: str
    stem: str
    kind: str
    paper: str
    """Folded."""
    date: str
    """ISO 8601."""


def list_text_tokens(folded: str) -> set[str]:
    """Return the tokens of a folded text."""
    pairs = map("".join, pairwise(folded))
    gapped = (f"{a}{_GAP}{b}" for a, b in zip(folded, folded[2:], strict=False))
    return {*folded, *pairs, *gapped}


def list_article_tokens(folded: str, head: int, facets: Facets) -> set[str]:
    """Return all tokens of an article.

    Args:
        folded: Its folded text, headlines first.
        head: How many characters of that are headlines.
        facets: What it is filtered by.
    """
    headline = {_HEAD + token for token in list_text_tokens(folded[:head])}
    return list_text_tokens(folded) | headline | set(_list_facet_tokens(facets))


def list_phrase_tokens(phrase: str, in_headline: bool = False) -> tuple[str, ...]:
    """Return the tokens that a text with a folded phrase has; `ANY` is any character.

    Single characters are left out where a pair holds them.
    """
    tokens = list_text_tokens(phrase)
    if len(phrase) > 1:
        tokens = {token for token in tokens if len(token) > 1}
    tokens = {token for token in tokens if ANY not in token}
    if not tokens:
        tokens = {c for c in phrase if c != ANY}
    return tuple(sorted(_HEAD + token if in_headline else token for token in tokens))


def make_facet(name: str, value: str) -> str:
    """Return the token of a facet: output, stem, kind or paper."""
    return f"{_FACET}{name}{_SPACE}{value.translate(_PLAIN)}"


def list_date_tokens(first: str, last: str) -> tuple[str, ...]:
    """Return tokens of which each article between two dates, both included, has one.

    The dates are ISO 8601. Whole centuries, decades, years and months have one token each.
    """
    return tuple(_cover_dates("", first.replace("-", ""), last.replace("-", "")))


_PERIODS = (2, 3, 4, 6, 8)
"""Lengths of the start of a date YYYYMMDD that is one period: century, decade, year, month, day."""
_NUMBERED = {2: range(100), 3: range(10), 4: range(10), 6: range(1, 13), 8: range(1, 32)}
"""The numbers of the periods of each length within the next longer one."""


def _cover_dates(start: str, first: str, last: str) -> Iterator[str]:
    """Yield tokens of the periods that begin with `start` and lie between two dates."""
    low, high = start + "00000101"[len(start) :], start + "99991231"[len(start) :]
    if high < first or low > last:
        return
    if start and first <= low and high <= last:
        yield _make_date_token(start)
        return
    length = next(n for n in _PERIODS if n > len(start))
    for number in _NUMBERED[length]:
        yield from _cover_dates(f"{start}{number:0{length - len(start)}d}", first, last)


def _make_date_token(period: str) -> str:
    return f"{_FACET}date{_SPACE}{period}"


def _list_facet_tokens(facets: Facets) -> Iterator[str]:
    for name in ("output", "stem", "kind", "paper"):
        if value := getattr(facets, name):
            yield make_facet(name, value)
    day = facets.date.replace("-", "")
    if day:
        yield from (_make_date_token(day[:length]) for length in _PERIODS)
