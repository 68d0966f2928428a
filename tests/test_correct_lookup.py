"""Finding dictionary entries in a text."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from newspage.correct.lookup import PhraseIndex, PhraseMatch

WORDS = st.text("甲乙丙丁", min_size=2, max_size=8)


@given(st.lists(WORDS, unique=True, max_size=8), st.text("甲乙丙丁，", max_size=40))
def test_exact_matches_are_all_occurrences(entries: list[str], text: str) -> None:
    """Every place where an entry stands is found, and no other."""
    index = PhraseIndex(entries)
    slow = {
        PhraseMatch(i, i + len(e), n)
        for n, e in enumerate(entries)
        for i in range(len(text))
        if text.startswith(e, i)
    }
    assert set(index.find_exact(text)) == slow


@given(st.lists(WORDS, unique=True, max_size=8), st.text("甲乙丙丁，", max_size=40))
def test_near_matches_are_near(entries: list[str], text: str) -> None:
    """What is reported as near is as near as it says, is no exact match, and shares both ends."""
    for match in PhraseIndex(entries).find_near(text, 0.6):
        entry, stands = entries[match.entry], text[match.start : match.end]
        assert match.distance == Levenshtein.distance(entry, stands) > 0
        assert match.distance <= 0.4 * len(entry)
        assert (entry[0], entry[-1]) == (stands[0], stands[-1])


def test_a_missing_an_extra_and_a_wrong_character_are_found() -> None:
    """One slip anywhere inside a phrase still shares trigrams with it."""
    index = PhraseIndex(["全国人民代表大会常务委员会"])
    for text in (
        "全国人民代表大会务委员会",
        "全国人民代表大会常常务委员会",
        "全国人民代裘大会常务委员会",
    ):
        assert [m.distance for m in index.find_near(f"昨日，{text}举行会议", 0.8)] == [1]


def test_short_entries_are_found_exactly_only() -> None:
    """Of four characters one off is another word."""
    assert PhraseIndex(["实事求是"]).find_near("实事求事", 0.5) == []


def test_nothing_is_found_in_nothing() -> None:
    """Empty texts and empty dictionaries are fine."""
    assert PhraseIndex([]).find_near("甲乙丙丁戊", 0.5) == []
    assert PhraseIndex([]).find_exact("甲乙") == []
    assert PhraseIndex(["甲乙丙丁戊"]).find_near("", 0.5) == []
    assert PhraseIndex(["甲乙丙丁戊"]).find_near("\ud800甲", 0.5) == []
