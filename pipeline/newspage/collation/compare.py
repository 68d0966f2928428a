"""An old text judged by the scan: where the two disagree, the pixels are asked."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from rapidfuzz.distance import Levenshtein

from newspage.chinese.word_list import is_han, list_forms, map_to_simplified
from newspage.collation.adjacency import Adjacency
from newspage.collation.align import Alignment, Difference, align_texts
from newspage.collation.loose_lines import reorder_misplaced_lines
from newspage.collation.printed_order import is_hanging_character, is_misplaced, judge_printed_order
from newspage.correct.case import DetectorInput, is_all_chinese
from newspage.correct.detectors.width import FULL
from newspage.correct.evidence import LatticeScorer, LineIndex, score_replacement
from newspage.correct.proposal import Proposal, Rule
from newspage.correct.score import probability_from_log_odds
from newspage.edits.flat_text import FlatText
from newspage.model import FURNITURE_KINDS, Char

UNRELATED = 0.2
"""Share of an old text that must be on the scan; with less the two have nothing to do."""
SAME_BREAK = 0.999
LONG = 30
"""From this length on a passage that only one side has is a passage, not a slip."""
MARKS = "，。、；：！？“”‘’「」『』（）《》〈〉…—·,.;:!?()"
FACING = ({"“", "”"}, {"‘", "’"})
PAIRED = "“”‘’「」『』（）《》〈〉()"
BACKWARDS = 3
"""Characters from which on a line can be told to be read from the wrong end."""
MEANT = 0.3
"""Belief where what would change stands so elsewhere."""
OTHER_KIND = 0.02
"""Belief that a mark was taken for a character, or the reverse."""
LOST_MARK, FOUND_MARK = 0.05, 0.3
"""Belief that a mark too much, or too few, is the text's fault: readers lose them, and read specks
as them."""
NO_SPECK = 11.0
"""Log-odds from which a mark that only the scan has is no speck."""
ONE_STROKE = ("一", "丨", "丶")
"""Characters that readers lose at the end of a line, as they lose marks."""
COMMON = {"，": 0.47, "。": 0.22, "、": 0.15, "：": 0.04, "；": 0.02}
"""Shares of the marks in running text, as newspapers have them."""
RARE_MARK = 0.01
SPECKS = "，。、：；.·,:;"
"""Marks of which specks make others, or more of them."""
MOVED = 0.85
"""Similarity of what is missing here and too much there, to be one thing moved."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the scan says of an old text."""

    read: FlatText
    """What was read, its loose lines where the old text has them."""
    text: FlatText
    """The old text, its characters with the glyphs they are printed by where they were found."""
    proposals: tuple[Proposal, ...]
    covered: float
    """Share of the old text that was found on the scan."""
    alignment: Alignment

    @property
    def related(self) -> bool:
        return self.covered >= UNRELATED


def compare_with_scan(old: DetectorInput, read: FlatText, witness: LatticeScorer) -> Comparison:
    """The old text beside what was read; `read` is the text of the whole page with its glyphs."""
    read = reorder_misplaced_lines(old.string, read, witness.lines)
    alignment = align_texts(old.string, read.string)
    text = _with_glyphs(old.text, read, alignment)
    covered = alignment.covered
    if covered < UNRELATED:
        return Comparison(read, text, (), covered, alignment)
    place = LineIndex(read)
    differences = [*alignment.differences, *_quotes(old.string, read.string, alignment)]
    judged = {
        d: _judged(old, place, alignment, d, witness)
        for d in differences
        if not is_misplaced(alignment, d)
    }
    tangled = _tangled(old.text, alignment)
    judged.update((d, _uneven(p)) for d in tangled if (p := judged.get(d)))
    proposals = _moves(old.string, _whole_moves(judged))
    return Comparison(read, text, tuple(proposals), covered, alignment)


def _tangled(old: FlatText, alignment: Alignment) -> Iterator[Difference]:
    """Differences that touch another one, where the two add or take away characters together.

    What is one fault may have been taken apart wrongly there; in headlines, whose lines are read in
    a wrong order more often, wherever two touch.
    """
    for a, b in pairwise(alignment.differences):
        headline = not _running(old, alignment.old.places[a.a0 - 1 if a.a0 else 0])
        if b.a0 - a.a1 <= 1 and (a.excess + b.excess or headline):
            yield from (d for d in (a, b) if d.move < 0)


def _uneven(proposal: Proposal) -> Proposal:
    return replace(proposal, evidence={**proposal.evidence, "doubt": "beside another difference"})


def _quotes(old: str, read: str, alignment: Alignment) -> Iterator[Difference]:
    """Quotation marks that face the other way; to the alignment they are all the same."""
    for folded, partner in enumerate(alignment.pairs):
        if partner >= 0 and alignment.old.string[folded] in "\"'":
            stands = old[alignment.old.places[folded]]
            printed = read[alignment.read.places[partner]]
            if stands != printed and {stands, printed} in FACING:
                yield Difference(folded, folded + 1, partner, partner + 1)


def _whole_moves(judged: Mapping[Difference, Proposal | None]) -> list[Proposal]:
    """The proposals; the ends of a move only where both were found to be so."""
    ends = Counter(d.move for d, p in judged.items() if p is not None)
    return [
        p if d.move < 0 else replace(p, rule=Rule.DISPLACED, group=f"passage-{d.move}")
        for d, p in judged.items()
        if p is not None and (d.move < 0 or ends[d.move] == 2)
    ]


def _with_glyphs(old: FlatText, read: FlatText, alignment: Alignment) -> FlatText:
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
    old: DetectorInput,
    place: LineIndex,
    alignment: Alignment,
    d: Difference,
    witness: LatticeScorer,
) -> Proposal | None:
    """What was read for what the old text has, with the word of the pixels."""
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
    if _rubbish(old, start, end, printed) or _turned_round(place.text, begin, stop, stands):
        return None
    belief = _belief(old, start, end, printed)
    pixels = score_replacement(place, begin, stop, "".join(stands.split()), witness)
    if pixels is None:
        return None
    doubt = _doubt(old.string, start, end, printed)
    if not stands and printed in COMMON and pixels < NO_SPECK:
        doubt = "a mark or a speck"
    if belief < MEANT and is_hanging_character(place.text, alignment, d):
        doubt = "at the end of a line"
    evidence: dict[str, float | str] = {
        "belief": belief,
        **({"order": "unknown"} if order is Adjacency.UNKNOWN else {}),
        **({"doubt": doubt} if doubt else {}),
        "pixels": round(pixels, 2),
        "read": _confidence(place.text, begin, stop, witness),
        "source": "scan",
    }
    return Proposal(_rule(stands, printed), start, end, printed, evidence)


def _rubbish(old: DetectorInput, start: int, end: int, printed: str) -> bool:
    """Whether a rule or an ornament was read: letters and signs in the midst of Chinese."""
    if not printed or any(is_han(c) or c in MARKS for c in printed):
        return False
    around = old.string[max(0, start - 1) : end + 1].replace("\n", "")
    return is_all_chinese(around) or not printed.isascii()


def _in_forms_of(old: DetectorInput, printed: str) -> str:
    """What was read, each character in the form in which the old text has it: 為 and not 爲.

    A blurred 会 is read as 會; in a simplified text it is simplified.
    """
    if old.simplified:
        plain = map_to_simplified()
        printed = "".join(c if c in old.string else plain.get(ord(c), c) for c in printed)
    return "".join(c if c in old.string else _form_in(old.string, c) for c in printed)


def _form_in(old: str, character: str) -> str:
    forms = list_forms(character)
    return max(forms, key=old.count) if any(f in old for f in forms) else character


def _turned_round(read: FlatText, begin: int, stop: int, stands: str) -> bool:
    """Whether lines were read from the wrong end: what stands there, each line backwards."""
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
    """How sure the reader was of what it read there, 0 to 1: of the least sure glyph."""
    found = [1.0]
    for char in read.chars[begin:stop]:
        line = witness.lines.get(char.line)
        if line is not None and 0 <= char.glyph < len(line.glyphs):
            found.append(line.glyphs[char.glyph].confidence)
    return round(min(found), 2)


def _with_blanks(string: str, start: int, end: int) -> tuple[int, int]:
    """The span with the blanks that set a foreign word apart."""
    while start and string[start - 1] == " ":
        start -= 1
    while end < len(string) and string[end] == " ":
        end += 1
    return start, end


def _running(text: FlatText, at: int) -> bool:
    """Whether a place lies in running text and not in a headline or a byline."""
    block = text.block_at(at) or text.block_at(max(0, at - 1))
    return block is None or block.body


def _of_article(read: FlatText, at: int) -> bool:
    """Whether what was read there belongs to an article; mastheads are no part of a text."""
    block = read.block_at(at)
    return block is None or block.kind not in FURNITURE_KINDS


def _span(places: Sequence[int], first: int, last: int, length: int) -> tuple[int, int]:
    """Folded offsets as a span of the text itself; an insertion follows the character before."""
    if first == last:
        at = places[first - 1] + 1 if first else (places[0] if places else length)
        return at, at
    return places[first], places[last - 1] + 1


def _belief(old: DetectorInput, start: int, end: int, printed: str) -> float:
    """How the words speak for the change, before the pixels are asked."""
    stands = old.string[start:end]
    if len(stands + printed) == 1 and stands + printed in MARKS:
        return LOST_MARK if stands else _belief_in_new_mark(old, start, printed)
    if stands in ONE_STROKE and not printed:
        return OTHER_KIND
    if len(stands) == len(printed) == 1 and not (is_han(stands) and is_han(printed)):
        return _belief_in_marks(stands, printed)
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
    return belief if belief >= 0.5 or not _alike(old, stands, printed) else belief / 10


def _shuffled(string: str, start: int, end: int, printed: str) -> bool:
    """Whether what was read has only characters that stand right beside, in another order.

    Two columns that were read as one bring forth such a thing; writers repeat words in their order.
    """
    if len(printed) < 2 or len(printed) <= end - start:
        return False
    reach = len(printed) + 1
    for beside in (string[max(0, start - reach) : start], string[end : end + reach]):
        if set(printed) <= set(beside) and printed not in beside:
            return True
    return False


def _pointed(old: DetectorInput, at: int) -> bool:
    """Whether marks stand in the part of the text around a place: headlines mostly have none."""
    block = old.text.block_at(at) or old.text.block_at(max(0, at - 1))
    return block is None or any(c in MARKS for c in old.text.read_part(block))


def _belief_in_new_mark(old: DetectorInput, at: int, mark: str) -> float:
    """How likely a mark that only the scan has is one and no speck.

    Specks are read as dots, headlines have few marks, and hardly two marks follow each other but
    for quotes and brackets.
    """
    around = old.string[max(0, at - 1) : at + 1]
    twice = mark in COMMON and any(c in "，。、：；？！" for c in around)
    likely = mark in COMMON or mark in PAIRED
    return FOUND_MARK if likely and not twice and _pointed(old, at) else OTHER_KIND


def _belief_in_marks(stands: str, printed: str) -> float:
    """How common one mark is beside the other; that it is common speaks not for a mark.

    A mark and a character are hardly ever taken for each other.
    """
    if _of_other_kind(stands, printed):
        return OTHER_KIND
    if stands.isalnum() or printed.isalnum():
        return 0.5
    there, new = (COMMON.get(FULL.get(c, c), RARE_MARK) for c in (stands, printed))
    return min(0.5, new / (new + there))


def _doubt(string: str, start: int, end: int, printed: str) -> str:
    """Why a person has to look, however sure the pixels seem; empty where nobody has."""
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
    """Whether one is a character and the other a mark."""
    return len(stands) == len(printed) == 1 and is_han(stands) is not is_han(printed)


def _recurs(old: DetectorInput, start: int, end: int) -> bool:
    """Whether a character stands beside the same one elsewhere in the text: a word of its own."""
    if end - start != 1 or not is_han(old.string[start]):
        return False
    pairs = (old.string[max(0, start - 1) : end], old.string[start : end + 1])
    return any(len(p) == 2 and is_all_chinese(p) and old.count_occurrences(p) > 1 for p in pairs)


def _alike(old: DetectorInput, stands: str, printed: str) -> bool:
    """Whether the reader is known to take one for the other."""
    table = old.dictionaries.confusions
    return len(stands) == len(printed) == 1 and printed in table.get(stands, "")


def _rule(stands: str, printed: str) -> Rule:
    if not any(is_han(c) or c.isalnum() for c in stands + printed):
        return Rule.PUNCTUATION
    if stands and not printed and is_all_chinese(stands) and len(stands) > 1:
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
