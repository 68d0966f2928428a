"""Tell advertisements, tables and mastheads from articles, by how they look and what they say.

In doubt a text is an article. Thresholds were set on 60 generated pages full of notices and 120
others (1,625 articles, 120 advertisements and 27 tables that had been taken for articles), and
tried on two folds of 1939; figures on other pages stand in benchmarks/pages/README.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from newspage.chinese import IMPRINT, NUMERALS, count_offers
from newspage.layout.flow import Story
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import Row
from newspage.model import RegionKind

MARKS = re.compile(r"[。！？，、；：!?,:;]|\.(?!\d)")
"""Marks of running text in any language."""
BARE = 3.0
"""Marks in a hundred characters. A text with fewer is a list of words rather than sentences: of the
articles one in a hundred, of the advertisements half."""
RAGGED = 0.6
"""Share of full rows. In running text more are full: of the articles 98 in 100 have over 0.67."""
FULL_LEFT, FULL_RIGHT = 2.5, 1.3
"""Em. A row that begins and ends within so much of the edges of its column is a full one."""
MIXED, OTHER_SIZE = 0.25, 0.17
"""Share of rows whose size differs from the median by more than the second number. In an article
fewer do: at most 0.17 in 98 of 100."""
SMALLEST, LARGEST = 0.9, 1.17
"""Times the body size of the page. Text of other sizes is no article's, or seldom: 1 in 100."""
OFFERS_ENOUGH = 1.5
"""Offers in a hundred characters: fewer are chance, a long article says this and that."""
POINTS = 4.0
"""Evidence that makes an advertisement of a text that is not set like an article's, see
`measure_evidence`."""
DENSE, DENSE_POINTS, SHORT, MANY = 6.0, 3.0, 80, 3
"""Offers in a hundred characters of a text that is one however it is set, and its evidence; if it
is short, in characters, or makes so many kinds of offers, and does not read as an article does. The
densest article has 4.1, a story of a power station with its prices."""
READS_ON = 5.0
"""Marks in a hundred characters of an article: 98 in 100 have more."""
NUMBERS = 0.5
"""Share of numerals in a table's text: of the articles the most has 0.37, of the tables the least
0.66."""
TABLE_ROWS, TABLE_MARKS = 4, 2.0
"""Rows of a table at least; marks in a hundred characters of it at most."""
MASTHEAD_ROWS, MASTHEAD_SHARE = 3, 0.4
"""Rows that say a date, an issue number, a price or an editor: so many, and such a share."""


@dataclass(frozen=True, slots=True)
class NoticeEvidence:
    """What speaks for an advertisement."""

    offers: int
    """Kinds of things offered, see `newspage.chinese.OFFERS`; none where they are few and far."""
    density: float
    """Offers in a hundred characters."""
    looks: float
    """Points for how it is set."""
    framed: bool

    @property
    def points(self) -> float:
        """Return the sum: a point for each kind of offer and for the frame, more for the looks."""
        return self.offers + self.looks + self.framed


def find_notice_kind(stories: Sequence[Story], framed: bool, em: float) -> RegionKind | None:
    """Return which kind of furniture some text is; None for an article and in doubt.

    Args:
        stories: The text: one story of a page, or all of those in a frame together.
        framed: Whether a frame or a panel holds it.
        em: Size of the body type in pixels.
    """
    blocks = [block for story in stories for block in story.stacks]
    rows = [row for block in blocks for row in block.rows]
    heads = [row for story in stories if story.head for row in story.head.rows]
    if _is_masthead([*heads, *rows]):
        return RegionKind.MASTHEAD
    if not rows:
        return None
    if _is_table(rows):
        return RegionKind.TABLE
    evidence = measure_evidence(blocks, heads, framed, em)
    size = sum(len(row.text) for row in rows)
    set_apart = evidence.looks >= 1 and evidence.points >= POINTS
    full = evidence.density >= DENSE and evidence.points >= DENSE_POINTS
    full = full and (size < SHORT or evidence.offers >= MANY) and not _reads_on(blocks)
    return RegionKind.ADVERTISEMENT if evidence.offers and (set_apart or full) else None


def measure_evidence(
    blocks: Sequence[TextBlock], heads: Sequence[Row], framed: bool, em: float
) -> NoticeEvidence:
    """Return what speaks for an advertisement.

    Args:
        blocks: Its running text, at least a row.
        heads: Rows of its headlines.
        framed: Whether a frame or a panel holds it.
        em: Size of the body type in pixels.
    """
    rows = [row for block in blocks for row in block.rows]
    text = "".join(row.text for row in rows)
    whole = "".join(row.text for row in heads) + text
    offers = count_offers(whole)
    density = 100 * sum(offers.values()) / max(20, len(whole))
    sizes = [row.size for row in rows]
    middle = median(sizes)
    mixed = sum(abs(size / middle - 1) > OTHER_SIZE for size in sizes) / len(sizes)
    looks = (
        1.5 * (_count_marks(text) < BARE)
        + (_share_of_full_rows(blocks) < RAGGED)
        + (mixed > MIXED)
        + (not SMALLEST <= middle / em <= LARGEST)
    )
    return NoticeEvidence(len(offers) if density >= OFFERS_ENOUGH else 0, density, looks, framed)


def _reads_on(blocks: Sequence[TextBlock]) -> bool:
    """Tell whether a text is sentences that begin with an indent, as those of articles do."""
    text = "".join(block.text for block in blocks)
    return blocks[0].begins_indented and _count_marks(text) >= READS_ON


def _count_marks(text: str) -> float:
    """Return how many marks of running text there are in a hundred characters."""
    return 100 * len(MARKS.findall(text)) / max(1, len(text))


def _share_of_full_rows(blocks: Sequence[TextBlock]) -> float:
    """Return the share of rows that reach from edge to edge of their column."""
    full = [
        row.box.right > block.right - FULL_RIGHT * block.size
        and row.box.left < block.left + FULL_LEFT * block.size
        for block in blocks
        for row in block.rows
    ]
    return sum(full) / len(full)


def _is_table(rows: Sequence[Row]) -> bool:
    """Tell whether most of the text is numbers: times, prices, results."""
    text = "".join(row.text for row in rows)
    if len(rows) < TABLE_ROWS or _count_marks(NUMERALS.sub("", text)) >= TABLE_MARKS:
        return False
    return len(NUMERALS.findall(text)) >= NUMBERS * len(text)


def _is_masthead(rows: Sequence[Row]) -> bool:
    """Tell whether many rows say what the head of a paper says."""
    said = sum(bool(IMPRINT.search(row.text)) for row in rows)
    return said >= max(MASTHEAD_ROWS, MASTHEAD_SHARE * len(rows))
