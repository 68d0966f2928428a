"""Adding, removing and importing entries."""

from pathlib import Path

import pytest

from newspage.correct.dictionaries import (
    DictionaryEntry,
    DictionaryError,
    EntryKind,
    load_dictionaries,
)
from newspage.correct.dictionary_files import (
    add_entry,
    check_dictionaries,
    import_entries,
    make_entry,
    remove_entry,
)
from newspage.errors import UsageError


def texts(folder: Path) -> set[str]:
    """The entries that count."""
    return {e.text for e in load_dictionaries([folder]).entries}


def test_what_is_added_counts(tmp_path: Path) -> None:
    """Adding twice changes nothing; comments a person wrote stay."""
    path = tmp_path / "names.tsv"
    path.write_text("# our reporters\n郭立翔\teditor\n", encoding="utf-8")
    assert add_entry(tmp_path, EntryKind.NAMES, "林怀瑾", "reporter", "since 2019")
    assert not add_entry(tmp_path, EntryKind.NAMES, "郭立翔")
    assert path.read_text(encoding="utf-8").splitlines() == [
        "# our reporters", "郭立翔\teditor", "林怀瑾\treporter\tsince 2019",
    ]  # fmt: skip


def test_what_came_along_is_taken_back_by_a_line(tmp_path: Path) -> None:
    """The shipped file is not touched; adding the entry again undoes it."""
    along = [DictionaryEntry("落地落实", EntryKind.PHRASES)]
    assert remove_entry(tmp_path, EntryKind.PHRASES, "落地落实", along)
    assert "!落地落实" in (tmp_path / "phrases.tsv").read_text(encoding="utf-8")
    assert add_entry(tmp_path, EntryKind.PHRASES, "落地落实")
    assert texts(tmp_path) == {"落地落实"}


def test_an_own_entry_is_removed_from_its_file(tmp_path: Path) -> None:
    """Nothing of it is left behind."""
    add_entry(tmp_path, EntryKind.PHRASES, "见行见效")
    assert remove_entry(tmp_path, EntryKind.PHRASES, "见行见效", [])
    assert texts(tmp_path) == set()
    assert not remove_entry(tmp_path, EntryKind.PHRASES, "见行见效", [])


def test_an_import_takes_what_it_can(tmp_path: Path) -> None:
    """Wrong lines are reported with their number, known ones counted, the rest added once."""
    source = tmp_path / "list.txt"
    source.write_bytes("郭立翔\n甲\n\n林怀瑾\treporter\n郭立翔\n".encode("gb18030"))
    own = tmp_path / "own"
    add_entry(own, EntryKind.NAMES, "林怀瑾")
    done = import_entries(own, EntryKind.NAMES, source)
    assert (done.added, done.known) == (1, 2)
    assert [f.line for f in done.faults] == [2]
    assert texts(own) == {"林怀瑾", "郭立翔"}


def test_checking_lists_every_fault(tmp_path: Path) -> None:
    """All folders, all files, all lines."""
    (tmp_path / "names.tsv").write_text("甲\n乙\n", encoding="utf-8")
    assert [f.line for f in check_dictionaries([tmp_path])] == [1, 2]


@pytest.mark.parametrize("text", ["", "# x", "!甲乙", "甲", "甲\t乙"])
def test_what_is_no_entry_is_refused(text: str) -> None:
    """The command line cannot write a line that could not be read again."""
    with pytest.raises(UsageError):
        make_entry(EntryKind.NAMES, text)


def test_a_broken_file_is_not_written_over(tmp_path: Path) -> None:
    """Adding to a file with wrong lines stops at them."""
    (tmp_path / "names.tsv").write_text("甲\n", encoding="utf-8")
    with pytest.raises(DictionaryError):
        add_entry(tmp_path, EntryKind.NAMES, "郭立翔")


def test_halves_of_pairs_are_refused_with_their_line(tmp_path: Path) -> None:
    """Wherever in the line one stands; the other lines are taken, and the file stays whole."""
    source = tmp_path / "new.txt"
    source.write_bytes(
        "甲乙\t\t注\ud800\n丙丁\tfixed\ud83d\n戊己\n".encode("utf-8", "surrogatepass")
    )
    done = import_entries(tmp_path / "own", EntryKind.PHRASES, source)
    assert (done.added, [fault.line for fault in done.faults]) == (1, [1, 2])
    assert all("control character (U+" in fault.message for fault in done.faults)
    assert "new.txt, line 1: the note holds" in str(done.faults[0])
    assert [e.text for e in load_dictionaries([tmp_path / "own"]).entries] == ["戊己"]
    with pytest.raises(UsageError, match=r"U\+DC80"):
        add_entry(tmp_path / "own", EntryKind.PHRASES, "壬癸", note="a\udc80")


def test_only_ends_of_lines_end_a_line(tmp_path: Path) -> None:
    """A file is written again as it was, whatever stands in the remarks of a person."""
    path = tmp_path / "phrases.tsv"
    before = "# one\u2028two\x85three\r\n甲乙丙\n".encode()
    path.write_bytes(before)
    add_entry(tmp_path, EntryKind.PHRASES, "丁戊己")
    assert path.read_bytes() == before.replace(b"\r\n", b"\n") + "丁戊己\n".encode()
