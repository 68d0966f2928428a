"""Aligning an old text with what was read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.collation.align import align_texts, normalise_for_alignment

PASSAGES = (
    "江州因水而兴，明清时期城内河道总长逾六十公里，舟楫往来，市井繁华。",
    "修河不是挖一条沟，而是把城市的血脉重新接起来，总设计师沈若兰这样说。",
    "靠窗的长桌旁，外卖骑手摘下头盔，翻开一本机械制图，再过四个月他要考试。",
    "秋粮收购均价稳中有升，主产区累计收购八千六百万吨，同比增加四百万吨。",
)


def differences(old: str, read: str) -> list[tuple[str, str]]:
    """What one text has and the other."""
    found = align_texts(old, read)
    return [
        (found.old.string[d.a0 : d.a1], found.read.string[d.b0 : d.b1]) for d in found.differences
    ]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2), (2, 3, 0, 1)])
def test_another_order_is_no_difference(order: tuple[int, ...]) -> None:
    """Articles in any order are the same articles."""
    read = "\n".join(PASSAGES[i] for i in order)
    found = align_texts("\n\n".join(PASSAGES), read)
    assert found.covered > 0.97
    assert differences("\n\n".join(PASSAGES), read) == []


@pytest.mark.parametrize(
    ("old", "read", "expected"),
    [
        ("水而兴", "水面兴", [("而", "面")]),
        ("明清时期", "明清两朝时期", [("", "两朝")]),
        ("舟楫往来，", "", [("舟楫往来,", "")]),
        ("往来，市井", "往来、市井", [(",", "、")]),
    ],
)
def test_a_difference_is_told_as_small_as_it_is(
    old: str, read: str, expected: list[tuple[str, str]]
) -> None:
    """What is equal around it is left out."""
    assert differences("".join(PASSAGES), "".join(PASSAGES).replace(old, read)) == expected


def test_width_quotes_and_blanks_are_no_difference() -> None:
    """A half-width comma, another style of quotation mark, a space: the same text."""
    text = "他说：“修河，不是挖沟。”大家听了都点头，觉得有道理，纷纷签了字。"
    other = "他说:「修河,不是 挖沟。」大家听了都点头,觉得有道理,纷纷签了字。".replace("「", "“")
    assert differences(text, other.replace("」", "”")) == []


@given(st.text(max_size=40), st.text(max_size=40))
def test_pairs_are_equal_characters_in_order(old: str, read: str) -> None:
    """Whatever the texts, what is paired is the same once folded, and no character twice."""
    found = align_texts(old * 3, read + old)
    partners = [p for p in found.pairs if p >= 0]
    assert len(set(partners)) == len(partners)
    for i, p in enumerate(found.pairs):
        assert p < 0 or found.old.string[i] == found.read.string[p]


@given(st.text(max_size=40))
def test_folding_keeps_places(text: str) -> None:
    """Every folded character knows where it stood."""
    found = normalise_for_alignment(text)
    assert len(found.string) == len(found.places)
    assert all(not text[p].isspace() for p in found.places)


def test_texts_that_have_nothing_in_common() -> None:
    """Nothing is aligned by chance."""
    found = align_texts(PASSAGES[0], PASSAGES[3])
    assert found.covered == 0
    assert found.differences == ()
    assert align_texts("", PASSAGES[0]).covered == 0


@pytest.mark.parametrize(
    ("old", "read"), [("以待眾人為之", "以待衆人爲之"), ("任公日惡", "任公曰惡"), ("真偽", "眞僞")]
)
def test_forms_of_a_character_are_one(old: str, read: str) -> None:
    """Which form a font draws is no difference, nor are two characters of one shape."""
    assert normalise_for_alignment(old).string == normalise_for_alignment(read).string


def test_distinct_characters_stay_distinct() -> None:
    """頭髮 is not 頭發, and 裡 is not 里."""
    assert normalise_for_alignment("頭髮").string != normalise_for_alignment("頭發").string
    assert normalise_for_alignment("公里").string != normalise_for_alignment("公裡").string


def test_a_few_characters_for_as_many_are_judged_one_by_one() -> None:
    """One of them may be the text's fault and the other the reader's."""
    old, read = (PASSAGES[0].replace("舟楫", s) for s in ("舟揖往", "丹楫往"))
    assert differences(old, read) == [("舟", "丹"), ("揖", "楫")]


def test_marks_at_the_end_of_both_are_judged_by_themselves() -> None:
    """A misread mark is no reason against the character before it."""
    old, read = (PASSAGES[0].replace("，明清", s) for s in ("王：明清", "三……明清"))
    found = differences(old, read)
    assert ("：", "……") in found or (":", "……") in found
