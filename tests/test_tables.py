"""Tables of articles and corrections: the same in JSON lines, CSV and Parquet."""

import csv
import datetime
import io
import json
import tracemalloc
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import newspage
from newspage import cli
from newspage.config import Config, IngestConfig
from newspage.errors import MissingDependencyError, UsageError
from newspage.formats import parquet_tables
from newspage.formats.document import PageDocument
from newspage.formats.exporters import find_exporter, render_page
from newspage.formats.parquet_tables import pack_tables
from newspage.formats.table_rows import ARTICLES, CORRECTIONS, TableSchema
from newspage.model import PageRecord, Publication, Scan
from newspage.output.exports import find_records
from newspage.output.issue_exports import export_together
from tests.asking import PAGES, just_read
from tests.fakes import chars_of, line_of, record_of
from tests.test_formats_interchange import page_of_everything
from tests.test_record import records

parquet = pytest.importorskip("pyarrow.parquet")

DAY = datetime.date(2020, 4, 30)
NAMES = {ARTICLES: "", CORRECTIONS: "corrections-"}
"""What the formats of a table are called, before their kind."""


@pytest.fixture(name="document")
def _document() -> PageDocument:
    """A page with two articles, and corrections of every status."""
    return PageDocument(page_of_everything(), "x/p1", Publication("洛阳日报", DAY, "1"))


def read_jsonl(table: TableSchema, *pages: PageDocument) -> list[dict[str, Any]]:
    """The rows of pages as JSON lines hold them."""
    data = b"".join(render_page(page, f"{NAMES[table]}jsonl") for page in pages)
    return [json.loads(line) for line in data.split(b"\n") if line]


def read_csv(table: TableSchema, page: PageDocument) -> list[dict[str, str]]:
    """The rows of a page as CSV holds them."""
    data = render_page(page, f"{NAMES[table]}csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(data, newline="")))


def pack(*pages: PageDocument) -> Mapping[str, bytes]:
    """The tables of some pages as Parquet, by their names."""
    packed = {file.name: b"".join(file.pieces) for file in pack_tables(iter(pages))}
    assert list(packed) == ["articles.parquet", "corrections.parquet"]
    return {name.removesuffix(".parquet"): data for name, data in packed.items()}


def read_parquet(data: bytes) -> list[dict[str, Any]]:
    """The rows of a table, as its reader gives them."""
    rows: list[dict[str, Any]] = parquet.read_table(io.BytesIO(data)).to_pylist()
    return rows


def as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of Parquet as JSON lines write it."""
    date = row["date"]
    return {**row, "date": date.isoformat() if date else None}


def test_rows_of_articles(document: PageDocument) -> None:
    """One an article, in reading order, with its place, its text, and what was done to it."""
    rows = read_jsonl(ARTICLES, document)
    assert [(r["order"], r["article"], r["title"], r["text"]) for r in rows] == [
        (1, "2-a1", "", "竖排"),
        (2, "1-a1", "标题", "甲已丙。"),
    ]
    row = rows[1]
    assert (row["corrections"], row["proposals"], row["paper"]) == (2, 1, "洛阳日报")
    assert (row["date"], row["page"], row["name"]) == ("2020-04-30", "1", "x/p1")
    edges = ("left", "top", "right", "bottom")
    assert len(row["boxes"]) == 2
    assert [row[edge] for edge in edges] == [
        (min if edge in ("left", "top") else max)(box[edge] for box in row["boxes"])
        for edge in edges
    ]


def test_rows_of_corrections(document: PageDocument) -> None:
    """One a correction: what, why, who, how sure, and where it is printed."""
    rows = read_jsonl(CORRECTIONS, document)
    made = document.record.corrections
    assert [r["correction"] for r in rows] == [c.id for c in made]
    for row, correction in zip(rows, made, strict=True):
        assert (row["original"], row["proposed"]) == (correction.original, correction.proposed)
        assert (row["start"], row["end"]) == correction.span
        assert row["status"] == correction.status.value
        assert row["in_text"] == (row["status"] in ("applied", "accepted", "edited"))
        assert (row["sha256"], row["page"]) == (document.record.page.scan.sha256, "1")
    articles = read_jsonl(ARTICLES, document)
    for article in articles:
        own = [row for row in rows if row["article"] == article["article"]]
        assert sum(row["in_text"] for row in own) == article["corrections"]


def test_corrections_have_the_boxes_of_what_they_replace() -> None:
    """One box for each line; who decided stands in them."""
    record = record_of(Scan(Path("a"), "", 400, 300), "甲乙丙。")
    (region,) = [r for r in record.page.regions if r.text == "甲乙丙。"]
    removed = chars_of(line_of("甲乙丙。", region.lines[0].id))[1:3]
    made = page_of_everything().corrections[0]
    made = replace(made, article="a1", removed=removed, decided_by="ann")
    (row,) = read_jsonl(CORRECTIONS, PageDocument(replace(record, corrections=(made,))))
    glyphs = region.lines[0].glyphs
    assert row["boxes"] == [
        {
            "left": round(glyphs[1].box.left),
            "top": round(glyphs[1].box.top),
            "right": round(glyphs[2].box.right),
            "bottom": round(glyphs[2].box.bottom),
        }
    ]
    assert row["by"] == "ann"


@pytest.mark.parametrize("table", [ARTICLES, CORRECTIONS], ids=["articles", "corrections"])
def test_the_three_formats_have_the_same_columns_and_rows(
    document: PageDocument, table: TableSchema
) -> None:
    """Declared once; CSV holds text only, so lists are JSON there."""
    rows = read_jsonl(table, document)
    data = pack(document)[table.name]
    assert list(rows[0]) == list(table.columns) == parquet.read_schema(io.BytesIO(data)).names
    assert [as_json(row) for row in read_parquet(data)] == rows
    for cells, row in zip(read_csv(table, document), rows, strict=True):
        assert list(cells) == list(row)
        assert json.loads(cells.pop("boxes")) == row.pop("boxes")
        assert cells == {column: str(value) for column, value in row.items()}


def test_columns_of_parquet_have_types(document: PageDocument) -> None:
    """A date is a date, a number a number; a date that is not known is missing."""
    data = pack(document, replace(document, publication=None))
    schema = parquet.read_schema(io.BytesIO(data["articles"]))
    kinds = {field.name: str(field.type) for field in schema}
    assert (kinds["date"], kinds["order"], kinds["confidence"]) == (
        "date32[day]",
        "int32",
        "double",
    )
    assert "struct<left: int32" in kinds["boxes"]
    rows = read_parquet(data["articles"])
    assert [row["date"] for row in rows] == [DAY, DAY, None, None]
    kinds = {f.name: str(f.type) for f in parquet.read_schema(io.BytesIO(data["corrections"]))}
    assert kinds["in_text"] == "bool"


def test_no_page_gives_empty_tables() -> None:
    """With their columns, so that programs need no special case."""
    for table in (ARTICLES, CORRECTIONS):
        data = pack()[table.name]
        assert parquet.read_table(io.BytesIO(data)).num_rows == 0
        assert parquet.read_schema(io.BytesIO(data)).names == list(table.columns)


def test_a_cell_is_never_a_formula(document: PageDocument) -> None:
    """A headline that begins with a sign of equality does nothing in a spreadsheet."""
    article = replace(document.record.articles[0], title=chars_of(line_of("=1+2", "2-l1")))
    evil = PageDocument(replace(document.record, articles=(article,)))
    assert read_csv(ARTICLES, evil)[0]["title"] == "'=1+2"


def test_row_groups_are_written_as_they_fill(
    document: PageDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After so many rows or characters; the rows are the same, and so are the bytes again."""
    whole = pack(*[document] * 9)
    for limit in ("_GROUP_ROWS", "_GROUP_CHARACTERS"):
        monkeypatch.undo()
        monkeypatch.setattr(parquet_tables, limit, 4)
        parted = pack(*[document] * 9)
        assert parted == pack(*[document] * 9)
        file = parquet.ParquetFile(io.BytesIO(parted["articles"]))
        assert file.num_row_groups > 3
        assert read_parquet(parted["articles"]) == read_parquet(whole["articles"])
        assert read_parquet(parted["corrections"]) == read_parquet(whole["corrections"])


def test_memory_does_not_grow_with_the_pages(
    document: PageDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten times the pages, no more memory at once."""
    monkeypatch.setattr(parquet_tables, "_GROUP_ROWS", 100)

    def measure(count: int) -> int:
        tracemalloc.start()
        for file in pack_tables(document for _ in range(count)):
            for _ in file.pieces:
                pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    measure(200)
    assert measure(2000) < 1.5 * measure(200)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(records(), max_size=2), st.text(st.characters(), max_size=8))
def test_any_record_is_written(made: list[PageRecord], name: str) -> None:
    """The same in all three formats, whatever characters are in it."""
    pages = [PageDocument(record, name) for record in made]
    packed = pack(*pages)
    for table in (ARTICLES, CORRECTIONS):
        rows = read_jsonl(table, *pages)
        assert [as_json(row) for row in read_parquet(packed[table.name])] == rows
        assert sum(len(read_csv(table, page)) for page in pages) == len(rows)


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an output folder of an issue of four pages and a page of no issue."""
    just_read(tmp_path, monkeypatch, *PAGES, "alone.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def articles_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Page and text of each article in an export."""
    for row in read_parquet((folder / "articles.parquet").read_bytes()):
        yield row["name"], row["text"]


def test_an_export_is_one_folder(home: Path) -> None:
    """Of all pages, each once however often it is named, in the order of their names."""
    command = ["export", "parquet", "output", f"output/{PAGES[0][:-3]}json", "-o", "ex"]
    done = CliRunner().invoke(cli.app, command)
    assert done.exit_code == 0, done.output
    assert "5 of 5 pages written to ex/newspage.parquet (parquet)" in done.output
    files = sorted(p.relative_to(home / "ex").as_posix() for p in (home / "ex").rglob("*.*"))
    assert files == [
        "newspage.parquet",
        "newspage.parquet/articles.parquet",
        "newspage.parquet/corrections.parquet",
    ]
    found = list(articles_in(home / "ex" / "newspage.parquet"))
    expected = [
        (record.stem, "\n".join(p.text for p in article.paragraphs))
        for record in find_records([home / "output"])
        for article in newspage.load_page(record.path).record.articles
    ]
    assert found == expected
    (scan, *_) = {
        row["scan"]
        for row in read_parquet((home / "ex/newspage.parquet/articles.parquet").read_bytes())
    }
    assert (home / "ex" / "newspage.parquet" / scan).is_file()


def test_a_bad_record_is_left_out(home: Path) -> None:
    """It is named, and the exit code says so."""
    path = home / "output" / "alone.json"
    path.write_bytes(path.read_bytes()[:-200])
    done = CliRunner().invoke(cli.app, ["export", "parquet", "output", "-o", "ex"])
    assert done.exit_code == 1
    assert "alone.json is no valid page record" in done.output
    assert "4 of 5 pages" in done.output
    assert {name for name, _ in articles_in(home / "ex" / "newspage.parquet")} == {
        p[:-4] for p in PAGES
    }


def test_an_issue_or_a_page_is_a_folder_from_python(home: Path) -> None:
    """And the same export again has the same bytes; formats of each page are refused."""
    issue = newspage.load_issue(home / "output" / "issues" / "x-2020-01-01.json", Config())
    newspage.export(issue, "parquet", home / "a.parquet")
    before = (home / "a.parquet" / "articles.parquet").read_bytes()
    newspage.export(issue, "parquet", home / "a.parquet")
    assert (home / "a.parquet" / "articles.parquet").read_bytes() == before
    assert next(name for name, _ in articles_in(home / "a.parquet")) == PAGES[0][:-4]
    page = newspage.load_page(home / "output" / "alone.json")
    newspage.export(page, "parquet", home / "b.parquet")
    assert (home / "b.parquet" / "corrections.parquet").is_file()
    with pytest.raises(UsageError, match="csv writes each page"):
        export_together([], find_exporter("csv"), home, IngestConfig())


def test_the_package_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra that installs it."""
    monkeypatch.setattr("newspage.formats.exporters.find_installed_version", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r"newspage\[parquet\]"):
        find_exporter("parquet")
