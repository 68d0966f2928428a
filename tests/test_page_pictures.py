"""A picture in print, through the real networks: an engraving over a sample page."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.pages.pictures import engraving
from newspage.config import Config
from newspage.engine.factory import make_engine
from newspage.geometry import Box
from newspage.model import HEADLINE_KINDS, PageRecord
from newspage.page.pipeline import read_page
from tests.sheets import page_of

SCAN = Path(__file__).resolve().parents[1] / "scans" / "yunbu-2024-04-12" / "p4.jpg"
AREA = Box(500, 1000, 1700, 1700)
EM = 29


@pytest.fixture(scope="module")
def record() -> PageRecord:
    """The page, read once."""
    pixels = cv2.imread(str(SCAN), cv2.IMREAD_GRAYSCALE)
    assert pixels is not None
    paper = int(np.median(pixels))
    around = AREA.grown(EM)
    pixels[int(around.top) : int(around.bottom), int(around.left) : int(around.right)] = paper
    picture = engraving(5, int(AREA.width), int(AREA.height), EM)
    left, top, right, bottom = (int(v) for v in (AREA.left, AREA.top, AREA.right, AREA.bottom))
    pixels[top:bottom, left:right] = np.minimum(picture, paper)
    config = Config()
    return read_page(page_of(pixels), make_engine(config.engine, 2), config)


@pytest.mark.engine
def test_it_is_one_picture_without_rules(record: PageRecord) -> None:
    """As large as it is, and none of its edges is left on the page."""
    pictures = [p for p in record.page.pictures if p.intersection(AREA)]
    assert len(pictures) == 1
    assert pictures[0].share_inside(AREA.grown(1.5 * EM)) == pytest.approx(1, abs=0.01)
    assert AREA.share_inside(pictures[0]) > 0.9
    rules = [r.box for r in record.page.separators]
    assert not [r for r in rules if r.grown(1).share_inside(AREA) > 0.5]


@pytest.mark.engine
def test_no_article_begins_in_it(record: PageRecord) -> None:
    """Nothing inside it is part of one, and no headline was read by guessing."""
    for region in record.page.regions:
        if region.article is not None:
            assert not [x for x in region.lines if x.box.share_inside(AREA) > 0.5]
        if region.article is not None and region.kind in HEADLINE_KINDS:
            assert all(line.confidence >= 0.6 for line in region.lines)
