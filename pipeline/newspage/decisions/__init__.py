"""Decisions of people: found again on a page, merged into its record, and learned from.

The functions offered here are pure. Only `CopyFinder`, `DecisionFeed`, `LinkTable`,
`LearningCache` and `QuestionRegistry` use the store.
"""

from newspage.decisions.machine_questions import (
    MachineQuestion,
    NewQuestion,
    list_questions,
    make_pattern_key,
)
from newspage.decisions.merging import (
    DecisionOutcome,
    DecisionState,
    MergedPage,
    merge_decisions,
    read_furniture_before_corrections,
    read_texts_before_corrections,
    without_decisions,
)

__all__ = [
    "DecisionOutcome",
    "DecisionState",
    "MachineQuestion",
    "MergedPage",
    "NewQuestion",
    "list_questions",
    "make_pattern_key",
    "merge_decisions",
    "read_furniture_before_corrections",
    "read_texts_before_corrections",
    "without_decisions",
]
