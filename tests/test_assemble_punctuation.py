"""Punctuation in the forms of Chinese print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.assemble.punctuation import normalise_punctuation
from newspage.model import Char, Chars, join_chars


def chars(text: str) -> Chars:
    """A text, each character from a glyph of its own."""
    return tuple(Char(c, "l1", i) for i, c in enumerate(text))


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("修桥,种树;办学:都好!", "修桥，种树；办学：都好！"),
        ("谁修桥?谁", "谁修桥？谁"),
        ("修桥｡种树､办学", "修桥。种树、办学"),
        ("修桥(种树)办学", "修桥（种树）办学"),
        ("（2012年）", "（2012年）"),
        ("修桥.", "修桥。"),
    ],
)
def test_marks_between_ideographs_are_wide(read: str, printed: str) -> None:
    """Whatever form the recogniser gave them."""
    assert join_chars(normalise_punctuation(chars(read))) == printed


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("长3.5米", "长3.5米"),
        ("共1,250人", "共1,250人"),
        ("于8:30开工", "于8:30开工"),
        ("３．５％", "3.5%"),
        ("第１２期", "第12期"),
        ("ＡＢＣａｂｃ", "ABCabc"),
        ("比分3:2", "比分3:2"),
    ],
)
def test_numbers_stay_numbers(read: str, printed: str) -> None:
    """Decimals, thousands, times and scores; digits and Latin letters are half-width."""
    assert join_chars(normalise_punctuation(chars(read))) == printed


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ('他说"修桥"和"种树"', "他说“修桥”和“种树”"),
        ("他说'修桥'好", "他说‘修桥’好"),
        ("“修桥”", "“修桥”"),
        ('"修桥"', "“修桥”"),
        ('"NBA"开赛', "“NBA”开赛"),
        ("在McDonald's吃饭", "在McDonald's吃饭"),
    ],
)
def test_straight_quotes_become_pairs(read: str, printed: str) -> None:
    """In Chinese text."""
    assert join_chars(normalise_punctuation(chars(read))) == printed


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("修桥...种树", "修桥……种树"),
        ("修桥……种树", "修桥……种树"),
        ("修桥…种树", "修桥……种树"),
        ("修桥......", "修桥……"),
        ("修桥···种树", "修桥……种树"),
        ("约翰·陈", "约翰·陈"),
    ],
)
def test_an_ellipsis_has_two_cells(read: str, printed: str) -> None:
    """Of whatever dots it was read."""
    assert join_chars(normalise_punctuation(chars(read))) == printed


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        (" 修桥 ", "修桥"),
        ("修桥， 种树", "修桥，种树"),
        ("New  York", "New York"),
        ("修桥　种树", "修桥 种树"),
    ],
)
def test_blanks_stand_between_words_only(read: str, printed: str) -> None:
    """Not beside punctuation, not at the ends, not twice."""
    assert join_chars(normalise_punctuation(chars(read))) == printed


@pytest.mark.parametrize(
    "text",
    [
        "A (b) c, d.",
        'He said "yes" to Tom\'s plan.',
        "Hello, world: yes!",
        "He said “yes” to Tom’s plan — twice, on May 6.",
        "The poet’s “Hall”, and ‘more’… of it",
        "落实、落实、再落实",
        "裏面著作",
    ],
)
def test_what_is_printed_so_stays(text: str) -> None:
    """Latin text keeps its marks; no character is modernised, no repetition removed."""
    assert join_chars(normalise_punctuation(chars(text))) == text


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("To Washington，D. C.；all（four）went!", "To Washington,D. C.;all(four)went!"),
        ("他说 “hello “world” to” 他", "他说“hello “world” to”他"),
    ],
)
def test_marks_of_latin_text_are_narrow_and_keep_their_blanks(read: str, printed: str) -> None:
    """Whatever form the recogniser gave them; a mark of both scripts goes with its letters."""
    assert join_chars(normalise_punctuation(chars(read))) == printed


MARKS = "城里人，。,.;:?!()（）…·\"'“”‘’ 　\n0123３．％aＡ"


@given(st.text(MARKS, max_size=40))
def test_every_character_keeps_its_home(text: str) -> None:
    """Each points to a glyph that was there, in the order of reading."""
    before = chars(text)
    after = normalise_punctuation(before)
    homes = [c.glyph for c in after]
    assert homes == sorted(homes)
    assert set(homes) <= {c.glyph for c in before}


@given(st.text(MARKS, max_size=40))
def test_only_marks_and_forms_change(text: str) -> None:
    """Ideographs, letters and digits are all there afterwards, as many and in order."""

    def words(given_chars: Chars) -> str:
        return "".join(c.text for c in given_chars if c.text.isalnum())

    narrow = text.translate({0xFF13: "3", 0xFF21: "A"})
    assert words(normalise_punctuation(chars(text))) == words(chars(narrow))


@given(st.text("城里人，。,;:?!()（）“”0123a", max_size=40))
def test_what_is_normal_stays_so(text: str) -> None:
    """A second time changes nothing but what the first brought about beside it."""
    once = normalise_punctuation(chars(text))
    assert len(normalise_punctuation(once)) == len(once)
