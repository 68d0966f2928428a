"""The settings choose the engine; `auto` takes what is faster here."""

import importlib.util
from importlib.machinery import ModuleSpec

import pytest

from newspage.config import EngineConfig
from newspage.engine import factory, gpu
from newspage.engine.factory import choose_engine, computes_on_gpu, make_engine
from newspage.errors import MissingDependencyError


def is_there(there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a GPU that is ready, or none."""
    for module in (factory, gpu):
        monkeypatch.setattr(module, "is_gpu_ready", lambda: there)


@pytest.mark.parametrize("name", ["openvino", "paddle"])
def test_a_named_engine_is_taken(name: str) -> None:
    """Whatever auto would choose."""
    assert choose_engine(EngineConfig(engine=name)) == name


@pytest.mark.parametrize(
    ("device", "model", "there", "chosen"),
    [
        ("auto", "", False, "openvino"),
        ("auto", "", True, "openvino"),
        ("auto", "PP-OCRv6_medium", True, "paddle"),
        ("auto", "PP-OCRv6_medium", False, "openvino"),
        ("cpu", "PP-OCRv6_medium", True, "openvino"),
        ("gpu:1", "", False, "paddle"),
    ],
)
def test_auto_takes_a_gpu_where_it_gains(
    device: str, model: str, there: bool, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PaddleOCR's runner knows NVIDIA's GPUs, and larger networks are worth warming one up."""
    is_there(there, monkeypatch)
    config = EngineConfig(device=device, model=model)
    assert choose_engine(config) == chosen
    assert computes_on_gpu(config) is (chosen == "paddle")


def test_paddle_takes_a_gpu_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Named as the engine, and left to choose where."""
    is_there(True, monkeypatch)
    assert computes_on_gpu(EngineConfig(engine="paddle"))
    assert not computes_on_gpu(EngineConfig(engine="paddle", device="cpu"))


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""

    def nothing(name: str, package: str | None = None) -> ModuleSpec | None:
        return None

    monkeypatch.setattr(importlib.util, "find_spec", nothing)
    with pytest.raises(MissingDependencyError, match="pip install openvino"):
        make_engine(EngineConfig(engine="openvino"))
    assert choose_engine(EngineConfig(device="cpu")) == "paddle"
