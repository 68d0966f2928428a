"""Scores: what they count, what they forgive, and what they agree on with a slow reckoning."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.errors import InputError
from newspage.evaluation import (
    ArticleText,
    FoundCount,
    LineText,
    Normalisation,
    PageText,
    Retrieval,
    count_confusions,
    format_report,
    load_page_text,
    match_articles,
    measure_harm,
    parse_plain_text,
    score_page,
    scores_to_json,
    split_words,
)

RIVER = ArticleText(
    ("清晨的河面上起了薄雾，摆渡人老韩把缆绳解开。", "他说：“三十年了，水还是这样的水。”"),
    kicker="江边纪事",
    title="最后一班渡船",
    deck="北门渡口今日停航",
    byline="本报记者 陆行舟",
)
SEEDS = ArticleText(
    ("粮仓里有三百六十七份老品种。", "借一还二，是这里的规矩。", "种子在，故事就在。"),
    title="种子图书馆",
    byline="闻人静",
)
TRUTH = PageText(
    (RIVER, SEEDS),
    furniture=("青渡日报", "图为北门渡口的清晨"),
    lines=tuple(
        LineText(text, "body", "1")
        for text in ("清晨的河面上起了薄雾，", "摆渡人老韩把缆绳解开。", "他说：“三十年了，")
    ),
)
TEXTS = st.text(alphabet="山川河流日月星辰，。", min_size=1, max_size=30)
ARTICLES = st.builds(ArticleText, st.lists(TEXTS, min_size=1, max_size=4).map(tuple), title=TEXTS)
PAGES = st.lists(ARTICLES, min_size=1, max_size=4).map(lambda a: PageText(tuple(a)))


def replaced(article: ArticleText, **changes: Any) -> ArticleText:
    """The article with some parts exchanged."""
    parts = {name: getattr(article, name) for name in ("kicker", "title", "deck", "byline")}
    return ArticleText(**{"paragraphs": article.paragraphs, **parts, **changes})


def test_the_truth_scores_perfectly() -> None:
    """A page read without a mistake has no errors and finds everything."""
    scores = score_page(TRUTH, TRUTH)
    assert (scores.page.wrong, scores.characters.wrong) == (0, 0)
    assert scores.articles == Retrieval(2, 2, 2)
    assert scores.headlines == scores.bylines == FoundCount(2, 2)
    assert scores.paragraphs == Retrieval(3, 3, 3)
    assert (scores.lines, scores.line_order) == (FoundCount(3, 3), FoundCount(2, 2))


@given(PAGES)
def test_every_page_is_right_about_itself(page: PageText) -> None:
    """Whatever the text, comparing it with itself finds no wrong character or boundary."""
    scores = score_page(page, page)
    assert scores.page.wrong == 0
    assert scores.paragraphs.f1 == 1.0


def test_articles_may_come_in_any_order() -> None:
    """The order of articles on a page is a matter of taste and costs nothing."""
    assert score_page(TRUTH, PageText((SEEDS, RIVER))).page.wrong == 0


def test_order_inside_an_article_counts_as_order() -> None:
    """Paragraphs in the wrong order are order errors; no character is wrong."""
    turned = replaced(SEEDS, paragraphs=SEEDS.paragraphs[::-1])
    scores = score_page(TRUTH, PageText((RIVER, turned)))
    assert scores.characters.wrong == 0
    assert scores.order.wrong == scores.page.wrong > 0


@given(PAGES, PAGES)
def test_character_errors_never_exceed_page_errors(truth: PageText, read: PageText) -> None:
    """Forgetting about order can only make a page better."""
    scores = score_page(truth, read)
    assert 0 <= scores.characters.wrong <= scores.page.wrong


def test_one_misread_character_is_one_error() -> None:
    """A substitution costs one character, of as many as the page has."""
    wrong = replaced(RIVER, title="最后一班渡舶")
    scores = score_page(TRUTH, PageText((wrong, SEEDS)))
    assert (scores.page.wrong, scores.characters.wrong) == (1, 1)
    assert scores.headlines == FoundCount(1, 2)
    assert count_confusions(TRUTH, PageText((wrong, SEEDS))) == {("船", "舶"): 1}


def test_kicker_title_and_deck_are_one_headline() -> None:
    """Which line of a headline is the kicker and which the deck is a matter of taste."""
    merged = replaced(RIVER, kicker="", title=RIVER.kicker + RIVER.title)
    assert score_page(TRUTH, PageText((merged, SEEDS))).headlines == FoundCount(2, 2)


def test_furniture_among_the_articles_is_forgiven_once() -> None:
    """A caption printed in an article costs nothing; printed twice it does."""
    once = replaced(SEEDS, paragraphs=("图为北门渡口的清晨", *SEEDS.paragraphs))
    twice = replaced(once, paragraphs=("图为北门渡口的清晨", *once.paragraphs))
    assert score_page(TRUTH, PageText((RIVER, once))).page.wrong == 0
    assert score_page(TRUTH, PageText((RIVER, twice))).page.wrong == len("图为北门渡口的清晨")


def test_an_article_counts_when_its_text_is_nearly_right() -> None:
    """Two articles run together are one predicted article, and neither is found."""
    merged = ArticleText((*RIVER.paragraphs, *SEEDS.paragraphs), title=RIVER.title)
    assert score_page(TRUTH, PageText((merged,))).articles == Retrieval(0, 1, 2)


def test_a_split_left_in_costs_precision() -> None:
    """A paragraph cut in two has one boundary too many; recall stays whole."""
    first, second = RIVER.paragraphs
    cut = replaced(RIVER, paragraphs=(first[:8], first[8:], second))
    found = score_page(TRUTH, PageText((cut, SEEDS))).paragraphs
    assert (found.right, found.predicted, found.true) == (3, 4, 3)
    assert found.precision == 0.75
    assert found.recall == 1.0


def test_lines_are_found_with_errors_in_them_but_not_apart() -> None:
    """A line counts when four fifths of it stand together, and order when neighbours touch."""
    swapped = ArticleText(("摆渡人老韩把缆绳解并。别的话。清晨的河面上起了薄雾，",))
    scores = score_page(TRUTH, PageText((swapped,)))
    assert scores.lines == FoundCount(2, 3)
    assert scores.line_order == FoundCount(0, 1)


def test_harm_and_healing_are_told_apart() -> None:
    """Harm counts characters that were right before and wrong after; healing the reverse."""
    before = PageText((replaced(RIVER, title="最后一班渡舶"), SEEDS))
    after = PageText((replaced(RIVER, byline="本报记者 陆行丹"), SEEDS))
    change = measure_harm(TRUTH, before, after)
    assert (change.harmed, change.healed) == (1, 1)


@given(PAGES, PAGES)
def test_no_change_does_no_harm(truth: PageText, read: PageText) -> None:
    """A correction that changes nothing harms and heals nothing."""
    change = measure_harm(truth, read, read)
    assert (change.harmed, change.healed) == (0, 0)


@pytest.mark.parametrize(
    ("norm", "a", "b"),
    [
        (Normalisation(), "（5G） 网络", "(5G)网络"),
        (Normalisation(), "“好”", "「好」"),
        (Normalisation(punctuation=True), "好，好。", "好好"),
        (Normalisation(variants=(("説", "說"),)), "説", "說"),
    ],
)
def test_normalisation_makes_equal_what_does_not_count(norm: Normalisation, a: str, b: str) -> None:
    """Each option forgives one kind of difference."""
    assert norm(a) == norm(b)


def test_strict_normalisation_keeps_width_and_quotes() -> None:
    """With everything switched off only white space is dropped."""
    strict = Normalisation(width=False, quotes=False)
    assert strict("（ “好”") == "（“好”"


def test_matching_is_one_to_one() -> None:
    """Two predictions of one article do not both count."""
    pairs = match_articles((RIVER,), (RIVER, RIVER))
    assert pairs == {0: (0, 0.0)}


def test_plain_text_has_articles_and_paragraphs() -> None:
    """Stars part articles, blank lines paragraphs."""
    page = parse_plain_text("甲乙\n\n丙丁\n\n* * *\n\n戊己\n")
    assert page.articles == (ArticleText(("甲乙", "丙丁")), ArticleText(("戊己",)))


def test_records_and_truth_files_are_read_alike(tmp_path: Path) -> None:
    """A record's furniture and a truth file's other text are the same thing."""
    article = {"title": "题", "deck": None, "paragraphs": ["文"]}
    record, truth = tmp_path / "record.json", tmp_path / "truth.json"
    record.write_text(json.dumps({"articles": [article], "furniture": [{"text": "图"}]}))
    truth.write_text(json.dumps({"articles": [article], "other": [{"role": "ad", "text": "图"}]}))
    assert load_page_text(record) == load_page_text(truth)
    assert load_page_text(truth).articles[0] == ArticleText(("文",), title="题")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"articles": [3]}', "no json", "[" * 99_999])
def test_anything_else_is_refused_with_its_name(tmp_path: Path, content: str) -> None:
    """What is no page is an error that names the file."""
    path = tmp_path / "odd.json"
    path.write_text(content)
    with pytest.raises(InputError, match=r"odd\.json"):
        load_page_text(path)


def test_the_report_names_its_n() -> None:
    """A rate without its n is worth nothing."""
    scores = score_page(TRUTH, TRUTH)
    assert f"of {scores.page.of} characters" in format_report(scores)
    assert scores_to_json(scores)["page_cer"] == 0.0


HALL = ArticleText(
    ("The mayor opened the new hall on Nov. 6.", "“Well-built,” he said, in 1898."),
    title="A HALL FOR ALL",
    byline="By Ann Lee",
)


def test_glued_words_count_though_no_character_is_wrong() -> None:
    """Two words without their space are one wrong word and one missing; marks are no words."""
    glued = replaced(
        HALL,
        paragraphs=(
            HALL.paragraphs[0].replace("the new", "thenew"),
            "“Well-built” he said in 1898",
        ),
    )
    scores = score_page(PageText((HALL,)), PageText((glued,)))
    assert scores.characters.wrong == 3
    assert (scores.words.wrong, scores.words.of) == (2, 21)
    assert scores_to_json(scores)["word_errors"] == pytest.approx(2 / 21, abs=1e-5)
    assert "2 wrong of 21" in format_report(scores)


def test_words_are_counted_in_text_files_and_records_alike() -> None:
    """A blank line or a key between two paragraphs, the words are the same."""
    text = parse_plain_text("\n\n".join((HALL.title, HALL.byline, *HALL.paragraphs)))
    assert score_page(PageText((HALL,)), text).words.wrong == 0


def test_words_of_a_chinese_page_are_its_latin_ones() -> None:
    """Ideographs part words as spaces do, numbers are none, and a page may have no words."""
    assert split_words("他2019年毕业于School of Music，后进NBA。") == [
        "School",
        "of",
        "Music",
        "NBA",
    ]
    assert score_page(TRUTH, TRUTH).words.of == 0
    assert "WER" not in format_report(score_page(TRUTH, TRUTH))


def test_words_of_furniture_among_the_articles_are_forgiven_once() -> None:
    """As its characters are."""
    truth = PageText((HALL,), furniture=("The Daily Hall",))
    made = replaced(HALL, paragraphs=("The Daily Hall", *HALL.paragraphs))
    assert score_page(truth, PageText((made,))).words.wrong == 0
    assert score_page(PageText((HALL,)), PageText((made,))).words.wrong == 3
