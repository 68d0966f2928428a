"""Page numbers as they are printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.chinese.numerals import parse_page_number

DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """A number below a hundred in ideographs."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones or not tens else "")


@given(st.integers(0, 99))
def test_numbers_in_ideographs(number: int) -> None:
    """With tens and ones."""
    assert parse_page_number(chinese(number)) == str(number)


@given(st.integers(0, 999))
def test_digits(number: int) -> None:
    """With or without zeros in front."""
    assert parse_page_number(str(number)) == parse_page_number(f"{number:04d}") == str(number)


@pytest.mark.parametrize(
    ("text", "number"),
    [("廿一", "21"), ("卅", "30"), ("一二", "12"), ("一〇", "10"), ("百", "100"), ("３", "3")],
)
def test_other_forms(text: str, number: str) -> None:
    """Of old papers, digit by digit, full-width."""
    assert parse_page_number(text) == number


@pytest.mark.parametrize("text", ["", "版", "三版", "A"])
def test_what_is_no_number(text: str) -> None:
    """Says nothing."""
    assert parse_page_number(text) is None
