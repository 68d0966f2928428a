"""Computes what the neck of a recogniser is given for a strip: all of the network before it."""

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

    def compute_features(self, strip: GrayImage) -> NDArray[np.float16] | None:
        """Return the features of a strip, shape (steps, channels); None for one that is too wide.

        The strip is filled up as a recogniser's batches are.
        """
        scaled = scale_to_height(strip)
        if scaled.shape[1] > WIDEST:
            return None
        width = -(-scaled.shape[1] // WIDTH_UNIT) * WIDTH_UNIT
        filled = np.full((1, 1, scaled.shape[0], width), PADDING, np.uint8)
        filled[0, 0, :, : scaled.shape[1]] = scaled
        (pooled,) = self._network(filled).values()
        return np.ascontiguousarray(pooled[0, :, 0].T).astype(np.float16)


def count_steps(strip: GrayImage) -> int:
    """Return the number of steps of a strip that count, those of its padding left out."""
    width = int(scale_to_height(strip).shape[1])
    padded = -(-width // WIDTH_UNIT) * WIDTH_UNIT
    return min(padded // STEP, -(-width // STEP) + 1)
