"""Select the decisions that hold, out of all that were ever made."""

from collections.abc import Iterable

from newspage.decision import Act, Decision


def select_active(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that no UNDO has taken back, in order.

    UNDOs are left out themselves, and cannot be taken back.
    """
    decisions = tuple(decisions)
    undone = {d.undoes for d in decisions if d.act is Act.UNDO}
    return tuple(d for d in decisions if d.act is not Act.UNDO and d.uid not in undone)
