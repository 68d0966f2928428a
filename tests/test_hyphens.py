"""Hyphens at the ends of Latin lines: which part a word, and which belong to it."""

import pytest

from newspage.hyphens import ALONE, EITHER, ELSEWHERE, Vocabulary, find_broken_word, score_hyphen

PAGE = Vocabulary.of(
    [
        "and the campus of old",
        "they will co-operate in it",
        "the same to-day and here",
        "of black birds and birds",
        "with the boat house now",
        "a re-elected and reelected man",
    ]
)


@pytest.mark.parametrize(
    ("left", "right", "sure"),
    [
        ("cam", "pus", ELSEWHERE),
        ("Cam", "pus", ELSEWHERE),
        ("build", "ing", ALONE),
        ("ex", "pect", ALONE),
        ("self", "ish", ALONE),
        ("any", "thing", ALONE),
        ("in", "to", ALONE),
        ("Smith", "field", ALONE),
        ("black", "birds", EITHER),
        ("boat", "house", EITHER),
        ("re", "elected", EITHER),
        ("AL", "LIANCE", EITHER),
        ("T", "shirt", EITHER),
        ("co", "operate", 0.0),
        ("to", "day", 0.0),
        ("twenty", "five", 0.0),
        ("Forty", "first", 0.0),
        ("two", "thirds", 0.0),
        ("self", "respect", 0.0),
        ("ex", "president", 0.0),
        ("pre", "eminent", 0.0),
        ("attorney", "general", 0.0),
        ("man-of", "war", 0.0),
    ],
)
def test_the_page_tells_how_it_writes_a_word(left: str, right: str, sure: float) -> None:
    """Else the halves do; two words that may be one are left to a person."""
    assert score_hyphen(left, right, PAGE) == sure


@pytest.mark.parametrize(
    ("before", "after", "halves"),
    [
        ("of the old cam-", "pus of", ("cam", "pus")),
        ("ALL-", "STATE", ("ALL", "STATE")),
        ("his son-in-", "law,", ("son-in", "law")),
        ("the Anglo-", "Saxon", None),
        ("from 1898-", "to", None),
        ("it was -", "so", None),
        ("the cam", "pus", None),
        ("于NBA-", "赛场", None),
        ("a-", "", None),
    ],
)
def test_a_word_is_parted_where_both_halves_are_letters(
    before: str, after: str, halves: tuple[str, str] | None
) -> None:
    """And the second goes on in lower case, or both are in capitals."""
    assert find_broken_word(before, after) == halves


def test_halves_at_the_ends_of_lines_are_no_words() -> None:
    """The first and the last of a line may be one."""
    assert Vocabulary.of(["pus of the cam-"])["cam"] == 0
    assert Vocabulary.of(["pus of the cam-"])["pus"] == 0
    assert Vocabulary.of(["pus of the cam-"])["of"] == 1
