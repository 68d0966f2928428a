"""What a layout model could add: the truth of random pages as its word, without and with errors.

    python -m benchmarks.layout_model ideal --count 50    lines found and read perfectly
    python -m benchmarks.layout_model read FOLDER         pages of `benchmarks.pages random`

No layout model is needed. The first column has no witness, the next one that is always right, then
those that err (see `benchmarks/pages/witness.py`), the last takes every area for a picture.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean, median

import numpy as np

from benchmarks.pages.ideal import detection_of, scan_of
from benchmarks.pages.random_pages import random_page
from benchmarks.pages.sheet import Picture, Role
from benchmarks.pages.truth import texts_of
from benchmarks.pages.witness import Place, erring, sightings_of
from newspage.assemble import assemble_articles
from newspage.config import Config
from newspage.edits.clean_text import derive_page
from newspage.engine import Engine, FoundLine, Reading
from newspage.enhance import enhance_page
from newspage.evaluation import Scores, load_page_text, parse_page_json, score_page
from newspage.geometry import Box
from newspage.ingest import load_page as load_image
from newspage.ingest import open_pages
from newspage.layout import arrange_page
from newspage.model import AreaKind, GrayImage, LayoutPrediction, PageImage, PageReading
from newspage.page.pipeline import read_page
from newspage.record import encode_record

Seen = tuple[LayoutPrediction, ...]
Witness = Callable[[Seen, tuple[float, float], float, int], Seen]
"""What a model makes of what is there: of areas, size of the page, em and seed."""


def _liar(seen: Seen, _size: tuple[float, float], _em: float, _seed: int) -> Seen:
    return tuple(replace(s, kind=AreaKind.PICTURE) for s in seen)


WITNESSES: Mapping[str, Witness] = {
    "none": lambda *_: (),
    "perfect": lambda seen, *_: seen,
    "errs 0.1": lambda seen, size, em, seed: erring(seen, size, em, 0.1, seed),
    "errs 0.3": lambda seen, size, em, seed: erring(seen, size, em, 0.3, seed),
    "all pictures": _liar,
}


@dataclass(slots=True)
class Remembering:
    """An engine that finds and reads everything once."""

    engine: Engine
    _found: dict[bytes, list[FoundLine]] = field(default_factory=dict)
    _read: dict[bytes, Reading] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.engine.name

    @property
    def characters(self) -> Sequence[str]:
        return self.engine.characters

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        key = image.tobytes()
        if key not in self._found:
            self._found[key] = self.engine.find_lines(image)
        return self._found[key]

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        if also:
            return self.engine.read_lines(strips, also)
        keys = [str(s.shape).encode() + s.tobytes() for s in strips]
        new = {k: s for k, s in zip(keys, strips, strict=True) if k not in self._read}
        self._read |= dict(zip(new, self.engine.read_lines(list(new.values())), strict=True))
        return [self._read[k] for k in keys]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A layout model that has said what it says."""

    seen: Seen
    name: str = "truth"

    def predict_areas(self, image: GrayImage) -> Seen:
        """The same of any image."""
        return self.seen


def ideal_scores(seed: int) -> dict[str, Scores]:
    """Scores by witness of a random page of which every line is found and read."""
    sheet = random_page(seed)
    body = [line for line in sheet.lines if line.role is Role.BODY]
    em = median(line.type.size for line in body)
    found = detection_of(sheet, em)
    places = [
        Place(line.role, line.article, read.box)
        for line, read in zip(sheet.lines, found.lines, strict=True)
    ]
    seen = sightings_of(places, [e.box for e in sheet.elements if isinstance(e, Picture)])
    paper = np.full((sheet.height, sheet.width), 255, np.uint8)
    image = PageImage(scan_of(sheet), paper)
    truth = parse_page_json(texts_of(sheet))
    scores = {}
    for name, witness in WITNESSES.items():
        said = witness(seen, (sheet.width, sheet.height), em, seed)
        page = arrange_page(replace(found, sightings=said), image, Config().layout)
        text = assemble_articles(page, Config().assemble)
        record = derive_page(PageReading(page, text.articles, text.furniture))
        scores[name] = score_page(truth, parse_page_json(json.loads(encode_record(record))))
    return scores


def read_scores(folder: Path, engine: Engine) -> dict[str, Scores]:
    """Scores by witness of the aged page in a folder, read by an engine."""
    config, remembering = Config(), Remembering(engine)
    image = load_image(open_pages(folder / "aged.jpg", config.ingest)[0], config.ingest)
    told = json.loads((folder / "truth.aged.json").read_text("utf-8"))
    way = enhance_page(image, config.enhance, remembering).image
    from_scan = way.to_scan.inverse()
    places = [
        Place(Role(line["role"]), line["article"], from_scan.box(Box(*line["box"])))
        for line in told["lines"]
    ]
    seen = sightings_of(places, [from_scan.box(Box(*p)) for p in told["pictures"]])
    em = median(min(p.box.width, p.box.height) for p in places if p.role is Role.BODY)
    scores = {}
    for name, witness in WITNESSES.items():
        said = witness(seen, (way.width, way.height), em, len(folder.name))
        record = read_page(image, remembering, config, Fixed(said) if said else None)
        truth = load_page_text(folder / "truth.aged.json")
        scores[name] = score_page(truth, parse_page_json(json.loads(encode_record(record))))
    return scores


def table(pages: Mapping[str, Mapping[str, Scores]]) -> str:
    """Article F1 and page CER by page and witness, with their means."""
    names = list(WITNESSES)
    rows = [" ".join(f"{name:>14}" for name in ("F1, page CER", *names))]
    for page, scores in pages.items():
        cells = [f"{scores[n].articles.f1:.2f} {scores[n].page.rate:6.2%}" for n in names]
        rows.append(" ".join(f"{cell:>14}" for cell in (page, *cells)))
    means = [
        f"{mean(s[n].articles.f1 for s in pages.values()):.3f} "
        f"{mean(s[n].page.rate for s in pages.values()):6.2%}"
        for n in names
    ]
    rows.append(" ".join(f"{cell:>14}" for cell in ("mean", *means)))
    return "\n".join(rows)


def main(arguments: Iterable[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.layout_model")
    commands = parser.add_subparsers(dest="command", required=True)
    ideal = commands.add_parser("ideal")
    ideal.add_argument("--seed", type=int, default=2)
    ideal.add_argument("--count", type=int, default=50)
    ideal.add_argument("--step", type=int, default=2)
    commands.add_parser("read").add_argument("folder", type=Path)
    options = parser.parse_args(None if arguments is None else list(arguments))
    if options.command == "ideal":
        seeds = range(options.seed, options.seed + options.count * options.step, options.step)
        print(table({str(seed): ideal_scores(seed) for seed in seeds}))
        return 0
    from newspage.engine.factory import make_engine

    engine = make_engine(Config().engine)
    folders = sorted(f for f in options.folder.iterdir() if (f / "aged.jpg").is_file())
    pages = {}
    for folder in folders:
        pages[folder.name] = read_scores(folder, engine)
        print(table({folder.name: pages[folder.name]}), flush=True)
    print(table(pages))
    return 0


if __name__ == "__main__":
    sys.exit(main())
