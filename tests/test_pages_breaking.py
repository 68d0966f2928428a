"""Line breaking: nothing lost, nothing too long, no mark where it may not stand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.pages.breaking import NO_END, NO_START, take_line, text_width, tokens

TEXTS = st.text(alphabet="山川河流日月星，。、“”（）5G2024.%km ", min_size=1, max_size=60)


def broken(text: str, measure: float) -> list[str]:
    """The text in lines of so many em."""
    pieces, at, lines = tokens(text), 0, []
    while at < len(pieces):
        end = take_line(pieces, at, measure)
        lines.append("".join(pieces[at:end]))
        at = end
    return lines


@given(TEXTS, st.floats(min_value=3, max_value=20))
def test_lines_are_the_text(text: str, measure: float) -> None:
    """Put together again, the lines are the text, and none of them is empty."""
    lines = broken(text, measure)
    assert "".join(lines) == text
    assert all(lines)


@given(TEXTS, st.floats(min_value=3, max_value=20))
def test_lines_are_not_longer_than_their_room(text: str, measure: float) -> None:
    """A line is only longer than its measure where a single word is."""
    for line in broken(text, measure):
        assert text_width(line) <= measure + 1e-6 or len(tokens(line)) == 1


@pytest.mark.parametrize(
    ("text", "measure", "first"),
    [
        ("甲乙丙丁，戊己", 4, "甲乙丙"),
        ("甲乙丙（丁）戊", 4, "甲乙丙"),
        ("甲乙丙“丁”戊", 4, "甲乙丙"),
        ("投资18.6亿元", 4, "投资"),
        ("升至97.4%好", 5, "升至97.4%"),
        ("升至97.4%，好", 5, "升至"),
        ("甲乙——丙丁", 3, "甲"),
        ("甲乙——丙丁", 4, "甲乙——"),
    ],
)
def test_where_a_line_ends(text: str, measure: float, first: str) -> None:
    """Closing marks stay with what they close, opening marks go on, numbers stay whole."""
    assert broken(text, measure)[0] == first


@given(st.text(alphabet="山川河流日月星，。（）", min_size=8, max_size=60))
def test_marks_stand_where_they_may(text: str) -> None:
    """No line ends with an opening mark or begins with a closing one, unless marks pile up."""
    lines = broken(text, 6)
    for line, following in pairwise(lines):
        letters = [c for c in line if c not in NO_START | NO_END]
        if len(letters) > 1 and following[0] not in NO_END:
            assert line[-1] not in NO_END
            assert following[0] not in NO_START or line[-1] in NO_START
