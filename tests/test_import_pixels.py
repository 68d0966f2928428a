"""An imported text beside its scan: the pixels confirm what the words suspect, and find more."""

import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from newspage.config import Config
from newspage.engine import Engine
from newspage.engine.factory import make_engine
from newspage.formats.document import PageDocument
from newspage.formats.exporters import render_page
from newspage.importing.text_check import check_by_scan, check_words
from newspage.ingest import load_page, open_pages
from newspage.model import CorrectionStatus, PageImage, PageRecord
from newspage.page.pipeline import read_page
from newspage.record import decode_record, encode_record
from tests.foreign_pages import KRAKEN, SCAN
from tests.importing import import_bytes
from tests.toy_engine import ToyEngine

SEED = 3
PLANTED = 12


def test_a_scan_of_something_else_is_noticed() -> None:
    """Then the words alone are asked, and people are told."""
    reading = import_bytes(KRAKEN, "alto", SCAN).reading
    image = PageImage(SCAN, np.full((SCAN.height, SCAN.width), 255, np.uint8))
    checked = check_by_scan(reading, image, ToyEngine(), Config())
    assert [p.message.partition(";")[0] for p in checked.problems] == [
        "What is printed at the places of its lines is not its text"
    ]
    assert checked.corrections == check_words(reading, Config()).corrections


@pytest.fixture(scope="module", name="engine")
def _engine() -> Engine:
    return make_engine(Config().engine)


@pytest.fixture(scope="module", name="sample")
def _sample(engine: Engine) -> tuple[PageImage, PageRecord]:
    """A sample page with what is read on it."""
    path = Path(__file__).resolve().parents[1] / "scans" / "qingdu-2024-03-18" / "p3.jpg"
    (scan,) = open_pages(path)
    image = load_page(scan)
    return image, decode_record(encode_record(read_page(image, engine, Config())))


def plant(text: str, chance: random.Random) -> tuple[str, list[tuple[str, str]]]:
    """An ALTO document with wrong characters in it, each with the right one."""
    strings = re.findall(r'<String [^>]*CONTENT="([^"]{8,})"', text)
    planted = []
    for content in chance.sample(strings, PLANTED):
        places = [i for i, c in enumerate(content) if "一" <= c <= "龥"]
        if not places or text.count(f'CONTENT="{content}"') > 1:
            continue
        at = chance.choice(places)
        wrong = chance.choice("猫狗鱼鸟龙虎豹象")
        spoilt = content[:at] + wrong + content[at + 1 :]
        text = text.replace(f'CONTENT="{content}"', f'CONTENT="{spoilt}"')
        planted.append((wrong, content[at]))
    return re.sub(r"<Glyph .*?>", "", text.replace("</Glyph>", "")), planted


@pytest.mark.engine
def test_wrong_characters_are_found_on_the_scan(
    engine: Engine, sample: tuple[PageImage, PageRecord]
) -> None:
    """Most of them, hardly anything else, and none is changed by itself."""
    image, record = sample
    data = render_page(PageDocument(record, "p3"), "alto").decode()
    spoilt, planted = plant(data, random.Random(SEED))
    assert len(planted) > PLANTED // 2
    reading = import_bytes(spoilt, "alto", image.scan).reading
    checked = check_by_scan(reading, image, engine, Config())
    found = [(c.original, c.proposed) for c in checked.corrections]
    assert len([pair for pair in planted if pair in found]) >= 0.8 * len(planted)
    assert len([pair for pair in found if pair not in planted]) <= 2
    assert {c.status for c in checked.corrections} == {CorrectionStatus.PROPOSED}
    assert len(check_words(reading, Config()).corrections) < len(planted) / 2


@pytest.mark.engine
def test_a_sample_page_comes_back(sample: tuple[PageImage, PageRecord]) -> None:
    """With the places and corrections of a real page."""
    _, record = sample
    for name in ("alto", "page", "hocr"):
        document = PageDocument(record, "p3")
        first = render_page(document, name)
        again = import_bytes(first, name, record.page.scan)
        assert render_page(replace(document, record=again), name) == first
