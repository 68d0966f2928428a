"""The real networks: both engines read a sample page, and read it alike."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from newspage.config import EngineConfig
from newspage.engine import Engine
from newspage.engine.factory import make_engine
from newspage.errors import ConfigError
from newspage.geometry import bound_points
from newspage.model import GrayImage

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def openvino() -> Engine:
    """OpenVINO with the networks that come along."""
    return make_engine(EngineConfig(engine="openvino"), threads=2)


@pytest.fixture(scope="module")
def paddle(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """PaddleOCR's runner with the same."""
    cache = str(tmp_path_factory.mktemp("cache"))
    return make_engine(EngineConfig(engine="paddle", device="cpu", cache_dir=cache), threads=2)


@pytest.fixture(scope="module")
def page(repository: Path) -> GrayImage:
    """The upper part of a sample page."""
    file = repository / "scans" / "qingdu-2024-03-18" / "p3.jpg"
    pixels = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    return np.asarray(pixels[:1400], np.uint8)


def strips_of(page: GrayImage, engine: Engine) -> list[GrayImage]:
    """Some of the lines found, cut out with a little margin."""
    boxes = [
        bound_points(f.polygon).grown(3).clipped(page.shape[1], page.shape[0])
        for f in engine.find_lines(page)
    ]
    wide = [b for b in boxes if b.width > 6 * b.height][:12]
    return [page[int(b.top) : int(b.bottom), int(b.left) : int(b.right)] for b in wide]


def test_both_engines_find_and_read_alike(
    openvino: Engine, paddle: Engine, page: GrayImage
) -> None:
    """The same weights: nearly all characters agree, and so do their places."""
    assert openvino.characters == paddle.characters
    strips = strips_of(page, openvino)
    assert len(strips) == 12
    same = 0
    for a, b in zip(openvino.read_lines(strips), paddle.read_lines(strips), strict=True):
        if a.text == b.text:
            same += 1
            assert np.abs(a.spans - b.spans).max() < 0.03
    assert same >= 10


def test_the_lattice_tells_what_was_read(openvino: Engine, page: GrayImage) -> None:
    """Its best path is the text, its probabilities are sorted and none is above one."""
    for read in openvino.read_lines(strips_of(page, openvino)):
        best = read.lattice.classes[:, 0]
        path = [
            openvino.characters[c] for c in best[np.flatnonzero(np.diff(best, prepend=-1))] if c
        ]
        assert tuple(path) == read.text
        assert (np.diff(read.lattice.log_probs.astype(np.float32), axis=1) <= 0).all()
        assert np.exp(read.lattice.log_probs.astype(np.float32)).sum(axis=1).max() < 1.01
        assert read.lattice.classes.shape[1] >= 8


def test_classes_that_are_asked_for_are_in_the_lattice(
    openvino: Engine, paddle: Engine, page: GrayImage
) -> None:
    """At every step, with the same probability as where they are among the best; both engines."""
    strips = strips_of(page, openvino)[:3]
    first, *_ = openvino.read_lines(strips)
    also = [openvino.characters.index(c) for c in (*first.text[:2], "鬱")]
    for engine in (openvino, paddle):
        for read in engine.read_lines(strips, also):
            best, asked = read.lattice.classes[:, :-3], read.lattice.classes[:, -3:]
            assert (asked == also).all()
            log_probs = read.lattice.log_probs.astype(np.float32)
            steps, ranks, columns = np.nonzero(best[:, :, None] == asked[:, None, :])
            assert np.array_equal(log_probs[steps, ranks], log_probs[steps, columns - 3])
            assert log_probs[:, -1].max() < -5
        again = engine.read_lines(strips[:1], also)[0].lattice
        assert again.log_probs[:, -3:-1].max() > -0.1


def test_an_unknown_device_is_refused() -> None:
    """Before anything is loaded."""
    with pytest.raises(ConfigError, match="tpu"):
        make_engine(EngineConfig(engine="paddle", device="tpu"))


def test_what_is_unsure_is_read_at_full_precision(page: GrayImage) -> None:
    """Print made faint and noisy: the very readings of the engine without 8 bits.

    The arithmetic is named, because `auto` reads in bf16 on processors that have it.
    """
    quick = make_engine(EngineConfig(engine="openvino", precision="int8"), threads=2)
    exact = make_engine(EngineConfig(engine="openvino", precision="f32"), threads=2)
    random = np.random.default_rng(3)
    worn = [
        np.clip(190 + s.astype(np.int16) // 6 + random.normal(0, 16, s.shape), 0, 255).astype(
            np.uint8
        )
        for s in strips_of(page, exact)
    ]
    for a, b in zip(quick.read_lines(worn), exact.read_lines(worn), strict=True):
        assert a.text == b.text
        assert np.allclose(a.confidences, b.confidences, atol=1e-3)


def test_clean_print_reads_the_same_in_8_bits(page: GrayImage) -> None:
    """Same characters in the same places."""
    quick = make_engine(EngineConfig(engine="openvino", precision="int8"), threads=2)
    exact = make_engine(EngineConfig(engine="openvino", precision="f32"), threads=2)
    strips = strips_of(page, exact)
    for a, b in zip(quick.read_lines(strips), exact.read_lines(strips), strict=True):
        assert a.text == b.text
        assert np.abs(a.spans - b.spans).max() < 0.03
