"""Faults that no detector finds but `newspage.collation`: by a scan, or by a language model."""

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
UNLIKELY = Rule(
    "unlikely",
    en=RuleWords("Unlikely", "the text would be likelier with a character that looks alike"),
    zh=RuleWords("存疑字", "换成形近字后文句更通"),
    cautious=True,
    guarded=True,
)
