"""A character read for another that looks like it, judged by the words around it."""

from collections.abc import Iterator, Sequence

from pipeline.correct.case import Case
from pipeline.correct.proposal import Proposal, Rule

MIN_GAIN = 7.0
"""Nats by which the text must get likelier."""
MIN_GAIN_TRADITIONAL = 10.0
"""The same in traditional print, whose words the list knows less well."""
REACH = 4
SURE_GAIN = 12.0


def detect(case: Case) -> Iterator[Proposal]:
    """The look-alike that makes a word of characters that stand alone."""
    if not case.fluent:
        return
    confusions = case.dictionaries.confusions
    for clause in case.clauses:
        block = case.text.block_at(clause.start)
        if block is None or not block.body:
            continue
        for number, at, word in clause.placed:
            others = confusions.get(word, "") if len(word) == 1 else ""
            if others and _alone_beside(clause.words, number):
                yield from _better(case, at, word, others)


def _alone_beside(words: Sequence[str], number: int) -> bool:
    """Whether a neighbour is a single character too."""
    beside = (*words[max(0, number - 1) : number], *words[number + 1 : number + 2])
    return any(len(w) == 1 for w in beside)


def _better(case: Case, at: int, stands: str, others: str) -> Iterator[Proposal]:
    around = case.string[max(0, at - 2) : at + 3]
    wide = case.string[max(0, at - 6) : at + 7]
    if case.count(around) > 1 or wide.count(stands) > 1 or case.quoted(at):
        return
    gains = {o: case.language.gain(case.string, at, at + 1, o, REACH) for o in others}
    other, gain = max(gains.items(), key=lambda item: item[1])
    least = MIN_GAIN if not case.traditional else MIN_GAIN_TRADITIONAL
    if gain >= least and _makes_word(case, at, other):
        belief = 0.8 if gain >= SURE_GAIN else 0.5
        evidence: dict[str, float | str] = {"belief": belief, "gain": gain, "twin": stands + other}
        yield Proposal(Rule.LOOK_ALIKE, at, at + 1, other, evidence)


def _makes_word(case: Case, at: int, other: str) -> bool:
    """Whether the new character is part of a listed word of its surroundings."""
    string = case.string
    low, high = max(0, at - REACH), at + 1 + REACH
    cut = case.language.words(string[low:at] + other + string[at + 1 : high])
    place = low
    for word in cut:
        if place <= at < place + len(word):
            return len(word) > 1
        place += len(word)
    return False
