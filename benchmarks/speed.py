"""newspage against PaddleOCR's own pipeline: the same networks, the same pages, turn by turn.

    python -m benchmarks.speed PAGE [TRUTH] [--rounds 3]
    python -m benchmarks.speed --memory PAGE --pages 200

Each reader lives in a process of its own and is warmed up on the first page; then they take turns,
so that a noisy machine is noisy for both. On newspage's side everything counts: loading the scan,
layout, the record and the texts written to disk. The ratio of the medians is what matters. With
--memory one reader reads the same page many times, and its memory is shown as it goes.

Where the time goes on a clean broadsheet of two cores: reading lines a half, finding them
a third, straightening a fifteenth, all else an eighth. Both networks need 1,000 billion
multiplications for such a page; two cores with AVX2 do 70 billion a second at best, those of
PaddleOCR's runner as fast as ours. What is gained is gained by fewer or narrower ones.

Tried for the detector and dropped: 1 by 1 convolutions in 8 bits (16 %, all wide ones 25 %), as one
pixel in two hundred changed sides; lines looked for at a smaller size, as vertical pages lose by
it; two tiles at a time (nothing to 17 %), for 0.4 GB; tiles that share 128 pixels instead of 192
(8 %), and margins left out (5 %), as lines change that were right. For the recogniser: strips
squeezed to three quarters of their width (a third of its time), as worn pages lose by it; strips
of 36 rows with glyphs of 24 pixels at first sight (a third of its time, worn pages half), as
spaces and thin characters (一, 〇) are passed over with certainty, and bylines lost with them.
"""

import argparse
import contextlib
import json
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from newspage.config import Config

Read = Callable[[Path, Path], dict[str, float]]


def _newspage() -> Read:
    from newspage.batch.readers import make_reader
    from newspage.batch.spread import count_available_cores
    from newspage.formats.plain_text import render_markdown, render_text
    from newspage.ingest import open_pages
    from newspage.record import encode_record

    config = Config()
    read = make_reader(config.engine, count_available_cores())

    def one(page: Path, out: Path) -> dict[str, float]:
        record = read(open_pages(page)[0], config)
        out.with_suffix(".json").write_bytes(encode_record(record))
        out.with_suffix(".txt").write_text(render_text(record.articles), encoding="utf-8")
        out.with_suffix(".md").write_text(render_markdown(record), encoding="utf-8")
        return {step.name: step.seconds for step in record.steps}

    return one


def _paddleocr() -> Read:
    from newspage.engine.models import find_networks, make_paddle_folder
    from newspage.engine.paddle import read_embedded_characters

    networks = find_networks(Config().engine)
    characters = read_embedded_characters(networks.recogniser)
    from paddleocr import PaddleOCR

    ocr = PaddleOCR(
        engine="onnxruntime",
        text_detection_model_name=networks.detector.name,
        text_detection_model_dir=str(make_paddle_folder(networks.detector, ())),
        text_recognition_model_name=networks.recogniser.name,
        text_recognition_model_dir=str(make_paddle_folder(networks.recogniser, characters)),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
    )

    def one(page: Path, out: Path) -> dict[str, float]:
        lines = [text for result in ocr.predict(str(page)) for text in result["rec_texts"]]
        out.with_suffix(".txt").write_text("\n".join(lines), encoding="utf-8")
        return {}

    return one


READERS: dict[str, Callable[[], Read]] = {"newspage": _newspage, "paddleocr": _paddleocr}


def _serve(name: str, pipe: Connection) -> None:
    """Reads page after page as asked; answers with seconds, seconds a stage, and memory in MB."""
    read = READERS[name]()
    with contextlib.suppress(EOFError):  # whoever asks has gone
        while True:
            asked = pipe.recv()
            start = time.perf_counter()
            stages = read(*asked)
            seconds = time.perf_counter() - start
            pipe.send((seconds, stages, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


class Reader:
    """A reader in a process of its own."""

    def __init__(self, name: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(name, theirs), daemon=True)
        self._process.start()

    def __call__(self, page: Path, out: Path) -> tuple[float, dict[str, float], float]:
        self._pipe.send((page, out))
        answer: tuple[float, dict[str, float], float] = self._pipe.recv()
        return answer


def compare(page: Path, truth: Path | None, rounds: int) -> dict[str, Any]:
    """Medians, their ratio, peak memory, and the page CER of both where the truth is given."""
    from newspage.evaluation import load_page_text, score_page

    with tempfile.TemporaryDirectory() as folder:
        outs = {name: Path(folder) / name for name in READERS}
        readers = {name: Reader(name) for name in READERS}
        warm = {name: readers[name](page, outs[name]) for name in READERS}
        taken: dict[str, list[float]] = {name: [] for name in READERS}
        stages, memory = warm["newspage"][1], {name: warm[name][2] for name in READERS}
        for _ in range(rounds):
            for name, reader in readers.items():
                seconds, last, memory[name] = reader(page, outs[name])
                taken[name].append(seconds)
                stages = last or stages
        medians = {name: statistics.median(values) for name, values in taken.items()}
        cer = {}
        if truth is not None:
            cer["newspage"] = score_page(
                load_page_text(truth), load_page_text(outs["newspage"].with_suffix(".json"))
            )
            cer["paddleocr"] = score_page(
                load_page_text(truth), load_page_text(outs["paddleocr"].with_suffix(".txt"))
            )
        return {
            "page": page.name,
            "seconds": {k: round(v, 2) for k, v in medians.items()},
            "ratio": round(medians["paddleocr"] / medians["newspage"], 2),
            "page CER": {k: round(v.page.rate, 4) for k, v in cer.items()},
            "peak memory in MB": {k: round(v) for k, v in memory.items()},
            "where newspage's time goes": {k: round(v, 2) for k, v in stages.items() if v >= 0.01},
        }


def memory(page: Path, pages: int) -> None:
    """The memory of one reader over many pages."""
    reader = Reader("newspage")
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1, pages + 1):
            _, _, peak = reader(page, Path(folder) / "page")
            if number in (1, 2, 5, 10, 20) or number % 25 == 0:
                print(f"{number:4d} pages: peak {peak:.0f} MB", flush=True)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("page", type=Path)
    parser.add_argument("truth", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--pages", type=int, default=200)
    args = parser.parse_args()
    if args.memory:
        memory(args.page, args.pages)
    else:
        print(json.dumps(compare(args.page, args.truth, args.rounds), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
