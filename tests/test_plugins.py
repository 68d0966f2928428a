"""What another installed package adds by entry points, in a process of its own that has it."""

import subprocess
import sys
from pathlib import Path

import pytest

import newspage

MODULE = """
from newspage.engine.factory import EngineEntry
from newspage.formats.exporters import Exporter

TITLES = Exporter("titles", ".titles", "headlines", "text/plain", lambda d: d.name.encode())
ISSUES = Exporter("names", ".names", "names", "text/plain", render_issue=lambda i: [b"x"])
TAKEN = Exporter("txt", ".other", "not ours", "text/plain", lambda d: b"")
TOY = EngineEntry("toy", "toy_package", "reads toys", lambda c, threads: "made", lambda c: ["net"])
PLAIN = "no entry of any table"
"""

GOOD = {
    "newspage.exporters": (
        "titles = toy_package:TITLES",
        "names = toy_package:ISSUES",
        "txt = toy_package:TAKEN",
    ),
    "newspage.engines": ("toy = toy_package:TOY",),
}

USE = """
from newspage.batch.readers import identify_engine
from newspage.config import Config, EngineConfig, OutputConfig
from newspage.engine.factory import load_engines, make_engine
from newspage.formats.exporters import find_exporter, load_exporters
from newspage.output.page_files import choose_page_formats
from newspage.settings import Settings

assert list(load_exporters())[-1] == "titles"
assert find_exporter("txt").suffix == ".txt"
assert find_exporter("names").scope == "issue"
settings = Settings(Config(output=OutputConfig(("titles",))))
assert choose_page_formats(settings).suffixes == (".titles", ".json")
assert list(load_engines()) == ["openvino", "paddle", "toy"]
config = EngineConfig(engine="toy")
assert make_engine(config) == "made"
assert "'toy_package', '3.1'" in identify_engine(config)
print("used")
"""


def install_package(folder: Path, points: dict[str, tuple[str, ...]]) -> None:
    """Lay out a package and its metadata as an installer does."""
    (folder / "toy_package.py").write_text(MODULE)
    about = folder / "toy_package-3.1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-package\nVersion: 3.1\n")
    groups = (f"[{group}]\n" + "\n".join(lines) for group, lines in points.items())
    (about / "entry_points.txt").write_text("\n\n".join(groups) + "\n")


def run_with(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python where that package is installed."""
    source = Path(newspage.__file__).parents[1]
    start = f"import sys; sys.path[:0] = [{str(source)!r}, {str(folder)!r}]\n"
    return subprocess.run(
        [sys.executable, "-c", start + arguments[0], *arguments[1:]],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


def test_a_package_adds_a_format_and_an_engine(tmp_path: Path) -> None:
    """They are there beside those of newspage, and take no name of these."""
    install_package(tmp_path, GOOD)
    done = run_with(tmp_path, USE)
    assert (done.stdout.strip(), done.stderr) == ("used", "")


def test_commands_offer_what_a_package_adds(tmp_path: Path) -> None:
    """`newspage export --list` names its format."""
    install_package(tmp_path, GOOD)
    done = run_with(tmp_path, "from newspage.cli import main; main()", "export", "--list")
    assert "titles" in done.stdout, done.stderr


@pytest.mark.parametrize("value", ["toy_package:PLAIN", "toy_package:GONE", "toy_gone:X"])
@pytest.mark.parametrize("group", ["newspage.exporters", "newspage.engines"])
def test_a_broken_package_is_named(tmp_path: Path, group: str, value: str) -> None:
    """With what it adds and where, on one line; never as a fault of newspage."""
    install_package(tmp_path, {group: (f"odd = {value}",)})
    use = "from newspage.cli import main; main()"
    asked = ("export", "--list") if group.endswith("exporters") else ("run", "x", "--engine", "odd")
    done = run_with(tmp_path, use, *asked)
    said = f"newspage: odd, which toy-package adds to {group} ({value}), "
    assert done.stderr.startswith(said), done.stderr
    assert done.returncode == 2
