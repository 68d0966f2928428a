"""Changing dictionaries: entries added, removed, imported; files stay as a person wrote them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newspage.correct.dictionaries import (
    REMOVED,
    DictionaryEntry,
    DictionaryError,
    DictionaryFault,
    EntryKind,
    list_dictionary_files,
    parse_entry,
    read_dictionary,
)
from newspage.correct.text_input import read_text
from newspage.errors import UsageError
from newspage.files import write_files

_LINE_END = re.compile(r"\r\n|\r|\n")
"""Nothing else ends a line: not what `str.splitlines` takes for an end besides."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of an import."""

    added: int
    known: int
    faults: tuple[DictionaryFault, ...]


def add_entry(folder: Path, kind: EntryKind, text: str, second: str = "", note: str = "") -> bool:
    """Add an entry to a user's folder; False if it stands there. Raises UsageError."""
    entry = make_entry(kind, text, second, note)
    path = folder / f"{kind}.tsv"
    entries = _entries(path)
    if any(e.text == entry.text and not e.removed for e in entries):
        return False
    kept = _without(path, entry.text) if any(e.text == entry.text for e in entries) else _raw(path)
    _write(path, [*kept, line_of(entry)])
    return True


def remove_entry(
    folder: Path, kind: EntryKind, text: str, shipped: Iterable[DictionaryEntry]
) -> bool:
    """Take an entry back: out of the user's folder, or against the one that came along.

    False where no such entry is known.
    """
    path = folder / f"{kind}.tsv"
    own = any(e.text == text and not e.removed for e in _entries(path))
    along = any(e.text == text and e.kind is kind for e in shipped)
    if not own and not along:
        return False
    lines = _without(path, text)
    _write(path, [*lines, f"{REMOVED}{text}"] if along else lines)
    return True


def import_entries(folder: Path, kind: EntryKind, source: Path) -> ImportResult:
    """Add the lines of a text file: one entry a line, or entry, second field, note with tabs.

    Lines that cannot be used are reported and left out. Raises InputError.
    """
    path = folder / f"{kind}.tsv"
    known = {e.text for e in _entries(path) if not e.removed}
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
        _write(path, [*_raw(path), *new.values()])
    return ImportResult(len(new), again, tuple(faults))


def check_dictionaries(folders: Iterable[Path]) -> Iterator[DictionaryFault]:
    """Every line of some folders that cannot be used."""
    for folder in folders:
        for path in list_dictionary_files(folder):
            yield from read_dictionary(path)[1]


def make_entry(kind: EntryKind, text: str, second: str = "", note: str = "") -> DictionaryEntry:
    """An entry from its fields. Raises UsageError where they make none."""
    for field in (text, second, note):
        if "\t" in field or "\n" in field or "\r" in field:
            raise UsageError("A field of an entry cannot hold a tab or a line break.")
    entry = parse_entry("\t".join((text, second, note)), kind)
    if isinstance(entry, str):
        raise UsageError(f"{text!r} cannot be an entry of {kind}: {entry}.")
    if entry is None or entry.removed:
        raise UsageError(f"{text!r} cannot be an entry: it is empty or starts with # or !.")
    return entry


def line_of(entry: DictionaryEntry) -> str:
    """An entry as a line of its file."""
    mark = REMOVED if entry.removed else ""
    return "\t".join((mark + entry.text, entry.second, entry.note)).rstrip("\t")


def _entries(path: Path) -> list[DictionaryEntry]:
    """The entries of a file that may not be there yet. Raises DictionaryError."""
    if not path.is_file():
        return []
    entries, faults = read_dictionary(path)
    if faults:
        raise DictionaryError(tuple(faults))
    return entries


def _raw(path: Path) -> list[str]:
    if not path.is_file():
        return [f"# {path.stem}: entry, second field, note, parted by tabs"]
    lines = _LINE_END.split(path.read_bytes().decode("utf-8-sig"))
    return lines if lines[-1] else lines[:-1]


def _without(path: Path, text: str) -> list[str]:
    """The lines of a file but those of one entry."""
    return [
        line for line in _raw(path) if line.split("\t")[0].strip().removeprefix(REMOVED) != text
    ]


def _write(path: Path, lines: Iterable[str]) -> None:
    write_files(path.parent, {path.name: ("\n".join(lines) + "\n").encode("utf-8")})
