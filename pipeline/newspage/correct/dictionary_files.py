"""Changes of dictionary files: entries added, removed, imported; other lines stay as they are."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newspage.correct.dictionaries import (
    REMOVED,
    DictionaryEntry,
    DictionaryFault,
    EntryKind,
    list_dictionary_files,
    make_dictionary_error,
    parse_entry,
    read_dictionary,
)
from newspage.correct.text_input import read_text
from newspage.errors import UsageError
from newspage.files import write_files

_LINE_END = re.compile(r"\r\n|\r|\n")
"""The ends of lines in a dictionary. `str.splitlines` would split at more characters."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The outcome of an import: entries added, entries known before, lines left out."""

    added: int
    known: int
    faults: tuple[DictionaryFault, ...]


def add_entry(folder: Path, kind: EntryKind, text: str, second: str = "", note: str = "") -> bool:
    """Add an entry to a user's folder; return False if it is there already.

    Args:
        folder: The user's folder; made where it is missing.
        kind: The kind of the entry, which names the file.
        text: The entry itself.
        second: The second field, whose meaning depends on the kind; may be empty.
        note: A remark for people; may be empty.

    Raises:
        UsageError: The fields make no entry.
        DictionaryError: The file has lines that cannot be used.
    """
    entry = make_entry(kind, text, second, note)
    path = folder / f"{kind}.tsv"
    entries = _read_entries(path)
    if any(e.text == entry.text and not e.removed for e in entries):
        return False
    kept = (
        _lines_without(path, entry.text)
        if any(e.text == entry.text for e in entries)
        else _read_lines(path)
    )
    _write_lines(path, [*kept, line_of(entry)])
    return True


def remove_entry(
    folder: Path, kind: EntryKind, text: str, shipped: Iterable[DictionaryEntry]
) -> bool:
    """Remove an entry; return False where no such entry is known.

    Args:
        folder: The user's folder. An entry of its file is deleted.
        kind: The kind of the entry, which names the file.
        text: The entry itself.
        shipped: The entries that come with newspage. One of them is taken back by a line that
            starts with `!` in the user's file.

    Raises:
        DictionaryError: The user's file has lines that cannot be used.
    """
    path = folder / f"{kind}.tsv"
    own = any(e.text == text and not e.removed for e in _read_entries(path))
    along = any(e.text == text and e.kind is kind for e in shipped)
    if not own and not along:
        return False
    lines = _lines_without(path, text)
    _write_lines(path, [*lines, f"{REMOVED}{text}"] if along else lines)
    return True


def import_entries(folder: Path, kind: EntryKind, source: Path) -> ImportResult:
    """Add the lines of a text file: one entry a line, or entry, second field, note with tabs.

    Lines that cannot be used are returned and left out. Raises InputError and DictionaryError.
    """
    path = folder / f"{kind}.tsv"
    known = {e.text for e in _read_entries(path) if not e.removed}
    new: dict[str, str] = {}
    faults: list[DictionaryFault] = []
    again = 0
    for number, line in enumerate(_LINE_END.split(read_text(source).text), 1):
        entry = parse_entry(line, kind)
        if isinstance(entry, str):
            faults.append(DictionaryFault(source, number, entry))
        elif entry is not None and (entry.text in known or entry.text in new):
            again += 1
        elif entry is not None:
            new[entry.text] = line_of(entry)
    if new:
        _write_lines(path, [*_read_lines(path), *new.values()])
    return ImportResult(len(new), again, tuple(faults))


def check_dictionaries(folders: Iterable[Path]) -> Iterator[DictionaryFault]:
    """Yield every line of the folders' dictionaries that cannot be used."""
    for folder in folders:
        for path in list_dictionary_files(folder):
            yield from read_dictionary(path)[1]


def make_entry(kind: EntryKind, text: str, second: str = "", note: str = "") -> DictionaryEntry:
    """Return an entry made of its fields. Raises UsageError where they make none.

    The meaning of `second` depends on the kind; it and `note` may be empty.
    """
    for field in (text, second, note):
        if "\t" in field or "\n" in field or "\r" in field:
            raise UsageError("entry-holds-separator")
    entry = parse_entry("\t".join((text, second, note)), kind)
    if isinstance(entry, str):
        raise UsageError("entry-wrong", text=text, kind=kind, reason=entry)
    if entry is None or entry.removed:
        raise UsageError("entry-empty", text=text)
    return entry


def line_of(entry: DictionaryEntry) -> str:
    """Return an entry as a line of its file."""
    mark = REMOVED if entry.removed else ""
    return "\t".join((mark + entry.text, entry.second, entry.note)).rstrip("\t")


def _read_entries(path: Path) -> list[DictionaryEntry]:
    """Return the entries of a file; none where it is missing. Raises DictionaryError."""
    if not path.is_file():
        return []
    entries, faults = read_dictionary(path)
    if faults:
        raise make_dictionary_error(faults)
    return entries


def _read_lines(path: Path) -> list[str]:
    """Return the lines of a file as they are; a heading where it is missing."""
    if not path.is_file():
        return [f"# {path.stem}: entry, second field, note, parted by tabs"]
    lines = _LINE_END.split(path.read_bytes().decode("utf-8-sig"))
    return lines if lines[-1] else lines[:-1]


def _lines_without(path: Path, text: str) -> list[str]:
    """Return the lines of a file but those of one entry."""
    return [
        line
        for line in _read_lines(path)
        if line.split("\t")[0].strip().removeprefix(REMOVED) != text
    ]


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a file of lines, in one step."""
    write_files(path.parent, {path.name: ("\n".join(lines) + "\n").encode("utf-8")})
