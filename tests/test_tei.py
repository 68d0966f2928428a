"""TEI: valid, the same text as ours, every reference leads somewhere, corrections say whose."""

import datetime
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import newspage
from newspage.config import Config
from newspage.decisions import merge_decisions
from newspage.formats.document import IssueDocument
from newspage.formats.tei import render_tei
from newspage.formats.text_language import LanguageCount
from newspage.geometry import Box
from newspage.model import (
    Char,
    Correction,
    CorrectionStatus,
    Direction,
    Furniture,
    PageLayout,
    PageRecord,
    Paragraph,
    ProcessingStep,
    Publication,
    Region,
    RegionKind,
    Scan,
    join_chars,
)
from newspage.output.exports import list_files_of
from newspage.record import FORMAT
from newspage.review.service.views import Answer, QuestionFilter
from tests.asking import PAGES, just_read
from tests.decided_pages import decisions_on, pages
from tests.fakes import chars_of, line_of, record_of
from tests.interchange import TEI, check_tei, clean, make_issue, require_schema
from tests.test_formats_interchange import page_of_everything, vertical_line
from tests.test_issues import facing_pages
from tests.test_record import records

XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
PUBLISHED = Publication("洛阳日报", datetime.date(2020, 4, 30), "3")
HEADS = ("kicker", "main", "sub")
POINTERS = ("facs", "resp", "rendition")
SCAN = Scan(Path("a.png"), "0" * 64, 400, 300)


def written(issue: IssueDocument) -> ET.Element:
    """The document of an issue, the same bytes twice."""
    data = b"".join(render_tei(issue))
    assert data == b"".join(render_tei(issue))
    return ET.fromstring(data)


def text_of(element: ET.Element) -> str:
    """The text of an element as it stands, without what had been read."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag not in (f"{TEI}sic", f"{TEI}orig"):
            pieces.append(text_of(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def read_text(element: ET.Element) -> str:
    """The text of an element as it had been read."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag not in (f"{TEI}corr", f"{TEI}reg"):
            pieces.append(read_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def articles_of(root: ET.Element) -> dict[str, tuple[list[str], list[str]]]:
    """Heads (kicker, title, deck, byline) and paragraphs of each article, by its id."""
    found = {}
    for div in root.iter(f"{TEI}div"):
        if div.get("type") == "jArticle":
            heads = {h.get("type"): text_of(h) for h in div.iter(f"{TEI}head")}
            byline = "".join(text_of(b) for b in div.iter(f"{TEI}byline"))
            found[div.attrib[XML_ID]] = (
                [*(heads.get(name, "") for name in HEADS), byline],
                [text_of(p) for p in div.iter(f"{TEI}p")],
            )
    return found


def hold(root: ET.Element, issue: IssueDocument) -> None:
    """Text, identifiers and references of a document are right."""
    expected = {}
    for name in issue.outline.articles:
        article = issue.join_article(name)
        expected[f"article_{name}"] = (
            [clean(join_chars(head)) for head in article.heads],
            [clean(paragraph.text) for paragraph in article.paragraphs],
        )
    assert articles_of(root) == expected
    assert list(articles_of(root)) == list(expected)
    others = [
        text_of(e)
        for e in root.iter()
        if e.tag == f"{TEI}fw" or (e.tag == f"{TEI}head" and not e.get("type"))
    ]
    others += [
        text_of(p)
        for d in root.iter(f"{TEI}div")
        if d.get("type") not in ("jArticle", None)
        for p in d.iter(f"{TEI}p")
    ]
    wanted = [f.text for page in issue.load_pages() for f in page.record.furniture]
    wanted += [n.text for page in issue.load_pages() for n in page.record.page.unplaced]
    assert Counter(others) == Counter(map(clean, wanted))
    names = [e.attrib[XML_ID] for e in root.iter() if XML_ID in e.attrib]
    assert len(names) == len(set(names))
    pointers = [v for e in root.iter() for k in POINTERS for v in e.get(k, "").split()]
    assert {p.removeprefix("#") for p in pointers} <= set(names)


def whole_issue() -> Mapping[str, PageRecord]:
    """Two pages: an article that goes on, vertical text, furniture, a correction, pictures."""
    one = replace(page_of_everything(), steps=(ProcessingStep("newspage", 0, {"engine": "toy"}),))
    three = record_of(SCAN, "乙丙。", continued_from="1")
    first = replace(one.articles[1], continues="3")
    folio = Furniture(RegionKind.FOLIO, "r9", chars_of(line_of("第3版", "l9", 90.0)))
    region = Region(
        "r9",
        RegionKind.FOLIO,
        Box(0, 90, 30, 100),
        (line_of("第3版", "l9", 90.0),),
        Direction.HORIZONTAL,
    )
    page = replace(
        three.page,
        regions=(region, *three.page.regions),
        reading_order=("r9", *three.page.reading_order),
    )
    folio_one = Furniture(RegionKind.FOLIO, "1-r3", chars_of(line_of("第1版", "1-l4", 100.0)))
    return {
        "x/p1": replace(one, articles=(one.articles[0], first), furniture=(folio_one,)),
        "x/p3": replace(three, page=page, furniture=(folio,)),
    }


def test_an_issue_is_valid() -> None:
    """By the schema of the TEI Consortium, which every test asks where it is at hand."""
    require_schema("tei_all.rng")
    check_tei(b"".join(render_tei(make_issue(whole_issue(), PUBLISHED))))
    with pytest.raises(AssertionError, match="surface"):
        check_tei(b"".join(render_tei(make_issue(whole_issue()))).replace(b"surface", b"surfaces"))


def test_an_issue_says_what_it_is_of() -> None:
    """Title, date, pages and program are in the header."""
    issue = make_issue(whole_issue(), PUBLISHED)
    data = b"".join(render_tei(issue))
    root = ET.fromstring(data)
    hold(root, issue)
    assert [t.text for t in root.iter(f"{TEI}title")] == [
        "洛阳日报",
        "Issue of 2020-04-30",
        "洛阳日报",
    ]
    assert [d.get("when") for d in root.iter(f"{TEI}date")] == ["2020-04-30"]
    header = ET.tostring(root[0], encoding="unicode")
    assert f"newspage {newspage.__version__}" in header
    assert "engine toy" in header
    check_tei(data)


def test_an_article_over_pages_is_one_division() -> None:
    """With the break of the page inside it, and the way back behind it."""
    root = written(make_issue(whole_issue(), PUBLISHED))
    (division,) = [
        d for d in root.iter(f"{TEI}div") if "#f0002_region_r2" in d.get("facs", "").split()
    ]
    assert {z.partition("_")[0] for z in division.get("facs", "").split()} == {"#f0001", "#f0002"}
    assert [p.get("n") for p in division.iter(f"{TEI}pb")] == ["3"]
    (body,) = root.iter(f"{TEI}body")
    breaks = [(p.get("n"), p.get("facs"), p.get("type")) for p in body.iter(f"{TEI}pb")]
    assert ("3", "#f0002", "jump") in breaks
    assert breaks[0] == ("1", "#f0001", None)
    assert breaks[-1] == ("3", "#f0002", None)


def test_breaks_point_to_the_lines() -> None:
    """Every line of the text has its break, in order; a break inside a word says so."""
    root = written(make_issue({"p": facing_or_rows()}))
    (paragraph,) = [p for d in root.iter(f"{TEI}div") for p in d.iter(f"{TEI}p")]
    marks = [(m.tag.removeprefix(TEI), m.get("facs"), m.get("break")) for m in paragraph]
    assert marks == [
        ("cb", "#f0001_region_r1", None),
        ("lb", "#f0001_line_l1", None),
        ("lb", "#f0001_line_l2", "no"),
        ("cb", "#f0001_region_r2", None),
        ("lb", "#f0001_line_l3", None),
    ]
    assert text_of(paragraph) == "甲乙丙 丁"


def facing_or_rows() -> PageRecord:
    """A paragraph over three lines of two columns, a space before the last."""
    lines = [line_of("甲", "l1"), line_of("乙丙 ", "l2", 20.0)]
    third = replace(line_of("丁", "l3"), box=Box(200, 0, 210, 10))
    regions = (
        Region("r1", RegionKind.BODY, Box(0, 0, 40, 30), tuple(lines), Direction.HORIZONTAL, "a1"),
        Region("r2", RegionKind.BODY, Box(200, 0, 240, 30), (third,), Direction.HORIZONTAL, "a1"),
    )
    record = record_of(SCAN, "")
    chars = tuple(c for line in (*lines, third) for c in chars_of(line))
    article = replace(record.articles[0], paragraphs=(Paragraph(chars),), regions=("r1", "r2"))
    return replace(record, page=PageLayout(SCAN, regions, ("r1", "r2")), articles=(article,))


def test_vertical_text_says_so() -> None:
    """On the zones of its lines and on an article that has no other text; columns are tiers."""
    lines = [vertical_line("甲乙", "l1", 300), vertical_line("丙丁", "l2", 280)]
    low = replace(vertical_line("戊", "l3", 300), box=Box(300, 200, 310, 210))
    region = Region(
        "r1", RegionKind.BODY, Box(280, 50, 310, 70), tuple(lines), Direction.VERTICAL, "a1"
    )
    tier = Region("r2", RegionKind.BODY, Box(280, 200, 310, 220), (low,), Direction.VERTICAL, "a1")
    record = record_of(SCAN, "")
    chars = tuple(c for line in (*lines, low) for c in chars_of(line))
    article = replace(record.articles[0], paragraphs=(Paragraph(chars),), regions=("r1", "r2"))
    page = PageLayout(SCAN, (region, tier), ("r1", "r2"))
    issue = make_issue({"p": replace(record, page=page, articles=(article,))})
    root = written(issue)
    hold(root, issue)
    zones = [z for z in root.iter(f"{TEI}zone") if z.get("type") == "line"]
    assert [z.get("rendition") for z in zones] == ["#vertical"] * 3
    (division,) = root.iter(f"{TEI}div")
    assert division.get("rendition") == "#vertical"
    assert len(list(division.iter(f"{TEI}cb"))) == 2
    check_tei(b"".join(render_tei(issue)))


def test_facing_pages_are_two_pages_of_one_surface() -> None:
    """Each with its break and number; the article that goes on over the fold is one."""
    issue = make_issue({"fold": facing_pages()}, Publication("x", None, "2"))
    root = written(issue)
    hold(root, issue)
    assert len(list(root.iter(f"{TEI}surface"))) == 1
    breaks = [(p.get("n"), p.get("facs"), p.get("type")) for p in root.iter(f"{TEI}pb")]
    assert breaks == [("2", "#f0001", None), ("3", "#f0001", None)]
    (division,) = [d for d in root.iter(f"{TEI}div") if d.get("type") == "jArticle"]
    assert division.get("facs") == "#f0001_region_1-r1 #f0001_region_1-r2 #f0001_region_2-r2"


def corrected(*made: tuple[CorrectionStatus, str, str, str]) -> PageRecord:
    """A line 甲乙丙丁 with a change of each of its characters: status, rule, text, reviewer."""
    record = record_of(SCAN, "甲乙丙丁", "题")
    read = record.articles[0].paragraphs[0].chars
    corrections, chars = [], list[Char]()
    for i, char in enumerate(read):
        if i >= len(made):
            chars.append(char)
            continue
        status, rule, text, by = made[i]
        name = f"a1-{i}"
        corrections.append(
            Correction(
                name,
                rule,
                "a1",
                (i, i + 1),
                char.text,
                text,
                0.987,
                status,
                removed=(char,),
                decided_by=by,
            )
        )
        stands = status not in (CorrectionStatus.PROPOSED, CorrectionStatus.REJECTED)
        chars += [Char(t, char.line, i, name) for t in text] if stands else [char]
    article = replace(record.articles[0], paragraphs=(Paragraph(tuple(chars)),))
    return replace(record, articles=(article,), corrections=tuple(corrections))


def test_corrections_say_whose_they_are_and_how_sure() -> None:
    """The machine's with its probability, what people decided as certain, proposals not at all."""
    issue = make_issue(
        {
            "p": corrected(
                (CorrectionStatus.APPLIED, "look-alike", "申", ""),
                (CorrectionStatus.ACCEPTED, "phrase", "", "ann"),
                (CorrectionStatus.EDITED, "hand", "病柄", "李 四"),
                (CorrectionStatus.PROPOSED, "name", "叮", ""),
            )
        }
    )
    root = written(issue)
    hold(root, issue)
    (paragraph,) = [p for d in root.iter(f"{TEI}div") for p in d.iter(f"{TEI}p")]
    assert (text_of(paragraph), read_text(paragraph)) == ("申病柄丁", "甲乙丙丁")
    said = [(c.text or "", c.get("resp"), c.get("cert")) for c in paragraph.iter(f"{TEI}corr")]
    assert said == [
        ("申", "#newspage", "0.99"),
        ("", "#newspage #reviewer_ann", "high"),
        ("病柄", "#reviewer__x674e__x20__x56db_", "high"),
    ]
    names = [(r.get(XML_ID), r.findtext(f"{TEI}name")) for r in root.iter(f"{TEI}respStmt")]
    assert names[1:] == [("reviewer_ann", "ann"), ("reviewer__x674e__x20__x56db_", "李 四")]
    check_tei(b"".join(render_tei(issue)))


def test_deletions_stand_where_something_was() -> None:
    """At the start, in the middle and at the end of a line; earlier answers are named as such."""
    gone = (CorrectionStatus.APPLIED, "echo", "", "")
    hyphen = (CorrectionStatus.ACCEPTED, "line-hyphen", "", "precedent")
    kept = (CorrectionStatus.REJECTED, "echo", "", "ann")
    for made, text in (
        ((gone,), "乙丙丁"),
        ((kept, gone, gone), "甲丁"),
        ((kept, kept, kept, gone), "甲乙丙"),
        ((kept, hyphen, kept, gone), "甲丙"),
    ):
        issue = make_issue({"p": corrected(*made)})
        root = written(issue)
        hold(root, issue)
        (paragraph,) = [p for d in root.iter(f"{TEI}div") for p in d.iter(f"{TEI}p")]
        assert (text_of(paragraph), read_text(paragraph)) == (text, "甲乙丙丁")
    assert len(list(root.iter(f"{TEI}reg"))) == 1
    (name,) = [r for r in root.iter(f"{TEI}respStmt") if r.get(XML_ID) == "reviewer_precedent"]
    assert name.findtext(f"{TEI}name") == f"newspage {newspage.__version__}"


def test_captions_are_of_the_picture_beside_them() -> None:
    """And of none that is far; a picture without one is a figure of its own."""
    near, far = line_of("近处的说明", "l5", 112.0), line_of("远处", "l6", 280.0)
    regions = tuple(
        Region(f"c{i}", RegionKind.CAPTION, line.box, (line,), line.direction)
        for i, line in enumerate((near, far))
    )
    record = record_of(SCAN, "正文。")
    page = replace(
        record.page,
        regions=(*record.page.regions, *regions),
        reading_order=(*record.page.reading_order, "c0", "c1"),
        pictures=(Box(0, 50, 100, 110), Box(200, 50, 300, 110)),
    )
    furniture = tuple(Furniture(RegionKind.CAPTION, r.id, chars_of(r.lines[0])) for r in regions)
    issue = make_issue({"p": replace(record, page=page, furniture=furniture)})
    root = written(issue)
    hold(root, issue)
    (body,) = root.iter(f"{TEI}body")
    found = [(f.get("facs"), text_of(f).strip()) for f in body.iter(f"{TEI}figure")]
    assert found == [
        ("#f0001_picture_1", "近处的说明"),
        ("#f0001_region_c1", "远处"),
        ("#f0001_picture_2", ""),
    ]
    check_tei(b"".join(render_tei(issue)))


def test_a_page_with_nothing_is_valid() -> None:
    """As a blank page is."""
    record = record_of(SCAN, "")
    empty = replace(record, page=PageLayout(SCAN, (), ()), articles=(), steps=())
    issue = make_issue({"p": empty})
    hold(written(issue), issue)
    check_tei(b"".join(render_tei(issue)))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "und"),
        ("The new hall was 三.", "und"),
        ("人人日日 the", "zh"),
        ("人人日日", "zh"),
        ("国门时书学车东", "zh-Hans"),
        ("國門時書學車東", "zh-Hant"),
        ("國門時書学车东", "zh"),
    ],
)
def test_the_language_is_that_of_the_text(text: str, language: str) -> None:
    """Simplified, traditional, either, or none that is known."""
    count = LanguageCount()
    count.add_text(text)
    assert count.tag == language


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(records(), min_size=1, max_size=3))
def test_any_issue_has_our_text(made: list[PageRecord]) -> None:
    """Whatever records hold, if no two articles of a page have one id."""
    unique = {}
    for i, record in enumerate(made):
        articles = {article.id: article for article in record.articles}
        unique[f"x/p{i}"] = replace(record, articles=tuple(articles.values()))
    issue = make_issue(unique)
    data = b"".join(render_tei(issue))
    hold(ET.fromstring(data), issue)
    check_tei(data)


@st.composite
def decided(draw: st.DrawFn) -> PageRecord:
    """A page with corrections and what people decided of them."""
    record = draw(pages())
    return merge_decisions(record, draw(decisions_on(record))).record


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pages() | decided())
def test_any_corrections_leave_our_text(record: PageRecord) -> None:
    """With and without decisions; every correction in the text is marked."""
    issue = make_issue({"p": record})
    data = b"".join(render_tei(issue))
    root = ET.fromstring(data)
    hold(root, issue)
    used = {
        c.correction
        for a in record.articles
        for chars in (*a.heads, *(p.chars for p in a.paragraphs))
        for c in chars
        if c.correction
    }
    assert len(list(root.iter(f"{TEI}choice"))) >= len(used)
    check_tei(data)


def test_decisions_are_in_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a run and the review page write them, with the name of who decided."""
    office = just_read(tmp_path, monkeypatch, *PAGES)
    path = office.place.output / "issues" / "x-2020-01-01.json"
    before = newspage.export(newspage.load_issue(path, Config()), "tei")
    with closing(office.desk()) as desk:
        (question, *_) = desk.list_questions(QuestionFilter())[0]
        desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
    office.run()
    issue = newspage.load_issue(path, Config())
    data = newspage.export(issue, "tei")
    assert data != before
    assert b'"#newspage #reviewer_ann"' in data
    root = ET.fromstring(data)
    hold(root, issue)
    own = path.with_suffix(".txt").read_text("utf-8")
    assert "".join(_words(root)) == re.sub(r"[\n ]|\* \* \*", "", own)
    assert len(list_files_of(office.place.output, FORMAT)) == len(list(root.iter(f"{TEI}surface")))
    check_tei(data)


def _words(root: ET.Element) -> Iterator[str]:
    """The text of all articles."""
    for heads, paragraphs in articles_of(root).values():
        for text in (*heads, *paragraphs):
            yield re.sub(r"[\n ]", "", text)
