"""Articles that go on on another page: shown with both ends, taken back, made again."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from newspage.config import Config, EngineConfig
from newspage.decisions.exchange import BrokenLine, read_decision_lines, write_decision_lines
from newspage.errors import UsageError
from newspage.model import PageRecord, Scan
from newspage.output.issue_files import rejoin_issues
from newspage.output.page_writer import make_page_writer
from newspage.record import read_record
from newspage.review.service.page_edits import ArticleLink, Signature, TextEdit
from newspage.review.service.review_service import ReviewService, StaleError
from newspage.review.service.views import JoinView
from newspage.store import OutputStore, Store
from tests.asking import Office, ReadScan
from tests.decided_pages import jittered, page_of, read_otherwise, seen_again
from tests.review_rooms import draw_scans

ONE, THREE, OTHER = "x-2020-01-01/p1", "x-2020-01-01/p3", "x-2020-01-01/p4"
LEAVES = ("一二三四五六七八", "九十甲乙丙丁戊己", "庚辛壬癸子丑寅卯")
COMES = ("辰巳午未申酉戌亥。¶", "东南西北中发白天", "地玄黄宇宙洪荒日。")
WITHIN = "庚辛壬癸子丑寅卯辰巳午未申酉戌亥。"


def pages(scan: Scan, config: Config) -> PageRecord:
    """Page 1, of which the second article goes on at page 3; page 3; a page of its own."""
    name = scan.path.stem[:2]
    if name == "p1":
        record = page_of([("别的题目", [["日月盈昃辰宿列张。"]]), ("题目", [LEAVES])], scan)
        goes = replace(record.articles[1], continues="3")
        return read_otherwise(record, articles=(record.articles[0], goes))
    if name == "p3":
        record = page_of([("", [COMES]), ("另一个题", [["寒来暑往秋收冬藏。"]])], scan)
        comes = replace(record.articles[0], continued_from="1")
        return read_otherwise(record, articles=(comes, record.articles[1]))
    return page_of([("版四", [["闰余成岁律吕调阳。", "云腾致雨露结为霜。"]])], scan)


def make_reader(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers, as workers want it."""
    return pages


def make_later(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers with other ids for everything, and boxes a little elsewhere."""
    return lambda scan, config: seen_again(pages(scan, config), jittered(3, 1))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An issue of three pages, just read."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, *(f"{stem}.png" for stem in (ONE, THREE, OTHER)))
    office.run(make=make_reader)
    return office


@pytest.fixture
def desk(office: Office) -> Iterator[ReviewService]:
    """A desk over it."""
    with closing(office.desk()) as desk:
        yield desk


def over_pages(desk: ReviewService, stem: str) -> JoinView:
    """The join of a page with another."""
    (join,) = [join for join in desk.show_page(stem).joins if join.kind == "page"]
    return join


def keys(join: JoinView) -> tuple[tuple[str, str], tuple[str, str]]:
    """The two parts of a join."""
    assert join.before_end
    assert join.after_end
    one, two = join.before_end, join.after_end
    return (one.stem, one.article), (two.stem, two.article)


def say(desk: ReviewService, how: str, stem: str = ONE) -> str:
    """Decide on the join of a page; the uid of the decision."""
    join = over_pages(desk, stem)
    return desk.record_edit(ArticleLink(*keys(join), how, join.seen), Signature("ann")).uid  # type: ignore[arg-type]


def texts(office: Office) -> list[str]:
    """The headlines and paragraphs of the issue."""
    return [line for line in issue_text(office).splitlines() if line]


def issue_text(office: Office) -> str:
    """The text of the issue."""
    (path,) = (office.place.output / "issues").glob("*.txt")
    return path.read_text("utf-8")


def links(office: Office) -> list[tuple[str | None, str | None]]:
    """Where the records of the two pages say that their articles go on and come from."""
    one = read_record(office.place.output / f"{ONE}.json").articles
    three = read_record(office.place.output / f"{THREE}.json").articles
    return [
        (
            a.next_part.stem if a.next_part else None,
            a.previous_part.stem if a.previous_part else None,
        )
        for a in (*one, *three)
        if a.continues or a.continued_from
    ]


def apart(office: Office) -> bool:
    """Whether issue and records know of no link."""
    return WITHIN not in issue_text(office) and links(office) == [(None, None)] * 2


def together(office: Office) -> bool:
    """Whether the paragraph goes on over the pages, and both records say so."""
    return WITHIN in issue_text(office) and links(office) == [(THREE, None), (None, ONE)]


def test_both_ends_are_shown(desk: ReviewService) -> None:
    """On either page, with what to cut out of the scan of either."""
    join = over_pages(desk, ONE)
    assert (join.before, join.after) == (LEAVES[-1], COMES[0].rstrip("¶"))
    assert (join.joined, join.linked, join.decided) == (True, True, False)
    assert join == over_pages(desk, THREE)
    assert join.before_end
    assert join.after_end
    assert (join.before_end.stem, join.after_end.stem) == (ONE, THREE)
    assert join.before_end.title == "题目"
    assert join.before_end.scan == desk.show_page(ONE).scan != join.after_end.scan
    for end, lines in ((join.before_end, 3), (join.after_end, 3)):
        assert end.strip[1] < end.line[1]
        assert end.strip[3] - end.strip[1] > (lines - 1) * (end.line[3] - end.line[1])


@pytest.mark.parametrize("stem", [ONE, THREE])
def test_a_link_is_taken_back_and_made_again(office: Office, stem: str) -> None:
    """From either page; issue and records follow, and what was said is undone like all else."""
    assert together(office)
    with closing(office.desk()) as desk:
        uid = say(desk, "apart", stem)
        join = over_pages(desk, stem)
        assert (join.linked, join.joined, join.decided) == (False, False, True)
    assert apart(office)
    with closing(office.desk()) as desk:
        desk.undo_decision("ann", uid)
        assert over_pages(desk, stem).linked
        assert not over_pages(desk, stem).decided
    assert together(office)
    with closing(office.desk()) as desk:
        say(desk, "apart", stem)
        say(desk, "on", stem)
    assert together(office)


def test_a_paragraph_is_parted_at_the_seam(office: Office) -> None:
    """The two stay one article; the paragraph ends where the first page does."""
    with closing(office.desk()) as desk:
        say(desk, "paragraph")
        join = over_pages(desk, ONE)
        assert (join.linked, join.joined) == (True, False)
    assert links(office) == [(THREE, None), (None, ONE)]
    found = texts(office)
    at = next(i for i, line in enumerate(found) if line.endswith(LEAVES[-1]))
    assert found[at + 1] == COMES[0].rstrip("¶")


def test_it_shows_without_ending_the_desk(office: Office, desk: ReviewService) -> None:
    """Output follows by itself, a moment later."""
    from time import monotonic, sleep

    say(desk, "apart")
    deadline = monotonic() + 20
    while not apart(office):
        assert monotonic() < deadline
        sleep(0.05)


def test_it_survives_an_emptied_output(office: Office) -> None:
    """And a run that reads all anew, byte for byte."""
    with closing(office.desk()) as desk:
        say(desk, "apart")
    before = office.outputs()
    shutil.rmtree(office.place.output)
    office.run(make=make_reader)
    assert office.outputs() == before
    office.run(make=make_reader, force=True)
    assert office.outputs() == before
    assert office.run(make=make_reader).messages == []


def test_it_survives_another_way_of_reading(office: Office) -> None:
    """Other identifiers, boxes a little elsewhere."""
    with closing(office.desk()) as desk:
        say(desk, "apart")
    office.run(make=make_later, force=True)
    assert apart(office)
    with closing(office.desk()) as desk:
        assert desk.list_lost() == ()
        assert not over_pages(desk, THREE).linked


@pytest.mark.parametrize("stem", [ONE, THREE])
def test_it_survives_another_scan_of_a_page(office: Office, stem: str) -> None:
    """A copy in another format, of either page."""
    with closing(office.desk()) as desk:
        say(desk, "apart")
    path = office.home / "scans" / f"{stem}.png"
    Image.open(path).resize((600, 450)).save(path)
    office.run(make=make_reader)
    assert apart(office)
    with closing(office.desk()) as desk:
        assert desk.list_lost() == ()
        assert over_pages(desk, stem).decided


def test_a_lost_end_is_listed(office: Office) -> None:
    """With why; when the page reads as before it is found again."""
    with closing(office.desk()) as desk:
        say(desk, "apart")

    def make(config: EngineConfig, threads: int) -> ReadScan:
        def read(scan: Scan, config: Config) -> PageRecord:
            if scan.path.stem != "p3":
                return pages(scan, config)
            return page_of([("别的", [["完全不同的一页¶", "没有相同的行"]])], scan)

        return read

    office.run(make=make, force=True)
    with closing(office.desk()) as desk:
        (lost,) = desk.list_lost()
        assert lost.act == "unlink"
        assert "no article" in desk.show_page(THREE).lost[0]
        assert desk.show_page(ONE).lost == ()
    office.run(make=make_reader, force=True)
    with closing(office.desk()) as desk:
        assert desk.list_lost() == ()
    assert apart(office)


def test_a_page_that_is_gone_loses_the_link(office: Office) -> None:
    """It is not taken for placed because one of its ends is."""
    with closing(office.desk()) as desk:
        say(desk, "apart")
    lines = list(write_decision_lines(office.desk(read_only=True)._store.decisions.list_all()))
    home = office.home / "elsewhere"
    alone = Office(home)
    shutil.copytree(office.home / "scans", home / "scans")
    (home / "scans" / f"{THREE}.png").unlink()
    alone.run(make=make_reader)
    take(alone, lines)
    with closing(alone.desk()) as desk:
        assert [entry.act for entry in desk.list_lost()] == ["unlink"]


def take(office: Office, lines: list[bytes]) -> None:
    """Import decisions, as the command does."""
    found = list(read_decision_lines(lines))
    assert not any(isinstance(one, BrokenLine) for one in found)
    with Store(office.place.store) as whole:
        store = OutputStore(whole, office.place.name)
        store.decisions.import_decisions([one for one in found if not isinstance(one, BrokenLine)])
        writer = make_page_writer(office.place, store, office.settings)
        writer.catch_up(store.list_scans())
        assert rejoin_issues(office.place, store, writer.formats) == ()


def test_it_is_exported_and_imported(office: Office, tmp_path: Path) -> None:
    """Into a store that knows nothing: the issue there follows at once."""
    with closing(office.desk()) as desk:
        say(desk, "apart")
        lines = list(write_decision_lines(desk._store.decisions.list_all()))
    other = Office(tmp_path / "other")
    shutil.copytree(office.home / "scans", other.home / "scans")
    other.run(make=make_reader)
    assert together(other)
    take(other, lines)
    assert apart(other)
    assert other.outputs() == office.outputs()
    bare = json.loads(lines[1])
    assert bare["act"] == "unlink"
    bare["target"] = None
    (broken,) = read_decision_lines([lines[0], json.dumps(bare).encode()])
    assert isinstance(broken, BrokenLine)


def test_what_somebody_else_changed_is_refused(desk: ReviewService) -> None:
    """A link that was decided since, a text that was changed since, on either page."""
    join = over_pages(desk, ONE)
    say(desk, "apart", THREE)
    with pytest.raises(StaleError):
        desk.record_edit(ArticleLink(*keys(join), "paragraph", join.seen), Signature("bob"))
    join = over_pages(desk, ONE)
    article = desk.show_page(THREE).articles[0]
    desk.record_edit(TextEdit(THREE, article.id, 0, 1, "改", article.seen), Signature("bob"))
    with pytest.raises(StaleError):
        desk.record_edit(ArticleLink(*keys(join), "on", join.seen), Signature("ann"))


def test_only_pages_of_an_issue_are_linked(office: Office) -> None:
    """Nothing is said of pages that are never joined, nor of an article and itself."""
    office.scans("y-2021-01-01/p3b.png", shade=9)
    office.run(make=make_reader)
    with closing(office.desk()) as desk:
        join = over_pages(desk, ONE)
        one, _ = keys(join)
        (stranger,) = {p.stem for p in desk.list_pages()[0]} - {ONE, THREE, OTHER}
        with pytest.raises(UsageError):
            desk.record_edit(ArticleLink(one, (stranger, "a1"), "on", join.seen), Signature("ann"))
        with pytest.raises(UsageError):
            desk.record_edit(ArticleLink(one, one, "on", join.seen), Signature("ann"))


def test_both_pages_tell_it(desk: ReviewService) -> None:
    """It stands in the history of either, once in that of all."""
    uid = say(desk, "apart")
    for stem in (ONE, THREE):
        assert [entry.uid for entry in desk.list_history(stem)[0]] == [uid]
    assert [entry.uid for entry in desk.list_history()[0]] == [uid]


def test_another_part_is_chosen(office: Office) -> None:
    """Of an article whose other part nobody knows: from the page that it names."""
    with closing(office.desk()) as desk:
        assert desk.show_page(ONE).loose == ()
        say(desk, "apart")
        (goes,) = desk.show_page(ONE).loose
        assert (goes.title, goes.leaving, goes.page) == ("题目", True, "3")
        (comes,) = desk.show_page(THREE).loose
        assert (comes.leaving, comes.page) == (False, "1")
        assert [c.stem for c in goes.choices] == [THREE, THREE]
        assert [c.text for c in comes.choices] == ["别的题目", "题目"]
        other = goes.choices[1]
        desk.record_edit(
            ArticleLink((ONE, goes.article), (other.stem, other.article), "on", other.seen),
            Signature("ann"),
        )
        assert desk.show_page(ONE).loose == ()
        linked = [j for j in desk.show_page(ONE).joins if j.kind == "page" and j.linked]
        assert [keys(join)[1] for join in linked] == [(THREE, other.article)]
    assert "寅卯寒来暑往" in issue_text(office)
    before = office.outputs()
    shutil.rmtree(office.place.output)
    office.run(make=make_reader)
    assert office.outputs() == before
