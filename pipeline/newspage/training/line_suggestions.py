"""Chooses the lines of an output folder whose transcription would help the recogniser most.

Active learning by expected errors, spread out: the gain of a line is the sum of its characters'
doubts, each the less worth the more often the same character is chosen already, and the line the
less the more of its page and region are. Chosen are the greatest gains, one after the other
(Nemhauser et al., An analysis of approximations for maximizing submodular set functions, 1978).
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from newspage.edits import locate_line_texts
from newspage.model import PageRecord, TextLine
from newspage.output import SuggestedLine
from newspage.spacing import FIRST_WIDE

SHORTEST = 4
"""Characters of the shortest line that is suggested. Judgement: shorter ones teach little."""
ILLEGIBLE = 0.45
"""Share of wrong characters that is expected in a line from which it is left out. Judgement: of
such lines as much is blurred or cut wrong as is read wrong, and people cannot type them either."""
LEAST = 0.1
"""Wrong characters expected in a line below which it is left out. Judgement: a person would type
more than ten such lines for one character that the recogniser did not know."""
MERGED = 1.6
"""Thickness of a line, in pitches of its characters, from which it is left out. Judgement:
full-width characters are set as wide as high; what is thicker by half is two lines in one."""
DOUBTFUL = 0.02
"""Doubt of a character (1 less its confidence) from which it counts. Judgement: below, networks are
nearly always right."""
ALIKE = 70.0
"""Likeness of two texts, 0 to 100, from which the second one is left out. Judgement: repeated
headings and advertisements are alike by more, different lines of a page by less than 30."""
AGAIN, NEAR = 0.7, 0.9
"""Factors of a doubt for each time that the same character is chosen already, and of a line's gain
for each line of its page, and again of its region, that is. Judgement: the tenth example of a
confusion teaches little, and pages differ more than their lines."""


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A line that may be suggested."""

    line: SuggestedLine
    region: str
    doubts: tuple[tuple[str, float], ...]
    """Its doubtful characters, each with the probability that it is wrong."""


def list_candidates(stem: str, record: PageRecord, known: set[str]) -> list[CandidateLine]:
    """Return the lines of a page that may be suggested.

    Args:
        stem: Name of the page.
        record: The page, decisions merged.
        known: Ids of the lines whose text a person has confirmed.
    """
    texts = locate_line_texts(record)
    lines = ((region.id, line) for region in record.page.regions for line in region.lines)
    found = []
    for region, line in lines:
        text = texts.get(line.id)
        if text is None or line.id in known or len(text.text) < SHORTEST:
            continue
        doubts = _list_doubts(line)
        expected = sum(doubt for _, doubt in doubts)
        if LEAST <= expected < ILLEGIBLE * len(line.glyphs) and not _is_merged(line):
            box = (line.box.left, line.box.top, line.box.right, line.box.bottom)
            suggested = SuggestedLine(stem, box, text.text, round(expected, 2))
            found.append(CandidateLine(suggested, f"{stem} {region}", doubts))
    return found


def choose_lines_to_type(
    candidates: Iterable[CandidateLine], count: int
) -> tuple[SuggestedLine, ...]:
    """Return up to `count` lines, the most helpful first; the same ones for the same candidates."""
    rest = sorted(candidates, key=lambda c: (c.line.stem, c.line.box, c.line.reading))
    chosen = _Chosen()
    heap = [(-chosen.measure_gain(c), i) for i, c in enumerate(rest)]
    heapq.heapify(heap)
    while heap and len(chosen.lines) < count:
        gain, i = heapq.heappop(heap)
        now = -chosen.measure_gain(rest[i])
        if now > gain:
            # Gains only fall: what is first with its present gain is the best.
            heapq.heappush(heap, (now, i))
        elif not chosen.holds_like(rest[i].line.reading):
            chosen.add_line(rest[i])
    return tuple(chosen.lines)


@dataclass(slots=True)
class _Chosen:
    """The lines chosen so far."""

    lines: list[SuggestedLine] = field(default_factory=list)
    characters: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    """By page, and by region."""

    def measure_gain(self, candidate: CandidateLine) -> float:
        """Return what a line is worth beside those chosen."""
        doubt = sum(d * AGAIN ** self.characters[c] for c, d in candidate.doubts)
        near = self.places[candidate.line.stem] + self.places[candidate.region]
        return float(doubt * NEAR**near)

    def holds_like(self, text: str) -> bool:
        """Tell whether a line with nearly the same text is chosen."""
        texts = [line.reading for line in self.lines]
        return process.extractOne(text, texts, scorer=fuzz.ratio, score_cutoff=ALIKE) is not None

    def add_line(self, candidate: CandidateLine) -> None:
        """Choose a line."""
        self.lines.append(candidate.line)
        self.characters.update(c for c, _ in candidate.doubts)
        self.places.update((candidate.line.stem, candidate.region))


def _is_merged(line: TextLine) -> bool:
    """Tell whether a line of full-width characters is too thick to be one line."""
    wide = sum(glyph.text >= FIRST_WIDE for glyph in line.glyphs)
    length, across = max(line.box.width, line.box.height), min(line.box.width, line.box.height)
    return 2 * wide > len(line.glyphs) and across * len(line.glyphs) > MERGED * length


def _list_doubts(line: TextLine) -> tuple[tuple[str, float], ...]:
    """Return the doubtful characters of a line, each with its doubt."""
    doubts: Sequence[tuple[str, float]] = [(g.text, 1 - g.confidence) for g in line.glyphs]
    return tuple((text, doubt) for text, doubt in doubts if doubt >= DOUBTFUL)
