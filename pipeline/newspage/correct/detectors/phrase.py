"""Set phrases, institutions, titles and places that are nearly those of a dictionary."""

from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from newspage.correct.case import SENTENCE, DetectorInput
from newspage.correct.detector import Detector
from newspage.correct.detectors.person_names import SURNAMES
from newspage.correct.dictionaries import FIXED, DictionaryEntry, EntryKind
from newspage.correct.lookup import PhraseMatch
from newspage.correct.proposal import Proposal, trim_proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence

PHRASE = Rule(
    "phrase",
    en=RuleWords("Set phrase", "nearly a set phrase, a title or a name of the dictionary"),
    zh=RuleWords("固定用语", "与词典用语相近而不同"),
    guarded=True,
)
FIXED_SIMILARITY = 0.65
"""Least similarity, 0 to 1, to a phrase that has one wording only. Judgement."""
FREE_SIMILARITY = 0.8
"""Least similarity to any other entry. Judgement."""
LONG = 8
"""Characters of a phrase that nobody varies on purpose. Judgement."""
VARIED = 0.7
"""Belief where the wording may have been chosen."""
LOST = 0.6
"""Belief where a long phrase lacks one character, though the words can stand without."""
STRONG_GAIN = 8.0
"""Nats of gain above which the entry is corrected from the text alone, if nothing else speaks
against it. Judgement."""
EDGE = 3
"""Characters on both sides of an edge in which words are looked for across it."""
MIN_GAIN = 3.0
"""Nats a text must get likelier by, where the phrase might have been varied on purpose.
Judgement."""
AMBIGUOUS = 0.5
"""Highest belief where two entries are as near. Judgement: a person is asked."""
RECURS = 3
"""Occurrences on a page from which a variant is meant. Judgement."""
LINKS = frozenset("和与及的之市省区县了着过得地也都还再要、，,“”\"'()（） ")
"""Characters that come and go in a phrase without its being wrong."""
COUNTED = frozenset(
    "0123456789一二三四五六七八九十百千万亿两半首第东西南北中上下前后左右新老大小全各副正代原"
)
"""Characters that make another thing of a phrase: a dictionary never corrects a number."""


def detect_damaged_phrases(case: DetectorInput) -> Iterator[Proposal]:
    """Propose the dictionary entry for a stretch that nearly is one."""
    near = [
        match
        for match in case.dictionaries.index.find_near(case.string, FIXED_SIMILARITY)
        if _is_comparable(case, match)
    ]
    for match in near:
        belief = _belief(case, match)
        if belief > 0:
            rivals = any(_is_rival(case, other, match) for other in near)
            sure = min(belief, AMBIGUOUS) if rivals else belief
            yield _make_proposal(match, case.find_entry(match), sure)


def _is_rival(case: DetectorInput, other: PhraseMatch, match: PhraseMatch) -> bool:
    """Tell whether another entry is as near to the same characters and wants other ones there."""
    overlap = other.start < match.end and match.start < other.end
    if not overlap or other.distance > match.distance:
        return False
    changes = [
        trim_proposal(case.string, _make_proposal(m, case.find_entry(m), 0.0))
        for m in (other, match)
    ]
    spans = [(c.start, c.end, c.proposed) for c in changes]
    return spans[0] != spans[1]


def _make_proposal(match: PhraseMatch, entry: DictionaryEntry, belief: float) -> Proposal:
    """Return the proposal of an entry."""
    evidence = Evidence(
        belief=belief,
        entry=entry.text,
        source=entry.source,
        entry_distance=float(match.distance),
    )
    return Proposal(PHRASE, match.start, match.end, entry.text, evidence)


def _is_comparable(case: DetectorInput, match: PhraseMatch) -> bool:
    """Tell whether a stretch may be a damaged entry.

    It lies in one part, does not recur, and does not overlap an entry that stands in the text as it
    is and has more than 0.6 of its length (judgement).
    """
    entry, stands = case.find_entry(match), case.string[match.start : match.end]
    block = case.text.block_at(match.start)
    if block is None or match.end > block.end or case.count_occurrences(stands) >= RECURS:
        return False
    if any(c in stands and c not in entry.text for c in SENTENCE):
        return False
    ends = (stands[:2], stands[-2:]) == (entry.text[:2], entry.text[-2:])
    if match.distance > 1 and not ends:
        return False
    size = 0.6 * len(entry.text)
    return not any(
        k.start < match.end and match.start < k.end and k.end - k.start > size for k in case.known
    )


def _belief(case: DetectorInput, match: PhraseMatch) -> float:
    """Return the probability that the entry was meant; 0 where the variant looks chosen."""
    entry, stands = case.find_entry(match), case.string[match.start : match.end]
    removed, added = _difference(stands, entry.text)
    if entry.second == FIXED and len(entry.text) >= LONG:
        if not set(removed + added) - LINKS:
            return 0.0
        return VARIED if _adds_qualifier(case, removed, added) else 0.995
    similarity = 1 - match.distance / len(entry.text)
    if similarity < FREE_SIMILARITY or set(removed + added) & COUNTED:
        return 0.0
    if not set(removed + added) - LINKS or not case.fluent:
        return 0.0
    if (added and removed and not set(removed) - LINKS) or _is_surname(entry, removed, added):
        return 0.0
    gain = case.language.measure_gain(case.string, match.start, match.end, entry.text)
    if gain < MIN_GAIN or not _leaves_single_characters(case, match, entry.text):
        lost = not removed and len(added) == 1
        return LOST if lost and len(entry.text) >= LONG else 0.0
    strong = gain > STRONG_GAIN and _may_be_misread(case, match, removed, added)
    return 0.993 if strong and not _edge_cuts_word(case, match) else VARIED


def _may_be_misread(case: DetectorInput, match: PhraseMatch, removed: str, added: str) -> bool:
    """Tell whether a recogniser may have made the difference, rather than a writer on purpose.

    Characters that look alike, one lost, one too many, one set twice; or any in a phrase so long
    that nobody varies it.
    """
    if len(case.find_entry(match).text) >= LONG or not (removed and added):
        return True
    if len(removed) == 1 and 2 * removed in case.string[match.start : match.end]:
        return True
    table = case.dictionaries.confusions
    return len(removed) == len(added) and all(
        b in table.get(a, "") for a, b in zip(removed, added, strict=True)
    )


def _adds_qualifier(case: DetectorInput, removed: str, added: str) -> bool:
    """Tell whether the text has one whole word more, of those that qualify: an adjective, say."""
    return not added and case.language.tag_word(removed) in ("a", "b", "d", "ad", "z")


def _is_surname(entry: DictionaryEntry, removed: str, added: str) -> bool:
    """Tell whether the text has a surname before an office: 村委会李主任."""
    return entry.kind is EntryKind.TITLES and not added and removed in SURNAMES


def _edge_cuts_word(case: DetectorInput, match: PhraseMatch) -> bool:
    """Tell whether a word of the text lies across an edge of the stretch."""
    string = case.string
    for edge in (match.start, match.end):
        low = max(0, edge - EDGE)
        around = string[low : edge + EDGE]
        at = low
        for word in case.language.split_words(around):
            if at < edge < at + len(word):
                return True
            at += len(word)
    return False


def _difference(stands: str, entry: str) -> tuple[str, str]:
    """Return the characters only the text has, and those only the entry has."""
    removed, added = "", ""
    for op in Levenshtein.opcodes(stands, entry):
        if op.tag != "equal":
            removed += stands[op.src_start : op.src_end]
            added += entry[op.dest_start : op.dest_end]
    return removed, added


def _leaves_single_characters(case: DetectorInput, match: PhraseMatch, entry: str) -> bool:
    """Tell whether the text has single characters for words where it differs from the entry."""
    stands = case.string[match.start : match.end]
    words, at, alone = case.language.split_words(stands), 0, set()
    for word in words:
        if len(word) == 1:
            alone.add(at)
        at += len(word)
    touched = {
        i
        for op in Levenshtein.opcodes(stands, entry)
        if op.tag != "equal"
        for i in range(op.src_start - 1, op.src_end + 1)
    }
    return bool(alone & touched)


DETECTOR = Detector(
    PHRASE,
    detect_damaged_phrases,
    examples=(
        (
            "昨日，全国人民代裘大会常务委员会举行会议，审议有关法律草案。",
            "昨日，全国人民代表大会常务委员会举行会议，审议有关法律草案。",
        ),
    ),
    counterexamples=("北京科技大学和北京交通大学的学生参加了义务植树。",),
)
