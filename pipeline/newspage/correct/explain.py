"""Reasons for corrections in words for people, in English and in Chinese."""

from newspage.correct.detector_table import find_rule
from newspage.correct.rule import WordsLanguage
from newspage.model import Correction


def explain_correction(correction: Correction, language: WordsLanguage = "en") -> str:
    """Return the reason for a correction as one line."""
    chinese = language == "zh"
    rule = find_rule(correction.rule)
    seen = correction.evidence.image_asked
    # A record may have a rule of a package that is gone: its name has to do.
    reason = rule.choose_words(language).choose_reason(seen) if rule else correction.rule
    parts = [reason, *_describe_evidence(correction, chinese)]
    return "；".join(parts) if chinese else "; ".join(parts)


def _describe_evidence(correction: Correction, chinese: bool) -> list[str]:
    """Return the evidence of a correction as short texts."""
    evidence = correction.evidence
    found = []
    if evidence.entry:
        source = evidence.source
        where = f" ({source})" if source and source != "scan" else ""
        found.append(
            ("词典作“{}”{}" if chinese else "the dictionary has {}{}").format(evidence.entry, where)
        )
    if evidence.compare_with:
        twin = _shorten_text(evidence.compare_with)
        found.append(("比较“{}”" if chinese else "compare {}").format(twin))
    if evidence.image_log_odds is not None:
        found.append(_describe_pixels(evidence.image_log_odds, chinese))
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
