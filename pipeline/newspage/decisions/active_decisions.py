"""Which decisions stand."""

from collections.abc import Iterable

from newspage.decision import Act, Decision


def select_active(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions that no other has taken back, in order; taking back cannot be taken back."""
    decisions = tuple(decisions)
    undone = {d.undoes for d in decisions if d.act is Act.UNDO}
    return tuple(d for d in decisions if d.act is not Act.UNDO and d.uid not in undone)
