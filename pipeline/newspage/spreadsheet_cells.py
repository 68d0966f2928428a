"""Cells of tables that people open in a spreadsheet."""

_FORMULA = tuple("=+-@＝＋－＠\t\r\n")
"""First characters of a cell that a spreadsheet takes for a formula; some editions take full-width
ones for them, too."""


def disarm_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text
