"""Weigh the corrections of a page that was read before: from its record and its lattices."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from newspage.config import CorrectConfig
from newspage.correct import digest_dictionaries, list_added_detectors, propose_corrections
from newspage.edits import derive_page
from newspage.lattice import Lattice, PageLattices
from newspage.model import Correction, PageLayout, PageRecord, ProcessingStep, TextLine
from newspage.page.facing_pages import split_facing_pages
from newspage.version import __version__


def gather_lattices(
    page: PageLayout,
    characters: tuple[str, ...],
    again: Mapping[tuple[str, frozenset[int]], Lattice],
) -> PageLattices:
    """Return what corrections are weighed by, of a page that was just read.

    Args:
        page: The layout, in coordinates of the working image.
        characters: The characters of the engine, by class.
        again: The lattices of lines that were read again.
    """
    return PageLattices(
        characters,
        {line.id: line.lattice for line in page.lines if line.lattice is not None},
        {line.id: line.box for line in page.lines},
        dict(again),
    )


def weigh_again(record: PageRecord, lattices: PageLattices, config: CorrectConfig) -> PageRecord:
    """Return a page with its corrections proposed and weighed anew, and without decisions.

    No line is read again: what a lattice leaves out is known within bounds only, unless the same
    classes were asked for when the page was read.

    Args:
        record: The page; all but the corrections stays as it was read.
        lattices: Those of this reading.
        config: Dictionaries and thresholds.

    Raises:
        DictionaryError: A dictionary has lines that cannot be used.
        InputError: A dictionary cannot be read.
        MissingDependencyError: The word list is not installed.
    """
    recall = _Recall(lattices)
    found: list[Correction] = []
    for half in split_facing_pages(record.reading):
        page = _with_lattices(half.page, lattices)
        found += propose_corrections(half.articles, page, lattices.characters, config, recall)
    reading = replace(record.reading, corrections=tuple(found))
    details = describe_correction(config, recall.count)
    return derive_page(reading, record.problems, _note_correction(record.steps, details))


def describe_correction(config: CorrectConfig, lines_read_again: int) -> dict[str, str]:
    """Return what a record says of how its corrections were made.

    Raises what `weigh_again` raises; UsageError where a detector of a package cannot be loaded.
    """
    details = {
        "dictionaries": digest_dictionaries(config),
        "lines_read_again": str(lines_read_again),
    }
    added = ", ".join(list_added_detectors())
    return details | {"added_detectors": added} if added else details


@dataclass(slots=True)
class _Recall:
    """Remembers lines as they were read again; a `correct.evidence.Reread` without an engine."""

    lattices: PageLattices
    count: int = 0
    """Number of lines that were remembered so far."""

    def __call__(self, line: TextLine, also: frozenset[int]) -> Lattice | None:
        """Return the lattice of a line that was read again for the same classes, or None."""
        found = self.lattices.again.get((line.id, also))
        self.count += found is not None
        return found


def _with_lattices(page: PageLayout, lattices: PageLattices) -> PageLayout:
    """Return a page from its record with the lines as they were when it was read."""

    def restore(line: TextLine) -> TextLine:
        """Return a line with its lattice, and its box on the straightened page."""
        box = lattices.boxes.get(line.id, line.box)
        return replace(line, box=box, lattice=lattices.lines.get(line.id))

    return page.map_lines(restore)


def _note_correction(
    steps: tuple[ProcessingStep, ...], details: Mapping[str, str]
) -> tuple[ProcessingStep, ...]:
    """Return the steps of a page, the correction pass with other details.

    The version is named where it is not the one that read the page.
    """
    read_by = next((s.details.get("version") for s in steps if s.name == "newspage"), None)
    noted = details if read_by == __version__ else {**details, "version": __version__}
    return tuple(replace(s, details=noted) if s.name == "correct" else s for s in steps)
