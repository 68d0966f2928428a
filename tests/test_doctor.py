"""The doctor: what is missing is said, with what to do about it, and never with a crash."""

import base64
import hashlib
from importlib.metadata import Distribution
from pathlib import Path
from typing import Literal

import pytest
from typer.testing import CliRunner

from newspage import cli, doctor
from newspage.config import Config, EngineConfig, RecogniseConfig
from newspage.doctor import Finding, Verdict, examine_installation, examine_opencv
from newspage.engine import factory, gpu, models
from newspage.errors import MissingDependencyError
from newspage.model import GrayImage
from newspage.packages import find_installed_version


class Still:
    """An engine that finds nothing."""

    name = "still 1.0"

    def find_lines(self, image: GrayImage) -> list[object]:
        return []


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine on which the engine starts at once."""
    monkeypatch.setattr(factory, "make_engine", lambda config, threads: Still())
    return monkeypatch


def found() -> dict[str, Finding]:
    """All findings by subject."""
    return {finding.subject: finding for finding in examine_installation(Config())}


def test_a_sound_machine(sound: pytest.MonkeyPatch) -> None:
    """Everything that pages need is here, since the tests run."""
    findings = found()
    for subject in ("newspage", "packages", "recognisers", "OpenCV", "networks", "engine"):
        assert findings[subject].verdict is Verdict.GOOD, findings[subject]
    assert "still 1.0" in findings["engine"].text


def test_a_missing_package_is_named(sound: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    have = find_installed_version
    sound.setattr(doctor, "find_installed_version", lambda n: None if n == "openvino" else have(n))
    finding = found()["recognisers"]
    assert finding.verdict is Verdict.BAD
    assert "openvino MISSING" in finding.text
    assert finding.remedy == "Run: pip install openvino"


@pytest.mark.parametrize(
    ("runtimes", "verdict"),
    [
        (["onnxruntime-gpu"], Verdict.GOOD),
        (["onnxruntime", "onnxruntime-gpu"], Verdict.NOTE),
        ([], Verdict.BAD),
    ],
)
def test_one_runtime_is_enough(
    runtimes: list[str], verdict: Verdict, sound: pytest.MonkeyPatch
) -> None:
    """That for GPUs takes the place of the other; two of them overwrite each other."""
    sound.setattr(factory, "choose_engine", lambda config: "paddle")

    def version(name: str) -> str | None:
        return None if name.startswith("onnxruntime") and name not in runtimes else "1.0"

    sound.setattr(doctor, "find_installed_version", version)
    finding = found()["recognisers"]
    assert finding.verdict is verdict
    assert all(f"{name} 1.0" in finding.text for name in runtimes)
    assert bool(finding.remedy) is (verdict is not Verdict.GOOD)


def test_the_small_installation_is_sound(sound: pytest.MonkeyPatch) -> None:
    """OpenVINO reads without PaddleOCR; what cannot be done then is said, and is no fault."""
    have, absent = find_installed_version, ("paddleocr", "onnxruntime", "opencv-contrib-python")
    sound.setattr(doctor, "find_installed_version", lambda n: None if n in absent else have(n))
    findings = found()
    assert findings["recognisers"].verdict is Verdict.GOOD
    assert "without paddleocr and onnxruntime: no --engine paddle" in findings["recognisers"].text
    assert findings["OpenCV"].verdict is Verdict.GOOD


@pytest.mark.parametrize("asked", [{"engine": "paddle"}, {"layout_model_dir": "somewhere"}])
def test_what_needs_paddleocr_misses_it(sound: pytest.MonkeyPatch, asked: dict[str, str]) -> None:
    """Its absence is a fault where the settings ask for what it does."""
    have = find_installed_version
    sound.setattr(doctor, "find_installed_version", lambda n: None if n == "paddleocr" else have(n))
    config = Config(engine=EngineConfig(**asked))  # type: ignore[arg-type]
    finding = next(f for f in examine_installation(config) if f.subject == "recognisers")
    assert finding.verdict is Verdict.BAD
    assert finding.remedy == "Run: pip install paddleocr"


def test_without_any_engine_the_smaller_is_named(sound: pytest.MonkeyPatch) -> None:
    """OpenVINO is enough."""
    have, absent = find_installed_version, ("paddleocr", "openvino")
    sound.setattr(doctor, "find_installed_version", lambda n: None if n in absent else have(n))
    sound.setattr(factory, "choose_engine", lambda config: "paddle")
    finding = found()["recognisers"]
    assert (finding.verdict, finding.remedy) == (Verdict.BAD, "Run: pip install openvino")


def test_a_gpu_without_its_runtime_is_told(sound: pytest.MonkeyPatch) -> None:
    """Pages are read on the processor there."""
    sound.setattr(gpu, "has_gpu", lambda: True)
    sound.setattr(gpu, "is_gpu_ready", lambda: False)
    assert "a GPU is there, but not onnxruntime-gpu" in found()["engine"].text


def test_missing_networks_are_told(sound: pytest.MonkeyPatch) -> None:
    """In the words of who looked for them."""

    def fail(_: object) -> None:
        raise MissingDependencyError("network-folder-missing", path="nets")

    sound.setattr(models, "find_networks", fail)
    finding = found()["networks"]
    assert (finding.text, finding.remedy) == ("nets: is no folder.", "Correct --model-dir.")


@pytest.mark.parametrize(("quality", "verdict"), [("best", 0), ("balanced", 2)])
def test_the_light_network_is_missed_where_it_is_asked_for(
    sound: pytest.MonkeyPatch, quality: Literal["best", "balanced"], verdict: int
) -> None:
    """Most do without it."""

    def fail() -> None:
        raise MissingDependencyError("light-network-missing")

    sound.setattr(models, "find_light_recogniser", fail)
    config = Config(recognise=RecogniseConfig(quality=quality))
    (finding,) = [f for f in examine_installation(config) if f.subject == "light network"]
    assert finding.verdict == verdict
    assert ("newspage[light]" in finding.remedy) == (verdict == Verdict.BAD)


def test_nothing_makes_the_doctor_faint(sound: pytest.MonkeyPatch) -> None:
    """What cannot be looked at is a finding as well."""

    def fail(*_: object) -> None:
        raise OSError("unheard of\nand more")

    sound.setattr(factory, "make_engine", fail)
    finding = found()["engine"]
    assert finding.verdict is Verdict.BAD
    assert "unheard of" in finding.text
    assert "\n" not in finding.text


@pytest.mark.parametrize(
    ("installed", "verdict", "said"),
    [
        ({}, Verdict.BAD, "MISSING"),
        ({"opencv-python": "4.10.0.84", "opencv-contrib-python": "4.9"}, Verdict.BAD, "disagree"),
        ({"opencv-python": "4.10.0.84"}, Verdict.NOTE, "insists on opencv-contrib-python"),
    ],
)
def test_opencv_wheels_have_to_agree(
    monkeypatch: pytest.MonkeyPatch, installed: dict[str, str], verdict: Verdict, said: str
) -> None:
    """They share one folder."""
    packages = {"paddleocr": "3.7.0", **installed}
    monkeypatch.setattr(doctor, "find_installed_version", packages.get)
    monkeypatch.setattr(doctor, "distribution", lambda name: Nowhere())
    finding = examine_opencv()
    assert finding.verdict is verdict
    assert said in finding.text
    assert finding.remedy


class Nowhere(Distribution):
    """A package without files."""

    def read_text(self, filename: str) -> str | None:
        return None

    def locate_file(self, path: object) -> Path:
        return Path(str(path))


class Wheel(Nowhere):
    """A package with a compiled part."""

    def __init__(self, content: bytes) -> None:
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        self.record = f"cv2/__init__.py,,\ncv2/cv2.abi3.so,sha256={digest},{len(content)}\n"

    def read_text(self, filename: str) -> str | None:
        return self.record if filename == "RECORD" else None


def test_the_active_wheel_is_told_by_its_content(tmp_path: Path) -> None:
    """Whichever was unpacked last owns the file."""
    (tmp_path / "cv2.abi3.so").write_bytes(b"one")
    module = str(tmp_path / "__init__.py")
    assert doctor._is_active(Wheel(b"one"), module)
    assert not doctor._is_active(Wheel(b"two"), module)
    assert not doctor._is_active(Nowhere(), module)


def test_missing_fonts_and_browser_are_notes(sound: pytest.MonkeyPatch) -> None:
    """Who reads pages needs neither."""
    sound.setattr("shutil.which", lambda _: None)
    findings = found()
    assert findings["fonts"].verdict is Verdict.NOTE
    assert findings["Chromium"].verdict is Verdict.NOTE


def test_too_little_memory_is_a_note(sound: pytest.MonkeyPatch) -> None:
    """Large pages may not fit."""
    sound.setattr(doctor, "measure_available_memory", lambda: 1e8)
    assert found()["workers"].verdict is Verdict.NOTE


def test_the_exit_code_says_whether_pages_can_be_read(sound: pytest.MonkeyPatch) -> None:
    """0, or 4 where something is missing."""
    result = CliRunner().invoke(cli.app, ["doctor"])
    assert result.exit_code == 0
    assert "ok   OpenCV" in result.stdout
    sound.setattr(doctor, "find_installed_version", lambda _: None)
    result = CliRunner().invoke(cli.app, ["doctor"])
    assert result.exit_code == 4
    assert "-> Run: pip install" in result.stdout
