"""The settings choose the engine; `auto` takes what is faster here."""

import importlib.util
from importlib.machinery import ModuleSpec

import pytest

from pipeline.config import EngineConfig
from pipeline.engine import factory
from pipeline.engine.factory import chosen_engine, make_engine
from pipeline.errors import MissingDependencyError


@pytest.mark.parametrize("name", ["openvino", "paddle"])
def test_a_named_engine_is_taken(name: str) -> None:
    """Whatever auto would choose."""
    assert chosen_engine(EngineConfig(engine=name)) == name  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("device", "gpu", "chosen"),
    [
        ("auto", False, "openvino"),
        ("auto", True, "paddle"),
        ("cpu", True, "openvino"),
        ("gpu:1", False, "paddle"),
    ],
)
def test_auto_asks_for_a_gpu(
    device: str, gpu: bool, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenVINO is faster on processors, PaddleOCR's runner knows NVIDIA's GPUs."""
    monkeypatch.setattr(factory, "gpu_ready", lambda: gpu)
    assert chosen_engine(EngineConfig(device=device)) == chosen


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""

    def nothing(name: str, package: str | None = None) -> ModuleSpec | None:
        return None

    monkeypatch.setattr(importlib.util, "find_spec", nothing)
    with pytest.raises(MissingDependencyError, match="pip install openvino"):
        make_engine(EngineConfig(engine="openvino"))
    assert chosen_engine(EngineConfig(device="cpu")) == "paddle"
