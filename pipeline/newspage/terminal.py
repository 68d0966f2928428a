"""Text for a terminal, made harmless and kept recognisable, whatever names and texts hold.

The name of a file may hold the codes that move the cursor, line breaks, or marks that turn the
direction of writing; so may texts, decisions and messages made of them. One function prints.
"""

import sys
import unicodedata
from pathlib import Path

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories of characters that are never drawn, but change how others are: controls, marks
of direction, lone surrogates, breaks of lines."""


def escape_line(value: Path | str) -> str:
    """Return a path or a message for a person to read, on one line whatever it is made of."""
    text = str(value).encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() or c == "\u3000" else _escaped(c) for c in text)


def escape_for_terminal(text: str) -> str:
    """Return a text of several lines with everything escaped that a terminal would act upon."""
    if text.isprintable():
        return text
    return "".join(c if c in "\n\t" or not is_hidden(c) else _escaped(c) for c in text)


def is_hidden(character: str) -> bool:
    """Tell whether a character is never drawn, but may change how others are."""
    return unicodedata.category(character) in _HIDDEN


def print_line(text: object = "", err: bool = False) -> None:
    """Print a text and end the line, to standard output or to standard error."""
    import click

    click.echo(_encodable(escape_for_terminal(str(text)), err), err=err)


def _encodable(text: str, err: bool) -> str:
    """Return the text with escapes for characters that the terminal has no code for."""
    encoding = getattr(sys.stderr if err else sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _escaped(character: str) -> str:
    """Return a character as a Python escape."""
    return character.encode("unicode_escape").decode()
