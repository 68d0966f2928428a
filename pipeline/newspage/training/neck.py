"""Computes the neck of a recogniser and its gradients: all between its features and its classes.

The networks of PP-OCR (v3 and later) end alike: of the features of a strip, pooled to one step of 8
pixels, the neck (SVTR: Du et al., IJCAI 2022) makes what the last layer tells classes from. It is a
twentieth of the network, so that training it takes no more than numpy.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newspage.training.neck_layers import (
    Array,
    Backward,
    apply_linear,
    apply_scale,
    apply_swish,
    attend_steps,
    convolve_steps,
    normalise_steps,
)

HEADS = 8
"""Number of heads of its attention."""
BLOCKS = 2
"""Number of blocks of attention and perceptron."""
BATCH_LEAST, NORM_LEAST, LAST_LEAST = 1e-5, 1e-5, 1e-6
"""What the network adds to variances: of channels, of steps in its blocks, of steps at its end."""

Weights = Mapping[str, Array]
"""Arrays by their names in the network's file."""


@dataclass(frozen=True, slots=True)
class NeckNames:
    """The names that a network's file has for the weights of its neck."""

    branches: tuple[str, ...] = ("conv2d_67", "conv2d_65", "conv2d_66")
    """Convolutions: past the blocks, into them, and along the steps before them."""
    norms: tuple[str, ...] = ("batch_norm2d_57", "batch_norm2d_55", "batch_norm2d_56")
    """What follows each of them."""
    linears: tuple[str, ...] = tuple(f"linear_{i}" for i in range(4 * BLOCKS))
    """Of each block the joined queries, keys and values, the projection, and the perceptron."""
    scales: tuple[str, ...] = tuple(f"helper.reshape.{2 * i}" for i in range(2 * BLOCKS + 1))
    offsets: tuple[str, ...] = tuple(f"helper.reshape.{2 * i + 1}" for i in range(2 * BLOCKS + 1))
    """Of each normalisation of steps, the one at the end last."""
    head: str = "linear_8"
    """The layer that tells classes apart; of it the bias alone is trained."""

    def list_trained(self) -> tuple[str, ...]:
        """Return the names of all weights that are trained, the bias of the classes last."""
        return (
            *(f"{name}.w_0" for name in self.branches),
            *(f"{name}.{part}_0" for name in self.norms for part in "wb"),
            *(f"{name}.{part}_0" for name in self.linears for part in "wb"),
            *self.scales,
            *self.offsets,
            self.bias,
        )

    def list_fixed(self) -> tuple[str, ...]:
        """Return the names of the weights that are needed besides, and stay as they are."""
        statistics = (f"{name}.w_{number}" for name in self.norms for number in (1, 2))
        return (*statistics, self.classes)

    def list_new(self) -> tuple[str, str]:
        """Return the names of matrix and bias of classes that the network has not."""
        return f"{self.classes} of new classes", f"{self.bias} of new classes"

    @property
    def bias(self) -> str:
        """Return the name of the bias of the classes."""
        return f"{self.head}.b_0"

    @property
    def classes(self) -> str:
        """Return the name of the matrix that tells classes apart."""
        return f"{self.head}.w_0"


class Neck:
    """The neck of a recogniser, with weights that are trained."""

    def __init__(self, weights: Weights, names: NeckNames) -> None:
        """Take the weights of a network by their names; those that are trained are copied.

        They may hold those of new classes, by the names of `NeckNames.list_new`: such classes come
        behind the network's own, and are trained whole.
        """
        self.names = names
        trained = (*names.list_trained(), *(n for n in names.list_new() if n in weights))
        self.weights = {name: np.array(weights[name]) for name in trained}
        self._fixed = {name: np.asarray(weights[name]) for name in names.list_fixed()}
        self._chosen: tuple[NDArray[np.intp], Array] | None = None

    @property
    def class_count(self) -> int:
        """Return the number of classes, the blank among them."""
        return len(self._bias())

    def compute_steps(self, features: Array) -> tuple[Array, Callable[[Array], dict[str, Array]]]:
        """Compute what classes are told from, of shape (strips, steps, channels).

        Args:
            features: What the neck is given, of shape (strips, steps, channels).

        Returns:
            The steps, and a function that turns a gradient by them into those by all weights but
            the bias of the classes.
        """
        grads: dict[str, Array] = {}
        past, past_back = self._branch(features, 0, grads)
        into, into_back = self._branch(features, 1, grads)
        along, along_back = self._branch(into, 2, grads)
        steps = into + along
        backs = []
        for block in range(BLOCKS):
            for part, half in enumerate((self._attention, self._perceptron)):
                added, back = half(steps, block, 2 * block + part, grads)
                steps = steps + added
                backs.append(back)
        out, last_back = self._normalised(steps, 2 * BLOCKS, LAST_LEAST, grads)

        def backward(grad: Array) -> dict[str, Array]:
            past_back(grad)
            grad = last_back(grad)
            for back in reversed(backs):
                grad = grad + back(grad)
            into_back(grad + along_back(grad))
            return grads

        return out + past, backward

    def tell_classes(self, steps: Array, classes: NDArray[np.intp] | None = None) -> Array:
        """Return the values (logits) of some classes at each step; of all without `classes`."""
        flat = steps.reshape(-1, steps.shape[-1])
        own, new = self._factors(classes)
        values = flat @ own if new is None else np.concatenate([flat @ own, flat @ new], axis=1)
        bias = self._bias()
        values += bias if classes is None else bias[classes]
        return values.reshape(*steps.shape[:-1], values.shape[-1])

    def trace_classes(
        self, grad: Array, steps: Array, classes: NDArray[np.intp]
    ) -> tuple[Array, dict[str, Array]]:
        """Return the gradients by the steps and by the weights of the classes.

        Args:
            grad: By the values that `tell_classes` returns for `steps` and `classes`.
            steps: What the classes were told from.
            classes: The classes, rising.

        Returns:
            The gradient by the steps, and those by the bias and by the weights of new classes.
        """
        total = grad.sum(axis=(0, 1))
        by_bias = np.zeros(self.class_count, total.dtype)
        by_bias[classes] = total
        known = len(self.weights[self.names.bias])
        grads = {self.names.bias: by_bias[:known]}
        own, new = self._factors(classes)
        count = own.shape[1]
        by_steps = grad[..., :count] @ own.T
        if new is not None:
            by_steps = by_steps + grad[..., count:] @ new.T
            matrix, offsets = self.names.list_new()
            flat = steps.reshape(-1, steps.shape[-1])
            columns = flat.T @ grad[..., count:].reshape(len(flat), -1)
            grads[matrix] = np.zeros_like(self.weights[matrix])
            grads[matrix][:, classes[count:] - known] = columns
            grads[offsets] = by_bias[known:]
        return by_steps, grads

    def _bias(self) -> Array:
        """Return the bias of all classes, the new ones last."""
        names = (self.names.bias, self.names.list_new()[1])
        parts = [self.weights[name] for name in names if name in self.weights]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _factors(self, classes: NDArray[np.intp] | None) -> tuple[Array, Array | None]:
        """Return the columns of some classes: the network's own, and new ones if there are any.

        Those chosen last are not copied again.
        """
        fixed, new = self._fixed[self.names.classes], self.weights.get(self.names.list_new()[0])
        if classes is None:
            return fixed, new
        known = fixed.shape[1]
        if self._chosen is None or self._chosen[0] is not classes:
            self._chosen = classes, fixed[:, classes[classes < known]]
        return self._chosen[1], None if new is None else new[:, classes[classes >= known] - known]

    def _branch(
        self, x: Array, which: int, grads: dict[str, Array]
    ) -> tuple[Array, Callable[[Array], Array]]:
        """Compute a convolution with what follows it."""
        conv, norm = f"{self.names.branches[which]}.w_0", self.names.norms[which]
        weight = self.weights[conv]
        if weight.shape[1] == 1:
            made, conv_back = convolve_steps(x, weight[:, 0, 0])
        else:
            made, conv_back = apply_linear(x, np.ascontiguousarray(weight[:, :, 0, 0].T))
        mean, variance = (self._fixed[f"{norm}.w_{number}"] for number in (1, 2))
        spread = 1 / np.sqrt(variance + variance.dtype.type(BATCH_LEAST))
        gain, shift = self.weights[f"{norm}.w_0"], self.weights[f"{norm}.b_0"]
        scaled, scale_back = apply_scale((made - mean) * spread, gain, shift)
        out, swish_back = apply_swish(scaled)

        def backward(grad: Array) -> Array:
            grad, grads[f"{norm}.w_0"], grads[f"{norm}.b_0"] = scale_back(*swish_back(grad))
            grad, by_weight = conv_back(grad * spread)
            grads[conv] = (by_weight.T if by_weight.shape[0] != len(weight) else by_weight).reshape(
                weight.shape
            )
            return grad

        return out, backward

    def _attention(
        self, x: Array, block: int, norm: int, grads: dict[str, Array]
    ) -> tuple[Array, Callable[[Array], Array]]:
        """Compute the attention of a block."""
        normal, norm_back = self._normalised(x, norm, NORM_LEAST, grads)
        joined, joined_back = self._linear(normal, 4 * block, grads)
        size = joined.shape[-1] // 3 // HEADS
        mixed, mixed_back = attend_steps(joined, HEADS, size**-0.5)
        out, out_back = self._linear(mixed, 4 * block + 1, grads)

        def backward(grad: Array) -> Array:
            return norm_back(joined_back(*mixed_back(out_back(grad))))

        return out, backward

    def _perceptron(
        self, x: Array, block: int, norm: int, grads: dict[str, Array]
    ) -> tuple[Array, Callable[[Array], Array]]:
        """Compute the perceptron of a block."""
        normal, norm_back = self._normalised(x, norm, NORM_LEAST, grads)
        wide, wide_back = self._linear(normal, 4 * block + 2, grads)
        bent, bent_back = apply_swish(wide)
        out, out_back = self._linear(bent, 4 * block + 3, grads)

        def backward(grad: Array) -> Array:
            return norm_back(wide_back(*bent_back(out_back(grad))))

        return out, backward

    def _linear(
        self, x: Array, which: int, grads: dict[str, Array]
    ) -> tuple[Array, Callable[[Array], Array]]:
        """Compute a linear layer."""
        name = self.names.linears[which]
        keys = f"{name}.w_0", f"{name}.b_0"
        out, back = apply_linear(x, *(self.weights[key] for key in keys))
        return out, _keeping(back, keys, grads)

    def _normalised(
        self, x: Array, which: int, least: float, grads: dict[str, Array]
    ) -> tuple[Array, Callable[[Array], Array]]:
        """Compute a normalisation of steps."""
        keys = self.names.scales[which], self.names.offsets[which]
        scale, offset = (self.weights[key] for key in keys)
        out, back = normalise_steps(x, scale, offset, least)
        return out, _keeping(back, keys, grads)


def _keeping(
    back: Backward, keys: tuple[str, str], grads: dict[str, Array]
) -> Callable[[Array], Array]:
    """Return a function that keeps the gradients by weights and returns the one by the input."""

    def backward(grad: Array) -> Array:
        grad, grads[keys[0]], grads[keys[1]] = back(grad)
        return grad

    return backward
