"""Runs PaddleOCR's networks under OpenVINO: the same weights, several times faster on a CPU."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13 as op

from newspage.config import EngineConfig
from newspage.engine.adapters import Adapter
from newspage.engine.classes import find_computing_node, reduce_to_best_classes
from newspage.engine.ctc_decoding import BLANK
from newspage.engine.int8 import load_ranges, quantise_layers
from newspage.engine.models import (
    InputNormalisation,
    Network,
    add_blank_and_space,
    find_networks,
    find_weights,
    list_description_characters,
    load_weights,
    read_normalisation,
)
from newspage.engine.networks import TOP_K, NetworkEngine, Steps
from newspage.engine.tiles import TileMap
from newspage.errors import MissingDependencyError
from newspage.model import GrayImage

STREAMS = 2
"""Number of inputs computed at the same time, so that no core waits while results are fetched."""
ALONE = {"NUM_STREAMS": 1}
"""One input after the other, all cores on it: as fast for a tile, and 0.4 GB less for a page."""
SURE = 0.9
"""Probability below which a character makes its strip be read once more, at full precision.
Judgement: what 8 bits change is read with less."""
WORN = 0.3
"""Share of strips that would be read twice from which all are read at full precision at once:
rounding costs most where print is worn. Judgement: beyond it the two readings take longer."""
SAMPLE = 8
"""One batch in so many is looked at to measure that share."""


class OpenVinoEngine(NetworkEngine):
    """An engine that finds and reads lines with OpenVINO on the processor."""

    def __init__(self, config: EngineConfig, threads: int = 0) -> None:
        """Load the networks; `threads` 0 takes all cores. Raises MissingDependencyError."""
        networks = find_networks(config)
        core = ov.Core()
        settings = _settings(core, config, threads)
        detector = core.read_model(find_weights(networks.detector))
        precision = settings["INFERENCE_PRECISION_HINT"]
        self._in_int8 = _in_int8(core, config, precision)
        self._settings = settings
        self._network = networks.recogniser
        recogniser = core.read_model(load_weights(self._network))
        characters = list_description_characters(networks.recogniser) or _characters_in(recogniser)
        self._compile_recogniser(recogniser)
        precision += "+int8" if self._quick else ""
        detector, self._last_step = _before_sigmoid(detector)
        self._detector = core.compile_model(
            _gray_input(detector, read_normalisation(networks.detector)), "CPU", settings | ALONE
        )
        version = ov.__version__.split("-")[0]
        super().__init__(f"openvino {version} {precision} {networks.name}", characters, config)

    def _compile_recogniser(self, recogniser: ov.Model) -> None:
        """Compile the recogniser as it was read, in 8 bits too if that is faster."""
        core = ov.Core()
        best = _gray_input(reduce_to_best_classes(recogniser, TOP_K), InputNormalisation())
        ranges = load_ranges(self._network) if self._in_int8 else None
        self._quick: ov.CompiledModel | None = None
        if ranges is not None:
            rounded = best.clone()
            quantise_layers(rounded, ranges)
            self._quick = core.compile_model(rounded, "CPU", self._settings)
        # Beside the one in 8 bits it has little to do.
        seldom = ALONE if self._quick else {}
        self._recogniser = core.compile_model(best, "CPU", self._settings | seldom)
        self._whole: ov.CompiledModel | None = None

    def _adapt(self, adapter: Adapter) -> None:
        """Put a recogniser with an adapter in the place of the one there is. Raises ConfigError."""
        self._take_recogniser(replace(self._network, adapter=adapter))

    def _take_recogniser(self, network: Network) -> None:
        """Put another recogniser in the place of the one there is."""
        weights = load_weights(network)
        self._network = network
        self._compile_recogniser(ov.Core().read_model(weights))

    def _detect(self, tiles: Iterable[GrayImage]) -> Iterator[TileMap]:
        """Yield the map of each tile."""
        for (logits,) in _overlapped(self._detector, (t[None, None] for t in tiles)):
            yield self._last_step(logits[0, 0])

    def _recognise(self, strips: Iterable[NDArray[np.uint8]]) -> Iterator[Steps]:
        """Yield each batch at full precision, or in 8 bits where it is read surely that way."""
        if self._quick is None:
            yield from _read(self._recogniser, strips)
            return
        batches = list(strips)
        first = list(_read(self._quick, batches[::SAMPLE]))
        if _is_worn(first):
            yield from _read(self._recogniser, batches)
            return
        rest = _read(self._quick, (b for i, b in enumerate(batches) if i % SAMPLE))
        sampled = iter(first)
        quick = [next(rest if i % SAMPLE else sampled) for i in range(len(batches))]
        unsure = [_unsure(*steps) for steps in quick]
        again = iter(_read(self._recogniser, _chosen(batches, unsure)))
        for (classes, log_probs), rows in zip(quick, unsure, strict=True):
            if rows.any():
                classes[rows], log_probs[rows] = next(again)
            yield classes, log_probs

    def _chances(self, strips: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.floating]]:
        """Yield the probabilities of all classes of each batch."""
        # Few strips are ever read with all classes as the output.
        if self._whole is None:
            whole = read_network(load_weights(self._network))
            self._whole = ov.Core().compile_model(whole, "CPU", self._settings | ALONE)
        for (chances,) in _overlapped(self._whole, (s[:, None] for s in strips)):
            yield chances


def _before_sigmoid(model: ov.Model) -> tuple[ov.Model, Callable[[TileMap], TileMap]]:
    """Return a detector without its last step, and that step in numpy, ten times as fast."""
    last = find_computing_node(model.get_results()[0].input_value(0))
    if last.get_type_name() != "Sigmoid":
        return model, lambda chances: chances
    return ov.Model([last.input_value(0)], model.get_parameters(), "logits"), _sigmoid


def _sigmoid(logits: TileMap) -> TileMap:
    """Return the sigmoid of logits, computed in their own precision."""
    with np.errstate(over="ignore"):  # one over infinity is none
        chances: TileMap = np.exp(-logits)
    chances += 1
    return np.reciprocal(chances, out=chances)


def _read(network: ov.CompiledModel, strips: Iterable[NDArray[np.uint8]]) -> Iterator[Steps]:
    """Yield the steps of each batch of strips."""
    for log_probs, classes in _overlapped(network, (s[:, None] for s in strips)):
        yield classes, log_probs


def _is_worn(sample: Sequence[Steps]) -> bool:
    """Tell whether so much of a sample read in 8 bits is unsure that nothing is gained by them."""
    unsure = [row for steps in sample for row in _unsure(*steps)]
    return bool(unsure) and float(np.mean(unsure)) > WORN


def _unsure(classes: NDArray[np.int32], log_probs: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Tell for each strip of a batch whether a character is doubtful, its best step below SURE."""
    return np.array(
        [_least_sure(c, p) < SURE for c, p in zip(classes[..., 0], log_probs[..., 0], strict=True)]
    )


def _least_sure(best: NDArray[np.int32], log_probs: NDArray[np.floating]) -> float:
    """Return the probability of the most doubtful character of a strip, each at its surest step."""
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    peaks = np.maximum.reduceat(log_probs, starts)[best[starts] != BLANK]
    return float(np.exp(peaks.min())) if len(peaks) else 0.0


def _chosen(
    batches: Iterable[NDArray[np.uint8]], rows: Iterable[NDArray[np.bool_]]
) -> Iterator[NDArray[np.uint8]]:
    """Yield the chosen strips of each batch, of batches in which there are any."""
    for batch, chosen in zip(batches, rows, strict=True):
        if chosen.any():
            yield batch[chosen]


def read_network(weights: bytes) -> ov.Model:
    """Read a recogniser from an ONNX file, unchanged but for its input: grey, as bytes."""
    return _gray_input(ov.Core().read_model(weights), InputNormalisation())


def _in_int8(core: ov.Core, config: EngineConfig, precision: str) -> bool:
    """Tell whether 8 bits are asked for, or are the fastest there is here."""
    if config.precision != "auto":
        return config.precision == "int8"
    return precision == "f32" and "INT8" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _settings(core: ov.Core, config: EngineConfig, threads: int) -> dict[str, Any]:
    """Return OpenVINO's settings for this processor; `threads` 0 takes all cores."""
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
    """Yield the outputs for each input, in order; while one is fetched the next are computed.

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
    """Wait for a request and return copies of its outputs."""
    request.wait()
    return tuple(np.array(tensor.data) for tensor in request.output_tensors)


def _characters_in(model: ov.Model) -> tuple[str, ...]:
    """Return the characters of a recogniser that are written in the metadata of its weights."""
    metadata = model.get_rt_info()
    if "framework" not in metadata or "character" not in metadata["framework"]:
        raise MissingDependencyError("network-without-alphabet")
    return add_blank_and_space(metadata["framework"]["character"].astype(str).splitlines())


def _gray_input(model: ov.Model, norm: InputNormalisation) -> ov.Model:
    """Return the network with an input of grey bytes, of shape (n, 1, height, width)."""
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
