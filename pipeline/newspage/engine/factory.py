"""Look up, choose and make engines; the heavy packages are imported here, on demand.

An engine is one entry of a table. Other packages add their own through the entry point group
`newspage.engines`, whose values are `EngineEntry` objects.
"""

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from newspage.config import EngineConfig
from newspage.engine.adapters import find_adapter, load_adapter
from newspage.engine.gpu import is_gpu_ready, resolve_device_name
from newspage.engine.layout_model import LayoutModel, find_layout_network
from newspage.engine.models import find_networks, find_weights, identify_network
from newspage.engine.protocol import Engine
from newspage.errors import ConfigError, MissingDependencyError
from newspage.plugins import load_added_entries

GROUP = "newspage.engines"
"""Entry point group in which other packages declare engines."""

AUTO = "auto"
"""The name that stands for the engine that is faster here."""


@dataclass(frozen=True, slots=True)
class EngineEntry:
    """An engine that pages can be read with."""

    name: str
    """Name on the command line and in the settings."""
    package: str
    """The package that it needs, as it is imported and installed."""
    description: str
    """What it is, on one line."""
    make: Callable[[EngineConfig, int], Engine]
    """Makes one with its networks loaded, which uses so many cores; 0: all."""
    identify: Callable[[EngineConfig], Sequence[str]]
    """Names all that could change what it reads, beside the version of its package: its networks
    with their checksums. Pages are read again when that changes. Loads nothing."""
    takes_gpu: bool = False
    """Whether it computes on a GPU where `device` says so."""


def identify_networks(config: EngineConfig) -> tuple[str, ...]:
    """Return names and checksums of the PaddleOCR networks that the settings name.

    Raises MissingDependencyError where they are not there.
    """
    networks = find_networks(config)
    return identify_network(networks.detector), identify_network(networks.recogniser)


def _make_openvino(config: EngineConfig, threads: int) -> Engine:
    from newspage.engine.openvino import OpenVinoEngine

    return OpenVinoEngine(config, threads)


def _make_paddle(config: EngineConfig, threads: int) -> Engine:
    from newspage.engine.paddle import PaddleEngine

    return PaddleEngine(config, threads)


_OWN = (
    EngineEntry(
        "openvino",
        "openvino",
        "PaddleOCR's networks in OpenVINO, on the processor",
        _make_openvino,
        identify_networks,
    ),
    EngineEntry(
        "paddle",
        "paddleocr",
        "PaddleOCR's networks in PaddleOCR, on a GPU or the processor",
        _make_paddle,
        identify_networks,
        takes_gpu=True,
    ),
)


@lru_cache(maxsize=1)
def load_engines() -> Mapping[str, EngineEntry]:
    """Return all engines by name: those of newspage, then those of other installed packages.

    An engine of another package cannot take the name of one of newspage's. Raises UsageError where
    an installed package declares something that is no `EngineEntry` or cannot be loaded.
    """
    found = {entry.name: entry for entry in _OWN}
    for added in load_added_entries(GROUP, EngineEntry):
        if added.value.name != AUTO:
            found.setdefault(added.value.name, added.value)
    return found


def find_engine(name: str) -> EngineEntry:
    """Return the entry of an engine by its name. Raises ConfigError for an unknown one."""
    known = load_engines()
    if name not in known:
        raise ConfigError("engine-unknown", name=name, known=", ".join((AUTO, *known)))
    return known[name]


def make_engine(config: EngineConfig, threads: int = 0) -> Engine:
    """Return the engine of the settings, with its networks loaded.

    An engine does not cross a process border; settings do. `threads` bounds the cores it uses, 0
    takes all. Raises MissingDependencyError where a package or a network is not there, ConfigError
    for an unknown engine.
    """
    entry = find_engine(choose_engine(config))
    if importlib.util.find_spec(entry.package) is None:
        raise MissingDependencyError(
            "engine-package-missing", package=entry.package, engine=entry.name
        )
    return entry.make(config, threads)


def require_adapter(name: str, config: EngineConfig) -> str:
    """Make sure, before anything is read, that an adapter fits the network of the settings.

    An engine of another package is left to tell by itself, when it reads.

    Args:
        name: Name or file of the adapter.
        config: Names the network.

    Returns:
        The paper that the adapter was made for.

    Raises:
        InputError: There is no such adapter.
        RefusedError: It is a hostile one.
        ConfigError: It was trained from another network.
        MissingDependencyError: The network is not there.
    """
    file = find_adapter(name)
    adapter = load_adapter(file)
    if choose_engine(config) in (entry.name for entry in _OWN):
        network = find_networks(config).recogniser
        if not adapter.fits_network(find_weights(network).read_bytes()):
            raise ConfigError(
                "adapter-unfit",
                path=file,
                paper=adapter.paper,
                base=adapter.base[:12],
                network=network.name,
            )
    return adapter.paper


def make_layout_model(config: EngineConfig, threads: int = 0) -> LayoutModel | None:
    """Return the layout model of the settings; None where they name none.

    Under any engine it runs in PaddleOCR, which knows input and output of each of its models.
    Raises MissingDependencyError.
    """
    network = find_layout_network(config)
    if network is None:
        return None
    from newspage.engine.paddle import PaddleLayoutModel

    return PaddleLayoutModel(config, network, threads)


def choose_engine(config: EngineConfig) -> str:
    """Return the engine of the settings; for `auto` the one that is faster here.

    That is OpenVINO, or PaddleOCR's runner for what a GPU gains: whatever is asked to run on one,
    and networks other than the small ones that come along, which are read on a processor before a
    GPU has warmed up. Raises ConfigError for an unknown engine.
    """
    if config.engine != AUTO:
        return find_engine(config.engine).name
    if config.device.startswith("gpu"):
        return "paddle"
    if config.device == "auto" and (config.model or config.model_dir) and is_gpu_ready():
        return "paddle"
    return "openvino" if importlib.util.find_spec("openvino") is not None else "paddle"


def computes_on_gpu(config: EngineConfig) -> bool:
    """Tell whether the engine of the settings takes a GPU; finds out without loading anything.

    Raises ConfigError for an unknown engine, and for a device that is none.
    """
    return (
        find_engine(choose_engine(config)).takes_gpu and resolve_device_name(config.device) != "cpu"
    )
