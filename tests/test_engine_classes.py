"""The best classes of a step, found inside a network set by set."""

import numpy as np
import openvino as ov
import pytest
from numpy.typing import NDArray
from openvino import opset13 as op

from newspage.engine.classes import reduce_to_best_classes
from newspage.engine.networks import SET

HIDDEN = 6
K = 5


def _network(classes: int, *, bias: bool) -> tuple[ov.Model, NDArray[np.float32]]:
    """Softmax over a layer of so many classes, and the layer's weights with the offsets below."""
    draw = np.random.default_rng(classes)
    weights = draw.normal(size=(HIDDEN, classes)).astype(np.float32)
    offsets = draw.normal(size=classes).astype(np.float32) if bias else np.zeros(classes, "f4")
    steps = op.parameter([-1, -1, HIDDEN], np.float32)
    layer = op.matmul(steps, op.constant(weights), False, False)
    layer = op.add(layer, op.constant(offsets)) if bias else layer
    model = ov.Model([op.softmax(layer, -1).output(0)], [steps], "steps")
    return model, np.vstack([weights, offsets])


@pytest.mark.parametrize("bias", [True, False], ids=["usual", "of another make"])
@pytest.mark.parametrize("classes", [SET - 1, SET * 3, SET * 7 + 9])
def test_the_best_are_those_of_a_plain_sort(classes: int, bias: bool) -> None:
    """Whatever the number of classes, and whether the sets can be filled up or not."""
    model, layer = _network(classes, bias=bias)
    steps = np.random.default_rng(1).normal(size=(2, 30, HIDDEN)).astype(np.float32)
    network = ov.Core().compile_model(
        reduce_to_best_classes(model, K), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    log_probs, found = (np.asarray(network([steps])[i]) for i in (0, 1))

    logits = steps @ layer[:-1] + layer[-1]
    expected = np.argsort(-logits, axis=-1)[..., :K]
    whole = np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_allclose(
        log_probs, np.take_along_axis(logits, expected, -1) - whole, atol=1e-4
    )
