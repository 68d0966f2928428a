"""Files of lattices: what is written is read; damaged, hostile and strange ones are refused."""

import lzma
import os
import pickle
import zlib
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.config import Config
from newspage.geometry import Box
from newspage.lattice import Lattice, PageLattices
from newspage.model import PageReading, PageRecord, Scan
from newspage.page.facing_pages import join_facing_pages, split_facing_pages
from newspage.record import decode_record, encode_record, lattice_file
from newspage.record.lattice_file import (
    LatticesError,
    ReadingConditions,
    decode_lattices,
    digest_reading,
    encode_lattices,
    read_lattices,
)
from tests import kept_pages
from tests.decided_pages import page_of, read_otherwise

SCAN = Scan(Path("p1.png"), "ab" * 32, 400, 300)


def reading_with(lattices: PageLattices) -> PageReading:
    """A page of a few lines, with lattices."""
    record = page_of([("题目", [["一二三四", "五六¶"], ["七八九"]])], SCAN)
    return replace(record.reading, lattices=lattices)


IDS = [line.id for r in reading_with(PageLattices((), {}, {})).page.regions for line in r.lines]


@st.composite
def lattices(draw: st.DrawFn, alphabet: int) -> Lattice:
    """A lattice of any size, with the least and greatest values among the others."""
    steps, kept = draw(st.integers(0, 6)), draw(st.integers(1, 5))
    numbers = st.integers(0, alphabet - 1)
    chances = st.floats(-60000.0, 0.0, width=16)
    size = steps * kept
    return Lattice(
        np.array(draw(st.lists(numbers, min_size=size, max_size=size)), np.int32).reshape(-1, kept),
        np.array(draw(st.lists(chances, min_size=size, max_size=size)), np.float16).reshape(
            -1, kept
        ),
        np.zeros(steps, np.float32),
    )


@st.composite
def kept_lattices(draw: st.DrawFn) -> PageLattices:
    """The lattices of a page: of some lines none, of some also what was read again."""
    characters = draw(st.lists(st.text(max_size=2), min_size=1, max_size=30))
    alphabet = len(characters)
    side = st.floats(0, 5000)
    boxes = {}
    for name in IDS:
        x, y = sorted(draw(st.tuples(side, side))), sorted(draw(st.tuples(side, side)))
        boxes[name] = Box(x[0], y[0], x[1], y[1])
    own = draw(st.dictionaries(st.sampled_from(IDS), lattices(alphabet)))
    asked = st.tuples(st.sampled_from(IDS), st.frozensets(st.integers(0, alphabet - 1)))
    again = draw(st.dictionaries(asked, lattices(alphabet), max_size=3))
    return PageLattices(tuple(characters), own, boxes, again)


VALUES = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
)
CONDITIONS = st.builds(
    ReadingConditions,
    st.dictionaries(st.text(), st.dictionaries(st.text(), VALUES, max_size=3), max_size=3),
    st.text(),
    st.text(),
)
READ_UNDER = ReadingConditions({"detect": {"direction": "auto"}}, "0.2.0", "engine")


def contents(lattices: PageLattices) -> tuple[object, ...]:
    """What two lattices are compared by: all but where in its line a step looks."""

    def values(one: Lattice) -> tuple[object, ...]:
        return one.classes.shape, one.classes.tolist(), one.log_probs.tolist()

    return (
        lattices.characters,
        {name: values(one) for name, one in lattices.lines.items()},
        lattices.boxes,
        {key: values(one) for key, one in lattices.again.items()},
    )


@given(kept_lattices(), CONDITIONS)
def test_what_is_written_is_read(kept: PageLattices, conditions: ReadingConditions) -> None:
    """To the last bit, and the same page gives the same bytes."""
    reading = reading_with(kept)
    data = encode_lattices(reading, conditions)
    back = decode_lattices(data, replace(reading, lattices=None))
    assert contents(back.lattices) == contents(kept)
    assert back.conditions == conditions
    assert encode_lattices(replace(reading, lattices=back.lattices), conditions) == data
    for one in back.lattices.lines.values():
        assert (str(one.classes.dtype), str(one.log_probs.dtype)) == ("int32", "float16")
        assert one.positions.shape == one.classes.shape[:1]


def test_large_alphabets() -> None:
    """Classes beyond 65,535 are kept as well."""
    one = Lattice(
        np.array([[70_000, 3]], np.int32), np.zeros((1, 2), np.float16), np.zeros(1, np.float32)
    )
    boxes = dict.fromkeys(IDS, Box(0, 0, 1, 1))
    kept = PageLattices(("",) * 70_001, {IDS[0]: one}, boxes)
    reading = reading_with(kept)
    back = decode_lattices(encode_lattices(reading, READ_UNDER), reading)
    assert contents(back.lattices) == contents(kept)


def made_up(name: str = "p1") -> PageRecord:
    """A page that was just read; the records of two names differ."""
    return kept_pages.read(Scan(Path(f"{name}.png"), "ab" * 32, 400, 300), Config())


@pytest.mark.parametrize("name", ["p1", "spread"])
def test_they_belong_to_the_record_that_they_were_written_with(name: str) -> None:
    """Also when it has lain in a file, and whatever was decided on it; never to another."""
    record = made_up(name)
    data = encode_lattices(record.reading, READ_UNDER)
    back = decode_record(encode_record(record))
    assert digest_reading(back.reading) == digest_reading(record.reading)
    assert contents(decode_lattices(data, back.reading).lattices)
    without = replace(back.reading, corrections=(), joins=())
    assert decode_lattices(data, without).conditions == READ_UNDER
    with pytest.raises(LatticesError, match=r"x\.xz: belongs to another reading .* --force"):
        decode_lattices(data, made_up("p2").reading, "x.xz")
    moved = replace(back.reading.page.scan, sha256="cd" * 32)
    other = replace(back.reading, page=replace(back.reading.page, scan=moved))
    with pytest.raises(LatticesError, match="belongs to another scan"):
        decode_lattices(data, other)


def test_a_reading_that_differs_in_one_glyph_is_another() -> None:
    """By its text, or by its place."""
    record = made_up()
    first = record.reading.page.regions[0]
    line = first.lines[0]
    for glyph in (
        replace(line.glyphs[0], text="颗"),
        replace(line.glyphs[0], box=Box(1, 1, 4, 4)),
    ):
        lines = (replace(line, glyphs=(glyph, *line.glyphs[1:])),)
        regions = (replace(first, lines=lines), *record.reading.page.regions[1:])
        other = read_otherwise(record, page=replace(record.reading.page, regions=regions))
        assert digest_reading(other.reading) != digest_reading(record.reading)


def test_facing_pages_are_parted_again() -> None:
    """Each with its own lines and articles; a single page is left as it is."""
    halves = [made_up("p4"), made_up("p5")]
    spread = join_facing_pages(halves).reading
    one, two = split_facing_pages(spread)
    assert (one.articles + two.articles, one.page.regions + two.page.regions) == (
        spread.articles,
        spread.page.regions,
    )
    assert [a.id for a in two.articles] == ["2-a1"]
    assert spread.lattices is not None
    assert set(spread.lattices.boxes) == {
        line.id for region in spread.page.regions for line in region.lines
    }
    assert split_facing_pages(halves[0].reading) == (halves[0].reading,)


HEADER = lattice_file._Header


def forged(record: PageRecord, arrays: bytes, **fields: object) -> bytes:
    """A file with the right digest and any arrays behind its header."""
    reading = record.reading
    header = HEADER(
        lattice_file.LATTICES_FORMAT,
        reading.page.scan.sha256,
        0,
        digest_reading(reading),
        READ_UNDER,
        ["", "一"],
        [line.id for region in reading.page.regions for line in region.lines],
        [],
    )
    header = msgspec.structs.replace(header, **fields)
    return lzma.compress(msgspec.json.encode(header) + b"\n" + arrays)


def arrays_of(
    lines: int,
    again: int = 0,
    boxes: object = (0, 0, 1, 1),
    steps: object = 1,
    kept: object = 1,
    classes: object = (0,),
    log_probs: object = (0.0,),
) -> bytes:
    """Arrays of some lines, and of some that were read again; each value is for every one."""
    count = lines + again
    return b"".join(
        (
            np.tile(np.array(boxes, "<f8"), lines).tobytes(),
            np.full(count, steps, "<u4").tobytes(),
            np.full(count, kept, "<u2").tobytes(),
            np.tile(np.array(classes, "<u2"), count).tobytes(),
            np.tile(np.array(log_probs, "<f2"), count).tobytes(),
        )
    )


LINES = 5
"""Lines of a made-up page."""


def test_the_forged_file_without_a_fault_is_read() -> None:
    """So that the refusals below are for what is wrong in each."""
    record = made_up()
    assert (
        len(decode_lattices(forged(record, arrays_of(LINES)), record.reading).lattices.lines) == 5
    )


@pytest.mark.parametrize(
    ("arrays", "fields", "said"),
    [
        (arrays_of(LINES, log_probs=(float("nan"),)), {}, "a probability that is none"),
        (arrays_of(LINES, log_probs=(float("inf"),)), {}, "a probability that is none"),
        (arrays_of(LINES, classes=(2,)), {}, "a class without a character"),
        (arrays_of(LINES, kept=0, classes=(), log_probs=()), {}, "steps without classes"),
        (arrays_of(LINES, steps=2**32 - 1, kept=2**16 - 1), {}, "bytes are announced"),
        (arrays_of(LINES, steps=2), {}, "bytes are announced"),
        (arrays_of(LINES, boxes=(0, 0, float("nan"), 1)), {}, "a line without a place"),
        (arrays_of(LINES, boxes=(0, 0, float("inf"), 1)), {}, "a line without a place"),
        (arrays_of(LINES, boxes=(9, 0, 1, 1)), {}, "a line without a place"),
        (arrays_of(LINES) + b"\0", {}, "left over"),
        (b"", {}, "bytes are announced"),
        (arrays_of(LINES, again=1), {"again": [lattice_file._Again(9, [1])]}, "was never there"),
        (arrays_of(LINES, again=1), {"again": [lattice_file._Again(0, [2])]}, "was never there"),
        (arrays_of(LINES), {"again": [lattice_file._Again(0, [1])]}, "bytes are left over"),
        (arrays_of(LINES), {"lines": ["l0"]}, "its lines are not those"),
        (
            arrays_of(LINES),
            {"format": "newspage-lattices/2"},
            r"has the format newspage-lattices/2; this newspage reads newspage-lattices/1\.",
        ),
        (arrays_of(LINES), {"characters": []}, "a class without a character"),
        (
            arrays_of(LINES, steps=100_001, classes=(0,) * 100_001, log_probs=(0.0,) * 100_001),
            {},
            "longer than any",
        ),
    ],
)
def test_shapes_and_values_that_cannot_be(
    arrays: bytes, fields: dict[str, object], said: str
) -> None:
    """Refused with a reason, though scan and digest are right."""
    record = made_up()
    with pytest.raises(LatticesError, match=said):
        decode_lattices(forged(record, arrays, **fields), record.reading, "p1.lattices.xz")


def greedy() -> bytes:
    """A small xz stream that says that it takes 4 GB to unpack."""
    data = bytearray(lzma.compress(b"{}\n"))
    start, end = 12, 12 + 4 * data[12]
    assert data[start + 2 : start + 4] == b"\x21\x01"  # LZMA2, with one byte of properties
    data[start + 4] = 40
    data[end : end + 4] = zlib.crc32(data[start:end]).to_bytes(4, "little")
    return bytes(data)


class Mark:
    """Leaves a trace where it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("was-unpickled",)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xfd7zXZ",
        b"PK\x03\x04" + bytes(50),
        lzma.compress(b""),
        lzma.compress(b"\x80\x04."),
        lzma.compress(b"[" * 100_000 + b"\n"),
        lzma.compress(b"{}\n"),
        lzma.compress(b'{"format":["newspage-lattices/1"]}\n'),
        lzma.compress(b'{"format":"newspage-lattices/1"}\n'),
        lzma.compress(b'{"format":"\xff\xfe"}\n'),
        lzma.compress(b" " * 5_000_000 + b"\n"),
        lzma.compress(bytes(lattice_file.MOST_UNPACKED + 1)),
        greedy(),
        pickle.dumps(Mark()),
        lzma.compress(pickle.dumps(Mark())),
    ],
    ids=range(15),
)
def test_files_that_are_something_else(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bombs, pickles, other archives, JSON that is nested for ever: refused by name."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "p1.lattices.xz"
    path.write_bytes(data)
    with pytest.raises(LatticesError, match=r"p1\.lattices\.xz: holds no lattices: ") as caught:
        read_lattices(path, made_up().reading)
    assert caught.value.exit_code == 3
    assert list(tmp_path.iterdir()) == [path]


def test_unpacking_takes_no_more_memory_than_it_may() -> None:
    """The file that asks for 4 GB is refused for that."""
    with pytest.raises(LatticesError, match="Memory usage limit"):
        decode_lattices(greedy(), made_up().reading)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """However large it is: it has a hole here."""
    path = tmp_path / "p1.lattices.xz"
    with path.open("wb") as file:
        file.truncate(lattice_file.MOST_BYTES + 1)
    with pytest.raises(LatticesError, match="more than 32 MB"):
        read_lattices(path, made_up().reading)


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    """And one that is a folder, that it cannot be read."""
    with pytest.raises(LatticesError, match=r"were not kept.*--keep-lattices"):
        read_lattices(tmp_path / "p1.lattices.xz", made_up().reading)
    with pytest.raises(LatticesError, match="cannot be read"):
        read_lattices(tmp_path, made_up().reading)


WHOLE = encode_lattices(made_up().reading, READ_UNDER)


@given(st.data())
def test_damage_is_refused(data: st.DataObject) -> None:
    """Bits flipped and ends cut, in the file or in what is packed in it: sound, or refused."""
    packed = data.draw(st.booleans())
    raw = bytearray(WHOLE if packed else lzma.decompress(WHOLE))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] ^= 1 << data.draw(st.integers(0, 7))
    raw = raw[: data.draw(st.sampled_from([len(raw), len(raw) // 2, len(raw) - 1]))]
    try:
        found = decode_lattices(bytes(raw) if packed else lzma.compress(raw), made_up().reading)
    except LatticesError:
        return
    for one in (*found.lattices.lines.values(), *found.lattices.again.values()):
        assert one.classes.shape == one.log_probs.shape
        assert not np.isnan(one.log_probs).any()
        assert (one.classes < len(found.lattices.characters)).all()
