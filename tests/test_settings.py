"""Settings: where they come from, and what is said of wrong ones."""

from pathlib import Path

import pytest

from newspage.config import Config
from newspage.errors import ConfigError
from newspage.settings import Settings, get_value, list_known_keys, load_settings


def load(tmp_path: Path, text: str, direction: str | None = None) -> Settings:
    """Settings of a file with this text, and perhaps of the option --direction."""
    file = tmp_path / "newspage.toml"
    file.write_text(text, "utf-8")
    given = {("detect", "direction"): ("--direction", direction)} if direction else {}
    return load_settings(file, given)


def test_defaults_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is needed."""
    monkeypatch.chdir(tmp_path)
    assert load_settings(None, {}) == Settings(Config())


def test_the_file_here_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """newspage.toml in the folder one is in."""
    load(tmp_path, "[run]\nworkers = 3\n")
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {})
    assert settings.config.run.workers == 3
    assert settings.origins["run", "workers"] == "newspage.toml, line 2"


def test_the_command_line_wins(tmp_path: Path) -> None:
    """Over the file, and over its overrides."""
    text = '[detect]\ndirection = "vertical"\n[[override]]\nmatch = "a*"\ndirection = "vertical"\n'
    settings = load(tmp_path, text, direction="horizontal")
    assert settings.for_path("scans/a.png").detect.direction == "horizontal"
    assert settings.origins["detect", "direction"] == "--direction"


@pytest.mark.parametrize(
    ("pattern", "path", "meant"),
    [
        ("xinjiang*", "scans/xinjiang-1925/p1.png", True),
        ("xinjiang*", "scans/other/p1.png", False),
        ("p1", "scans/other/p1.png", True),
        ("p1.png", "scans/other/p1.png", True),
        ("scans/other/*", "scans/other/p1.png", True),
        ("*/other/p1", "scans/other/p1.png", True),
        ("P1", "scans/other/p1.png", False),
    ],
)
def test_overrides_match_names_folders_and_paths(
    tmp_path: Path, pattern: str, path: str, meant: bool
) -> None:
    """A pattern is tried on each part of the path and on the whole of it."""
    settings = load(tmp_path, f'[[override]]\nmatch = "{pattern}"\ndirection = "vertical"\n')
    assert (settings.for_path(path).detect.direction == "vertical") is meant


def test_a_later_override_wins(tmp_path: Path) -> None:
    """So the special case is written after the general one."""
    text = """
    [[override]]
    match = "*"
    direction = "vertical"
    [[override]]
    match = "p2*"
    detect = { direction = "horizontal" }
    """
    settings = load(tmp_path, text)
    assert settings.for_path("p1.png").detect.direction == "vertical"
    assert settings.for_path("p2.png").detect.direction == "horizontal"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[detect]\n\ndirektion = "auto"\n', r"line 3: detect\.direktion .*`direction`"),
        ('[detekt]\ndirection = "auto"\n', r"line 1: detekt .*`detect`"),
        (
            '[detect]\ndirection = "up"\n',
            "line 2: .*horizontal, vertical, not the text 'up'",
        ),
        ("[detect]\ndirection = 1\n", r"line 2: .*not 1"),
        ('[run]\n# workers\nworkers = "2"\n', r"line 3: run\.workers must be a whole number"),
        ("[run]\nworkers = -1\n", "line 2: .*negative"),
        ("[run]\nlease_seconds = -1\n", r"line 2: run\.lease_seconds must be more than 0"),
        ("[run]\nworkers = true\n", "whole number, not a switch"),
        ("run = 3\n", r"line 1: run must be a table: \[run\]"),
        ("run.workers = 1.5\n", r"line 1: run\.workers"),
        ('[[override]]\ndirection = "auto"\n', "line 1: override.match needs"),
        ('[[override]]\nmatch = "a"\ndirection = "up"\n', "line 3: "),
        ('[[override]]\nmatch = "a"\n\n[[override]]\nmatch = "b"\nnonsense = 1\n', "line 6: "),
        ('[[override]]\nmatch = "a"\nrun = { workers = 2 }\n', "same for all scans"),
        ("override = 3\n", r"\[\[override\]\] tables"),
        ("[run\n", "no valid TOML.*line 1"),
        ("[run]\nworkers = 1\nworkers = 2\n", "no valid TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    """Key, line, and what it should be."""
    with pytest.raises(ConfigError, match=said):
        load(tmp_path, text)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    """Is refused as such, and a missing one as well."""
    file = tmp_path / "newspage.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        load_settings(file, {})
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(tmp_path / "none.toml", {})


def test_a_wrong_value_on_the_command_line_names_the_option() -> None:
    """Not a key that was never written."""
    with pytest.raises(ConfigError, match="--direction must be one of"):
        load_settings(None, {("detect", "direction"): ("--direction", "up")})


def test_whole_numbers_are_numbers(tmp_path: Path) -> None:
    """A setting in seconds may be written without a point."""
    assert load(tmp_path, "[run]\npage_seconds = 5\n").config.run.page_seconds == 5.0


def test_every_setting_can_be_shown() -> None:
    """`newspage config` lists them all."""
    config = Config()
    keys = list_known_keys()
    assert ("detect", "direction") in keys
    assert len(keys) == len(set(keys))
    for key in keys:
        get_value(config, key)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[run]\n\nworkers = " + "[" * 3000 + "]" * 3000, "line 3: brackets are nested too deep"),
        ("[run]\nworkers = " + "{a=" * 3000 + "1" + "}" * 3000, "nested too deep"),
        ("[run]\nworkers." + "a." * 5000 + "a = 1", "line 2: run.workers must be a whole number"),
        ("[" + "a." * 5000 + "a]\n", "is no setting"),
        ("[run]\nworkers = " + "1" * 5000, "no valid TOML"),
        ("[run]\nworkers = 1979-13-45\n", "no valid TOML"),
        ("[run]\npage_seconds = inf\n", "line 2: run.page_seconds must be a number that"),
        ("[run]\nlook_seconds = nan\n", "line 2: run.look_seconds must be a number that"),
        ("[run]\npage_seconds = 1" + "0" * 400, "line 2: run.page_seconds must be a number that"),
        ('[correct]\ndictionaries = ["a\\u0000b"]\n', "line 2: correct.dictionaries must hold no"),
        ("[run]\nlook_seconds = -1\n", "must not be negative"),
    ],
)
def test_hostile_settings_are_refused(tmp_path: Path, text: str, said: str) -> None:
    """With the file, and the line where there is one; in words that fit on a screen."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert said in str(caught.value)
    assert "newspage.toml" in str(caught.value)
    assert len(str(caught.value)) < 1500


def test_limits_as_high_as_numbers_go(tmp_path: Path) -> None:
    """Are no limits, and no error of the system."""
    from newspage.batch.resource_limits import limit_resources

    config = load(tmp_path, "[run]\nlook_seconds = 1e300\n").config
    with limit_resources(config.run.look_seconds, 1e300):
        assert True
