"""Whether the correction pass ever harms: pages read from their scans, and texts that are right.

    python -m benchmarks.harm FOLDER...

A folder holds one page: `truth.json` and its scans, or such folders. Every scan is read once and
corrected; printed are the errors of the page before and after, and how many of the applied
corrections brought the text nearer to the truth, or farther from it. Then the truth itself goes
through the correction from text alone, which should find nothing there. The exit code is 1 where
anything was harmed.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from newspage.collation.existing_text import correct_text
from newspage.config import Config, CorrectConfig
from newspage.correct import propose_corrections
from newspage.correct.knowledge import load_knowledge
from newspage.correction_evidence import pack_evidence
from newspage.edits.clean_text import derive_articles
from newspage.engine import Engine
from newspage.engine.factory import make_engine
from newspage.evaluation import PageText, load_page_text, parse_page_json, score_page
from newspage.ingest import load_page as load_image
from newspage.ingest import open_pages
from newspage.language import load_noisy_channel
from newspage.model import Correction, CorrectionStatus, PageRecord
from newspage.page.pipeline import read_page
from newspage.record import encode_record

SCANS = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
PARTS = ("kicker", "title", "deck", "byline")


@dataclass(frozen=True, slots=True)
class Effect:
    """What the correction did to a page that was read."""

    errors: int
    """Characters of the page that were wrong before."""
    left: int
    """Those that are wrong after it."""
    of: int
    better: int
    """Applied corrections that brought the text nearer to the truth."""
    worse: tuple[Correction, ...]
    same: int
    """Applied corrections that did neither, of breaks and of marks' widths."""
    proposed: int

    @property
    def harmless(self) -> bool:
        return not self.worse and self.left <= self.errors


@dataclass(frozen=True, slots=True)
class Peace:
    """What the correction from text alone did to a text that is right."""

    length: int
    applied: tuple[Correction, ...]
    proposed: tuple[Correction, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.harm", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    folders = sorted(pages_in(parser.parse_args(arguments).folders))
    engine = make_engine(Config().engine)
    harmless = True
    print("| scan | wrong before | wrong after | of | better | worse | neither | proposed |")
    print("|---|---|---|---|---|---|---|---|")
    for folder in folders:
        for scan in scans_in(folder):
            found = effect(scan, folder / "truth.json", engine)
            harmless = harmless and found.harmless
            print(_row(f"{folder.name} {scan.stem}", found), flush=True)
            print("".join(_shown(c) for c in found.worse), end="", file=sys.stderr)
    print("\n| text that is right | characters | applied | proposed |\n|---|---|---|---|")
    for folder in folders:
        kept = peace(folder / "truth.json")
        harmless = harmless and not kept.applied
        print(f"| {folder.name} | {kept.length} | {len(kept.applied)} | {len(kept.proposed)} |")
        print("".join(_shown(c) for c in kept.applied + kept.proposed), end="", file=sys.stderr)
    return 0 if harmless else 1


def pages_in(folders: Iterable[Path]) -> Iterator[Path]:
    """The folders that hold a page, among some and what is in them."""
    for folder in folders:
        inside = [folder, *(f for f in folder.iterdir() if f.is_dir())]
        yield from (f for f in inside if (f / "truth.json").exists())


def scans_in(folder: Path) -> list[Path]:
    """The scans of a page."""
    return sorted(f for f in folder.iterdir() if f.suffix.lower() in SCANS)


def effect(scan: Path, truth: Path, engine: Engine) -> Effect:
    """A scan read, corrected, and compared with the truth correction by correction."""
    config = Config()
    asking = replace(config, correct=replace(config.correct, apply="none"))
    image = load_image(open_pages(scan, config.ingest)[0], config.ingest)
    read = read_page(image, engine, asking)
    found = propose_corrections(read.articles, read.page, tuple(engine.characters), config.correct)
    true = load_page_text(truth)
    before = _wrong(true, read)
    after = score_page(
        true, _text(replace(read, articles=derive_articles(read.articles, found)))
    ).page
    applied = [c for c in found if c.status is CorrectionStatus.APPLIED]
    gains = [(before - _wrong(true, with_only(read, c)), c) for c in applied]
    return Effect(
        before,
        after.wrong,
        after.of,
        sum(gain > 0 for gain, _ in gains),
        tuple(c for gain, c in gains if gain < 0),
        sum(gain == 0 for gain, _ in gains),
        len(found) - len(applied),
    )


def with_only(record: PageRecord, correction: Correction) -> PageRecord:
    """The page with one correction in it."""
    return replace(record, articles=derive_articles(record.reading.articles, (correction,)))


def peace(truth: Path) -> Peace:
    """What is found in a text that is right."""
    text = plain(json.loads(truth.read_text(encoding="utf-8")))
    config = CorrectConfig()
    channel = load_noisy_channel(config)
    found = correct_text(text, load_knowledge(config), channel=channel).corrections
    applied = tuple(c for c in found if c.status is CorrectionStatus.APPLIED)
    return Peace(
        len(text), applied, tuple(c for c in found if c.status is CorrectionStatus.PROPOSED)
    )


def plain(truth: Mapping[str, list[dict[str, Any]]]) -> str:
    """What a page says as plain text: a blank line between the parts of its articles."""
    articles = truth["articles"]
    parts = ([*(a.get(p, "") for p in PARTS), *a["paragraphs"]] for a in articles)
    return "\n\n".join(part for article in parts for part in article if part)


def _wrong(true: PageText, record: PageRecord) -> int:
    return score_page(true, _text(record)).page.wrong


def _text(record: PageRecord) -> PageText:
    return parse_page_json(json.loads(encode_record(record)))


def _row(name: str, e: Effect) -> str:
    cells = (name, e.errors, e.left, e.of, e.better, len(e.worse), e.same, e.proposed)
    return f"| {' | '.join(map(str, cells))} |"


def _shown(c: Correction) -> str:
    change = f"{c.original!r} -> {c.proposed!r} {pack_evidence(c.evidence)}"
    return f"  {c.status.value} {c.rule}: {change}\n"


if __name__ == "__main__":
    sys.exit(main())
