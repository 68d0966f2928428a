"""How many characters are expected to be wrong: the curves, what counts, where it is shown."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from benchmarks.expected_errors import fit_curve
from benchmarks.judged_pages import JudgedLine, judge_line
from newspage.batch.tasks import ReadScan
from newspage.decision import PRECEDENT, Act, Decision
from newspage.decisions import list_questions, merge_decisions
from newspage.expected_errors import (
    CALIBRATION,
    ErrorCurve,
    ExpectedErrors,
    estimate_page_errors,
    measure_doubts,
)
from newspage.expected_errors.calibration import load_curves
from newspage.model import PageRecord, TextLine
from newspage.progress import ReviewCounts, describe_state
from newspage.review.service.page_edits import Signature, SignOff
from newspage.source_markup import ImportedSource
from newspage.store import OutputStore, Store
from tests import postgres
from tests.asking import PAGES, Office
from tests.decided_pages import (
    Ask,
    asking,
    decision,
    decisions_on,
    line_at,
    lines_anchor,
    page_of,
    pages,
)

TEXT = "天地玄黄宇宙洪荒日月盈昃"
confidences = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def read_with(record: PageRecord, confidence: Callable[[int], float]) -> PageRecord:
    """The page as if the recogniser had been so sure of each glyph of every line."""

    def change(line: TextLine) -> TextLine:
        glyphs = tuple(replace(g, confidence=confidence(i)) for i, g in enumerate(line.glyphs))
        return replace(line, glyphs=glyphs)

    page = record.page.map_lines(change)
    return replace(record, page=page, reading=replace(record.reading, page=page))


def share_of(record: PageRecord) -> float:
    """The share of a page that is expected to be wrong."""
    share = estimate_page_errors(record).share
    assert share is not None
    return share


# The curves


def test_the_curves_that_come_along_only_rise() -> None:
    """And are shares of something, over all of the scale; where they come from stands beside."""
    told = json.loads(CALIBRATION.read_text("utf-8"))
    assert "generated pages" in told["from"]
    for curve in load_curves():
        assert len(curve.doubts) == len(curve.shares) > 5
        assert np.all(np.diff(curve.doubts) > 0)
        assert np.all(np.diff(curve.shares) >= 0)
        assert 0 < curve.shares[0] < 0.01
        assert 0.3 < curve.shares[-1] <= 1


@given(confidences, st.integers(0, 29), st.floats(0, 1), st.booleans())
def test_who_is_surer_errs_no_more(
    sure: list[float], at: int, better: float, vertical: bool
) -> None:
    """Not the character itself, and no other of its line; all are probabilities."""
    curve = load_curves()[vertical]
    raised = [max(c, better) if i == at else c for i, c in enumerate(sure)]
    before, after = curve.find_probabilities(sure), curve.find_probabilities(raised)
    assert np.all((before >= 0) & (before <= 1))
    assert np.all(after <= before + 1e-12)


@given(confidences, st.floats(0, 1))
def test_doubts_lie_between_that_of_the_character_and_that_of_the_line(
    sure: list[float], weight: float
) -> None:
    """Weight 0 leaves each its own."""
    own, mixed = measure_doubts(sure, 0.0), measure_doubts(sure, weight)
    line = float(measure_doubts(sure, 1.0)[0])
    assert np.all(mixed >= np.minimum(own, line) - 1e-12)
    assert np.all(mixed <= np.maximum(own, line) + 1e-12)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=400))
def test_a_fitted_curve_rises_whatever_it_is_fitted_to(seen: list[tuple[float, bool]]) -> None:
    """Also to characters that are the more often right the less sure anybody was."""
    line = JudgedLine(
        vertical=False,
        confidences=np.array([c for c, _ in seen]),
        wrong=np.array([w for _, w in seen]),
        counted=np.ones(len(seen), bool),
    )
    curve = fit_curve([line], 0.0)
    assert np.all(np.diff(curve.shares) >= 0)
    assert np.all(np.diff(curve.doubts) > 0)
    assert all(0 < share < 1 for share in curve.shares)


def test_a_curve_finds_the_shares_it_was_made_of() -> None:
    """A recogniser that is wrong twice as often as it says."""
    chance = np.random.default_rng(5)
    sure = chance.uniform(0.5, 1, 40_000)
    wrong = chance.uniform(0, 1, sure.size) < 2 * (1 - sure)
    line = JudgedLine(False, sure, wrong, np.ones(sure.size, bool))
    curve: ErrorCurve = fit_curve([line], 0.0)
    for doubt in (0.05, 0.2, 0.4):
        found = curve.find_probabilities([1 - doubt])[0]
        assert found == pytest.approx(2 * doubt, abs=0.05)


def test_characters_are_judged_beside_what_is_printed() -> None:
    """Another character is wrong, and one too many; width and blanks make no difference."""
    line = line_at("l", "天地 玄黃，宇宙", 0, 0)
    judged = judge_line(line, "天地玄黄,宇")
    assert judged.counted.tolist() == [True, True, False, True, True, True, True, True]
    assert judged.wrong.tolist() == [False, False, False, False, True, False, False, True]


# What counts


@settings(max_examples=30)
@given(pages(), st.data())
def test_the_figures_of_a_page_are_shares(record: PageRecord, data: st.DataObject) -> None:
    """Whatever was read and decided; its articles and the text outside of them make the page."""
    merged = merge_decisions(record, data.draw(decisions_on(record))).record
    errors = estimate_page_errors(merged)
    for one in (errors.page, *errors.articles.values()):
        assert 0 <= one.wrong <= one.characters
        assert one.share is None or 0 <= one.share <= 1
    assert set(errors.articles) == {article.id for article in merged.articles}
    outside = sum(not c.text.isspace() for piece in merged.furniture for c in piece.chars)
    inside = sum(e.characters for e in errors.articles.values())
    assert inside + outside == errors.page.characters


def test_a_damaged_page_ranks_above_a_clean_one() -> None:
    """And the article that is damaged above the other one."""
    record = page_of([("标题", [[TEXT]]), ("另题", [[TEXT]])])
    clean = read_with(record, lambda _: 0.999)
    worn = read_with(record, lambda i: 0.55 if i % 3 else 0.95)
    assert share_of(worn) > 10 * share_of(clean)
    second = {line.id for line in record.page.regions[-1].lines}
    page = record.page.map_lines(
        lambda line: next(
            x for x in (worn if line.id in second else clean).page.lines if x.id == line.id
        )
    )
    mixed = estimate_page_errors(replace(clean, page=page)).articles
    assert (mixed["a2"].share or 0) > 3 * (mixed["a1"].share or 1)


@pytest.mark.parametrize("act", [Act.ACCEPT, Act.REJECT, Act.EDIT])
def test_what_a_person_decided_is_not_doubted(act: Act) -> None:
    """Neither what they put in nor what they left; what a precedent decided is."""
    plain = page_of([("", [[TEXT]])])
    record = read_with(asking(plain, [Ask(0, 0, 6, "甲乙丙丁戊己", False)]), lambda _: 0.5)
    (question,) = list_questions(record.reading)
    said = decision(act, question.anchor, proposed="甲乙丙丁戊己", text="子丑寅卯辰巳", rule="x")
    before, after = (
        estimate_page_errors(merge_decisions(record, some).record).page for some in ([], [said])
    )
    assert before.characters == after.characters == len(TEXT)
    assert after.wrong == pytest.approx(before.wrong / 2)
    held: Decision = replace(said, reviewer=PRECEDENT)
    assert estimate_page_errors(merge_decisions(record, [held]).record).page.wrong > after.wrong


def test_text_that_is_taken_out_of_an_article_stays_doubtful() -> None:
    """A caption that a person made of a paragraph was still read by the machine."""
    record = read_with(page_of([("标题", [[TEXT]]), ("另题", [[TEXT]])]), lambda _: 0.5)
    region = record.page.regions[-1]
    said = decision(Act.KIND, lines_anchor(record, region.lines), text="caption")
    merged = merge_decisions(record, [said]).record
    assert merged.furniture
    before, after = (estimate_page_errors(one).page for one in (record, merged))
    assert after.characters == before.characters
    assert after.wrong == pytest.approx(before.wrong)


def test_what_the_machine_put_in_counts_by_its_correction() -> None:
    """Not by the glyph that it did not believe."""
    record = read_with(
        asking(page_of([("", [[TEXT]])]), [Ask(0, 0, 2, "甲乙", True)]), lambda _: 1.0
    )
    rest = (len(TEXT) - 2) * load_curves()[0].find_probabilities([1.0])[0]
    assert record.corrections[0].confidence == 0.9
    assert estimate_page_errors(record).page.wrong == pytest.approx(0.2 + rest)


def test_nothing_is_told_of_imported_pages_and_of_no_text() -> None:
    """Confidences of other programs mean something else."""
    record = page_of([("", [[TEXT]])])
    source = ImportedSource("alto", "x.xml")
    imported = replace(record, reading=replace(record.reading, source=source))
    assert estimate_page_errors(imported).share is None
    assert ExpectedErrors().share is None


# Where it is shown


@pytest.fixture(name="office", params=["file", "server"])
def _office(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Office:
    """Pages that were read, with a store of either kind."""
    on_server = request.param == "server"
    store = postgres.emptied(request.getfixturevalue("server")) if on_server else ""
    office = Office(tmp_path, monkeypatch, store)
    office.scans(*PAGES)
    office.run()
    return office


def test_the_pages_that_need_a_person_first(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the store, the lists, the page and `status`; a proofread page is no such page."""
    with Store(office.place.store) as whole:
        store = OutputStore(whole, office.place.name)
        monkeypatch.setattr("newspage.store.error_estimates.NOTICEABLE", 0.0)
        first, *others = store.errors.list_worst(9)
        shares = [page.errors.share or 0 for page in (first, *others)]
        assert len(shares) == len(PAGES)
        assert shares == sorted(shares, reverse=True)
        assert store.errors.list_worst(1) == [first]
        told = describe_state([], [], ReviewCounts(worst=(first,)))
        assert f"{100 * shares[0]:.1f} %  {first.stem} " in told
    desk = office.desk()
    try:
        rows = {row.stem: row.expected for row in desk.list_pages()[0]}
        assert rows[first.stem] == first.errors.share
        worn = desk.archive.show_front().worn
        assert [card.stem for card in worn] == [first.stem, *(page.stem for page in others)]
        assert worn[0].expected == first.errors.share
        view = desk.show_page(first.stem)
        assert view.expected == pytest.approx(first.errors.share)
        assert any(article.expected for article in view.articles)
        desk.record_edit(SignOff(first.stem), Signature("ann"))
        rows = {row.stem: row.expected for row in desk.list_pages()[0]}
        assert rows[first.stem] is None
        assert desk.show_page(first.stem).expected is None
        assert first.stem not in {card.stem for card in desk.archive.show_front().worn}
    finally:
        desk.close()
    with Store(office.place.store) as whole:
        store = OutputStore(whole, office.place.name)
        assert first not in store.errors.list_worst(9)


def test_pages_of_an_older_version_get_theirs_without_being_read(office: Office) -> None:
    """As after curves that changed; until then nothing is told."""
    records = office.outputs()
    stems = [name.removesuffix(".json") for name in records if name.endswith(".json")]
    with Store(office.place.store) as whole:
        errors = OutputStore(whole, office.place.name).errors
        before = errors.find_errors(stems)
        assert before
        with whole.database.transaction() as connection:
            connection.execute(text("UPDATE indexed_pages SET calibration = '', characters = 0"))
        assert errors.find_errors(stems) == {}
        assert errors.list_worst(9) == []

    def read_nothing(*_: object) -> ReadScan:
        """No scan is to be read."""
        raise AssertionError

    office.run(make=read_nothing)
    assert office.outputs() == records
    with Store(office.place.store) as whole:
        assert OutputStore(whole, office.place.name).errors.find_errors(stems) == before
