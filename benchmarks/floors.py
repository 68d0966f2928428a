"""The floors of quality on the sample pages, and the one way to move them.

    python -m benchmarks.floors                     measure the sample pages and compare
    python -m benchmarks.floors --pin               raise the floors to what was measured
    python -m benchmarks.floors --pin --allow-regression
                                               lower them too: say why in the commit message

`floors.json` holds for each page the digests of scan and truth, so that neither changes unnoticed,
and its scores when the floors were pinned. Two machines do not compute to the last bit alike,
which is what `SLACK` is for; it is never a reason to pin anew.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from newspage.batch.readers import make_reader
from newspage.config import Config
from newspage.evaluation import load_page_text, parse_page_json, score_page, scores_to_json
from newspage.ingest import open_pages
from newspage.model import Scan
from newspage.record import encode_record

ROOT = Path(__file__).resolve().parents[1]
SCANS, TRUTH = ROOT / "scans", ROOT / "tests" / "pages"
FILE = ROOT / "tests" / "floors.json"
PAGES = (
    "linzhu-2024-05-06/p5",
    "qingdu-2024-03-18/p1",
    "qingdu-2024-03-18/p3",
    "songling-1933-09-08/p2",
    "yunbu-2024-04-12/p4",
)
LOWER_IS_BETTER = frozenset({"page_cer", "character_errors", "order_errors", "word_errors"})
SLACK = {"page_cer": 0.003, "character_errors": 0.003, "order_errors": 0.003}
"""How much worse than pinned a score may be; nothing where it is not named."""

Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Floor:
    """What is known of a sample page."""

    scan: str
    """SHA-256 of the scan."""
    truth: str
    """SHA-256 of the truth file."""
    scores: Scores


def scan_path(page: str) -> Path:
    """The scan of a sample page."""
    return SCANS / f"{page}.jpg"


def truth_path(page: str) -> Path:
    """The truth file of a sample page."""
    return TRUTH / f"{page}.truth.json"


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load_floors(path: Path = FILE) -> dict[str, Floor]:
    """The pinned floors by page."""
    return {page: Floor(**entry) for page, entry in json.loads(path.read_text()).items()}


def make_measure() -> Callable[[str], Scores]:
    """A function that reads a sample page with the real networks and scores it."""
    config = Config()
    read = make_reader(config.engine, 2)

    def measure(page: str) -> Scores:
        scan: Scan = open_pages(scan_path(page), config.ingest)[0]
        record = json.loads(encode_record(read(scan, config)))
        return scores_to_json(score_page(load_page_text(truth_path(page)), parse_page_json(record)))

    return measure


def worse(scores: Scores, floor: Scores, slack: Mapping[str, float] = SLACK) -> list[str]:
    """What is worse than pinned, in words; empty where nothing is."""
    found = []
    for name, pinned in floor.items():
        sign = 1 if name in LOWER_IS_BETTER else -1
        if sign * (scores[name] - pinned) > slack.get(name, 0.0) + 1e-9:
            found.append(f"{name} {scores[name]:g}, pinned {pinned:g}")
    return found


def pinned_anew(scores: Scores, floor: Scores | None, allow_regression: bool) -> Scores:
    """The better of both, score by score; what was measured where a regression is allowed."""
    if floor is None or allow_regression:
        return scores
    return {
        name: (min if name in LOWER_IS_BETTER else max)(value, floor.get(name, value))
        for name, value in scores.items()
    }


def main(arguments: Iterable[str] | None = None) -> int:
    """Measures all sample pages; the exit code is 1 where one is worse than pinned."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.floors")
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--allow-regression", action="store_true")
    options = parser.parse_args(None if arguments is None else list(arguments))
    old = load_floors() if FILE.exists() else {}
    measure, new, bad = make_measure(), {}, False
    for page in PAGES:
        scores, floor = measure(page), old.get(page)
        complaints = worse(scores, floor.scores) if floor else []
        bad = bad or bool(complaints)
        print(page, " ".join(f"{k}={v:g}" for k, v in scores.items()), *complaints, sep="\n  ")
        best = pinned_anew(scores, floor.scores if floor else None, options.allow_regression)
        new[page] = Floor(digest(scan_path(page)), digest(truth_path(page)), best)
    if bad and not options.allow_regression:
        print("Worse than pinned; lowering a floor needs --pin --allow-regression.")
        return 1
    if options.pin:
        rows = {p: {"scan": f.scan, "truth": f.truth, "scores": f.scores} for p, f in new.items()}
        FILE.write_text(json.dumps(rows, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
