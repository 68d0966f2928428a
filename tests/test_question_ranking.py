"""Which questions come first, and which are left where only some may be asked."""

from hypothesis import given
from hypothesis import strategies as st

from newspage.collation.question_ranking import (
    estimate_gain,
    keep_best_questions,
    order_questions,
)
from newspage.correct import LOOK_ALIKE, UNLIKELY
from newspage.model import Correction, CorrectionStatus

PAIRS = st.tuples(st.sampled_from("埋干曰"), st.sampled_from("理于日"))


@st.composite
def corrections(draw: st.DrawFn) -> list[Correction]:
    """Corrections of a text, in its order."""
    made = []
    for number in range(draw(st.integers(0, 12))):
        original, proposed = draw(PAIRS)
        made.append(
            Correction(
                id=f"text-{number}",
                rule=draw(st.sampled_from([LOOK_ALIKE.name, UNLIKELY.name])),
                article="text",
                span=(number, number + 1),
                original=original,
                proposed=proposed,
                confidence=draw(st.floats(0, 1)),
                status=draw(st.sampled_from([CorrectionStatus.APPLIED, CorrectionStatus.PROPOSED])),
            )
        )
    return made


@given(corrections(), st.integers(0, 12), st.sets(st.integers(0, 11)))
def test_only_the_best_questions_are_left(
    found: list[Correction], budget: int, said: set[int]
) -> None:
    """No one that was left out mends more; changes and answered questions stay, in their order."""
    keys = [c.id for c in found]
    answered = {f"text-{number}" for number in said}
    left = keep_best_questions(found, keys, answered, budget)
    free = [c for c in found if c.status is CorrectionStatus.APPLIED or c.id in answered]
    asked = [c for c in left if c not in free]
    assert [c for c in found if c in left] == list(left)
    assert all(c in left for c in free)
    assert len(asked) == min(budget, len(found) - len(free))
    dropped = [estimate_gain(c) for c in found if c not in left]
    assert not dropped or not asked or max(dropped) <= min(map(estimate_gain, asked))


@given(corrections())
def test_the_same_confusion_is_asked_about_together(found: list[Correction]) -> None:
    """Nothing is lost, and what is a case of its own comes first, in the order of the text."""
    pairs = [(c.id, c) for c in found]
    ordered = order_questions(pairs)
    assert sorted(ordered, key=lambda p: p[1].span) == pairs
    own = [p for p in pairs if p[1].rule == LOOK_ALIKE.name]
    assert ordered[: len(own)] == own
    kinds = [(c.original, c.proposed) for _, c in ordered[len(own) :]]
    assert len({k for n, k in enumerate(kinds) if n == 0 or kinds[n - 1] != k}) == len(set(kinds))
    changes = sum(n == 0 or kinds[n - 1] != k for n, k in enumerate(kinds))
    assert changes == len(set(kinds))
