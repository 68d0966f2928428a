"""Pages corrected again from records and lattices, as if they had been read again."""

import os
import shutil
import signal
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

import newspage
from newspage import cli
from newspage.batch import plan, readers
from newspage.batch.folder import ReaderBackend
from newspage.batch.recorrection import RecorrectionOutcome, recorrect_pages
from newspage.correct.detector_guard import DetectorError
from newspage.errors import InputError
from newspage.formats.exporters import FormatError
from newspage.output.holdings import count_outdated
from newspage.output.page_writer import PageWriter
from newspage.page import weighing
from newspage.record import read_record
from newspage.record.lattice_file import LatticesError
from newspage.review.service.views import Answer, QuestionFilter
from newspage.store import OutputStore, QuestionRow, ScanStatus, Store
from newspage.workspace import BusyError, hold_run_lock
from tests.asking import just_read
from tests.kept_pages import PRINTED, READ, UNSEEN, KeptOffice, make_reader
from tests.test_faults import killed

SCANS = ("x-2020-01-01/p1.png", "x-2020-01-01/p2.png", "spread.png")
STEMS = ("spread", "x-2020-01-01/p1", "x-2020-01-01/p2")


class Told:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.pages: dict[str, bool] = {}
        self.left: list[str] = []
        self.notes: list[str] = []
        self.total = 0

    def report_start(self, pages: int) -> None:
        self.total = pages

    def report_page(self, name: str, changed: bool) -> None:
        self.pages[name] = changed

    def report_left(self, message: str) -> None:
        self.left.append(message)

    def report_note(self, message: str) -> None:
        self.notes.append(message)


def open_office(
    home: Path, patch: pytest.MonkeyPatch, *scans: str, keep: bool = True
) -> KeptOffice:
    """An office that has just read an issue of two pages, and two facing pages."""
    home.mkdir(exist_ok=True)
    office = KeptOffice(home, patch, keep)
    office.scans(*(scans or SCANS))
    heard = office.run(make=make_reader)
    assert len(heard.read) == len(scans or SCANS), heard.messages
    return office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeptOffice:
    """The office in which pages are corrected again."""
    return open_office(tmp_path / "home", monkeypatch)


@pytest.fixture
def twin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeptOffice:
    """The same office again, in which pages are read again instead."""
    return open_office(tmp_path / "twin", monkeypatch)


def recorrect(office: KeptOffice, *paths: Path) -> tuple[RecorrectionOutcome, Told]:
    """Correct pages of an office again."""
    told = Told()
    return recorrect_pages(office.place, office.settings, paths, told), told


def questions(office: KeptOffice) -> list[QuestionRow]:
    """All questions that were ever asked, page by page."""
    with Store(office.place.store) as whole:
        store = OutputStore(whole, office.place.name)
        return [
            row
            for key in sorted(store.list_scans())
            for row in store.questions.of_page(key.path, key.frame)
        ]


def asked(office: KeptOffice) -> list[tuple[object, ...]]:
    """The questions that are asked now, without what differs from store to store."""
    return [
        (q.path, q.correction, q.proposed, q.evidence, q.status, q.anchor, q.article, q.reviewer)
        for q in questions(office)
        if q.asked
    ]


def stamps(office: KeptOffice) -> dict[str, tuple[int, int]]:
    """What tells of each file whether it was written again."""
    files = (path for path in office.place.output.rglob("*") if path.is_file())
    return {str(f): (f.stat().st_ino, f.stat().st_mtime_ns) for f in files}


def texts(office: KeptOffice) -> dict[str, bytes]:
    """The output files but those of lattices, in which a fresh reading keeps more."""
    files = office.outputs().items()
    return {name: data for name, data in files if not name.endswith(".lattices.xz")}


def statuses(office: KeptOffice) -> set[ScanStatus]:
    """How far the scans of an office have come."""
    with Store(office.place.store) as store:
        rows = OutputStore(store, office.place.name).list_scans().values()
        return {row.status for row in rows}


def test_nothing_changes_where_nothing_did(office: KeptOffice) -> None:
    """No byte, no file, no question; also where lines were read again for the corrections."""
    office.add_entry(PRINTED, UNSEEN)
    office.run(force=True, make=make_reader)
    record = read_record(office.place.output / "x-2020-01-01/p1.json")
    assert "1" in {step.details.get("lines_read_again") for step in record.steps}
    assert len(record.corrections) == 2
    files, rows, written = office.outputs(), questions(office), stamps(office)
    outcome, told = recorrect(office)
    assert (outcome.changed, outcome.unchanged, outcome.left, outcome.issues) == (0, 3, [], ())
    assert (told.total, told.pages) == (3, dict.fromkeys(STEMS, False))
    assert (office.outputs(), questions(office), stamps(office)) == (files, rows, written)
    assert outcome.asked.questions == 8


def test_a_new_entry_counts_as_if_pages_were_read_again(
    office: KeptOffice, twin: KeptOffice
) -> None:
    """Files, questions and issues are those of `run --force`; facing pages have their own."""
    before = texts(office)
    for one in (office, twin):
        one.add_entry(PRINTED)
    outcome, told = recorrect(office)
    assert (outcome.changed, told.pages) == (3, dict.fromkeys(STEMS, True))
    twin.run(force=True, make=make_reader)
    assert texts(office) == texts(twin) != before
    assert asked(office) == asked(twin)
    assert [q[1] for q in asked(office)] == ["1-a1-1", "2-a1-1", "a1-1", "a1-1"]
    with Store(office.place.store) as store:
        rows = OutputStore(store, office.place.name).list_scans().values()
        assert count_outdated(office.place, rows, office.settings) == 0
    assert statuses(office) == {ScanStatus.DONE}


def test_what_would_need_another_look_is_not_proposed(office: KeptOffice, twin: KeptOffice) -> None:
    """A character that the lattice leaves out counts against the proposal; reading again asks."""
    for one in (office, twin):
        one.add_entry(PRINTED, UNSEEN)
    recorrect(office)
    twin.run(force=True, make=make_reader)
    assert {q[2] for q in asked(office)} == {PRINTED[4]}
    assert {q[2] for q in asked(twin)} == {PRINTED[4], UNSEEN[7]}


def answer(office: KeptOffice, stem: str, verdict: Literal["accept", "reject"]) -> int:
    """Answer the first question of a page; its id."""
    with closing(office.desk()) as desk:
        (first, *_), _ = desk.list_questions(QuestionFilter(state="all", stem=stem), "page")
        desk.record_answers([Answer(first.id, verdict, first.seen)], "ann")
    return first.id


def test_what_was_decided_stays(office: KeptOffice, twin: KeptOffice) -> None:
    """A question that is asked on keeps id and answer; one that goes leaves the answer in the text.

    Reading again does the same.
    """
    for one in (office, twin):
        one.add_entry(PRINTED)
    recorrect(office)
    twin.run(force=True, make=make_reader)
    first = answer(office, STEMS[1], "accept")
    answer(twin, STEMS[1], "accept")
    for one in (office, twin):
        answer(one, STEMS[2], "reject")
        one.add_entry(PRINTED, "全市广大干部群众携手")
    recorrect(office)
    twin.run(force=True, make=make_reader)
    assert texts(office) == texts(twin)
    (question,) = [q for q in questions(office) if q.stem == STEMS[1]]
    assert (question.id, question.asked, question.status) == (first, True, "accepted")
    for one in (office, twin):
        one.add_entry("全市广大干部群众携手")
    outcome, _ = recorrect(office)
    twin.run(force=True, make=make_reader)
    assert (texts(office), asked(office)) == (texts(twin), [])
    assert PRINTED in office.outputs()[f"{STEMS[1]}.txt"].decode()
    assert READ in office.outputs()[f"{STEMS[2]}.txt"].decode()
    assert outcome.lost == 0


def test_after_other_settings_a_run_finds_the_pages_done(
    office: KeptOffice, twin: KeptOffice
) -> None:
    """Policy puts the change into the text, the issue too; the next run reads no page for that."""
    for one in (office, twin):
        one.add_entry(PRINTED)
        one.set_options(apply="all")
    outcome, _ = recorrect(office)
    assert (outcome.changed, outcome.issues) == (3, ("x-2020-01-01",))
    assert PRINTED in office.outputs()["issues/x-2020-01-01.txt"].decode()
    files = texts(office)
    assert office.run(make=make_reader).read == []
    assert len(twin.run(make=make_reader).read) == 3
    assert texts(office) == texts(twin) == files


def test_a_setting_that_changes_no_page_is_noted_too(office: KeptOffice) -> None:
    """No file is written, and still the next run reads nothing."""
    office.set_options(apply="none")
    written = {k: v for k, v in stamps(office).items() if "issues" not in k}
    outcome, _ = recorrect(office)
    assert outcome.unchanged == 3
    assert {k: v for k, v in stamps(office).items() if "issues" not in k} == written
    assert office.run(make=make_reader).read == []


def test_pages_that_cannot_be_corrected_again_are_named(office: KeptOffice) -> None:
    """Without lattices, with those of another page, with damaged ones, without a record."""
    office.scans(*SCANS, "p6.png", "p7.png")
    office.run(make=make_reader)
    output = office.place.output
    (output / "spread.lattices.xz").unlink()
    other = (output / f"{STEMS[1]}.lattices.xz").read_bytes()
    (output / f"{STEMS[2]}.lattices.xz").write_bytes(other)
    (output / "p6.lattices.xz").write_bytes(other[:-9])
    (output / "p7.json").write_text("{}")
    before = office.outputs()
    office.add_entry(PRINTED)
    outcome, told = recorrect(office)
    assert told.pages == dict.fromkeys((*STEMS, "p6", "p7"), False) | {STEMS[1]: True}
    assert outcome.left == told.left
    for stem, said in (
        ("spread", "were not kept"),
        (STEMS[2], "belongs to another scan"),
        ("p6", "holds no lattices"),
        ("p7", "no page record"),
    ):
        (message,) = [m for m in told.left if f"{output / stem}." in m]
        assert said in message
    after = office.outputs()
    changed = {name for name in after if after[name] != before.get(name)}
    assert {name for name in changed if not name.startswith("issues/")} == {f"{STEMS[1]}.json"}


def test_another_reading_has_no_use_for_them(office: KeptOffice) -> None:
    """Lattices that lie beside a record of the same scan, read otherwise, are left."""
    path = office.place.output / "spread.lattices.xz"
    old = path.read_bytes()
    office.scans("x-2020-01-01/p1.png", "x-2020-01-01/p2.png", "spread.png", shade=7)
    office.run(make=make_reader)
    path.write_bytes(old)
    _, told = recorrect(office)
    assert ["belongs to another" in m for m in told.left] == [True]


def test_some_pages_only(office: KeptOffice, tmp_path: Path) -> None:
    """A record, a folder of them, the whole output folder; what is none of these is refused."""
    output = office.place.output
    for paths, stems in (
        ((output / "spread.json",), STEMS[:1]),
        ((output / "x-2020-01-01",), STEMS[1:]),
        ((output / "x-2020-01-01/p2.json", output / "x-2020-01-01"), STEMS[1:]),
        ((output,), STEMS),
        ((), STEMS),
    ):
        _, told = recorrect(office, *paths)
        assert tuple(told.pages) == stems
    for path in (output / "spread.txt", tmp_path, output / "x-2020", output / "index.json"):
        with pytest.raises(InputError, match="is no page of"):
            recorrect(office, path)


def test_a_run_has_the_folder(office: KeptOffice) -> None:
    """Then nothing is done."""
    with hold_run_lock(office.place), pytest.raises(BusyError):
        recorrect(office)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("stride", [9, pytest.param(1, marks=pytest.mark.slow)])
def test_killed_at_any_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stride: int) -> None:
    """The same command again leaves what an undisturbed one leaves, and so does a run."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    home = tmp_path / "home"
    office = open_office(home, monkeypatch, *SCANS[:2])
    office.add_entry(PRINTED)
    office.set_options(apply="all")
    start = tmp_path / "start"
    shutil.copytree(home, start)
    recorrect(office)
    expected = texts(office), asked(office)
    moment, last = 1 + stride // 2, False
    while not last:
        shutil.rmtree(home)
        shutil.copytree(start, home)
        last = not killed(moment, monkeypatch, partial(recorrect, office))
        if moment % 2:
            recorrect(office)
        office.run(make=make_reader)
        assert (texts(office), asked(office)) == expected, f"killed at moment {moment}"
        assert statuses(office) == {ScanStatus.DONE}
        moment += stride
    assert moment > 25


def test_a_format_that_fails_fails_its_page(
    office: KeptOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, and the next run reads it again."""
    office.add_entry(PRINTED)
    write = PageWriter.replace_corrections

    def fail(writer: PageWriter, row: object, weighed: object) -> object:
        if "spread" in str(row):
            raise FormatError("spread: the format fails.")
        return write(writer, row, weighed)  # type: ignore[arg-type]

    monkeypatch.setattr(PageWriter, "replace_corrections", fail)
    outcome, told = recorrect(office)
    assert (outcome.changed, told.left) == (2, ["spread: the format fails."])
    assert told.pages["spread"] is False
    assert statuses(office) == {ScanStatus.DONE, ScanStatus.FAILED}
    assert office.run(make=make_reader).read == ["spread"]


def test_a_detector_of_a_package_counts_as_if_pages_were_read_again(
    office: KeptOffice, twin: KeptOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in the record, and runs find the page done with it; the next version likewise."""
    for version in ("1", "2"):
        for module in (plan, weighing):
            added = [f"old-spelling (toy-package {version})"]
            monkeypatch.setattr(module, "list_added_detectors", added.copy)
        outcome, _ = recorrect(office)
        assert outcome.changed == 3
        assert f"toy-package {version}" in office.outputs()["spread.json"].decode()
        assert office.run(make=make_reader).read == []
        assert len(twin.run(make=make_reader).read) == 3
        assert texts(office) == texts(twin)


def test_a_detector_that_fails_leaves_the_page(
    office: KeptOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, with the page; the page is as it was, and done."""

    def fail(*_: object) -> None:
        raise DetectorError("detector-fails", rule="r", package="toy 1", reason="x")

    monkeypatch.setattr(weighing, "propose_corrections", fail)
    files = office.outputs()
    outcome, told = recorrect(office, office.place.output / "spread.json")
    assert (outcome.changed, outcome.unchanged, len(told.left)) == (0, 0, 1)
    assert told.left[0].startswith(f"{office.place.output / 'spread'}: ")
    assert "toy 1" in told.left[0]
    assert office.outputs() == files
    assert statuses(office) == {ScanStatus.DONE}


def test_a_format_that_holds_the_scan_needs_it(office: KeptOffice) -> None:
    """Without the scan the rest is written; the old file is named once, and made anew with it."""
    office.set_options(formats=("txt", "pdf"))
    assert office.run(make=make_reader).read == []
    scan, away = office.home / "scans/spread.png", office.home / "away.png"
    scan.rename(away)
    office.add_entry(PRINTED)
    office.set_options(apply="all", formats=("txt", "pdf"))
    before = office.outputs()
    outcome, told = recorrect(office)
    assert outcome.changed == 3
    (message,) = told.left
    assert "spread.png" in message
    after = office.outputs()
    assert after["spread.pdf"] == before["spread.pdf"]
    assert after["spread.txt"] != before["spread.txt"]
    away.rename(scan)
    outcome, _ = recorrect(office)
    assert (outcome.changed, outcome.left) == (0, [])
    assert office.outputs()["spread.pdf"] != before["spread.pdf"]


def test_lattices_come_and_go_with_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are written where the settings say so, and go when the page is read without them."""
    office = open_office(tmp_path, monkeypatch, keep=False)
    kept = office.place.output / "spread.lattices.xz"
    assert not kept.exists()
    office.set_options(keep=True)
    assert office.run(make=make_reader).read == []
    office.run(force=True, make=make_reader)
    first = kept.read_bytes()
    office.run(force=True, make=make_reader)
    assert kept.read_bytes() == first
    office.set_options(keep=False)
    office.run(force=True, make=make_reader)
    assert not kept.exists()


def test_lattices_of_a_page_under_its_old_name_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that has several pages now: its first one is called otherwise."""
    office = open_office(tmp_path, monkeypatch, "p1.tif")
    output = office.place.output
    assert (output / "p1.lattices.xz").is_file()
    pages = [Image.new("L", (40, 30 + i), 200) for i in range(2)]
    pages[0].save(tmp_path / "scans/p1.tif", save_all=True, append_images=pages[1:])
    office.run(make=make_reader)
    names = {p.name for p in output.iterdir() if "lattices" in p.name}
    stems = {p.stem for p in output.glob("*.json")} - {"index"}
    assert names == {f"{stem}.lattices.xz" for stem in stems}
    assert len(stems) == 2


def test_a_writing_that_was_cut_short_is_mended(office: KeptOffice) -> None:
    """What lies aside of the lattices is known as part of its page."""
    output = office.place.output
    before = office.outputs()
    aside = output / ".spread.lattices.xz.part"
    aside.write_bytes(b"half")
    (output / "spread.txt").write_text("of another reading", "utf-8")
    office.run(make=make_reader)
    assert office.outputs() == before
    assert not aside.exists()


def test_a_folder_called_like_lattices(office: KeptOffice) -> None:
    """Its pages do not stand where a file belongs."""
    office.scans(*SCANS, "spread.lattices.xz/p3.png")
    office.run(make=make_reader)
    assert (office.place.output / "spread.lattices.xz-pages/p3.lattices.xz").is_file()
    assert (office.place.output / "spread.lattices.xz").is_file()


@pytest.fixture(autouse=True)
def signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands leave the signal handlers of the tests alone."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)


def call(*arguments: object) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(cli.app, list(map(str, arguments)))


def test_the_command(office: KeptOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Says what it did; exit code 1 where something was left as it is."""
    monkeypatch.chdir(office.home)
    office.add_entry(PRINTED)
    config = office.settings_file()
    assert "3 pages read before the dictionaries changed" in call("status").stdout
    done = call("recorrect", "--config", config)
    assert done.exit_code == 0, done.output
    assert "3 pages corrected again: 3 changed, 0 as before; 0 left as they were." in done.stdout
    assert "4 corrections: 0 applied, 4 questions left" in done.stdout
    assert "x-2020-01-01/p1: corrected anew" in done.stderr
    assert "before the dictionaries changed" not in call("status").stdout
    (office.place.output / "spread.lattices.xz").unlink()
    done = call("recorrect", "-o", "output", "output/spread.json")
    assert done.exit_code == 1
    assert "left: output/spread.lattices.xz: the lattices of this page were not kept" in done.stderr
    assert "1 left as they were" in done.stdout


def test_a_run_keeps_lattices_when_asked_to(
    office: KeptOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By an option, or by the settings."""
    monkeypatch.chdir(office.home)
    backend = ReaderBackend(make_reader, "")
    monkeypatch.setattr(readers, "make_default_backend", lambda _: backend)
    for number, (options, setting, kept) in enumerate(
        (((), "", 0), (("--keep-lattices",), "", 3), ((), "[output]\nkeep_lattices = true", 3))
    ):
        Path("newspage.toml").write_text(setting, "utf-8")
        done = call("run", "scans", "-o", f"out{number}", *options)
        assert done.exit_code == 0, done.output
        assert len(list(Path(f"out{number}").rglob("*.lattices.xz"))) == kept


def test_the_command_where_nothing_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Says so, and makes no folder."""
    monkeypatch.chdir(tmp_path)
    done = call("recorrect")
    assert done.exit_code == 3
    assert "Nothing was read into output yet." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_pages_that_were_read_before_there_were_lattices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that keeps none makes no file, whatever is asked for."""
    office = just_read(tmp_path, monkeypatch, "a.png")
    monkeypatch.chdir(tmp_path)
    done = call("recorrect")
    assert done.exit_code == 1
    assert "0 pages corrected again" in done.stdout
    assert office.place.output.joinpath("a.json").is_file()


def test_from_python(office: KeptOffice) -> None:
    """A page as the dictionaries of today would have it; nothing is written."""
    path = office.place.output / "x-2020-01-01/p1.json"
    before = office.outputs()
    assert newspage.recorrect(path, office.settings.config).corrections == ()
    office.add_entry(PRINTED)
    (found,) = newspage.recorrect(path, office.settings.config).corrections
    assert (found.original, found.proposed) == (READ[4], PRINTED[4])
    assert office.outputs() == before
    path.with_name("p1.lattices.xz").unlink()
    with pytest.raises(LatticesError):
        newspage.recorrect(path)
