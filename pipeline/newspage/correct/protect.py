"""Guards of what is right: names, terms, set phrases, dialect and old forms stay as they are."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from newspage.correct.case import DetectorInput
from newspage.correct.proposal import Proposal

LONGER = 1.5
"""An entry so many times longer than the guarded word it would change overrules the guard.
Judgement."""
DIALECT = frozenset("冇喺嘅嗰佢哋咗啲嘢咁唔係乜嚟睇攞畀俾瞓嗌惗諗掂靚嬲侬伊阿拉伲俺咱恁啥")
"""Characters of Cantonese, Wu and other dialects that a word list of Mandarin lacks."""
OLD_FORMS = frozenset("囘卽吿淸靑爲眞吳虛峯羣裏牀叄說稅鄕甯衞敎敍靜淨淚內吶呂彥徵揷產緖")
"""Old forms that are right in the papers that use them, whatever a modern word list says."""


def drop_protected(case: DetectorInput, proposals: Iterable[Proposal]) -> Iterator[Proposal]:
    """Yield the proposals that leave alone what is known to be right."""
    spans = sorted((m.start, m.end) for m in case.known)
    starts = [s for s, _ in spans]
    for proposal in proposals:
        if not keeps_script(case, proposal):
            continue
        if not (proposal.rule.guarded and _changes_guarded_word(case, proposal, spans, starts)):
            yield proposal


def keeps_script(case: DetectorInput, proposal: Proposal) -> bool:
    """Tell whether a proposal keeps to the script of the text.

    It brings no simplified character into traditional print, and none the other way round.
    """
    stands = case.string[proposal.start : proposal.end]
    new = [c for c in proposal.proposed if c not in stands]
    return all(case.of_script(c) for c in new)


def _changes_guarded_word(
    case: DetectorInput, proposal: Proposal, spans: list[tuple[int, int]], starts: list[int]
) -> bool:
    """Tell whether the proposal would change a guarded word.

    `spans` are the entries that stand in the text, sorted; `starts` their starts.
    """
    stands = case.string[proposal.start : proposal.end]
    if set(stands) & (DIALECT | OLD_FORMS):
        return True
    entry = proposal.evidence.entry
    low = bisect_left(starts, proposal.start - _longest_entry(case))
    for start, end in spans[low:]:
        if start >= proposal.end:
            return False
        if end > proposal.start and len(entry) < LONGER * (end - start):
            return True
    return False


def _longest_entry(case: DetectorInput) -> int:
    """Return the length of the longest entry, 0 without any."""
    return max((len(e.text) for e in case.dictionaries.phrases), default=0)
