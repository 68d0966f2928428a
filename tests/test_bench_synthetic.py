"""Synthetic lines: type that fonts have, set and worn as a paper's, in the paper's characters."""

from dataclasses import astuple, replace

import numpy as np
import pytest

from benchmarks.synthetic import type_fonts
from benchmarks.synthetic.ink_wear import (
    FINE,
    LEAST,
    MOST,
    Wear,
    fit_wears,
    measure_looks,
    wear_type,
)
from benchmarks.synthetic.synthetic_lines import LineMaker, LineStyle
from benchmarks.synthetic.synthetic_texts import TextWriter
from benchmarks.synthetic.type_fonts import DRAWN, TypeFont, find_type_fonts
from benchmarks.synthetic.type_setting import TypeSize, set_lines
from newspage.config import EngineConfig
from newspage.engine.factory import make_engine
from newspage.engine.models import find_networks, load_weights
from newspage.engine.onnx_weights import read_weights
from newspage.training.line_texts import LabelCodec
from newspage.training.neck import Neck, NeckNames
from newspage.training.strip_features import FeatureComputer
from newspage.training.training_lines import count_characters, measure_errors

KNOWN = ["軍隊襲擊卽爲所敗", "隊長告吿國軍來電", "上海、漢口，二十三日"]
SIZE = TypeSize(across=30.0, width=26.0, pitch=27.0, gap=40.0)
PLAIN = Wear(0.0, 0.0, 0.02, 20.0, 240.0, 0.0, 1.0, 0.02, 0.0)


@pytest.fixture(scope="module")
def font() -> TypeFont:
    """A font with traditional characters."""
    if not type_fonts._list_installed():
        pytest.skip("no font with newspapers' type: scripts/install-debian.sh")
    return next(f for f in find_type_fonts() if f.has_characters("".join(KNOWN)))


@pytest.fixture(scope="module")
def writer() -> TextWriter:
    """A writer that knows three lines twenty times, of which one character was misread."""
    read = [KNOWN[0].replace("襲", "雙"), *KNOWN[1:]]
    characters = [chr(c) for c in range(0x4E00, 0xA000)] + ["、", "，", ""]
    return TextWriter(20 * KNOWN, 20 * read, characters)


def test_fonts_draw_what_they_have(font: TypeFont) -> None:
    """A full character fills its em; what a font lacks is not drawn as a box."""
    drawn = font.draw_character("國")
    assert drawn is not None
    assert drawn.shape == (DRAWN, DRAWN)
    rows = np.flatnonzero(drawn.any(axis=1))
    assert abs(rows[0] + rows[-1] - DRAWN) <= 3
    assert len(rows) > 0.8 * DRAWN
    assert not font.has_characters("國\ue000")
    assert not font.has_characters("\u3000")


def test_fonts_that_are_missed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the packages that hold them."""
    monkeypatch.setattr(type_fonts, "_list_installed", list)
    with pytest.raises(SystemExit, match="fonts-oradano-mincho-gsrr"):
        find_type_fonts()


@pytest.mark.parametrize("vertical", [True, False])
def test_lines_stand_where_their_boxes_are(font: TypeFont, vertical: bool) -> None:
    """Each box is full of ink, and nothing else is: marks at the side of columns, below rows."""
    texts = ["軍隊襲擊、", "國軍"]
    random = np.random.default_rng(3)
    sheet = set_lines(texts, font, SIZE, vertical, 1.0, random)
    ink = sheet.ink.copy()
    for text, box in zip(texts, sheet.boxes, strict=True):
        left, top, right, bottom = (
            round(FINE * v) for v in (box.left, box.top, box.right, box.bottom)
        )
        assert ink[top:bottom, left:right].mean() > 0.1
        length = box.height if vertical else box.width
        assert length == pytest.approx(len(text) * SIZE.pitch)
        ink[top:bottom, left:right] = 0
    assert not ink.any()
    first = sheet.boxes[0]
    cell = round(FINE * SIZE.pitch)
    right, bottom = round(FINE * first.right), round(FINE * first.bottom)
    mark = sheet.ink[bottom - cell : bottom, right - cell : right]
    ys, xs = np.nonzero(mark > 0.5)
    assert (xs.mean() > cell / 2) if vertical else (ys.mean() > cell / 2 - 1)


def test_wear_does_what_it_says(font: TypeFont) -> None:
    """Ink that spreads covers more, paper and ink have their greys, blur takes the edges."""
    ink = set_lines(["軍隊襲擊"], font, SIZE, True, 1.0, np.random.default_rng(0)).ink

    def worn(**changed: float) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
        """The type, worn plainly but for something."""
        return wear_type(ink, replace(PLAIN, **changed), SIZE.em, np.random.default_rng(5))

    assert np.array_equal(worn(), worn())
    assert worn().shape == tuple(side // FINE for side in ink.shape)
    assert np.median(worn(paper=200.0)) == pytest.approx(200, abs=2)
    assert worn(spread=0.03).mean() < worn().mean() < worn(spread=-0.02).mean()
    edges = [np.abs(np.diff(worn(blur=b).astype(float), axis=1)).max() for b in (0.02, 0.08)]
    assert edges[1] < 0.7 * edges[0]
    assert worn(grain=20.0)[:10].std() > 5 * worn()[:10].std()


def test_a_wear_is_found_again(font: TypeFont) -> None:
    """From pixels alone a wear is found that makes type look like each of two lines."""
    random = np.random.default_rng(1)
    column = set_lines(["軍隊襲擊國"], font, SIZE, True, 1.0, random).ink[80:-80, 80:-80]
    pale = replace(PLAIN, ink=100.0, paper=190.0, blur=0.07)
    looks = np.array([measure_looks(wear_type(column, w, SIZE.em, random)) for w in (PLAIN, pale)])
    found = fit_wears(looks, [(column, SIZE.em)], random, draws=160)
    assert found[0].wear.paper - found[1].wear.paper > 25
    for own, look in enumerate(found):
        again = measure_looks(wear_type(column, look.wear, SIZE.em, random))
        off = np.abs(looks - again).mean(axis=1)
        assert off[own] < 0.4 * off[1 - own]
        assert np.all(np.array(astuple(LEAST)) <= np.array(astuple(look.wear)))
        assert np.all(np.array(astuple(look.wear)) <= np.array(astuple(MOST)))


def test_texts_are_written_as_the_paper_writes(writer: TextWriter) -> None:
    """In its script and its forms; what was misread, and looks like something else, oftener."""
    random = np.random.default_rng(0)
    lines = [writer.write_line(12, random) for _ in range(300)]
    assert {line for line in lines if line in KNOWN} == set(KNOWN)
    text = "".join(line for line in lines if line not in KNOWN)
    assert not set("这说国為即") & set(text)
    assert set("爲、") <= set(text)
    assert text.count("襲") + text.count("雙") > 5 * (text.count("軍") + text.count("客"))
    again = np.random.default_rng(0)
    assert lines == [writer.write_line(12, again) for _ in range(300)]


@pytest.mark.engine
def test_lines_are_cut_as_they_are_read(font: TypeFont, writer: TextWriter) -> None:
    """Hardly worn they are read nearly without a fault; fewer lines are the first of more."""
    engine = make_engine(EngineConfig(), 1)
    data, names = load_weights(find_networks(EngineConfig()).recogniser), NeckNames()
    codec = LabelCodec(engine.characters)
    features = FeatureComputer(data, names, 1)
    maker = LineMaker(engine, features, codec, [LineStyle(SIZE, 8, PLAIN, font)], True, writer)
    lines = maker.make_lines(5, 4)
    assert len(lines) == 5
    assert all(len(line.strips) == 2 for line in lines)
    errors = measure_errors(lines, Neck(read_weights(data), names), codec)
    assert errors.sum() < 0.15 * count_characters(lines).sum()
    assert [line.text for line in maker.make_lines(3, 4)] == [line.text for line in lines[:3]]
