"""Makes the widest layers of a recogniser multiply in 8 bits, where their input ranges are known.

Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
Inference, CVPR 2018: values are rounded to 256 steps between the ends of the range that was seen
in use. OpenVINO computes such layers with the processor's integer units, about twice as fast.

The ranges seen in use are kept in `int8.json` for each network by a digest of its weights; `python
-m benchmarks.ranges` measures them on the sample pages. A network that is not known there stays as
it is.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13 as op

from newspage.engine.models import Network, find_weights

KNOWN = Path(__file__).with_name("int8.json")
"""The file of the ranges that were measured, by digests of weights."""
FEWEST = 48
"""Number of channels below which layers are left alone: rounding costs them as much as it saves."""
SQUEEZE = 4
"""Ratio of a layer's channels before and behind it by which a layer is known that weighs whole
channels from their mean (squeeze and excitation). It is left alone: little work, and an error
there spreads over everything."""
HEADROOM = 2
"""Factor by which ranges of weights are wider than needed, which leaves them 7 of the 8 bits.
Processors without VNNI add two products in 16 bits; with all 8, the sums would be cut off."""
OUTLIERS = 2.0
"""Percentage of the inputs measured whose ends may lie outside a range. Judgement: one odd page
must not widen the steps of all."""

Ranges = Mapping[str, tuple[float, float]]
"""Least and greatest value of the input of a layer, by the layer's name."""


def load_ranges(network: Network) -> Ranges | None:
    """Return the ranges measured for a network; None for a network that was not measured.

    Those that an adapter has changed come with it.
    """
    found = _all_known().get(digest_weights(find_weights(network)))
    if found is None:
        return None
    ranges = {name: (low, high) for name, (low, high) in found.items()}
    return ranges if network.adapter is None else ranges | dict(network.adapter.ranges)


def digest_weights(weights: Path) -> str:
    """Return the digest of a weights file, the key of its network's ranges."""
    return hashlib.sha256(weights.read_bytes()).hexdigest()[:16]


def quantise_layers(model: ov.Model, ranges: Ranges) -> int:
    """Round inputs and weights of a model's wide layers in place; return the number of layers."""
    layers = [layer for layer in find_wide_layers(model) if layer.get_friendly_name() in ranges]
    for layer in layers:
        low, high = ranges[layer.get_friendly_name()]
        # Without an offset where there are values below zero: sums stay plain.
        if low < 0:
            high = max(-low, high, 1e-6)
            low = -high * 128 / 127
        _round(layer, 0, np.float32(min(low, 0)), np.float32(max(high, 1e-6)), 256)
        largest = HEADROOM * _largest(layer)
        _round(layer, 1, -largest, largest, 255)
    return len(layers)


def measure_ranges(model: ov.Model, inputs: Iterable[NDArray[Any]]) -> Ranges:
    """Measure the ranges of the inputs of the wide layers while the model computes `inputs`."""
    layers = find_wide_layers(model)
    ends = [end for layer in layers for end in _ends(layer.input_value(0))]
    network = ov.Core().compile_model(ov.Model(ends, model.get_parameters(), "ends"), "CPU")
    seen = np.array([[float(v) for v in network(array).values()] for array in inputs])
    low = np.percentile(seen[:, ::2], OUTLIERS, axis=0)
    high = np.percentile(seen[:, 1::2], 100 - OUTLIERS, axis=0)
    names = [layer.get_friendly_name() for layer in layers]
    return {n: (float(a), float(b)) for n, a, b in zip(names, low, high, strict=True)}


def find_wide_layers(model: ov.Model) -> list[ov.Node]:
    """Return the layers that take most of the time.

    They are the 1 by 1 convolutions of many channels, and the last layer, which gives every step of
    a strip a value for each character.
    """
    layers = [n for n in model.get_ordered_ops() if _is_wide_convolution(n)]
    products = [n for n in model.get_ordered_ops() if n.get_type_name() == "MatMul"]
    return layers + [n for n in products[-1:] if _weights(n).ndim == 2]


def _is_wide_convolution(node: ov.Node) -> bool:
    """Tell whether a node is a 1 by 1 convolution of many channels that is worth rounding."""
    if node.get_type_name() != "Convolution":
        return False
    shape = _weights(node).shape
    if len(shape) != 4 or shape[2:] != (1, 1) or min(shape[:2]) < FEWEST:
        return False
    return bool(max(shape[:2]) != SQUEEZE * min(shape[:2]))


def _weights(layer: ov.Node) -> NDArray[np.float32]:
    """Return the weights of a layer; empty where they are computed."""
    node = layer.input_value(1).get_node()
    if node.get_type_name() != "Constant":
        return np.zeros(0, np.float32)
    return np.asarray(node.get_data(), np.float32)


def _largest(layer: ov.Node) -> NDArray[np.float32]:
    """Return the largest absolute weight of each output channel, in a shape that broadcasts."""
    weights = np.abs(_weights(layer))
    axes = tuple(range(1, weights.ndim)) if layer.get_type_name() == "Convolution" else (0,)
    largest: NDArray[np.float32] = weights.max(axis=axes, keepdims=True)
    return np.maximum(largest, np.float32(1e-8))


def _round(
    layer: ov.Node,
    place: int,
    low: NDArray[np.float32] | np.float32,
    high: NDArray[np.float32] | np.float32,
    levels: int,
) -> None:
    """Put the rounding to `levels` values before an input of a layer."""
    value = layer.input_value(place)
    ends = [
        op.constant(np.reshape(v, (1,) * len(value.get_partial_shape())) if np.ndim(v) == 0 else v)
        for v in (low, high)
    ]
    rounded = op.fake_quantize(value, *ends, *ends, levels)
    layer.input(place).replace_source_output(rounded.output(0))


def _ends(value: ov.Output) -> list[ov.Output]:
    """Return nodes for the least and the greatest value."""
    axes = op.constant(np.arange(len(value.get_partial_shape())))
    return [op.reduce_min(value, axes).output(0), op.reduce_max(value, axes).output(0)]


@cache
def _all_known() -> dict[str, dict[str, list[float]]]:
    """Return the ranges of all networks that were measured, by the digests of their weights."""
    known: dict[str, dict[str, list[float]]] = json.loads(KNOWN.read_text("utf-8"))
    return known
