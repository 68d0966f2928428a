"""A GPU that was asked for is used, or the reason why not is said in one line."""

import sys
from collections.abc import Callable, Sequence

import onnxruntime
import pytest

from pipeline.config import EngineConfig
from pipeline.engine import gpu
from pipeline.engine.factory import make_engine
from pipeline.engine.gpu import PROVIDER, bring_in_libraries, require_gpu
from pipeline.errors import MissingDependencyError

CPU = "CPUExecutionProvider"


class Session:
    """A session that computes somewhere."""

    def __init__(self, *providers: str) -> None:
        self._providers = providers
        self.falls_back = True

    def get_providers(self) -> Sequence[str]:
        return self._providers

    def disable_fallback(self) -> None:
        self.falls_back = False


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has packages and providers of ONNX Runtime installed."""

    def put(packages: Sequence[str], *providers: str) -> None:
        monkeypatch.setattr(gpu, "_installed", lambda name: name in packages)
        monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: list(providers))
        monkeypatch.setattr(onnxruntime, "set_default_logger_severity", lambda _: None)

    return put


@pytest.mark.parametrize(
    ("packages", "why"),
    [
        (["onnxruntime"], "onnxruntime-gpu is not installed"),
        (["onnxruntime", "onnxruntime-gpu"], "overwrite each other"),
    ],
)
def test_without_its_runtime_a_gpu_is_refused(
    packages: Sequence[str], why: str, installed: Callable[..., None]
) -> None:
    """With what has to go and what has to come."""
    installed(packages, CPU)
    with pytest.raises(MissingDependencyError, match=why) as told:
        bring_in_libraries("gpu:0")
    assert f"pip uninstall {' '.join(packages)}; pip install" in told.value.remedy
    assert "--device cpu" in told.value.remedy


def test_an_engine_for_a_gpu_is_not_made_without(installed: Callable[..., None]) -> None:
    """It does not read on the processor instead."""
    installed(["onnxruntime"], CPU)
    with pytest.raises(MissingDependencyError, match=r"gpu:1 cannot be used.*onnxruntime-gpu"):
        make_engine(EngineConfig(engine="paddle", device="gpu:1"))


def test_libraries_that_are_missing_are_named(
    installed: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What ONNX Runtime prints about them is not."""
    installed(["onnxruntime-gpu"], PROVIDER, CPU)

    def preload() -> None:
        for name in ("libcublasLt.so.13", "libcurand.so.10"):
            sys.stdout.write(f"Failed to load {name}: {name}: cannot open shared object file\n")
        sys.stdout.write("Please follow https://onnxruntime.ai/docs/install/\n")

    monkeypatch.setattr(onnxruntime, "preload_dlls", preload)
    assert bring_in_libraries("gpu:0") == "libcublasLt.so.13, libcurand.so.10"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("device", "there", "missing", "why"),
    [
        ("gpu:0", None, "libcublas.so.13", "no NVIDIA driver"),
        ("gpu:0", 0, "", "finds no NVIDIA GPU"),
        ("gpu:2", 2, "", "numbered 0 to 1"),
        ("gpu:1", 2, "libcublas.so.13", r"libraries of CUDA are missing \(libcublas.so.13\)"),
        ("gpu:0", 1, "", "does not get on with it"),
    ],
)
def test_a_session_on_the_processor_is_refused(
    device: str, there: int | None, missing: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ONNX Runtime goes there by itself; a person is told why, in one line."""
    monkeypatch.setattr(gpu, "_gpus", lambda: there)
    with pytest.raises(MissingDependencyError, match=why) as told:
        require_gpu(Session(CPU), device, missing)
    assert told.value.message.startswith(f"The device {device} cannot be used: ")
    assert told.value.remedy
    assert "\n" not in str(told.value)


def test_a_session_on_the_gpu_stays_there() -> None:
    """It must not go to the processor in the middle of a run either."""
    session = Session(PROVIDER, CPU)
    require_gpu(session, "gpu:0", "")
    assert not session.falls_back


def test_the_driver_is_asked_without_harm() -> None:
    """Where there is none, too."""
    assert gpu._gpus() is None or gpu._gpus() in range(65)
