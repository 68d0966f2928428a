"""Makes the engine that the settings ask for; the heavy packages are imported here, on demand."""

import importlib.util

from newspage.config import EngineConfig
from newspage.engine import Engine
from newspage.engine.gpu import choose_device, is_gpu_ready
from newspage.engine.layout_model import LayoutModel, find_layout_network
from newspage.errors import MissingDependencyError


def make_engine(config: EngineConfig, threads: int = 0) -> Engine:
    """Make the engine that the settings ask for, with its networks loaded.

    An engine does not cross a process border; settings do. `threads` bounds the cores it uses, 0
    takes all. Raises MissingDependencyError where a package or a network is not there.
    """
    name = choose_engine(config)
    if importlib.util.find_spec(_PACKAGES[name]) is None:
        raise MissingDependencyError(
            f"The package {_PACKAGES[name]}, which the engine {name} needs, is not installed.",
            f"Run: pip install {_PACKAGES[name]}",
        )
    if name == "openvino":
        from newspage.engine.openvino import OpenVinoEngine

        return OpenVinoEngine(config, threads)
    from newspage.engine.paddle import PaddleEngine

    return PaddleEngine(config, threads)


def make_layout_model(config: EngineConfig, threads: int = 0) -> LayoutModel | None:
    """Make the layout model of the settings; None where they name none.

    Under either engine it runs in PaddleOCR, which knows input and output of each of its models.
    Raises MissingDependencyError.
    """
    network = find_layout_network(config)
    if network is None:
        return None
    from newspage.engine.paddle import PaddleLayoutModel

    return PaddleLayoutModel(config, network, threads)


def choose_engine(config: EngineConfig) -> str:
    """Return the name of the engine, `auto` resolved: OpenVINO, or PaddleOCR where a GPU pays.

    A GPU pays for whatever is asked to run on one, and for networks other than the small ones that
    come along: these are read on a processor before a GPU has warmed up.
    """
    if config.engine != "auto":
        return config.engine
    if config.device.startswith("gpu"):
        return "paddle"
    if config.device == "auto" and (config.model or config.model_dir) and is_gpu_ready():
        return "paddle"
    return "openvino" if importlib.util.find_spec("openvino") is not None else "paddle"


def computes_on_gpu(config: EngineConfig) -> bool:
    """Tell whether the engine of the settings takes a GPU, without loading anything.

    Raises ConfigError for an unknown device.
    """
    return choose_engine(config) == "paddle" and choose_device(config.device) != "cpu"


_PACKAGES = {"openvino": "openvino", "paddle": "paddleocr"}
"""The package that each engine needs, as Python imports it and pip installs it."""
