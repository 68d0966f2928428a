"""Fits the estimators of `newspage.recognise.reading_doubt` by maximum likelihood."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

UNITS = 10
"""Hidden units. With none of them (a logistic regression) the rows that differ on a clean
broadsheet lay among the most doubtful 36 % of it, with ten among the most doubtful 2 %."""
DECAY = 2e-5
"""Weight of the squares of all weights beside the mean log-loss."""
STEPS = 500
"""Iterations at most."""

Floats = NDArray[np.float64]


def fit_estimator(
    features: Floats, differing: NDArray[np.bool_], weights: Floats, seed: int = 0
) -> dict[str, Any]:
    """Fit a perceptron with one hidden layer.

    Args:
        features: Shape (rows, features).
        differing: What it is to give the probability of, shape (rows,).
        weights: How much each row counts, shape (rows,).
        seed: Of the weights that it starts with.

    Returns:
        The weights as `load_estimators` reads them.
    """
    mean, scale = features.mean(axis=0), features.std(axis=0)
    fixed = scale < 1e-9
    mean[fixed], scale[fixed] = 0.0, 1.0
    inputs = (features - mean) / scale
    count, width = inputs.shape
    truth = differing.astype(np.float64)
    size = width * UNITS

    def lose(theta: Floats) -> tuple[float, Floats]:
        """The loss and its gradient."""
        hidden, output = theta[:size].reshape(width, UNITS), theta[size:-1]
        units = np.tanh(inputs @ hidden)
        logits = units @ output + theta[-1]
        loss = float(((np.logaddexp(0, logits) - truth * logits) * weights).mean())
        slope = (1 / (1 + np.exp(-np.clip(logits, -30, 30))) - truth) * weights / count
        inner = inputs.T @ ((slope[:, None] * output) * (1 - units**2))
        gradient = np.concatenate([inner.ravel(), units.T @ slope, [slope.sum()]])
        return loss + DECAY * float(theta @ theta), gradient + 2 * DECAY * theta

    start = np.random.default_rng(seed).normal(0, 0.3, size)
    start = np.concatenate([start, np.zeros(UNITS + 1)])
    best = minimize(lose, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return {
        "mean": mean.round(5).tolist(),
        "scale": scale.round(5).tolist(),
        "hidden": best[:size].reshape(width, UNITS).round(4).tolist(),
        "output": best[size:-1].round(4).tolist(),
        "offset": round(float(best[-1]), 4),
    }
