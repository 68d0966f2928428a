"""Where printed lines of Latin text meet with a space, and where lines meet without one."""

import pytest

from newspage.model import Char
from newspage.spacing import find_space_between, is_spaced, needs_space


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("the arrival", "of its"),
        ("他毕业于School of", "Music，后来回国"),
        ("wounded in", "1898, near"),
        ("Aug. 6,", "1864, they"),
        ("Mr.", "Smith went"),
        ("said “Yes.”", "He went"),
        ("a loss of 12", "men"),
        ("for $4.50,", "“net”"),
        ("Hall -", "the new one"),
        ("Большой", "театр"),
    ],
)
def test_latin_lines_meet_with_a_space(before: str, after: str) -> None:
    """Words, numbers and marks of them, inside a Chinese text as well."""
    assert needs_space(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("他毕业于", "音乐学院"),
        ("他毕业于School", "音乐学院"),
        ("他毕业于", "School of"),
        ("共计种树12", "34棵，修桥"),
        ("同比增长3.", "5%，其中"),
        ("参加NBA，", "NBL的比赛"),
        ("the cam-", "pus of"),
        ("the old—", "and new"),
        ("and/", "or else"),
        ("see http://www.new", "page.org"),
        ("write to ann@", "page.org"),
        ("the ", "end"),
        ("", "end"),
        ("“音乐”", "Music"),
    ],
)
def test_other_lines_meet_without_one(before: str, after: str) -> None:
    """Ideographs, numbers in Chinese text, hyphens and dashes, addresses."""
    assert not needs_space(before, after)


def test_the_space_names_the_glyph_before_it() -> None:
    """It has none of its own, and no break of lines is invented beside it."""
    before = [Char("o", "l1", 3), Char("f", "l1", 4)]
    after = [Char("M", "l2", 0)]
    assert find_space_between(before, after) == [Char(" ", "l1", 4)]
    assert find_space_between(before, [Char("乐", "l2", 0)]) == []
    assert find_space_between([], after) == []


def test_a_word_counts_as_much_as_an_ideograph() -> None:
    """A Chinese headline may begin with NBA."""
    assert not is_spaced("NBA开赛")
    assert is_spaced("The School of Music 音乐")
    assert not is_spaced("12.5")
