"""Which files of a folder are scans."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from newspage.ingest import FoundScan, find_scans
from newspage.model import Problem
from newspage.terminal import escape_line


def make(folder: Path, *names: str) -> None:
    """Empty files, with the folders they need."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def stems(found: tuple[FoundScan, ...]) -> list[str]:
    """Names of the outputs, in the order found."""
    return [scan.stem for scan in found]


def only(problems: tuple[Problem, ...]) -> Problem:
    """The one problem; it says what to do on one line."""
    (problem,) = problems
    assert "\n" not in problem.where + problem.message
    return problem


def test_folders_are_walked_in_natural_order(tmp_path: Path) -> None:
    """Every folder, every suffix, p2 before p10."""
    make(tmp_path, "b/p10.png", "b/p2.TIF", "a/x/y/1.jpeg", "c.pdf", "b/notes.txt", "a/x.jp2")
    found, problems = find_scans([tmp_path])
    assert stems(found) == ["a/x/y/1", "a/x", "b/p2", "b/p10", "c"]
    assert problems == ()


def test_hidden_things_and_the_output_folder_are_passed_over(tmp_path: Path) -> None:
    """What the system or newspage itself put there is no scan."""
    make(tmp_path, "a.png", ".a.png", ".cache/b.png", "@eaDir/c.jpg", "output/d.png")
    found, problems = find_scans([tmp_path], skip=[tmp_path / "output"])
    assert stems(found) == ["a"]
    assert problems == ()


def test_several_inputs_have_names_below_their_common_folder(tmp_path: Path) -> None:
    """So outputs never meet; a file reached twice is one scan."""
    make(tmp_path, "1/scans/p1.png", "2/scans/p1.png")
    inputs = [tmp_path / "1/scans", tmp_path / "2/scans", tmp_path / "2/scans/p1.png"]
    found, _ = find_scans(inputs)
    assert stems(found) == ["1/scans/p1", "2/scans/p1"]


def test_a_single_file_is_named_by_itself(tmp_path: Path) -> None:
    """Its folder is the root."""
    make(tmp_path, "deep/down/p1.png")
    found, _ = find_scans([tmp_path / "deep/down/p1.png"])
    assert stems(found) == ["p1"]


def test_relative_inputs_stay_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records name scans the way the person did."""
    make(tmp_path, "scans/a/p1.png", "more/p2.png")
    monkeypatch.chdir(tmp_path)
    found, _ = find_scans([Path("scans"), Path("more")])
    assert [scan.path for scan in found] == [Path("more/p2.png"), Path("scans/a/p1.png")]
    assert stems(found) == ["more/p2", "scans/a/p1"]
    assert stems(find_scans([Path("scans")])[0]) == ["a/p1"]


def test_nothing_given_nothing_found() -> None:
    """No inputs, no scans, no problem."""
    assert find_scans([]) == ((), ())


def test_a_missing_input_is_a_problem(tmp_path: Path) -> None:
    """The others are still found."""
    make(tmp_path, "a.png")
    found, problems = find_scans([tmp_path / "a.png", tmp_path / "b.png"])
    assert stems(found) == ["a"]
    assert only(problems).where.endswith("b.png")
    assert "does not exist" in only(problems).message


def test_a_named_file_that_is_no_scan_is_a_problem(tmp_path: Path) -> None:
    """In a folder such a file is passed over; a person who names it wants to know."""
    make(tmp_path, "notes.txt")
    found, problems = find_scans([tmp_path / "notes.txt"])
    assert found == ()
    assert only(problems).severity == "error"


def test_a_folder_named_like_a_picture_is_walked_and_reported(tmp_path: Path) -> None:
    """What is in it is not lost, and the odd name is said."""
    make(tmp_path, "x.png/p1.png")
    found, problems = find_scans([tmp_path])
    assert stems(found) == ["x.png/p1"]
    assert only(problems).where.endswith("x.png")
    assert only(problems).severity == "error"


def test_pictures_that_are_not_read_are_named(tmp_path: Path) -> None:
    """A GIF among the scans may be a page that someone expects to see."""
    make(tmp_path, "a.gif")
    _, problems = find_scans([tmp_path])
    assert only(problems).severity == "warning"
    assert "Convert" in only(problems).message


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    """To a file or to a folder."""
    make(tmp_path, "secret/s.png", "scans/a.png")
    (tmp_path / "scans/link.png").symlink_to(tmp_path / "secret/s.png")
    (tmp_path / "scans/folder").symlink_to(tmp_path / "secret")
    found, problems = find_scans([tmp_path / "scans"])
    assert stems(found) == ["a"]
    assert len(problems) == 2
    assert all("leads out" in problem.message for problem in problems)


def test_links_inside_the_folder_add_nothing(tmp_path: Path) -> None:
    """What they point to is found where it is; circles end."""
    make(tmp_path, "a.png", "b/c.png")
    (tmp_path / "same.png").symlink_to(tmp_path / "a.png")
    (tmp_path / "b/up").symlink_to(tmp_path)
    found, problems = find_scans([tmp_path])
    assert stems(found) == ["a", "b/c"]
    assert problems == ()


def test_broken_links_are_reported(tmp_path: Path) -> None:
    """If they have the name of a scan; also those that point to themselves."""
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere.png")
    (tmp_path / "self.png").symlink_to(tmp_path / "self.png")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    _, problems = find_scans([tmp_path])
    assert [Path(p.where).name for p in problems] == ["gone.png", "self.png"]


def test_an_input_may_be_a_link(tmp_path: Path) -> None:
    """Who names a link means what it leads to."""
    make(tmp_path, "real/a.png")
    (tmp_path / "scans").symlink_to(tmp_path / "real")
    assert stems(find_scans([tmp_path / "scans"])[0]) == ["a"]


def test_pipes_are_not_opened(tmp_path: Path) -> None:
    """Opening one would wait for ever."""
    os.mkfifo(tmp_path / "a.png")
    found, problems = find_scans([tmp_path])
    assert found == ()
    assert "no ordinary file" in only(problems).message


def test_names_that_are_not_utf8_are_reported(tmp_path: Path) -> None:
    """Old archives hold GBK names; no record could name such a file."""
    name = os.fsencode(tmp_path) + b"/" + "洛阳.png".encode("gbk")
    try:
        os.close(os.open(name, os.O_CREAT))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    found, problems = find_scans([tmp_path])
    assert found == ()
    assert "not UTF-8" in only(problems).message
    assert only(problems).where.encode()


def test_a_folder_without_permission_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is still found."""
    make(tmp_path, "a.png", "closed/b.png")
    listed = Path.iterdir

    def iterdir(folder: Path) -> Iterator[Path]:
        if folder.name == "closed":
            raise PermissionError
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    found, problems = find_scans([tmp_path])
    assert stems(found) == ["a"]
    assert "chmod" in only(problems).message


def test_paths_are_shown_on_one_line() -> None:
    """Whatever a file is called, it cannot break a report or a terminal."""
    assert escape_line(Path("a\nb\x1b[31m洛.png")) == "a\\nb\\x1b[31m洛.png"
    assert escape_line(Path("\udcc2.png")) == "\\udcc2.png"
