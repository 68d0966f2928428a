"""Measures the ranges that let a recogniser multiply in 8 bits, on the project's sample pages.

    python -m benchmarks.ranges [--model-dir DIR] [--model NAME]

Reads every page below `scans/` at full precision, notes what the wide layers of the recogniser are
given, and writes it into `pipeline/newspage/engine/int8.json` under the digest of the network's
weights.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newspage.config import Config, EngineConfig
from newspage.engine.int8 import KNOWN, Ranges, digest_weights, measure_ranges
from newspage.engine.models import find_networks, find_weights
from newspage.engine.networks import Steps
from newspage.engine.openvino import OpenVinoEngine, read_network
from newspage.ingest import load_page, open_pages
from newspage.page.pipeline import read_page

SCANS = Path("scans")
STEP = 3
"""Every so many batches one is measured."""


class _Listener(OpenVinoEngine):
    """Keeps what its recogniser is given."""

    def __init__(self, config: EngineConfig) -> None:
        super().__init__(config)
        self.heard: list[NDArray[np.uint8]] = []

    def _recognise(self, strips: Iterable[NDArray[np.uint8]]) -> Iterator[Steps]:
        batches = list(strips)
        self.heard += batches
        return super()._recognise(batches)


def measured(config: EngineConfig) -> tuple[str, Ranges]:
    """The digest of the recogniser that the settings ask for, and its ranges."""
    listener = _Listener(config)
    for file in sorted(SCANS.rglob("*.jpg")):
        for scan in open_pages(file):
            read_page(load_page(scan, Config().ingest), listener, Config())
    weights = find_weights(find_networks(config).recogniser)
    inputs = [batch[:, None] for batch in listener.heard[::STEP]]
    return digest_weights(weights), measure_ranges(read_network(weights.read_bytes()), inputs)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="")
    parser.add_argument("--model-dir", default="")
    args = parser.parse_args()
    name, ranges = measured(
        EngineConfig(engine="openvino", precision="f32", model=args.model, model_dir=args.model_dir)
    )
    known = json.loads(KNOWN.read_text("utf-8")) if KNOWN.is_file() else {}
    known[name] = {layer: [round(a, 4), round(b, 4)] for layer, (a, b) in ranges.items()}
    KNOWN.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "utf-8")
    print(f"{name}: {len(ranges)} layers")


if __name__ == "__main__":
    main()
