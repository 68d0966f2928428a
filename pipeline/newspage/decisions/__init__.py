"""Decisions of people: found again on a page, merged into its record, and learned from.

The functions offered here are pure. Only `CopyFinder`, `DecisionFeed`, `LinkTable`,
`LearningCache` and `QuestionRegistry` use the store.
"""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.decisions.active_decisions import select_active
    from newspage.decisions.article_ends import (
        anchor_line,
        find_body_start,
        find_last_line,
        frame_beginning,
        frame_ending,
    )
    from newspage.decisions.claims import HAND, JOIN, TYPED
    from newspage.decisions.copy_finder import CopyFinder, project_decision
    from newspage.decisions.decided_lines import find_decided_lines
    from newspage.decisions.decision_feed import DecisionFeed
    from newspage.decisions.detector_trust import LEVELS, AnswerTally, TrustBounds, judge_trust
    from newspage.decisions.exchange import BrokenLine, read_decision_lines, write_decision_lines
    from newspage.decisions.furniture_edits import find_flat_text, flatten_furniture_piece
    from newspage.decisions.glyph_index import GlyphIndex
    from newspage.decisions.learning_cache import LearnedRules, LearningCache
    from newspage.decisions.link_table import LinkablePage, LinkTable, list_links_between
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
    from newspage.decisions.question_registry import DecisionPolicy, QuestionRegistry
    from newspage.decisions.rewrite import find_text_between, rewrite_span, write_between_lines
    from newspage.decisions.suggestions import SuggestedEntry, suggest_entries
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "AnswerTally": "newspage.decisions.detector_trust",
            "BrokenLine": "newspage.decisions.exchange",
            "CopyFinder": "newspage.decisions.copy_finder",
            "DecisionFeed": "newspage.decisions.decision_feed",
            "DecisionOutcome": "newspage.decisions.merging",
            "DecisionPolicy": "newspage.decisions.question_registry",
            "DecisionState": "newspage.decisions.merging",
            "GlyphIndex": "newspage.decisions.glyph_index",
            "HAND": "newspage.decisions.claims",
            "JOIN": "newspage.decisions.claims",
            "TYPED": "newspage.decisions.claims",
            "LEVELS": "newspage.decisions.detector_trust",
            "LearnedRules": "newspage.decisions.learning_cache",
            "LearningCache": "newspage.decisions.learning_cache",
            "LinkTable": "newspage.decisions.link_table",
            "LinkablePage": "newspage.decisions.link_table",
            "MachineQuestion": "newspage.decisions.machine_questions",
            "MergedPage": "newspage.decisions.merging",
            "NewQuestion": "newspage.decisions.machine_questions",
            "QuestionRegistry": "newspage.decisions.question_registry",
            "SuggestedEntry": "newspage.decisions.suggestions",
            "TrustBounds": "newspage.decisions.detector_trust",
            "anchor_line": "newspage.decisions.article_ends",
            "find_body_start": "newspage.decisions.article_ends",
            "find_last_line": "newspage.decisions.article_ends",
            "find_text_between": "newspage.decisions.rewrite",
            "find_flat_text": "newspage.decisions.furniture_edits",
            "flatten_furniture_piece": "newspage.decisions.furniture_edits",
            "frame_beginning": "newspage.decisions.article_ends",
            "frame_ending": "newspage.decisions.article_ends",
            "judge_trust": "newspage.decisions.detector_trust",
            "list_links_between": "newspage.decisions.link_table",
            "list_questions": "newspage.decisions.machine_questions",
            "make_pattern_key": "newspage.decisions.machine_questions",
            "merge_decisions": "newspage.decisions.merging",
            "project_decision": "newspage.decisions.copy_finder",
            "read_decision_lines": "newspage.decisions.exchange",
            "read_furniture_before_corrections": "newspage.decisions.merging",
            "read_texts_before_corrections": "newspage.decisions.merging",
            "rewrite_span": "newspage.decisions.rewrite",
            "select_active": "newspage.decisions.active_decisions",
            "suggest_entries": "newspage.decisions.suggestions",
            "without_decisions": "newspage.decisions.merging",
            "write_between_lines": "newspage.decisions.rewrite",
            "write_decision_lines": "newspage.decisions.exchange",
            "find_decided_lines": "newspage.decisions.decided_lines",
        },
    )

__all__ = [
    "HAND",
    "JOIN",
    "LEVELS",
    "TYPED",
    "AnswerTally",
    "BrokenLine",
    "CopyFinder",
    "DecisionFeed",
    "DecisionOutcome",
    "DecisionPolicy",
    "DecisionState",
    "GlyphIndex",
    "LearnedRules",
    "LearningCache",
    "LinkTable",
    "LinkablePage",
    "MachineQuestion",
    "MergedPage",
    "NewQuestion",
    "QuestionRegistry",
    "SuggestedEntry",
    "TrustBounds",
    "anchor_line",
    "find_body_start",
    "find_decided_lines",
    "find_flat_text",
    "find_last_line",
    "find_text_between",
    "flatten_furniture_piece",
    "frame_beginning",
    "frame_ending",
    "judge_trust",
    "list_links_between",
    "list_questions",
    "make_pattern_key",
    "merge_decisions",
    "project_decision",
    "read_decision_lines",
    "read_furniture_before_corrections",
    "read_texts_before_corrections",
    "rewrite_span",
    "select_active",
    "suggest_entries",
    "without_decisions",
    "write_between_lines",
    "write_decision_lines",
]
