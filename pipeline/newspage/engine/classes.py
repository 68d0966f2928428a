"""Finds the best classes of each step of a recogniser inside the network.

A recogniser of Chinese tells some twenty thousand classes apart; sorting them at each of the many
steps of a line would take longer than some of its layers.
"""

import numpy as np
import openvino as ov
from openvino import opset13 as op

from newspage.engine.networks import SET

NEVER = -1e4
"""Value of the classes that fill up the last set: below any that a network gives."""


def reduce_to_best_classes(model: ov.Model, k: int) -> ov.Model:
    """Return the recogniser with the best k classes of each step as output, instead of all of them.

    The softmax is taken apart, as only its denominator needs a look at every class.

    Returns:
        A model with two outputs of shape (strips, steps, k): natural log-probabilities and classes.
    """
    logits = model.get_results()[0].input_value(0).get_node().input_value(0)
    filled_up = _fill_up(logits, k)
    model.validate_nodes_and_infer_types()
    values, classes = _best_by_sets(logits, k) if filled_up else _best(logits, k)
    top = op.gather(values, op.constant(np.array([0])), op.constant(np.int64(-1)))
    rest = op.reduce_sum(op.exp(op.subtract(logits, top)), op.constant(np.array([-1])), True)
    log_probs = op.subtract(op.subtract(values, top), op.log(rest))
    return ov.Model([log_probs.output(0), classes], model.get_parameters(), "best")


def _best(values: ov.Output, k: int) -> tuple[ov.Output, ov.Output]:
    """Return the k greatest values of the last axis, and their indices."""
    best = op.topk(values, op.constant(np.int64(k)), -1, "max", "value", index_element_type="i32")
    return best.output(0), best.output(1)


def _best_by_sets(logits: ov.Output, k: int) -> tuple[ov.Output, ov.Output]:
    """Return the same as `_best`: the k best are in the k sets whose own best are the greatest."""
    sets = op.reshape(logits, op.constant(np.array([0, 0, -1, SET])), True)
    _, chosen = _best(op.reduce_max(sets, op.constant(np.array([3]))).output(0), k)
    joined = op.constant(np.array([0, 0, k * SET]))
    inside = op.gather(sets, chosen, op.constant(np.int64(2)), 2)
    values, places = _best(op.reshape(inside, joined, True).output(0), k)
    first = op.multiply(op.unsqueeze(chosen, op.constant(np.int64(-1))), np.int32(SET))
    classes = op.reshape(op.add(first, np.arange(SET, dtype=np.int32)), joined, True)
    return values, op.gather_elements(classes, places, 2).output(0)


def find_computing_node(value: ov.Output) -> ov.Node:
    """Return the node that computes a value, behind nodes that only pass it on."""
    node = value.get_node()
    while node.get_type_name() == "Identity":
        node = node.input_value(0).get_node()
    return node


def _fill_up(logits: ov.Output, sets: int) -> bool:
    """Add classes that are never best until the last set is full; tell whether it was done.

    It cannot be where the last layer has another shape, or makes fewer than `sets` of them.
    """
    last = find_computing_node(logits)
    if last.get_type_name() != "Add":
        return False
    product, bias = (last.input_value(i).get_node() for i in (0, 1))
    if product.get_type_name() != "MatMul" or bias.get_type_name() != "Constant":
        return False
    weights = product.input_value(1).get_node()
    if weights.get_type_name() != "Constant" or product.get_attributes()["transpose_b"]:
        return False
    offsets, factors = (np.asarray(n.get_data(), np.float32) for n in (bias, weights))
    if offsets.shape != factors.shape[1:] or len(offsets) <= (sets - 1) * SET:
        return False
    more = -len(offsets) % SET
    factors = np.pad(factors, ((0, 0), (0, more)))
    offsets = np.pad(offsets, (0, more), constant_values=NEVER)
    product.input(1).replace_source_output(op.constant(factors).output(0))
    last.input(1).replace_source_output(op.constant(offsets).output(0))
    return True
