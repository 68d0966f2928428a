"""Punctuation as print has it: in Chinese wide marks and paired quotes, in Latin narrow marks.

Recognisers write half-width forms of marks that were printed full-width, and the reverse; which it
was is not on the paper but in the script around it. Digits and Latin letters are of half width
everywhere. Nothing else is touched: no character is modernised.
"""

from collections.abc import Sequence
from dataclasses import replace

from newspage.model import Char, Chars, join_chars
from newspage.spacing import is_spaced

WIDE = {
    ",": "，",
    ";": "；",
    ":": "：",
    "?": "？",
    "!": "！",
    "(": "（",
    ")": "）",
    "｡": "。",
    "､": "、",
}
"""Half-width marks, and the full-width marks that Chinese print has for them."""
NARROW = {wide: mark for mark, wide in WIDE.items() if mark < "\x7f"}
"""Full-width marks, and the marks that Latin print has for them."""
_FULL = "，。、；：？！「」『』（）《》【】"
EITHER = "“”‘’—…"
"""Marks of Chinese and of Latin print."""
_HALF = {
    chr(c): chr(c - 0xFEE0)
    for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_HALF |= {"％": "%", "＋": "+", "．": "."}


def normalise_punctuation(chars: Chars) -> Chars:
    """Return the same text with the marks that print has; every character keeps its glyph.

    In Chinese text that is wide marks, paired quotation marks and ellipses of two cells, in Latin
    text narrow marks. Digits and Latin letters become half-width in both.
    """
    chars = tuple(replace(c, text=_HALF.get(c.text, c.text)) for c in chars)
    if is_spaced(join_chars(chars)):
        narrow = (replace(c, text=NARROW.get(c.text, c.text)) for c in chars)
        return _without_blanks(tuple(narrow))
    chars = _dots(_without_blanks(chars))
    wide = tuple(replace(c, text=_wide(chars, i)) for i, c in enumerate(chars))
    return _paired(wide)


def _is_wide(text: str) -> bool:
    """Tell whether a character is of full width, or a mark that can be."""
    return bool(text) and (text >= "\u2e80" or text in EITHER + "·")


def _near(chars: Sequence[Char], i: int, step: int) -> str:
    """Return the next character that is no blank, in the given direction; empty at the end."""
    i += step
    while 0 <= i < len(chars) and chars[i].text.isspace():
        i += step
    return chars[i].text if 0 <= i < len(chars) else ""


def _without_blanks(chars: Chars) -> Chars:
    """Return text without blanks at its ends, doubled ones, and those beside full-width marks."""
    out: list[Char] = []
    for i, c in enumerate(chars):
        if c.text.isspace() and c.text != "\n":
            before, after = _near(chars, i, -1), _near(chars, i, 1)
            if not out or not after or out[-1].text.isspace() or _close_up(before, after):
                continue
            c = replace(c, text=" ")
        out.append(c)
    return tuple(out)


def _close_up(before: str, after: str) -> bool:
    """Tell whether no blank stands between two characters: beside a mark of full width.

    A mark that Latin print has too keeps the blank between it and a Latin letter.
    """
    if before in _FULL or after in _FULL:
        return True
    letters = [t for t in (before, after) if t.isalpha() and not _is_wide(t)]
    return not letters and (before in EITHER or after in EITHER)


def _dots(chars: Chars) -> Chars:
    """Return text with runs of three or more dots, and ellipses, as the two cells of a Chinese one.

    In Latin text dots stay as they are, and so do one or two ellipses.
    """
    out: list[Char] = []
    i = 0
    while i < len(chars):
        k = i
        while (
            k < len(chars) and chars[k].text in (".", "·", "…") and chars[k].text == chars[i].text
        ):
            k += 1
        run = k - i
        wide = _is_wide(_near(chars, i, -1)) or _is_wide(_near(chars, k - 1, 1))
        dots, ellipsis = chars[i].text in (".", "·"), chars[i].text == "…"
        if (dots and run >= 3 and wide) or (ellipsis and (run > 2 or wide)):
            out += [replace(chars[i], text="…"), replace(chars[k - 1], text="…")]
            i = k
        else:
            out.append(chars[i])
            i += 1
    return tuple(out)


def _wide(chars: Sequence[Char], i: int) -> str:
    """Return the mark at place i in the width that the text around it asks for."""
    text = chars[i].text
    before, after = _near(chars, i, -1), _near(chars, i, 1)
    if text in ("(", ")"):
        return WIDE[text] if _bracket_is_wide(chars, i) else text
    if text == "." and before and _is_wide(before) and (not after or _is_wide(after)):
        return "。"
    if text not in WIDE:
        return text
    if before.isdigit() and after.isdigit():
        return text
    if text in (",", ":") and before.isascii() and after.isascii() and before and after:
        return WIDE[text] if _mostly_wide(chars, i) and not before.isdigit() else text
    return WIDE[text] if _is_wide(before) or _is_wide(after) or _mostly_wide(chars, i) else text


def _mostly_wide(chars: Sequence[Char], i: int) -> bool:
    """Tell whether half of the eight characters on each side, or more, are of full width."""
    around = [c.text for c in chars[max(0, i - 8) : i + 9] if not c.text.isspace()]
    return 2 * sum(_is_wide(t) for t in around) >= len(around)


def _bracket_is_wide(chars: Sequence[Char], i: int) -> bool:
    """Tell whether a pair of brackets is wide: whether anything in or around it is.

    Both brackets of a pair are judged alike; a pair is sought within sixty characters.
    """
    step, close = (1, ")") if chars[i].text == "(" else (-1, "(")
    k = i + step
    while 0 <= k < len(chars) and chars[k].text not in (close, "）", "（") and abs(k - i) < 60:
        k += step
    inside = chars[min(i, k) + 1 : max(i, k)]
    ends = (_near(chars, min(i, k), -1), _near(chars, max(i, k), 1))
    return any(_is_wide(c.text) for c in inside) or any(t and _is_wide(t) for t in ends)


def _paired(chars: Chars) -> Chars:
    """Return text with straight quotation marks in Chinese turned into pairs; apostrophes stay."""
    out: list[Char] = []
    open_double = open_single = False
    chinese = any(_is_wide(c.text) for c in chars)
    for i, c in enumerate(chars):
        text = c.text
        if text in ('"', "＂") and chinese:
            text, open_double = ("”", False) if open_double else ("“", True)
        elif text in ("'", "＇") and chinese and not _in_word(chars, i):
            text, open_single = ("’", False) if open_single else ("‘", True)
        elif text in "“”":
            open_double = text == "“"
        elif text in "‘’":
            open_single = text == "‘"
        out.append(replace(c, text=text))
    return tuple(out)


def _in_word(chars: Sequence[Char], i: int) -> bool:
    """Tell whether a mark stands between two Latin letters."""
    around = [c.text for c in (*chars[max(0, i - 1) : i], *chars[i + 1 : i + 2])]
    return len(around) == 2 and all(t.isascii() and t.isalpha() for t in around)
