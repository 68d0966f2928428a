"""Full-text search: what finds what, and that the index is always that of the records."""

import csv
import io
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from typer.testing import CliRunner, Result

from newspage.batch import folder
from newspage.chinese import fold_text, fold_with_origins
from newspage.cli import app
from newspage.errors import UsageError
from newspage.expected_errors import ExpectedErrors
from newspage.output import ArticleIndexer
from newspage.review.service import UnknownError
from newspage.review.service.page_edits import Signature, TextEdit
from newspage.review.service.views import Answer, QuestionFilter
from newspage.search import (
    ArticleSearch,
    cut_snippet,
    find_spans,
    make_filter,
    parse_words,
    render_results,
)
from newspage.settings import load_settings
from newspage.store import (
    ArticleFilter,
    IndexedText,
    OutputStore,
    PageArticles,
    ScanKey,
    Store,
)
from newspage.store.article_tokens import list_date_tokens
from tests.asking import PAGES, Office, make_other
from tests.postgres import database

LETTERS = st.sampled_from('国國会會为為爲里裏裡一人民中AaＡé,，。“”" \n()_%')
TEXTS = st.one_of(st.text(LETTERS, max_size=40), st.text(max_size=20))
DAY = date(1937, 7, 7)


def row_of(text: str, number: int = 0, paper: str = "申报", day: str = "1937-07-07") -> IndexedText:
    """An article of a text, on a page of its own."""
    stem = f"p{number}"
    head = len(fold_text(text.split("\n", maxsplit=1)[0])) if "\n" in text else 0
    return IndexedText(
        ScanKey(f"{stem}.png"), stem, 0, "a1", "article", paper, day, "1", text[:head], text,
        fold_text(text), head,
    )  # fmt: skip


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OutputStore]:
    """An empty store in a file."""
    with Store(tmp_path_factory.mktemp("store") / "s.sqlite") as store:
        yield OutputStore(store, "output")


@pytest.fixture(scope="module")
def server() -> Iterator[OutputStore]:
    """An empty store on a server."""
    with database() as address, Store(address) as store:
        yield OutputStore(store, "output")


def fill(store: OutputStore, *rows: IndexedText) -> None:
    """Put articles, each on its page, in place of all that the index has."""
    store.articles.clear()
    for row in rows:
        store.articles.put_page(row.key, PageArticles([row], "0" * 64))


def found(store: OutputStore, words: str, which: ArticleFilter | None = None) -> list[str]:
    """The pages of the articles that hold words exactly, as a search lists them."""
    search = ArticleSearch(store.articles)
    result = search.find_matches(parse_words(words), which or ArticleFilter())
    return [hit.row.stem for hit in search.load_hits(result.matches[: result.exact])]


@given(TEXTS, TEXTS)
def test_a_part_of_a_text_folds_to_a_part_of_the_folded_text(before: str, after: str) -> None:
    """And every character of it knows which one it came from."""
    text = before + after
    folded = fold_with_origins(text)
    assert folded.text == fold_text(before) + fold_text(after) == fold_text(text)
    assert sorted(folded.origins) == list(folded.origins)
    for place, (index, c) in enumerate(zip(folded.origins, folded.text, strict=True)):
        assert c in fold_text(text[index])
        assert folded.find_span(place, place + 1) == (index, index + 1)


def test_forms_of_a_character_are_one() -> None:
    """Traditional and old forms, width, case, accents; kana keep their marks."""
    for group in ("為爲为", "國国", "裏裡里", "麼么", "囘回", "著着", "ＡaA", "éE", "，,"):
        assert len(set(map(fold_text, group))) == 1, group
    assert fold_text("㈱") == fold_text("(株)")
    assert fold_text("が") != fold_text("か")
    assert fold_text(" \n\u3000\u200b\u0301") == ""


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_part_of_a_text_finds_it(sqlite: OutputStore, data: st.DataObject) -> None:
    """Be it one character or all of it, in quotation marks or not."""
    text = data.draw(TEXTS.map(lambda t: t.replace("\0", "").encode("utf-8", "ignore").decode()))
    fill(sqlite, row_of("另外一篇"), row_of(text, 1))
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    if not fold_text(part):
        with pytest.raises(UsageError, match="Nothing to look for"):
            parse_words(part)
        return
    assert "p1" in found(sqlite, part)
    assert find_spans(text, parse_words(part))
    if '"' not in part:
        assert "p1" in found(sqlite, f'"{part}"')


def test_simplified_finds_traditional_and_back(sqlite: OutputStore) -> None:
    """The text stays as it is printed, and the hit is marked in it."""
    fill(sqlite, row_of("中華民國萬歲"), row_of("中华民国万岁", 1), row_of("中华人民", 2))
    assert found(sqlite, "中华民国") == found(sqlite, "中華民國") == ["p0", "p1"]
    assert found(sqlite, "国") == ["p0", "p1"]
    assert find_spans("中華民國萬歲", parse_words("民国")) == ((2, 4),)


def test_words_are_all_held_and_phrases_whole(sqlite: OutputStore) -> None:
    """Quotation marks of either kind keep words together."""
    fill(sqlite, row_of("上海新闻，北京天气"), row_of("北京新闻", 1))
    assert found(sqlite, "北京 新闻") == ["p0", "p1"] or found(sqlite, "北京 新闻") == ["p1", "p0"]
    assert found(sqlite, '"北京 新闻"') == found(sqlite, "“北京新闻”") == ["p1"]
    assert found(sqlite, "上海 没有") == []


def test_headlines_and_frequent_words_come_first(sqlite: OutputStore) -> None:
    """An article about something before one that mentions it."""
    often = row_of("别的\n" + "棉花涨价棉花跌价棉花" + "无" * 20, 1)
    fill(sqlite, row_of("别的\n棉花" + "无" * 60), often, row_of("棉花\n" + "无" * 60, 2))
    assert found(sqlite, "棉花") == ["p2", "p1", "p0"]


def test_one_misread_character_is_found_and_told(sqlite: OutputStore) -> None:
    """At any place of a word of three and more; never with two, never the exact one again."""
    texts = ("毛泽东说", "毛译东说", "手泽东说", "毛泽乐说", "毛来了东风", "泽东")
    fill(sqlite, *(row_of(text, i) for i, text in enumerate(texts)))
    search = ArticleSearch(sqlite.articles)
    result = search.find_matches(parse_words("毛泽东"), ArticleFilter())
    hits = search.load_hits(result.matches)
    assert [(hit.row.stem, hit.misread) for hit in hits] == [
        ("p0", False), ("p1", True), ("p2", True), ("p3", True),
    ]  # fmt: skip
    assert [hit.row.text[:3] for hit in hits[1:]] == ["毛译东", "手泽东", "毛泽乐"]
    assert all(hit.spans == ((0, 3),) for hit in hits)
    assert not search.find_matches(parse_words("译乐"), ArticleFilter()).matches


def test_long_quotations_are_not_looked_for_misread() -> None:
    """Every character of them would be a search of its own."""
    assert len(parse_words("天" * 60).list_misread()) == 60
    assert not parse_words("天" * 61).list_misread()
    assert not parse_words(" ".join(chr(0x4E00 + n) * 10 for n in range(7))).list_misread()


def test_filters_narrow(sqlite: OutputStore) -> None:
    """Paper, whatever forms its name is written in; dates, whole months and years; kind; page."""
    rows = [row_of("战事", 0), row_of("战事", 1, "大公報", "1938-01-31"), row_of("战事", 2, "", "")]
    fill(sqlite, *rows)
    assert found(sqlite, "战事", make_filter(paper="大公报")) == ["p1"]
    assert found(sqlite, "战事", make_filter(first="1938")) == ["p1"]
    assert found(sqlite, "战事", make_filter(last="1937-07")) == ["p0"]
    assert found(sqlite, "战事", make_filter(first="1937-07-07", last="1938-1")) == ["p0", "p1"]
    assert found(sqlite, "战事", make_filter(first="1938", last="1937")) == []
    assert found(sqlite, "战事", make_filter(kind="caption")) == []
    assert found(sqlite, "战事", ArticleFilter(stems=("p2", "P1"))) == ["p2"]
    for wrong in ("1937-13", "1937-02-29", "昨天", "1937-07-07T00"):
        with pytest.raises(UsageError, match="is no date"):
            make_filter(first=wrong)
    for wrong in ("headline", "\udcff"):
        with pytest.raises(UsageError, match="is no kind of text"):
            make_filter(kind=wrong)


@given(st.dates(), st.dates(), st.dates())
def test_dates_between_two_have_one_of_their_tokens(first: date, last: date, day: date) -> None:
    """And no others have."""
    (own,) = list_date_tokens(day.isoformat(), day.isoformat())
    tokens = list_date_tokens(first.isoformat(), last.isoformat())
    assert any(own.startswith(token) for token in tokens) == (first <= day <= last)


def test_another_output_folder_is_left_alone(sqlite: OutputStore) -> None:
    """Its articles are not found, and stay where the index is emptied."""
    other = OutputStore(sqlite.whole, "Output")
    fill(sqlite, row_of("共同的词"))
    fill(other, row_of("共同的词", 1))
    assert (found(sqlite, "共同"), found(other, "共同")) == (["p0"], ["p1"])
    sqlite.articles.clear()
    assert (found(sqlite, "共同"), found(other, "共同")) == ([], ["p1"])
    other.articles.clear()


def test_snippets_show_hits(sqlite: OutputStore) -> None:
    """Also far down in a text, and where a hit is longer than a snippet."""
    text = "开头\n" + "无" * 500 + "目标" + "无" * 500
    piece = cut_snippet(text, find_spans(text, parse_words("目标")))
    assert [piece.text[a:b] for a, b in piece.marks] == ["目标"]
    assert text[piece.start :].replace("\n", " ").startswith(piece.text)
    assert piece.cut == (True, True)
    assert cut_snippet("短\n文", ()).text == "短 文"
    long = "长" * 300
    assert cut_snippet(long, find_spans(long, parse_words(long))).marks == ((0, 300),)


def test_csv_is_safe_and_whole(sqlite: OutputStore) -> None:
    """A line an article, by date, with the hit in its context; no cell is a formula."""
    first = row_of("=1+1，目标在此", 0, "＝1+1", "1937-07-09")
    fill(sqlite, first, row_of("前文目标", 1))
    hits = ArticleSearch(sqlite.articles).find_all(parse_words("目标"), ArticleFilter())
    data = b"".join(render_results(hits)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    assert [row["date"] for row in rows] == ["1937-07-07", "1937-07-09"]
    assert [(row["before"], row["hit"], row["after"]) for row in rows] == [
        ("前文", "目标", ""), ("'=1+1，", "目标", "在此"),
    ]  # fmt: skip
    assert rows[1]["paper"] == "'＝1+1"


def test_too_much_at_once_is_refused() -> None:
    """By length and by number of words."""
    for words in ("字" * 1001, " ".join("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋")):
        with pytest.raises(UsageError, match="More was given"):
            parse_words(words)


def test_a_server_answers_as_a_file_does(sqlite: OutputStore, server: OutputStore) -> None:
    """Words, phrases, filters, misread characters, after rows were replaced."""
    chance = random.Random(3)
    rows = [
        row_of(
            "".join(chance.choices("国國中人民日一，\nA", k=chance.randint(1, 40))),
            number,
            chance.choice(["申报", "大公报", ""]),
            (DAY + timedelta(chance.randrange(900))).isoformat(),
        )
        for number in range(80)
    ]
    for store in (sqlite, server):
        fill(store, *(row_of("旧的文字", n) for n in range(80)))
        for row in rows:
            store.articles.put_page(row.key, PageArticles([row], "1" * 64))
    filters = (ArticleFilter(), make_filter("大公报"), make_filter("", "1938", "1938-06"))
    for length in (1, 2, 3, 5):
        for which in filters:
            text = chance.choice(rows).text
            words = text[chance.randrange(len(text)) :][:length] or text
            if not fold_text(words):
                continue
            answers = [
                [(hit.row, hit.spans, hit.misread) for hit in search.load_hits(result.matches)]
                for search in map(ArticleSearch, (sqlite.articles, server.articles))
                for result in [search.find_matches(parse_words(words), which)]
            ]
            assert answers[0] == answers[1]
    assert sqlite.articles.list_all() == server.articles.list_all()
    assert sqlite.articles.read_state() == server.articles.read_state()


Indexed = tuple[list[IndexedText], list[str], dict[str, ExpectedErrors]]


def indexed(office: Office) -> Indexed:
    """All rows of the index, the pages that a word finds, and how good each page is."""
    with Store(office.place.store) as whole:
        store = OutputStore(whole, office.place.name)
        assert not store.articles.read_state().waiting
        rows = store.articles.list_all()
        errors = store.errors.find_errors({row.stem for row in rows})
        return rows, found(store, "东南西北"), errors


def rebuilt(office: Office) -> Indexed:
    """The same after the index was made anew."""
    with Store(office.place.store) as whole:
        store = OutputStore(whole, office.place.name)
        outcomes = {c.outcome for c in ArticleIndexer(office.place, store).bring_in_step()}
        assert outcomes <= {"kept"}
        list(ArticleIndexer(office.place, store).bring_in_step(anew=True))
    return indexed(office)


def decide(office: Office, chance: random.Random) -> None:
    """Answer questions, write by hand and take back, at a desk."""
    desk = office.desk()
    for _ in range(4):
        act = chance.choice(("answer", "write", "undo"))
        questions = desk.list_questions(QuestionFilter(state="open"))[0]
        if act == "answer" and questions:
            one = chance.choice(questions)
            answer = Answer(one.id, chance.choice(("accept", "reject")), one.seen)
            desk.record_answers([answer], "ann")
        elif act == "write":
            page = desk.show_page(chance.choice(desk.list_pages()[0]).stem)
            article = chance.choice(page.articles)
            text = chance.choice(("新写的字", "另写"))
            edit = TextEdit(page.stem, article.id, 0, 1, text, article.seen)
            desk.record_edit(edit, Signature("ann"))
        elif act == "undo" and desk.list_history()[1]:
            # Of this person nothing may be in force any more.
            with suppress(UnknownError):
                desk.undo_decision("ann")
    desk.close()


@pytest.mark.parametrize("seed", range(3))
def test_the_index_is_always_that_of_the_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """After runs, decisions, pages read otherwise, in any order: as if it were made anew."""
    chance = random.Random(seed)
    office = Office(tmp_path, monkeypatch)
    office.scans(*PAGES)
    office.run()
    steps: list[Callable[[], object]] = [
        lambda: decide(office, chance),
        lambda: office.run(force=True),
        lambda: office.run(force=True, make=make_other),
        office.run,
    ]
    for _ in range(4):
        chance.choice(steps)()
        now = indexed(office)
        assert now[0]
        assert now == rebuilt(office)
    assert now[0][0].paper == "x"


def test_what_changed_behind_the_back_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that was replaced or removed; a page that an older version indexed, or none did."""
    office = Office(tmp_path, monkeypatch)
    office.scans(*PAGES)
    office.run()
    whole = indexed(office)
    one, other = (office.place.output / f"x-2020-01-01/p{n}.json" for n in (1, 2))
    kept = one.read_bytes(), other.read_bytes()
    one.unlink()
    other.write_text(other.read_text().replace("题目", "标题"))
    with Store(office.place.store) as opened:
        store = OutputStore(opened, office.place.name)
        indexer = ArticleIndexer(office.place, store)
        outcomes = [change.outcome for change in indexer.bring_in_step()]
        assert sorted(outcomes) == ["indexed", "kept", "kept", "removed"]
        assert found(store, "标题") == ["x-2020-01-01/p2"]
        assert store.articles.read_state().waiting == 0
        assert {change.outcome for change in indexer.bring_in_step()} == {"kept"}
        one.write_bytes(kept[0])
        other.write_bytes(kept[1])
        with opened.database.transaction() as connection:
            connection.execute(text("UPDATE indexed_pages SET scheme = '0'"))
        assert store.articles.read_state().waiting == len(PAGES)
    monkeypatch.setattr(folder, "MANY_UNINDEXED", len(PAGES))
    assert any("4 pages of an earlier version" in note for note in office.run().notes)
    assert not office.run().notes
    assert indexed(office) == whole


def test_the_review_indexes_what_an_older_version_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is open, beside writing and joining; not where it is for looking only."""
    office = Office(tmp_path, monkeypatch)
    office.scans(*PAGES)
    office.run()
    whole = indexed(office)
    with Store(office.place.store) as opened:
        with opened.database.transaction() as connection:
            connection.execute(text("UPDATE indexed_pages SET scheme = '0'"))
        articles = OutputStore(opened, office.place.name).articles
        office.desk(read_only=True).close()
        assert articles.count_waiting() == len(PAGES)
        desk = office.desk()
        deadline = time.monotonic() + 20
        while articles.count_waiting() and time.monotonic() < deadline:
            time.sleep(0.02)
        desk.close()
    assert indexed(office) == whole


def test_pages_that_change_their_paper_are_found_by_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By other settings for the names of scans, though no page is read again."""
    office = Office(tmp_path, monkeypatch)
    office.scans(*PAGES)
    office.run()
    pattern = r"(?P<paper>x-2020).(?P<year>\d\d).(?P<month>\d\d)/p(?P<page>\d)"
    office.settings = load_settings(None, {("ingest", "name_pattern"): ("", pattern)})
    office.run()
    rows = indexed(office)[0]
    assert rows == rebuilt(office)[0]
    assert {row.paper for row in rows} != {"x"}


def test_the_command_prints_and_writes_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found, where it is printed, with the hit marked; errors in words."""
    office = Office(tmp_path, monkeypatch)
    office.scans(*PAGES)
    office.run()

    def call(*words: str) -> Result:
        return CliRunner().invoke(app, [*words, "-o", str(office.place.output)])

    told = call("search", "東南西北", "--limit", "1", "--from", "2020")
    assert told.exit_code == 0
    assert told.stdout.startswith("x 2020-01-01 p. ")
    assert "【东南西北】中发" in told.stdout
    assert "4 articles" in told.stderr
    assert "0 articles, and 4 with one character misread" in call("search", "东南酉北").stderr
    data = call("search", "--csv", "题目").stdout.lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(data)))
    assert [row["scan"] for row in rows] == [f"x-2020-01-01/p{n}" for n in range(1, 5)]
    assert "no article is of this newspaper" in call("search", "题", "--paper", "y").stderr
    assert call("search", "题", "--paper", "Ｘ").exit_code == 0
    assert "4 kept" in call("index", "check").stdout
    anew = call("index", "rebuild").stdout
    assert "4 indexed, 0 kept, 0 removed. The index holds 8 texts." in anew
