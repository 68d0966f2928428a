"""Faults planted into a text at random: they change the text, not what the scan shows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein

from newspage.chinese.word_list import Language
from newspage.correct.detectors.person_names import find_person_names
from newspage.correct.dictionaries import Dictionaries

GAP = 40
"""Characters between two faults at least, so that each is judged by itself."""
TRIES = 60
LONG = 6
"""Characters that two faults may not have in common."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Characters [start, end) of the true text stand in the old one as `new`."""

    kind: str
    start: int
    end: int
    new: str
    partner: int = -1
    """Number of the fault that belongs to it: the other end of a move."""


@dataclass(frozen=True, slots=True)
class Planting:
    """A true text, what is wrong in the old one, and the old one."""

    true: str
    faults: tuple[Fault, ...]
    """By place, none overlapping."""
    old: str
    spans: tuple[tuple[int, int], ...]
    """Where each fault stands in the old text."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What faults are made from."""

    text: str
    rng: np.random.Generator
    dictionaries: Dictionaries
    language: Language

    def pick(self, pattern: str) -> "re.Match[str] | None":
        """One of the places where a pattern matches, overlapping ones too."""
        return self.one_of(list(re.finditer(f"(?=({pattern}))", self.text)))

    def one_of(self, found: "list[re.Match[str]]") -> "re.Match[str] | None":
        return found[int(self.rng.integers(len(found)))] if found else None

    def choice(self, options: Sequence[str]) -> str:
        return options[int(self.rng.integers(len(options)))]


Planter = Callable[[Ground], "list[Fault]"]


def plant(text: str, planters: dict[str, Planter], times: int, ground: Ground) -> Planting:
    """The text with faults of every kind, as many of each as find room up to `times`."""
    kept: list[Fault] = []
    taken: list[tuple[int, int]] = []
    for _ in range(times):
        for kind, planter in planters.items():
            for _ in range(TRIES):
                new = planter(ground)
                sources = [_source(f, text) for f in new if len(f.new) > LONG]
                spans = [(f.start, f.end) for f in new] + sources
                if new and all(_free(s, taken) for s in spans) and _plain(new, kept, text):
                    first = len(kept)
                    kept += (
                        Fault(kind, f.start, f.end, f.new, first + 1 - n if len(new) > 1 else -1)
                        for n, f in enumerate(new)
                    )
                    taken += spans
                    break
    return _written(text, kept)


def _free(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return all(span[1] + GAP < a or b + GAP < span[0] for a, b in taken)


def _source(fault: Fault, text: str) -> tuple[int, int]:
    """Where words that are planted a second time stand in truth: nothing else happens there."""
    at = max(0, text.find(fault.new))
    return at, at + len(fault.new)


def _plain(faults: Sequence[Fault], kept: Sequence[Fault], text: str) -> bool:
    """Whether faults change anything, and none of their words is used by another one."""
    if any(text[f.start : f.end] == f.new for f in faults):
        return False
    used = [w for f in kept for w in (f.new, text[f.start : f.end]) if len(w) > LONG]
    words = {w for f in faults for w in (f.new, text[f.start : f.end]) if len(w) > LONG}
    return not any(_common(a, b) for a in words for b in used)


def _common(a: str, b: str) -> bool:
    """Whether two texts share a stretch of some length."""
    return any(a[i : i + LONG] in b for i in range(len(a) - LONG + 1))


def _written(text: str, faults: list[Fault]) -> Planting:
    order = sorted(range(len(faults)), key=lambda i: faults[i].start)
    place = {old: new for new, old in enumerate(order)}
    pieces, spans, at, length = [], [], 0, 0
    for i in order:
        fault = faults[i]
        pieces += [text[at : fault.start], fault.new]
        length += fault.start - at
        spans.append((length, length + len(fault.new)))
        length += len(fault.new)
        at = fault.end
    pieces.append(text[at:])
    renumbered = tuple(
        Fault(f.kind, f.start, f.end, f.new, place[f.partner] if f.partner >= 0 else -1)
        for f in (faults[i] for i in order)
    )
    return Planting(text, renumbered, "".join(pieces), tuple(spans))


def duplicate_term(g: Ground) -> list[Fault]:
    """Of two items that resemble each other one becomes the other; or an item stands twice."""
    found = g.pick("(?<=[，。：、])([一-龥]{2,8})、([一-龥]{2,8})(?=[、等和，。])")
    if found is None:
        return []
    alike = Levenshtein.distance(found[2], found[3]) <= len(found[2]) / 2
    if alike and len(found[2]) == len(found[3]):
        return [Fault("", found.start(2), found.end(2), found[3])]
    return [Fault("", found.end(3), found.end(3), "、" + found[3])]


def echo(g: Ground) -> list[Fault]:
    """The word before the last comes back at the end of a clause."""
    found = g.pick("([一-龥]{2})([一-龥]{2})(?=[，。；])")
    if found is None or found[2] not in g.language or found[3] not in g.language:
        return []
    return [Fault("", found.end(3), found.end(3), found[2])]


def duplicate_passage(g: Ground) -> list[Fault]:
    """Two clauses of one sentence stand a second time in another."""
    source = g.pick("(?<=[，。])[一-龥、]{8,20}，[一-龥、]{8,20}，")
    target = g.pick("(?<=[一-龥])，(?=[一-龥])")
    if source is None or target is None or abs(source.start(1) - target.start(1)) < 120:
        return []
    at = target.start(1) + 1
    return [Fault("", at, at, source[1])]


def stray_latin(g: Ground) -> list[Fault]:
    """An English word for a Chinese one."""
    found = g.pick("(?<=[一-龥])和(?=[一-龥])")
    if found is None:
        return []
    word = g.language.split_words(g.text[found.start(1) - 3 : found.start(1) + 4])
    return [Fault("", found.start(1), found.end(1), " and ")] if "和" in word else []


def flow_split(g: Ground) -> list[Fault]:
    """A paragraph cut inside a sentence."""
    found = g.pick("(?<=[一-龥，、]{25})(?=[一-龥]{12})")
    return [Fault("", found.start(), found.start(), "\n\n")] if found else []


def set_phrase(g: Ground) -> list[Fault]:
    """A phrase of the dictionary with a character lost, doubled or another."""
    known = [m for m in g.dictionaries.index.find_exact(g.text) if m.end - m.start >= 5]
    if not known:
        return []
    match = known[int(g.rng.integers(len(known)))]
    at = int(g.rng.integers(match.start + 1, match.end - 1))
    way = g.rng.random()
    if way < 0.35:
        return [Fault("", at, at + 1, "")]
    if way < 0.7:
        return [Fault("", at, at + 1, g.choice("人大上中国来时工作学会生对成发"))]
    return [Fault("", at, at, g.text[at])]


def look_alike(g: Ground) -> list[Fault]:
    """A character becomes one that looks like it."""
    at = int(g.rng.integers(len(g.text)))
    others = g.dictionaries.confusions.get(g.text[at], "")
    return [Fault("", at, at + 1, g.choice(others))] if others else []


def missing(g: Ground) -> list[Fault]:
    """A character is left out."""
    found = g.pick("(?<=[一-龥])[一-龥](?=[一-龥])")
    return [Fault("", found.start(1), found.end(1), "")] if found else []


def extra(g: Ground) -> list[Fault]:
    """A character too many."""
    found = g.pick("(?<=[一-龥])(?=[一-龥])")
    return (
        [Fault("", found.start(), found.start(), g.choice("的一了人在大中这上个国我"))]
        if found
        else []
    )


def displaced(g: Ground) -> list[Fault]:
    """A clause stands in another sentence of the same paragraph or the next."""
    source = g.pick("(?<=[，。])[一-龥]{7,16}，(?=[一-龥])")
    if source is None:
        return []
    start, end = source.span(1)
    low, high = g.text.rfind("\n", 0, start) + 1, g.text.find("\n", end)
    places = re.finditer("(?<=[一-龥]，)(?=[一-龥])", g.text)
    near = [m for m in places if low < m.start() < high and abs(m.start() - start) > 60]
    target = g.one_of(near)
    if target is None:
        return []
    return [Fault("", start, end, ""), Fault("", target.start(), target.start(), source[1])]


def punctuation(g: Ground) -> list[Fault]:
    """A mark half as wide, lost, or another."""
    found = g.pick("[，。；：”]")
    if found is None or found.end(1) >= len(g.text) or g.text[found.end(1)] == "\n":
        return []
    mark = found[1]
    if mark == "”":
        return [Fault("", found.start(1), found.end(1), "“")]
    way = g.rng.random()
    if way < 0.34 and mark in "，；：":
        return [Fault("", found.start(1), found.end(1), {"，": ",", "；": ";", "：": ":"}[mark])]
    if way < 0.67:
        return [Fault("", found.start(1), found.end(1), "")]
    other = {"，": "。", "。": "，", "；": "，", "：": "，"}[mark]
    return [Fault("", found.start(1), found.end(1), other)]


def name(g: Ground) -> list[Fault]:
    """A character of a person's given name is another."""
    known = sorted(n for n in find_person_names(g.text, g.language) if len(n) == 3)
    if not known:
        return []
    found = g.pick(g.choice(known))
    if found is None:
        return []
    at = found.start(1) + int(g.rng.integers(1, 3))
    others = g.dictionaries.confusions.get(g.text[at], "") or "文明华立志国建军"
    return [Fault("", at, at + 1, g.choice(others))]


def number(g: Ground) -> list[Fault]:
    """A digit, or a day of a date, is another."""
    found = g.pick(r"(?<=\d)\d(?=[\d.%年月日])")
    if found is None:
        return []
    return [Fault("", found.start(1), found.end(1), g.choice("0123456789"))]


PLANTERS: dict[str, Planter] = {
    "duplicate term": duplicate_term,
    "echo": echo,
    "duplicate passage": duplicate_passage,
    "stray Latin": stray_latin,
    "flow split": flow_split,
    "set phrase": set_phrase,
    "look-alike": look_alike,
    "missing character": missing,
    "extra character": extra,
    "displaced clause": displaced,
    "punctuation": punctuation,
    "name": name,
    "number": number,
}
