"""Dictionaries: reading them, layering them, and saying what is wrong with a line."""

import re
from pathlib import Path

import pytest

from newspage.correct.dictionaries import (
    DictionaryError,
    EntryKind,
    find_shipped_folder,
    list_dictionary_files,
    load_dictionaries,
    parse_entry,
    read_dictionary,
)
from newspage.errors import ExitCode, InputError


def write(folder: Path, name: str, *lines: str | bytes) -> Path:
    """A dictionary file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(b"\n".join(x if isinstance(x, bytes) else x.encode() for x in lines) + b"\n")
    return path


def test_shipped_dictionaries_are_sound() -> None:
    """Every line that comes along can be used, and every file is there."""
    folder = find_shipped_folder()
    assert {p.stem for p in list_dictionary_files(folder)} == set(EntryKind)
    assert [f for p in list_dictionary_files(folder) for f in read_dictionary(p)[1]] == []


def test_an_entry_knows_its_line(tmp_path: Path) -> None:
    """Comments and empty lines count; a byte order mark does not."""
    write(tmp_path, "phrases.tsv", b"\xef\xbb\xbf# phrases", "", "落地生根\tfixed\ta remark")
    (entry,) = load_dictionaries([tmp_path]).entries
    assert (entry.text, entry.second, entry.note) == ("落地生根", "fixed", "a remark")
    assert entry.source == "phrases.tsv:3"


@pytest.mark.parametrize(
    ("kind", "line", "message"),
    [
        (EntryKind.PHRASES, "甲", "single character"),
        (EntryKind.PHRASES, "甲乙\tsometimes", "empty or 'fixed'"),
        (EntryKind.PHRASES, "甲乙\t\t\tx", "4 fields"),
        (EntryKind.PHRASES, "\tfixed", "empty"),
        (EntryKind.PHRASES, "甲\u200b乙", r"U\+200B"),
        (EntryKind.CONFUSIONS, "干", "two or more different"),
        (EntryKind.CONFUSIONS, "干干", "two or more different"),
        (EntryKind.CONFUSIONS, "干 于", "set together"),
        (EntryKind.LATIN, "和", "no Latin word"),
        (EntryKind.NAMES, b"\xff\xfe", "no UTF-8 at byte 1"),
    ],
)
def test_a_wrong_line_is_explained(kind: EntryKind, line: str | bytes, message: str) -> None:
    """A librarian is told what is wrong, not that something is."""
    wrong = parse_entry(line, kind)
    assert isinstance(wrong, str)
    assert re.search(message, wrong)


def test_all_wrong_lines_are_told_at_once(tmp_path: Path) -> None:
    """One error names file, line and fault of each; many are counted."""
    write(tmp_path, "names.tsv", "甲", *["x\ty\tz\tw"] * 7)
    with pytest.raises(DictionaryError) as caught:
        load_dictionaries([tmp_path])
    assert len(caught.value.faults) == 8
    assert "names.tsv, line 1: 甲 is a single character" in str(caught.value)
    assert "and 3 more" in str(caught.value)
    assert caught.value.exit_code is ExitCode.INPUT


def test_a_doubled_entry_is_a_fault(tmp_path: Path) -> None:
    """Two lines of one entry would leave open which counts."""
    path = write(tmp_path, "places.tsv", "洛阳市", "洛阳市\t河南省")
    assert "line 1 already" in str(read_dictionary(path)[1][0])


def test_the_own_folder_wins_and_can_take_back(tmp_path: Path) -> None:
    """A later folder changes an entry, adds to it, and removes with an exclamation mark."""
    write(tmp_path / "a", "phrases.tsv", "落地落实", "落地生根")
    write(tmp_path / "b", "phrases.tsv", "!落地落实", "落地生根\tfixed", "见行见效")
    write(tmp_path / "b" / "learned", "names.tsv", "郭立翔")
    found = load_dictionaries([tmp_path / "a", tmp_path / "b"])
    assert {(e.text, e.second) for e in found.entries} == {
        ("落地生根", "fixed"), ("见行见效", ""), ("郭立翔", ""),
    }  # fmt: skip
    assert set(found.by_text) == {"落地生根", "见行见效", "郭立翔"}


def test_confusions_are_mutual(tmp_path: Path) -> None:
    """Each member of a group is mistaken for every other."""
    write(tmp_path, "confusions.tsv", "干于千", "于子")
    table = load_dictionaries([tmp_path]).confusions
    assert set(table["于"]) == set("干千子")
    assert set(table["子"]) == {"于"}


def test_latin_words_have_no_case(tmp_path: Path) -> None:
    """AND is the same slip as and."""
    write(tmp_path, "latin.tsv", "GDP", "And\t和")
    assert load_dictionaries([tmp_path]).latin == {"gdp": "", "and": "和"}


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    """A folder that the settings name must be there."""
    with pytest.raises(InputError, match="does not exist"):
        load_dictionaries([tmp_path / "no"])


def test_the_digest_tells_what_entries_say(tmp_path: Path) -> None:
    """Another order or another remark is the same dictionary; another entry is another one."""
    a, b, c = (tmp_path / n for n in "abc")
    write(a, "phrases.tsv", "舟楫往来", "市井繁华\t\ta remark")
    write(b, "phrases.tsv", "市井繁华", "舟楫往来")
    write(c, "phrases.tsv", "市井繁华", "舟楫往来", "四方商贾")
    assert (
        load_dictionaries([a]).digest
        == load_dictionaries([b]).digest
        != load_dictionaries([c]).digest
    )
