"""Simplified forms that a recogniser left on a page of traditional print.

Only characters that stand for one traditional character each are corrected, and none that
traditional print has as well (后 里 干 台). Short forms that old papers set themselves (决 却 温)
are asked about where the page has the other form many times over. No page is modernised: on one of
simplified print nothing is proposed, and no traditional form ever gives way.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from newspage.chinese import OWN_FORMS, list_simplified_only, map_standard_forms, map_to_simplified
from newspage.correct.case import DetectorInput
from newspage.correct.detector import Detector
from newspage.correct.evidence_weights import EvidenceWeights
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence

HABIT = EvidenceWeights(bias=1.6, belief=1.0, pixels=0.5)
"""Weights for a form that the recogniser writes by habit, at times in no doubt. Measured on 172 of
them on two traditional pages of our own and 56 on one of 1939, a third of those printed so."""
SCRIPT = Rule(
    "script",
    en=RuleWords("Simplified form", "a simplified form on a traditional page"),
    zh=RuleWords("简体字", "繁体版面中的简体字"),
    weights=HABIT,
)
FEW = 20
"""Characters of traditional print alone that a page needs to count as traditional. Judgement."""
PREVAILS = 5
"""Factor by which these must outnumber those of simplified print alone on the page. Judgement."""
ARTICLE = 3
"""The same in the article, which may be a simplified one among others. Judgement."""
KNOWN = 3
"""Occurrences of the traditional form on a page whose type surely has it. Judgement."""
SURE, LIKELY, ALONE = 0.985, 0.95, 0.8
"""Beliefs that a form was misread: where the page has the other form `KNOWN` times, where it has it
less often, where it lacks it. On two small-type pages of our own 113 of 121 applied proposals were
right and 79 of 99 that were asked about, the others at characters misread altogether and none at
one that was printed so."""
OFTEN = ((20, 0.9), (5, 0.8))
"""Pairs for short forms of old print: from so many times more traditional forms on, this belief.
Judgement."""


def detect_wrong_script(case: DetectorInput) -> Iterator[Proposal]:
    """Propose the traditional form for a simplified one on a traditional page."""
    page = Counter(case.page or case.string)
    if not _is_traditional(page, FEW, PREVAILS):
        return
    if not _is_traditional(Counter(case.string), 0, ARTICLE):
        return
    for at, character in enumerate(case.string):
        forms = map_to_traditional().get(character, "")
        if not forms:
            continue
        form = max(forms, key=lambda f: page[f])
        belief = _belief(character, page[character], page[form])
        if belief:
            evidence = Evidence(belief=belief, compare_with=character + form)
            yield Proposal(SCRIPT, at, at + 1, form, evidence)


def _is_traditional(counts: Mapping[str, int], least: int, times: int) -> bool:
    """Tell whether characters of traditional print alone prevail.

    `counts` are those of each character, `least` the fewest traditional ones, `times` how often
    they must outnumber the others. One simplified character may stand.
    """
    simplified, traditional = list_simplified_only(), map_to_simplified()
    old = sum(n for c, n in counts.items() if ord(c) in traditional)
    new = sum(n for c, n in counts.items() if c in simplified)
    return old >= least and (new <= 1 or old >= times * new)


def _belief(character: str, own: int, other: int) -> float:
    """Return the probability that a form was misread; 0: leave it.

    `own` is the count of the form on the page, `other` that of the traditional one.
    """
    if character in _short_forms():
        return next((belief for times, belief in OFTEN if other >= times * own), 0.0)
    if _encodes(character, "big5hkscs"):
        # Known in Hong Kong, but no form of old print: 强, 设.
        return LIKELY if other >= KNOWN and other > own else 0.0
    return SURE if other >= KNOWN else LIKELY if other else ALONE


@cache
def map_to_traditional() -> Mapping[str, str]:
    """Return for each simplified character that stands for one only that one, in all its forms.

    The first form is the one that Big5 has.
    """
    standard = map_standard_forms()
    found: dict[str, list[str]] = {}
    for old, new in map_to_simplified().items():
        found.setdefault(new, []).append(chr(old))
    return {
        new: "".join(sorted(forms, key=lambda f: not _encodes(f, "big5")))
        for new, forms in found.items()
        if new in list_simplified_only()
        and _encodes(new, "gb2312")
        and not _encodes(new, "big5")
        and len({standard.get(ord(f), f) for f in forms}) == 1
    }


@cache
def _short_forms() -> frozenset[str]:
    """Return the forms that old traditional print has as well.

    Characters that both Hong Kong and Japan list were written by hand for long; other pairs differ
    by font.
    """
    by_fonts = {c for group in OWN_FORMS for c in group}
    return frozenset(
        c
        for c in map_to_traditional()
        if c in by_fonts or (_encodes(c, "big5hkscs") and _encodes(c, "shift_jis"))
    )


def _encodes(character: str, encoding: str) -> bool:
    """Tell whether an encoding has a character."""
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


DETECTOR = Detector(
    SCRIPT,
    detect_wrong_script,
    examples=(
        (
            "昨日下午，縣長會同學校諸位來賓，視察車站與鐵橋。據說這個時候，萬餘學生參觀過圖書館，會長說：「來者愛書，時間還長。」時間過長，來賓離開車站。後来的时候，他離開車站。",
            "昨日下午，縣長會同學校諸位來賓，視察車站與鐵橋。據說這個時候，萬餘學生參觀過圖書館，會長說：「來者愛書，時間還長。」時間過長，來賓離開車站。後來的時候，他離開車站。",
        ),
    ),
    counterexamples=(
        "昨日下午，县长会同学校诸位来宾，视察车站与铁桥。据说这个时候，万余学生参观过图书馆。碑上刻着“愛國時報”四字，馆名由老人题写。",
    ),
)
