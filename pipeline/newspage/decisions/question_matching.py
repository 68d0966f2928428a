"""Match the questions that a page asks now with those that it asked before."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from newspage.decision import Anchor
from newspage.decisions.glyph_index import compare_anchors
from newspage.decisions.machine_questions import MachineQuestion


class KnownQuestion(Protocol):
    """A question that was asked before."""

    @property
    def rule(self) -> str: ...
    @property
    def proposed(self) -> str: ...
    @property
    def anchor(self) -> Anchor: ...


K = TypeVar("K", bound=KnownQuestion)


def match_questions(asked: Sequence[MachineQuestion], known: Sequence[K]) -> dict[int, K]:
    """Match questions that are asked now with those asked before, the surest pairs first.

    Returns:
        The known question, by index in `asked`; each known one is matched at most once.
    """
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
