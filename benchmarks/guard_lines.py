"""Makes the guard lines of training from the project's sample pages.

    python -m benchmarks.guard_lines

Reads every page below `scans/` whose truth lies below `tests/pages/`, cuts its lines out as they
are read, and writes some of each page into `pipeline/newspage/training/guard_lines.npz`.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.config import Config, EngineConfig
from newspage.detect import detect_lines
from newspage.engine.factory import make_engine
from newspage.engine.strip_batches import scale_to_height
from newspage.enhance import enhance_page
from newspage.ingest import load_page, open_pages
from newspage.model import GrayImage
from newspage.recognise import cut_reading_strips
from newspage.training.guard_lines import FILE
from newspage.training.known_lines import KnownLine
from newspage.training.line_matching import match_lines
from newspage.training.line_texts import fold_text

SCANS, TRUTHS = Path("scans"), Path("tests/pages")
LINES = 45
"""Lines taken of each page."""
SHORTEST = 6
"""Characters of the shortest line taken."""
QUALITY = 60
"""Quality of the pictures: a strip takes 3 kB, and is read as before."""


def cut_lines(scan: Path, truth: Path) -> Iterator[tuple[str, bool, tuple[GrayImage, ...]]]:
    """The text, the direction and the strips of some lines of a page."""
    config = Config()
    engine = make_engine(EngineConfig(engine="openvino", precision="f32"))
    image = load_page(open_pages(scan, config.ingest)[0], config.ingest)
    page = enhance_page(image, config.enhance, engine).image
    lines = detect_lines(page, engine, config.detect).lines
    strips = cut_reading_strips(lines, page, engine)
    read = ["".join(r.text) for r in engine.read_lines([s[0] for s in strips])]
    known = [line["text"] for line in json.loads(truth.read_text("utf-8"))["lines"]]
    folded = [KnownLine(fold_text(text)) for text in known]
    matched = match_lines([fold_text(t) for t in read], [line.box for line in lines], folded)
    found = [
        (known[which], line.vertical, cut)
        for line, cut, which in zip(lines, strips, matched, strict=True)
        if which is not None and len(folded[which].text) >= SHORTEST
    ]
    chosen = np.random.default_rng(0).permutation(len(found))[:LINES]
    return (found[i] for i in sorted(chosen))


def main() -> None:
    """Writes the file."""
    lines: list[dict[str, object]] = []
    pictures: list[NDArray[np.uint8]] = []
    for truth in sorted(TRUTHS.rglob("*.truth.json")):
        page = truth.relative_to(TRUTHS).as_posix().removesuffix(".truth.json")
        for text, vertical, strips in cut_lines(SCANS / f"{page}.jpg", truth):
            kind = "vertical" if vertical else "modern"
            lines.append({"page": page, "kind": kind, "text": text, "strips": len(strips)})
            for strip in strips:
                made = cv2.imencode(
                    ".webp", scale_to_height(strip), [cv2.IMWRITE_WEBP_QUALITY, QUALITY]
                )[1]
                pictures.append(np.asarray(made, np.uint8).ravel())
    listed = json.dumps(lines, ensure_ascii=False).encode()
    with FILE.open("wb") as file:
        np.savez(
            file,
            lines=np.frombuffer(listed, np.uint8),
            pictures=np.concatenate(pictures),
            ends=np.cumsum([len(p) for p in pictures]),
        )
    print(f"{len(lines)} lines, {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
