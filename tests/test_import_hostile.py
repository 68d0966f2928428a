"""Files that are broken, or meant to break: named, refused, and never more than an error."""

import random
import re
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from newspage.errors import InputError, NewspageError, RefusedError
from newspage.formats.document import PageDocument
from newspage.formats.exporters import render_page
from newspage.importing import page_builder
from newspage.model import PageRecord
from newspage.sources import source_reader
from tests.foreign_pages import ABBYY, DOCWORKS, KRAKEN, OCRD, SCAN, TAGGED, TESSERACT, TRANSKRIBUS
from tests.importing import import_bytes
from tests.test_formats_interchange import page_of_everything

LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(10))
"""A thousand million laughs."""


def refused(data: bytes | str, name: str = "alto") -> str:
    """Why a document is refused; the message names the file."""
    with pytest.raises(InputError) as caught:
        import_bytes(data, name, SCAN)
    assert "foreign.xml" in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize(
    "declared",
    [
        LAUGHS,
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY x SYSTEM "http://192.0.2.1/x">',
        '<!ENTITY % x SYSTEM "http://192.0.2.1/x"> %x;',
    ],
)
def test_entities_are_refused(declared: str, encoding: str) -> None:
    """In the text and in attributes, whatever they stand for, before anything is made of them."""
    body = KRAKEN.replace('encoding="UTF-8"', f'encoding="{encoding}"')
    evil = body.replace("?>", f"?><!DOCTYPE alto [{declared}]>").replace("甲乙", "&x;&l9;")
    with pytest.raises(RefusedError, match=r"foreign\.xml: declares entities"):
        import_bytes(evil.encode(encoding), "alto", SCAN)


def test_entities_are_refused_in_html_as_well() -> None:
    """Where a file that is no XML is read as HTML."""
    evil = f"<!DOCTYPE html [{LAUGHS}]><div class=ocr_page>&l9;"
    assert "declares entities" in refused(evil, "hocr")


def test_an_entity_that_nobody_explains_is_named() -> None:
    """A DTD somewhere else is not fetched for it."""
    evil = OCRD.replace("?>", '?><!DOCTYPE PcGts SYSTEM "http://192.0.2.1/x.dtd">', 1)
    assert "entity &who;" in refused(evil.replace("短讯", "&who;"), "page")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("{}", "is no well-formed XML"),
        ("<alto>", "is no well-formed XML"),
        (b"<alto>\xff\xfe</alto>", "is no well-formed XML"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "is no well-formed XML"),
        ('<?xml version="1.0" encoding="klingon"?><alto/>', "is no well-formed XML"),
        ("<alto/>", "is no ALTO with a page"),
        ("<mets><alto/></mets>", "is no ALTO with a page"),
        (OCRD, "is no ALTO with a page"),
        ("<a>" * 240 + "</a>" * 240, "inside each other"),
        ("<a>" * 10_000, "is no well-formed XML"),
        (KRAKEN.replace("pixel", "furlong"), "furlong"),
    ],
)
def test_what_is_no_alto_is_said(data: bytes | str, said: str) -> None:
    """In one line, with the file."""
    message = refused(data)
    assert said in message
    assert "\n" not in message


def test_the_other_formats_say_so_too() -> None:
    """With the root that was found instead."""
    assert "is no PAGE XML" in refused(KRAKEN, "page")
    assert "is no hOCR" in refused(KRAKEN, "hocr")
    assert "is no hOCR" in refused(b"\x00\x01", "hocr")


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elements are counted before they are parsed."""
    monkeypatch.setattr(source_reader, "MAX_ELEMENTS", 20)
    with pytest.raises(RefusedError, match="more elements than any page"):
        import_bytes(KRAKEN, "alto", SCAN)


def test_too_many_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paragraphs are found by comparing all lines of a page."""
    monkeypatch.setattr(page_builder, "MAX_LINES", 2)
    with pytest.raises(RefusedError, match="more than 2 lines"):
        import_bytes(KRAKEN, "alto", SCAN)


@pytest.mark.parametrize(
    "number", ["NaN", "inf", "-1e309", "1e999", "9" * 5000, "0x10", "", "١٢", "1,5", "--1", "1e"]
)
def test_impossible_numbers_are_none(number: str) -> None:
    """The line still has its text, where the words beside it say that it is."""
    evil = re.sub('(?<=<TextLine ID="line_1" HPOS=")50', number, KRAKEN)
    assert evil != KRAKEN
    record = import_bytes(evil, "alto", SCAN)
    (line, *_) = record.page.regions[0].lines
    assert line.text == "甲乙丙"
    assert line.box.left == 50.0


@pytest.mark.parametrize("place", ["-5000", "9999999", "1e6"])
def test_places_beside_the_scan_are_cut_or_refused(place: str) -> None:
    """One line beside it is a problem that is shown; most of them are the wrong scan."""
    evil = KRAKEN.replace('ID="line_2" HPOS="50"', f'ID="line_2" HPOS="{place}"')
    record = import_bytes(evil, "alto", SCAN)
    assert [p.message for p in record.problems] == ["Places outside the scan: 1 line."]
    for region in record.page.regions:
        for line in region.lines:
            assert 0 <= line.box.left <= line.box.right <= SCAN.width
    evil = re.sub('HPOS="[0-9]+"', f'HPOS="{place}"', KRAKEN)
    assert "outside the scan" in refused(evil)


def test_another_shape_than_the_scan_is_refused() -> None:
    """A scan of another page, or one that lies on its side."""
    with pytest.raises(InputError, match=r"foreign\.xml: is about a page of 600 x 800, the scan"):
        import_bytes(KRAKEN, "alto", replace(SCAN, width=800, height=600))


def test_identifiers_that_are_given_twice_are_parted() -> None:
    """And those that would not do in a record are given anew."""
    evil = KRAKEN.replace("line_2", "line_1").replace("region_a2", "region_a1")
    evil = evil.replace('ID="line_3"', f'ID="{"x" * 5000}"')
    record = import_bytes(evil, "alto", SCAN)
    names = [line.id for region in record.page.regions for line in region.lines]
    assert len(set(names)) == len(names) == 3
    assert max(map(len, names)) < 100
    assert len({region.id for region in record.page.regions}) == 2
    render_page(PageDocument(record), "alto")


def test_long_lines_take_no_longer_than_they_are() -> None:
    """A hundred thousand characters, and an outline of as many corners."""
    corners = " ".join(f"{i % 600},{i % 800}" for i in range(100_000))
    evil = OCRD.replace("表格", "长" * 100_000)
    evil = evil.replace("300,300 400,300 400,350 300,350", corners)
    start = time.monotonic()
    import_bytes(evil, "page", SCAN)
    assert time.monotonic() - start < 60


Mutate = Callable[[random.Random, bytes], bytes]


def _flip(chance: random.Random, data: bytes) -> bytes:
    """Change some bytes."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(chance: random.Random, data: bytes) -> bytes:
    """End in the middle."""
    return data[: chance.randrange(len(data))]


def _drop(chance: random.Random, data: bytes) -> bytes:
    """Leave elements out."""
    tags = list(re.finditer(rb"<[^>]*>", data))
    gone = {int(chance.random() * len(tags)) for _ in range(chance.randint(1, 4))}
    pieces, at = [], 0
    for number, tag in enumerate(tags):
        if number in gone:
            pieces.append(data[at : tag.start()])
            at = tag.end()
    return b"".join([*pieces, data[at:]])


def _swap(chance: random.Random, data: bytes) -> bytes:
    """Give attributes values of others, or none that anybody would write."""
    values: list[bytes] = re.findall(rb'="([^"]*)"', data) or [b""]
    odd = [b"", b"-1", b"1e9", b"NaN", b"9" * 400, b"0 0 0", b"x" * 500, b"\xe7\x94\xb2", b"&#10;"]
    share = chance.choice([0.02, 0.2, 0.7])

    def change(found: re.Match[bytes]) -> bytes:
        """Another value, now and then."""
        if chance.random() > share:
            return bytes(found[0])
        return b'="' + chance.choice([chance.choice(values), chance.choice(odd)]) + b'"'

    return bytes(re.sub(rb'="[^"]*"', change, data))


def _double(chance: random.Random, data: bytes) -> bytes:
    """Say things twice, or in another place."""
    start, end = sorted(chance.randrange(len(data)) for _ in range(2))
    at = chance.randrange(len(data))
    return data[:at] + data[start:end] + data[at:]


def _rename(chance: random.Random, data: bytes) -> bytes:
    """Call elements like others."""
    names = list(dict.fromkeys(re.findall(rb"<([A-Za-z:]+)", data)))
    if not names:
        return data
    one, other = chance.choice(names), chance.choice(names)
    return re.sub(rb"(</?)" + one + rb"\b", rb"\1" + other, data)


MUTATIONS: list[Mutate] = [_flip, _cut, _drop, _swap, _double, _rename]
SEEDS = range(40)


def originals() -> list[tuple[str, str]]:
    """Documents with their formats: foreign ones, and our own."""
    record = page_of_everything()
    own = [
        (render_page(PageDocument(record), name).decode(), name)
        for name in ("alto", "page", "hocr")
    ]
    foreign = [(text, "alto") for text in (KRAKEN, ABBYY, DOCWORKS, TAGGED)]
    return [*own, *foreign, (TRANSKRIBUS, "page"), (OCRD, "page"), (TESSERACT, "hocr")]


def imported_or_refused(data: bytes, name: str) -> PageRecord | None:
    """The page of a document; None where it is refused with the name of its file."""
    try:
        return import_bytes(data, name, SCAN)
    except NewspageError as error:
        if "foreign.xml" not in str(error):
            raise
        return None


@pytest.mark.parametrize("seed", SEEDS)
def test_no_mutation_makes_more_than_an_error(seed: int) -> None:
    """Ten documents for each seed: imported and exported again, or refused with the file's name."""
    chance = random.Random(seed)
    for text, name in originals():
        data = text.encode()
        for _ in range(chance.randint(1, 2)):
            data = chance.choice(MUTATIONS)(chance, data) or b"<"
        record = imported_or_refused(data, name)
        if record is not None:
            for other in ("alto", "page", "hocr", "txt", "md"):
                render_page(PageDocument(record), other)
