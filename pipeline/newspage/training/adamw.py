"""Changes weights along their gradients: AdamW (Loshchilov and Hutter, ICLR 2019)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from newspage.training.neck_layers import Array


@dataclass(slots=True)
class AdamW:
    """An optimiser with its memory of earlier gradients."""

    decay: float = 0.01
    """Share of the way to their origin that weights go back in each step, times the rate."""
    first: float = 0.9
    second: float = 0.999
    """Shares of the mean gradient, and of its mean square, that each step keeps."""
    least: float = 1e-8
    steps: int = 0
    means: dict[str, Array] = field(default_factory=dict)
    squares: dict[str, Array] = field(default_factory=dict)

    def change_weights(
        self,
        weights: Mapping[str, Array],
        origin: Mapping[str, Array],
        grads: Mapping[str, Array],
        rate: float,
    ) -> None:
        """Change weights in place by one step.

        Args:
            weights: The weights by name.
            origin: What they decay to: those of the network that they were trained from.
            grads: Gradients of the loss; weights without one stay as they are.
            rate: How far a step goes.
        """
        self.steps += 1
        first_share = 1 - self.first**self.steps
        second_share = 1 - self.second**self.steps
        for name, grad in grads.items():
            weight = weights[name]
            mean = self.means.setdefault(name, np.zeros_like(weight))
            square = self.squares.setdefault(name, np.zeros_like(weight))
            mean += (1 - self.first) * (grad - mean)
            square += (1 - self.second) * (np.square(grad) - square)
            move = (mean / first_share) / (np.sqrt(square / second_share) + self.least)
            weight -= rate * (move + self.decay * (weight - origin[name]))


def limit_norm(grads: Mapping[str, Array], most: float) -> float:
    """Scale gradients down in place until their common norm is at most so much; return the norm."""
    norm = float(np.sqrt(sum(float(np.vdot(grad, grad)) for grad in grads.values())))
    if norm > most:
        for grad in grads.values():
            grad *= most / norm
    return norm
