"""Lines that the layout put in a wrong place, found again by what the old text says."""

from newspage.collation.loose_lines import reorder_misplaced_lines
from newspage.edits.flat_text import BREAK, FlatText, TextPart
from newspage.model import Char, RegionKind, TextLine
from tests.correct_fakes import characters_of, line, lines_of, read_text_of

PRINT = ["江州因水而兴，明清时期城内河道总长逾六十公里，舟楫往来，市井繁华，四方商贾云集于此。"]
BYLINE, NOTICE = "通讯员沈砚秋", "昨日青渡港水文公报"
FAR = 4000.0
"""Where nothing else is printed."""


def page(stray: str, after: int) -> tuple[FlatText, dict[str, TextLine]]:
    """The print, with a line that is printed elsewhere in the midst of its text."""
    characters = characters_of(*PRINT, stray)
    lines = lines_of(PRINT, characters)
    text = read_text_of(PRINT, lines)
    lines["stray"] = line("stray", stray, characters, top=FAR)
    chars = tuple(Char(c, "stray", n) for n, c in enumerate(stray))
    whole = (*text.chars[:after], *chars, *text.chars[after:])
    block = TextPart(0, len(whole), RegionKind.BODY)
    string = "".join(c.text for c in whole)
    return FlatText("page", string, (block,), whole), lines


def test_a_line_the_old_text_has_elsewhere_goes_there() -> None:
    """A byline read into the column beside it stands before the article again."""
    read, lines = page(BYLINE, 24)
    old = f"{BYLINE.replace('秋', '狄')}\n\n{PRINT[0]}"
    assert reorder_misplaced_lines(old, read, lines).string == BYLINE + PRINT[0]


def test_a_line_the_old_text_has_nowhere_goes_to_the_end() -> None:
    """An advertisement is no part of the sentence it was read into."""
    read, lines = page(NOTICE, 24)
    done = reorder_misplaced_lines(PRINT[0], read, lines)
    assert done.string == PRINT[0] + BREAK + NOTICE
    assert [b.kind for b in done.blocks] == [RegionKind.BODY, RegionKind.OTHER]


def test_a_line_between_its_neighbours_stays() -> None:
    """What is printed there is missing in the old text, and no stranger."""
    lines = lines_of(PRINT, characters_of(*PRINT))
    read = read_text_of(PRINT, lines)
    old = PRINT[0][:12] + PRINT[0][24:]
    assert reorder_misplaced_lines(old, read, lines) == read


def test_a_line_read_backwards_is_known_again() -> None:
    """It goes to its place; that its direction was misjudged is no fault of the text."""
    read, lines = page(BYLINE[::-1], 24)
    done = reorder_misplaced_lines(f"{BYLINE}\n\n{PRINT[0]}", read, lines)
    assert done.string == BYLINE[::-1] + PRINT[0]


def test_nothing_is_lost_or_made() -> None:
    """Every character of the page is in the settled text, once."""
    read, lines = page(NOTICE, 13)
    done = reorder_misplaced_lines(PRINT[0], read, lines)
    assert sorted(c for c in done.string if c != BREAK) == sorted(read.string)
    assert done.string == "".join(c.text for c in done.chars)
