"""Recorded answers are found again, also for slightly different pictures."""

from pathlib import Path

import numpy as np
import pytest

from newspage.engine import FoundLine
from newspage.engine.recorded import RecordedEngine, RecordingEngine
from newspage.errors import InputError
from newspage.geometry import Box
from newspage.model import GrayImage
from tests.toy_engine import ToyEngine, draw


class Finder(ToyEngine):
    """Finds one line in any image."""

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        return [FoundLine(Box(10, 20, 90, 40).polygon, 0.75)]


def strip(text: str, margin: int = 4) -> GrayImage:
    """A strip with some glyphs."""
    pixels = np.full((48 + 2 * margin, 54 * len(text) + 2 * margin), 235, np.uint8)
    for i, t in enumerate(text):
        draw(pixels, margin + 54 * i, margin, t)
    return pixels


def page(width: int = 200) -> GrayImage:
    """A page with something on it."""
    pixels = np.full((width, width), 235, np.uint8)
    pixels[width // 4 : width // 2, width // 8 :] = 20
    return pixels


@pytest.mark.parametrize("name", ["answers.json", "answers.json.gz"])
def test_answers_survive_the_file(name: str, tmp_path: Path) -> None:
    """Text, places, confidences and lattice come back as they were."""
    recording = RecordingEngine(Finder())
    (first,) = recording.read_lines([strip("甲乙丁")])
    recording.find_lines(page())
    recording.save_recording(tmp_path / name)
    replay = RecordedEngine.load_recording(tmp_path / name)
    (again,) = replay.read_lines([strip("甲乙丁")])
    assert again.text == first.text == tuple("甲乙丁")
    assert np.array_equal(again.confidences, first.confidences)
    assert np.array_equal(again.spans, first.spans)
    assert np.array_equal(again.lattice.classes, first.lattice.classes)
    assert np.array_equal(again.lattice.log_probs, first.lattice.log_probs)
    assert replay.find_lines(page()) == recording.find_lines(page())
    assert [replay.characters[c] for c in again.lattice.classes[:, 0]].count("丁") == 1
    assert replay.name == "recorded toy 1.0"


def test_a_line_cut_a_little_differently_is_known() -> None:
    """Answers hang on what a strip looks like from afar."""
    recording = RecordingEngine(ToyEngine())
    recording.read_lines([strip("甲乙丁甲"), strip("丁丁甲乙")])
    (read,) = recording.make_recorded().read_lines([strip("丁丁甲乙", 5)])
    assert read.text == tuple("丁丁甲乙")


def test_a_page_of_another_size_is_known() -> None:
    """Its lines are scaled with it."""
    recording = RecordingEngine(Finder())
    recording.find_lines(page(200))
    (line,) = recording.make_recorded().find_lines(page(400))
    assert line.polygon[0] == (20, 40)


def test_what_was_never_seen_is_empty() -> None:
    """No text, and a lattice that says so."""
    recording = RecordingEngine(ToyEngine())
    recording.read_lines([strip("甲乙")])
    (read,) = recording.make_recorded().read_lines([strip("甲乙丙丁甲乙丙丁甲乙丙丁")])
    assert read.text == ()
    assert read.lattice.classes[0, 0] == 0
    assert recording.make_recorded().find_lines(page()) == []


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"format": "other/9"}', b"\xff"])
def test_a_file_that_is_no_recording_is_refused(content: bytes, tmp_path: Path) -> None:
    """With its name."""
    file = tmp_path / "x.json"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"x\.json"):
        RecordedEngine.load_recording(file)
