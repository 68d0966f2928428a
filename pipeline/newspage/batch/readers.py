"""Make the readers of a run: engine, loading of pages and pipeline put together in a worker."""

import hashlib
import time
from dataclasses import asdict, replace

from newspage.batch.folder import ReaderBackend
from newspage.batch.resource_limits import limit_decoding
from newspage.batch.tasks import ReadScan
from newspage.config import Config, EngineConfig
from newspage.engine import (
    DESCRIPTION,
    Network,
    choose_engine,
    find_engine,
    find_layout_network,
    identify_network,
)
from newspage.model import PageRecord, ProcessingStep, Scan
from newspage.packages import find_installed_version

_PACKAGES = ("openvino", "onnxruntime", "paddleocr", "rapidocr", "opencv-contrib-python")
"""Packages whose version could change what is read."""

_HARMLESS = ("engine", "model_dir", "layout_model_dir", "cache_dir", "device")
"""Settings that say where things are, or that `identify_engine` looks up itself."""


def make_default_backend(config: EngineConfig) -> ReaderBackend:
    """Make readers with the engine that the settings ask for.

    Raises MissingDependencyError where its networks are not there.
    """
    return ReaderBackend(make_reader, identify_engine(config))


def identify_engine(config: EngineConfig) -> str:
    """Describe everything about the engine that could change its results, without loading it."""
    settings = {k: v for k, v in sorted(asdict(config).items()) if k not in _HARMLESS}
    entry = find_engine(choose_engine(config))
    content = list(entry.identify(config))
    layout_model = find_layout_network(config)
    if layout_model:
        content.append(_description(layout_model) + identify_network(layout_model))
    return repr(
        (
            entry.name,
            settings,
            content,
            [
                (name, find_installed_version(name) or "")
                for name in dict.fromkeys((*_PACKAGES, entry.package))
            ],
        )
    )


def _description(network: Network) -> str:
    """Return the checksum of a network's description, unless it comes with an installed package."""
    if network.folder is None:
        return ""
    return hashlib.sha256((network.folder / DESCRIPTION).read_bytes()).hexdigest() + " "


def make_reader(config: EngineConfig, threads: int) -> ReadScan:
    """Make a function that reads scans with an engine of its own. Raises MissingDependencyError."""
    import cv2

    from newspage.engine import make_engine, make_layout_model
    from newspage.ingest import load_page
    from newspage.page import read_page

    cv2.setNumThreads(threads)
    engine = make_engine(config, threads)
    layout_model = make_layout_model(config, threads)

    def read(scan: Scan, config: Config) -> PageRecord:
        """Load a page under its limits and read it."""
        start = time.perf_counter()
        with limit_decoding(scan, config):
            image = load_page(scan, config.ingest)
        loading = ProcessingStep("ingest", time.perf_counter() - start)
        record = read_page(image, engine, config, layout_model)
        return replace(record, steps=(loading, *record.steps))

    return read
