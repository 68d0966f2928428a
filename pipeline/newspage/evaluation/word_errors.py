"""Count misread words in text that sets spaces between words.

Errors of characters alone cannot show this: a page on which every fourth word is glued to its
neighbour differs from the truth in no character but the spaces.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from newspage.evaluation.differences import count_edits
from newspage.evaluation.page_texts import ArticleText
from newspage.evaluation.scores import EditCount
from newspage.spacing import FIRST_WIDE, is_spaced

_BETWEEN = re.compile(rf"[\s…—{FIRST_WIDE}-\U0010ffff]+")
"""Separators of words: white space, ellipses, dashes, and all characters from the first wide one
on."""
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
"""Marks at the beginning and the end of a word."""
_QUOTES = str.maketrans("‘’“”", "''\"\"")
"""Curly quotation marks and apostrophes become straight ones."""


def split_words(text: str) -> list[str]:
    """Split a text into words at spaces, ideographs and dashes, and strip the marks around them.

    A word has a letter of Latin, Greek or Cyrillic script; numbers count in text of such words.
    """
    spaced = is_spaced(text)
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    pieces = (_EDGES.sub("", piece) for piece in _BETWEEN.split(text))
    return [p for p in pieces if p and (spaced or any(c.isalpha() for c in p))]


def word_errors(
    true: Iterable[ArticleText], made: Iterable[ArticleText], furniture: Iterable[str]
) -> EditCount:
    """Return the edit distance in words between two lists of articles in the same order.

    Pieces of `furniture` among the articles are forgiven word by word, the longest first.
    """
    expected = _words(true)
    read = _words(made)
    for piece in sorted(map(split_words, furniture), key=len, reverse=True):
        read = _without(read, piece)
    return count_edits(expected, read)


def _words(articles: Iterable[ArticleText]) -> list[str]:
    """Return the words of all parts of some articles, in order."""
    parts = (
        part for a in articles for part in (a.kicker, a.title, a.deck, a.byline, *a.paragraphs)
    )
    return [word for part in parts for word in split_words(part)]


def _without(words: list[str], piece: Sequence[str]) -> list[str]:
    """Return the words without the first stretch of them that equals the piece."""
    size = len(piece)
    if not size:
        return words
    for at in range(len(words) - size + 1):
        if words[at : at + size] == piece:
            return words[:at] + words[at + size :]
    return words
