"""Runs PaddleOCR's networks under its own runner: any of its models, on a GPU where there is one.

Its layout models are run as they are (`PaddleLayoutModel`).

PaddleOCR hands out text and a score; glyphs and lattice need the raw outputs of its networks. So
the predictors are PaddleOCR's (they resolve, fetch and load the models), and their runners are
called with tiles and strips of our own.
"""

import importlib.metadata
import io
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newspage.config import EngineConfig
from newspage.engine.adapters import Adapter
from newspage.engine.gpu import (
    INSTALL,
    load_gpu_libraries,
    require_gpu,
    resolve_device_name,
)
from newspage.engine.layout_model import parse_predictions, shrink_for_model
from newspage.engine.models import (
    InputNormalisation,
    Network,
    add_blank_and_space,
    find_networks,
    find_weights,
    make_paddle_folder,
    read_normalisation,
)
from newspage.engine.networks import NetworkEngine, Steps, select_best_classes
from newspage.engine.shapes import SessionPerShape, pad_batch
from newspage.engine.tiles import TileMap
from newspage.errors import MissingDependencyError
from newspage.model import GrayImage, LayoutPrediction

_ON_A_GPU = {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"}
"""Options of ONNX Runtime on a GPU. Trying out every way to compute a layer takes twice as long
as it is worth, and halved digits would make texts differ from those read on a processor."""
_LAYOUT = "LayoutDetection"
"""PaddleOCR's name of the predictor of a layout model."""
TRIAL = 320
"""Pixels a side of the empty page on which a layout model is tried out."""


class PaddleEngine(NetworkEngine):
    """An engine that finds and reads lines with PaddleOCR."""

    def __init__(self, config: EngineConfig, threads: int = 0) -> None:
        """Load the networks; `threads` 0 takes all cores. Raises MissingDependencyError.

        Only networks asked for by name that are nowhere on this machine are fetched.
        """
        networks = find_networks(config)
        device = resolve_device_name(config.device)
        loader = _Loader(config, device, threads)
        self._norm = read_normalisation(networks.detector)
        self._detector = loader.load("TextDetection", networks.detector)
        self._loader, self._network = loader, networks.recogniser
        self._on_gpu = device != "cpu"
        self._load_recogniser()
        characters = tuple(self._recogniser.post_op.character)
        version = importlib.metadata.version("paddleocr")
        super().__init__(
            f"paddleocr {version} onnxruntime {device} {networks.name}",
            ("", *characters[1:]),
            config,
        )
        if self._on_gpu:
            self._try_out(device)

    def _load_recogniser(self) -> None:
        """Load the recogniser. Raises MissingDependencyError."""
        self._recogniser = self._loader.load("TextRecognition", self._network)
        runner = self._recogniser.runner
        self._read = SessionPerShape(runner) if self._on_gpu else runner

    def _adapt(self, adapter: Adapter) -> None:
        """Put a recogniser with an adapter in the place of the one there is. Raises ConfigError.

        One that PaddleOCR would fetch anew cannot be adapted.
        """
        find_weights(self._network)
        self._take_recogniser(replace(self._network, adapter=adapter))

    def _take_recogniser(self, network: Network) -> None:
        """Put another recogniser in the place of the one there is."""
        self._network = network
        self._load_recogniser()

    def _try_out(self, device: str) -> None:
        """Compute once. Raises MissingDependencyError where a GPU is there but cannot compute."""
        try:
            next(self._detect([np.full((64, 64), 255, np.uint8)]))
        except Exception as error:
            reason = f"{error}".partition("\n")[0]
            raise MissingDependencyError(
                "gpu-fails", device=device, reason=reason, install=INSTALL
            ) from error

    def _detect(self, tiles: Iterable[GrayImage]) -> Iterator[TileMap]:
        """Yield the map of each tile."""
        for tile in tiles:
            yield self._detector.runner(x=[_normalised(tile[None], self._norm)])[0][0, 0]

    def _recognise(self, strips: Iterable[NDArray[np.uint8]]) -> Iterator[Steps]:
        """Return the best classes of each batch of strips."""
        return map(select_best_classes, self._chances(strips))

    def _chances(self, strips: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.float32]]:
        """Yield the probabilities of all classes of each batch, without those of padding."""
        for batch in strips:
            filled = pad_batch(batch) if self._on_gpu else batch
            chances = self._read(x=[_normalised(filled, InputNormalisation())])[0]
            yield chances[: len(batch), : chances.shape[1] * batch.shape[2] // filled.shape[2]]


class PaddleLayoutModel:
    """A layout model of PaddleOCR, which names the areas of a page."""

    def __init__(self, config: EngineConfig, network: Network, threads: int = 0) -> None:
        """Load the model from its folder; none is ever fetched. Raises MissingDependencyError."""
        loader = _Loader(config, resolve_device_name(config.device), threads)
        self._predictor = loader.load(_LAYOUT, network)
        shaped = "layout_shape_mode" in signature(self._predictor.process).parameters
        self._options = {"layout_shape_mode": "rect"} if shaped else {}
        self.name = network.name
        self._try_out(network)

    def _try_out(self, network: Network) -> None:
        """Look at an empty page. Raises MissingDependencyError where the model cannot."""
        try:
            self.predict_areas(np.full((TRIAL, TRIAL), 255, np.uint8))
        except Exception as error:
            raise MissingDependencyError(
                "layout-model-fails", path=str(network.folder), name=self.name, reason=str(error)
            ) from error

    def predict_areas(self, image: GrayImage) -> tuple[LayoutPrediction, ...]:
        """Return the areas of a page with their kinds, in pixels of the image."""
        small, scale = shrink_for_model(image)
        colours = np.repeat(small[:, :, None], 3, axis=2)
        (result,) = self._predictor.predict(colours, **self._options)
        return parse_predictions(result["boxes"], scale)


class _Loader:
    """A loader of PaddleOCR's predictors, quiet and without need of the internet."""

    def __init__(self, config: EngineConfig, device: str, threads: int) -> None:
        self._device = device
        self._missing = "" if device == "cpu" else load_gpu_libraries(device)
        # The look at the model hosts' doors takes seconds, and fails without a network.
        os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
        try:
            import paddleocr
        except ImportError as error:
            raise MissingDependencyError("paddle-fails-to-load", reason=str(error)) from error
        logging.getLogger("ppocr").setLevel(logging.ERROR)
        self._paddleocr = paddleocr
        self._cache = Path(config.cache_dir) if config.cache_dir else None
        self._options: dict[str, Any] = {"engine": "onnxruntime", "device": device}
        self._options["engine_config"] = _session_options(device, threads)

    def load(self, kind: str, network: Network) -> Any:
        """Load the predictor of a network. Raises MissingDependencyError where it cannot be."""
        folder = make_paddle_folder(network, read_embedded_characters(network), self._cache)
        try:
            with redirect_stdout(io.StringIO()):  # where ONNX Runtime says that it gives up a GPU
                predictor = getattr(self._paddleocr, kind)(
                    model_name=network.name,
                    model_dir=None if folder is None else str(folder),
                    **self._options,
                )
        except Exception as error:  # PaddleOCR raises plain ones for whatever is missing
            raise _make_load_error(kind, network.name, folder, str(error)) from error
        if self._device != "cpu":
            require_gpu(predictor.paddlex_predictor.runner.session, self._device, self._missing)
        return predictor.paddlex_predictor


def _make_load_error(
    kind: str, name: str, folder: Path | None, reason: str
) -> MissingDependencyError:
    """Return the error for a network that PaddleOCR cannot load; None: it lies in no folder."""
    if folder is None:
        return MissingDependencyError("paddle-lacks-network", name=name, reason=reason)
    if kind == _LAYOUT:
        return MissingDependencyError("layout-model-fails-to-load", name=name, reason=reason)
    return MissingDependencyError("paddle-fails-on-network", name=name, reason=reason)


def _session_options(device: str, threads: int) -> Mapping[str, Any]:
    """Return ONNX Runtime's options for a device; `threads` 0 takes all cores."""
    kind, _, number = device.partition(":")
    options: dict[str, Any] = {"device_type": kind}
    if number:
        options["device_id"] = int(number)
        options["provider_options"] = dict(_ON_A_GPU)
    if threads:
        options["intra_op_num_threads"] = threads
    return options


def read_embedded_characters(network: Network) -> tuple[str, ...]:
    """Return the characters of a recogniser that comes along, from the metadata of its weights.

    Empty for any other network.
    """
    if network.weights is None or network.folder or not network.name.endswith("_rec"):
        return ()
    import onnxruntime

    session = onnxruntime.InferenceSession(network.weights, providers=["CPUExecutionProvider"])
    metadata = session.get_modelmeta().custom_metadata_map
    return add_blank_and_space(metadata.get("character", "").splitlines())


def _normalised(images: NDArray[np.uint8], norm: InputNormalisation) -> NDArray[np.float32]:
    """Return grey images of shape (n, h, w) as networks want them: (n, 3, h, w)."""
    share = images[:, None].astype(np.float32) / np.float32(255)
    mean = np.array(norm.mean, np.float32).reshape(1, 3, 1, 1)
    deviation = np.array(norm.deviation, np.float32).reshape(1, 3, 1, 1)
    return (share - mean) / deviation
