"""The correction pass over a page that was just read, and its record."""

from dataclasses import replace
from pathlib import Path

from newspage.assemble import assemble_articles
from newspage.config import AssembleConfig, CorrectConfig
from newspage.edits.clean_text import derive_article, derive_page
from newspage.edits.flat_text import flatten_article
from newspage.geometry import Box
from newspage.model import (
    ArticleRecord,
    Char,
    Chars,
    CorrectionStatus,
    Direction,
    PageLayout,
    PageReading,
    Paragraph,
    Region,
    RegionKind,
    Scan,
    TextLine,
)
from newspage.record import decode_record, encode_record
from tests.correct_fakes import characters_of, correct_articles, line, take_back_chars

TITLE = "老城水网修复"
BODY = "近年来，本市着力解决群众用水困难，实干兴邦，空谈误国。"
CHARACTERS = characters_of(TITLE, BODY, "于曰日任公惡是何言也，。：")


def page_of(*lines: TextLine) -> PageLayout:
    """A page of one region."""
    box = Box(0, 0, 1000, 1000)
    region = Region("r1", RegionKind.BODY, box, lines, Direction.HORIZONTAL, "a1")
    return PageLayout(Scan(Path("a.png"), "", 1000, 1000), (region,), ("r1",))


def chars(text: str, name: str) -> Chars:
    """The characters of a line, as clean text."""
    return tuple(Char(c, name, i) for i, c in enumerate(text))


def article(body: str, title: str = TITLE) -> ArticleRecord:
    """A headline and a paragraph, a line each."""
    return ArticleRecord(
        "a1", title=chars(title, "l0"), paragraphs=(Paragraph(chars(body, "l1")),), regions=("r1",)
    )


def test_a_doubt_of_the_reader_is_settled_by_the_words() -> None:
    """Of two readings that the pixels hardly tell apart the one that makes words is taken."""
    read = BODY.replace("解决", "解于")
    at = read.index("于")
    lines = (line("l0", TITLE, CHARACTERS), line("l1", read, CHARACTERS, {at: ("决", -0.05)}))
    done = correct_articles((article(read),), page_of(*lines), CHARACTERS, CorrectConfig())
    (found,) = done.corrections
    assert (found.original, found.proposed, found.status) == ("于", "决", CorrectionStatus.APPLIED)
    assert done.articles[0].paragraphs[0].text == BODY
    new = done.articles[0].paragraphs[0].chars[at]
    assert (new.line, new.glyph, new.correction) == ("l1", at, found.id)


def test_what_the_pixels_are_sure_of_stays() -> None:
    """The words alone change nothing that is printed clearly."""
    read = BODY.replace("解决", "解于")
    lines = (line("l0", TITLE, CHARACTERS), line("l1", read, CHARACTERS))
    done = correct_articles((article(read),), page_of(*lines), CHARACTERS, CorrectConfig())
    assert done.articles == (article(read),)
    assert [c for c in done.corrections if c.status is CorrectionStatus.APPLIED] == []


def test_a_clean_page_is_left_alone() -> None:
    """Text that was right stays as it is, and nothing is asked."""
    lines = (line("l0", TITLE, CHARACTERS), line("l1", BODY, CHARACTERS))
    done = correct_articles((article(BODY),), page_of(*lines), CHARACTERS, CorrectConfig())
    assert done.articles == (article(BODY),)
    assert done.corrections == ()


def test_corrections_survive_the_record() -> None:
    """Written and read again, a record still knows what was changed, where, and how to undo it."""
    body = "或問任公曰：中國老矣乎？任公日：惡，是何言也！"
    characters = characters_of(TITLE, body, "曰")
    page = page_of(line("l0", TITLE, characters), line("l1", body, characters))
    done = correct_articles((article(body),), page, characters, CorrectConfig())
    assert [c.status for c in done.corrections] == [CorrectionStatus.APPLIED]
    reading = PageReading(page, (article(body),), corrections=done.corrections)
    record = decode_record(encode_record(derive_page(reading)))
    assert record.articles == done.articles
    assert record.corrections == done.corrections
    clean = flatten_article(record.articles[0])
    before = take_back_chars(clean.chars, record.corrections)
    assert before == flatten_article(article(body)).chars
    assert record.reading.articles == (article(body),)


def test_no_article_no_correction() -> None:
    """A page without articles is no trouble."""
    done = correct_articles((), page_of(), CHARACTERS, CorrectConfig())
    assert (done.articles, done.corrections) == ((), ())


def test_a_headline_of_two_lines_stays_one_part() -> None:
    """A line break that has a glyph belongs to its part; one between parts has none."""
    two = (*chars("老城", "l0"), Char("\n", "l0", 1), *chars("修复", "l2"))
    whole = replace(article(BODY), title=two)
    text = flatten_article(whole)
    assert derive_article(ArticleRecord("a1", regions=("r1",)), text, ()) == whole


def test_a_glyph_of_two_code_points_keeps_its_glyph() -> None:
    """A combined mark is taken apart for the text and leads to one glyph."""
    whole = replace(article(BODY), byline=(Char("e\u0301", "l9", 3),))
    text = flatten_article(whole)
    assert "e\u0301" in text.string
    assert derive_article(ArticleRecord("a1"), text, ()).byline == (
        Char("e", "l9", 3),
        Char("\u0301", "l9", 3),
    )


def test_a_word_parted_by_a_lines_end_is_whole_again_and_can_be_taken_back() -> None:
    """The hyphen is a correction like any other; what is doubtful is asked, the rest stays."""
    rows = [
        "Wells said the cam-",
        "pus had a boat-",
        "house for twenty-",
        "five boats, one boat and one house now",
    ]
    characters = characters_of(*rows)
    lines = [line(f"l{i}", row, characters, top=24.0 * i) for i, row in enumerate(rows)]
    made = assemble_articles(page_of(*lines), AssembleConfig())
    assert [p.text for p in made.articles[0].paragraphs] == ["".join(rows)]
    done = correct_articles(made.articles, page_of(*lines), characters, CorrectConfig())
    hyphens = [c for c in done.corrections if c.rule == "line-hyphen"]
    assert [(c.original, c.proposed, c.status) for c in hyphens] == [
        ("-", "", CorrectionStatus.APPLIED),
        ("-", "", CorrectionStatus.PROPOSED),
    ]
    (removed,) = hyphens[0].removed
    assert (removed.line, removed.glyph) == ("l0", len(rows[0]) - 1)
    assert done.articles[0].paragraphs[0].text.startswith("Wells said the campus had a boat-house")
    assert "twenty-five boats" in done.articles[0].paragraphs[0].text
    clean = flatten_article(done.articles[0])
    assert take_back_chars(clean.chars, done.corrections) == flatten_article(made.articles[0]).chars


def test_halves_that_do_not_stand_under_each_other_are_asked_about() -> None:
    """Where lines came into a wrong order the two are no word."""
    rows = ["Wells said the cam-", "pus had boats"]
    characters = characters_of(*rows)
    lines = [line(f"l{i}", row, characters, top=240.0 * i) for i, row in enumerate(rows)]
    made = assemble_articles(page_of(*lines), AssembleConfig())
    done = correct_articles(made.articles, page_of(*lines), characters, CorrectConfig())
    assert [c.status for c in done.corrections if c.rule == "line-hyphen"] == [
        CorrectionStatus.PROPOSED
    ]


def test_latin_text_keeps_its_marks() -> None:
    """No mark of it is made wide, and an apostrophe pairs with nothing."""
    text = "In his “Field,” the poet’s men were “well!” he said; the boys’ hall was full."
    lines = (line("l0", text, characters_of(text)),)
    made = assemble_articles(page_of(*lines), AssembleConfig())
    done = correct_articles(made.articles, page_of(*lines), characters_of(text), CorrectConfig())
    assert done.articles[0].paragraphs[0].text == text
    assert done.corrections == ()
