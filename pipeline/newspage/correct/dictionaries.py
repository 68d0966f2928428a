"""Dictionaries: TSV files that an archivist can edit, read into immutable look-ups.

A folder holds a file `KIND.tsv` for any kind of `EntryKind`. Lines are UTF-8, fields separated by a
tab, `#` starts a comment line, and a line that starts with `!` removes an entry of an earlier
folder. Later folders win over earlier ones.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from newspage.correct.lookup import PhraseIndex
from newspage.errors import InputError
from newspage.terminal import escape_line


class EntryKind(StrEnum):
    """The kind of a dictionary entry; the stem of its file."""

    PHRASES = "phrases"
    INSTITUTIONS = "institutions"
    TITLES = "titles"
    PLACES = "places"
    NAMES = "names"
    CONFUSIONS = "confusions"
    LATIN = "latin"


FIXED = "fixed"
"""In the second field of a phrase: the phrase has one wording only."""
KEEP = ""
"""In the second field of a Latin word: the word may stand in Chinese text."""
MAX_SHOWN = 5
"""Most faults that one error message lists."""
REMOVED = "!"
"""First character of a line that removes an entry."""


@dataclass(frozen=True, slots=True)
class DictionaryEntry:
    """One line of a dictionary."""

    text: str
    kind: EntryKind
    second: str = ""
    """The meaning of the second field depends on the file; see the README of the dictionaries."""
    note: str = ""
    source: str = ""
    """File and line, `phrases.tsv:12`."""
    removed: bool = False


@dataclass(frozen=True, slots=True)
class DictionaryFault:
    """A line of a dictionary that cannot be used, and the reason."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{escape_line(self.path)}, line {self.line}: {escape_line(self.message)}"


class DictionaryError(InputError):
    """Raised where a dictionary has unusable lines; `faults` lists them all."""

    faults: tuple[DictionaryFault, ...] = ()


def make_dictionary_error(faults: Sequence[DictionaryFault]) -> DictionaryError:
    """Return the error that names the first of some faults, and says how many more there are."""
    more = len(faults) - MAX_SHOWN
    lines = [str(f) for f in faults[:MAX_SHOWN]] + ([f"and {more} more"] if more > 0 else [])
    error = DictionaryError("dictionary-lines-wrong", lines="; ".join(lines))
    error.faults = tuple(faults)
    return error


@dataclass(frozen=True)
class Dictionaries:
    """All dictionary entries in force, and the look-ups made of them. Immutable."""

    entries: tuple[DictionaryEntry, ...] = ()
    digest: str = field(default="", compare=False)
    """Of what the entries say: equal where no page would be corrected otherwise."""

    @cached_property
    def phrases(self) -> tuple[DictionaryEntry, ...]:
        """Return the entries searched for in a text: all but confusions and Latin words."""
        apart = (EntryKind.CONFUSIONS, EntryKind.LATIN)
        return tuple(e for e in self.entries if e.kind not in apart)

    @cached_property
    def index(self) -> PhraseIndex:
        """Return the index over `phrases`; the entry of a match is an index in them."""
        return PhraseIndex([e.text for e in self.phrases])

    @cached_property
    def by_text(self) -> Mapping[str, DictionaryEntry]:
        """Return each of `phrases` by its text."""
        return {e.text: e for e in self.phrases}

    @cached_property
    def confusions(self) -> Mapping[str, str]:
        """Return for each character the string of those it is mistaken for."""
        table: dict[str, set[str]] = {}
        for entry in self.entries:
            if entry.kind is EntryKind.CONFUSIONS:
                for character in entry.text:
                    table.setdefault(character, set()).update(set(entry.text) - {character})
        return {c: "".join(sorted(others)) for c, others in table.items()}

    @cached_property
    def latin(self) -> Mapping[str, str]:
        """Return the meaning of each Latin word, in lower case.

        `KEEP` marks words that may stand as they are.
        """
        found = (e for e in self.entries if e.kind is EntryKind.LATIN)
        return {e.text.lower(): e.second for e in found}


def load_dictionaries(folders: Iterable[Path]) -> Dictionaries:
    """Return the entries of all folders, later ones winning.

    Raises DictionaryError where lines cannot be used, InputError where a folder is not there.
    """
    found: dict[tuple[EntryKind, str], DictionaryEntry] = {}
    faults: list[DictionaryFault] = []
    for folder in folders:
        if not folder.is_dir():
            raise InputError("dictionary-folder-missing", path=folder)
        for path in list_dictionary_files(folder):
            entries, wrong = read_dictionary(path)
            faults += wrong
            for entry in entries:
                found[entry.kind, entry.text] = entry
    if faults:
        raise make_dictionary_error(faults)
    kept = tuple(e for e in found.values() if not e.removed)
    return Dictionaries(kept, _digest(kept))


def _digest(entries: Iterable[DictionaryEntry]) -> str:
    """Return a digest of the entries that does not depend on order, notes and file places."""
    said = sorted(f"{e.kind}\t{e.text}\t{e.second}" for e in entries)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def find_shipped_folder() -> Path:
    """Return the folder of dictionaries that come with newspage.

    Raises InputError where it is gone.
    """
    import sys

    root = Path(__file__).resolve().parents[3] / "dictionaries"
    installed = Path(sys.prefix) / "share" / "newspage" / "dictionaries"
    for folder in (root, installed):
        if folder.is_dir():
            return folder
    raise InputError("dictionaries-not-installed", root=root, installed=installed)


def list_dictionary_files(folder: Path) -> list[Path]:
    """Return the dictionary files of a folder and of the folder `learned` inside it."""
    folders = (folder, folder / "learned")
    return [d / f"{k}.tsv" for d in folders for k in EntryKind if (d / f"{k}.tsv").is_file()]


def read_dictionary(path: Path) -> tuple[list[DictionaryEntry], list[DictionaryFault]]:
    """Return the entries of one file, and its lines that cannot be used.

    Raises InputError where the file cannot be read.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError("dictionary-unreadable", path=path, reason=str(error.strerror)) from error
    entries: list[DictionaryEntry] = []
    faults: list[DictionaryFault] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        parsed = parse_entry(line, EntryKind(path.stem), f"{path.name}:{number}")
        if isinstance(parsed, str):
            faults.append(DictionaryFault(path, number, parsed))
        elif parsed is not None:
            if parsed.text in seen:
                message = f"{parsed.text} stands in line {seen[parsed.text]} already"
                faults.append(DictionaryFault(path, number, message))
            else:
                seen[parsed.text] = number
                entries.append(parsed)
    return entries, faults


def parse_entry(
    line: bytes | str, kind: EntryKind, source: str = ""
) -> DictionaryEntry | str | None:
    """Return the entry of a line, or the reason why it is none; None where nothing is entered.

    Comments and empty lines enter nothing. `source` says where the line is from (`phrases.tsv:12`).
    """
    if isinstance(line, bytes):
        try:
            line = line.decode("utf-8")
        except UnicodeDecodeError as error:
            return f"no UTF-8 at byte {error.start + 1}; save the file as UTF-8"
    if not line.strip() or line.startswith("#"):
        return None
    fields = [f.strip() for f in line.split("\t")]
    if len(fields) > 3:
        return f"{len(fields)} fields, at most 3 are known (entry, second field, note)"
    text, second, note = (*fields, "", "")[:3]
    removed = text.startswith(REMOVED)
    text = text.removeprefix(REMOVED).strip()
    entry = DictionaryEntry(text, kind, second, note, source, removed)
    return next(_find_faults(entry), None) or entry


def _find_faults(entry: DictionaryEntry) -> Iterator[str]:
    """Yield the reasons why an entry cannot be used, as texts for a person."""
    if not entry.text:
        yield "the entry is empty; the first field holds it"
        return
    strange = [c for c in entry.text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co")]
    if strange:
        yield f"the entry holds a control character (U+{ord(strange[0]):04X})"
    for name, value in (("second field", entry.second), ("note", entry.note)):
        # Halves of pairs cannot be written to a file.
        for character in (c for c in value if unicodedata.category(c) in ("Cc", "Cs")):
            yield f"the {name} holds a control character (U+{ord(character):04X})"
    if entry.kind is EntryKind.CONFUSIONS:
        if len(set(entry.text)) < 2 or " " in entry.text:
            yield "a confusion needs two or more different characters, set together"
    elif entry.kind is EntryKind.LATIN:
        if not entry.text.isascii():
            yield f"{entry.text} is no Latin word"
    elif len(entry.text) < 2:
        yield f"{entry.text} is a single character; an entry has two or more"
    if entry.kind is EntryKind.PHRASES and entry.second not in ("", FIXED):
        yield f"the second field of a phrase is empty or '{FIXED}', not '{entry.second}'"
