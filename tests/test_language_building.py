"""The language of an archive: what its pages and its readers teach, and what no page may teach."""

from contextlib import closing
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from newspage.cli import app
from newspage.config import Config
from newspage.language import archive_model
from newspage.language.archive_counts import ArchiveCounts
from newspage.language.archive_model import make_archive_model, read_corrected_pairs
from newspage.language.character_model import CharacterModel, read_character_model
from newspage.language.ngram_counts import (
    NgramCounts,
    list_windows,
    number_characters,
    pack_windows,
)
from newspage.review.service.page_edits import Signature, TextEdit
from newspage.training.language_building import (
    LanguageRequest,
    build_language_model,
    count_record,
)
from newspage.workspace import LANGUAGE_NAME
from tests.asking import just_read
from tests.decided_pages import page_of


@pytest.fixture(autouse=True)
def small_base(monkeypatch: pytest.MonkeyPatch) -> None:
    """A base of one sentence in place of that of the installed packages, which takes seconds."""
    windows = list_windows(number_characters("各地要加强田间管理"))
    base = (NgramCounts.sum_up(windows), {"words": "test"})
    monkeypatch.setattr(archive_model, "count_base", lambda: base)


def count_pages(*pages: str, sure: float = 1.0, confirmed: bool = False) -> dict[str, float]:
    """What pages of one paragraph teach of pairs of characters."""
    counts = ArchiveCounts()
    for text in pages:
        numbers = number_characters(text)
        said = np.full(len(text), confirmed)
        counts.add_page([(numbers, np.full(len(text), sure), said)])
    keys, weights = counts.sum_up().sizes[1]
    learnt = dict(zip(keys.tolist(), weights.tolist(), strict=True))
    pairs = {text[i : i + 2] for text in pages for i in range(len(text) - 1)}
    found = {
        pair: learnt.get(int(pack_windows(number_characters(pair), 2)[0]), 0) for pair in pairs
    }
    return {pair: count for pair, count in found.items() if count}


def chance(model: CharacterModel, text: str) -> float:
    """The log-probability of the last character of a text after the others."""
    return float(model.measure_keys(pack_windows(number_characters(text), len(text)), len(text))[0])


def test_no_page_teaches_its_own_words() -> None:
    """However often it says them; the others alone are asked."""
    assert count_pages("管埋管埋管埋") == {}
    assert count_pages("管埋管埋", "管埋") == {"管埋": 1}
    assert count_pages("管埋", "管理", "管理", "管理") == {"管理": 2}
    assert count_pages("管理", "管理", sure=0.4) == pytest.approx({"管理": 0.4})


def test_what_people_confirmed_counts_on_one_page() -> None:
    """In full, beside what pages teach."""
    assert count_pages("管理", confirmed=True) == {"管理": 1}
    assert count_pages("管理", "管理", confirmed=True) == {"管理": 3}


def test_the_order_of_pages_does_not_matter() -> None:
    """Nor does it matter when pending pages are put together."""
    pages = ("各地加强管理", "加强管理工作", "各地管埋", "管埋工作")
    assert len({tuple(sorted(count_pages(*order).items())) for order in permutations(pages)}) == 1


def test_a_page_counts_as_sure_as_it_was_read() -> None:
    """Characters of glyphs by their confidence."""
    counts = ArchiveCounts()
    record = page_of([("", [["各地加强管理¶"]])])
    for _ in range(2):
        count_record(record, counts)
    line = next(iter(record.page.lines))
    keys, weights = counts.sum_up().sizes[1]
    place = int(np.searchsorted(keys, pack_windows(number_characters("管理"), 2)[0]))
    assert weights[place] == pytest.approx(min(g.confidence for g in line.glyphs[4:]))
    assert counts.characters == 2 * 6


def test_marks_teach_nothing() -> None:
    """A character that the archive has before a full stop is no likelier there than another."""
    counts = ArchiveCounts()
    for text in ("他们是本地人。", "来的都是工人。", "收入增加了"):
        numbers = number_characters(text)
        counts.add_page([(numbers, np.ones(len(text)), np.zeros(len(text), bool))])
    own, without = (make_archive_model(some, {}, 3) for some in (counts, ArchiveCounts()))
    for last in "人入":
        stop = f"{last}。"
        assert chance(own, stop) == pytest.approx(chance(without, stop), abs=0.5)


def test_an_archive_makes_its_words_likelier(tmp_path: Path) -> None:
    """And tells what people corrected, from its file as well."""
    counts = ArchiveCounts()
    for _ in range(50):
        counts.add_page([(number_characters("岚溪造纸"), np.ones(4), np.zeros(4, bool))])
    pairs = {("深", "溪"): 3.0, ("干", "于"): 1.0}
    own = make_archive_model(counts, pairs, 50)
    without = make_archive_model(ArchiveCounts(), {}, 0)
    assert chance(own, "岚溪造") > chance(without, "岚溪造") + 2
    own.write_file(tmp_path / "own.model")
    assert read_corrected_pairs(read_character_model(tmp_path / "own.model")) == pairs
    assert read_corrected_pairs(without) == {}


def test_a_language_is_built_from_records_and_decisions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the command, always the same; `newspage correct` uses it from then on."""
    office = just_read(tmp_path, monkeypatch, "a.png", "b.png", "c.png")
    with closing(office.desk()) as desk:
        page = desk.show_page("b")
        edit = TextEdit("b", page.articles[0].id, 3, 5, "壹贰", page.articles[0].seen)
        desk.record_edit(edit, Signature("ann"))
    (office.place.output / "c.json").write_text("{", "utf-8")
    built = build_language_model(LanguageRequest(office.place))
    assert (built.pages, built.left, built.pairs) == (2, ["c"], 2)
    assert build_language_model(LanguageRequest(office.place, "other")).pages == 0
    assert build_language_model(LanguageRequest(office.place, first=1900)).pages == 0
    monkeypatch.chdir(tmp_path)
    path = tmp_path / LANGUAGE_NAME
    written = []
    for _ in range(2):
        done = CliRunner().invoke(app, ["language", "build", "-o", "output"])
        assert done.exit_code == 1, done.output
        assert "2 pages" in done.output
        written.append(path.read_bytes())
    assert written[0] == written[1]
    none = CliRunner().invoke(app, ["language", "build", "-o", "output", "--paper", "nix"])
    assert none.exit_code == 3
    assert "no page of that paper" in none.output
    assert path.read_bytes() == written[0]
    config = office.place.with_learned(Config())
    assert config.correct.language_model == str(path)
    off = replace(Config(), correct=replace(Config().correct, language_model="none"))
    assert office.place.with_learned(off).correct.language_model == "none"
