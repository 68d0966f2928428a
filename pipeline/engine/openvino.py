"""PaddleOCR's networks under OpenVINO: the same weights, several times faster on a processor."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13 as op

from pipeline.config import EngineConfig
from pipeline.engine.classes import best_classes, computed_by
from pipeline.engine.glance import ROWS
from pipeline.engine.int8 import known_ranges, quantise
from pipeline.engine.models import (
    HEIGHT,
    Norm,
    characters_of,
    find_networks,
    norm_of,
    weights_of,
    with_blank_and_space,
)
from pipeline.engine.networks import TOP_K, NetworkEngine, Steps
from pipeline.engine.tiles import TileMap
from pipeline.errors import MissingDependencyError
from pipeline.model import GrayImage

STREAMS = 2
"""Inputs computed at the same time, so that no core waits while results are fetched."""
ALONE = {"NUM_STREAMS": 1}
"""One input after the other, all cores on it: as fast for a tile, and 0.4 GB less for a page."""


class OpenVinoEngine(NetworkEngine):
    """Finds and reads lines with OpenVINO on the processor."""

    def __init__(self, config: EngineConfig, threads: int = 0) -> None:
        """Loads the networks; `threads` 0 takes all cores. Raises MissingDependencyError."""
        networks = find_networks(config)
        core = ov.Core()
        settings = _settings(core, config, threads)
        detector = core.read_model(weights_of(networks.detector))
        recogniser = core.read_model(weights_of(networks.recogniser))
        characters = characters_of(networks.recogniser) or _characters_in(recogniser)
        precision = settings["INFERENCE_PRECISION_HINT"]
        in_int8 = _in_int8(core, config, precision)
        precision += "+int8" if in_int8 else ""
        self._small = None
        if config.precision in ("auto", "int8"):
            self._small = _for_small_strips(
                core, weights_of(networks.recogniser), in_int8, settings
            )
        detector, self._last_step = _before_sigmoid(detector)
        self._detector = core.compile_model(
            _gray_input(detector, norm_of(networks.detector)), "CPU", settings | ALONE
        )
        # Beside the one for small strips it has little to do.
        seldom = ALONE if self._small else {}
        self._recogniser = core.compile_model(
            _gray_input(best_classes(recogniser, TOP_K), Norm()), "CPU", settings | seldom
        )
        self._weights = weights_of(networks.recogniser)
        self._exact = settings | ALONE
        version = ov.__version__.split("-")[0]
        super().__init__(f"openvino {version} {precision} {networks.name}", characters, config)
        self.glances = self._small is not None

    def _detect(self, tiles: Iterable[GrayImage]) -> Iterator[TileMap]:
        for (logits,) in _overlapped(self._detector, (t[None, None] for t in tiles)):
            yield self._last_step(logits[0, 0])

    def _recognise(self, strips: Iterable[NDArray[np.uint8]]) -> Iterator[Steps]:
        return _read(self._recogniser, strips)

    def _glance(self, strips: Iterable[NDArray[np.uint8]]) -> Iterator[Steps]:
        assert self._small is not None
        return _read(self._small, strips)

    def _chances(self, strips: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.floating]]:
        for (chances,) in _overlapped(self._whole, (s[:, None] for s in strips)):
            yield chances

    @cached_property
    def _whole(self) -> ov.CompiledModel:
        """The recogniser with all classes as its output; few strips are ever read by it."""
        return ov.Core().compile_model(read_network(self._weights), "CPU", self._exact)


def _before_sigmoid(model: ov.Model) -> tuple[ov.Model, Callable[[TileMap], TileMap]]:
    """A detector without its last step, and that step in numpy, which is ten times as fast."""
    last = computed_by(model.get_results()[0].input_value(0))
    if last.get_type_name() != "Sigmoid":
        return model, lambda chances: chances
    return ov.Model([last.input_value(0)], model.get_parameters(), "logits"), _sigmoid


def _sigmoid(logits: TileMap) -> TileMap:
    with np.errstate(over="ignore"):  # one over infinity is none
        chances: TileMap = np.exp(-logits)
    chances += 1
    return np.reciprocal(chances, out=chances)


def _for_small_strips(
    core: ov.Core, weights: Path, in_int8: bool, settings: Mapping[str, Any]
) -> ov.CompiledModel | None:
    """The recogniser for strips that are glanced at; None for networks that were not measured."""
    ranges = known_ranges(weights)
    if ranges is None:
        return None
    network = core.read_model(weights)
    _set_height(network, ROWS)
    model = best_classes(network, TOP_K)
    if in_int8:
        quantise(model, ranges)
    return core.compile_model(_gray_input(model, Norm()), "CPU", dict(settings))


def _read(network: ov.CompiledModel, strips: Iterable[NDArray[np.uint8]]) -> Iterator[Steps]:
    for log_probs, classes in _overlapped(network, (s[:, None] for s in strips)):
        yield classes, log_probs


def read_network(weights: Path, height: int = HEIGHT) -> ov.Model:
    """A recogniser as it lies in its file, but for its input: gray, as bytes, of that height."""
    network = ov.Core().read_model(weights)
    _set_height(network, height)
    return _gray_input(network, Norm())


def _set_height(network: ov.Model, height: int) -> None:
    shape = network.get_parameters()[0].get_partial_shape()
    shape[2] = height
    network.reshape(shape)


def _in_int8(core: ov.Core, config: EngineConfig, precision: str) -> bool:
    """Whether 8 bits are asked for, or are the fastest there is here."""
    if config.precision != "auto":
        return config.precision == "int8"
    return precision == "f32" and "INT8" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _settings(core: ov.Core, config: EngineConfig, threads: int) -> dict[str, Any]:
    able = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    fast = {"auto": "bf16" if "BF16" in able else "f32", "int8": "f32"}
    return {
        "INFERENCE_PRECISION_HINT": fast.get(config.precision, config.precision),
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1 if threads == 1 else STREAMS,
        # Every process would pin its threads to the same cores, the first ones.
        "ENABLE_CPU_PINNING": False,
    }


def _overlapped(
    network: ov.CompiledModel, inputs: Iterable[NDArray[np.uint8]]
) -> Iterator[tuple[NDArray[Any], ...]]:
    """The outputs for each input, in order; while one is fetched the next are computed.

    Requests are waited for one by one: with a callback of Python on OpenVINO's threads, an
    interpreter that ends meanwhile aborts.
    """
    idle = [network.create_infer_request() for _ in range(STREAMS + 1)]
    busy: deque[ov.InferRequest] = deque()
    for array in inputs:
        if not idle:
            idle.append(request := busy.popleft())
            yield _outputs(request)
        request = idle.pop()
        request.start_async({0: ov.Tensor(np.ascontiguousarray(array))})
        busy.append(request)
    for request in busy:
        yield _outputs(request)


def _outputs(request: ov.InferRequest) -> tuple[NDArray[Any], ...]:
    request.wait()
    return tuple(np.array(tensor.data) for tensor in request.output_tensors)


def _characters_in(model: ov.Model) -> tuple[str, ...]:
    """The characters of a recogniser that are written in the metadata of its weights."""
    metadata = model.get_rt_info()
    if "framework" not in metadata or "character" not in metadata["framework"]:
        raise MissingDependencyError(
            "The recognition network does not say which characters it knows.",
            "Use --model-dir with a folder that has an inference.yml beside the weights.",
        )
    return with_blank_and_space(metadata["framework"]["character"].astype(str).splitlines())


def _gray_input(model: ov.Model, norm: Norm) -> ov.Model:
    """The network with a gray input of 0 to 255, of shape (n, 1, height, width), as bytes."""
    old = model.get_parameters()[0]
    shape = old.get_partial_shape()
    shape[1] = 1
    gray = op.parameter(shape, np.uint8, name="gray")
    share = op.multiply(op.convert(gray, "f32"), np.float32(1 / 255))
    mean = np.array(norm.mean, np.float32).reshape(1, 3, 1, 1)
    deviation = np.array(norm.deviation, np.float32).reshape(1, 3, 1, 1)
    colours = op.divide(op.subtract(op.concat([share] * 3, axis=1), mean), deviation)
    for target in old.output(0).get_target_inputs():
        target.replace_source_output(colours.output(0))
    return ov.Model([result.input_value(0) for result in model.get_results()], [gray], "gray")
