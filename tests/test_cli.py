"""The command line: what it says, and its exit codes."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from newspage import cli
from newspage.batch import folder, readers
from newspage.batch.folder import ReaderBackend
from newspage.config import EngineConfig
from newspage.errors import MissingDependencyError
from newspage.review.web import web_server
from newspage.settings import list_known_keys
from newspage.version import __version__
from tests import fakes


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with scans, one is in it; pages are read by a stand-in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(folder, "WorkerPool", fakes.LocalCrew)
    monkeypatch.setattr(readers, "make_reader", fakes.make_reader)

    def fake_backend(config: EngineConfig) -> ReaderBackend:
        return ReaderBackend(fakes.make_reader, "")

    monkeypatch.setattr(readers, "make_default_backend", fake_backend)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    (tmp_path / "scans").mkdir()
    scan("a")
    return tmp_path


def scan(name: str) -> None:
    """Put a scan into the folder."""
    Image.fromarray(np.full((200, 150), 255, np.uint8)).save(f"scans/{name}.png")


def call(*arguments: str) -> Result:
    """One command."""
    return CliRunner().invoke(cli.app, list(arguments))


def test_a_run_is_summed_up(here: Path) -> None:
    """Pages, articles, characters, lines; the second time there is nothing to do."""
    result = call("run", "scans")
    assert result.exit_code == 0
    assert "1 page read, 0 already read, 0 failed." in result.stdout
    assert "1 article, 6 characters; 1 line placed, 0 unplaced." in result.stdout
    assert "[1/1] a: 1 article" in result.stderr
    assert "0 pages read, 1 already read" in call("run", "scans").stdout
    assert "1 page read" in call("run", "scans", "--force").stdout


def test_the_direction_can_be_forced(here: Path) -> None:
    """For a run, against the settings file."""
    Path("newspage.toml").write_text('[detect]\ndirection = "horizontal"\n', "utf-8")
    call("run", "scans", "--direction", "vertical", "-o", "out")
    assert "vertical" in Path("out/a.txt").read_text("utf-8")
    call("run", "scans", "-o", "out2")
    assert "horizontal" in Path("out2/a.txt").read_text("utf-8")


def test_the_device_is_passed_on(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU that cannot be used ends the run with one line."""

    def refuse(config: EngineConfig) -> ReaderBackend:
        raise MissingDependencyError("gpu-refused", device=config.device)

    monkeypatch.setattr(readers, "make_default_backend", refuse)
    result = call("run", "scans", "--device", "gpu:1")
    assert result.exit_code == 4
    assert result.stderr == (
        "newspage: The device gpu:1 cannot be used: ONNX Runtime does not get on with it. See "
        "whether its driver is recent enough. Or compute without it: --device cpu.\n"
    )


def test_a_failure_gives_exit_code_1(here: Path) -> None:
    """One line for it, and `status` shows it later."""
    Path("scans/empty.png").touch()
    result = call("run", "scans")
    assert result.exit_code == 1
    assert "bug" not in result.stderr
    assert "1 page read, 0 already read, 1 failed." in result.stdout
    (line,) = [x for x in result.stderr.splitlines() if "empty.png" in x]
    assert line.startswith("failed: scans/empty.png: ")
    status = call("status").stdout
    assert "1 page read, 1 failed, 0 to be read." in status
    assert "scans/empty.png" in status
    assert "complete" in status


def test_a_bug_shows_its_trace_only_when_asked(here: Path) -> None:
    """One line for everybody, the rest for whom it helps."""
    scan("bug")
    assert "Traceback" not in call("run", "scans").stderr
    assert "Traceback" in call("run", "scans", "--verbose").stderr


def test_the_code_of_an_error_is_shown_when_asked(here: Path) -> None:
    """Of the error that ends a command, and of a page that fails in a worker."""
    Path("scans/empty.png").touch()
    assert "code:" not in call("run", "scans").stderr
    assert "code: scan-empty" in call("run", "scans", "--verbose").stderr
    assert "code: scan-vanished" in call("inspect", "none.png", "--verbose").stderr


def test_nothing_to_read(here: Path) -> None:
    """Exit code 3."""
    Path("empty").mkdir()
    result = call("run", "empty")
    assert result.exit_code == 3
    assert result.stderr.splitlines()[-1].startswith("newspage: No scans were found in empty.")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "scans", "--config", "none.toml"], 6, "none.toml"),
        (["run", "scans", "-o", "scans"], 2, "output folder"),
        (["run", "scans", "-o", "scans/a.png"], 5, "file stands"),
        (["run", "scans", "-o", "."], 2, "holds the scans"),
        (["run", "scans", "-o", "scans/old"], 2, "holds the scans"),
        (["run", "scans", "-o", "scans/a.png/x"], 5, "file stands"),
        (["inspect", "scans/a.png", "-o", "scans"], 2, "is a folder"),
        (["inspect", "scans/a.png", "-o", "scans/a.png/x.png"], 5, "file stands"),
        (["correct", "old.txt", "--scan", "scans/a.png", "-o", "old.txt"], 5, "file stands"),
        (["run"], 2, "Missing argument"),
        (["run", "scans", "--direction", "up"], 2, "up"),
        (["run", "scans", "-j", "0"], 2, "jobs"),
        (["nonsense"], 2, "nonsense"),
        (["inspect", "none.png"], 3, "none.png"),
        (["inspect", "none.json"], 3, "none.json"),
        (["inspect", "scans/a.png", "--number", "2"], 3, "1 page, no page 2"),
    ],
)
def test_what_goes_wrong_has_its_exit_code(
    here: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, said: str
) -> None:
    """And a line that says what it was, before anything is read."""
    Path("scans/old").mkdir()
    shutil.copy("scans/a.png", "scans/old/b.png")
    Path("old.txt").write_text("一二三", "utf-8")
    monkeypatch.setattr(fakes, "read", lambda *_: pytest.fail("a page was read"))
    result = call(*arguments)
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_an_output_folder_inside_the_scans(here: Path) -> None:
    """May be one of its own; pictures that `correct` and `inspect` write there are no scans."""
    assert call("run", "scans", "-o", "scans/text").exit_code == 0
    shutil.copy("scans/a.png", "scans/text/page-inspect.png")
    assert "0 pages read, 1 already read" in call("run", "scans", "-o", "scans/text").stdout


def test_an_output_folder_that_cannot_be_written(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said before the first page is read, not after."""

    def refuse(**_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    Path("output").mkdir()
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(fakes, "read", lambda *_: pytest.fail("a page was read"))
    result = call("run", "scans")
    assert result.exit_code == 5
    assert "output: cannot be written (Permission denied). You may not write" in result.stderr
    assert not Path("newspage.sqlite").exists()


def test_ctrl_c_says_that_nothing_is_lost(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 130, and the same command goes on."""
    scan("b")
    seen: list[object] = []

    def interrupt(*arguments: object) -> object:
        seen.append(arguments)
        if len(seen) > 1:
            raise KeyboardInterrupt
        return read(*arguments)  # type: ignore[arg-type]

    read = fakes.read
    monkeypatch.setattr(fakes, "read", interrupt)
    result = call("run", "scans")
    assert result.exit_code == 130
    assert result.stderr.splitlines()[-1] == (
        "newspage: stopped. What was read is kept; the same command goes on from here."
    )
    assert "interrupted" in call("status").stdout
    monkeypatch.setattr(fakes, "read", read)
    assert "1 page read, 1 already read" in call("run", "scans").stdout


def test_what_nobody_thought_of_is_a_bug(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line that says so, no trace unless asked for."""

    def fail(*_: object) -> None:
        raise RuntimeError("surprise")

    monkeypatch.setattr(folder, "run_folder", fail)
    result = call("run", "scans")
    assert result.exit_code == 1
    assert "bug in newspage (RuntimeError: surprise)" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in call("run", "scans", "-v").stderr


def test_status_before_anything(here: Path) -> None:
    """Makes no store; the exit code is that which the help names."""
    result = call("status")
    assert (result.exit_code, result.stdout) == (3, "Nothing was read into output yet.\n")
    assert not Path("newspage.sqlite").exists()


@pytest.mark.parametrize("command", ["run", "plan", "enqueue"])
def test_a_pattern_that_selects_nothing(here: Path, command: str) -> None:
    """Mostly misspelt: it is an error, but not where a moment or failures were asked for too."""
    result = call(command, "scans", "--only", "zzz")
    assert result.exit_code == 3
    assert "No scan is matched by --only zzz." in result.stderr
    if command == "run":
        assert call(command, "scans", "--only", "zzz", "--since", "1h").exit_code == 0
        assert call(command, "scans", "--only", "zzz", "--retry-failed").exit_code == 0


def test_a_plan_names_what_is_not_there(here: Path) -> None:
    """As a run does; the rest is reckoned."""
    result = call("plan", "scans", "nosuch")
    assert result.exit_code == 1
    assert "nosuch: does not exist." in result.stderr
    assert "To read: 0 pages" not in result.stdout
    assert json.loads(call("plan", "nosuch", "--json").stdout)["problems"] == [
        "nosuch: does not exist. Check the spelling."
    ]


def test_an_output_folder_that_is_none(here: Path) -> None:
    """It is said, and where pages were read into, instead of showing that nothing is open."""
    call("run", "scans", "-o", "right")
    for command in (["status"], ["review", "--no-browser"]):
        result = call(*command, "-o", "wrong")
        assert result.exit_code == 3
        assert "Nothing was read into wrong." in result.stderr
        assert "read into right: choose that" in result.stderr
    assert not Path("wrong").exists()


def test_an_output_folder_that_was_emptied(here: Path) -> None:
    """What the store remembers is no longer there to be read."""
    scan("b")
    call("run", "scans")
    Path("output/a.json").unlink()
    result = call("status")
    assert result.exit_code == 1
    assert "1 page that was read is not in the output folder" in result.stdout
    shutil.rmtree("output")
    assert "2 pages that were read are not" in call("status").stdout
    result = call("review", "--no-browser")
    assert result.exit_code == 3
    assert "output holds nothing of what was read into it (2 pages)." in result.stderr


def test_review_where_nothing_could_be_read(here: Path) -> None:
    """That nothing is open there would mislead."""
    Path("scans/a.png").write_bytes(b"")
    call("run", "scans")
    result = call("review", "--no-browser")
    assert result.exit_code == 3
    assert "No page could be read into output." in result.stderr


def test_ctrl_c_in_review(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is how a review ends: no failure, and no word of pages that were read."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    call("run", "scans")
    monkeypatch.setattr(web_server, "serve_review", interrupt)
    result = call("review", "--no-browser")
    assert result.exit_code == 0
    assert "The review page is closed." in result.stdout
    assert result.stderr == ""


def test_inspect_draws_a_page(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From its record, from the record's path, or reading it now."""
    result = call("inspect", "scans/a.png")
    assert (result.exit_code, result.stdout) == (0, "a-inspect.png\n")
    with Image.open("a-inspect.png") as picture:
        assert picture.height == 200
    call("run", "scans")
    nothing = ReaderBackend(fakes.make_nothing, "")
    monkeypatch.setattr(readers, "make_default_backend", lambda _config: nothing)
    assert call("inspect", "scans/a.png", "-o", "b.png").exit_code == 0
    assert call("inspect", "output/a.json", "-o", "c.png").exit_code == 0
    assert Path("b.png").read_bytes() == Path("c.png").read_bytes()
    assert Path("b.png").read_bytes() == Path("a-inspect.png").read_bytes()


def test_inspect_draws_what_the_settings_give(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record made with others is passed over, unless nothing can be read here."""
    call("run", "scans", "--direction", "horizontal")
    call("inspect", "scans/a.png", "--direction", "horizontal", "-o", "kept.png")
    call("inspect", "scans/a.png", "--direction", "vertical", "-o", "read.png")
    assert Path("read.png").read_bytes() != Path("kept.png").read_bytes()

    def refuse(config: EngineConfig) -> ReaderBackend:
        raise MissingDependencyError("networks-missing")

    monkeypatch.setattr(readers, "make_default_backend", refuse)
    assert call("inspect", "scans/a.png", "-o", "elsewhere.png").exit_code == 0
    assert Path("elsewhere.png").read_bytes() == Path("kept.png").read_bytes()


def test_inspect_does_not_squeeze(here: Path) -> None:
    """The header of the compressed data says how hard it was tried; a lot takes many seconds."""
    call("inspect", "scans/a.png", "-o", "a.png")
    data = Path("a.png").read_bytes()
    at = data.index(b"IDAT") + 4
    assert data[at + 1] >> 6 <= 1


def test_inspect_sees_that_a_scan_has_changed(here: Path) -> None:
    """A drawing of old findings on new pixels would mislead."""
    call("run", "scans")
    Image.fromarray(np.full((200, 150), 9, np.uint8)).save("scans/a.png")
    result = call("inspect", "output/a.json")
    assert result.exit_code == 3
    assert "has changed" in result.stderr


def test_config_shows_every_setting_and_its_origin(here: Path) -> None:
    """Default, file and line; what it prints is TOML."""
    Path("newspage.toml").write_text(
        '[run]\nworkers = 2\n[[override]]\nmatch = "x*"\ndirection = "vertical"\n', "utf-8"
    )
    result = call("config")
    assert "workers = 2    # newspage.toml, line 2" in result.stdout
    assert 'detect.direction = "vertical"' in result.stdout
    for stage, name in list_known_keys():
        assert f"[{stage}]" in result.stdout
        assert f"\n{name} = " in result.stdout
    import tomllib

    tomllib.loads(result.stdout)


def test_the_version(here: Path) -> None:
    """On one line."""
    assert call("--version").stdout == f"newspage {__version__}\n"


def test_help_loads_nothing_heavy() -> None:
    """Help has to be there at once."""
    code = (
        "import sys; sys.argv = ['newspage', '--help']\n"
        "from newspage.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'cv2', 'numpy', 'openvino', 'paddleocr', 'onnxruntime', 'sqlalchemy', 'PIL'}\n"
        "print('LOADED', sorted(heavy & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert "LOADED []" in done.stdout
    for command in ("run", "status", "inspect", "doctor", "config"):
        assert command in done.stdout


def test_a_closed_pipe_is_no_error(here: Path) -> None:
    """`newspage config | head -1`."""
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "newspage", "config"]
    environment = {**os.environ, "PYTHONPATH": str(root / "pipeline")}
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        command, env=environment, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
