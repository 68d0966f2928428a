"""Engines are a table: known ones are named, others are added, unknown ones are refused."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from newspage import cli
from newspage.batch.readers import identify_engine
from newspage.config import Config, EngineConfig
from newspage.doctor import Verdict, examine_installation
from newspage.engine import Engine, factory
from newspage.engine.factory import EngineEntry, computes_on_gpu, load_engines, make_engine
from newspage.errors import ConfigError, MissingDependencyError
from tests.toy_engine import ToyEngine


def make_toy(config: EngineConfig, threads: int) -> Engine:
    """An engine that needs nothing."""
    return ToyEngine()


def add_engine(patch: pytest.MonkeyPatch, package: str = "numpy", *networks: str) -> None:
    """Another package declares an engine."""
    toy = EngineEntry("toy", package, "reads toys", make_toy, lambda config: networks)
    known: Mapping[str, EngineEntry] = {**load_engines(), "toy": toy}
    patch.setattr(factory, "load_engines", lambda: known)


def test_unknown_engines_are_refused_with_the_known_ones() -> None:
    """By everything that asks for one."""
    for ask in (make_engine, computes_on_gpu, identify_engine):
        with pytest.raises(ConfigError, match=r"tesser is no engine.*auto, openvino, paddle"):
            ask(EngineConfig(engine="tesser"))


@pytest.mark.parametrize("command", [["run", "scans"], ["doctor"], ["inspect", "a.png"]])
def test_commands_refuse_unknown_engines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """Before they do anything, with the option or the line that names it."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli.app, [*command, "--engine", "tesser"])
    assert done.exit_code == 6
    assert "--engine: tesser is no engine. Known are: auto, openvino, paddle" in done.output
    Path("newspage.toml").write_text('[engine]\nengine = "tesser"\n')
    done = CliRunner().invoke(cli.app, command)
    assert done.exit_code == 6
    assert "newspage.toml, line 2: tesser is no engine." in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["newspage.toml"]


def test_added_engines_are_made_and_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are read again where another engine reads, or its networks are others."""
    config = EngineConfig(engine="toy")
    add_engine(monkeypatch, "numpy", "net 1")
    assert isinstance(make_engine(config), ToyEngine)
    assert not computes_on_gpu(EngineConfig(engine="toy", device="gpu"))
    first = identify_engine(config)
    add_engine(monkeypatch, "numpy", "net 2")
    assert len({first, identify_engine(config), identify_engine(EngineConfig())}) == 3


def test_a_package_that_an_added_engine_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is named where it is missing, and nothing else is."""
    add_engine(monkeypatch, "no_such_package")
    config = Config(engine=EngineConfig(engine="toy"))
    with pytest.raises(MissingDependencyError, match="pip install no_such_package"):
        make_engine(config.engine)
    found = {finding.subject: finding for finding in examine_installation(config)}
    assert found["recognisers"].verdict is Verdict.BAD
    assert found["recognisers"].remedy == "Run: pip install no_such_package"


def test_doctor_lists_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of other packages as well; the one that is asked for is started."""
    add_engine(monkeypatch, "numpy", "net 1")
    config = Config(engine=EngineConfig(engine="toy"))
    found = {finding.subject: finding for finding in examine_installation(config)}
    assert "toy (reads toys)" in found["engines"].text
    assert "openvino (" in found["engines"].text
    assert found["networks"].text == "net 1"
    assert found["engine"].verdict is Verdict.GOOD
