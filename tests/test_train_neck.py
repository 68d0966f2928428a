"""Neck, CTC loss and optimiser: against onnxruntime, finite differences and brute force."""

from contextlib import suppress
from itertools import groupby, product

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from newspage.config import EngineConfig
from newspage.engine.models import find_networks, find_weights
from newspage.engine.onnx_weights import locate_weights, read_weights, replace_weights
from newspage.training.adamw import AdamW, limit_norm
from newspage.training.ctc_loss import compute_ctc_loss, needs_steps
from newspage.training.neck import Neck, NeckNames

NAMES = NeckNames()


@pytest.fixture(scope="module")
def data() -> bytes:
    """The recogniser that comes along."""
    return find_weights(find_networks(EngineConfig()).recogniser).read_bytes()


@pytest.fixture(scope="module")
def computed(data: bytes) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What onnxruntime gives the neck for random strips, and the values of the classes behind."""
    model = onnx.load_from_string(data)
    for name in ("p2o.pd_op.pool2d.1.0", "p2o.pd_op.add.79.0"):
        model.graph.output.append(onnx.helper.make_tensor_value_info(name, 1, None))
    session = onnxruntime.InferenceSession(model.SerializeToString())
    strips = np.random.default_rng(3).normal(size=(3, 3, 48, 160)).astype(np.float32)
    _, pooled, values = session.run(None, {"x": strips})
    return np.ascontiguousarray(pooled[:, :, 0].transpose(0, 2, 1)), values


@pytest.mark.engine
def test_the_neck_computes_what_the_network_does(
    data: bytes, computed: tuple[NDArray[np.float32], NDArray[np.float32]]
) -> None:
    """Up to rounding, in 32 bits."""
    features, values = computed
    neck = Neck(read_weights(data), NAMES)
    steps, _ = neck.compute_steps(features)
    own = neck.tell_classes(steps, np.arange(values.shape[-1]))
    np.testing.assert_allclose(own, values, atol=1e-4)
    assert sum(weight.size for weight in neck.weights.values()) == 345_710


@pytest.mark.engine
def test_gradients_are_those_of_finite_differences(
    data: bytes, computed: tuple[NDArray[np.float32], NDArray[np.float32]]
) -> None:
    """For every weight of the neck, along a random direction, in 64 bits."""
    random = np.random.default_rng(4)
    neck = Neck({k: v.astype(np.float64) for k, v in read_weights(data).items()}, NAMES)
    features = computed[0].astype(np.float64)
    grad = random.normal(size=(*features.shape[:2], 120))
    grads = neck.compute_steps(features)[1](grad)
    assert set(grads) == set(NAMES.list_trained()) - {NAMES.bias}
    for name, found in grads.items():
        way = random.normal(size=found.shape)
        ends = []
        for sign in (1, -2):
            neck.weights[name] += sign * 1e-5 * way
            ends.append(float((neck.compute_steps(features)[0] * grad).sum()))
        neck.weights[name] += 1e-5 * way
        assert (ends[0] - ends[1]) / 2e-5 == pytest.approx(float((found * way).sum()), rel=1e-5)


@pytest.mark.engine
def test_the_bias_and_the_steps_get_their_gradients(data: bytes) -> None:
    """Those of the last layer, over the classes that are asked for alone, new ones among them."""
    random = np.random.default_rng(5)
    weights = {k: v.astype(np.float64) for k, v in read_weights(data).items()}
    more = random.normal(size=(120, 2)), random.normal(size=2)
    grown = {**weights, **dict(zip(NAMES.list_new(), more, strict=True))}
    known = Neck(weights, NAMES).class_count
    steps = random.normal(size=(2, 4, 120))
    for own, last, names in ((weights, 9, {NAMES.bias}), (grown, known + 1, {*NAMES.list_new()})):
        neck, classes = Neck(own, NAMES), np.array([0, 7, last])
        values = neck.tell_classes(steps, classes)
        np.testing.assert_allclose(neck.tell_classes(steps)[..., classes], values)
        grad = random.normal(size=(2, 4, 3))
        by_steps, by_weights = neck.trace_classes(grad, steps, classes)
        assert set(by_weights) == {NAMES.bias} | names
        moved = neck.tell_classes(steps + 1e-6 * np.sign(by_steps), classes)
        assert ((moved - values) * grad).sum() / 1e-6 == pytest.approx(np.abs(by_steps).sum())
        for name, found in by_weights.items():
            before = (neck.tell_classes(steps, classes) * grad).sum()
            neck.weights[name] = neck.weights[name] + 1e-6 * np.sign(found)
            gain = (neck.tell_classes(steps, classes) * grad).sum() - before
            assert gain / 1e-6 == pytest.approx(np.abs(found).sum(), rel=1e-4)


def probability(chances: NDArray[np.float64], label: list[int]) -> float:
    """The probability of a label: the sum over all paths that collapse to it."""
    total = 0.0
    for path in product(range(chances.shape[1]), repeat=len(chances)):
        if [c for c, _ in groupby(path) if c] == label:
            total += float(np.prod(chances[np.arange(len(path)), path]))
    return total


labels = st.lists(st.integers(1, 2), max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.tuples(labels, st.integers(1, 5)), min_size=1))
def test_the_loss_is_that_of_all_paths(seed: int, batch: list[tuple[list[int], int]]) -> None:
    """And its gradient that of finite differences; a strip that is too short teaches nothing."""
    random = np.random.default_rng(seed)
    logits = random.normal(scale=2, size=(len(batch), 5, 3))
    lengths, texts = [n for _, n in batch], [text for text, _ in batch]
    loss, grad = compute_ctc_loss(logits, lengths, texts)
    way = random.normal(size=logits.shape)
    up, down = (compute_ctc_loss(logits + sign * 1e-5 * way, lengths, texts)[0] for sign in (1, -1))
    np.testing.assert_allclose((up - down) / 2e-5, (grad * way).sum(axis=(1, 2)), atol=1e-4)
    for row, (text, length) in enumerate(batch):
        assert not grad[row, length:].any()
        if needs_steps(text) > length:
            assert loss[row] == 0
            assert not grad[row].any()
            continue
        shares = np.exp(logits[row, :length])
        shares /= shares.sum(axis=1, keepdims=True)
        assert np.exp(-loss[row]) == pytest.approx(probability(shares, text))


def test_steps_go_down_and_weights_decay_to_their_origin() -> None:
    """Toward the least of a parabola; without a gradient, back to where they came from."""
    weights, origin = {"a": np.array([3.0, -2.0])}, {"a": np.array([1.0, 1.0])}
    optimiser = AdamW(decay=0)
    for _ in range(500):
        optimiser.change_weights(weights, origin, {"a": 2 * weights["a"]}, 0.05)
    np.testing.assert_allclose(weights["a"], 0, atol=1e-2)
    fading = AdamW(decay=1.0)
    for _ in range(200):
        fading.change_weights(weights, origin, {"a": np.zeros(2)}, 0.05)
    np.testing.assert_allclose(weights["a"], origin["a"], atol=1e-3)


def test_long_gradients_are_shortened() -> None:
    """Their common norm counts."""
    grads = {"a": np.array([3.0]), "b": np.array([4.0])}
    assert limit_norm(grads, 10) == pytest.approx(5)
    assert grads["a"][0] == 3
    assert limit_norm(grads, 1) == pytest.approx(5)
    assert grads["b"][0] == pytest.approx(0.8)


@pytest.mark.engine
def test_weights_are_read_and_replaced_where_they_lie(data: bytes) -> None:
    """The same as the package onnx reads; all other bytes stay."""
    read = read_weights(data)
    listed = {
        i.name: onnx.numpy_helper.to_array(i)
        for i in onnx.load_from_string(data).graph.initializer
        if i.data_type == onnx.TensorProto.FLOAT and i.raw_data
    }
    assert read.keys() == listed.keys()
    assert all(np.array_equal(read[name], listed[name]) for name in listed)
    other = {NAMES.bias: read[NAMES.bias] + 1}
    changed = replace_weights(data, other)
    assert len(changed) == len(data)
    assert np.array_equal(read_weights(changed)[NAMES.bias], other[NAMES.bias])
    place = locate_weights(data)[NAMES.bias]
    assert changed[: place.start] + changed[place.end :] == data[: place.start] + data[place.end :]
    for wrong in ({"none": other[NAMES.bias]}, {NAMES.bias: other[NAMES.bias][1:]}):
        with pytest.raises(ValueError, match="no weight"):
            replace_weights(data, wrong)


@pytest.mark.engine
@given(st.integers(0, 20_000), st.integers(0, 255))
def test_damaged_files_are_no_surprise(data: bytes, place: int, byte: int) -> None:
    """The first bytes of a network, one of them changed: a ValueError (that of UTF-8 is one)."""
    with suppress(ValueError):
        locate_weights(data[:place] + bytes([byte]) + data[place + 1 : 20_001])
