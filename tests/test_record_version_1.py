"""Records and stores of the format newspage/1: taken over as they lie there, nothing lost.

`version_1/pages.jsonl.gz` holds made-up pages as version 0.2.0 before this format wrote them: as
read, with decisions merged in, the decisions, and the texts before corrections that it knew.
`version_1/archive.zip` holds an output folder and its store: five sample pages with edits of text,
furniture and structure.
"""

import gzip
import json
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newspage.decision import Decision
from newspage.decisions import merge_decisions, read_texts_before_corrections, without_decisions
from newspage.decisions.exchange import read_decision_lines
from newspage.model import PageRecord
from newspage.output.page_writer import make_page_writer
from newspage.record import FORMAT, decode_record, encode_record, read_record
from newspage.review.service.review_service import ReviewService
from newspage.settings import load_settings
from newspage.store import OutputStore, Store
from newspage.workspace import Workspace

FOLDER = Path(__file__).parent / "version_1"


def old_pages() -> list[dict[str, Any]]:
    """The made-up pages."""
    lines = gzip.decompress((FOLDER / "pages.jsonl.gz").read_bytes()).splitlines()
    return [json.loads(line) for line in lines]


def decisions_in(page: dict[str, Any]) -> list[Decision]:
    """The decisions on a page, in the order in which they were made."""
    found = list(read_decision_lines(page["decisions"].encode().splitlines()))
    assert all(isinstance(d, Decision) for d in found)
    return [d for d in found if isinstance(d, Decision)]


def shown(record: PageRecord) -> tuple[object, ...]:
    """All that is not the layer below."""
    return (
        record.page,
        record.articles,
        record.furniture,
        record.joins,
        record.corrections,
        record.problems,
        record.steps,
    )


@pytest.mark.parametrize("page", old_pages())
def test_a_page_is_taken_over(page: dict[str, Any]) -> None:
    """What is shown stays; below it lies what was read; it is written in the present format."""
    for name in ("read", "decided"):
        old = json.loads(page[name])
        assert old["format"] == "newspage/1"
        record = decode_record(page[name].encode())
        new = json.loads(encode_record(record))
        assert new.pop("format") == FORMAT
        kept = {k: v for k, v in old.items() if k not in ("format", "untouched")}
        assert {k: v for k, v in new.items() if k != "reading"} == kept
        again = decode_record(encode_record(record))
        assert (shown(again), again.reading) == (shown(record), record.reading)
    texts = read_texts_before_corrections(record, ())
    assert {name: text.string for name, text in texts.items()} == page["texts"]


@pytest.mark.parametrize("page", old_pages())
def test_decisions_are_merged_as_before(page: dict[str, Any]) -> None:
    """From the page as read and from the page with decisions in it, with the same result."""
    read, decided = (decode_record(page[name].encode()) for name in ("read", "decided"))
    said = decisions_in(page)
    assert len(said) > 3
    assert merge_decisions(read, said).record == decided
    assert merge_decisions(decided, said).record is decided
    assert merge_decisions(decided, ()).record == without_decisions(decided) == read
    texts = read_texts_before_corrections(decided, said)
    assert {name: text.string for name, text in texts.items()} == page["arranged"]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An output folder and its store."""
    with zipfile.ZipFile(FOLDER / "archive.zip") as zipped:
        zipped.extractall(tmp_path)
    return tmp_path


def files_of(output: Path) -> dict[str, bytes]:
    """All files of an output folder."""
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file()
    }


def test_an_archive_goes_on(archive: Path) -> None:
    """Catching up changes no file; a decision taken back is out of the text; others stay."""
    settings = load_settings(None, {})
    place = Workspace.for_output(archive / "output", settings.config.run)
    before = files_of(place.output)
    with Store(place.store) as whole:
        store = OutputStore(whole, place.name)
        assert make_page_writer(place, store, settings).catch_up(store.list_scans()) == ()
    assert files_of(place.output) == before
    stem = "qingdu-2024-03-18/p1"
    old = read_record(place.output / f"{stem}.json")
    with closing(ReviewService(place, settings)) as service:
        assert service.list_lost() == ()
        entries = [e for e in service.list_history(stem)[0] if e.act == "write"]
        assert entries
        for entry in entries:
            service.undo_decision("ann", entry.uid)
    record = read_record(place.output / f"{stem}.json")
    assert json.loads((place.output / f"{stem}.json").read_bytes())["format"] == FORMAT
    assert record.reading == old.reading
    assert [c.rule for c in record.corrections if c.rule == "hand"] == []
    assert [c.rule for c in old.corrections].count("hand") == 1
    assert [a.id for a in record.articles] == [a.id for a in old.articles]
    after = files_of(place.output)
    changed = {n for n in before if after[n] != before[n]}
    assert changed <= {
        f"{stem}.json",
        f"{stem}.md",
        f"{stem}.txt",
        *(f"issues/qingdu-2024-03-18{end}" for end in (".json", ".md", ".txt")),
        "index.json",
    }
