"""Faults of enumerations: a doubled term, swapped tails, an item changed later on."""

import re
from collections.abc import Iterator
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from newspage.chinese import is_han
from newspage.correct.case import DetectorInput
from newspage.correct.detector import Detector
from newspage.correct.detectors.wording import WORDING
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence

DUPLICATE_TERM = Rule(
    "duplicate-term",
    en=RuleWords("Doubled term", "a term stands twice in a list"),
    zh=RuleWords("重复词语", "并列项重复"),
)
COMMA = "、"
"""The mark between items."""
_ITEM = r"[^\s，。；：！？,;:!?、“”‘’（）()]"
"""A character of an item."""
# From the beginning of an item only, and without a way back: else a long line takes for ever.
_CHAIN = re.compile(rf"(?<!{_ITEM}){_ITEM}++(?:、{_ITEM}++)+")
"""Two items or more with the mark between them."""
_AFTER = re.compile(r"(等|和|及|与|以及|或)|$")
"""Words that may follow the last item, or the end."""
_EACH = re.compile("分别|依次|先后|各自|并列|双双")
"""Words after which a list goes through persons or things one by one, and may repeat."""
BEFORE = 15
"""Characters before a list in which such a word counts. Judgement."""
MAX_ITEM = 14
"""Characters of the longest item that is looked for later in the text. Judgement."""
ANNOUNCED = 3
"""Items a list needs before its being taken up again means something. Judgement."""

Item = tuple[int, str]
"""The offset of an item, and its text."""


def detect_doubled_terms(case: DetectorInput) -> Iterator[Proposal]:
    """Propose to delete terms that stand twice in a row in the enumerations of a text."""
    for items in _find_chains(case.string):
        yield from _detect_doubled(case, items)


def detect_changed_items(case: DetectorInput) -> Iterator[Proposal]:
    """Propose other words for items that exchanged their ends, or that come again changed."""
    for items in _find_chains(case.string):
        yield from _detect_swapped_tails(case, items)
        if len(items) >= ANNOUNCED:
            yield from _detect_changed_items(case, items)


def _find_chains(string: str) -> Iterator[list[Item]]:
    """Yield the items of each enumeration of a text."""
    for found in _CHAIN.finditer(string):
        yield _split_items(found)


def _split_items(found: "re.Match[str]") -> list[Item]:
    """Return the items of an enumeration."""
    items, at = [], found.start()
    for text in found[0].split(COMMA):
        items.append((at, text))
        at += len(text) + 1
    return items


def _detect_doubled(case: DetectorInput, items: list[Item]) -> Iterator[Proposal]:
    """Propose to delete one of two equal neighbours.

    Only a scan can say whether the other one was misread. Without any like item in the list that is
    unlikely, and the deletion is certain enough for the text alone (0.993, judgement).
    """
    for number, ((_, a), (start, b)) in enumerate(pairwise(items)):
        term = _common_term(a, b, first=number == 0, last=number == len(items) - 2)
        if len(term) < 3 or case.is_quoted(start) or not case.is_thing(term):
            continue
        if _EACH.search(case.string[max(0, items[0][0] - BEFORE) : start]):
            continue
        others = [text for _, text in items if term not in text]
        alone = len(items) >= 3 and not any(_share_ends(term, other) for other in others)
        belief = 0.993 if alone else 0.8
        begin = start - 1 - len(term)
        evidence = Evidence(belief=belief, compare_with=term)
        yield Proposal(DUPLICATE_TERM, begin, start, "", evidence)


def _share_ends(a: str, b: str) -> bool:
    """Tell whether two items begin or end alike: then the lost one may have done so too."""
    return a[:2] == b[:2] or a[-2:] == b[-2:]


def _common_term(a: str, b: str, first: bool, last: bool) -> str:
    """Return the term that both items are; empty where they differ.

    Words before the first item or after the last one do not belong to the list.
    """
    if a == b:
        return a
    if last and b.startswith(a) and _AFTER.match(b[len(a) :]):
        return a
    if first and a.endswith(b):
        return b
    return ""


def _detect_swapped_tails(case: DetectorInput, items: list[Item]) -> Iterator[Proposal]:
    """Propose to swap the second halves of neighbours that become known terms by it.

    Items have four characters. Each sign that speaks for the swap adds 0.2 to the belief
    (judgement).
    """
    for (start, a), (_, b) in pairwise(items):
        if not (len(a) == len(b) == 4) or a[2:] == b[2:] or a[:2] == b[:2]:
            continue
        swapped = (a[:2] + b[2:], b[:2] + a[2:])
        known = [case.is_term(s) or case.count_occurrences(s) > 0 for s in swapped]
        if any(known) and not any(case.is_term(s) or case.count_occurrences(s) > 1 for s in (a, b)):
            tails = sum(text[-2:] == b[2:] for _, text in items if text not in (a, b))
            belief = 0.5 + 0.2 * all(known) + 0.2 * bool(tails)
            end = start + len(a) + 1 + len(b)
            evidence = Evidence(
                belief=belief,
                compare_with=swapped[known.index(True)],
            )
            yield Proposal(WORDING, start, end, COMMA.join(swapped), evidence)


def _detect_changed_items(case: DetectorInput, items: list[Item]) -> Iterator[Proposal]:
    """Propose the wording of the list for an item that comes again in other words.

    At least two other items must come again as they are; items of five characters or more count
    (judgement).
    """
    end = items[-1][0] + len(items[-1][1])
    rest = case.string[end:]
    bare = [(s, t) for s, t in items[1:] if 5 <= len(t) <= MAX_ITEM]
    kept = [t for _, t in bare if t in rest]
    if len(kept) < 2:
        return
    for _, item in bare:
        if item not in rest:
            place = _find_variant(rest, item)
            if place is not None:
                at = end + place
                evidence = Evidence(belief=0.6, compare_with=item)
                yield Proposal(WORDING, at, at + len(item), item, evidence)


def _find_variant(rest: str, item: str) -> int | None:
    """Return the offset of the only string that begins and ends as the item and differs in between.

    At most two characters differ; None without exactly one such string.
    """
    pattern = re.escape(item[:2]) + ".{" + str(len(item) - 4) + "}" + re.escape(item[-2:])
    places = [m.start() for m in re.finditer(pattern, rest)]
    near = [
        p
        for p in places
        if 0 < Levenshtein.distance(rest[p : p + len(item)], item) <= 2
        and all(is_han(c) for c in rest[p : p + len(item)])
    ]
    return near[0] if len(near) == 1 else None


DOUBLED_TERMS = Detector(
    DUPLICATE_TERM,
    detect_doubled_terms,
    examples=(
        (
            "随着自贸区、自贸区、综合保税区相继获批，港口吞吐量稳步上升。",
            "随着自贸区、综合保税区相继获批，港口吞吐量稳步上升。",
        ),
    ),
    counterexamples=("青渡、云埠、临渚三地代表队分别获得一等奖、一等奖、二等奖。",),
)


CHANGED_ITEMS = Detector(
    WORDING,
    detect_changed_items,
    examples=(
        (
            "推进企业整合、商标制造、智能整合，提升产品档次。",
            "推进企业整合、商标整合、智能制造，提升产品档次。",
        ),
    ),
    counterexamples=("上游、中游、下游统一调度，干流、支流一体治理。",),
)
