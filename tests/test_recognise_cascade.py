"""Rows are read lightly where that is good enough, and in full where it is not."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from newspage.config import RecogniseConfig
from newspage.engine import LightReader, Reading
from newspage.model import Direction, GrayImage, TextLine
from newspage.recognise import recognise_lines
from newspage.recognise.cascade import SAMPLE, CascadeResult, count_differences, read_in_cascade
from newspage.recognise.reading_doubt import (
    GAP_FEATURES,
    GLYPH_FEATURES,
    ReadingDoubt,
    estimate_doubt,
    group_same_prints,
    measure_features,
)
from tests.test_recognise import column, page_of, paper, row
from tests.toy_engine import CHARACTERS, ToyEngine, draw, reading_of

PRINTS = group_same_prints(CHARACTERS)


def strip(text: str = "甲乙丙丁", blank: str = "") -> GrayImage:
    """A strip of glyphs set close; those of `blank` are left out."""
    pixels = np.full((80, 20 + 50 * len(text)), 240, np.uint8)
    for i, character in enumerate(text):
        if character not in blank:
            draw(pixels, 10 + 50 * i, 16, character)
    return pixels


def read(text: str, chances: Sequence[float], places: Sequence[int]) -> Reading:
    """A reading of a strip of four glyphs; `places` says where each of them is."""
    spans = [((10 + 50 * i) / 220, (58 + 50 * i) / 220) for i in places]
    return reading_of(list(text), spans, chances)


def doubt_of(reading: Reading, pixels: GrayImage) -> ReadingDoubt:
    """What is doubted in a reading."""
    return estimate_doubt(reading, pixels, 48.0, PRINTS)


SURE = read("甲乙丙丁", [0.9999] * 4, range(4))


def test_doubt_rises_with_what_is_unsure() -> None:
    """A glyph that was read with little confidence is doubted more than its neighbours."""
    unsure = read("甲乙丙丁", [0.9999, 0.6, 0.9999, 0.9999], range(4))
    doubts = doubt_of(unsure, strip())
    assert int(np.argmax(doubts.glyphs)) == 1
    assert doubts.glyphs[1] > 10 * doubt_of(SURE, strip()).glyphs[1]


def test_ink_without_a_character_is_doubted() -> None:
    """Three sure glyphs where the strip shows a fourth, or a gap where it should be."""
    passed_over = read("甲乙丁", [0.9999] * 3, (0, 1, 3))
    for pixels in (strip(), strip(blank="丙")):
        doubts = doubt_of(passed_over, pixels)
        assert int(np.argmax(doubts.gaps)) == 2
        assert doubts.gaps[2] > 20 * doubt_of(SURE, strip()).gaps.max()


def test_marks_that_print_alike_are_one() -> None:
    """A network that wavers between two widths of a comma is sure of the comma."""
    characters = ("", "，", ",", "甲")
    prints = group_same_prints(characters)
    assert prints.tolist() == [0, 1, 1, 3]
    wavering = reading_of(["，"], [(0.4, 0.6)], [0.5], characters)
    wavering.lattice.classes[1] = [1, 2]
    other = reading_of(["，"], [(0.4, 0.6)], [0.5], characters)
    other.lattice.classes[1] = [1, 3]
    pixels = np.full((48, 48), 240, np.uint8)
    one, two = (measure_features(r, pixels, 48.0, prints).glyphs[0] for r in (wavering, other))
    logit = GLYPH_FEATURES.index("logit")
    assert one[logit] > two[logit] + 5


@given(
    st.lists(st.sampled_from(CHARACTERS[1:]), max_size=5),
    st.lists(st.floats(0.01, 1), min_size=5, max_size=5),
    st.tuples(st.integers(1, 60), st.integers(1, 90)),
    st.floats(0, 1000),
)
def test_any_reading_has_its_doubts(
    text: list[str], chances: list[float], size: tuple[int, int], height: float
) -> None:
    """A probability for each glyph and for each gap, whatever the strip is like."""
    spans = [(i / 5, (i + 1) / 5) for i in range(len(text))]
    reading = reading_of(text, spans, chances[: len(text)])
    pixels = np.random.default_rng(0).integers(0, 255, size, np.uint8)
    features = measure_features(reading, pixels, height, PRINTS)
    assert features.glyphs.shape == (len(text), len(GLYPH_FEATURES))
    assert features.gaps.shape == (len(text) + 1, len(GAP_FEATURES))
    doubts = estimate_doubt(reading, pixels, height, PRINTS)
    for chance in (doubts.glyphs, doubts.gaps):
        assert ((chance >= 0) & (chance <= 1)).all()


@dataclass
class Readers:
    """A light and a full reader; a strip's first pixel says what each of them reads in it."""

    light: list[Reading]
    full: list[Reading]
    asked: list[int] = field(default_factory=list)

    def read_strips(self, strips: Sequence[GrayImage]) -> list[Reading]:
        return [self.light[s[0, 0]] for s in strips]

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        return self.read_strips(strips)

    def read_fully(self, strips: Sequence[GrayImage]) -> list[Reading]:
        self.asked += [int(s[0, 0]) for s in strips]
        return [self.full[s[0, 0]] for s in strips]

    def read(self, allowed: float) -> CascadeResult:
        """Read them all."""
        strips = [strip() for _ in self.light]
        for i, pixels in enumerate(strips):
            pixels[0, 0] = i
        engine = ToyEngine()
        engine.read_lines = self.read_lines  # type: ignore[method-assign]
        reader = LightReader(engine, "light", np.arange(len(CHARACTERS), dtype=np.int32))
        heights = [48.0] * len(strips)
        return read_in_cascade(strips, heights, reader, self.read_fully, CHARACTERS, allowed)


UNSURE = read("甲乙丙丁", [0.9999, 0.4, 0.9999, 0.9999], range(4))
OTHER = read("甲丁丙丁", [0.9999] * 4, range(4))


def test_only_doubtful_rows_are_read_twice() -> None:
    """What the full network says of them counts; the others are the light network's."""
    light = [SURE] * 40
    light[7] = UNSURE
    readers = Readers(light, [OTHER] * 40)
    found = readers.read(0.002)
    assert readers.asked == [7]
    assert found.readings[7] is OTHER
    assert [i for i, lightly in enumerate(found.lightly) if not lightly] == [7]
    assert all(found.readings[i].text == SURE.text for i in range(40) if i != 7)


def test_a_page_on_which_more_differs_than_expected_is_read_in_full() -> None:
    """Five rows were doubtful, and all of them are read quite otherwise."""
    light = [UNSURE if i % 9 == 1 else SURE for i in range(45)]
    strange = read("丁丙甲乙", [0.9999] * 4, range(4))
    agreeing = Readers(light, [SURE] * 45)
    differing = Readers(light, [strange] * 45)
    allowed = 0.0015
    assert sum(differing.read(allowed).lightly) < sum(agreeing.read(allowed).lightly)


def test_unknown_characters_have_a_page_read_in_full() -> None:
    """Three are no chance; with two the other rows stay as they are."""
    light = [UNSURE if i in (9, 17, 25) else SURE for i in range(45)]
    strange = Reading(("甲", "癸", "丙", "丁"), OTHER.confidences, OTHER.spans, OTHER.lattice)
    three = Readers(light, [strange] * 45).read(0.002)
    two = Readers(light, [strange if i < 20 else SURE for i in range(45)]).read(0.002)
    assert not any(three.lightly)
    assert sum(two.lightly) == 42


def test_a_worn_page_is_read_in_full_at_once() -> None:
    """No row of it is read twice but those of the sample."""
    readers = Readers([UNSURE] * (2 * SAMPLE), [OTHER] * (2 * SAMPLE))
    found = readers.read(0.002)
    assert readers.asked == list(range(2 * SAMPLE))
    assert not any(found.lightly)
    assert set(map(id, found.readings)) == {id(OTHER)}


def test_anything_may_be_allowed_or_nothing() -> None:
    """Then all rows are read lightly, or all in full; none at all is no trouble."""
    assert all(Readers([SURE, UNSURE, SURE], [OTHER] * 3).read(np.inf).lightly)
    assert not any(Readers([SURE, SURE], [OTHER] * 2).read(0.0).lightly)
    assert Readers([], []).read(0.002).readings == ()


def test_differences_of_print_alone_are_none() -> None:
    """Widths of marks and blanks at the ends are settled when articles are assembled."""
    letters = ("", "甲", "，", ",", " ")

    def of(text: str) -> Reading:
        return reading_of(list(text), [(0, 1)] * len(text), [0.9] * len(text), letters)

    assert count_differences(of("甲，甲"), of(" 甲,甲 ")) == 0
    assert count_differences(of("甲甲"), of("甲 甲")) == 1


def test_lines_say_which_network_read_them() -> None:
    """Rows may be the light network's; columns are read in full whatever the quality."""
    pixels = paper()
    lines = [
        TextLine("r", row(pixels, 60, 60, "甲乙丙"), Direction.HORIZONTAL),
        TextLine("c", column(pixels, 400, 200, "甲乙丙"), Direction.VERTICAL),
    ]
    same = np.arange(len(CHARACTERS), dtype=np.int32)
    light = LightReader(ToyEngine(), "light", same)
    fast = RecogniseConfig(quality="fast")
    full = recognise_lines(lines, page_of(pixels), ToyEngine(), RecogniseConfig())
    read = recognise_lines(lines, page_of(pixels), ToyEngine(), fast, light)
    assert [line.text for line in read] == [line.text for line in full] == ["甲乙丙"] * 2
    assert [line.read_lightly for line in read] == [True, False]
    assert not any(line.read_lightly for line in full)
