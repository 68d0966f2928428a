"""Build XML for interchange: identifiers, permitted characters, the same bytes every time."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable

from newspage.geometry import Box

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write: most controls, surrogates, U+FFFE and U+FFFF."""

_ESCAPED = re.compile("_x([0-9a-f]{1,6})_")
"""A character in a name that XML would not let stand there."""

REPLACEMENT = "\ufffd"
"""Replacement character of Unicode, written in place of a character that XML cannot hold."""


def clean_for_xml(text: str) -> str:
    """Return a text of the same length in which U+FFFD stands for characters XML cannot hold.

    A line feed, a tab and a carriage return become spaces: inside one line of a page they mean
    nothing, and attributes would lose them.
    """
    return _FORBIDDEN.sub(REPLACEMENT, re.sub(r"[\t\n\r]", " ", text))


def list_unwritable(text: str) -> list[str]:
    """Return the characters of a text that XML cannot hold, as U+ numbers, each once, in order."""
    return [f"U+{ord(c):04X}" for c in dict.fromkeys(_FORBIDDEN.findall(text))]


def make_identifier(prefix: str, name: str) -> str:
    """Make an XML name (NCName) of an identifier of a record; different ones stay different."""
    escaped = "".join(c if _is_plain(c) else f"_x{ord(c):x}_" for c in name)
    return f"{prefix}_{escaped}"


def parse_identifier(prefix: str, name: str) -> str | None:
    """Return the identifier of a record that `make_identifier` made a name of; None for others."""
    if not name.startswith(f"{prefix}_"):
        return None
    try:
        found = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), name[len(prefix) + 1 :])
    except (ValueError, OverflowError):
        return None
    return found if make_identifier(prefix, found) == name else None


def _is_plain(character: str) -> bool:
    """Tell whether a character may stand in an XML name as it is."""
    return character.isascii() and (character.isalnum() or character in "-.")


def add_element(
    parent: ET.Element, tag: str, attributes: dict[str, str] | None = None, text: str = ""
) -> ET.Element:
    """Append an element with attributes and text, both made fit for XML, and return it."""
    element = ET.SubElement(
        parent, tag, {name: clean_for_xml(value) for name, value in (attributes or {}).items()}
    )
    if text:
        element.text = _FORBIDDEN.sub(REPLACEMENT, text)
    return element


def serialise_tree(root: ET.Element, doctype: str = "", indented: bool = True) -> bytes:
    """Return a document as UTF-8 with a declaration; the same tree gives the same bytes.

    `indented` must be off where white space between elements would count as text.
    """
    if indented:
        ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}{body}\n'.encode()


def clip_box(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a box in whole pixels, inside a page of that size."""
    inside = box.clipped(width, height)
    return round(inside.left), round(inside.top), round(inside.right), round(inside.bottom)


def clip_points(
    points: Iterable[tuple[float, float]], width: int, height: int
) -> list[tuple[int, int]]:
    """Return points in whole pixels, inside a page of that size."""
    return [(round(min(max(x, 0), width)), round(min(max(y, 0), height))) for x, y in points]


def format_points(points: Iterable[tuple[float, float]]) -> str:
    """Return corners as `x,y x,y ...` in whole pixels, none of them negative."""
    return " ".join(f"{max(0, round(x))},{max(0, round(y))}" for x, y in points)


def format_fragment(element: ET.Element, indented: bool = False) -> bytes:
    """Return an element as UTF-8 with a line feed behind it, to be part of a document.

    `indented` must be off where white space between elements would count as text.
    """
    if indented:
        ET.indent(element, " ")
    return f"{ET.tostring(element, encoding='unicode')}\n".encode()
