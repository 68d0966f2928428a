"""Around its networks every engine does the same."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from newspage.config import EngineConfig
from newspage.engine.adapters import Adapter
from newspage.engine.models import DESCRIPTION, Network
from newspage.engine.networks import TOP_K, NetworkEngine, Steps, select_best_classes
from newspage.engine.tiles import TileMap
from newspage.model import GrayImage

CHARACTERS = ("", "国", "家")


class Plain(NetworkEngine):
    """Dark pixels are text; a dark column of a strip is 国, a gray one 家."""

    def __init__(self) -> None:
        super().__init__("plain", CHARACTERS, EngineConfig())

    def _detect(self, tiles: Iterable[GrayImage]) -> Iterator[TileMap]:
        for tile in tiles:
            yield (tile < 128).astype(np.float32)

    def _recognise(self, strips: Iterable[NDArray[np.uint8]]) -> Iterator[Steps]:
        for batch in strips:
            level = batch.min(axis=1).reshape(len(batch), -1, 8).min(axis=2)
            best = np.select([level < 60, level < 120], [1, 2], 0).astype(np.int32)
            classes = np.stack([best, np.where(best > 0, 0, 1)], axis=2).astype(np.int32)
            yield classes, np.tile(np.log([0.9, 0.1]), (*best.shape, 1))

    def _adapt(self, adapter: Adapter) -> None:
        raise AssertionError("not asked for")

    def _take_recogniser(self, network: Network) -> None:
        self.network = network

    def _chances(self, strips: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.floating]]:
        for (classes, _), count in ((s, len(CHARACTERS)) for s in self._recognise(strips)):
            chances = np.full((*classes.shape[:2], count), 0.05 / count)
            np.put_along_axis(chances, classes[..., :1], 0.9, axis=-1)
            yield chances


def strip(*marks: tuple[int, int], width: int = 400) -> GrayImage:
    """A strip with marks: where, how dark."""
    pixels = np.full((48, width), 250, np.uint8)
    for x, level in marks:
        pixels[10:40, x : x + 16] = level
    return pixels


def test_answers_come_in_the_order_of_the_strips() -> None:
    """Although strips of similar width are read together."""
    strips = [
        strip((40, 10), width=200),
        strip((40, 90), (200, 10), width=900),
        strip(width=64),
        strip((16, 90), width=120),
    ]
    texts = ["".join(r.text) for r in Plain().read_lines(strips)]
    assert texts == ["国", "家国", "", "家"]
    assert Plain().read_lines([]) == []


def test_classes_that_are_asked_for_stand_at_every_step() -> None:
    """With the probability the network gives them, whether they are likely or not."""
    (read,) = Plain().read_lines([strip((40, 10), width=200)], also=(2, 1))
    assert "".join(read.text) == "国"
    classes, log_probs = read.lattice.classes, read.lattice.log_probs
    assert (classes[:, -2:] == (2, 1)).all()
    shown = classes[:, 0] == 1
    assert np.allclose(log_probs[shown, -1], np.log(0.9), atol=0.01)
    assert np.allclose(log_probs[:, -2], np.log(0.05 / 3), atol=0.01)


def test_a_strip_wider_than_the_network_takes_is_read_whole() -> None:
    """In parts, whose glyphs come out at their places in the whole."""
    places = list(range(100, 15_000, 500))
    (read,) = Plain().read_lines([strip(*((x, 10) for x in places), width=15_200)])
    assert len(read.text) == len(places)
    starts, ends = read.spans.T * 15_200
    centers = np.array(places) + 8
    assert ((starts < centers) & (centers < ends)).all()
    assert (np.diff(read.lattice.positions) >= 0).all()


def test_lines_are_found_from_top_to_bottom() -> None:
    """Over the seams of the tiles, each once."""
    image = np.full((3000, 2600), 250, np.uint8)
    for y in range(100, 2900, 400):
        image[y : y + 20, 80:2500] = 0
    tops = [line.polygon[0][1] for line in Plain().find_lines(image)]
    assert len(tops) == 7
    assert tops == sorted(tops)


@pytest.mark.parametrize("count", [3, 200, 1200, 1280])
def test_the_best_classes_are_those_of_a_plain_sort(count: int) -> None:
    """Few classes, more than fit into full sets, and many."""
    chances = np.random.default_rng(count).random((2, 5, count)).astype(np.float32)
    classes, log_probs = select_best_classes(chances)
    wanted = np.argsort(-chances, axis=-1)[..., :TOP_K]
    assert np.array_equal(classes, wanted)
    assert np.allclose(np.exp(log_probs), np.take_along_axis(chances, wanted, axis=-1))


def test_an_image_of_any_size_is_looked_at() -> None:
    """Also one smaller than the detector's stride."""
    assert Plain().find_lines(np.full((5, 3), 250, np.uint8)) == []


def test_another_recogniser_has_characters_of_its_own(tmp_path: Path) -> None:
    """It is kept, and the engine that it came from stays as it was."""
    listed = {"PostProcess": {"character_dict": ["国", "家"]}}
    (tmp_path / DESCRIPTION).write_text(json.dumps(listed), encoding="utf-8")
    network = Network("light", tmp_path / "rec.onnx", tmp_path)
    engine = Plain()
    other = engine.with_recogniser(network)
    assert isinstance(other, Plain)
    assert other.network is network
    assert other.characters == ("", "国", "家", " ")
    assert other.name == f"{engine.name} with light"
    assert engine.characters == CHARACTERS
    assert not hasattr(engine, "network")
    assert engine.with_recogniser(network) is other
