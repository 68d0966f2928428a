"""What the pixels say: the log-odds of a line as it would be over the line as it is."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from rapidfuzz.distance import Levenshtein

from newspage.correct.ctc_scores import ONE_SHAPE, Alphabet, compute_log_likelihoods
from newspage.correct.proposal import Proposal, Rule
from newspage.edits.flat_text import FlatText
from newspage.model import Lattice, TextLine

Reread = Callable[[TextLine, frozenset[int]], Lattice | None]
"""Reads a line again and gives its lattice with certain classes at every step, or None."""
NEAR = 1.0
"""Nats that what a lattice leaves out may be off without being looked at."""
REACH = (-4.0, 12.0)
"""Log-odds below and above which a difference of some nats decides nothing."""
PRINTED = -20.0
"""Log-odds against a question about characters that are read without doubt."""
PRINTED_SO = frozenset({Rule.LINE_HYPHEN})
"""Rules that take for granted what is printed, and ask how it reads away from its line."""
DOUBT = 0.8
"""Confidence of a glyph below which it may be another one."""


@dataclass(frozen=True)
class LatticeScorer:
    """The lines of a page as the recogniser saw them."""

    lines: Mapping[str, TextLine] = field(repr=False)
    letters: Alphabet = field(repr=False)
    reread: Reread | None = field(default=None, repr=False)
    """How lines are read again where their lattices leave out what decides."""
    _again: dict[tuple[str, frozenset[int]], Lattice | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    def log_odds(
        self, present: Mapping[str, str], proposed: Mapping[str, str], benefit: bool = False
    ) -> float | None:
        """Log P(proposed | lines) - log P(present | lines), summed over the lines that differ.

        Both map ids of lines to what stands on them. None where a line has no lattice. Where the
        lattice leaves a character out, the line is read again; what is still left out leaves the
        present text the benefit of the doubt, and with `benefit` the proposed one.
        """
        total = 0.0
        for name in present.keys() | proposed.keys():
            before, after = _bare(present.get(name, "")), _bare(proposed.get(name, ""))
            line = self.lines.get(name)
            if before == after:
                continue
            if line is None or line.lattice is None:
                return None
            low, high = self._range(line.lattice, before, after)
            if self.reread is not None and _open(low, high, benefit):
                again = self._read_again(line, before + after)
                low, high = (low, high) if again is None else self._range(again, before, after)
            total += high if benefit else low
        return total

    def _range(self, lattice: Lattice, before: str, after: str) -> tuple[float, float]:
        """The least and the greatest log-odds that a lattice allows."""
        strings, generous = [before, after] * 2, [True, False, False, True]
        scores = compute_log_likelihoods(lattice, strings, self.letters, generous)
        return float(scores[1] - scores[0]), float(scores[3] - scores[2])

    def _read_again(self, line: TextLine, characters: str) -> Lattice | None:
        if self.reread is None:
            return None
        classes = (self.letters.classes.get(c, ()) for c in characters)
        wanted = frozenset(chain.from_iterable(classes))
        key = line.id, wanted
        if key not in self._again:
            self._again[key] = self.reread(line, wanted)
        return self._again[key]


def _open(low: float, high: float, benefit: bool) -> bool:
    """Whether what a lattice leaves out may change what is made of some log-odds."""
    if benefit:
        low, high = -high, -low
    return high - low > NEAR and high > REACH[0] and low < REACH[1]


@dataclass(frozen=True)
class LineIndex:
    """A text whose characters know their lines."""

    text: FlatText

    @cached_property
    def offsets(self) -> Mapping[str, list[int]]:
        """Where the characters of each line stand in the text."""
        found: dict[str, list[int]] = defaultdict(list)
        for offset, char in enumerate(self.text.chars):
            if char.line:
                found[char.line].append(offset)
        return found

    def line(self, name: str, changed: Mapping[int, str]) -> str:
        """What stands on a line once some characters are changed.

        A negative key -1 - n stands for an insertion before the character n.
        """
        pieces = []
        for offset in self.offsets.get(name, ()):
            pieces.append(changed.get(-1 - offset, ""))
            pieces.append(changed.get(offset, self.text.string[offset]))
        return "".join(pieces)


def score_replacement(
    place: LineIndex, start: int, end: int, other: str, witness: LatticeScorer
) -> float | None:
    """Log-odds of what was read in [start, end) over another text, in doubt for the other."""
    proposal = Proposal(Rule.WORDING, start, end, other)
    odds = [_odds(place, c, witness, benefit=True) for c in _changes(place.text, proposal)]
    known = [o for o in odds if o is not None]
    return -max(known) if known else None


def add_image_evidence(
    text: FlatText, proposals: Iterable[Proposal], witness: LatticeScorer
) -> list[Proposal]:
    """The proposals with what the scan says to them, where it can say anything."""
    place = LineIndex(text)
    return [_asked(place, p, witness) for p in proposals]


def _asked(place: LineIndex, proposal: Proposal, witness: LatticeScorer) -> Proposal:
    if "pixels" in proposal.evidence or proposal.rule in PRINTED_SO:
        return proposal
    text = place.text
    stands = text.string[proposal.start : proposal.end]
    if {stands, proposal.proposed} <= set("".join(ONE_SHAPE)) and stands != proposal.proposed:
        return proposal
    if stands == proposal.proposed:
        pixels = PRINTED if _certain(text, proposal, witness) else None
    else:
        odds = [_odds(place, changed, witness) for changed in _changes(text, proposal)]
        known = [o for o in odds if o is not None]
        pixels = max(known) if known else None
    if pixels is None:
        return proposal
    return replace(proposal, evidence={**proposal.evidence, "pixels": round(pixels, 2)})


def _certain(text: FlatText, proposal: Proposal, witness: LatticeScorer) -> bool:
    """Whether the characters in question are read without doubt."""
    for char in text.chars[proposal.start : proposal.end]:
        line = witness.lines.get(char.line)
        if line is None or not 0 <= char.glyph < len(line.glyphs):
            return False
        glyph = line.glyphs[char.glyph]
        if glyph.confidence < DOUBT or glyph.text != char.text:
            return False
    return True


Changed = dict[int, str]


def _changes(text: FlatText, proposal: Proposal) -> Iterator[Changed]:
    """How a proposal can fall on the lines: what is inserted goes to either side of a break."""
    stands = text.string[proposal.start : proposal.end]
    for late in (False, True):
        changed: Changed = {}
        for op in Levenshtein.opcodes(stands, proposal.proposed):
            start, end = proposal.start + op.src_start, proposal.start + op.src_end
            new = proposal.proposed[op.dest_start : op.dest_end]
            if op.tag == "insert":
                _insert(text, changed, start, new, late)
            elif op.tag != "equal":
                for i in range(start, end):
                    changed[i] = new[i - start : i - start + 1]
                    if i == end - 1:
                        changed[i] = new[i - start :]
        yield changed


def _insert(text: FlatText, changed: Changed, at: int, new: str, late: bool) -> None:
    """Put characters after the one before `at`, or before the one at it."""
    before = at - 1
    if late and at < len(text.chars) and text.chars[at].line:
        changed[-1 - at] = new
    elif before >= 0 and text.chars[before].line:
        changed[before] = changed.get(before, text.string[before]) + new
    else:
        changed[-1 - at] = new


def _odds(
    place: LineIndex, changed: Changed, witness: LatticeScorer, benefit: bool = False
) -> float | None:
    names = {place.text.chars[i if i >= 0 else -1 - i].line for i in changed}
    names.discard("")
    if not names:
        return None
    present = {n: place.line(n, {}) for n in names}
    proposed = {n: place.line(n, changed) for n in names}
    return witness.log_odds(present, proposed, benefit)


def _bare(string: str) -> str:
    return "".join(string.split())
