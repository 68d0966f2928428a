"""Layout and assembly by themselves, on pages of which every line is found and read perfectly.

    python -m benchmarks.layout_exact --kind dense --count 40
    python -m benchmarks.layout_exact --kind page --count 50 --thickness 1.4 --draw FOLDER

No browser and no networks: some pages a second. Boxes of lines are as thick as `--thickness` times
their em. For every page: articles whose text is right (within 5 %), headlines that are wholly right
(kicker, title and deck together), the lines of headlines by where they went, and the characters of
text that is no article. `--kinds` adds what the kinds of such text were taken for.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from benchmarks.pages.ideal import THICKNESS, detection_of, scan_of
from benchmarks.pages.notice_pages import notice_page
from benchmarks.pages.random_pages import dense_page, random_page
from benchmarks.pages.sheet import Role, Sheet
from benchmarks.pages.truth import texts_of
from newspage.assemble import assemble_articles
from newspage.config import Config
from newspage.edits.clean_text import derive_page
from newspage.evaluation import parse_page_json, score_page
from newspage.layout import arrange_page
from newspage.model import HEADLINE_KINDS, PageImage, PageLayout, PageReading
from newspage.record import encode_record

KINDS = {"page": random_page, "dense": dense_page, "notices": notice_page}
ARTICLE = "article"
HEAD_ROLES = (Role.KICKER, Role.TITLE, Role.DECK)


@dataclass(frozen=True, slots=True)
class Counts:
    """What came out right of a page; counts, but for the scores."""

    articles: int
    right: int
    false: int
    """Articles that are none of the page's, or a second part of one."""
    heads: int
    heads_right: int
    lines: int
    """Lines of headlines."""
    kept: int
    """Those that stand in the headline of their article."""
    as_text: int
    """Those that became running text of their article."""
    astray: int
    """Those in other articles."""
    furniture: int
    """Those outside all articles."""
    apart: int
    """Characters that belong to no article: of advertisements, tables, mastheads, maps."""
    apart_in: int
    """Those in articles."""
    text_out: int
    """Characters of articles that stand outside all articles."""


def count_page(sheet: Sheet, thickness: float) -> tuple[Counts, PageLayout]:
    """Returns the counts of a page, and the page as it was laid out."""
    em = median(line.type.size for line in sheet.lines if line.role is Role.BODY)
    pixels = np.broadcast_to(np.uint8(255), (sheet.height, sheet.width))
    image = PageImage(scan_of(sheet), pixels)
    page = arrange_page(detection_of(sheet, em, thickness), image, Config().layout)
    text = assemble_articles(page, Config().assemble)
    record = derive_page(PageReading(page, text.articles, text.furniture))
    truth = parse_page_json(texts_of(sheet))
    read = parse_page_json(json.loads(encode_record(record)))
    scores = score_page(truth, read)
    where, kinds = _places(sheet, page), count_kinds(sheet, page)
    counts = Counts(
        articles=len(sheet.articles),
        right=scores.articles.right,
        false=scores.articles.predicted - scores.articles.right,
        heads=scores.headlines.of,
        heads_right=scores.headlines.found,
        lines=sum(where.values()),
        kept=where["kept"],
        as_text=where["as_text"],
        astray=where["astray"],
        furniture=where["furniture"],
        apart=sum(n for (role, _), n in kinds.items() if role != ARTICLE),
        apart_in=sum(n for (role, kind), n in kinds.items() if role != ARTICLE and kind == ARTICLE),
        text_out=sum(n for (role, kind), n in kinds.items() if role == ARTICLE and kind != ARTICLE),
    )
    return counts, page


def count_kinds(sheet: Sheet, page: PageLayout) -> Counter[tuple[str, str]]:
    """Characters by the role they have on the sheet and the kind of region they came into.

    All that belongs to articles is of the kind `article`; "" stands for lines in no region.
    """
    found = {line.id: region for region in page.regions for line in region.lines}
    kinds: Counter[tuple[str, str]] = Counter()
    for n, line in enumerate(sheet.lines):
        region = found.get(f"l{n:04d}")
        kind = "" if region is None else ARTICLE if region.article else str(region.kind)
        kinds[ARTICLE if line.article else str(line.role), kind] += len(line.text)
    return kinds


def _places(sheet: Sheet, page: PageLayout) -> Counter[str]:
    """Where the lines of headlines went; an article is the one with most of its text."""
    found = {line.id: region for region in page.regions for line in region.lines}
    lines = [(line, found.get(f"l{n:04d}")) for n, line in enumerate(sheet.lines)]
    main = {}
    for heading in sheet.articles:
        own = Counter(
            region.article
            for line, region in lines
            if line.article == heading.id and line.role is Role.BODY and region and region.article
        )
        main[heading.id] = own.most_common(1)[0][0] if own else None
    where: Counter[str] = Counter()
    for line, region in lines:
        if line.role not in HEAD_ROLES or not line.article:
            continue
        if region is None or region.article is None:
            where["furniture"] += 1
        elif region.article != main[line.article]:
            where["astray"] += 1
        else:
            where["kept" if region.kind in HEADLINE_KINDS else "as_text"] += 1
    return where


def draw_page(sheet: Sheet, page: PageLayout, path: Path) -> None:
    """Writes a picture of a page: its lines in the colour of their article, headlines framed."""
    image = np.full((sheet.height, sheet.width, 3), 255, np.uint8)
    colours = np.random.default_rng(1).integers(60, 230, (400, 3)).tolist()
    for separator in page.separators:
        b = separator.box
        cv2.rectangle(image, (int(b.left), int(b.top)), (int(b.right), int(b.bottom)), (0, 0, 0), 1)
    for b in page.pictures:
        cv2.rectangle(image, (int(b.left), int(b.top)), (int(b.right), int(b.bottom)), (90,) * 3, 9)
    for region in page.regions:
        colour = colours[int(region.article[1:])] if region.article else (215, 215, 215)
        edge = (0, 0, 255) if region.kind in HEADLINE_KINDS else (0, 120, 0)
        for line in region.lines:
            b = line.box
            corners = (int(b.left), int(b.top)), (int(b.right), int(b.bottom))
            cv2.rectangle(image, *corners, colour, -1)
            cv2.rectangle(image, *corners, edge if region.article else (0, 0, 0), 2)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image)


def write_table(pages: Mapping[str, Counts]) -> str:
    """Returns the counts by page, and their sums."""
    names = [f.name for f in fields(Counts)]
    rows = [" ".join(f"{name:>11}" for name in ("page", *names))]
    sums = {n: sum(getattr(c, n) for c in pages.values()) for n in names}
    for page, counts in pages.items():
        rows.append(" ".join(f"{v:>11}" for v in (page, *(getattr(counts, n) for n in names))))
    rows.append(" ".join(f"{v:>11}" for v in ("sum", *sums.values())))
    return "\n".join(rows)


def write_kinds(kinds: Mapping[tuple[str, str], int]) -> str:
    """Returns a row for each role, with its characters by the kind they came out as."""
    names = sorted({kind for _, kind in kinds})
    rows = [" ".join(f"{name:>13}" for name in ("role", *(n or "none" for n in names)))]
    for role in sorted({role for role, _ in kinds}):
        counts = (kinds.get((role, name), 0) for name in names)
        rows.append(" ".join(f"{v:>13}" for v in (role, *counts)))
    return "\n".join(rows)


def main(arguments: Iterable[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.layout_exact")
    parser.add_argument("--kind", choices=sorted(KINDS), default="dense")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--thickness", type=float, default=THICKNESS, help="times the em")
    parser.add_argument("--draw", type=Path, help="folder for a picture of each page")
    parser.add_argument("--kinds", action="store_true", help="what kinds of text were taken for")
    options = parser.parse_args(None if arguments is None else list(arguments))
    pages = {}
    kinds: Counter[tuple[str, str]] = Counter()
    for seed in range(options.seed, options.seed + options.count):
        sheet = KINDS[options.kind](seed)
        pages[str(seed)], page = count_page(sheet, options.thickness)
        kinds += count_kinds(sheet, page)
        if options.draw:
            draw_page(sheet, page, options.draw / f"{seed:03d}.png")
    print(write_table(pages))
    if options.kinds:
        print(write_kinds(kinds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
