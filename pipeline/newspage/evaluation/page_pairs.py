"""Score pages against their truth, one or a folder of them, one page in memory at a time."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newspage.errors import InputError
from newspage.evaluation.page_scores import score_page
from newspage.evaluation.page_texts import load_page_text
from newspage.evaluation.scores import Scores
from newspage.record import FORMAT, peek_format

SUFFIXES = (".truth.json", ".json", ".page.xml", ".alto.xml", ".xml", ".gt.txt", ".txt")
"""Ends of the names of files that hold a page. Of several files with the same name before them the
one counts whose suffix stands first: truth files and records know most of a page."""


@dataclass(frozen=True, slots=True)
class PagePair:
    """A page, the file that says what is printed on it, and the file that is judged."""

    name: str
    """Its path below the folder of the truth without the suffix, `/` between folders."""
    truth: Path
    result: Path | None
    """None where nothing was made of the page."""


@dataclass(frozen=True, slots=True)
class ScoredPage:
    """The scores of a page, and the two files that were compared."""

    name: str
    truth: Path
    result: Path
    scores: Scores


@dataclass(frozen=True, slots=True)
class UnscoredPage:
    """A page that could not be judged, and why."""

    pair: PagePair
    problem: str


def pair_pages(truth: Path, result: Path) -> list[PagePair]:
    """Return the pages in a folder of truth, each with the page of the same name in another.

    Files belong together that have the same path below the two folders, `SUFFIXES` left aside.
    Results without a truth are passed over: often a sample is judged. Raises InputError where a
    folder is missing or holds no truth.
    """
    for path in (truth, result):
        if not path.is_dir():
            raise InputError("judged-is-no-folder", path=path)
    results = _find_pages(result)
    pairs = [PagePair(name, path, results.get(name)) for name, path in _find_pages(truth).items()]
    if not pairs:
        raise InputError("truth-without-pages", path=truth, endings=", ".join(SUFFIXES))
    return pairs


def score_pairs(pairs: Iterable[PagePair]) -> Iterator[ScoredPage | UnscoredPage]:
    """Score pages one after the other; one that cannot be read stops no other."""
    for pair in pairs:
        if pair.result is None:
            yield UnscoredPage(pair, f"{pair.name}: nothing was made of this page.")
            continue
        try:
            yield score_files(pair.name, pair.truth, pair.result)
        except InputError as error:
            yield UnscoredPage(pair, str(error))


def score_files(name: str, truth: Path, result: Path) -> ScoredPage:
    """Score the page in a file against the file of its truth. Raises InputError."""
    scores = score_page(load_page_text(truth), load_page_text(result))
    return ScoredPage(name, truth, result, scores)


def order_by_errors(pages: Iterable[ScoredPage]) -> list[ScoredPage]:
    """Return pages by their character error rate, the worst first, then by name."""
    return sorted(pages, key=lambda page: (-page.scores.page.rate, page.name))


def _find_pages(folder: Path) -> dict[str, Path]:
    """Return the files of pages below a folder by their names, sorted."""
    found: dict[str, tuple[int, Path]] = {}
    others: set[str] = set()
    for parent, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            stem, rank = _split_suffix(file)
            if file.startswith(".") or not stem:
                continue
            path = Path(parent) / file
            name = (Path(parent) / stem).relative_to(folder).as_posix()
            if not _may_be_page(path):
                others.add(name)
            elif name not in found or rank < found[name][0]:
                found[name] = rank, path
    return {name: path for name, (_, path) in sorted(found.items()) if name not in others}


def _split_suffix(file: str) -> tuple[str, int]:
    """Return a file's name before its suffix and the rank of that; no name for other files."""
    lower = file.lower()
    for rank, suffix in enumerate(SUFFIXES):
        if lower.endswith(suffix):
            return file[: -len(suffix)], rank
    return "", len(SUFFIXES)


def _may_be_page(path: Path) -> bool:
    """Tell whether a file may hold a page: not where it says to be an index or an issue."""
    named = peek_format(path) if path.suffix.lower() == ".json" else ""
    return not named or named.partition("/")[0] == FORMAT.partition("/")[0]
