"""Computes what the neck of a recogniser is given for a strip: all of the network before it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import openvino as ov
from numpy.typing import NDArray

from newspage.engine import PADDING, WIDTH_UNIT, read_network, scale_to_height
from newspage.errors import ConfigError
from newspage.model import GrayImage
from newspage.training.neck import NeckNames

STEP = 8
"""Pixels of a strip that become one step."""
WIDEST = 3200
"""Width in pixels of the widest strip that is trained on. Judgement: of a hundred characters and
more few lines are, and attention takes memory by the square."""


@dataclass(frozen=True, slots=True, eq=False)
class StripFeatures:
    """A strip as the neck is given it."""

    features: NDArray[np.float16]
    """Shape (steps, channels)."""
    steps: int
    """Number of its steps that count: the others look at padding."""


class FeatureComputer:
    """Computes the features of strips, at full precision whatever the processor has."""

    def __init__(self, weights: bytes, names: NeckNames, threads: int = 0) -> None:
        """Cut a network before its neck.

        Args:
            weights: The ONNX file of the network.
            names: The names of the weights of its neck.
            threads: Cores that are used; 0 takes all.

        Raises:
            ConfigError: The network has no such neck.
        """
        model = read_network(weights)
        wanted = f"{names.branches[1]}.w_0"
        heads = [
            node.input_value(0)
            for node in model.get_ordered_ops()
            if node.get_type_name() == "Convolution"
            and node.input_value(1).get_node().get_friendly_name() == wanted
        ]
        if len(heads) != 1:
            raise ConfigError("network-not-trainable")
        cut = ov.Model([heads[0]], model.get_parameters(), "features")
        settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads}
        self._network = ov.Core().compile_model(cut, "CPU", settings)

    def compute_features(self, strips: Iterable[GrayImage]) -> tuple[StripFeatures, ...]:
        """Return the features of strips, but for those that are too wide.

        Each strip is filled up as a recogniser's batches are.
        """
        scaled = (scale_to_height(strip) for strip in strips)
        return tuple(self._compute(strip) for strip in scaled if strip.shape[1] <= WIDEST)

    def _compute(self, scaled: GrayImage) -> StripFeatures:
        """Return the features of a strip that has the height of the network."""
        height, width = scaled.shape
        padded = -(-width // WIDTH_UNIT) * WIDTH_UNIT
        filled = np.full((1, 1, height, padded), PADDING, np.uint8)
        filled[0, 0, :, :width] = scaled
        (pooled,) = self._network(filled).values()
        features = np.ascontiguousarray(pooled[0, :, 0].T).astype(np.float16)
        return StripFeatures(features, min(padded // STEP, -(-width // STEP) + 1))
