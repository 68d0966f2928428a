"""An old text judged by the scan: where the two disagree, the pixels are asked."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from pipeline.correct.align import Alignment, Difference, align
from pipeline.correct.case import Case, chinese_only
from pipeline.correct.evidence import Place, Witness, replaced
from pipeline.correct.following import Follows
from pipeline.correct.language import is_chinese
from pipeline.correct.printed_order import misplaced, order_of
from pipeline.correct.proposal import Proposal, Rule
from pipeline.correct.score import sigmoid
from pipeline.correct.text import Text
from pipeline.model import FURNITURE_KINDS, Char

UNRELATED = 0.2
"""Share of an old text that must be on the scan; with less the two have nothing to do."""
SAME_BREAK = 0.999
LONG = 30
"""From this length on a passage that only one side has is a passage, not a slip."""
MOVED = 0.85
"""Similarity of what is missing here and too much there, to be one thing moved."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the scan says of an old text."""

    text: Text
    """The old text, its characters with the glyphs they are printed by where they were found."""
    proposals: tuple[Proposal, ...]
    covered: float
    """Share of the old text that was found on the scan."""
    alignment: Alignment

    @property
    def related(self) -> bool:
        return self.covered >= UNRELATED


def compare(old: Case, read: Text, witness: Witness) -> Comparison:
    """The old text beside what was read; `read` is the text of the whole page with its glyphs."""
    alignment = align(old.string, read.string)
    text = _with_glyphs(old.text, read, alignment)
    covered = alignment.covered
    if covered < UNRELATED:
        return Comparison(text, (), covered, alignment)
    place = Place(read)
    judged = {
        d: _judged(old, place, alignment, d, witness)
        for d in alignment.differences
        if not misplaced(alignment, d)
    }
    proposals = _moves(old.string, _whole_moves(judged))
    return Comparison(text, tuple(proposals), covered, alignment)


def _whole_moves(judged: Mapping[Difference, Proposal | None]) -> list[Proposal]:
    """The proposals; the ends of a move only where both were found to be so."""
    ends = Counter(d.move for d, p in judged.items() if p is not None)
    return [
        p if d.move < 0 else replace(p, rule=Rule.DISPLACED, group=f"passage-{d.move}")
        for d, p in judged.items()
        if p is not None and (d.move < 0 or ends[d.move] == 2)
    ]


def _with_glyphs(old: Text, read: Text, alignment: Alignment) -> Text:
    """The old text; characters that are not printed like that stand beside the one before."""
    chars = [Char(c, "", i) for i, c in enumerate(old.string)]
    for folded, partner in enumerate(alignment.pairs):
        if partner >= 0:
            at = alignment.old.places[folded]
            glyph = read.chars[alignment.read.places[partner]]
            chars[at] = Char(old.string[at], glyph.line, glyph.glyph)
    for d in alignment.differences:
        beside = alignment.read.places[max(0, min(d.b0, len(alignment.read.places) - 1))]
        line = read.chars[beside].line
        for folded in range(d.a0, d.a1):
            at = alignment.old.places[folded]
            chars[at] = Char(old.string[at], line, -1)
    return replace(old, chars=tuple(chars))


def _judged(
    old: Case,
    place: Place,
    alignment: Alignment,
    d: Difference,
    witness: Witness,
) -> Proposal | None:
    """What was read for what the old text has, with the word of the pixels."""
    order = order_of(old.text, place.text, alignment, d, witness.lines)
    if order is Follows.NO:
        return None
    start, end = _span(alignment.old.places, d.a0, d.a1, len(old.string))
    begin, stop = _span(alignment.read.places, d.b0, d.b1, len(place.text.string))
    stands = old.string[start:end]
    printed = "".join(c for c in place.text.string[begin:stop] if c != "\n")
    running = _running(old.text, start) and _running(place.text, begin)
    if (start == end and not _of_article(place.text, begin)) or (d.move >= 0 and not running):
        return None
    if d.excess > 0 and not running:
        order = Follows.UNKNOWN
    if stands.isascii() and stands.isalpha() and not printed.isascii():
        start, end = _with_blanks(old.string, start, end)
    pixels = replaced(place, begin, stop, "".join(stands.split()), witness)
    if pixels is None:
        return None
    evidence: dict[str, float | str] = {
        "belief": _belief(old, start, end, printed),
        **({"order": "unknown"} if order is Follows.UNKNOWN else {}),
        "pixels": round(pixels, 2),
        "source": "scan",
    }
    return Proposal(_rule(stands, printed), start, end, printed, evidence)


def _with_blanks(string: str, start: int, end: int) -> tuple[int, int]:
    """The span with the blanks that set a foreign word apart."""
    while start and string[start - 1] == " ":
        start -= 1
    while end < len(string) and string[end] == " ":
        end += 1
    return start, end


def _running(text: Text, at: int) -> bool:
    """Whether a place lies in running text and not in a headline or a byline."""
    block = text.block_at(at) or text.block_at(max(0, at - 1))
    return block is None or block.body


def _of_article(read: Text, at: int) -> bool:
    """Whether what was read there belongs to an article; mastheads are no part of a text."""
    block = read.block_at(at)
    return block is None or block.kind not in FURNITURE_KINDS


def _span(places: Sequence[int], first: int, last: int, length: int) -> tuple[int, int]:
    """Folded offsets as a span of the text itself; an insertion follows the character before."""
    if first == last:
        at = places[first - 1] + 1 if first else (places[0] if places else length)
        return at, at
    return places[first], places[last - 1] + 1


def _belief(old: Case, start: int, end: int, printed: str) -> float:
    """How the words speak for the change, before the pixels are asked."""
    stands = old.string[start:end]
    if max(len(stands), len(printed)) >= LONG or not old.fluent:
        return 0.5
    gain = old.language.gain(old.string, start, end, printed)
    gain += 4.0 * (len(printed) - len(stands))
    belief = min(0.95, max(0.05, sigmoid(gain / 4)))
    return belief if belief >= 0.5 or not _alike(old, stands, printed) else belief / 10


def _alike(old: Case, stands: str, printed: str) -> bool:
    """Whether the reader is known to take one for the other."""
    table = old.dictionaries.confusions
    return len(stands) == len(printed) == 1 and printed in table.get(stands, "")


def _rule(stands: str, printed: str) -> Rule:
    if not any(is_chinese(c) or c.isalnum() for c in stands + printed):
        return Rule.PUNCTUATION
    if stands and not printed and chinese_only(stands) and len(stands) > 1:
        return Rule.ECHO if len(stands) < LONG else Rule.DUPLICATE_PASSAGE
    if stands.isascii() and stands.strip().isalpha():
        return Rule.STRAY_LATIN
    if len(stands) == len(printed) == 1:
        return Rule.LOOK_ALIKE
    if max(len(stands), len(printed)) == 1:
        return Rule.CHARACTER
    return Rule.WORDING if len(stands) < LONG else Rule.DUPLICATE_PASSAGE


def _moves(string: str, proposals: list[Proposal]) -> Iterator[Proposal]:
    """What is too much at one place and missing at another, as the two ends of one move."""
    extra = [p for p in proposals if not p.proposed and p.end - p.start >= 4]
    missing = [p for p in proposals if p.start == p.end and len(p.proposed) >= 4]
    partner: dict[int, tuple[str, Proposal]] = {}
    for number, gone in enumerate(extra):
        length = gone.end - gone.start
        for come in missing:
            near = abs(len(come.proposed) - length) <= (1 - MOVED) * length
            stands = string[gone.start : gone.end]
            if id(come) not in partner and near and _same(stands, come.proposed):
                group = f"move-{number}"
                partner[id(gone)] = (group, come)
                partner[id(come)] = (group, gone)
                break
    for p in proposals:
        if id(p) in partner:
            group, _ = partner[id(p)]
            yield replace(p, rule=Rule.DISPLACED, group=group)
        else:
            yield p


def _same(stands: str, printed: str) -> bool:
    return Levenshtein.normalized_similarity(stands, printed) >= MOVED
