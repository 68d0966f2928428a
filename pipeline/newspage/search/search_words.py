"""What somebody typed, as folded words and phrases to be looked for."""

import re
from dataclasses import dataclass

from newspage.chinese import fold_text
from newspage.errors import UsageError
from newspage.store import ANY

_LONGEST = 1000
"""Characters of what can be looked for at once. Judgement: longer than any quotation."""
_MOST_WORDS = 20
_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|(\S+?)(?=["“\s]|$)|(\S)')
"""A phrase in quotation marks, or characters up to white space; a mark by itself is one, too."""
_LEAST_MISREAD = 3
"""Characters of a word from which it is also looked for with one of them misread: with two, every
word with either would be found."""
_MOST_MISREAD = 60
"""Characters of all words together up to which one is looked for misread: each is a search of its
own. Of 500 characters, among 2,000 articles, they took 12 seconds, of 60 a quarter of one."""


@dataclass(frozen=True, slots=True)
class SearchWords:
    """Folded words and phrases, of which an article must hold all."""

    words: tuple[str, ...]

    def list_misread(self) -> tuple["SearchWords", ...]:
        """Return the same words with one character of one of them standing for any.

        Those come first that have it inside of the word: they find less by chance. None where the
        words are long.
        """
        if sum(map(len, self.words)) > _MOST_MISREAD:
            return ()
        found: list[tuple[bool, SearchWords]] = []
        for index, word in enumerate(self.words):
            for place in range(len(word) if len(word) >= _LEAST_MISREAD else 0):
                pattern = word[:place] + ANY + word[place + 1 :]
                words = (*self.words[:index], pattern, *self.words[index + 1 :])
                found.append((place in (0, len(word) - 1), SearchWords(words)))
        return tuple(words for _, words in sorted(found, key=lambda one: one[0]))


def parse_words(text: str) -> SearchWords:
    """Return the words of a text, at white space; what stands in quotation marks is one phrase.

    Raises UsageError where there is none, or more than can be looked for.
    """
    if len(text) > _LONGEST:
        raise UsageError("search-words-too-many", longest=_LONGEST, most=_MOST_WORDS)
    parts = ("".join(filter(None, found.groups())) for found in _QUOTED.finditer(text))
    words = tuple(dict.fromkeys(filter(None, map(fold_text, parts))))
    if not words:
        raise UsageError("search-words-missing")
    if len(words) > _MOST_WORDS:
        raise UsageError("search-words-too-many", longest=_LONGEST, most=_MOST_WORDS)
    return SearchWords(words)
