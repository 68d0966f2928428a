"""Write the tables of all settings into docs/settings.md, from what stands beside their defaults.

    python scripts/write_settings_page.py

A test says so where the page is out of date.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "pipeline"
PAGE = ROOT / "docs" / "settings.md"
BEGIN, END = "<!-- settings: begin -->", "<!-- settings: end -->"
_CODE = re.compile(r"(`[^`]*`)")


def write_page() -> str:
    """Return the page with its tables made anew."""
    page = PAGE.read_text("utf-8")
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n{_write_tables()}\n{END}{rest.split(END)[1]}"


def _write_tables() -> str:
    """Return a table for each stage."""
    from newspage.cli_installation import format_toml_value
    from newspage.config import Config
    from newspage.setting_texts import explain_settings
    from newspage.settings import get_value

    lines = []
    for stage, text in explain_settings().items():
        lines += [f"## [{stage}]", "", text.purpose, "", "| key | default | |", "|---|---|---|"]
        for key, meaning in text.keys.items():
            default = format_toml_value(get_value(Config(), (stage, key)))
            lines.append(f"| `{key}` | `{default}` | {_escape_cell(meaning)} |")
        lines.append("")
    return "\n".join(lines)


def _escape_cell(words: str) -> str:
    """Return words as a cell of a table: nothing outside of code is taken for markup."""
    parts = _CODE.split(words)
    plain = [re.sub(r"([\\<*])", r"\\\1", part) for part in parts[::2]]
    parts[::2] = plain
    return "".join(parts).replace("|", "\\|")


if __name__ == "__main__":
    sys.path.insert(0, str(SOURCE))
    PAGE.write_text(write_page(), "utf-8")
