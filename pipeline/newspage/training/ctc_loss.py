"""Computes the CTC loss of strips and its gradient, by the forward-backward algorithm.

Graves et al., Connectionist Temporal Classification, ICML 2006. Probabilities are kept as natural
logarithms, so that long strips lose none; all strips of a batch are computed at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from newspage.training.neck_layers import Array

BLANK = 0
"""Class of the CTC blank."""
NEVER = -1e30
"""Logarithm of a probability of none: finite, so that sums and differences of it are numbers."""


def compute_ctc_loss(
    logits: Array, lengths: Sequence[int], labels: Sequence[Sequence[int]]
) -> tuple[NDArray[np.float64], Array]:
    """Return the loss of each strip and the gradient of their sum by the logits.

    Args:
        logits: Values of the classes before the softmax, shape (strips, steps, classes).
        lengths: Number of steps of each strip that count.
        labels: The classes of the characters of each strip, without blanks.

    Returns:
        Negative natural logarithms of the probabilities of the labels. A strip too short for its
        labels (a blank is needed between equal ones) has loss 0 and gradient 0, so that it teaches
        nothing; `needs_steps` tells.
    """
    sums = _log_sums(logits)
    paths = _lay_paths(logits, sums, labels)
    lasts = np.asarray(lengths)
    ahead = _run_forward(paths.emitted, paths.skips)
    behind = _run_backward(paths.emitted, paths.skips, paths.ends, lasts)
    total = _total(ahead, paths.ends, lasts)
    taught = _list_taught(labels, lasts)
    steps = np.arange(logits.shape[1])[None, :] < lasts[:, None]
    counted = steps & taught[:, None]
    posterior = np.exp(np.minimum(ahead + behind - total[:, None, None], 0))
    posterior *= counted[:, :, None]
    grad = np.exp(logits - sums)
    grad *= counted[:, :, None]
    places = np.broadcast_to(paths.classes[:, None, :], posterior.shape)
    at = np.nonzero(posterior > 0)
    np.subtract.at(grad, (at[0], at[1], places[at]), posterior[at].astype(grad.dtype))
    return np.where(taught, -total, 0.0), grad


def measure_ctc_loss(
    logits: Array, lengths: Sequence[int], labels: Sequence[Sequence[int]]
) -> NDArray[np.float64]:
    """Return the loss of each strip alone, by the same arguments as `compute_ctc_loss`."""
    paths = _lay_paths(logits, _log_sums(logits), labels)
    lasts = np.asarray(lengths)
    total = _total(_run_forward(paths.emitted, paths.skips), paths.ends, lasts)
    return np.where(_list_taught(labels, lasts), -total, 0.0)


def needs_steps(label: Sequence[int]) -> int:
    """Return the number of steps that a label takes at least."""
    return max(1, len(label) + sum(a == b for a, b in pairwise(label)))


@dataclass(frozen=True, slots=True, eq=False)
class _Paths:
    """The labels of strips with their blanks, filled up to one width."""

    classes: NDArray[np.intp]
    """Shape (strips, width)."""
    ends: NDArray[np.intp]
    """Number of places of each that are not filling."""
    emitted: NDArray[np.float64]
    """Log-probability of each place at each step, shape (strips, steps, width)."""
    skips: NDArray[np.bool_]
    """Whether a place may follow the one two before it, shape (strips, width)."""


def _lay_paths(logits: Array, sums: Array, labels: Sequence[Sequence[int]]) -> _Paths:
    """Return the labels as paths; `sums` are those of `_log_sums`."""
    paths = [_with_blanks(label) for label in labels]
    width = max(len(path) for path in paths)
    classes = np.array([path + [BLANK] * (width - len(path)) for path in paths], np.intp)
    ends = np.array([len(path) for path in paths])
    emitted = (np.take_along_axis(logits, classes[:, None, :], axis=2) - sums).astype(np.float64)
    emitted = np.where(np.arange(width) < ends[:, None, None], emitted, NEVER)
    skips = np.zeros(classes.shape, np.bool_)
    skips[:, 2:] = (classes[:, 2:] != BLANK) & (classes[:, 2:] != classes[:, :-2])
    return _Paths(classes, ends, emitted, skips)


def _total(
    ahead: NDArray[np.float64], ends: NDArray[np.intp], lasts: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the log-probability of each label: its path ends at its last place or blank."""
    rows = np.arange(len(ends))
    final = ahead[rows, lasts - 1]
    total = np.logaddexp(final[rows, ends - 1], final[rows, np.maximum(ends - 2, 0)])
    return np.where(ends > 1, total, final[rows, 0])


def _list_taught(labels: Sequence[Sequence[int]], lasts: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell which strips are long enough for their labels."""
    return np.array([needs_steps(label) for label in labels]) <= lasts


def _with_blanks(label: Sequence[int]) -> list[int]:
    """Return the classes of a label with a blank before, between and behind them."""
    path = [BLANK] * (2 * len(label) + 1)
    path[1::2] = label
    return path


def _log_sums(logits: Array) -> Array:
    """Return the logarithm of the sum of the exponentials of all classes at each step."""
    most = logits.max(axis=-1, keepdims=True)
    return np.asarray(most + np.log(np.exp(logits - most).sum(axis=-1, keepdims=True)))


def _run_forward(emitted: NDArray[np.float64], skips: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the log-probabilities of all beginnings that end at a step in a place of the path."""
    strips, steps, width = emitted.shape
    found = np.full(emitted.shape, NEVER)
    found[:, 0, :2] = emitted[:, 0, :2]
    for t in range(1, steps):
        before = found[:, t - 1]
        come = np.full((3, strips, width), NEVER)
        come[0] = before
        come[1, :, 1:] = before[:, :-1]
        come[2, :, 2:] = np.where(skips[:, 2:], before[:, :-2], NEVER)
        found[:, t] = np.maximum(_add_up(come) + emitted[:, t], NEVER)
    return found


def _run_backward(
    emitted: NDArray[np.float64],
    skips: NDArray[np.bool_],
    ends: NDArray[np.intp],
    lasts: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Return the log-probabilities of all that may follow a step in a place of the path."""
    strips, steps, width = emitted.shape
    found = np.full(emitted.shape, NEVER)
    places = np.arange(width)
    over = np.where((places < ends[:, None]) & (places >= ends[:, None] - 2), 0.0, NEVER)
    for t in range(steps - 1, -1, -1):
        go = np.full((3, strips, width), NEVER)
        if t + 1 < steps:
            after = found[:, t + 1] + emitted[:, t + 1]
            go[0] = after
            go[1, :, :-1] = after[:, 1:]
            go[2, :, :-2] = np.where(skips[:, 2:], after[:, 2:], NEVER)
        reached = np.maximum(_add_up(go), NEVER)
        found[:, t] = np.where(np.equal(t, lasts - 1)[:, None], over, reached)
        found[lasts <= t, t] = NEVER
    return found


def _add_up(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of the sum along the first axis."""
    most = logs.max(axis=0)
    return np.asarray(most + np.log(np.exp(logs - most).sum(axis=0)))
