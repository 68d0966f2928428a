"""Hyphens at the ends of lines of Latin text: those of broken words and those of compounds.

No list of words is asked: the page itself says how it writes a word inside its lines. Where the
page does not say, the two halves decide, and where they leave a doubt, the hyphen stays.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HYPHENS = "-‐¬\u00ad"
"""Marks that recognisers give for the hyphen at the end of a line."""
ELSEWHERE, ALONE = 0.999, 0.995
"""Probability that the hyphen goes: where the page has the word without it elsewhere, and where the
word is at this line's end only. Judgement: both lie above 0.99, from which the text alone is
corrected."""
EITHER = 0.6
"""The same where both halves are words of the page, or the page writes the word both ways.
Judgement: a person is asked."""
SHORTEST = 3
"""Letters a half needs to count as a word of a compound; a, of and in do not."""

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
"""A word, compounds with hyphens or apostrophes taken as one."""
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_ORDINALS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
_OFFICES = "president|governor|mayor|senator|judge|king|queen|minister|convict|soldier|chief"
"""Titles that ex- is set before."""
_COMPOUND = re.compile(
    rf"(?:{_TENS})-(?:{_ONES}|{_ORDINALS})"
    rf"|(?:{_ONES})-(?:half|halves|quarters?|(?:{_ORDINALS}|tenth)s?)"
    rf"|ex-(?:{_OFFICES})s?|to-(?:day|night|morrow)"
    r"|(?:vice|quasi|half|well)-\w{4,}|self-(?!ish)\w{4,}"
    r"|(?:co-o|re-e|pre-e)\w+|\w{4,}-(?:elect|general|in-law)"
)
"""Compounds that are written with a hyphen inside a line as well."""
_CLOSED = re.compile(
    r"(?:any|some|every)(?:thing|body|one|where|how|times?|what)|no(?:thing|body|where)"
    r"|(?:him|her|it|my|your)self|(?:them|our|your)selves|with(?:in|out|stand|draw|hold)"
    r"|(?:there|where|here)(?:fore|after|by|in|of|upon|with)|never(?:theless)|(?:in|on|un)to|upon"
    r"|(?:to|up|down|out|in|for|back|after|east|west|north|south)wards?|(?:in|out|be)sides?"
    r"|al(?:so|though|ways|ready|together)|(?:how|what|when|who|where)ever|in(?:deed|stead)"
    r"|(?:under|mis)(?:stand|stood|take|taken)|be(?:fore|come|came|cause|hind|low)|together"
)
"""Words made of two words that are never written with a hyphen."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a page, lower case, with how often each stands whole inside a line."""

    counts: Mapping[str, int]

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Vocabulary":
        """Count the words of printed lines, the first and last of each line left out.

        The first may be the second half of a word, the last the first half.
        """
        counts: Counter[str] = Counter()
        for line in lines:
            counts.update(w.lower() for w in _WORD.findall(line)[1:-1])
        return cls(counts)

    def __getitem__(self, word: str) -> int:
        """Return how often a word in lower case stands inside the lines; 0 if never."""
        return self.counts.get(word, 0)


def find_broken_word(before: str, after: str) -> tuple[str, str] | None:
    """Return the halves of a word around the hyphen at the end of `before`, or None.

    `after` is the text of the next line. The second half must go on in lower case, or both be in
    capitals, as in a headline.
    """
    if before[-1:] not in tuple(HYPHENS):
        return None
    halves = re.search(r"(?:[^\W\d_]+[-'’])*[^\W\d_]+$", before[:-1]), _WORD.match(after)
    if halves[0] is None or halves[1] is None:
        return None
    left, right = halves[0][0], halves[1][0]
    capitals = len(left) > 1 and left.isupper() and right.isupper()
    return (left, right) if right[0].islower() or capitals else None


def score_hyphen(left: str, right: str, seen: Vocabulary) -> float:
    """Return the probability that a hyphen at a line's end only breaks a word; 0: it is kept.

    `left` and `right` are the halves as printed, `seen` the words inside the lines of the page.
    """
    one, two = left.lower(), right.lower()
    whole, compound = seen[one + two], seen[f"{one}-{two}"]
    if whole or compound:
        return 0.0 if compound > whole else EITHER if compound else ELSEWHERE
    if _COMPOUND.fullmatch(f"{one}-{two}") or "-" in one:
        return 0.0
    if _CLOSED.fullmatch(one + two):
        return ALONE
    words = min(len(one), len(two)) >= SHORTEST and seen[one] and seen[two]
    return EITHER if words or len(one) == 1 or left.isupper() else ALONE
