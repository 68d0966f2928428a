"""The examination behind `newspage doctor`: packages, networks and the machine, one by one."""

import base64
import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from importlib.metadata import Distribution, distribution
from pathlib import Path

from newspage.batch import choose_pool, count_available_cores, measure_available_memory
from newspage.config import Config, EngineConfig, RecogniseConfig
from newspage.errors import MissingDependencyError, NewspageError
from newspage.packages import find_installed_version
from newspage.version import __version__

_NEEDED = ("msgspec", "numpy", "pillow", "pypdfium2", "rapidfuzz", "rich", "sqlalchemy", "typer")
_NETWORKS = "rapidocr"
"""The package that carries the networks newspage comes with."""
_RUNTIMES = ("onnxruntime", "onnxruntime-gpu")
"""Either will do; both share the folder `onnxruntime`."""
_OPENCV = (
    "opencv-python",
    "opencv-contrib-python",
    "opencv-python-headless",
    "opencv-contrib-python-headless",
)
_GIGABYTE = 1e9
_LEAST_MEMORY = 1.6e9
"""Free bytes for each worker below which a note is given: a broadsheet takes 1.3 GB (README)."""
_LEAST_DISK = 1e9
"""Free bytes below which a note is given: room for two thousand pages. Judgement."""


class Verdict(IntEnum):
    """The severity of a finding; the higher, the worse."""

    GOOD = 0
    NOTE = 1
    """Something may be worse than it could be, or something that most do not need is missing."""
    BAD = 2
    """Pages cannot be read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one subject, and what to do about it."""

    subject: str
    text: str
    verdict: Verdict = Verdict.GOOD
    remedy: str = ""


def examine_installation(config: Config) -> Iterator[Finding]:
    """Yield a finding for everything that reading pages needs, one by one.

    Nothing is changed; never raises.
    """
    checks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("newspage", _newspage),
        ("packages", _packages),
        ("recognisers", lambda: _recognisers(config.engine)),
        ("engines", _engines),
        ("detectors", _detectors),
        ("OpenCV", examine_opencv),
        ("networks", lambda: _networks(config.engine)),
        ("light network", lambda: _light_network(config.recognise)),
        ("layout model", lambda: _layout_model(config.engine)),
        ("engine", lambda: _engine(config.engine)),
        ("workers", lambda: _workers(config)),
        ("disk", _disk),
        ("fonts", _fonts),
        ("Chromium", _chromium),
    )
    for subject, check in checks:
        try:
            yield check()
        except NewspageError as error:
            yield Finding(subject, error.message, Verdict.BAD, error.remedy)
        except Exception as error:  # noqa: BLE001 - a doctor who faints helps nobody
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            yield Finding(subject, f"could not be looked at ({what})", Verdict.BAD)


def _newspage() -> Finding:
    """Name the version, Python, and where it is installed."""
    python = sys.version.split()[0]
    return Finding("newspage", f"{__version__}, Python {python}, {sys.executable}")


def _packages() -> Finding:
    """Examine the packages that all reading needs."""
    return _installed("packages", _NEEDED)


def _recognisers(config: EngineConfig) -> Finding:
    """Examine the packages of the chosen engine, and name others that are there or could be."""
    from newspage.engine import INSTALL

    runtimes = tuple(name for name in _RUNTIMES if find_installed_version(name))
    for_paddle = ("paddleocr", *(runtimes or _RUNTIMES[:1]))
    needed = _needed_by(config, for_paddle)
    finding = _installed("recognisers", needed)
    rest = [name for name in ("openvino", *for_paddle) if name not in needed]
    there = [f"{name} {number}" for name in rest if (number := find_installed_version(name))]
    absent = [name for name in rest if not find_installed_version(name)]
    text = ", ".join((finding.text, *there))
    if absent and "openvino" not in absent:
        text += f"; without {' and '.join(absent)}: no --engine paddle, no GPU, no layout model"
    if finding.verdict is not Verdict.GOOD or len(runtimes) < 2:
        return replace(finding, text=text)
    text += f"; {' and '.join(runtimes)} overwrite each other"
    remedy = f"Keep one. For a GPU: pip uninstall {' '.join(runtimes)}; {INSTALL}"
    return Finding("recognisers", text, Verdict.NOTE, remedy)


def _needed_by(config: EngineConfig, for_paddle: tuple[str, ...]) -> tuple[str, ...]:
    """Return the packages without which the engine of the settings cannot read."""
    from newspage.engine import choose_engine, find_engine, identify_networks

    chosen = choose_engine(config)
    entry = find_engine(chosen)
    if entry.identify is not identify_networks:
        return (entry.package, *(for_paddle if config.layout_model_dir else ()))
    paddle = chosen == "paddle"
    if config.engine == "auto" and not find_installed_version("paddleocr"):
        # It takes PaddleOCR only for want of OpenVINO, which is the smaller to install.
        paddle = config.device.startswith("gpu")
    names = (_NETWORKS, *(() if paddle else ("openvino",)))
    return (*names, *(for_paddle if paddle or config.layout_model_dir else ()))


def _installed(subject: str, names: tuple[str, ...]) -> Finding:
    """Return a finding on some packages: BAD where one is missing."""
    found = {name: find_installed_version(name) for name in names}
    missing = [name for name, number in found.items() if number is None]
    text = ", ".join(f"{name} {number or 'MISSING'}" for name, number in found.items())
    if not missing:
        return Finding(subject, text)
    return Finding(subject, text, Verdict.BAD, f"Run: pip install {' '.join(missing)}")


def examine_opencv() -> Finding:
    """Examine the wheels that share the folder `cv2`: which is active, and whether all agree."""
    installed = {name: number for name in _OPENCV if (number := find_installed_version(name))}
    if not installed:
        return Finding("OpenCV", "MISSING", Verdict.BAD, "Run: pip install opencv-contrib-python")
    import cv2

    active = next((n for n in installed if _is_active(distribution(n), cv2.__file__)), "unknown")
    wheels = ", ".join(f"{name} {number}" for name, number in installed.items())
    text = f"{cv2.__version__} from {active}; installed: {wheels}"
    if len(set(installed.values())) > 1:
        remedy = "Install all of them in the version that constraints.txt names."
        return Finding("OpenCV", f"{text}; they disagree", Verdict.BAD, remedy)
    if "opencv-contrib-python" not in installed and find_installed_version("paddleocr"):
        remedy = "Run: pip install opencv-contrib-python=="
        text += "; paddleocr insists on opencv-contrib-python"
        return Finding("OpenCV", text, Verdict.NOTE, remedy + next(iter(installed.values())))
    return Finding("OpenCV", text)


def _is_active(wheel: Distribution, module: str) -> bool:
    """Tell whether the compiled part of a package that is on the disk came out of this wheel."""
    binaries = [f for f in wheel.files or () if f.name.startswith("cv2") and f.suffix != ".py"]
    for file in binaries:
        path = Path(module).parent / file.name
        if file.hash and path.is_file():
            digest = hashlib.new(file.hash.mode, path.read_bytes()).digest()
            return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value
    return False


def _engines() -> Finding:
    """List the engines that can be asked for, those that other packages add among them."""
    from newspage.engine import AUTO, load_engines

    parts = [f"{entry.name} ({entry.description})" for entry in load_engines().values()]
    return Finding("engines", ", ".join((AUTO, *parts)))


def _detectors() -> Finding:
    """List the detectors that other packages add to those of newspage."""
    from newspage.correct import list_added_detectors

    added = ", ".join(list_added_detectors())
    return Finding("detectors", f"those of newspage; {added or 'none'} of other packages")


def _networks(config: EngineConfig) -> Finding:
    """Name the networks of the settings and the files that hold their weights."""
    from newspage.engine import choose_engine, find_engine, find_networks, identify_networks

    entry = find_engine(choose_engine(config))
    if entry.identify is not identify_networks:
        return Finding("networks", ", ".join(entry.identify(config)) or f"those of {entry.name}")
    networks = find_networks(config)
    parts = [
        f"{network.name} ({network.weights or 'to be fetched by PaddleOCR'})"
        for network in (networks.detector, networks.recogniser)
    ]
    return Finding("networks", ", ".join(parts))


def _light_network(config: RecogniseConfig) -> Finding:
    """Name the network that reads at first sight; most do without one.

    Raises MissingDependencyError where it is asked for and not there.
    """
    from newspage.engine import find_light_recogniser

    try:
        network = find_light_recogniser()
    except MissingDependencyError:
        if config.quality != "best":
            raise
        return Finding("light network", "none; it is not needed (--quality balanced takes one)")
    return Finding("light network", f"{network.name} ({network.weights})")


def _layout_model(config: EngineConfig) -> Finding:
    """Let the layout model, if one is named, look at an empty page; most do without one."""
    from newspage.engine import make_layout_model

    start = time.perf_counter()
    model = make_layout_model(config, count_available_cores())
    if model is None:
        return Finding("layout model", "none; it is not needed (--layout-model-dir takes one)")
    seconds = time.perf_counter() - start
    text = f"{model.name} ({config.layout_model_dir}); starts in {seconds:.1f} s"
    return Finding("layout model", text)


def _engine(config: EngineConfig) -> Finding:
    """Start the engine and let it look at an empty page."""
    import numpy as np

    from newspage.engine import choose_engine, has_gpu, is_gpu_ready, make_engine

    start = time.perf_counter()
    engine = make_engine(config, count_available_cores())
    engine.find_lines(np.full((320, 320), 255, np.uint8))
    seconds = time.perf_counter() - start
    gpu = "a GPU is ready" if is_gpu_ready() else "no GPU"
    if has_gpu() and not is_gpu_ready():
        gpu = "a GPU is there, but not onnxruntime-gpu"
    chosen = f"{config.engine} takes {choose_engine(config)}"
    return Finding("engine", f"{engine.name}; {chosen}; {gpu}; starts in {seconds:.1f} s")


def _workers(config: Config) -> Finding:
    """Compare the workers of a run with the memory that is free."""
    pool = choose_pool(config)
    memory = measure_available_memory()
    free = "unknown" if memory is None else f"{memory / _GIGABYTE:.1f} GB free"
    text = f"up to {pool.workers} on {pool.cores} cores; memory: {free}"
    if memory is not None and memory < _LEAST_MEMORY * pool.workers:
        remedy = "Close other programs, or read large pages one at a time with -j 1."
        return Finding("workers", text, Verdict.NOTE, remedy)
    return Finding("workers", text)


def _disk() -> Finding:
    """Examine the space on the disk of the current folder."""
    free = shutil.disk_usage(Path.cwd()).free
    text = f"{free / _GIGABYTE:.1f} GB free here"
    if free < _LEAST_DISK:
        return Finding("disk", text, Verdict.NOTE, "A thousand pages take about 0.5 GB: make room.")
    return Finding("disk", text)


def _fonts() -> Finding:
    """Look for fonts with Chinese characters, which only the setting of sample pages needs."""
    lister = shutil.which("fc-list")
    if lister is None:
        text = "not known (no fc-list); only setting new sample pages needs Chinese fonts"
        return Finding("fonts", text, Verdict.NOTE)
    listed = subprocess.run([lister, ":lang=zh", "family"], capture_output=True, check=False)
    families = sorted({line.split(",")[0] for line in listed.stdout.decode().splitlines() if line})
    if families:
        return Finding("fonts", f"{len(families)} Chinese families, {families[0]} among them")
    return Finding(
        "fonts",
        "none with Chinese characters; only setting new sample pages needs them",
        Verdict.NOTE,
        "On Debian: apt-get install fonts-noto-cjk",
    )


def _chromium() -> Finding:
    """Look for a browser, which only the setting of sample pages and the browser tests need."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found:
        return Finding("Chromium", found)
    text = "not found; only setting new sample pages and some tests need it"
    return Finding("Chromium", text, Verdict.NOTE, "On Debian: apt-get install chromium")
