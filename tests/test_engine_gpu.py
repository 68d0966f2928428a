"""A GPU that was asked for is used, or the reason why not is said in one line."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from newspage.config import EngineConfig
from newspage.engine import gpu
from newspage.engine.factory import make_engine
from newspage.engine.gpu import PROVIDER, load_gpu_libraries, require_gpu
from newspage.engine.paddle import PaddleEngine
from newspage.engine.shapes import SessionPerShape, pad_batch
from newspage.engine.strip_batches import PADDING, group_into_batches
from newspage.errors import MissingDependencyError

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


class Runner:
    """As PaddleOCR's: made of a folder, a name and options."""

    made = 0

    def __init__(self, model_dir: str, model_file_prefix: str, config: object) -> None:
        self.model_dir, self.model_file_prefix, self._config = model_dir, model_file_prefix, config
        self.session = Session(PROVIDER, CPU)
        self.shapes: set[tuple[int, ...]] = set()
        Runner.made += 1

    def __call__(self, x: list[NDArray[np.float32]]) -> list[tuple[int, ...]]:
        self.shapes.add(x[0].shape)
        assert len(self.shapes) == 1
        return [x[0].shape]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has packages and providers of ONNX Runtime installed."""

    def put(packages: Sequence[str], *providers: str) -> None:
        monkeypatch.setattr(gpu, "find_installed_version", dict.fromkeys(packages, "1.0").get)
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
        load_gpu_libraries("gpu:0")
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
    assert load_gpu_libraries("gpu:0") == "libcublasLt.so.13, libcurand.so.10"
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


def test_each_shape_has_a_session_of_its_own() -> None:
    """The first is the one that is there; none goes to the processor."""
    Runner.made = 0
    run = SessionPerShape(Runner("folder", "inference", {}))
    for rows, width in ((2, 320), (1, 640), (2, 320), (1, 640), (3, 64)):
        x = np.zeros((rows, 3, 48, width), np.float32)
        assert run([x]) == [x.shape]
    assert Runner.made == 3
    assert [r.session.falls_back for r in run._runners.values()] == [True, False, False]


def test_few_shapes_occur() -> None:
    """Whatever widths a page has: at most one for each width to fill up to."""
    random = np.random.default_rng(5)
    widths = np.exp(random.uniform(np.log(16), np.log(6400), 900)).astype(int)
    strips = [np.full((48, width), 9, np.uint8) for width in widths]
    shapes = set()
    for batch in group_into_batches(strips):
        filled = pad_batch(batch.pixels)
        rows, _, width = batch.pixels.shape
        assert np.array_equal(filled[:rows, :, :width], batch.pixels)
        assert (filled[rows:] == PADDING).all()
        assert (filled[:, :, width:] == PADDING).all()
        shapes.add(filled.shape)
    assert len(shapes) <= 16
    assert len({width for _, _, width in shapes}) == len(shapes)


@pytest.mark.engine
def test_what_is_filled_up_is_read_alike(repository: Path, tmp_path: Path) -> None:
    """The very texts, and glyphs in their places."""
    engine = make_engine(
        EngineConfig(engine="paddle", device="cpu", cache_dir=str(tmp_path)), threads=2
    )
    assert isinstance(engine, PaddleEngine)
    file = repository / "scans" / "qingdu-2024-03-18" / "p3.jpg"
    page = np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)[:700, :900], np.uint8)
    boxes = [np.asarray(line.polygon) for line in engine.find_lines(page)]
    strips = [
        page[int(b[:, 1].min()) : int(b[:, 1].max()), int(b[:, 0].min()) : int(b[:, 0].max())]
        for b in boxes
    ]
    plain = engine.read_lines(strips)
    engine._on_gpu = True
    filled = engine.read_lines(strips)
    assert [r.text for r in plain] == [r.text for r in filled]
    for a, b in zip(plain, filled, strict=True):
        assert a.spans.shape == b.spans.shape
        assert not len(a.spans) or np.abs(a.spans - b.spans).max() < 0.03
