"""Articles that jump from page to page."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from newspage.issues import (
    ArticlePiece,
    IssuePage,
    PartLink,
    find_page_numbers,
    join_issue,
    join_parts,
    link_page,
    make_issue_name,
    normalise_page_number,
    outline_issue,
)
from newspage.model import (
    ArticleRecord,
    Furniture,
    PageRecord,
    Paragraph,
    Publication,
    RegionKind,
    Scan,
)
from newspage.page.facing_pages import join_facing_pages
from newspage.record import RecordError, encode_issue, read_issue_outline
from tests.decided_pages import read_otherwise
from tests.fakes import chars_of, line_of, record_of

SCAN = Scan(Path("a.png"), "", 100, 100)


def article(
    name: str,
    *texts: str,
    title: str = "",
    goes: str | None = None,
    comes: str | None = None,
    byline: str = "",
) -> ArticleRecord:
    """An article of some paragraphs."""
    return ArticleRecord(
        name,
        title=chars_of(line_of(title, f"{name}t")),
        byline=chars_of(line_of(byline, f"{name}b")),
        paragraphs=tuple(
            Paragraph(chars_of(line_of(text, f"{name}p{i}"))) for i, text in enumerate(texts)
        ),
        continues=goes,
        continued_from=comes,
    )


def page(number: str, *articles: ArticleRecord, stem: str = "") -> IssuePage:
    """A page with some articles."""
    record = replace(record_of(SCAN, ""), articles=articles)
    return IssuePage(stem or f"p{number}", (number,), record)


def texts(found: ArticleRecord) -> list[str]:
    """The paragraphs of an article."""
    return [p.text for p in found.paragraphs]


def test_both_notes_join_two_parts() -> None:
    """下转第3版 on page 1 and 上接第1版 on page 3 make one article, printed whole once."""
    one = page("1", article("a1", "甲。", title="题", goes="3"), article("a2", "乙。", title="二"))
    three = page("3", article("a1", "丁。", title="四"), article("a2", "丙。", comes="1"))
    issue = join_issue("x", [one, three])
    assert [texts(a.whole) for a in issue.articles] == [["甲。", "丙。"], ["乙。"], ["丁。"]]
    assert [(p.stem, p.article, p.page) for p in issue.articles[0].parts] == [
        ("p1", "a1", "1"),
        ("p3", "a2", "3"),
    ]
    assert issue.problems == ()


def test_an_open_sentence_goes_on_in_the_same_paragraph() -> None:
    """The decision is kept as a join, with both lines, so that it can be taken back."""
    one = page("1", article("a1", "甲。", "工程怎么修，", title="题", goes="3"))
    three = page("3", article("a1", "居民说了算。", "乙。", comes="1"))
    issue = join_issue("x", [one, three])
    assert texts(issue.articles[0].whole) == ["甲。", "工程怎么修，居民说了算。", "乙。"]
    (join,) = issue.joins
    assert (join.before, join.after, join.joined) == ("p1#a1p1", "p3#a1p0", True)


def test_latin_words_are_parted_over_a_page_and_a_parted_word_is_whole() -> None:
    """The space names the glyph before it; the hyphen that went is told by the join."""
    for end, start, whole, hyphen in (
        ("the new", "hall was", "the new hall was", False),
        ("the old cam-", "pus was", "the old campus was", True),
        ("about twenty-", "five men", "about twenty-five men", False),
    ):
        one = page("1", article("a1", end, title="A", goes="3"))
        three = page("3", article("a1", start, comes="1"))
        issue = join_issue("x", [one, three])
        assert texts(issue.articles[0].whole) == [whole]
        assert ("hyphen" in issue.joins[0].evidence) is hyphen
        assert all("#" in c.line for c in issue.articles[0].whole.paragraphs[0].chars)


def test_the_dot_of_latin_text_ends_its_paragraph() -> None:
    """A sentence that is closed does not go on over a page."""
    one = page("1", article("a1", "It was over.", title="A", goes="3"))
    three = page("3", article("a1", "The next day", comes="1"))
    assert texts(join_issue("x", [one, three]).articles[0].whole) == [
        "It was over.",
        "The next day",
    ]


@pytest.mark.parametrize("end", ["。", "！", "？", "。”", "……", "」", "。）"])
def test_a_closed_sentence_ends_its_paragraph(end: str) -> None:
    """Even where a quotation or a bracket closes after it."""
    sentence = f"完{'。' if end == '」' else ''}{end}"
    one = page("1", article("a1", sentence, title="题", goes="3"))
    three = page("3", article("a1", "又。", comes="1"))
    issue = join_issue("x", [one, three])
    assert texts(issue.articles[0].whole) == [sentence, "又。"]
    assert not issue.joins[0].joined


def test_of_several_candidates_the_text_decides() -> None:
    """Two articles go on at page 3: each finds the part that shares its words."""
    grain, water = "秋粮收购均价稳中有升，农民卖粮", "老城水网修复工程启动，河道清淤"
    one = page(
        "1",
        article("a1", grain, title="粮", goes="3"),
        article("a2", water, title="水", goes="3"),
    )
    three = page(
        "3",
        article("a1", "水网修复工程的河道清淤将在明年完成。", comes="1"),
        article("a2", "收购均价上涨，农民卖粮踊跃。", comes="1"),
    )
    issue = join_issue("x", [one, three])
    parts = [[(p.stem, p.article) for p in a.parts] for a in issue.articles]
    assert parts == [[("p1", "a1"), ("p3", "a2")], [("p1", "a2"), ("p3", "a1")]]


def test_one_missing_note_is_bridged_by_the_text() -> None:
    """The note at the top of page 3 was not read, but an untitled part goes on there."""
    one = page("1", article("a1", "老城水网修复工程启动，河道", title="水", goes="3"))
    three = page(
        "3",
        article("a1", "评论的正文在这里。", title="评论"),
        article("a2", "清淤，水网修复工程明年完成。"),
    )
    issue = join_issue("x", [one, three])
    assert len(issue.articles[0].parts) == 2
    assert issue.articles[0].parts[1].article == "a2"


def test_unrelated_articles_are_not_joined() -> None:
    """A note that leads to a page with nothing fitting is a problem, not a guess."""
    one = page("1", article("a1", "甲乙丙丁完了。", title="题", goes="3"))
    three = page("3", article("a1", "天地玄黄宇宙洪荒。", title="另题"))
    issue = join_issue("x", [one, three])
    assert [len(a.parts) for a in issue.articles] == [1, 1]
    (problem,) = issue.problems
    assert "page 3" in problem.message


def test_notes_that_contradict_each_other_do_not_join() -> None:
    """上接第2版 does not answer 下转第3版 of page 1."""
    one = page("1", article("a1", "甲，", title="题", goes="3"))
    three = page("3", article("a1", "乙。", comes="2"))
    issue = join_issue("x", [one, three])
    assert len(issue.articles) == 2
    assert len(issue.problems) == 2


def test_three_parts_make_one_article() -> None:
    """A jump from a page that was jumped to; the byline may stand at the end."""
    pages = [
        page("1", article("a1", "甲，", title="题", goes="2")),
        page("2", article("a1", "乙，", comes="1", goes="4")),
        page("4", article("a1", "丙。", comes="2", byline="某某")),
    ]
    (found,) = join_issue("x", pages).articles
    assert texts(found.whole) == ["甲，乙，丙。"]
    assert "".join(c.text for c in found.whole.byline) == "某某"


def test_a_circle_is_broken() -> None:
    """Notes that lead round and round end somewhere, and nothing is lost."""
    pages = [
        page("1", article("a1", "甲，", goes="2", comes="2")),
        page("2", article("a1", "乙，", goes="1", comes="1")),
    ]
    issue = join_issue("x", pages)
    assert sorted("".join(texts(a.whole)) for a in issue.articles) in (["甲，乙，"], ["乙，甲，"])


def test_an_outline_gives_the_issue_again(tmp_path: Path) -> None:
    """Article by article, from the file and the pages, with what was decided of their ends."""
    one = page("1", article("a1", "甲。", title="题", goes="3"), article("a2", "乙。"))
    three = page("3", article("a1", "丙，", comes="1", goes="4"))
    four = page("4", article("a1", "丁。", comes="3", byline="某某"))
    pages = {p.stem: p for p in (one, three, four)}
    link = PartLink(("p1", "a1"), ("p3", "a1"), linked=True, joined=True)
    issue = join_issue("x", list(pages.values()), [link])
    (tmp_path / "x.json").write_bytes(encode_issue(issue))
    outline = read_issue_outline(tmp_path / "x.json")
    assert outline == outline_issue(issue)
    for found in issue.articles:
        pieces = [
            ArticlePiece(
                part, next(a for a in pages[part.stem].record.articles if a.id == part.article)
            )
            for part in outline.articles[found.whole.id]
        ]
        assert join_parts(found.whole.id, pieces, outline.joined) == found.whole
    assert texts(issue.articles[0].whole) == ["甲。丙，丁。"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no valid issue"),
        (b'{"format":"newspage-issue/9"}', "has the format newspage-issue/9"),
        (b'{"format":"newspage/1"}', "is no issue: its format is 'newspage/1'"),
    ],
)
def test_a_file_that_is_no_issue(data: bytes, said: str, tmp_path: Path) -> None:
    """Is named, with what it is."""
    (tmp_path / "x.json").write_bytes(data)
    with pytest.raises(RecordError, match=said):
        read_issue_outline(tmp_path / "x.json")


def test_links_are_set_and_taken_away() -> None:
    """Records name the other parts; doing it again changes nothing; alone they name none."""
    one = page("1", article("a1", "甲，", title="题", goes="3"))
    three = page("3", article("a1", "乙。", comes="1"))
    issue = join_issue("x", [one, three])
    first = link_page(one, issue)
    assert first.articles[0].next_part is not None
    assert first.articles[0].next_part.stem == "p3"
    again = replace(one, record=first)
    assert link_page(again, join_issue("x", [again, three])) == first
    assert link_page(again, join_issue("x", [again])) == one.record


def test_every_character_of_the_whole_names_page_and_line() -> None:
    """Provenance survives the second pass."""
    one = page("1", article("a1", "甲，", title="题", goes="3"))
    three = page("3", article("a1", "乙。", comes="1"))
    (found,) = join_issue("x", [one, three]).articles
    sources = [c.line for p in found.whole.paragraphs for c in p.chars]
    assert sources == ["p1#a1p0"] * 2 + ["p3#a1p0"] * 2


@pytest.mark.parametrize(
    ("text", "number"),
    {
        "3": "3",
        "03": "3",
        "三": "3",
        "十二": "12",
        "二十": "20",
        "二十一": "21",
        "一二": "12",
        "第三版": "3",
        "Ａ０２": "A2",
        "a10": "A10",
        "": "",
    }.items(),
)
def test_numbers_are_compared_in_one_form(text: str, number: str) -> None:
    """However they are printed."""
    assert normalise_page_number(text) == number


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        (RegionKind.FOLIO, "03要闻", "3"),
        (RegionKind.FOLIO, "第二版", "2"),
        (RegionKind.MASTHEAD, "江州晚报 2023年11月22日 第4版", "4"),
        (RegionKind.MASTHEAD, "2023年11月22日", ""),
        (RegionKind.FOLIO, "A12", "A12"),
        (RegionKind.CAPTION, "第3版", ""),
    ],
)
def test_the_folio_tells_the_number(kind: RegionKind, text: str, number: str) -> None:
    """Where the name of the scan does not."""
    record = record_of(SCAN, "")
    record = read_otherwise(record, furniture=(Furniture(kind, "r1", chars_of(line_of(text))),))
    assert find_page_numbers(None, record) == (number,)
    assert find_page_numbers(Publication("x", None, "7"), record) == ("7",)


def facing_pages() -> PageRecord:
    """Page 2, on which an article goes on at page 3, and page 3, in one scan."""
    two = replace(record_of(SCAN, "甲，", title="题", continues="3"))
    three = replace(record_of(SCAN, "乙。", continued_from="2"))
    return join_facing_pages([two, three])


def test_facing_pages_have_two_numbers() -> None:
    """The second follows the first, or both are printed."""
    record = facing_pages()
    assert find_page_numbers(Publication("x", None, "A2"), record) == ("A2", "A3")
    folios = tuple(
        Furniture(RegionKind.FOLIO, f"{half}r9", chars_of(line_of(f"第{number}版")))
        for half, number in (("2-", "三"), ("1-", "二"))
    )
    assert find_page_numbers(None, read_otherwise(record, furniture=folios)) == ("2", "3")


def test_a_jump_inside_a_fold_is_followed() -> None:
    """Both parts are in one record and name each other."""
    page = IssuePage("fold", ("2", "3"), facing_pages())
    issue = join_issue("x", [page])
    (found,) = issue.articles
    assert texts(found.whole) == ["甲，乙。"]
    first, second = link_page(page, issue).articles
    assert first.next_part is not None
    assert (first.next_part.article, first.next_part.page) == (second.id, "3")


def test_issue_names_are_file_names() -> None:
    """Whatever a pattern takes for the name of a paper."""
    day = datetime.date(2023, 11, 22)
    assert make_issue_name(Publication("江州晚报", day)) == "江州晚报-2023-11-22"
    assert make_issue_name(Publication("a/b:c", None)) == "a_b_c"
    assert make_issue_name(Publication("", day)) == "2023-11-22"
    assert make_issue_name(None) == ""


def test_no_part_is_lost() -> None:
    """Every article of every page is a part of exactly one whole."""
    pages = [
        page("1", article("a1", "甲，", goes="3"), article("a2", "乙。", goes="3")),
        page("3", article("a1", "丙。", comes="1"), article("a2", "丁。", comes="1")),
        page("3", article("a1", "戊。", comes="1"), stem="other/p3"),
    ]
    issue = join_issue("x", pages)
    parts = [(p.stem, p.article) for a in issue.articles for p in a.parts]
    expected: list[PageRecord] = [p.record for p in pages]
    assert len(parts) == len(set(parts)) == sum(len(r.articles) for r in expected)


def test_what_people_said_goes_first() -> None:
    """A link made, one taken apart, and nothing guessed in its place; the later word holds."""
    one = page("1", article("a1", "甲，", title="题", goes="3"), article("a2", "乙，", goes="3"))
    three = page("3", article("a1", "丙。", comes="1"), article("a2", "丁。", comes="1"))
    first, other = ("p1", "a1"), ("p1", "a2")
    goes, alone = ("p3", "a1"), ("p3", "a2")

    def parts(*links: PartLink) -> set[tuple[str, ...]]:
        issue = join_issue("x", [one, three], links)
        return {tuple(f"{p.stem}{p.article}" for p in a.parts) for a in issue.articles}

    assert parts() == {("p1a1", "p3a1"), ("p1a2", "p3a2")}
    apart = PartLink(first, goes, False)
    assert parts(apart) == {("p1a1",), ("p3a1",), ("p1a2", "p3a2")}
    crossed = (PartLink(first, alone, True), PartLink(other, goes, True))
    assert parts(*crossed) == {("p1a1", "p3a2"), ("p1a2", "p3a1")}
    assert parts(apart, PartLink(first, goes, True)) == {("p1a1", "p3a1"), ("p1a2", "p3a2")}
    assert parts(PartLink(first, goes, True), PartLink(first, alone, True)) == parts(*crossed)
    circle = PartLink(goes, first, True)
    assert sorted(parts(PartLink(first, goes, True), circle)) == sorted(parts())
    assert parts(PartLink(("p9", "a1"), goes, True)) == parts()


@pytest.mark.parametrize("joined", [True, False])
def test_a_link_says_whether_a_paragraph_goes_on(joined: bool) -> None:
    """Whatever its end looks like."""
    one = page("1", article("a1", "甲。", title="题", goes="3"))
    three = page("3", article("a1", "乙。", comes="1"))
    issue = join_issue("x", [one, three], [PartLink(("p1", "a1"), ("p3", "a1"), True, joined)])
    assert texts(issue.articles[0].whole) == (["甲。乙。"] if joined else ["甲。", "乙。"])
    assert issue.joins[0].joined is joined
