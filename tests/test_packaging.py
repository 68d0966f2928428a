"""What is installed, and with which constraints."""

import os
import re
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[0-9][A-Za-z0-9.+!]*)")


@pytest.fixture(scope="module")
def project(repository: Path) -> dict[str, Any]:
    """The table `project` of pyproject.toml."""
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    table: dict[str, Any] = settings["project"]
    return table


@pytest.fixture(scope="module")
def pins(repository: Path) -> dict[str, str]:
    """Name and version of every line of constraints.txt."""
    text = (repository / "constraints.txt").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            pin = PIN.fullmatch(line)
            assert pin, f"constraints.txt: not of the form name==version: {line!r}"
            found[canonicalize_name(pin["name"])] = pin["version"]
    return found


HUBS = {
    "aistudio-sdk",
    "bce-python-sdk",
    "hf-xet",
    "huggingface-hub",
    "modelscope",
    "modelscope-hub",
    "openvino-telemetry",
    "paddlex",
}
"""Packages that fetch models or report how a program is used."""
LEFT_OUT = {
    "colorama",  # needed on Windows
    "exceptiongroup",  # needed by Python 3.10
    "onnxruntime",
    "opencv-python",  # opencv-python-headless takes its place
    "openvino-telemetry",
    "paddleocr",
    *("colorlog", "omegaconf", "pyclipper", "requests", "shapely", "six", "tqdm"),  # of rapidocr
}
"""What packages of the small installation ask for that it does without."""


def small_pins(repository: Path) -> dict[str, str]:
    """Name and version of every line of requirements-small.txt."""
    lines = (repository / "requirements-small.txt").read_text(encoding="utf-8").splitlines()
    pins = [PIN.fullmatch(line) for line in lines if not line.startswith("#")]
    return {canonicalize_name(pin["name"]): pin["version"] for pin in pins if pin}


def small_names(repository: Path) -> list[str]:
    """The packages of the small installation, newspage itself included."""
    return sorted({"newspage", *small_pins(repository)})


def requirements(project: dict[str, Any]) -> list[Requirement]:
    """What is needed to run, to test and to develop."""
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for extra in extras.values() for line in extra)]
    return [Requirement(line) for line in lines]


def test_every_dependency_is_pinned_within_its_bounds(
    project: dict[str, Any], pins: dict[str, str]
) -> None:
    """What pyproject.toml asks for has one version in constraints.txt, and a fitting one."""
    for requirement in requirements(project):
        if requirement.name != project["name"]:
            version = pins.get(canonicalize_name(requirement.name))
            assert version, f"{requirement.name} is not in constraints.txt"
            assert requirement.specifier.contains(version)


def test_all_opencv_wheels_have_one_version(pins: dict[str, str]) -> None:
    """They unpack into the same folder, so a mixture would be broken."""
    versions = {version for name, version in pins.items() if name.startswith("opencv-")}
    assert len(versions) == 1


def test_no_paddlepaddle(pins: dict[str, str]) -> None:
    """The networks run without it; it would be the largest part of the installation."""
    assert not {"paddlepaddle", "paddlepaddle-gpu"} & set(pins)


@pytest.mark.parametrize("script", [".ci/run", "scripts/install-debian.sh"])
def test_scripts_can_be_run(repository: Path, script: str) -> None:
    """They are executable and bash can parse them."""
    assert os.access(repository / script, os.X_OK)
    subprocess.run(["bash", "-n", repository / script], check=True)


def test_the_small_installation_is_whole(
    repository: Path, project: dict[str, Any], pins: dict[str, str]
) -> None:
    """It has what its packages ask for, but for what is left out on purpose; no hub among it."""
    small = small_pins(repository)
    assert small.items() <= pins.items()
    asked = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    for name in small:
        for line in metadata.requires(name) or []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                asked.add(canonicalize_name(needed.name))
    assert asked - set(small) <= LEFT_OUT
    assert not LEFT_OUT & set(small)
    assert not HUBS & set(small)
    assert set(pins) >= HUBS
