"""Page numbers as newspapers print them, in Chinese or Arabic digits."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "兩": 2}
"""The value of each digit, in simplified, traditional and rounded forms."""
_TENS = {"廿": 20, "卅": 30}
"""Short forms of 二十 and 三十, as old papers and calendars write them."""


def parse_page_number(text: str) -> str | None:
    """Return a printed number in Arabic digits, or None where the text is no number.

    三 is "3", 十二 is "12", 廿一 is "21"; full-width digits count as digits.
    """
    text = text.strip()
    if text.isdigit():
        return str(int(text))
    total, ones, seen = 0, 0, False
    for c in text:
        if c in _DIGITS:
            ones, seen = ones * 10 + _DIGITS[c], True
        elif c == "十":
            total, ones, seen = total + 10 * (ones if seen else 1), 0, True
        elif c == "百":
            total, ones, seen = total + 100 * max(ones, 1), 0, True
        elif c in _TENS:
            total, seen = total + _TENS[c], True
        else:
            return None
    return str(total + ones) if seen else None
