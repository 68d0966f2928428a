"""The straight line: a page goes in, a record comes out, its places are those of the scan."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from newspage.config import Config, EnhanceConfig, RecogniseConfig
from newspage.engine import FoundLine, LightReader, Reading
from newspage.engine.layout_model import LayoutModel
from newspage.geometry import Box
from newspage.lattice import Lattice
from newspage.model import AreaKind, GrayImage, LayoutPrediction, PageImage, PageRecord, Scan
from newspage.page import pipeline
from newspage.page.pipeline import read_page
from newspage.record import decode_record, encode_record

EM = 24
PITCH = 26
LEFT, TOP = 120, 160
COLUMNS = ((0, 20), (620, 20))
ROWS = 16
SIZE = (1400, 1000)


class RowEngine:
    """Finds rows of ink and reads every lump of ink in them as one character."""

    name = "rows 1.0"
    characters: Sequence[str] = ("", "文")

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        """One line a row of ink and column of print."""
        ink = (image < 128).astype(np.uint8)
        lumps = cv2.dilate(ink, np.ones((1, EM), np.uint8))
        count, _, stats, _ = cv2.connectedComponentsWithStats(lumps)
        lines = []
        for x, y, width, height, area in stats[1:count].tolist():
            if area > EM * EM:
                x, width = x + EM // 2, width - EM
                box = Box(x, y, x + width, y + height)
                lines.append(FoundLine(box.polygon, 0.9))
        return lines

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        """One character a lump."""
        return [self._read(strip) for strip in strips]

    def _read(self, strip: GrayImage) -> Reading:
        ink = np.pad((strip < 128).any(axis=0).astype(np.int8), 1)
        starts, ends = (np.flatnonzero(np.diff(ink) == step) for step in (1, -1))
        width = strip.shape[1]
        return _reading(np.stack([starts, ends], axis=1) / width, width)


def _reading(spans: NDArray[np.float64], width: int) -> Reading:
    steps = max(1, width // 8)
    lattice = Lattice(
        np.zeros((steps, 1), np.int32),
        np.zeros((steps, 1), np.float16),
        np.linspace(0, 1, steps, dtype=np.float32),
    )
    return Reading(
        ("国",) * len(spans),
        np.full(len(spans), 0.9, np.float32),
        spans.astype(np.float32),
        lattice,
    )


def cells() -> NDArray[np.float64]:
    """The middle of every glyph of the upright page."""
    return np.array(
        [
            (LEFT + offset + PITCH * i + EM / 2, TOP + 40 * row + EM / 2)
            for offset, count in COLUMNS
            for row in range(ROWS)
            for i in range(count)
        ]
    )


def draw(angle: float = 0.0) -> tuple[GrayImage, NDArray[np.float64]]:
    """Two columns of glyphs, turned by some degrees, and where the glyphs are."""
    width, height = SIZE
    page = np.full((height, width), 255, np.uint8)
    for x, y in cells().astype(int):
        page[y - EM // 2 + 2 : y + EM // 2 - 2, x - EM // 2 + 2 : x + EM // 2 - 2] = 20
        page[y - 4 : y + 4, x - 4 : x + 4] = 255
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    turned = cv2.warpAffine(page, matrix, SIZE, borderValue=255, flags=cv2.INTER_AREA)
    return turned, cells() @ matrix[:, :2].T + matrix[:, 2]


@dataclass(frozen=True, slots=True)
class Onlooker:
    """A layout model that says what it was told to say, and how large the page was."""

    said: tuple[LayoutPrediction, ...] = ()
    pages: list[tuple[int, ...]] = field(default_factory=list)
    name: str = "onlooker"

    def predict_areas(self, image: GrayImage) -> tuple[LayoutPrediction, ...]:
        self.pages.append(image.shape)
        return self.said


def read(pixels: GrayImage, layout_model: LayoutModel | None = None) -> PageRecord:
    """The record of a picture."""
    height, width = pixels.shape
    scan = Scan(Path("a.png"), "", width, height)
    config = replace(Config(), enhance=EnhanceConfig(turn="0"))
    return read_page(PageImage(scan, pixels), RowEngine(), config, layout_model)


def glyph_boxes(record: PageRecord) -> dict[tuple[str, int], Box]:
    """The box of every glyph, by line and index."""
    lines = [*(x for region in record.page.regions for x in region.lines), *record.page.unplaced]
    return {(line.id, i): g.box for line in lines for i, g in enumerate(line.glyphs)}


@pytest.mark.parametrize("angle", [0.0, 2.5, -3.0])
def test_glyphs_are_where_they_are_printed(angle: float) -> None:
    """However the page lies on the scan: each box is on its glyph, and no glyph is left out."""
    pixels, truth = draw(angle)
    boxes = list(glyph_boxes(read(pixels)).values())
    middles = np.array([box.center for box in boxes])
    apart = np.hypot(*(middles[:, None] - truth[None]).transpose(2, 0, 1))
    assert (apart.min(axis=1) < EM / 3).all()
    assert (apart.min(axis=0) < EM / 3).mean() > 0.99


def test_every_character_has_a_home() -> None:
    """Each character of the clean text leads to a glyph of a line."""
    record = read(draw()[0])
    boxes = glyph_boxes(record)
    chars = [
        char
        for article in record.articles
        for text in (article.title, article.byline, *(p.chars for p in article.paragraphs))
        for char in text
    ]
    chars += [char for furniture in record.furniture for char in furniture.chars]
    assert chars
    assert all((char.line, char.glyph) in boxes for char in chars)


def test_the_record_tells_how_it_was_made() -> None:
    """Every step in order, the engine by name; and it can be written and read."""
    record = read(draw(1.0)[0])
    steps = {step.name: step for step in record.steps}
    order = ["enhance", "split_fold", "detect", "recognise", "pictures", "layout", "assemble"]
    order += ["correct", "on_scan"]
    assert [name for name in steps if name != "newspage"] == order
    assert steps["newspage"].details["engine"] == "rows 1.0"
    assert steps["correct"].details["lines_read_again"] == "0"
    assert float(steps["on_scan"].details["rotation"]) == pytest.approx(1.0, abs=0.2)
    assert all(step.seconds >= 0 for step in record.steps)
    bare = tuple(replace(step, seconds=0.0) for step in record.steps)
    assert decode_record(encode_record(record)) == decode_record(
        encode_record(replace(record, steps=bare))
    )


def test_the_record_tells_which_network_read_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """In its steps and at each line; where all is read in full, nothing is said."""
    same = np.arange(len(RowEngine.characters), dtype=np.int32)
    monkeypatch.setattr(
        pipeline, "make_light_reader", lambda engine: LightReader(engine, "light", same)
    )
    pixels = draw()[0]
    scan = Scan(Path("a.png"), "", pixels.shape[1], pixels.shape[0])
    fast = Config(enhance=EnhanceConfig(turn="0"), recognise=RecogniseConfig(quality="fast"))
    lightly, full = read_page(PageImage(scan, pixels), RowEngine(), fast), read(pixels)
    count = len(full.page.lines)
    (said,) = [s.details for s in lightly.steps if s.name == "recognise"]
    assert said == {"light network": "light", "lines read lightly": f"{count} of {count}"}
    assert all(line.read_lightly for line in decode_record(encode_record(lightly)).page.lines)
    assert [s.details for s in full.steps if s.name == "recognise"] == [{}]
    assert b'"light"' not in encode_record(full)


def test_a_layout_model_is_one_witness_more() -> None:
    """It looks at the straightened page, and is named in the record, which is else the same.

    Neither one that sees nothing nor one that takes the page for a picture changes what was read.
    """
    pixels = draw(2.5)[0]
    alone = read(pixels)
    whole = Box(0, 0, pixels.shape[1], pixels.shape[0])
    for said in ((), (LayoutPrediction(whole, AreaKind.PICTURE, 1.0),)):
        model = Onlooker(said)
        record = read(pixels, model)
        assert len(model.pages) == 1
        steps = {step.name: step for step in record.steps}
        assert steps["look"].details["layout model"] == "onlooker"
        assert "look" not in {step.name for step in alone.steps}
        assert replace(record, steps=()) == replace(alone, steps=())


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_empty_page_is_no_failure(shade: int) -> None:
    """It has a record without articles, which says so."""
    record = read(np.full((1200, 900), shade, np.uint8))
    assert record.articles == ()
    assert record.problems
    assert decode_record(encode_record(record)).page.regions == ()
