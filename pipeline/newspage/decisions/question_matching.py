"""Which of the questions asked before a page asks again."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from newspage.decision import Anchor
from newspage.decisions.glyph_index import compare_anchors
from newspage.decisions.machine_questions import MachineQuestion


class KnownQuestion(Protocol):
    """A question of before."""

    @property
    def rule(self) -> str: ...
    @property
    def proposed(self) -> str: ...
    @property
    def anchor(self) -> Anchor: ...


K = TypeVar("K", bound=KnownQuestion)


def match_questions(asked: Sequence[MachineQuestion], known: Sequence[K]) -> dict[int, K]:
    """By index of what is asked now, the question of before that it is; the surest pairs first."""
    pairs = []
    for i, one in enumerate(asked):
        c = one.correction
        for k, other in enumerate(known):
            if (c.original, c.proposed) != (other.anchor.text, other.proposed):
                continue
            if one.anchor.sha256 != other.anchor.sha256:
                continue
            sure = compare_anchors(other.anchor, one.anchor)
            if sure > 0:
                pairs.append((-sure - (c.rule == other.rule), i, k))
    found: dict[int, K] = {}
    taken: set[int] = set()
    for _, i, k in sorted(pairs):
        if i not in found and k not in taken:
            found[i] = known[k]
            taken.add(k)
    return found
