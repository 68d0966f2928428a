"""Every setting is explained, on the page and by `newspage config`."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from newspage import cli
from newspage.config import Config
from newspage.setting_texts import explain_settings
from newspage.settings import list_known_keys, load_settings
from scripts.write_settings_page import PAGE, write_page


def test_every_setting_is_explained() -> None:
    """In words of its own, each stage too."""
    texts = explain_settings()
    assert [(stage, key) for stage, text in texts.items() for key in text.keys] == list_known_keys()
    said = [
        *(t.purpose for t in texts.values()),
        *(w for t in texts.values() for w in t.keys.values()),
    ]
    assert all(words.endswith(".") and "\n" not in words for words in said)


def test_the_page_is_up_to_date() -> None:
    """Otherwise: python scripts/write_settings_page.py."""
    assert PAGE.read_text("utf-8") == write_page()


@pytest.mark.parametrize("options", [(), ("--explain",)])
def test_what_is_printed_can_be_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    """As settings that are those of today, quotation marks and backslashes in them too."""
    monkeypatch.chdir(tmp_path)
    pattern = r"(?P<paper>\w+)[\"']x"
    Path("own.toml").write_text(
        f"[ingest]\nname_pattern = '''{pattern}'''\n[[override]]\nmatch = \"a*\"\n"
        'detect.direction = "vertical"\n',
        "utf-8",
    )
    printed = CliRunner().invoke(cli.app, ["config", "--config", "own.toml", *options]).stdout
    Path("saved.toml").write_text(printed, "utf-8")
    own, saved = (load_settings(Path(name), {}) for name in ("own.toml", "saved.toml"))
    assert own.config.ingest.name_pattern == pattern
    assert saved.config == own.config != Config()
    assert saved.for_path("a.png").detect.direction == "vertical"
    assert ("# Longest side in pixels" in printed) == bool(options)
