"""Layers in 8 bits: only where their ranges are known, and never trusted where in doubt."""

import json
from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from numpy.typing import NDArray
from openvino import opset13 as op

from newspage.config import EngineConfig
from newspage.engine import int8
from newspage.engine.adapters import Adapter
from newspage.engine.int8 import (
    digest_weights,
    find_wide_layers,
    load_ranges,
    measure_ranges,
    quantise_layers,
)
from newspage.engine.models import Network, find_networks, find_weights
from newspage.engine.openvino import _is_worn, _unsure

CHANNELS = 64


def small_network() -> ov.Model:
    """A wide convolution, a narrow one that squeezes, and a last layer; weights by chance."""
    random = np.random.default_rng(1)

    def weights(*shape: int) -> ov.Node:
        return op.constant(random.normal(size=shape).astype(np.float32))

    def convolution(x: ov.Node, out: int, into: int) -> ov.Node:
        return op.convolution(x, weights(out, into, 1, 1), [1, 1], [0, 0], [0, 0], [1, 1])

    image = op.parameter([1, CHANNELS, 1, 8], np.float32)
    wide = convolution(image, 2 * CHANNELS, CHANNELS)
    narrow = convolution(wide, 2 * CHANNELS // 4, 2 * CHANNELS)
    steps = op.transpose(op.squeeze(narrow, op.constant([2])), op.constant([0, 2, 1]))
    return ov.Model([op.matmul(steps, weights(32, 40), False, False)], [image], "small")


def inputs() -> list[NDArray[np.float32]]:
    """What is put into the small network."""
    random = np.random.default_rng(2)
    return [random.normal(size=(1, CHANNELS, 1, 8)).astype(np.float32) for _ in range(5)]


def test_the_wide_layers_are_found() -> None:
    """Those that squeeze channels are left at full precision; the last layer counts as wide."""
    kinds = [layer.get_type_name() for layer in find_wide_layers(small_network())]
    assert kinds == ["Convolution", "MatMul"]


def test_a_rounded_network_says_nearly_the_same() -> None:
    """Ranges measured on its own inputs: the error stays within a few of 256 steps."""
    model = small_network()
    ranges = measure_ranges(model, inputs())
    core = ov.Core()
    exact = [next(iter(core.compile_model(small_network(), "CPU")(x).values())) for x in inputs()]
    assert quantise_layers(model, ranges) == 2
    network = core.compile_model(model, "CPU")
    for x, wanted in zip(inputs(), exact, strict=True):
        got = next(iter(network(x).values()))
        assert 0 < np.abs(got - wanted).max() < 0.05 * np.abs(wanted).max()


def test_layers_without_ranges_stay_as_they_are() -> None:
    """Nothing is rounded by guess."""
    model = small_network()
    assert quantise_layers(model, {"another": (0.0, 1.0)}) == 0
    assert not [n for n in model.get_ops() if n.get_type_name() == "FakeQuantize"]


def test_a_network_is_known_by_its_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte changed: another network, whose ranges nobody measured."""
    weights = tmp_path / "net.onnx"
    weights.write_bytes(b"weights")
    known = tmp_path / "int8.json"
    known.write_text(json.dumps({digest_weights(weights): {"layer": [-1.0, 2.0]}}), "utf-8")
    monkeypatch.setattr(int8, "KNOWN", known)
    int8._all_known.cache_clear()
    try:
        assert load_ranges(Network("net", weights)) == {"layer": (-1.0, 2.0)}
        adapter = Adapter("", "", {}, ranges={"other": (0.0, 1.0)})
        with_own = load_ranges(Network("net", weights, adapter=adapter))
        assert with_own == {"layer": (-1.0, 2.0), "other": (0.0, 1.0)}
        weights.write_bytes(b"Weights")
        assert load_ranges(Network("net", weights)) is None
    finally:
        int8._all_known.cache_clear()


def test_the_network_that_comes_along_is_known() -> None:
    """All of its wide layers have a range."""
    recogniser = find_networks(EngineConfig()).recogniser
    weights, ranges = find_weights(recogniser), load_ranges(recogniser)
    assert ranges is not None
    layers = find_wide_layers(ov.Core().read_model(weights))
    assert {layer.get_friendly_name() for layer in layers} == set(ranges)


def steps(*rows: list[tuple[int, float]]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Best class and probability of each step of some strips, in the shape of an engine's."""
    classes = np.array([[[c] for c, _ in row] for row in rows], np.int32)
    chances = np.array([[[p] for _, p in row] for row in rows], np.float32)
    return classes, np.log(chances)


def test_a_strip_is_unsure_by_its_most_doubtful_character() -> None:
    """A character counts at its surest step, blanks do not count; without any it is unsure."""
    sure = [(0, 0.5), (7, 0.6), (7, 0.99), (0, 0.9)]
    doubtful = [(7, 0.99), (0, 0.9), (8, 0.6), (8, 0.7)]
    empty = [(0, 0.99)] * 4
    assert _unsure(*steps(sure, doubtful, empty)).tolist() == [False, True, True]


def test_a_page_is_worn_by_the_share_of_unsure_strips() -> None:
    """One in four is looked at again alone, one in two is a worn page; no strips are not worn."""
    sure, doubtful = [(7, 0.99), (0, 0.9)], [(7, 0.6), (0, 0.9)]
    assert not _is_worn([steps(sure, sure), steps(sure, doubtful)])
    assert _is_worn([steps(sure, doubtful)])
    assert not _is_worn([])
