"""Layout models: found in their folder, asked as PaddleOCR asks them, never fetched."""

import json
import multiprocessing
import socket
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from newspage import doctor
from newspage.batch.readers import identify_engine, make_default_backend
from newspage.config import Config, EngineConfig
from newspage.doctor import Finding, Verdict, examine_installation
from newspage.engine.factory import make_layout_model
from newspage.engine.layout_model import (
    LONGEST_SIDE,
    find_layout_network,
    parse_predictions,
    shrink_for_model,
)
from newspage.errors import MissingDependencyError, load_error_texts
from newspage.geometry import Box
from newspage.model import AreaKind, LayoutPrediction
from tests.layout_models import LABELS, layout_model

SAID = (
    ("paragraph_title", 0.9, 0.1, 0.1, 0.5, 0.2),
    ("image", 0.75, 0.5, 0.5, 0.9, 0.9),
    ("text", 0.99, 0.0, 0.3, 0.4, 1.0),
    ("number", 0.3, 0.1, 0.95, 0.2, 1.0),
)


@pytest.fixture(scope="module")
def paddle() -> Iterator[ProcessPoolExecutor]:
    """A process in which PaddleOCR runs: its threads must not be there where tests fork."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        yield pool


def looked_at(folder: Path) -> tuple[str, tuple[LayoutPrediction, ...]]:
    """Name of the model in a folder and what it says of a page, the network being cut off."""

    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse  # type: ignore[assignment]
    model = make_layout_model(config(folder), 1)
    assert model is not None
    return model.name, model.predict_areas(np.full((4000, 3000), 255, np.uint8))


def config(folder: Path) -> EngineConfig:
    """Settings that name a folder."""
    return EngineConfig(layout_model_dir=str(folder), device="cpu")


def test_none_is_asked_for() -> None:
    """The setting is empty: nothing is looked for, nothing loaded."""
    assert find_layout_network(EngineConfig()) is None
    assert make_layout_model(EngineConfig()) is None


def test_a_folder_is_understood(tmp_path: Path) -> None:
    """The description says which model it is; the folder may be called anything."""
    network = find_layout_network(config(layout_model(tmp_path / "mine", SAID, "PP-DocLayout-M")))
    assert network is not None
    assert (network.name, network.folder) == ("PP-DocLayout-M", tmp_path / "mine")


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ("folder", "is no folder"),
        ("inference.onnx", "holds no inference.onnx"),
        ("inference.yml", "holds no inference.yml"),
        ("label_list", "names nothing"),
        ("Global", "does not say which model"),
    ],
)
def test_what_is_missing_is_told(lacking: str, said: str, tmp_path: Path) -> None:
    """Which folder, what must be in it, and that it is not needed."""
    folder = tmp_path / "model"
    if lacking != "folder":
        layout_model(folder, SAID)
    if lacking.startswith("inference"):
        (folder / lacking).unlink()
    elif lacking != "folder":
        file = folder / "inference.yml"
        description = json.loads(file.read_text("utf-8"))
        del description[lacking]
        file.write_text(json.dumps(description), "utf-8")
    with pytest.raises(MissingDependencyError) as error:
        find_layout_network(config(folder))
    assert said in error.value.message
    assert str(folder) in error.value.message
    assert "inference.onnx" in error.value.remedy
    assert "leave it out" in error.value.remedy


def test_the_network_of_another_task_is_refused(tmp_path: Path) -> None:
    """What it names instead is told."""
    folder = layout_model(tmp_path, SAID)
    text = (folder / "inference.yml").read_text("utf-8")
    (folder / "inference.yml").write_text(text.replace(json.dumps(list(LABELS)), '["cat", "dog"]'))
    with pytest.raises(MissingDependencyError, match=r"is not that of a layout model.*cat, dog"):
        find_layout_network(config(folder))


def test_paddles_own_format_has_a_remedy_of_its_own(tmp_path: Path) -> None:
    """As PaddleOCR fetches models by default; how to make it ONNX is told."""
    folder = layout_model(tmp_path, SAID)
    (folder / "inference.onnx").rename(folder / "inference.pdiparams")
    with pytest.raises(MissingDependencyError, match="paddlex --paddle2onnx"):
        find_layout_network(config(folder))


def test_labels_that_say_nothing_here_are_left_out() -> None:
    """So are areas without size or with impossible corners; scores are kept."""
    boxes = [
        {"label": "text", "score": 0.9, "coordinate": [0, 0, 9, 9]},
        {"label": "doc_title", "score": 0.8, "coordinate": [1, 2, 3, 4]},
        {"label": "Figure", "score": 0.7, "coordinate": [5, 5, 5, 9]},
        {"label": "table", "score": 0.6, "coordinate": [0, float("nan"), 9, 9]},
    ]
    assert parse_predictions(boxes, 2.0) == (
        LayoutPrediction(Box(2, 4, 6, 8), AreaKind.HEADLINE, 0.8),
    )


@pytest.mark.parametrize("size", [(40, 30), (LONGEST_SIDE * 3, 30), (30, LONGEST_SIDE * 5)])
def test_large_pages_are_made_smaller(size: tuple[int, int]) -> None:
    """The longest side is bounded, no side vanishes, small ones stay as they are."""
    small, scale = shrink_for_model(np.zeros(size, np.uint8))
    assert max(small.shape) == min(max(size), LONGEST_SIDE)
    assert min(small.shape) >= 1
    assert scale * max(small.shape) == pytest.approx(max(size))


def test_the_fingerprint_is_that_of_the_content(tmp_path: Path) -> None:
    """The same model in another folder is the same; other weights or labels are another one."""
    one, other = layout_model(tmp_path / "a", SAID), layout_model(tmp_path / "b", SAID)
    changed = layout_model(tmp_path / "c", SAID[:1])
    told = layout_model(tmp_path / "d", SAID)
    text = (told / "inference.yml").read_text("utf-8")
    (told / "inference.yml").write_text(
        text.replace('"draw_threshold": 0.5', '"draw_threshold": 0.4')
    )
    known = [identify_engine(config(f)) for f in (one, other, changed, told)]
    assert known[0] == known[1]
    assert len({*known, identify_engine(EngineConfig(device="cpu"))}) == 4


def test_a_run_does_not_begin_without_it(tmp_path: Path) -> None:
    """What is missing is told before a scan is looked at."""
    with pytest.raises(MissingDependencyError, match="is no folder"):
        make_default_backend(config(tmp_path / "none"))


def test_the_doctor_looks_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is well; one that is named and not there is not."""
    monkeypatch.setattr(doctor, "_engine", lambda _: Finding("engine", "not asked"))

    def finding(engine: EngineConfig) -> Finding:
        return {f.subject: f for f in examine_installation(Config(engine=engine))}["layout model"]

    assert finding(EngineConfig()).verdict is Verdict.GOOD
    assert "--layout-model-dir" in finding(EngineConfig()).text
    missing = finding(config(tmp_path / "none"))
    remedy = load_error_texts("en")["layout-model-folder-missing"].remedy
    assert (missing.verdict, missing.remedy) == (Verdict.BAD, remedy)


@pytest.mark.engine
@pytest.mark.parametrize(
    "name",
    [
        "PP-DocLayout_plus-L",
        "PP-DocLayout-S",
        "PP-DocLayoutV2",
        "PP-DocLayoutV3",
        "PicoDet_layout_1x",
    ],
)
def test_paddleocr_asks_it(name: str, tmp_path: Path, paddle: ProcessPoolExecutor) -> None:
    """Through its LayoutDetection, from the folder, without the network, in pixels of the page.

    What the model is not sure of is left out, as its description says.
    """
    said, areas = paddle.submit(looked_at, layout_model(tmp_path, SAID, name)).result()
    assert said == name
    seen = {s.kind: s for s in areas}
    assert set(seen) == {AreaKind.HEADLINE, AreaKind.PICTURE}
    box, wanted = seen[AreaKind.HEADLINE].box, (300, 400, 1500, 800)
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx(wanted, abs=3)
    assert seen[AreaKind.PICTURE].score == pytest.approx(0.75)


@pytest.mark.engine
@pytest.mark.parametrize("broken", ["name", "weights", "inputs"])
def test_a_model_that_does_not_work_is_told_at_once(
    broken: str, tmp_path: Path, paddle: ProcessPoolExecutor
) -> None:
    """Before a page is read: PaddleOCR does not know it, or it is no network, or another one."""
    folder = layout_model(tmp_path, SAID, "Unheard_of" if broken == "name" else "PP-DocLayout-L")
    if broken == "weights":
        (folder / "inference.onnx").write_bytes(b"no network")
    elif broken == "inputs":
        file = folder / "inference.yml"
        file.write_text(file.read_text("utf-8").replace("PP-DocLayout-L", "PP-DocLayout-M"))
    with pytest.raises(MissingDependencyError) as error:
        paddle.submit(looked_at, folder).result()
    assert "--layout-model-dir" in error.value.remedy
