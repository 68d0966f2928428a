"""Lines of other print, by which it is seen what a recogniser forgets while it learns a paper.

They come along as strips, cut from the project's sample pages, of which the text is known exactly:
modern print, the same made as small as e-paper renders it, and vertical print of another paper. The
lines of some pages are learnt from together with those of the paper, so that less is forgotten;
those of the others are only read. `python -m benchmarks.guard_lines` makes the file.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from newspage.model import GrayImage
from newspage.training.line_texts import LabelCodec, normalise_text
from newspage.training.strip_features import FeatureComputer
from newspage.training.training_lines import TrainingLine

FILE = Path(__file__).with_name("guard_lines.npz")
LEARNT = ("qingdu",)
"""Beginnings of the names of the pages whose lines are learnt from."""
SMALL_SHARE = 9 / 28
"""Size of small print beside the size at which strips are read: 9 pixels an em beside 28."""
SMALL = "small"
"""Name of the kind of the lines made small."""


def load_guard_lines(
    features: FeatureComputer, alphabet: LabelCodec
) -> tuple[list[TrainingLine], list[TrainingLine]]:
    """Return the lines to learn from, and those to read, with the name of their kind as page."""
    with np.load(FILE, allow_pickle=False) as kept:
        lines = json.loads(kept["lines"].tobytes())
        pictures = np.split(kept["pictures"], kept["ends"][:-1])
    learnt: list[TrainingLine] = []
    read: list[TrainingLine] = []
    place = 0
    for line in lines:
        strips = [_decode(p) for p in pictures[place : place + line["strips"]]]
        place += line["strips"]
        versions = {line["kind"]: strips}
        if line["kind"] != "vertical":
            versions[SMALL] = [make_small(strip) for strip in strips]
        for kind, version in versions.items():
            made = _make_line(kind, line["text"], version, features, alphabet)
            if made is not None:
                (learnt if line["page"].startswith(LEARNT) else read).append(made)
    return learnt, read


def make_small(strip: GrayImage) -> GrayImage:
    """Return a strip as it looks where its print is as small as that of e-paper."""
    size = tuple(max(1, round(side * SMALL_SHARE)) for side in reversed(strip.shape))
    return np.asarray(cv2.resize(strip, size, interpolation=cv2.INTER_AREA), np.uint8)


def _make_line(
    kind: str,
    text: str,
    strips: Sequence[GrayImage],
    features: FeatureComputer,
    alphabet: LabelCodec,
) -> TrainingLine | None:
    """Return a line with its features; None where a network has no class for a character."""
    text = normalise_text(text)
    label = alphabet.encode_text(text)
    made = features.compute_features(strips)
    return TrainingLine(kind, text, tuple(label), made) if label and made else None


def _decode(data: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> GrayImage:
    """Return the strip of a picture."""
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
