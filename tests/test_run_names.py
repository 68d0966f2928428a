"""Names of outputs: nothing that newspage writes takes the place of anything else it writes."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.batch.plan import OutputNames, avoid_own_names
from newspage.record import read_record
from newspage.store import OutputStore, ScanKey, Store
from tests.asking import Office

SUFFIXES = (".json", ".txt", ".md")
ISSUE = ("x-2020-01-01/p1.png", "x-2020-01-01/p2.png")


def everything(office: Office) -> dict[str, bytes]:
    """All files of the output folder."""
    return {
        path.relative_to(office.place.output).as_posix(): path.read_bytes()
        for path in office.place.output.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    "name",
    [
        "issues/x-2020-01-01.png",
        "Issues/x-2020-01-01.png",
        "index.png",
        "INDEX.png",
        "index.json/p1.png",
        "x-2020-01-01/p1.txt/p1.png",
        "x-2020-01-01/P1.JSON/p1.png",
        "x-2020-01-01.json/p1.png",
        "issues/x-2020-01-01.md/p1.png",
    ],
)
def test_a_scan_called_like_something_newspage_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It gets files of its own, the same ones in every run; the issue and all else stays."""
    alone = Office(tmp_path / "alone", monkeypatch)
    alone.scans(*ISSUE)
    alone.run()
    office = Office(tmp_path / "both", monkeypatch)
    office.scans(*ISSUE, name)
    assert not office.run().messages
    found = everything(office)
    with Store(office.place.store) as store:
        rows = OutputStore(store, office.place.name).list_scans()
    own = rows[ScanKey(f"scans/{name}")].stem
    assert set(found) - set(everything(alone)) == {own + suffix for suffix in SUFFIXES}
    for key, row in rows.items():
        record = read_record(office.place.output / f"{row.stem}.json")
        assert (
            Path(key.path).parts[1:]
            == record.page.scan.path.parts[-len(Path(key.path).parts) + 1 :]
        )
    assert b"newspage-issue" in found["issues/x-2020-01-01.json"]
    assert b"newspage-index" in found["index.json"]
    office.run()
    assert everything(office) == found
    shutil.rmtree(office.place.output)
    office.run()
    assert set(everything(office)) == set(found)


def test_what_an_older_version_put_among_the_issues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It moves to a place of its own, and the issue that it had replaced is written again."""
    office = Office(tmp_path, monkeypatch)
    office.scans(*ISSUE, "issues/x-2020-01-01.png")
    with monkeypatch.context() as patch:
        patch.setattr("newspage.batch.plan.avoid_own_names", lambda stem: stem)
        office.run()
    office.run()
    found = everything(office)
    assert b"newspage-issue" in found["issues/x-2020-01-01.json"]
    assert "issues-pages/x-2020-01-01.txt" in found


PARTS = st.sampled_from(["a", "A", "a.txt", "a.json", "issues", "ISSUES", "index", "issues-pages"])
STEMS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)


@given(st.lists(STEMS, max_size=12))
def test_no_two_things_have_one_name(stems: list[str]) -> None:
    """Neither two files, nor a file and a folder, whatever scans are called."""
    names = OutputNames({}, lambda _: True)
    given = [names.assign_name(ScanKey(f"{n}.png"), stem) for n, stem in enumerate(stems)]
    files = [(stem + suffix).casefold() for stem in given for suffix in SUFFIXES]
    files += ["index.json", *(f"issues/a{suffix}" for suffix in SUFFIXES)]
    assert len(set(files)) == len(files)
    folders = {parent.as_posix() for file in files for parent in Path(file).parents}
    assert not folders & set(files)
    assert not any(stem.casefold().startswith("issues/") for stem in given)


def test_others_keep_their_names() -> None:
    """Only folders at the top, and only those with the name of a file."""
    for stem in ("a", "index", "a/issues/b", "issues", "a.b/c", "a.jpg/p1", "issue/p1"):
        assert avoid_own_names(stem) == stem
