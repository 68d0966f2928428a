"""newspage beside PaddleOCR's own pipeline and RapidOCR: the same networks and pages, by turns.

    python -m benchmarks.speed PAGE [TRUTH] [--rounds 3] [--readers best balanced paddleocr]
    python -m benchmarks.speed --memory PAGE --pages 200

Each reader lives in a process of its own and is warmed up on the first page; then they take turns,
so that a noisy machine is noisy for all. On newspage's side everything counts: loading the scan,
layout, the record and the texts written to disk. `best`, `balanced` and `fast` are newspage's
qualities; the readers named `tiny` run the tiny networks of PP-OCRv6, the others the small ones.
Where other programs run as well, seconds of processor time are what counts; the ratios are to
those of `paddleocr`. With --memory one reader reads the same page many times, and its memory is
shown as it goes.

docs/performance.md says where the time goes, and what was tried and dropped.
"""

import argparse
import contextlib
import json
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from newspage.config import Config, RecogniseConfig
from newspage.engine.models import (
    LIGHT,
    Network,
    find_light_recogniser,
    find_networks,
    list_description_characters,
    make_paddle_folder,
)

Read = Callable[[Path, Path], dict[str, float]]


def _newspage(quality: Literal["fast", "balanced", "best"]) -> Read:
    from newspage.batch.readers import make_reader
    from newspage.batch.spread import count_available_cores
    from newspage.formats.plain_text import render_markdown, render_text
    from newspage.ingest import open_pages
    from newspage.record import encode_record

    config = Config(recognise=RecogniseConfig(quality=quality))
    read = make_reader(config.engine, count_available_cores())

    def one(page: Path, out: Path) -> dict[str, float]:
        record = read(open_pages(page)[0], config)
        out.with_suffix(".json").write_bytes(encode_record(record))
        out.with_suffix(".txt").write_text(render_text(record.articles), encoding="utf-8")
        out.with_suffix(".md").write_text(render_markdown(record), encoding="utf-8")
        return {step.name: step.seconds for step in record.steps}

    return one


def _find_tiny_networks() -> tuple[Network, Network]:
    """The tiny networks: detector and recogniser."""
    recogniser = find_light_recogniser()
    assert recogniser.folder is not None
    folder = recogniser.folder.with_name("det")
    return Network(f"{LIGHT}_det", folder / "det.onnx", folder), recogniser


def _paddleocr(tiny: bool) -> Read:
    from newspage.engine.paddle import read_embedded_characters

    if tiny:
        detector, recogniser = _find_tiny_networks()
        characters: Sequence[str] = ()
    else:
        networks = find_networks(Config().engine)
        detector, recogniser = networks.detector, networks.recogniser
        characters = read_embedded_characters(recogniser)
    from paddleocr import PaddleOCR

    ocr = PaddleOCR(
        engine="onnxruntime",
        text_detection_model_name=detector.name,
        text_detection_model_dir=str(make_paddle_folder(detector, ())),
        text_recognition_model_name=recogniser.name,
        text_recognition_model_dir=str(make_paddle_folder(recogniser, characters)),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
    )

    def one(page: Path, out: Path) -> dict[str, float]:
        lines = [text for result in ocr.predict(str(page)) for text in result["rec_texts"]]
        out.with_suffix(".txt").write_text("\n".join(lines), encoding="utf-8")
        return {}

    return one


def _rapidocr(tiny: bool) -> Read:
    from rapidocr import RapidOCR

    params: dict[str, Any] = {"Global.log_level": "error", "Global.use_cls": False}
    folder = tempfile.TemporaryDirectory()
    if tiny:
        detector, recogniser = _find_tiny_networks()
        keys = Path(folder.name) / "characters.txt"
        listed = list_description_characters(recogniser) or ()
        keys.write_text("\n".join(listed[1:-1]), encoding="utf-8")
        params |= {
            "Det.model_path": str(detector.weights),
            "Rec.model_path": str(recogniser.weights),
        }
        params["Rec.rec_keys_path"] = str(keys)
    ocr = RapidOCR(params=params)

    def one(
        page: Path, out: Path, kept: tempfile.TemporaryDirectory[str] = folder
    ) -> dict[str, float]:
        # The list of characters is read when the first page comes.
        out.with_suffix(".txt").write_text("\n".join(ocr(str(page)).txts or ()), encoding="utf-8")
        return {}

    return one


READERS: dict[str, Callable[[], Read]] = {
    "best": partial(_newspage, "best"),
    "balanced": partial(_newspage, "balanced"),
    "fast": partial(_newspage, "fast"),
    "paddleocr": partial(_paddleocr, False),
    "paddleocr-tiny": partial(_paddleocr, True),
    "rapidocr": partial(_rapidocr, False),
    "rapidocr-tiny": partial(_rapidocr, True),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What one page took a reader."""

    seconds: float
    processor: float
    """Seconds of processor time, of all threads."""
    stages: dict[str, float]
    """Seconds of each stage, of newspage."""
    memory: float
    """Most memory so far, in MB."""


def _serve(name: str, pipe: Connection) -> None:
    """Reads page after page as asked."""
    read = READERS[name]()
    with contextlib.suppress(EOFError):  # whoever asks has gone
        while True:
            asked = pipe.recv()
            start, used = time.perf_counter(), time.process_time()
            stages = read(*asked)
            seconds, processor = time.perf_counter() - start, time.process_time() - used
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            pipe.send(Turn(seconds, processor, stages, most))


class Reader:
    """A reader in a process of its own."""

    def __init__(self, name: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(name, theirs), daemon=True)
        self._process.start()

    def __call__(self, page: Path, out: Path) -> Turn:
        self._pipe.send((page, out))
        answer: Turn = self._pipe.recv()
        return answer


def compare(page: Path, truth: Path | None, rounds: int, names: Sequence[str]) -> dict[str, Any]:
    """Medians, ratios, peak memory, and the page CER where the truth is given, of each reader."""
    with tempfile.TemporaryDirectory() as folder:
        outs = {name: Path(folder) / name for name in names}
        readers = {name: Reader(name) for name in names}
        turns = {name: [readers[name](page, outs[name])] for name in names}
        for _ in range(rounds):
            for name, reader in readers.items():
                turns[name].append(reader(page, outs[name]))
        rows = {name: _describe_turns(turns[name][1:]) for name in names}
        if truth is not None:
            for name, row in rows.items():
                row |= _score(truth, outs[name])
    if "paddleocr" in rows:
        whole = rows["paddleocr"]["processor seconds"]
        for row in rows.values():
            row["times as fast"] = round(whole / row["processor seconds"], 2)
    return {"page": page.name, **rows}


def _describe_turns(turns: Sequence[Turn]) -> dict[str, Any]:
    """The medians of a reader."""
    stages = {
        stage: round(statistics.median(turn.stages.get(stage, 0.0) for turn in turns), 2)
        for stage in turns[-1].stages
    }
    return {
        "seconds": round(statistics.median(turn.seconds for turn in turns), 2),
        "processor seconds": round(statistics.median(turn.processor for turn in turns), 2),
        "peak memory in MB": round(turns[-1].memory),
        "stages": {stage: seconds for stage, seconds in stages.items() if seconds >= 0.01},
    }


def _score(truth: Path, out: Path) -> dict[str, float]:
    """How much of the page is wrong: in order, and its characters alone."""
    from newspage.evaluation import load_page_text, score_page

    read = (
        out.with_suffix(".json") if out.with_suffix(".json").exists() else out.with_suffix(".txt")
    )
    score = score_page(load_page_text(truth), load_page_text(read))
    return {"page CER": round(score.page.rate, 4), "characters": round(score.characters.rate, 4)}


def memory(page: Path, pages: int) -> None:
    """The memory of one reader over many pages."""
    reader = Reader("best")
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1, pages + 1):
            peak = reader(page, Path(folder) / "page").memory
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
    parser.add_argument("--readers", nargs="+", choices=tuple(READERS), default=list(READERS))
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--pages", type=int, default=200)
    args = parser.parse_args()
    if args.memory:
        memory(args.page, args.pages)
    else:
        found = compare(args.page, args.truth, args.rounds, args.readers)
        print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
