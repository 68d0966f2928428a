"""What a language makes likely: n-grams, their model, and characters that were likely misread."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.collation.existing_text import correct_text
from newspage.engine.class_rows import ClassRows, load_class_rows
from newspage.errors import InputError
from newspage.language import base_model
from newspage.language.base_model import count_base
from newspage.language.character_model import (
    CharacterModel,
    make_character_model,
    read_character_model,
)
from newspage.language.confusions import Confusions, compare_shapes
from newspage.language.ngram_counts import (
    BOUNDARY,
    NgramCounts,
    list_windows,
    name_character,
    number_characters,
    pack_windows,
)
from newspage.language.noisy_channel import ORDERED, NoisyChannel
from newspage.language.word_model import WordModel, find_word_model, read_word_model
from newspage.language.word_ngrams import count_word_model
from newspage.model import CorrectionStatus
from tests.correct_fakes import knowledge

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=20)
NEWS = "各地要加强田间管理，确保夏粮丰收。各级部门加强管理工作，确保安全生产。"
COUNTED = 200
"""Times that the text is counted, as if it had been printed so often."""


def model_of(text: str, times: float = COUNTED) -> CharacterModel:
    """A model that knows one text only."""
    counts = NgramCounts.sum_up(list_windows(number_characters(text)))
    return make_character_model(NgramCounts(()).add(counts, times), {"text": "test"})


def confusions_of(*pairs: str) -> Confusions:
    """Confusions of the given pairs only, both ways."""
    model = model_of(NEWS + "".join(pairs))
    rows = np.zeros((len(pairs) * 2, len(pairs)), np.float32)
    for number in range(len(pairs)):
        rows[2 * number : 2 * number + 2, number] = 1
    return compare_shapes(ClassRows(tuple("".join(pairs)), rows), model)


@given(HAN)
def test_characters_come_back_from_their_numbers(text: str) -> None:
    """Simplified ones do; traditional ones come back simplified, and again as themselves."""
    back = "".join(name_character(int(n)) for n in number_characters(text))
    assert len(back) == len(text)
    assert "".join(name_character(int(n)) for n in number_characters(back)) == back


def test_what_is_no_ideograph_is_a_boundary() -> None:
    """Marks, digits, letters, and halves of characters that some programs write."""
    assert set(number_characters("，A1。\ud800 ").tolist()) == {BOUNDARY}


@given(HAN, HAN, st.floats(0.1, 10))
def test_counts_add_up(a: str, b: str, weight: float) -> None:
    """Two texts counted together are the sum of both."""
    one, other = (NgramCounts.sum_up(list_windows(number_characters(t))) for t in (a, b))
    assert one.add(other, weight).total == pytest.approx(one.total + weight * other.total)


def test_an_unsure_character_counts_less() -> None:
    """An n-gram counts what its least sure character does."""
    sure = np.array([1.0, 0.5, 1.0])
    found = {
        size: weights.tolist()
        for size, _, weights in list_windows(number_characters("甲乙丙"), sure)
    }
    assert found == {1: [1.0, 0.5, 1.0], 2: [0.5, 0.5], 3: [0.5]}


@pytest.mark.parametrize("context", ["", "管", "田间", "加强田", "从未有"])
def test_probabilities_after_a_context_sum_to_one(context: str) -> None:
    """Whatever stands before, seen or not; half precision costs a hundredth."""
    model = model_of(NEWS)
    size = len(context) + 1
    rows = np.array([[*number_characters(context), n] for n in range(27586)], np.uint64)
    total = np.exp(model.measure_keys(pack_windows(rows, size)[:, 0], size)).sum()
    assert total == pytest.approx(1, abs=0.01)


def test_a_model_is_the_same_from_its_file(tmp_path: Path) -> None:
    """Byte for byte whenever it is written, and with the same figures when it is read."""
    model, (one, two) = model_of(NEWS), (tmp_path / "a.model", tmp_path / "b.model")
    model.write_file(one)
    read = read_character_model(one)
    read.write_file(two)
    assert one.read_bytes() == two.read_bytes()
    keys = pack_windows(number_characters(NEWS), 4)
    assert (read.measure_keys(keys) == model.measure_keys(keys)).all()


@pytest.mark.parametrize("content", [b"", b"{}\n", b"no model\n", b'{"format": "other"}\n'])
def test_what_is_no_model_is_named(tmp_path: Path, content: bytes) -> None:
    """So is a model that was cut, and one that is not there."""
    path = tmp_path / "x.model"
    with pytest.raises(InputError, match=r"x\.model"):
        read_character_model(path)
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"x\.model"):
        read_character_model(path)
    model_of(NEWS).write_file(path)
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(InputError, match=r"x\.model"):
        read_character_model(path)


def test_a_misread_character_is_found_and_a_right_one_left() -> None:
    """Where the text is likelier with one that looks like it."""
    channel = NoisyChannel(model_of(NEWS), confusions_of("理埋"))
    wrong = NEWS.replace("田间管理", "田间管埋")
    found = channel.find_unlikely_characters([wrong])
    assert [(u.place, u.printed) for u in found] == [(wrong.index("埋"), "理")]
    assert channel.find_unlikely_characters([NEWS, ""]) == []


def test_a_pair_that_people_corrected_is_looked_for() -> None:
    """Though both look nothing alike."""
    channel = NoisyChannel(model_of(NEWS), confusions_of("田由"))
    wrong = NEWS.replace("加强管理", "加强管道")
    assert channel.find_unlikely_characters([wrong]) == []
    learnt = channel.confusions.learn_pairs({("道", "理"): 5})
    found = NoisyChannel(channel.model, learnt).find_unlikely_characters([wrong])
    assert [u.printed for u in found] == ["理"]


def test_numbers_are_never_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """No text says whether it was three or two."""
    monkeypatch.setattr(base_model, "find_word_model", lambda: None)
    confusions = compare_shapes(load_class_rows(), make_character_model(*count_base()))
    three, two = (int(number_characters(c)[0]) for c in "三二")
    assert two not in confusions.candidates[three]


def test_a_text_alone_is_only_asked_about() -> None:
    """What the language finds is a question, in the script of the text, and no change."""
    channel = NoisyChannel(model_of(NEWS), confusions_of("理埋"), ORDERED)
    wrong = NEWS.replace("田间管理", "田间管埋")
    done = correct_text(wrong, knowledge(), channel=channel)
    (made,) = [c for c in done.corrections if c.original == "埋"]
    assert (made.proposed, made.status) == ("理", CorrectionStatus.PROPOSED)
    assert done.clean == wrong


def test_words_that_follow_each_other_become_ngrams() -> None:
    """Inside a word, over a pair, over a triple."""
    model = WordModel(
        ["<unk>", "加强", "管", "理"],
        np.log10(np.array([0.1, 0.4, 0.2, 0.2])),
        (np.array([1, 2]), np.array([2, 3]), np.log10(np.array([0.5, 0.5]))),
        (np.array([1]), np.array([1]), np.log10(np.array([1.0]))),
    )
    counts = count_word_model(model, 1000)
    found = {
        "".join(name_character(int(key) >> 15 * i & 0x7FFF) for i in reversed(range(size))): weight
        for size, (keys, weights) in enumerate(counts.sizes, 1)
        for key, weight in zip(keys, weights, strict=True)
    }
    assert found == pytest.approx(
        {
            "加": 400, "强": 400, "管": 200, "理": 200,
            "加强": 400, "强管": 200, "加强管": 200, "管理": 100,
            "强管理": 200, "加强管理": 200,
        }
    )  # fmt: skip


def test_the_installed_model_of_words_is_read() -> None:
    """Words, pairs and triples of Debian's package."""
    path = find_word_model()
    if path is None:
        pytest.skip("libime-data-language-model is not installed (scripts/install-debian.sh)")
    model = read_word_model(path)
    first, second, chance = model.pairs
    assert "我们" in model.words
    assert len(first) > 1_000_000
    assert (chance <= 0).all()
    assert len(model.triples[0]) > 100_000
    likeliest = int(np.argmax(model.single[first] + chance))
    assert model.words[first[likeliest]]
    assert model.words[second[likeliest]]


def test_the_base_is_made_once_and_anew_where_it_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the user's cache, or without one where nothing can be written there."""
    monkeypatch.setattr(base_model, "find_word_model", lambda: None)
    monkeypatch.setattr(base_model, "user_cache", lambda: tmp_path / "cache")
    load = base_model.load_base_model.__wrapped__
    keys = pack_windows(number_characters("我们"), 2)
    made = load().measure_keys(keys, 2)
    (kept,) = (tmp_path / "cache").iterdir()
    content = kept.read_bytes()
    kept.write_bytes(b"damaged")
    assert load().measure_keys(keys, 2) == made
    assert kept.read_bytes() == content
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr(base_model, "user_cache", lambda: tmp_path / "file" / "cache")
    assert load().measure_keys(keys, 2) == made


def test_what_is_no_model_of_words_is_named(tmp_path: Path) -> None:
    """Nothing, and something else."""
    path = tmp_path / "zh_CN.lm"
    with pytest.raises(InputError, match="zh_CN"):
        read_word_model(path)
    path.write_bytes(b"mmap lm http://kheafield.com/code format version 5\n\0" + bytes(100))
    with pytest.raises(InputError, match="zh_CN"):
        read_word_model(path)
