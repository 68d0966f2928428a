"""Which questions about a text come first: those whose answers mend most, alike ones together."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from newspage.correct import UNLIKELY
from newspage.model import Correction, CorrectionStatus


def keep_best_questions(
    corrections: Sequence[Correction], keys: Sequence[str], answered: Collection[str], budget: int
) -> tuple[Correction, ...]:
    """Return corrections with only the questions whose answers are expected to mend most.

    Changes that were made stay, and so do questions that are answered; those do not count. Both
    ends of a move are one question.

    Args:
        corrections: The corrections of a text before any answer.
        keys: The key of each.
        answered: Keys that a person has answered.
        budget: The most questions that are left.
    """
    questions: defaultdict[str, list[Correction]] = defaultdict(list)
    kept = set()
    for key, correction in zip(keys, corrections, strict=True):
        if correction.status is CorrectionStatus.PROPOSED and key not in answered:
            questions[correction.group or correction.id].append(correction)
        else:
            kept.add(correction.id)
    ranked = sorted(questions.values(), key=lambda members: -sum(map(estimate_gain, members)))
    kept |= {correction.id for members in ranked[:budget] for correction in members}
    return tuple(correction for correction in corrections if correction.id in kept)


def estimate_gain(correction: Correction) -> float:
    """Return how many characters an answer to a question is expected to mend."""
    size = max(len(correction.original), len(correction.proposed), 1)
    return correction.confidence * size


def order_questions(
    questions: Sequence[tuple[str, Correction]],
) -> list[tuple[str, Correction]]:
    """Return questions in the order in which they are asked, each with its key.

    First come those in the order of the text about which each is a case of its own. Characters that
    are only unlikely follow, the same confusion together, first what is expected to mend most.
    """
    alone = [pair for pair in questions if pair[1].rule != UNLIKELY.name]
    confused: defaultdict[tuple[str, str], list[tuple[str, Correction]]] = defaultdict(list)
    for key, correction in questions:
        if correction.rule == UNLIKELY.name:
            confused[correction.original, correction.proposed].append((key, correction))
    groups = sorted(confused.values(), key=lambda pairs: -sum(estimate_gain(c) for _, c in pairs))
    return [*alone, *(pair for pairs in groups for pair in pairs)]
