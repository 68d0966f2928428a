"""Rules: the kinds of faults that corrections are about, with everything that depends on the kind.

A rule is declared once, in the file of the detector that finds it. Records, questions and decisions
hold its name.
"""

import re
from dataclasses import dataclass
from typing import Literal

from newspage.correct.evidence_weights import ASKED, SEEN, EvidenceWeights

WordsLanguage = Literal["en", "zh"]
"""Languages of the words, by ISO 639-1 code."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""A name of a rule: small letters and digits, words divided by hyphens."""


@dataclass(frozen=True, slots=True)
class RuleWords:
    """The words for a rule in one language. Raises ValueError where one is empty or has a break."""

    name: str
    """Label that reviewers see and sort by, of a word or a few."""
    reason: str
    """The fault in half a sentence, as it stands first among the reasons for a correction."""
    reason_with_scan: str = ""
    """The same where the scan has spoken; empty: the same words."""

    def __post_init__(self) -> None:
        for words in (self.name, self.reason, self.reason_with_scan or self.reason):
            if not (words.strip() and words.isprintable()):
                raise ValueError(f"{words!r} is no line of words")

    def choose_reason(self, seen: bool) -> str:
        """Return the reason; with `seen` the one for a proposal that the scan has spoken about."""
        return (self.reason_with_scan or self.reason) if seen else self.reason


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of fault. Raises ValueError where its name is none, TypeError where words are none."""

    name: str
    """Name in records and questions, like "middle-dot"; it is never changed."""
    en: RuleWords
    zh: RuleWords
    cautious: bool = False
    """It needs knowledge of the world outside the page: without a scan nothing is applied, and
    answers alone never make it trusted."""
    guarded: bool = False
    """It puts another word in place of the present one, which therefore must not be known to be
    right: no dictionary entry, no dialect, no old form."""
    judged_by_image: bool = True
    """The image is asked about its proposals. Otherwise they are about how text is written outside
    its printed lines (breaks, hyphens), which the image cannot settle."""
    minor: bool = False
    """Any other change at its place goes before it; reports count such corrections together."""
    proposed_by_machine: bool = True
    """Detectors propose such corrections. Otherwise people alone make them."""
    weights: EvidenceWeights | None = ASKED
    """Weights of a proposal that the words make (`ProposalOrigin.WORDS`); None where the belief of
    the detector includes the image already."""
    weights_compared: EvidenceWeights = SEEN
    """Weights of a difference between a text and its scan (`ProposalOrigin.COMPARISON`)."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of a rule, like middle-dot")
        words: tuple[object, ...] = (self.en, self.zh)
        if not all(isinstance(one, RuleWords) for one in words):
            raise TypeError(f"the rule {self.name} needs RuleWords in both languages")

    def choose_words(self, language: WordsLanguage) -> RuleWords:
        """Return the words in a language."""
        return self.zh if language == "zh" else self.en
