"""What a reader of the mainland's print makes of traditional pages: simplified forms, dots."""

from pathlib import Path

import pytest

from newspage.config import CorrectConfig
from newspage.correct.detectors.wrong_script import map_to_traditional
from newspage.edits.flat_text import flatten_article
from newspage.geometry import Box
from newspage.model import (
    ArticleRecord,
    Char,
    CorrectionStatus,
    Direction,
    PageLayout,
    Paragraph,
    Region,
    RegionKind,
    Scan,
    TextLine,
)
from tests.correct_fakes import (
    CorrectedArticles,
    characters_of,
    correct_articles,
    line,
    take_back_chars,
)

PRINT = "昨日下午，縣長會同學校諸位來賓，視察車站與鐵橋，據說這個時候，萬餘學生參觀過圖書館。"
GUESTS = "會長說來賓愛書，時間還長，眾人聽過會長說話，來者與學生會談，時過，來賓離開車站。"
SCAN = Scan(Path("a.png"), "", 1000, 1000)
Doubts = dict[str, tuple[str, float]]


def read(*rows: str, doubts: Doubts | None = None) -> CorrectedArticles:
    """An article of some lines that were read so; `doubts` are by character what else it may be."""
    characters = characters_of(*rows, "，、。·來時決強裏後级級")
    found = [{i: doubts[c] for i, c in enumerate(r) if doubts and c in doubts} for r in rows]
    lines = [line(f"l{n}", r, characters, found[n], top=24.0 * n) for n, r in enumerate(rows)]
    article = article_of("a1", *((line.id, line.text) for line in lines))
    done = correct_articles((article,), page_of(*lines), characters, CorrectConfig())
    clean = flatten_article(done.articles[0]).chars
    assert take_back_chars(clean, done.corrections) == flatten_article(article).chars
    return done


def page_of(*lines: TextLine) -> PageLayout:
    """A page of one region."""
    box = Box(0, 0, 1000, 1000)
    region = Region("r1", RegionKind.BODY, box, lines, Direction.HORIZONTAL, "a1")
    return PageLayout(SCAN, (region,), ("r1",))


def article_of(name: str, *rows: tuple[str, str]) -> ArticleRecord:
    """An article of one paragraph: ids and texts of its lines."""
    chars = tuple(Char(c, line_id, i) for line_id, row in rows for i, c in enumerate(row))
    return ArticleRecord(name, paragraphs=(Paragraph(chars),))


def of_rule(done: CorrectedArticles, rule: str) -> list[tuple[str, str, CorrectionStatus]]:
    """What a detector made of an article."""
    return [(c.original, c.proposed, c.status) for c in done.corrections if c.rule == rule]


def test_a_simplified_form_on_a_traditional_page_is_righted() -> None:
    """Where the page has the other form, and the pixels leave a doubt; it can be taken back."""
    done = read(PRINT, GUESTS, "后来", doubts={"来": ("來", -2.0)})
    assert of_rule(done, "script") == [("来", "來", CorrectionStatus.APPLIED)]
    assert done.articles[0].paragraphs[0].text.endswith("后來")
    (made,) = done.corrections
    assert (made.removed[0].line, made.removed[0].glyph) == ("l2", 1)


def test_a_form_that_the_pixels_are_sure_of_is_asked_about() -> None:
    """It may have been printed so."""
    done = read(PRINT, GUESTS, "后来", doubts={"来": ("來", -7.0)})
    assert of_rule(done, "script") == [("来", "來", CorrectionStatus.PROPOSED)]
    assert done.articles[0].paragraphs[0].text.endswith("后来")


@pytest.mark.parametrize("form", ["后", "里", "干", "台", "决", "猪", "温"])
def test_what_traditional_print_has_itself_stays(form: str) -> None:
    """Characters of both scripts, and short forms of old type."""
    done = read(PRINT, GUESTS, f"到{form}州")
    assert of_rule(done, "script") == []


def test_no_page_of_simplified_print_is_touched() -> None:
    """Whatever else is printed on it, and whatever the pixels say."""
    simplified = (
        "昨日下午，县长会同学校诸位来宾，视察车站与铁桥，据说这个时候，万余学生参观过图书馆。"
    )
    done = read(simplified, simplified, "碑上刻着愛國時報四字", doubts={"来": ("來", -0.5)})
    assert of_rule(done, "script") == []


def test_a_simplified_article_among_traditional_ones_is_left_alone() -> None:
    """The script of the article counts as well as that of the page."""
    rows = (PRINT, GUESTS, PRINT, GUESTS)
    characters = characters_of(*rows, "来時时長长來")
    lines = [line(f"l{n}", row, characters) for n, row in enumerate((*rows, "来时长"))]
    articles = tuple(article_of(f"a{one.id}", (one.id, one.text)) for one in lines)
    done = correct_articles(articles, page_of(*lines), characters, CorrectConfig())
    assert [c for c in done.corrections if c.rule == "script"] == []


def test_only_pairs_of_one_to_one_are_righted() -> None:
    """A character that stands for two, or that traditional print has, is in no pair."""
    forms = map_to_traditional()
    assert all(forms[c][0] == t for c, t in zip("来没爱时图强", "來沒愛時圖強", strict=True))
    assert not set("发历尽钟后里干台系只松面谷丑斗几") & set(forms)


DOTTED = (
    "昨日下午·市長視察碼頭·聽取匯報後表示·工程進展順利",
    "年底前完工·市民可以放心·交通、供水照常·商戶歡迎",
)


@pytest.mark.parametrize("mark", ["，", "、", "。"])
def test_dots_that_outnumber_commas_become_the_mark_that_was_seen(mark: str) -> None:
    """All three stand in the middle of their cells in such print; the likeliest is applied."""
    done = read(*DOTTED, doubts={"·": (mark, -3.0)})
    assert of_rule(done, "middle-dot") == [("·", mark, CorrectionStatus.APPLIED)] * 6
    assert "·" not in done.articles[0].paragraphs[0].text


def test_dots_that_were_seen_as_no_mark_stay() -> None:
    """Nothing is applied where no mark is likelier than the others."""
    done = read(*DOTTED, doubts={"·": ("午", -3.0)})
    assert done.articles[0].paragraphs[0].text == "".join(DOTTED)


def test_dots_in_names_survive_on_such_a_page() -> None:
    """Characters that render sounds stand on both sides, and the reader is sure of the dot."""
    names = "英國作家約翰·史密斯與加西亞·馬爾克斯隨行"
    rows = (*DOTTED, names)
    characters = characters_of(*rows, "，、。")
    odds = (-2.5, -2.5, -5.0)
    doubts = [{i: ("，", odds[n]) for i, c in enumerate(r) if c == "·"} for n, r in enumerate(rows)]
    lines = [line(f"l{n}", row, characters, doubts[n]) for n, row in enumerate(rows)]
    article = article_of("a1", *((one.id, one.text) for one in lines))
    done = correct_articles((article,), page_of(*lines), characters, CorrectConfig())
    assert len(of_rule(done, "middle-dot")) == 6
    assert done.articles[0].paragraphs[0].text.endswith(names)


def test_a_stray_dot_on_a_page_with_commas_is_only_asked_about() -> None:
    """And only where the pixels hardly tell it from a comma."""
    near = read(PRINT, GUESTS, "工程進展·市民放心", doubts={"·": ("，", -1.0)})
    assert of_rule(near, "middle-dot") == [("·", "，", CorrectionStatus.PROPOSED)]
    far = read(PRINT, GUESTS, "工程進展·市民放心", doubts={"·": ("，", -6.0)})
    assert of_rule(far, "middle-dot") == []


def test_a_dot_in_a_headline_or_a_title_is_no_comma() -> None:
    """A poem and its tune, a book and its chapter."""
    done = read(*DOTTED, "讀《史記·項羽本紀》", doubts={"·": ("，", -3.0)})
    assert done.articles[0].paragraphs[0].text.endswith("《史記·項羽本紀》")
