"""How long a page takes to be looked up in a large dictionary.

    python -m benchmarks.lookup [--entries 200000]

The entries are made of words of the language, two to five of them each, so that they share
characters with the page as real entries do.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Sequence

import numpy as np

from benchmarks.planted.pages import stories
from newspage.chinese.word_list import load_word_list
from newspage.correct.detectors.phrase import FIXED_SIMILARITY
from newspage.correct.lookup import PhraseIndex

PAGE = 9_000
"""Characters of a full broadsheet page."""


def entries(count: int) -> list[str]:
    """So many different entries."""
    rng = np.random.default_rng(1)
    words = [word for word, _ in load_word_list().counts() if len(word) > 1]
    made: dict[str, None] = {}
    while len(made) < count:
        chosen = rng.integers(len(words), size=int(rng.integers(1, 5)))
        made["".join(words[i] for i in chosen)] = None
    return list(made)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print how long making the index and looking a page up takes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lookup", description=__doc__)
    parser.add_argument("--entries", type=int, default=200_000)
    count = parser.parse_args(arguments).entries
    text = "".join(p.text for story in stories() for p in story.paragraphs)
    page = (text * (PAGE // len(text) + 1))[:PAGE]
    listed = entries(count)
    start = time.perf_counter()
    index = PhraseIndex(listed)
    print(f"{count:,} entries: index made in {time.perf_counter() - start:.2f} s")
    taken = []
    for _ in range(9):
        start = time.process_time()
        exact, near = index.find_exact(page), index.find_near(page, FIXED_SIMILARITY)
        taken.append(1000 * (time.process_time() - start))
    print(
        f"a page of {len(page):,} characters: {statistics.median(taken):.1f} ms of one core "
        f"({len(exact)} exact, {len(near)} near)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
