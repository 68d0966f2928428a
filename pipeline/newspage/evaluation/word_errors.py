"""Words of text that parts them with spaces, and how many of them were read wrong.

Characters alone can't tell: a page on which every fourth word is glued to its neighbour differs
from the truth in no character but the spaces.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import Levenshtein

from newspage.evaluation.page_texts import ArticleText
from newspage.evaluation.scores import ErrorCount
from newspage.spacing import FIRST_WIDE, is_spaced

_BETWEEN = re.compile(rf"[\s…—{FIRST_WIDE}-\U0010ffff]+")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_QUOTES = str.maketrans("‘’“”", "''\"\"")


def split_words(text: str) -> list[str]:
    """Return the words of a text that spaces, ideographs or dashes part, without marks around them.

    A word has a letter of Latin, Greek or Cyrillic script; numbers count in text of such words.
    """
    spaced = is_spaced(text)
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    pieces = (_EDGES.sub("", piece) for piece in _BETWEEN.split(text))
    return [p for p in pieces if p and (spaced or any(c.isalpha() for c in p))]


def word_errors(
    true: Iterable[ArticleText], made: Iterable[ArticleText], furniture: Iterable[str]
) -> ErrorCount:
    """Return the edit distance in words between articles, given in the same order.

    Furniture among the articles is forgiven word by word, the longest first.
    """
    expected = _words(true)
    read = _words(made)
    for piece in sorted(map(split_words, furniture), key=len, reverse=True):
        read = _without(read, piece)
    return ErrorCount(Levenshtein.distance(expected, read), len(expected))


def _words(articles: Iterable[ArticleText]) -> list[str]:
    parts = (
        part for a in articles for part in (a.kicker, a.title, a.deck, a.byline, *a.paragraphs)
    )
    return [word for part in parts for word in split_words(part)]


def _without(words: list[str], piece: Sequence[str]) -> list[str]:
    """Return the words but the first stretch of them that is just the piece."""
    size = len(piece)
    if not size:
        return words
    for at in range(len(words) - size + 1):
        if words[at : at + size] == piece:
            return words[:at] + words[at + size :]
    return words
