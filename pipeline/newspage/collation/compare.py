"""Comparison of an old text with its scan: where the two differ, the pixels are asked.

A `belief` is a prior probability; `correct.score` weighs it with the log-odds of the pixels. Priors
and thresholds are judgements; some of the caution was learnt on the nine planted pages of `python
-m benchmarks.correction --seed 41`. docs/correction.md has the figures that they lead to.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from rapidfuzz.distance import Levenshtein

from newspage.chinese import is_han, list_forms, map_to_simplified
from newspage.collation.adjacency import Adjacency
from newspage.collation.align import Alignment, Difference, align_texts
from newspage.collation.loose_lines import reorder_misplaced_lines
from newspage.collation.printed_order import is_hanging_character, is_misplaced, judge_printed_order
from newspage.correct import (
    CHARACTER,
    DISPLACED,
    DUPLICATE_PASSAGE,
    ECHO,
    FULL,
    LOOK_ALIKE,
    PUNCTUATION,
    STRAY_LATIN,
    WORDING,
    DetectorInput,
    LatticeScorer,
    LineIndex,
    Proposal,
    ProposalOrigin,
    Rule,
    is_all_chinese,
    probability_from_log_odds,
    score_replacement,
)
from newspage.correction_evidence import Evidence
from newspage.edits import FlatText
from newspage.model import FURNITURE_KINDS, Char

UNRELATED = 0.2
"""Share (0 to 1) of an old text that must be on the scan; with less it is that of another page."""
LONG = 30
"""Characters from which on text that only one side has is a passage and no slip."""
MARKS = "，。、；：！？“”‘’「」『』（）《》〈〉…—·,.;:!?()"
FACING = ({"“", "”"}, {"‘", "’"})
PAIRED = "“”‘’「」『』（）《》〈〉()"
BACKWARDS = 3
"""Characters from which on it can be seen that a line was read from the wrong end."""
MEANT = 0.3
"""Prior where the same word stands elsewhere in the text."""
OTHER_KIND = 0.02
"""Prior that a text has a mark for a character, or the reverse."""
LOST_MARK, FOUND_MARK = 0.05, 0.3
"""Priors that a mark too many, and one too few, is a fault of the text: recognisers lose marks, and
read specks as marks."""
NO_SPECK = 11.0
"""Natural log-odds of the pixels from which a mark that only the scan has is no speck; below it a
person decides."""
ONE_STROKE = ("一", "丨", "丶")
"""Characters of one stroke, which recognisers lose at the end of a line as they lose marks."""
COMMON = {"，": 0.47, "。": 0.22, "、": 0.15, "：": 0.04, "；": 0.02}
"""Rounded shares (0 to 1) of the marks in running text of Chinese newspapers."""
RARE_MARK = 0.01
"""Share of every other mark."""
SPECKS = "，。、：；.·,:;"
"""Small marks that specks change into each other, or add to."""
MOVED = 0.85
"""Normalised Levenshtein similarity (0 to 1) from which a surplus and a gap are one move."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of comparing an old text with the scan."""

    read: FlatText
    """The text of the page as read, misplaced lines where the old text has them."""
    text: FlatText
    """The old text, its characters with the glyphs they are printed by where they were found."""
    proposals: tuple[Proposal, ...]
    covered: float
    """Share of the old text that was found on the scan, 0 to 1."""
    alignment: Alignment

    @property
    def related(self) -> bool:
        """Tell whether enough of the old text is on the scan for the two to belong together."""
        return self.covered >= UNRELATED


def compare_with_scan(old: DetectorInput, read: FlatText, witness: LatticeScorer) -> Comparison:
    """Compare an old text with what was read, and judge each difference by the pixels.

    Args:
        old: The old text, with the dictionaries and the word list.
        read: The text of the whole page as it was read, each character with its glyph.
        witness: The scorer of the page's lines.

    Returns:
        The comparison; without proposals where the text is not on the scan.
    """
    read = reorder_misplaced_lines(old.string, read, witness.lines)
    alignment = align_texts(old.string, read.string)
    text = _with_glyphs(old.text, read, alignment)
    covered = alignment.covered
    if covered < UNRELATED:
        return Comparison(read, text, (), covered, alignment)
    place = LineIndex(read)
    differences = [*alignment.differences, *_quotes(old.string, read.string, alignment)]
    judged = {
        d: _judge_difference(old, place, alignment, d, witness)
        for d in differences
        if not is_misplaced(alignment, d)
    }
    tangled = _touching_differences(old.text, alignment)
    judged.update((d, _with_doubt(p)) for d in tangled if (p := judged.get(d)))
    proposals = _moves(old.string, _whole_moves(judged))
    return Comparison(read, text, tuple(proposals), covered, alignment)


def _touching_differences(old: FlatText, alignment: Alignment) -> Iterator[Difference]:
    """Yield differences that touch another one, where the two add or remove characters together.

    One fault may have been split wrongly there. In headlines, whose lines are more often read in a
    wrong order, all differences that touch are yielded.
    """
    for a, b in pairwise(alignment.differences):
        headline = not _running(old, alignment.old.places[a.a0 - 1 if a.a0 else 0])
        if b.a0 - a.a1 <= 1 and (a.excess + b.excess or headline):
            yield from (d for d in (a, b) if d.move < 0)


def _with_doubt(proposal: Proposal) -> Proposal:
    """Return a proposal with a doubt, so that a person decides."""
    return replace(proposal, evidence=replace(proposal.evidence, doubt="beside another difference"))


def _quotes(old: str, read: str, alignment: Alignment) -> Iterator[Difference]:
    """Yield quotation marks that face the other way, which the alignment takes for equal."""
    for index, partner in enumerate(alignment.pairs):
        if partner >= 0 and alignment.old.string[index] in "\"'":
            stands = old[alignment.old.places[index]]
            printed = read[alignment.read.places[partner]]
            if stands != printed and {stands, printed} in FACING:
                yield Difference(index, index + 1, partner, partner + 1)


def _whole_moves(judged: Mapping[Difference, Proposal | None]) -> list[Proposal]:
    """Return the proposals; the ends of a move only where both were confirmed."""
    ends = Counter(d.move for d, p in judged.items() if p is not None)
    return [
        p if d.move < 0 else replace(p, rule=DISPLACED, group=f"passage-{d.move}")
        for d, p in judged.items()
        if p is not None and (d.move < 0 or ends[d.move] == 2)
    ]


def _with_glyphs(old: FlatText, read: FlatText, alignment: Alignment) -> FlatText:
    """Return the old text with the glyphs it is printed by.

    Characters that are not printed like that stand beside the one before.
    """
    chars = [Char(c, "", i) for i, c in enumerate(old.string)]
    for index, partner in enumerate(alignment.pairs):
        if partner >= 0:
            at = alignment.old.places[index]
            glyph = read.chars[alignment.read.places[partner]]
            chars[at] = Char(old.string[at], glyph.line, glyph.glyph)
    for d in alignment.differences:
        beside = alignment.read.places[max(0, min(d.b0, len(alignment.read.places) - 1))]
        line = read.chars[beside].line
        for index in range(d.a0, d.a1):
            at = alignment.old.places[index]
            chars[at] = Char(old.string[at], line, -1)
    return replace(old, chars=tuple(chars))


def _judge_difference(
    old: DetectorInput,
    place: LineIndex,
    alignment: Alignment,
    d: Difference,
    witness: LatticeScorer,
) -> Proposal | None:
    """Return the proposal for a difference, with the evidence of the pixels; None to drop it."""
    order = judge_printed_order(old.text, place.text, alignment, d, witness.lines)
    if order is Adjacency.NO:
        return None
    start, end = _span(alignment.old.places, d.a0, d.a1, len(old.string))
    begin, stop = _span(alignment.read.places, d.b0, d.b1, len(place.text.string))
    stands = old.string[start:end]
    printed = _in_forms_of(old, place.text.string[begin:stop].replace("\n", ""))
    running = _running(old.text, start) and _running(place.text, begin)
    if (start == end and not _of_article(place.text, begin)) or (d.move >= 0 and not running):
        return None
    if d.excess > 0 and not running:
        order = Adjacency.UNKNOWN
    if printed == stands:
        return None
    if stands.isascii() and stands.isalpha() and not printed.isascii():
        start, end = _with_blanks(old.string, start, end)
    if _is_noise(old, start, end, printed) or _is_read_backwards(place.text, begin, stop, stands):
        return None
    belief = _prior_probability(old, start, end, printed)
    pixels = score_replacement(place, begin, stop, "".join(stands.split()), witness)
    if pixels is None:
        return None
    doubt = _doubt(old.string, start, end, printed)
    if not stands and printed in COMMON and pixels < NO_SPECK:
        doubt = "a mark or a speck"
    if belief < MEANT and is_hanging_character(place.text, alignment, d):
        doubt = "at the end of a line"
    evidence = Evidence(
        belief=belief,
        order_unknown=order is Adjacency.UNKNOWN,
        doubt=doubt,
        image_log_odds=round(pixels, 2),
        read_confidence=_confidence(place.text, begin, stop, witness),
        source="scan",
    )
    rule = _rule(stands, printed)
    return Proposal(rule, start, end, printed, evidence, origin=ProposalOrigin.COMPARISON)


def _is_noise(old: DetectorInput, start: int, end: int, printed: str) -> bool:
    """Tell whether a rule or an ornament was read: letters and signs in the midst of Chinese."""
    if not printed or any(is_han(c) or c in MARKS for c in printed):
        return False
    around = old.string[max(0, start - 1) : end + 1].replace("\n", "")
    return is_all_chinese(around) or not printed.isascii()


def _in_forms_of(old: DetectorInput, printed: str) -> str:
    """Return what was read, each character in the variant that the old text uses: 為, not 爲.

    A blurred 会 is read as 會; in a simplified text it is simplified.
    """
    if old.simplified:
        plain = map_to_simplified()
        printed = "".join(c if c in old.string else plain.get(ord(c), c) for c in printed)
    return "".join(c if c in old.string else _form_in(old.string, c) for c in printed)


def _form_in(old: str, character: str) -> str:
    """Return the variant of a character that the old text uses most; itself where it uses none."""
    forms = list_forms(character)
    return max(forms, key=old.count) if any(f in old for f in forms) else character


def _is_read_backwards(read: FlatText, begin: int, stop: int, stands: str) -> bool:
    """Tell whether lines were read from the wrong end: the text has them, each backwards."""
    pieces = ["".join(c.text for c in group) for _, group in groupby(read.chars[begin:stop], _line)]
    pieces = [p for p in pieces if len(p) > 1]
    forward, backward = "".join(pieces), "".join(p[::-1] for p in pieces)
    bare = "".join(stands.split())
    if len(backward) < BACKWARDS:
        return False
    back = max(Levenshtein.normalized_similarity(bare, b) for b in (backward, forward[::-1]))
    return back >= 0.5 and back > Levenshtein.normalized_similarity(bare, forward)


def _line(char: Char) -> str:
    return char.line


def _confidence(read: FlatText, begin: int, stop: int, witness: LatticeScorer) -> float:
    """Return the confidence of the least sure glyph that was read there, 0 to 1."""
    found = [1.0]
    for char in read.chars[begin:stop]:
        line = witness.lines.get(char.line)
        if line is not None and 0 <= char.glyph < len(line.glyphs):
            found.append(line.glyphs[char.glyph].confidence)
    return round(min(found), 2)


def _with_blanks(string: str, start: int, end: int) -> tuple[int, int]:
    """Return the span with the blanks that set a foreign word apart."""
    while start and string[start - 1] == " ":
        start -= 1
    while end < len(string) and string[end] == " ":
        end += 1
    return start, end


def _running(text: FlatText, at: int) -> bool:
    """Tell whether a place lies in running text and not in a headline or a byline."""
    block = text.block_at(at) or text.block_at(max(0, at - 1))
    return block is None or block.body


def _of_article(read: FlatText, at: int) -> bool:
    """Tell whether the characters read at a place belong to an article and not to furniture."""
    block = read.block_at(at)
    return block is None or block.kind not in FURNITURE_KINDS


def _span(places: Sequence[int], first: int, last: int, length: int) -> tuple[int, int]:
    """Return normalised offsets as a span of the text; insertions follow the character before."""
    if first == last:
        at = places[first - 1] + 1 if first else (places[0] if places else length)
        return at, at
    return places[first], places[last - 1] + 1


def _prior_probability(old: DetectorInput, start: int, end: int, printed: str) -> float:
    """Return the prior probability of a change, from the words, before the pixels are asked."""
    stands = old.string[start:end]
    if len(stands + printed) == 1 and stands + printed in MARKS:
        return LOST_MARK if stands else _prior_of_new_mark(old, start, printed)
    if stands in ONE_STROKE and not printed:
        return OTHER_KIND
    if len(stands) == len(printed) == 1 and not (is_han(stands) and is_han(printed)):
        return _prior_of_mark_swap(stands, printed)
    if _shuffled(old.string, start, end, printed):
        return OTHER_KIND
    if _recurs(old, start, end):
        return MEANT
    if max(len(stands), len(printed)) >= LONG or not old.fluent:
        return 0.5
    if not stands and len(printed) == 2 and printed[1] in COMMON:
        # A speck beside a character that is missing is likelier than both missing.
        return LOST_MARK
    gain = old.language.measure_gain(old.string, start, end, printed)
    gain += 4.0 * (len(printed) - len(stands))
    belief = min(0.95, max(0.05, probability_from_log_odds(gain / 4)))
    return belief if belief >= 0.5 or not _is_known_confusion(old, stands, printed) else belief / 10


def _shuffled(string: str, start: int, end: int, printed: str) -> bool:
    """Tell whether what was read has only characters that stand right beside, in another order.

    Two columns that were read as one give such strings; writers repeat words in their order.
    """
    if len(printed) < 2 or len(printed) <= end - start:
        return False
    reach = len(printed) + 1
    for beside in (string[max(0, start - reach) : start], string[end : end + reach]):
        if set(printed) <= set(beside) and printed not in beside:
            return True
    return False


def _has_punctuation(old: DetectorInput, at: int) -> bool:
    """Tell whether the block around a place has punctuation; headlines mostly have none."""
    block = old.text.block_at(at) or old.text.block_at(max(0, at - 1))
    return block is None or any(c in MARKS for c in old.text.read_part(block))


def _prior_of_new_mark(old: DetectorInput, at: int, mark: str) -> float:
    """Return the probability that a mark which only the scan has is one and no speck.

    Specks are read as dots, headlines have few marks, and hardly two marks follow each other but
    for quotes and brackets.
    """
    around = old.string[max(0, at - 1) : at + 1]
    twice = mark in COMMON and any(c in "，。、：；？！" for c in around)
    likely = mark in COMMON or mark in PAIRED
    return FOUND_MARK if likely and not twice and _has_punctuation(old, at) else OTHER_KIND


def _prior_of_mark_swap(stands: str, printed: str) -> float:
    """Return the probability of one mark over another by how common they are, at most 0.5.

    A mark and a character are hardly ever taken for each other.
    """
    if _of_other_kind(stands, printed):
        return OTHER_KIND
    if stands.isalnum() or printed.isalnum():
        return 0.5
    there, new = (COMMON.get(FULL.get(c, c), RARE_MARK) for c in (stands, printed))
    return min(0.5, new / (new + there))


def _doubt(string: str, start: int, end: int, printed: str) -> str:
    """Return why a person has to look, however sure the pixels seem; empty where nobody has."""
    stands = string[start:end]
    if _of_other_kind(stands, printed):
        return "a mark for a character"
    if any(a in SPECKS and b in SPECKS for a, b in pairwise(printed)):
        return "marks in a row"
    around = string[max(0, start - 1) : start] + string[end : end + 1]
    if len(stands) == 1 and stands in SPECKS and around.isdigit() and len(around) == 2:
        return "inside a number"
    return ""


def _of_other_kind(stands: str, printed: str) -> bool:
    """Tell whether one is a character and the other a mark."""
    return len(stands) == len(printed) == 1 and is_han(stands) is not is_han(printed)


def _recurs(old: DetectorInput, start: int, end: int) -> bool:
    """Tell whether a character stands beside the same one elsewhere in the text, as in a word."""
    if end - start != 1 or not is_han(old.string[start]):
        return False
    pairs = (old.string[max(0, start - 1) : end], old.string[start : end + 1])
    return any(len(p) == 2 and is_all_chinese(p) and old.count_occurrences(p) > 1 for p in pairs)


def _is_known_confusion(old: DetectorInput, stands: str, printed: str) -> bool:
    """Tell whether the dictionaries list the two as look-alikes."""
    table = old.dictionaries.confusions
    return len(stands) == len(printed) == 1 and printed in table.get(stands, "")


def _rule(stands: str, printed: str) -> Rule:
    """Return the kind of fault that a change mends."""
    if not any(is_han(c) or c.isalnum() for c in stands + printed):
        return PUNCTUATION
    if stands and not printed and is_all_chinese(stands) and len(stands) > 1:
        return ECHO if len(stands) < LONG else DUPLICATE_PASSAGE
    if stands.isascii() and stands.strip().isalpha():
        return STRAY_LATIN
    if len(stands) == len(printed) == 1:
        return LOOK_ALIKE
    if max(len(stands), len(printed)) == 1:
        return CHARACTER
    return WORDING if len(stands) < LONG else DUPLICATE_PASSAGE


def _moves(string: str, proposals: list[Proposal]) -> Iterator[Proposal]:
    """Yield the proposals; a surplus here and the same text missing there become one move."""
    extra = [p for p in proposals if not p.proposed and p.end - p.start >= 4]
    missing = [p for p in proposals if p.start == p.end and len(p.proposed) >= 4]
    partner: dict[int, tuple[str, Proposal]] = {}
    for number, gone in enumerate(extra):
        length = gone.end - gone.start
        for come in missing:
            near = abs(len(come.proposed) - length) <= (1 - MOVED) * length
            stands = string[gone.start : gone.end]
            if id(come) not in partner and near and _is_same_passage(stands, come.proposed):
                group = f"move-{number}"
                partner[id(gone)] = (group, come)
                partner[id(come)] = (group, gone)
                break
    for p in proposals:
        if id(p) in partner:
            group, _ = partner[id(p)]
            yield replace(p, rule=DISPLACED, group=group)
        else:
            yield p


def _is_same_passage(stands: str, printed: str) -> bool:
    """Tell whether two strings are similar enough to be one passage that moved."""
    return Levenshtein.normalized_similarity(stands, printed) >= MOVED
