"""PaddleOCR's networks under OpenVINO: the same weights, two to ten times faster on a processor."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13 as op

from pipeline.config import EngineConfig
from pipeline.engine import FoundLine, Reading
from pipeline.engine.boxes import BoxRules, TextMap, lines_of_map
from pipeline.engine.ctc import reading
from pipeline.engine.models import find_networks
from pipeline.engine.strips import HEIGHT, STEP, Batch, batches, to_height
from pipeline.engine.tiles import Cut, cuts
from pipeline.model import GrayImage, Lattice

TILE = 1280
OVERLAP = 128
BATCH_COLUMNS = 3200
TOP_K = 8
BEYOND = 1
"""Steps kept right of a strip's end: the last character may be told of there."""


class OpenVinoEngine:
    """Finds lines and reads them with OpenVINO on the processor."""

    def __init__(self, config: EngineConfig) -> None:
        networks = find_networks(config)
        core = ov.Core()
        settings = _settings(core, config)
        self._name = f"openvino {ov.__version__.split('-')[0]} {networks.name}"
        detector = core.read_model(networks.detector)
        recogniser = core.read_model(networks.recogniser)
        self._characters = _characters(recogniser, networks.recogniser)
        self._detector = core.compile_model(_gray_input(detector), "CPU", settings)
        self._recogniser = core.compile_model(
            _gray_input(_top_k(recogniser, TOP_K)), "CPU", settings
        )
        self._rules = BoxRules()

    @property
    def name(self) -> str:
        return self._name

    @property
    def characters(self) -> tuple[str, ...]:
        return self._characters

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        return lines_of_map(self._text_map(image), self._rules)

    def read_lines(self, strips: Sequence[GrayImage]) -> list[Reading]:
        scaled = [to_height(s) for s in strips]
        readings: dict[int, Reading] = {}

        def keep(request: Any, batch: Batch) -> None:
            log_probs, classes = (request.get_output_tensor(i).data for i in (0, 1))
            for row, (member, width) in enumerate(zip(batch.members, batch.widths, strict=True)):
                lattice = _lattice(classes[row], log_probs[row], width)
                readings[member] = reading(lattice, self._characters, HEIGHT / width)

        queue = ov.AsyncInferQueue(self._recogniser)
        queue.set_callback(keep)
        for batch in batches(scaled, BATCH_COLUMNS):
            queue.start_async({0: batch.pixels}, batch)
        queue.wait_all()
        return [readings[i] for i in range(len(strips))]

    def _text_map(self, image: GrayImage) -> TextMap:
        height, width = image.shape
        text_map = np.zeros((height, width), np.uint8)

        def keep(request: Any, place: tuple[Cut, Cut]) -> None:
            _blend(text_map, request.get_output_tensor(0).data[0, 0], *place)

        queue = ov.AsyncInferQueue(self._detector)
        queue.set_callback(keep)
        for row in cuts(height, TILE, OVERLAP):
            for column in cuts(width, TILE, OVERLAP):
                queue.start_async({0: _tile(image, row, column)}, (row, column))
        queue.wait_all()
        return text_map


def _settings(core: ov.Core, config: EngineConfig) -> dict[str, Any]:
    able = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return {
        "INFERENCE_PRECISION_HINT": "bf16" if "BF16" in able else "f32",
        "NUM_STREAMS": 2,
    }


def _characters(model: ov.Model, path: Path) -> tuple[str, ...]:
    """Character of each class: the blank, those of the network's metadata, the space."""
    listed = model.get_rt_info()["framework"]["character"].astype(str).splitlines()
    return ("", *listed, " ")


def _gray_input(model: ov.Model) -> ov.Model:
    """The network with a gray input of 0 to 255, shape (n, 1, height, width)."""
    old = model.get_parameters()[0]
    shape = old.get_partial_shape()
    shape[1] = 1
    new = op.parameter(shape, np.uint8, name="gray")
    scaled = op.subtract(op.divide(op.convert(new, "f32"), np.float32(127.5)), np.float32(1))
    colour = op.concat([scaled] * 3, axis=1)
    for target in old.output(0).get_target_inputs():
        target.replace_source_output(colour.output(0))
    return ov.Model([r.input_value(0) for r in model.get_results()], [new], "gray")


def _top_k(model: ov.Model, k: int) -> ov.Model:
    """The recogniser with the best k classes of each step and their log-probabilities instead."""
    softmax = model.get_results()[0].input_value(0).get_node()
    logits = softmax.input_value(0)
    best = op.topk(
        op.log_softmax(logits, -1),
        op.constant(np.int64(k)),
        -1,
        "max",
        "value",
        index_element_type="i32",
    )
    return ov.Model([best.output(0), best.output(1)], model.get_parameters(), "top-k")


def _tile(image: GrayImage, row: Cut, column: Cut) -> NDArray[np.uint8]:
    """A tile of the image, white where it reaches beyond."""
    part = image[row.start : row.start + row.size, column.start : column.start + column.size]
    tile = np.full((1, 1, row.size, column.size), 255, np.uint8)
    tile[0, 0, : part.shape[0], : part.shape[1]] = part
    return tile


def _blend(text_map: TextMap, tile: NDArray[np.float32], row: Cut, column: Cut) -> None:
    window = text_map[row.start : row.start + row.size, column.start : column.start + column.size]
    height, width = window.shape
    share = tile[:height, :width] * row.weights[:height, None] * column.weights[None, :width]
    window += np.rint(share * 255).astype(np.uint8)


def _lattice(classes: NDArray[np.int32], log_probs: NDArray[np.float32], width: int) -> Lattice:
    steps = min(len(classes), -(-width // STEP) + BEYOND)
    positions = np.minimum((np.arange(steps, dtype=np.float32) + 0.5) * STEP / width, 1)
    return Lattice(classes[:steps].copy(), log_probs[:steps].astype(np.float16), positions)
