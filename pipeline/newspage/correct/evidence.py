"""Evidence of the image: the log-odds of a line with a change over the line as it was read."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from rapidfuzz.distance import Levenshtein

from newspage.correct.ctc_scores import ONE_SHAPE, Alphabet, compute_log_likelihoods
from newspage.correct.detectors.wording import WORDING
from newspage.correct.proposal import Proposal
from newspage.edits import FlatText
from newspage.lattice import Lattice
from newspage.model import TextLine

Reread = Callable[[TextLine, frozenset[int]], Lattice | None]
"""Reads a line again and returns its lattice with certain classes at every step, or None."""
NEAR = 1.0
"""Nats between the bounds of a log-odds that are left open without reading the line again. For half
of the questions about an existing text the bounds lie farther apart (docs/correction.md)."""
REACH = (-4.0, 12.0)
"""Log-odds below and above which the nats left open decide nothing. With both limits one question
in twenty-five about an existing text has its line read again (docs/correction.md)."""
PRINTED = -20.0
"""Log-odds against a question about characters that were read without doubt. Judgement."""
DOUBT = 0.8
"""Confidence of a glyph, 0 to 1, below which it may be another character. Judgement."""


@dataclass(frozen=True)
class LatticeScorer:
    """Scores texts against the lattices of a page's lines."""

    lines: Mapping[str, TextLine] = field(repr=False)
    letters: Alphabet = field(repr=False)
    reread: Reread | None = field(default=None, repr=False)
    """Reads lines again where their lattices leave out the classes that decide."""
    _again: dict[tuple[str, frozenset[int]], Lattice | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    def log_odds(
        self, present: Mapping[str, str], proposed: Mapping[str, str], benefit: bool = False
    ) -> float | None:
        """Return log P(proposed | lines) - log P(present | lines), summed over lines that differ.

        Where a lattice leaves a character out, the line is read again; a class that is still left
        out counts in favour of the present text, and with `benefit` of the proposed one.

        Args:
            present: The text of each line as it is, by line id.
            proposed: The text of each line as it would be.
            benefit: Count what is unknown in favour of `proposed`.

        Returns:
            Natural log-odds; None where a line has no lattice.
        """
        total = 0.0
        for name in present.keys() | proposed.keys():
            before, after = _unspaced(present.get(name, "")), _unspaced(proposed.get(name, ""))
            line = self.lines.get(name)
            if before == after:
                continue
            if line is None or line.lattice is None:
                return None
            low, high = self._range(self._full_lattice(line, line.lattice), before, after)
            if self.reread is not None and _is_undecided(low, high, benefit):
                again = self._read_again(line, before + after)
                low, high = (low, high) if again is None else self._range(again, before, after)
            total += high if benefit else low
        return total

    def _full_lattice(self, line: TextLine, lattice: Lattice) -> Lattice:
        """Return the full network's lattice of a line, read again where only a light one saw it."""
        if not line.read_lightly or self.reread is None:
            return lattice
        key = line.id, frozenset[int]()
        if key not in self._again:
            self._again[key] = self.reread(line, key[1])
        return self._again[key] or lattice

    def _range(self, lattice: Lattice, before: str, after: str) -> tuple[float, float]:
        """Return the least and the greatest log-odds that a lattice allows."""
        strings, generous = [before, after] * 2, [True, False, False, True]
        scores = compute_log_likelihoods(lattice, strings, self.letters, generous)
        return float(scores[1] - scores[0]), float(scores[3] - scores[2])

    def _read_again(self, line: TextLine, characters: str) -> Lattice | None:
        """Return the line's lattice with the classes of some characters, read once a page."""
        if self.reread is None:
            return None
        classes = (self.letters.classes.get(c, ()) for c in characters)
        wanted = frozenset(chain.from_iterable(classes))
        key = line.id, wanted
        if key not in self._again:
            self._again[key] = self.reread(line, wanted)
        return self._again[key]


def _is_undecided(low: float, high: float, benefit: bool) -> bool:
    """Tell whether the classes a lattice leaves out may change the outcome of a log-odds."""
    if benefit:
        low, high = -high, -low
    return high - low > NEAR and high > REACH[0] and low < REACH[1]


@dataclass(frozen=True)
class LineIndex:
    """An index from lines to the characters of a text that were read on them."""

    text: FlatText

    @cached_property
    def offsets(self) -> Mapping[str, list[int]]:
        """Return the offsets in the text of the characters of each line."""
        found: dict[str, list[int]] = defaultdict(list)
        for offset, char in enumerate(self.text.chars):
            if char.line:
                found[char.line].append(offset)
        return found

    def line(self, name: str, changed: Mapping[int, str]) -> str:
        """Return the text of a line after a change.

        A negative key -1 - n in `changed` stands for an insertion before the character n.
        """
        pieces = []
        for offset in self.offsets.get(name, ()):
            pieces.append(changed.get(-1 - offset, ""))
            pieces.append(changed.get(offset, self.text.string[offset]))
        return "".join(pieces)


def score_replacement(
    index: LineIndex, start: int, end: int, other: str, scorer: LatticeScorer
) -> float | None:
    """Return the log-odds of the text read in [start, end) over another text.

    Args:
        index: The text, with the lines of its characters.
        start: First character of the text read.
        end: The character after it.
        other: The text that may stand there instead.
        scorer: The lattices of the lines. Classes they leave out count in favour of `other`.

    Returns:
        Natural log-odds; None where no line can tell.
    """
    proposal = Proposal(WORDING, start, end, other)
    odds = [_score_change(index, c, scorer, benefit=True) for c in _changes(index.text, proposal)]
    known = [o for o in odds if o is not None]
    return -max(known) if known else None


def add_image_evidence(
    text: FlatText, proposals: Iterable[Proposal], scorer: LatticeScorer
) -> list[Proposal]:
    """Return the proposals with the log-odds of the image, where there are any."""
    index = LineIndex(text)
    return [_add_log_odds(index, p, scorer) for p in proposals]


def _add_log_odds(index: LineIndex, proposal: Proposal, scorer: LatticeScorer) -> Proposal:
    """Return a proposal with its log-odds; the likelier one of the ways it can fall on lines."""
    if proposal.evidence.image_asked or not proposal.rule.judged_by_image:
        return proposal
    text = index.text
    stands = text.string[proposal.start : proposal.end]
    if {stands, proposal.proposed} <= set("".join(ONE_SHAPE)) and stands != proposal.proposed:
        return proposal
    if stands == proposal.proposed:
        pixels = PRINTED if _read_without_doubt(text, proposal, scorer) else None
    else:
        odds = [_score_change(index, changed, scorer) for changed in _changes(text, proposal)]
        known = [o for o in odds if o is not None]
        pixels = max(known) if known else None
    if pixels is None:
        return proposal
    return replace(proposal, evidence=replace(proposal.evidence, image_log_odds=round(pixels, 2)))


def _read_without_doubt(text: FlatText, proposal: Proposal, scorer: LatticeScorer) -> bool:
    """Tell whether the characters in question were read without doubt."""
    for char in text.chars[proposal.start : proposal.end]:
        line = scorer.lines.get(char.line)
        if line is None or not 0 <= char.glyph < len(line.glyphs):
            return False
        glyph = line.glyphs[char.glyph]
        # Rounded as records keep it: a page weighed again from its record comes out the same.
        if round(glyph.confidence, 3) < DOUBT or glyph.text != char.text:
            return False
    return True


Changed = dict[int, str]
"""New characters by offset; a key -1 - n stands for an insertion before the character n."""


def _changes(text: FlatText, proposal: Proposal) -> Iterator[Changed]:
    """Yield the ways in which a proposal can fall on the lines.

    An insertion at a line break goes to the end of the line before or to the start of the next.
    """
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
    """Record an insertion after the character before `at`, or with `late` before the one at it."""
    before = at - 1
    if late and at < len(text.chars) and text.chars[at].line:
        changed[-1 - at] = new
    elif before >= 0 and text.chars[before].line:
        changed[before] = changed.get(before, text.string[before]) + new
    else:
        changed[-1 - at] = new


def _score_change(
    index: LineIndex, changed: Changed, scorer: LatticeScorer, benefit: bool = False
) -> float | None:
    """Return the log-odds of a change on the lines it touches; None where they cannot tell."""
    names = {index.text.chars[i if i >= 0 else -1 - i].line for i in changed}
    names.discard("")
    if not names:
        return None
    present = {n: index.line(n, {}) for n in names}
    proposed = {n: index.line(n, changed) for n in names}
    return scorer.log_odds(present, proposed, benefit)


def _unspaced(string: str) -> str:
    """Return a string without white space, which has no class."""
    return "".join(string.split())
