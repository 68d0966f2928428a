"""Measures what a language model finds in texts without a scan, and what it leaves alone.

    python -m benchmarks.language --lines FILE [--right TEXT ...] [--half odd|even|all]

A file of lines has in each a number, the text as it was read and as it is printed, parted by tabs.
They are one text of as many paragraphs. Printed are for each probability from which a character is
asked about how many of the wrong characters are found (recall), how many of those asked about are
wrong (precision), in how many of these the proposed character is the printed one, and what the
probabilities said. The weights of the program were measured on even lines, counted from 0.
In texts that are right whatever is asked about is wrong; one question in so many characters.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from newspage.config import CorrectConfig
from newspage.language import NoisyChannel, load_noisy_channel

STEPS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; the exit code."""
    options = _parser().parse_args(arguments)
    channel = load_noisy_channel(CorrectConfig(language_model=options.model))
    assert channel is not None
    print(f"model: {dict(channel.model.sources)}")
    if options.lines:
        print(measure_lines(channel, options.lines, options.half))
    for path in options.right:
        print(measure_right(channel, path))
    return 0


def measure_lines(channel: NoisyChannel, path: Path, half: str) -> str:
    """What is found in lines whose right text is known, as a table."""
    rows = [line.split("\t")[1:] for line in path.read_text(encoding="utf-8").splitlines()]
    rows = rows[{"even": 0, "odd": 1, "all": 0}[half] :: 1 if half == "all" else 2]
    start = time.process_time()
    found = channel.find_unlikely_characters([read for read, _ in rows])
    seconds = time.process_time() - start
    wrong = sum(a != b for read, printed in rows for a, b in zip(read, printed, strict=True))
    lines = [
        f"{len(rows)} lines, {wrong} wrong characters, {1000 * seconds / len(rows):.1f} ms a line",
        "| asked from | recall | precision | said | first proposal right |",
        "|---|---|---|---|---|",
    ]
    for least in STEPS:
        asked = [u for u in found if u.chance >= least]
        hits = [u for u in asked if rows[u.text][0][u.place] != rows[u.text][1][u.place]]
        first = sum(rows[u.text][1][u.place] == u.printed for u in hits)
        said = sum(u.chance for u in asked) / max(1, len(asked))
        lines.append(
            f"| {least} | {len(hits) / wrong:.1%} | {len(hits) / max(1, len(asked)):.1%} "
            f"| {said:.1%} | {first / max(1, len(hits)):.0%} |"
        )
    return "\n".join(lines)


def measure_right(channel: NoisyChannel, path: Path) -> str:
    """What is asked about in a text that is right, as a line of a table."""
    paragraphs = path.read_text(encoding="utf-8").splitlines()
    length = sum(map(len, paragraphs))
    asked = channel.find_unlikely_characters(paragraphs)
    shown = ", ".join(f"{_show(paragraphs[u.text], u.place)} {u.printed}" for u in asked[:5])
    return f"| {path.stem} | {length} | {len(asked)} | {shown} |"


def _show(text: str, place: int) -> str:
    """A character with its neighbours."""
    return f"{text[max(0, place - 3) : place]}[{text[place]}]{text[place + 1 : place + 4]}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.language", description=__doc__)
    parser.add_argument("--lines", type=Path, help="lines as they were read and are printed")
    parser.add_argument(
        "--half", choices=("even", "odd", "all"), default="odd", help="of the lines"
    )
    parser.add_argument("--right", type=Path, nargs="*", default=[], help="texts that are right")
    parser.add_argument("--model", default="auto", help="a language model; else the installed one")
    return parser


if __name__ == "__main__":
    sys.exit(main())
