"""Page records: what is written can be read again, and what cannot be read is said clearly."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.correction_evidence import Evidence
from newspage.edits.clean_text import derive_page
from newspage.edits.edit_script import record_removed
from newspage.edits.flat_text import flatten_article
from newspage.geometry import Box
from newspage.model import (
    ArticlePart,
    ArticleRecord,
    Char,
    Correction,
    CorrectionStatus,
    Direction,
    Furniture,
    Glyph,
    Join,
    JoinKind,
    PageLayout,
    PageReading,
    PageRecord,
    Paragraph,
    Problem,
    ProcessingStep,
    Region,
    RegionKind,
    Scan,
    Separator,
    TextLine,
)
from newspage.record import RecordError, decode_record, encode_record, read_record
from newspage.record.provenance import pack_chars, unpack_chars
from newspage.record.record_schema import GlyphRun
from tests.decided_pages import read_otherwise
from tests.fakes import record_of

SCAN = Scan(Path("../scans/a.png"), "ab" * 32, 100, 200)

names = st.text("abc123", min_size=1, max_size=3)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
numbers = st.integers(0, 99999).map(lambda n: n / 10)
probabilities = st.integers(0, 1000).map(lambda n: n / 1000)
directions = st.sampled_from(Direction)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """Boxes on a grid of a tenth of a pixel."""
    left, right = sorted((draw(numbers), draw(numbers)))
    top, bottom = sorted((draw(numbers), draw(numbers)))
    return Box(left, top, right, bottom)


polygons = st.lists(st.tuples(numbers, numbers), max_size=4).map(tuple)
glyphs = st.builds(Glyph, words, boxes(), probabilities)
lines = st.builds(
    TextLine,
    id=names,
    box=boxes(),
    direction=directions,
    polygon=polygons,
    size=numbers,
    reversed=st.booleans(),
    read_lightly=st.booleans(),
    glyphs=st.lists(glyphs, max_size=4).map(tuple),
    lattice=st.none(),
)
chars = st.lists(st.builds(Char, words, names, st.integers(0, 9)), max_size=6).map(tuple)
parts = st.none() | st.builds(ArticlePart, names, names, names)
articles = st.builds(
    ArticleRecord,
    id=names,
    kicker=chars,
    title=chars,
    deck=chars,
    byline=chars,
    paragraphs=st.lists(st.builds(Paragraph, chars), max_size=3).map(tuple),
    regions=st.lists(names, max_size=2).map(tuple),
    continues=st.none() | names,
    continued_from=st.none() | names,
    next_part=parts,
    previous_part=parts,
)
regions = st.builds(
    Region,
    id=names,
    kind=st.sampled_from(RegionKind),
    box=boxes(),
    lines=st.lists(lines, max_size=2).map(tuple),
    direction=directions,
    article=st.none() | names,
    polygon=polygons,
)
odds = st.none() | st.floats(-9, 9)
evidence = st.builds(
    Evidence,
    belief=odds,
    word_gain=odds,
    rarity=odds,
    compare_with=words,
    entry=words,
    source=words,
    entry_distance=odds,
    may_be_name=st.booleans(),
    order_unknown=st.booleans(),
    doubt=words,
    image_log_odds=odds,
    read_confidence=odds,
    details=st.dictionaries(names, st.floats(-9, 9) | words, max_size=2),
)


joins = st.builds(
    Join,
    names,
    st.sampled_from(JoinKind),
    names,
    names,
    st.floats(0, 1),
    st.booleans(),
    st.dictionaries(names, st.floats(-9, 9), max_size=2),
)
furniture = st.builds(Furniture, st.sampled_from(RegionKind), names, chars)
corrections = st.builds(
    Correction,
    names,
    names,
    names,
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
    words,
    words,
    st.floats(0, 1),
    st.sampled_from(CorrectionStatus),
    evidence,
    group=words,
    decided_by=words,
    overruled_by=words,
    machine_proposal=st.none() | words,
)


def some(kind: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[Any]:
    """A few of them."""
    return st.lists(kind, max_size=most).map(tuple)


@st.composite
def layouts(draw: st.DrawFn) -> PageLayout:
    """Any layout that could be written."""
    found = draw(st.lists(regions, max_size=3, unique_by=lambda r: r.id))
    return PageLayout(
        scan=draw(st.builds(replace, st.just(SCAN), dpi=st.none() | numbers)),
        regions=tuple(found),
        reading_order=tuple(draw(st.permutations([r.id for r in found]))),
        separators=draw(some(st.builds(Separator, boxes(), st.booleans(), polygons))),
        frames=draw(some(boxes())),
        pictures=draw(some(boxes())),
        unplaced=draw(some(lines)),
    )


@st.composite
def readings(draw: st.DrawFn, page: PageLayout) -> PageReading:
    """Any page as read: what the machine proposes fits its articles."""
    found = draw(st.lists(articles, max_size=2, unique_by=lambda a: a.id))
    proposed: list[Correction] = []
    for article in found:
        text = flatten_article(article)
        start = draw(st.integers(0, len(text.string)))
        end = draw(st.integers(start, len(text.string)))
        one = replace(draw(corrections), article=article.id, span=(start, end))
        proposed.append(record_removed(replace(one, original=text.string[start:end]), text.chars))
    return PageReading(
        page,
        tuple(article.without_links() for article in found),
        draw(some(furniture)),
        draw(some(joins)),
        tuple(proposed),
    )


@st.composite
def records(draw: st.DrawFn) -> PageRecord:
    """Any record that could be written: of a page as read, or with anything laid upon it."""
    page = draw(layouts())
    problems = draw(some(st.builds(Problem, names, words)))
    steps = draw(
        some(
            st.builds(
                ProcessingStep, names, st.just(0.0), st.dictionaries(names, words, max_size=2)
            )
        )
    )
    reading = draw(readings(page))
    if draw(st.booleans()):
        return derive_page(reading, problems, steps)
    kinds = st.sampled_from(RegionKind)
    changed = [replace(r, kind=draw(kinds), article=draw(st.none() | names)) for r in page.regions]
    order = tuple(draw(st.permutations(page.reading_order)))
    return PageRecord(
        reading,
        draw(st.just(page) | st.just(replace(page, regions=tuple(changed), reading_order=order))),
        draw(st.just(reading.articles) | some(articles)),
        draw(st.just(reading.furniture) | some(furniture)),
        draw(st.just(reading.joins) | some(joins)),
        draw(st.just(reading.corrections) | some(corrections)),
        problems,
        steps,
    )


@settings(max_examples=150, deadline=None)
@given(records())
def test_what_is_written_is_read_back_equal(record: PageRecord) -> None:
    """Record to JSON to record is the identity, and so is the way round from the bytes."""
    data = encode_record(record)
    assert decode_record(data) == record
    assert encode_record(decode_record(data)) == data


@given(chars)
def test_provenance_keeps_every_character(text: tuple[Char, ...]) -> None:
    """Text and runs give back each character with its line and glyph."""
    assert unpack_chars(*pack_chars(text)) == text


@pytest.mark.parametrize(
    "run",
    [
        GlyphRun("l1", 0, 10**30),
        GlyphRun("l1", 0, 10**12, 0),
        GlyphRun("l1", 0, 0),
        GlyphRun("l1", 0, -2, -1),
        GlyphRun("l1", 0, 1),
        GlyphRun("l1", 0, 3),
    ],
)
def test_glyphs_that_do_not_cover_the_text_are_refused(run: GlyphRun) -> None:
    """At once, however many a damaged record counts."""
    with pytest.raises(ValueError, match="provenance"):
        unpack_chars("甲乙", [run])


def test_provenance_is_compact() -> None:
    """A line read without change is one run, whatever its length."""
    text = tuple(Char(c, "l1", i) for i, c in enumerate("人民日报" * 20))
    assert len(pack_chars(text)[1]) == 1


def test_the_record_says_what_the_design_says() -> None:
    """The keys that other programs rely on."""
    record = record_of(SCAN, "正文。", "标题", continues="3")
    data = json.loads(encode_record(record))
    assert data["format"] == "newspage/2"
    assert set(data["scan"]) >= {"file", "sha256", "width", "height", "dpi"}
    (article,) = data["articles"]
    assert (article["title"], article["paragraphs"]) == ("标题", ["正文。"])
    assert (article["kicker"], article["deck"], article["byline"]) == ("", "", "")
    assert (article["continues"], article["continued_from"]) == ("3", None)
    assert {"furniture", "corrections"} <= set(data)


def test_every_character_leads_to_its_box() -> None:
    """By plain JSON: run, line, glyph, four numbers."""
    data = json.loads(encode_record(record_of(SCAN, "正文。", "标题")))
    lines = {line["id"]: line for region in data["regions"] for line in region["lines"]}
    (article,) = data["articles"]
    ((run,),) = article["provenance"]["paragraphs"]
    line = lines[run[0]]
    assert line["text"][run[1] : run[1] + run[2]] == article["paragraphs"][0]
    at = 4 * (run[1] + 1)
    assert line["glyphs"]["boxes"][at : at + 4] == [10.0, 20.0, 19.0, 30.0]


def test_times_are_no_part_of_a_record() -> None:
    """The same page gives the same bytes, however long it took."""
    record = record_of(SCAN, "正文")
    slower = replace(record, steps=tuple(replace(s, seconds=9.0) for s in record.steps))
    assert encode_record(record) == encode_record(slower)


def test_places_are_rounded_to_a_tenth() -> None:
    """More digits would be noise."""
    record = record_of(SCAN, "正文")
    rules = (Separator(Box(0.123456, 1, 2.987654, 3), vertical=True),)
    record = read_otherwise(record, page=replace(record.page, separators=rules))
    assert decode_record(encode_record(record)).page.separators[0].box == Box(0.1, 1, 3.0, 3)


@pytest.mark.parametrize("confidence", [float("nan"), float("inf")])
def test_a_confidence_that_is_no_number_counts_as_none(confidence: float) -> None:
    """A record stays readable whatever an engine answers."""
    record = record_of(SCAN, "文")
    region = record.page.regions[0]
    line = region.lines[0]
    glyph = replace(line.glyphs[0], confidence=confidence)
    region = replace(region, lines=(replace(line, glyphs=(glyph,)),))
    record = read_otherwise(record, page=replace(record.page, regions=(region,)))
    assert decode_record(encode_record(record)).page.regions[0].lines[0].glyphs[0].confidence == 0.0


BREAKS = {
    '"width":100': ('"width":"x"', "$.scan.width"),
    '"kind":"body"': ('"kind":"bodi"', "$.regions[0]"),
    '"box":[0,20.0': ('"box":[900.0,20.0', "$.regions[0]"),
    '"reading_order":["r2"]': ('"reading_order":["r9"]', "$.reading_order"),
    '"confidences":[0.9,0.9]': ('"confidences":[0.9]', "$.regions[0].lines[0].glyphs"),
    '"paragraphs":["正文"]': ('"paragraphs":["正"]', "$.articles[0].paragraphs[0]"),
    '"direction":"horizontal","article"': ('"direction":"up","article"', "up"),
}


@pytest.mark.parametrize("sound", BREAKS)
def test_a_damaged_record_is_refused_with_its_place(sound: str) -> None:
    """The message names the key at fault."""
    broken, place = BREAKS[sound]
    text = encode_record(record_of(SCAN, "正文")).decode()
    assert sound in text
    with pytest.raises(RecordError) as caught:
        decode_record(text.replace(sound, broken, 1).encode(), "a.json")
    assert place in caught.value.message
    assert caught.value.message.startswith("a.json")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"format": "newspage/3", "pages": []}', "newspage/3"),
        (b'{"format": "other"}', "no page record"),
        (b"[]", "no valid page record"),
        (b"", "no valid page record"),
        (b"\xff\xfe", "no valid page record"),
        (b'{"format": "newspage/2"}', "scan"),
        (b'{"format": "newspage/2", "x": ' + b"[" * 99_999, "no valid page record"),
        (b'{"x": ' + b"[" * 99_999 + b"]" * 99_999 + b"}", "no valid page record"),
    ],
)
def test_what_is_no_record_is_refused(data: bytes, said: str) -> None:
    """A newer format is told apart from another file."""
    with pytest.raises(RecordError, match=said):
        decode_record(data)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """With what to do."""
    with pytest.raises(RecordError, match="newspage run"):
        read_record(tmp_path / "none.json")


def test_further_keys_are_allowed() -> None:
    """A later version may write more; what this one knows is read."""
    record = record_of(SCAN, "正文")
    data = json.loads(encode_record(record)) | {"later": 1}
    assert decode_record(json.dumps(data).encode()) == replace(
        record, steps=tuple(replace(s, seconds=0.0) for s in record.steps)
    )


def test_what_was_read_is_written_only_where_it_is_otherwise() -> None:
    """And checked like all else."""
    record = record_of(SCAN, "text", "title")
    assert b'"reading":' not in encode_record(record)
    changed = replace(record, page=replace(record.page, reading_order=("r2", "r1")))
    data = encode_record(changed)
    assert json.loads(data)["reading"] == {"reading_order": ["r1", "r2"]}
    assert decode_record(data).reading == record.reading
    wrong = data.replace(b'{"reading_order":["r1","r2"]', b'{"reading_order":["r1"]')
    assert wrong != data
    with pytest.raises(RecordError, match=r"reading\.reading_order"):
        decode_record(wrong)


def test_corrections_that_do_not_fit_are_refused() -> None:
    """No clean text could be derived from them."""
    record = record_of(SCAN, "甲乙丙")
    one = Correction("c1", "x", "a1", (0, 1), "甲", "田", 0.9, CorrectionStatus.APPLIED)
    for wrong in (
        (replace(one, original="乙"),),
        (replace(one, span=(7, 8)),),
        (one, replace(one, id="c2", span=(0, 2), original="甲乙")),
    ):
        reading = replace(record.reading, corrections=wrong)
        with pytest.raises(RecordError, match=r"corrections"):
            decode_record(encode_record(replace(record, reading=reading)))
