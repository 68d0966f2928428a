"""Rules of corrections that people make where nothing was proposed."""

from newspage.correct.rule import Rule, RuleWords

BY_HAND = Rule(
    "hand",
    RuleWords("By hand", "a person wrote it"),
    RuleWords("手改", "由人改写"),
    proposed_by_machine=False,
)
"""A text written by hand."""
BY_JOINING = Rule(
    "join",
    RuleWords("Join", "a person joined or parted paragraphs"),
    RuleWords("接续", "由人接续或分开段落"),
    proposed_by_machine=False,
)
"""Paragraphs joined or separated."""
BY_TYPING = Rule(
    "typed-line",
    RuleWords("Typed line", "a person typed the printed line from the scan"),
    RuleWords("录入行", "由人照扫描件录入整行"),
    proposed_by_machine=False,
)
"""A printed line typed as a whole: it holds whatever is read there."""
RULES_OF_PEOPLE = (BY_HAND, BY_JOINING, BY_TYPING)
"""All of them, in the order in which they are listed."""
