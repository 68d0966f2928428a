"""Differences between two texts: they add up, they are the same both ways, and they are found."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from newspage.evaluation import (
    ArticleText,
    EditCount,
    Normalisation,
    PageText,
    QualityCount,
    Retrieval,
    score_page,
)
from newspage.evaluation.difference_contexts import SpanInContext, list_differences
from newspage.evaluation.differences import DifferenceKind, compare_texts, count_edits
from newspage.evaluation.page_scores import compare_pages
from newspage.evaluation.scores import sum_scores
from newspage.evaluation.segmentation import measure_segmentation

FIRST = "清晨的河面上起了薄雾，摆渡人老韩把缆绳解开。"
SECOND = "粮仓里有三百六十七份老品种，借一还二是规矩。"
THIRD = "他在渡口住了三十年，水还是这样的水。"

SMALL = st.text("山川河。", max_size=14)
PASSAGES = st.lists(
    st.text("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳", min_size=7, max_size=16), max_size=5
)


@st.composite
def moved_texts(draw: st.DrawFn) -> tuple[str, str]:
    """Two texts of the same passages in two orders, with a few other characters in them."""
    passages = draw(PASSAGES)
    return (
        "".join(p + draw(SMALL) for p in passages),
        "".join(draw(SMALL) + p for p in draw(st.permutations(passages))),
    )


TEXTS = st.tuples(SMALL, SMALL) | moved_texts()


@given(TEXTS)
def test_edits_add_up(texts: tuple[str, str]) -> None:
    """To the edit distance, and to the difference of the lengths."""
    true, read = texts
    edits = count_edits(true, read)
    assert compare_texts(true, read).count_edits(true, read) == edits
    assert edits.wrong == Levenshtein.distance(true, read)
    assert edits.deletions - edits.insertions == len(true) - len(read)
    assert edits.of == len(true)


@given(st.lists(st.sampled_from(("the", "old", "mill")), max_size=8), st.data())
def test_edits_of_words_add_up(true: list[str], data: st.DataObject) -> None:
    """Lists of words are compared like texts."""
    read = data.draw(st.lists(st.sampled_from(("the", "old", "hill")), max_size=8))
    edits = count_edits(true, read)
    assert edits.wrong == Levenshtein.distance(true, read)
    assert edits.deletions - edits.insertions == len(true) - len(read)


@given(TEXTS)
def test_quality_adds_up(texts: tuple[str, str]) -> None:
    """What is missing less what is too much is the difference of the lengths, moved or not."""
    true, read = texts
    quality = compare_texts(true, read).count_quality(len(true))
    assert quality.missing - quality.extra == len(true) - len(read)
    assert min(quality.wrong, quality.extra, quality.missing, quality.moved) >= 0
    assert quality.wrong + quality.missing + quality.moved <= len(true)


@given(TEXTS)
def test_exchanging_the_texts_exchanges_too_many_and_too_few(texts: tuple[str, str]) -> None:
    """And insertions and deletions; wrong and misplaced characters stay as many."""
    true, read = texts
    one, other = count_edits(true, read), count_edits(read, true)
    assert (one.substitutions, one.insertions) == (other.substitutions, other.deletions)
    assert one.deletions == other.insertions
    quality = compare_texts(true, read).count_quality(len(true))
    turned = compare_texts(read, true).count_quality(len(read))
    assert (quality.extra, quality.missing) == (turned.missing, turned.extra)
    assert (quality.wrong, quality.moved) == (turned.wrong, turned.moved)


@given(TEXTS)
def test_equal_texts_alone_have_no_difference(texts: tuple[str, str]) -> None:
    """A difference is found if and only if there is one."""
    true, read = texts
    found = compare_texts(true, read)
    assert (not found.differences) == (true == read) == (not count_edits(true, read).wrong)
    assert not compare_texts(true, true).differences


@given(TEXTS)
def test_every_character_is_accounted_for_once(texts: tuple[str, str]) -> None:
    """Each is paired with one other, missing, or too much; equal ones outside of differences."""
    true, read = texts
    found = compare_texts(true, read)
    for side, text in ((0, true), (1, read)):
        seen = Counter(pair[side] for pair in found.pairs)
        assert not seen or max(seen.values()) == 1
        for d in found.differences:
            if not d.moved and d.kind in (DifferenceKind.MISSING, DifferenceKind.EXTRA):
                seen.update(range(*(d.true, d.read)[side]))
        assert set(seen) <= set(range(len(text)))
    wrong = {i for d in found.differences if not d.moved for i in range(*d.true)}
    assert all(true[a] == read[b] for a, b in found.pairs if a not in wrong)
    quality = found.count_quality(len(true))
    assert len(found.pairs) == len(true) - quality.missing == len(read) - quality.extra


def test_a_passage_in_the_wrong_place_is_one_difference() -> None:
    """The shorter one of two that changed places; none of its characters counts as wrong."""
    found = compare_texts(FIRST + THIRD + SECOND, FIRST + SECOND + THIRD)
    (moved,) = found.differences
    assert moved.kind is DifferenceKind.MOVED
    assert moved.true == (len(FIRST), len(FIRST + THIRD))
    quality = found.count_quality(len(FIRST + SECOND + THIRD))
    assert quality == QualityCount(0, 0, 0, len(THIRD), len(FIRST + SECOND + THIRD))
    assert count_edits(FIRST + THIRD + SECOND, FIRST + SECOND + THIRD).wrong == 2 * len(THIRD)


def test_errors_in_a_misplaced_passage_still_count() -> None:
    """A misread character is wrong wherever it stands."""
    misread = SECOND.replace("老品种", "老晶种") + THIRD.replace("渡口", "度口")
    found = compare_texts(THIRD + SECOND, misread)
    quality = found.count_quality(len(SECOND + THIRD))
    assert (quality.wrong, quality.extra, quality.missing) == (2, 0, 0)
    assert quality.moved == len(THIRD) - 1


@pytest.mark.parametrize(
    ("true", "read", "kind", "edits"),
    [
        ("山川河", "山州河", DifferenceKind.WRONG, (1, 0, 0)),
        ("山川河", "山川川河", DifferenceKind.EXTRA, (0, 1, 0)),
        ("山川河", "山河", DifferenceKind.MISSING, (0, 0, 1)),
        ("山川河", "山州洲河", DifferenceKind.WRONG, (1, 1, 0)),
        ("", "山", DifferenceKind.EXTRA, (0, 1, 0)),
        ("山", "", DifferenceKind.MISSING, (0, 0, 1)),
    ],
)
def test_kinds_of_differences(
    true: str, read: str, kind: DifferenceKind, edits: tuple[int, int, int]
) -> None:
    """As quality control names them."""
    (found,) = compare_texts(true, read).differences
    assert (found.kind, found.edits) == (kind, edits)


def test_rates_name_ten_thousand_characters() -> None:
    """Three wrong ones in 6,000 are five in 10,000; a page without text has none."""
    assert QualityCount(1, 1, 1, 40, 6_000).per_10000 == 5.0
    assert QualityCount(0, 0, 0, 0, 0).per_10000 == 0.0
    assert EditCount(1, 1, 1, 12).rate == 0.25


TWO = [0] * 10 + [1] * 10


@pytest.mark.parametrize(
    ("true", "read", "expected"),
    [
        (TWO, TWO, Retrieval(20, 20, 20)),
        # Run together: the larger part of one article is found, the other is lost.
        ([0] * 12 + [1] * 8, [0] * 20, Retrieval(12, 20, 20)),
        # Cut in two: the larger part is right.
        ([0] * 20, [0] * 15 + [1] * 5, Retrieval(15, 20, 20)),
        # The numbers of articles are names and nothing more.
        (TWO, [7] * 10 + [3] * 10, Retrieval(20, 20, 20)),
        ([], [], Retrieval(0, 0, 0)),
    ],
)
def test_segmentation(true: list[int], read: list[int], expected: Retrieval) -> None:
    """Characters in the right article, of those read and of those printed."""
    pairs = [(i, i) for i in range(len(true))]
    assert measure_segmentation(true, read, pairs) == expected


@given(st.lists(st.integers(0, 3), max_size=20), st.data())
def test_segmentation_is_whole_exactly_where_the_articles_are(
    true: list[int], data: st.DataObject
) -> None:
    """Recall is 1 if and only if no article is cut and no two share one."""
    read = data.draw(st.lists(st.integers(0, 3), min_size=len(true), max_size=len(true)))
    found = measure_segmentation(true, read, [(i, i) for i in range(len(true))])
    pairs = set(zip(true, read, strict=True))
    one_to_one = len(pairs) == len(set(true)) == len(set(read))
    assert (found.recall == 1.0) == one_to_one
    assert found.right <= len(true)


def page(*articles: str, grouped: bool = True) -> PageText:
    """A page of articles of one paragraph each."""
    return PageText(tuple(ArticleText((text,)) for text in articles), grouped=grouped)


def test_a_page_has_all_figures() -> None:
    """Edits, quality, articles, order."""
    scores = score_page(page(FIRST, SECOND), page(SECOND, FIRST.replace("薄", "溥")))
    assert scores.page == EditCount(1, 0, 0, len(FIRST + SECOND))
    assert scores.quality == QualityCount(1, 0, 0, 0, len(FIRST + SECOND))
    assert scores.segmentation == Retrieval(*[len(FIRST + SECOND)] * 3)
    assert (scores.article_order.found, scores.article_order.of) == (0, 1)


def test_articles_are_not_judged_where_the_truth_has_none() -> None:
    """A truth that does not part its text says nothing of articles."""
    assert score_page(page(FIRST, grouped=False), page(FIRST)).segmentation is None
    assert score_page(page(FIRST), page(FIRST, grouped=False)).segmentation is not None


@given(st.lists(st.tuples(SMALL, SMALL), min_size=1, max_size=4))
def test_sums_over_pages_are_sums_of_counts(texts: list[tuple[str, str]]) -> None:
    """The micro average weighs every character alike."""
    scores = [score_page(page(a), page(b)) for a, b in texts]
    total = sum_scores(scores)
    assert total.page.wrong == sum(s.page.wrong for s in scores)
    assert total.quality.of == sum(len(a) for a, _ in texts)
    assert total.articles.true == len(texts)


@given(SMALL, SMALL, st.sampled_from(["ﬁ㈱", "が", "é", ""]))
def test_what_is_shown_is_what_is_counted(true: str, read: str, odd: str) -> None:
    """Differences are listed with the counts of the score, whatever normalisation does to them."""
    truth, made = page(true + odd), page(odd + read)
    shown = list_differences(truth, made)
    quality = score_page(truth, made).quality
    assert sum(d.length for d in shown) == quality.total + quality.moved
    assert compare_pages(truth, made, Normalisation()).text == Normalisation()(odd + read)


def test_differences_are_shown_in_the_text_as_given() -> None:
    """With spaces and marks as they are, a break between parts, and the place in the article."""
    truth = PageText((ArticleText(("The old mill, they say.",), title="At the mill"),))
    made = PageText((ArticleText(("The old hill, they say.",), title="At the mill"),))
    (found,) = list_differences(truth, made)
    assert found.true == SpanInContext(" mill\nThe old ", "m", "ill, they say.")
    assert found.read.text == "h"
    assert found.place is not None
    assert (found.place.article, found.place.part, found.place.span) == (0, 4, (8, 9))


def test_furniture_among_the_articles_is_not_shown() -> None:
    """Nor does it move the places of what follows."""
    truth = PageText((ArticleText((FIRST,)),), furniture=("图为北门渡口",))
    made = page("图为北门渡口" + FIRST.replace("薄", "溥"))
    (found,) = list_differences(truth, made)
    assert (found.true.text, found.read.text) == ("薄", "溥")
    assert found.place is not None
    assert found.place.span == (14, 15)


def test_a_page_without_text_has_no_places() -> None:
    """All of the truth is missing, and nowhere on the scan."""
    (found,) = list_differences(page(FIRST), PageText(()))
    assert found.kind is DifferenceKind.MISSING
    assert found.place is None
