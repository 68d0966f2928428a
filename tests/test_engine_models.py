"""Networks are found where they lie, and what is missing is told with a remedy."""

import json
from pathlib import Path

import pytest
import yaml

from newspage.config import EngineConfig
from newspage.engine.models import (
    EMBEDDED,
    InputNormalisation,
    Network,
    find_networks,
    find_weights,
    list_description_characters,
    make_paddle_folder,
    read_normalisation,
)
from newspage.errors import MissingDependencyError


def network(parent: Path, name: str, description: dict[str, object]) -> Path:
    """A network's folder, its weights a few bytes."""
    folder = parent / name.lower()
    folder.mkdir(parents=True)
    (folder / "inference.onnx").write_bytes(b"weights")
    text = json.dumps({"Global": {"model_name": name}} | description, ensure_ascii=False)
    (folder / "inference.yml").write_text(text, "utf-8")
    return folder


def pair(parent: Path, name: str = "Best") -> Path:
    """A folder with a detector and a recogniser."""
    norm = {"NormalizeImage": {"mean": [0.1, 0.2, 0.3], "std": [1, 1, 1]}}
    network(parent, f"{name}_det", {"PreProcess": {"transform_ops": [norm]}})
    network(parent, f"{name}_rec", {"PostProcess": {"character_dict": ["国", "家"]}})
    return parent


def test_networks_come_along() -> None:
    """Without any setting nothing has to be fetched."""
    found = find_networks(EngineConfig())
    assert found.name == EMBEDDED
    assert find_weights(found.detector).is_file()
    assert find_weights(found.recogniser).is_file()
    assert list_description_characters(found.recogniser) is None
    assert read_normalisation(found.detector) == InputNormalisation()


def test_a_folder_of_networks_is_taken(tmp_path: Path) -> None:
    """With the normalisation and the characters that its descriptions name."""
    found = find_networks(EngineConfig(model_dir=str(pair(tmp_path))))
    assert found.name == "Best"
    assert read_normalisation(found.detector).mean == (0.1, 0.2, 0.3)
    assert list_description_characters(found.recogniser) == ("", "国", "家", " ")
    assert make_paddle_folder(found.detector, ()) == tmp_path / "best_det"


def test_one_of_several_is_chosen_by_name(tmp_path: Path) -> None:
    """Two of a kind in a folder are an error until one is named."""
    pair(tmp_path, "Best")
    pair(tmp_path, "Other")
    with pytest.raises(MissingDependencyError, match=r"2 detection networks.*--model"):
        find_networks(EngineConfig(model_dir=str(tmp_path)))
    assert find_networks(EngineConfig(model_dir=str(tmp_path), model="Other")).name == "Other"


@pytest.mark.parametrize("setting", ["model_dir", "model"])
def test_what_is_missing_has_a_remedy(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty folder and an unknown name say what to do."""
    monkeypatch.setenv("PADDLE_PDX_CACHE_HOME", str(tmp_path))
    asked = EngineConfig(model="Unheard-of")
    if setting == "model_dir":
        asked = EngineConfig(model_dir=str(tmp_path))
    with pytest.raises(MissingDependencyError, match=r"Unheard-of|no detection network"):
        find_weights(find_networks(asked).detector)


def test_a_damaged_description_is_told(tmp_path: Path) -> None:
    """With the file's name."""
    pair(tmp_path)
    (tmp_path / "best_rec" / "inference.yml").write_text("a: [", "utf-8")
    with pytest.raises(MissingDependencyError, match=r"best_rec.inference\.yml"):
        find_networks(EngineConfig(model_dir=str(tmp_path)))


def test_what_comes_along_is_described_for_paddleocr(tmp_path: Path) -> None:
    """Once, whole, and under a name that changes with its content."""
    weights = tmp_path / "small.onnx"
    weights.write_bytes(b"1")
    known = Network("Small_rec", weights)
    folder = make_paddle_folder(known, ("", "国", "#", " "), tmp_path)
    assert folder is not None
    description = yaml.safe_load((folder / "inference.yml").read_text("utf-8"))
    assert description["Global"]["model_name"] == "Small_rec"
    assert description["PostProcess"]["character_dict"] == ["国", "#"]
    assert (folder / "inference.onnx").read_bytes() == b"1"
    assert make_paddle_folder(known, ("", "国", "#", " "), tmp_path) == folder
    weights.write_bytes(b"2")
    assert make_paddle_folder(known, ("", "国", "#", " "), tmp_path) != folder
    assert not list(folder.parent.glob(".new-*"))
