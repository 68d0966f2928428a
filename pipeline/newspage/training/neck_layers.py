"""Computes the layers of a neck and their gradients with numpy.

Every function returns its output and a function that turns the gradient of a loss by that output
into those by its inputs. All arrays are of 32 bits unless the caller gives others; activations have
shape (strips, steps, channels).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Backward = Callable[[Array], tuple[Array, ...]]


def apply_linear(x: Array, weight: Array, bias: Array | None = None) -> tuple[Array, Backward]:
    """Multiply each step by a matrix of shape (channels in, channels out) and add a bias.

    The gradients are those by input, matrix and, with a bias, bias.
    """
    flat = x.reshape(-1, x.shape[-1])
    out = flat @ weight
    if bias is not None:
        out += bias

    def backward(grad: Array) -> tuple[Array, ...]:
        grad = grad.reshape(-1, grad.shape[-1])
        by_input = (grad @ weight.T).reshape(x.shape)
        by_weight = flat.T @ grad
        return (by_input, by_weight) if bias is None else (by_input, by_weight, grad.sum(axis=0))

    return out.reshape(*x.shape[:-1], weight.shape[1]), backward


def apply_scale(x: Array, scale: Array, offset: Array) -> tuple[Array, Backward]:
    """Multiply each channel by a number and add another; gradients by input, scale and offset."""

    def backward(grad: Array) -> tuple[Array, ...]:
        return grad * scale, (grad * x).sum(axis=(0, 1)), grad.sum(axis=(0, 1))

    return x * scale + offset, backward


def apply_swish(x: Array) -> tuple[Array, Backward]:
    """Multiply each value by its sigmoid."""
    gate = 0.5 * (1 + np.tanh(0.5 * x))
    out = x * gate

    def backward(grad: Array) -> tuple[Array, ...]:
        return (grad * (gate + out * (1 - gate)),)

    return out, backward


def convolve_steps(x: Array, weight: Array) -> tuple[Array, Backward]:
    """Convolve each channel with its own kernel along the steps, zeros beyond both ends.

    `weight` has shape (channels, taps) with an odd number of taps.
    """
    taps = weight.shape[1]
    reach = taps // 2
    steps = x.shape[1]
    padded = np.pad(x, ((0, 0), (reach, reach), (0, 0)))
    out = sum(padded[:, k : k + steps] * weight[:, k] for k in range(taps))

    def backward(grad: Array) -> tuple[Array, ...]:
        by_padded = np.zeros_like(padded)
        by_weight = np.empty_like(weight)
        for k in range(taps):
            by_padded[:, k : k + steps] += grad * weight[:, k]
            by_weight[:, k] = (grad * padded[:, k : k + steps]).sum(axis=(0, 1))
        return by_padded[:, reach : reach + steps], by_weight

    return np.asarray(out), backward


def normalise_steps(x: Array, scale: Array, offset: Array, least: float) -> tuple[Array, Backward]:
    """Normalise the channels of each step to mean 0 and variance 1, then scale and shift them.

    `least` is added to the variance. The gradients are those by input, scale and offset.
    """
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = 1 / np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + x.dtype.type(least))
    normal = centred * spread

    def backward(grad: Array) -> tuple[Array, ...]:
        inner = grad * scale
        mean = inner.mean(axis=-1, keepdims=True)
        along = (inner * normal).mean(axis=-1, keepdims=True)
        by_input = (inner - mean - normal * along) * spread
        return by_input, (grad * normal).sum(axis=(0, 1)), grad.sum(axis=(0, 1))

    return normal * scale + offset, backward


def attend_steps(joined: Array, heads: int, factor: float) -> tuple[Array, Backward]:
    """Let each step take from all steps of its strip what fits it (scaled dot-product attention).

    Vaswani et al., Attention Is All You Need, NIPS 2017.

    Args:
        joined: Queries, keys and values, of shape (strips, steps, 3 x channels).
        heads: Number of groups of channels that attend each for themselves.
        factor: Number that products of queries and keys are multiplied by.
    """
    strips, steps, wide = joined.shape
    size = wide // 3 // heads
    parts = joined.reshape(strips, steps, 3, heads, size).transpose(2, 0, 3, 1, 4)
    query, key, value = (np.ascontiguousarray(part) for part in parts)
    query = query * joined.dtype.type(factor)
    shares = query @ key.swapaxes(-1, -2)
    shares -= shares.max(axis=-1, keepdims=True)
    np.exp(shares, out=shares)
    shares /= shares.sum(axis=-1, keepdims=True)
    out = (shares @ value).transpose(0, 2, 1, 3).reshape(strips, steps, heads * size)

    def backward(grad: Array) -> tuple[Array, ...]:
        grad = grad.reshape(strips, steps, heads, size).transpose(0, 2, 1, 3)
        by_value = shares.swapaxes(-1, -2) @ grad
        by_shares = grad @ value.swapaxes(-1, -2)
        by_products = shares * (by_shares - (by_shares * shares).sum(axis=-1, keepdims=True))
        by_query = (by_products @ key) * joined.dtype.type(factor)
        by_key = by_products.swapaxes(-1, -2) @ query
        by_parts = np.stack([by_query, by_key, by_value])
        return (by_parts.transpose(1, 3, 0, 2, 4).reshape(joined.shape),)

    return out, backward
