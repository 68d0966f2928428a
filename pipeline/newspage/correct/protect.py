"""What is right is guarded before anything is proposed: names, terms, set phrases, old words."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from newspage.correct.case import DetectorInput
from newspage.correct.proposal import Proposal, Rule

GUARDED_AGAINST = frozenset({Rule.LOOK_ALIKE, Rule.CHARACTER, Rule.PHRASE, Rule.NAME})
"""Rules that would put another word in place of one that stands."""
LONGER = 1.5
"""An entry so many times longer than what it would change overrules the guard."""
DIALECT = frozenset("冇喺嘅嗰佢哋咗啲嘢咁唔係乜嚟睇攞畀俾瞓嗌惗諗掂靚嬲侬伊阿拉伲俺咱恁啥")
OLD_FORMS = frozenset("囘卽吿淸靑爲眞吳虛峯羣裏牀叄說稅鄕甯衞敎敍靜淨淚內吶呂彥徵揷產緖")
"""Forms that are right in their papers, whatever a modern word list says."""


def drop_protected(case: DetectorInput, proposals: Iterable[Proposal]) -> Iterator[Proposal]:
    """The proposals that leave alone what is known to be right."""
    spans = sorted((m.start, m.end) for m in case.known)
    starts = [s for s, _ in spans]
    for proposal in proposals:
        if not keeps_script(case, proposal):
            continue
        if proposal.rule not in GUARDED_AGAINST or not _touches(case, proposal, spans, starts):
            yield proposal


def keeps_script(case: DetectorInput, proposal: Proposal) -> bool:
    """Whether a proposal brings no simplified character into traditional print, or the reverse."""
    stands = case.string[proposal.start : proposal.end]
    new = [c for c in proposal.proposed if c not in stands]
    return all(case.of_script(c) for c in new)


def _touches(
    case: DetectorInput, proposal: Proposal, spans: list[tuple[int, int]], starts: list[int]
) -> bool:
    """Whether the proposal would change a guarded word."""
    stands = case.string[proposal.start : proposal.end]
    if set(stands) & (DIALECT | OLD_FORMS):
        return True
    entry = str(proposal.evidence.get("entry", ""))
    low = bisect_left(starts, proposal.start - _longest(case))
    for start, end in spans[low:]:
        if start >= proposal.end:
            return False
        if end > proposal.start and len(entry) < LONGER * (end - start):
            return True
    return False


def _longest(case: DetectorInput) -> int:
    return max((len(e.text) for e in case.dictionaries.phrases), default=0)
