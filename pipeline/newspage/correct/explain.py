"""Reasons for corrections in words for people, in English and in Chinese."""

from collections.abc import Mapping
from typing import Literal

from newspage.correct.score import read_number
from newspage.model import Correction

Language = Literal["en", "zh"]
"""Languages of the reasons, by ISO 639-1 code."""

RULES: Mapping[str, tuple[str, str]] = {
    "duplicate-term": ("a term stands twice in a list", "并列项重复"),
    "echo": ("a word is repeated", "字词重出"),
    "duplicate-passage": ("a passage of another sentence is repeated here", "他处语句误入"),
    "stray-latin": ("a foreign word in Chinese prose", "混入外文"),
    "flow-split": ("a paragraph cut at the end of a column or page", "段落在栏末或页末被切断"),
    "phrase": ("nearly a set phrase, a title or a name of the dictionary", "与词典用语相近而不同"),
    "look-alike": ("a character that looks like another", "形近字"),
    "character": ("a character missing or too many", "脱字或衍字"),
    "displaced": ("words that stand at another place on the scan", "语句错位"),
    "width": ("a half-width mark in Chinese text", "半角标点"),
    "punctuation": ("punctuation", "标点"),
    "name": ("a rare form beside a frequent name", "人名与常见写法不同"),
    "date": ("dates or quantities that contradict each other", "日期或数量矛盾"),
    "wording": ("a sentence that cannot be as it stands", "语句不通"),
    "line-hyphen": ("a word parted at the end of a printed line", "行末断词的连字符"),
    "script": ("a simplified form on a traditional page", "繁体版面中的简体字"),
    "middle-dot": ("a mark in the middle of its cell, read as a dot", "居中的标点被认作间隔号"),
}
"""The fault that each rule is about, in English and in Chinese."""


OTHER_WORDS = ("other words are printed here", "印文与原文不同")
"""The same for words that the scan shows and a text has otherwise."""


def explain_correction(correction: Correction, language: Language = "en") -> str:
    """Return the reason for a correction as one line."""
    chinese = language == "zh"
    names = RULES.get(correction.rule, (correction.rule, correction.rule))
    if correction.rule == "wording" and "pixels" in correction.evidence:
        names = OTHER_WORDS
    parts = [names[chinese], *_describe_evidence(correction, chinese)]
    return "；".join(parts) if chinese else "; ".join(parts)


def _describe_evidence(correction: Correction, chinese: bool) -> list[str]:
    """Return the evidence of a correction as short texts."""
    evidence = correction.evidence
    found = []
    if "entry" in evidence:
        source = evidence.get("source", "")
        where = f" ({source})" if source and source != "scan" else ""
        found.append(
            ("词典作“{}”{}" if chinese else "the dictionary has {}{}").format(
                evidence["entry"], where
            )
        )
    if "twin" in evidence:
        twin = _shorten_text(str(evidence["twin"]))
        found.append(("比较“{}”" if chinese else "compare {}").format(twin))
    if "pixels" in evidence:
        found.append(_describe_pixels(read_number(evidence, "pixels", 0.0), chinese))
    if correction.original == correction.proposed:
        found.append("请核对" if chinese else "what belongs here is not known")
    return found


def _describe_pixels(odds: float, chinese: bool) -> str:
    """Return the verdict of the scan in words, from the natural log-odds of the proposal.

    Judgement: 7 nats are odds of 1,000 to 1, 2 nats of 7 to 1.
    """
    if odds > 7:
        return "扫描图支持改动" if chinese else "the scan shows it"
    if odds > 2:
        return "扫描图倾向改动" if chinese else "the scan rather shows it"
    if odds > -2:
        return "扫描图难以分辨" if chinese else "the scan does not decide"
    return "扫描图倾向原文" if chinese else "the scan rather shows what stands there"


def _shorten_text(text: str) -> str:
    """Return a text, the middle of a long one left out."""
    return text if len(text) <= 24 else f"{text[:11]}…{text[-11:]}"
