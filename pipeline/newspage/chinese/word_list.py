"""Unigram model of Chinese words, from the word frequencies of the package `jieba`.

Only its word list is used (MIT licence, 349,000 words with counts); the package is not imported, so
no cache file is written and nothing is patched. The list is simplified: traditional characters are
looked up as their simplified ones (table of the package `opencc`), one by one, so that places stay
the same. The text itself is never converted.
"""

import importlib.util
import math
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache
from pathlib import Path

from newspage.errors import MissingDependencyError

LONGEST = 8
"""Most characters of a word that is looked up. Judgement: longer entries are names and phrases
whose parts are listed as well."""
UNKNOWN = 2.5
"""Nats that an ideograph in no list costs beyond the rarest listed word. Judgement."""
NOUNS = ("n", "nt", "nz", "l", "j", "vn", "ns")
"""Tags of `jieba` that count as nouns or set terms: n noun, nt institution, nz other proper name, l
set phrase, j abbreviation, vn verbal noun, ns place."""

Words = Mapping[str, tuple[float, str]]
"""Minus the log-probability in nats, and the part of speech, of each listed word."""


class Language:
    """A unigram model of words: their frequencies, and the costs that follow. Immutable."""

    def __init__(
        self, counts: Mapping[str, tuple[int, str]], simplified: Mapping[int, str] | None = None
    ) -> None:
        """Take the count and the part of speech of each word.

        `simplified` has the simplified form of each traditional character, by code point.
        """
        self._simplified = dict(simplified or {})
        total = sum(n for n, _ in counts.values()) or 1
        self._words: Words = {
            w: (math.log(total / max(1, n)), tag) for w, (n, tag) in counts.items()
        }
        self._unknown = math.log(total) + UNKNOWN

    def counts(self) -> Iterator[tuple[str, float]]:
        """Yield each listed word and its share of all counted words."""
        return ((word, math.exp(-rarity)) for word, (rarity, _) in self._words.items())

    def __contains__(self, word: str) -> bool:
        """Tell whether a word is listed."""
        return word.translate(self._simplified) in self._words

    def is_noun(self, word: str) -> bool:
        """Tell whether a word is listed as a noun or a set term."""
        return self.tag_word(word) in NOUNS

    def tag_word(self, word: str) -> str:
        """Return the part of speech of a listed word, as `jieba` tags it; empty for others."""
        listed = self._words.get(word.translate(self._simplified))
        return listed[1] if listed else ""

    def split_words(self, text: str, extra: Set[str] = frozenset()) -> list[str]:
        """Return the likeliest cut of a text into words; `extra` words count as listed."""
        return self._cut(text, extra)[1]

    def measure_cost(self, text: str, extra: Set[str] = frozenset()) -> float:
        """Return minus the log-probability of a text's likeliest cut, in nats; 0 if it is empty.

        `extra` are words that count as listed, each as rare as the rarest one (terms of this very
        page).
        """
        return self._cut(text, extra)[0]

    def measure_gain(self, text: str, start: int, end: int, proposed: str, reach: int = 6) -> float:
        """Return by how many nats a text gets likelier when a part of it is replaced.

        Args:
            text: The text as it stands.
            start: First character of the part.
            end: The character after the part; equal to `start` for an insertion.
            proposed: The characters to stand there instead; empty for a deletion.
            reach: Most ideographs on each side that are weighed with it; any other mark ends them.

        Returns:
            Nats; negative where the text as it stands is likelier.
        """
        low, high = _widen_span(text, start, end, reach)
        before, after = text[low:start], text[end:high]
        return self.measure_cost(before + text[start:end] + after) - self.measure_cost(
            before + proposed + after
        )

    def measure_word_share(self, text: str) -> float:
        """Return the share of ideographs that are in listed words of two or more; 0 for no text.

        It is near 0.7 and over for modern Chinese, below 0.5 for classical prose and telegraph
        style, about which the word list has little to say.
        """
        chinese = [w for w in self.split_words(text) if is_han(w[0])]
        total = sum(len(w) for w in chinese)
        return sum(len(w) for w in chinese if len(w) > 1) / total if total else 0.0

    def _cut(self, text: str, extra: Set[str]) -> tuple[float, list[str]]:
        """Return the cost in nats and the words of the likeliest cut.

        The Viterbi algorithm over the word graph, from the right: the cost of the rest is known
        before a word is put in front of it.
        """
        shown, text = text, text.translate(self._simplified)
        n = len(text)
        costs, lengths = [0.0] * (n + 1), [1] * n
        words = self._words
        for i in range(n - 1, -1, -1):
            single = words.get(text[i])
            best = (single[0] if single else self._unlisted_cost(text[i])) + costs[i + 1]
            size = 1
            for j in range(i + 2, min(n, i + LONGEST) + 1):
                known = words.get(text[i:j])
                if known is not None or text[i:j] in extra:
                    cost = (known[0] if known else self._unknown - UNKNOWN) + costs[j]
                    if cost < best:
                        best, size = cost, j - i
            costs[i], lengths[i] = best, size
        cut, i = [], 0
        while i < n:
            cut.append(shown[i : i + lengths[i]])
            i += lengths[i]
        return costs[0], cut

    def _unlisted_cost(self, character: str) -> float:
        """Return the cost in nats of a character that is not listed.

        An ideograph counts as rare. All others cost the same 4 nats (judgement), so that marks and
        digits carry no evidence.
        """
        return self._unknown if is_han(character) else 4.0


def is_han(character: str) -> bool:
    """Tell whether a character is Han: an ideograph, one of the extensions, 〇 or 々."""
    return (
        "\u4e00" <= character <= "\u9fff"
        or "\u3400" <= character <= "\u4dbf"
        or character in "〇々"
        or "\U00020000" <= character <= "\U0003ffff"
    )


def _widen_span(text: str, start: int, end: int, reach: int) -> tuple[int, int]:
    """Return the span widened by up to `reach` ideographs on each side."""
    low, high = start, end
    while low > 0 and start - low < reach and is_han(text[low - 1]):
        low -= 1
    while high < len(text) and high - end < reach and is_han(text[high]):
        high += 1
    return low, high


@cache
def load_word_list() -> Language:
    """Return the shared word list, read once a process. Raises MissingDependencyError."""
    spec = importlib.util.find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        raise MissingDependencyError("word-list-missing")
    path = Path(spec.submodule_search_locations[0]) / "dict.txt"
    counts: dict[str, tuple[int, str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split(" ")
        counts[word] = (int(count), tag)
    return Language(counts, map_to_simplified())


OWN_FORMS = (
    "回囘", "清淸", "青靑", "告吿", "溉漑", "真眞", "即卽", "教敎", "既旣", "錄録",
    "內内", "慎愼", "鎮鎭", "填塡", "顛顚", "值値", "郎郞", "概槪", "鄉鄕",
)  # fmt: skip
"""Forms of one character that fonts choose between, besides those that `opencc` lists."""
NO_FORMS = frozenset("參核著")
"""Characters that the lists of `opencc` turn into another one only in some words."""


@cache
def list_simplified_only() -> frozenset[str]:
    """Return the characters that only simplified print has."""
    forms = frozenset(map_to_simplified().values())
    return frozenset(c for c, s in _convert_characters("s2t", sorted(forms)) if c != s)


@cache
def map_to_traditional() -> Mapping[str, str]:
    """Return the traditional form of each simplified character, the usual one where it has two."""
    forms = frozenset(map_to_simplified().values())
    return {c: t for c, t in _convert_characters("s2t", sorted(forms)) if c != t}


@cache
def map_to_simplified() -> Mapping[int, str]:
    """Return the simplified form of each traditional character that has one.

    Keys are code points, as `str.translate` wants them.
    """
    return {ord(c): s for c, s in _convert_characters("t2s", _characters()) if c != s}


@cache
def map_standard_forms() -> Mapping[int, str]:
    """Return for each regional form of a character the form that stands for all of them.

    Keys are code points. Two characters that become equal are one character: 為 and 爲, 眾 and 衆.
    """
    found = {}
    for region in ("tw2t", "hk2t"):
        pairs = _convert_characters(region, _characters())
        found.update({ord(c): s for c, s in pairs if c != s and c not in NO_FORMS})
    found.update({ord(c): group[0] for group in OWN_FORMS for c in group[1:]})
    return found


def list_forms(character: str) -> str:
    """Return all forms of a character as one string, itself among them."""
    standard = map_standard_forms()
    return _groups().get(standard.get(ord(character), character), character)


@cache
def _groups() -> Mapping[str, str]:
    """Return for each standard form the string of all forms of that character."""
    groups: dict[str, str] = {}
    for form, standard in map_standard_forms().items():
        groups[standard] = groups.get(standard, standard) + chr(form)
    return groups


def _characters() -> list[str]:
    """Return the ideographs of Unicode's basic block, all that `opencc` is asked about."""
    return [chr(c) for c in range(0x4E00, 0xA000)]


def _convert_characters(config: str, characters: Sequence[str]) -> list[tuple[str, str]]:
    """Return pairs of each character and what a table of `opencc` makes of it.

    A character that becomes several counts as unchanged.
    """
    from opencc import OpenCC

    made = OpenCC(config).convert("\n".join(characters)).split("\n")
    return [(c, s if len(s) == 1 else c) for c, s in zip(characters, made, strict=True)]
