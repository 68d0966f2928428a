"""Running folders: what is read, what is skipped, what is written under which name."""

import json
import shutil
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from newspage.batch import folder, spread
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.run_events import RunOutcome
from newspage.batch.tasks import MakeReader, ReadScan
from newspage.batch.workers import PoolPlan
from newspage.config import Config, EngineConfig, RunConfig
from newspage.errors import MissingDependencyError, OutputError, UsageError
from newspage.model import Direction, PageRecord, Scan
from newspage.page.facing_pages import join_facing_pages
from newspage.record import read_record
from newspage.settings import Settings, load_settings
from newspage.store import PageFigures, Store, StoreError
from newspage.workspace import Workspace, hold_run_lock
from tests import fakes
from tests.decided_pages import read_otherwise


class Heard:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.read: list[str] = []
        self.notes: list[str] = []
        self.looked = 0

    def report_looking(self, files: int) -> None:
        self.looked += files

    def report_start(self, pages: int, skipped: int) -> None:
        pass

    def report_page(self, name: str, figures: PageFigures) -> None:
        self.read.append(name)

    def report_failure(self, message: str, trace: str) -> None:
        self.messages.append(message)

    def report_note(self, message: str) -> None:
        self.notes.append(message)


class Bench:
    """A folder with scans, an output folder, and runs over them."""

    def __init__(self, home: Path) -> None:
        self.scans, self.output = home / "scans", home / "output"
        self.scans.mkdir()
        self.heard = Heard()

    def scan(self, name: str, shade: int = 255, frames: int = 1) -> Path:
        """Put a scan into the folder."""
        path = self.scans / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pages = [Image.fromarray(np.full((64, 48), shade - i, np.uint8)) for i in range(frames)]
        if frames > 1:
            pages[0].save(path, save_all=True, append_images=pages[1:])
        else:
            pages[0].save(path)
        return path

    def run(
        self,
        *paths: Path,
        settings: Settings | None = None,
        force: bool = False,
        make: MakeReader = fakes.make_reader,
        identity: str = "engine 1",
        pool: PoolPlan | None = None,
    ) -> RunOutcome:
        """One run; what it said is in `heard`."""
        self.heard = Heard()
        request = RunRequest(
            paths or (self.scans,),
            self.output,
            settings or load_settings(None, {}),
            pool or PoolPlan(2, 1),
            force,
        )
        return run_folder(request, ReaderBackend(make, identity), self.heard)

    def files(self) -> dict[str, bytes]:
        """All files of the output folder but the index, which tells times."""
        return {
            path.relative_to(self.output).as_posix(): path.read_bytes()
            for path in self.output.rglob("*")
            if path.is_file() and path.name != "index.json"
        }


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A bench whose pages are read in this process."""
    monkeypatch.setattr(folder, "WorkerPool", fakes.LocalCrew)
    monkeypatch.chdir(tmp_path)
    return Bench(tmp_path)


@pytest.fixture
def real_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A bench whose pages are read in worker processes."""
    monkeypatch.chdir(tmp_path)
    return Bench(tmp_path)


def test_every_page_gets_its_files(bench: Bench) -> None:
    """Outputs mirror the folders of the scans; a page of many has its number in the name."""
    bench.scan("a.png")
    bench.scan("sub/b.png")
    bench.scan("c.tif", frames=2)
    assert bench.run().done == 4
    assert {name for name in bench.files() if "issues" not in name} == {
        stem + suffix
        for stem in ("a", "sub/b", "c-p1", "c-p2")
        for suffix in (".json", ".txt", ".md")
    }


def test_a_record_leads_to_its_scan(bench: Bench) -> None:
    """The scan is named as seen from the record, so that both can move together."""
    scan = bench.scan("sub/b.png")
    bench.run()
    path = bench.output / "sub/b.json"
    record = read_record(path)
    assert (path.parent / record.page.scan.path).resolve() == scan.resolve()


def test_a_second_run_reads_nothing_and_changes_no_byte(bench: Bench) -> None:
    """What is finished is skipped, without a file being opened."""
    for name in ("a.png", "x-2020-01-01/p1.png", "x-2020-01-01/p3.png"):
        bench.scan(name)
    bench.run()
    before = bench.files()
    outcome = bench.run(make=fakes.make_nothing)
    assert (outcome.done, outcome.skipped, bench.heard.looked) == (0, 3, 0)
    assert bench.files() == before


def test_content_counts_not_the_date(bench: Bench) -> None:
    """A scan with a new date is looked at and skipped; one with new content is read again."""
    path = bench.scan("a.png")
    bench.run()
    path.touch()
    outcome = bench.run()
    assert (outcome.done, outcome.skipped, bench.heard.looked) == (0, 1, 1)
    assert bench.run().skipped == 1
    assert bench.heard.looked == 0
    bench.scan("a.png", shade=9)
    assert bench.run().done == 1


@pytest.mark.parametrize(("suffix", "read"), [(".json", 1), (".txt", 0), (".md", 0)])
def test_deleted_outputs_are_made_again(bench: Bench, suffix: str, read: int) -> None:
    """Emptying the output folder costs machine time only; all but the record is made from it."""
    bench.scan("x-2020-01-01/p1.png")
    bench.scan("x-2020-01-01/p3.png")
    bench.run()
    before = bench.files()
    (bench.output / f"x-2020-01-01/p3{suffix}").unlink()
    assert bench.run().done == read
    assert bench.files() == before
    shutil.rmtree(bench.output)
    assert bench.run().done == 2
    assert bench.files() == before


def test_deleted_issue_is_made_again(bench: Bench) -> None:
    """The joined articles of an issue as well, without reading a page."""
    bench.scan("x-2020-01-01/p1.png")
    bench.scan("x-2020-01-01/p3.png")
    bench.run()
    before = bench.files()
    (bench.output / "issues/x-2020-01-01.txt").unlink()
    outcome = bench.run()
    assert (outcome.done, outcome.issues) == (0, ("x-2020-01-01",))
    assert bench.files() == before


def test_settings_engine_and_force_make_pages_new(bench: Bench) -> None:
    """A page is finished for the settings and the engine it was read with."""
    bench.scan("a.png")
    bench.run()
    vertical = load_settings(None, {("detect", "direction"): ("--direction", "vertical")})
    assert bench.run(settings=vertical).done == 1
    assert "vertical" in (bench.output / "a.txt").read_text("utf-8")
    assert bench.run(settings=vertical).done == 0
    assert bench.run(settings=vertical, identity="engine 2").done == 1
    assert bench.run(settings=vertical, identity="engine 2", force=True).done == 1


def test_how_the_work_is_spread_makes_nothing_new(bench: Bench) -> None:
    """Other numbers of workers and other patterns of names read no page again."""
    bench.scan("a.png")
    bench.run()
    settings = load_settings(
        None,
        {
            ("run", "workers"): ("-j", 3),
            ("ingest", "name_pattern"): ("", "(?P<paper>.*)"),
        },
    )
    assert bench.run(settings=settings).skipped == 1


def test_overrides_reach_their_pages_only(bench: Bench) -> None:
    """A paper of the archive is written vertically, the others are not."""
    bench.scan("xinjiang-1925/p5.png")
    bench.scan("other/p5.png")
    config = bench.scans.parent / "newspage.toml"
    config.write_text('[[override]]\nmatch = "xinjiang*"\ndirection = "vertical"\n', "utf-8")
    bench.run(settings=load_settings(None, {}))
    assert "vertical" in (bench.output / "xinjiang-1925/p5.txt").read_text("utf-8")
    assert "auto" in (bench.output / "other/p5.txt").read_text("utf-8")


def test_a_scan_keeps_its_name(bench: Bench) -> None:
    """Whatever else a run is asked for, it writes the same files for the same scan."""
    scan = bench.scan("sub/b.png")
    bench.scan("a.png")
    bench.run()
    before = bench.files()
    outcome = bench.run(scan, force=True)
    assert outcome.done == 1
    assert bench.files() == before


def test_no_scan_takes_the_files_of_another(bench: Bench) -> None:
    """Scans of one name from two folders, in two runs, have two names; the index has its own."""
    one, two = bench.scan("one/a.png"), bench.scan("two/a.png")
    index = bench.scan("three/index.png")
    for path in (one, two, index):
        bench.run(path)
    texts = {name: data for name, data in bench.files().items() if name.endswith(".json")}
    assert set(texts) == {"a.json", "a-2.json", "index-2.json"}
    pages = json.loads((bench.output / "index.json").read_bytes())["pages"]
    assert {page["stem"] for page in pages} == {"a", "a-2", "index-2"}


def test_a_moved_scan_frees_its_name(bench: Bench) -> None:
    """Scans that were moved to another disk are written under the same names."""
    scan = bench.scan("one/a.png")
    bench.run(scan)
    (bench.scans / "one").rename(bench.scans / "two")
    bench.run(bench.scans / "two")
    assert "a-2.json" not in bench.files()


def test_whole_place_can_move(bench: Bench, tmp_path: Path) -> None:
    """Scans, store and output moved together are still finished."""
    home = tmp_path / "home"
    home.mkdir()
    bench.scan("a.png")
    bench.run()
    for name in ("scans", "output", "newspage.sqlite"):
        (tmp_path / name).rename(home / name)
    bench.scans, bench.output = home / "scans", home / "output"
    outcome = bench.run()
    assert (outcome.done, outcome.skipped) == (0, 1)


def test_records_of_an_issue_name_each_other(bench: Bench) -> None:
    """The parts of a jumping article are linked, and stay so when one page is read again."""
    bench.scan("x-2020-01-01/p1.png")
    scan = bench.scan("x-2020-01-01/p3.png")
    bench.scan("x-2020-01-01/p4.png")
    bench.run()
    folder = bench.output / "x-2020-01-01"
    (first,) = read_record(folder / "p1.json").articles
    (second,) = read_record(folder / "p3.json").articles
    assert first.next_part is not None
    assert (first.next_part.stem, first.next_part.page) == ("x-2020-01-01/p3", "3")
    assert second.previous_part is not None
    assert second.previous_part.stem == "x-2020-01-01/p1"
    before = bench.files()
    bench.run(scan, force=True)
    assert bench.files() == before


def test_an_issue_of_one_page_is_none(bench: Bench) -> None:
    """When pages turn out to belong to different papers, their links and files go."""
    for name in ("x-2020-01-01/p1.png", "x-2020-01-01/p3.png"):
        bench.scan(name)
    bench.run()
    settings = load_settings(
        None, {("ingest", "name_pattern"): ("--", "(?P<paper>x.*/p(?P<page>[0-9]))")}
    )
    outcome = bench.run(settings=settings)
    assert outcome.done == 0
    assert not list((bench.output / "issues").iterdir())
    (article,) = read_record(bench.output / "x-2020-01-01/p1.json").articles
    assert article.next_part is None
    assert article.continues == "3"


def test_failures_do_not_stop_a_run(bench: Bench) -> None:
    """Each gives one line that names the file, says what is wrong and what to do."""
    bench.scan("good.png")
    bench.scan("bug.png")
    bench.scan("greedy.png")
    (bench.scans / "empty.png").touch()
    (bench.scans / "text.png").write_text("no picture", "utf-8")
    (bench.scans / "folder.png").mkdir()
    whole = bench.scan("cut.jpg").read_bytes()
    (bench.scans / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    bomb = bytearray(bench.scan("bomb.png").read_bytes())
    bomb[16:24] = struct.pack(">II", 50_000, 50_000)
    bomb[29:33] = struct.pack(">I", zlib.crc32(bomb[12:29]))
    (bench.scans / "bomb.png").write_bytes(bomb)
    outcome = bench.run()
    assert (outcome.done, outcome.failed) == (1, 7)
    for name in ("bug", "greedy", "empty", "text", "folder", "cut", "bomb"):
        (message,) = [m for m in bench.heard.messages if f"{name}." in m.split(":")[0]]
        assert "\n" not in message
    assert bench.run().failed == 7


def test_a_damaged_record_fails_its_issue_alone(bench: Bench) -> None:
    """The pages of other issues are joined; when the record is back, so is this one."""
    for name in ("p1", "p3"):
        bench.scan(f"x-2020-01-01/{name}.png")
        bench.scan(f"y-2020-01-01/{name}.png")
    bench.run()
    before = bench.files()
    (bench.output / "x-2020-01-01/p3.json").write_text("{}", "utf-8")
    outcome = bench.run(*(bench.scans / f"{n}-2020-01-01/p1.png" for n in "xy"), force=True)
    assert (outcome.done, outcome.failed, outcome.issues) == (2, 1, ("y-2020-01-01",))
    assert "x-2020-01-01/p3.json" in bench.heard.messages[0]
    assert bench.run(bench.scans / "x-2020-01-01/p3.png", force=True).failed == 0
    assert bench.files() == before


def test_a_missing_path_is_a_failure(bench: Bench) -> None:
    """It is said, and the rest goes on."""
    bench.scan("a.png")
    outcome = bench.run(bench.scans, bench.scans / "nowhere")
    assert (outcome.done, outcome.failed) == (1, 1)
    assert "nowhere" in bench.heard.messages[0]


def test_a_repaired_scan_is_read(bench: Bench) -> None:
    """What failed is tried again by the next run."""
    path = bench.scans / "a.png"
    path.touch()
    assert bench.run().failed == 1
    bench.scan("a.png")
    outcome = bench.run()
    assert (outcome.done, outcome.failed) == (1, 0)


def test_names_too_long_for_outputs_fail_alone(bench: Bench) -> None:
    """A name that leaves no room for a longer suffix is one failure, not the end of the run."""
    bench.scan("好" * 82 + ".png")
    bench.scan("a.png")
    outcome = bench.run()
    assert (outcome.done, outcome.failed) == (1, 1)


def test_scans_and_output_are_two_folders(bench: Bench) -> None:
    """An output folder among its own scans would be read as scans."""
    bench.scan("a.png")
    bench.output = bench.scans
    with pytest.raises(UsageError, match="output folder"):
        bench.run()


def test_two_runs_do_not_write_at_once(bench: Bench) -> None:
    """The second is told that there is a first."""
    bench.scan("a.png")
    with (
        hold_run_lock(Workspace.for_output(bench.output, load_settings(None, {}).config.run)),
        pytest.raises(UsageError, match="another run"),
    ):
        bench.run()


def test_an_output_that_cannot_be_written_stops_the_run(bench: Bench) -> None:
    """There is no sense in reading pages that cannot be kept."""
    bench.scan("sub/a.png")
    bench.output.mkdir()
    (bench.output / "sub").touch()
    with pytest.raises(OutputError, match="sub"):
        bench.run()


def test_a_file_in_place_of_the_output_folder(bench: Bench) -> None:
    """The message says so."""
    bench.scan("a.png")
    bench.output.touch()
    with pytest.raises(OutputError, match="file stands where a folder"):
        bench.run()


def test_store_of_a_newer_version_is_refused(bench: Bench) -> None:
    """Politely, and before anything is read."""
    bench.scan("a.png")
    bench.run()
    place = Workspace.for_output(bench.output, load_settings(None, {}).config.run)
    with Store(place.store) as store, store.database.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO newspage_migrations VALUES (99)")
    with pytest.raises(StoreError, match="version 99"):
        bench.run()


def test_workers_survive_evil_pages(real_bench: Bench) -> None:
    """A page that kills or hangs its process fails alone."""
    for name in ("segfault", "out-of-memory", "hang", "bug", "a", "b", "c"):
        real_bench.scan(f"{name}.png")
    settings = load_settings(None, {("run", "page_seconds"): ("--", 5.0)})
    outcome = real_bench.run(settings=settings, pool=PoolPlan(2, 1))
    assert (outcome.done, outcome.failed) == (3, 4)
    said = {m.split(".png")[0].rpartition("/")[2]: m for m in real_bench.heard.messages}
    assert "SIGSEGV" in said["segfault"]
    assert "memory" in said["out-of-memory"]
    assert "5 seconds" in said["hang"]
    assert "bug in newspage" in said["bug"]


def test_workers_are_replaced(real_bench: Bench) -> None:
    """A worker that has read its share makes way, and nothing is lost."""
    for i in range(5):
        real_bench.scan(f"{i}.png")
    assert real_bench.run(pool=PoolPlan(2, 1, pages_per_worker=1)).done == 5


@pytest.mark.parametrize("make", [fakes.make_nothing, fakes.make_crash])
def test_without_a_recogniser_the_run_stops(real_bench: Bench, make: MakeReader) -> None:
    """It would fail on every page alike."""
    for i in range(3):
        real_bench.scan(f"{i}.png")
    with pytest.raises(MissingDependencyError):
        real_bench.run(make=make)


def test_workers_and_no_workers_write_the_same(
    real_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order in which pages are finished leaves no trace."""
    for name in ("a.png", "x-2020-01-01/p1.png", "x-2020-01-01/p3.png", "b.png"):
        real_bench.scan(name)
    real_bench.run(pool=PoolPlan(3, 1))
    before = real_bench.files()
    shutil.rmtree(real_bench.output)
    monkeypatch.setattr(folder, "WorkerPool", fakes.LocalCrew)
    real_bench.run()
    assert real_bench.files() == before


def test_a_fold_is_one_record(tmp_path: Path) -> None:
    """Two facing pages: identifiers stay unique, and a vertical paper begins on the right."""
    scan = Scan(tmp_path / "a.png", "", 100, 100)
    left, right = fakes.record_of(scan, "left", "t"), fakes.record_of(scan, "right", "t")

    def turned(record: PageRecord) -> PageRecord:
        regions = tuple(
            replace(
                region,
                lines=tuple(replace(x, direction=Direction.VERTICAL) for x in region.lines),
            )
            for region in record.page.regions
        )
        return read_otherwise(record, page=replace(record.page, regions=regions))

    level = join_facing_pages([left, right])
    assert [a.paragraphs[0].text for a in level.articles] == ["left", "right"]
    upright = join_facing_pages([turned(left), turned(right)])
    assert [a.paragraphs[0].text for a in upright.articles] == ["right", "left"]
    forced = (
        join_facing_pages([left, right], "vertical"),
        join_facing_pages([turned(left), turned(right)], "horizontal"),
    )
    assert [x.articles[0].paragraphs[0].text for x in forced] == ["right", "left"]
    names = [line.id for region in upright.page.regions for line in region.lines]
    assert len(set(names)) == len(names) == 4
    assert {c.line for a in upright.articles for p in a.paragraphs for c in p.chars} <= set(names)
    assert sorted(upright.page.reading_order) == sorted(r.id for r in upright.page.regions)
    assert join_facing_pages([left]) is left


def tell_threads(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers whose pages say how many threads there are."""

    def read(scan: Scan, config: Config) -> PageRecord:
        return fakes.record_of(scan, f"{threads} threads")

    return read


@pytest.mark.parametrize(("pages", "threads"), [(1, 4), (2, 2), (5, 2)])
def test_cores_are_shared_out(real_bench: Bench, pages: int, threads: int) -> None:
    """Among as many workers as there is work for, so that no core is asked twice."""
    for i in range(pages):
        real_bench.scan(f"{i}.png")
    real_bench.run(make=tell_threads, pool=PoolPlan(2, cores=4))
    for i in range(pages):
        text = (real_bench.output / f"{i}.txt").read_text("utf-8")
        assert text == f"{threads} threads\n"


@pytest.mark.parametrize(
    ("cores", "memory", "workers"),
    [(1, 8e9, 1), (2, 8e9, 2), (16, 8e9, 5), (2, 1e9, 1), (2, None, 2)],
)
def test_workers_fit_the_machine(
    monkeypatch: pytest.MonkeyPatch, cores: int, memory: float | None, workers: int
) -> None:
    """One a core, as far as the memory goes; what the settings say comes first."""
    monkeypatch.setattr(spread, "count_available_cores", lambda: cores)
    monkeypatch.setattr(spread, "measure_available_memory", lambda: memory)
    pool = spread.choose_pool(Config())
    assert (pool.workers, pool.cores) == (workers, cores)
    on_gpu = EngineConfig(device="gpu")
    assert spread.choose_pool(Config(engine=on_gpu)).workers == min(2, workers)
    assert spread.choose_pool(Config(engine=on_gpu, run=RunConfig(workers=7))).workers == 7
