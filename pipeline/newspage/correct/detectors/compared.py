"""Faults that only the comparison of a text with its scan finds (`newspage.collation`)."""

from newspage.correct.rule import Rule, RuleWords

CHARACTER = Rule(
    "character",
    en=RuleWords("Character", "a character missing or too many"),
    zh=RuleWords("多字少字", "脱字或衍字"),
    guarded=True,
)
DISPLACED = Rule(
    "displaced",
    en=RuleWords("Displaced line", "words that stand at another place on the scan"),
    zh=RuleWords("错位行", "语句错位"),
    cautious=True,
)
