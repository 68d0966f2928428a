"""Decides for each page whether it is read with the adapter that is named for it.

An adapter is right for the type that it has learnt and wrong for others. How likely a network finds
what it reads itself does not tell: networks that were trained further are surer everywhere. On the
other fold of the paper that they learnt, but also on modern print that they read no better, two
adapters gave their texts a higher likelihood than the network did (ten pages, 64 lines each).

What tells is whether two looks at the same line agree: a column turned and re-set, a row plain and
blurred. A network that knows the type reads the same in both. Of the characters of the other fold
25 to 26 % differed between the looks without an adapter, 13 to 15 % with one (edits a character);
on modern print less than .3 % with and without. On a vertical page in other type it were 4.8 %, and
.5 % with adapters, which there make a third of the network's errors, mostly marks.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from newspage.engine import Engine, Reading, adapt_engine, find_adapter, load_adapter
from newspage.model import ADAPTED, READ_WITH, UNADAPTED, Detection, GrayImage, PageImage, TextLine
from newspage.recognise import cut_reading_strips, make_second_look

MOST, FEWEST, SHARE = 16, 12, 1 / 32
"""Lines that are looked at: a share of a page's lines within these bounds. Of the pages above, 12
lines of the other fold were enough in 97 of 100 draws, 16 in 99."""
LONG = 4
"""Thicknesses from which a line is long enough to be looked at. Judgement: shorter ones hold few
characters."""
SURE = 0.95
"""Share of the draws of a bootstrap over the lines in which the adapter's looks must agree better.
Else the network reads alone."""
DRAWS = 1000
KEPT = 0.9
"""Share of the network's characters that an adapter must read at least. Judgement: one that reads
nothing agrees with itself."""


@dataclass(frozen=True, slots=True, eq=False)
class LooksRead:
    """Two looks at each of some lines, as one network reads them."""

    differing: NDArray[np.float64]
    """Edits between both texts of each line."""
    characters: float
    """Mean number of characters of a look, summed over the lines."""
    log_likelihood: float
    """Of the best paths, a character."""

    @property
    def disagreement(self) -> float:
        """Return the share of characters that differ between both looks."""
        return float(self.differing.sum()) / max(1.0, self.characters)


def choose_recogniser(
    engine: Engine, adapter: str, found: Sequence[Detection], sheets: Sequence[PageImage]
) -> tuple[Engine, Mapping[str, str]]:
    """Return what a page is read with: the engine with an adapter, or the engine alone.

    Args:
        engine: The engine as it was loaded.
        adapter: Name or file of the adapter.
        found: What was found on each sheet of the page.
        sheets: The sheets, as working images.

    Returns:
        The engine, and what the record says of the choice.

    Raises:
        InputError: There is no such adapter.
        ConfigError: The engine takes no adapter, or none of another network.
    """
    adapted = adapt_engine(engine, adapter)
    looks = [
        pair
        for detection, sheet in zip(found, sheets, strict=True)
        for pair in _cut_looks(detection.lines, sheet, engine)
    ]
    alone = _read_looks(looks, engine)
    # Where the network's looks agree already, no adapter can do better.
    with_it = _read_looks(looks, adapted) if alone.differing.any() else None
    better = with_it is not None and _agrees_better(alone, with_it)
    kept = load_adapter(find_adapter(adapter))
    details = {
        "paper": kept.paper,
        "checksum": kept.digest[:12],
        READ_WITH: ADAPTED if better else UNADAPTED,
        "lines compared": str(len(looks)),
        **_describe_looks(UNADAPTED, alone),
        **(_describe_looks(ADAPTED, with_it) if with_it else {}),
    }
    return adapted if better else engine, details


def choose_lines(lines: Sequence[TextLine]) -> list[int]:
    """Return the indices of the lines that are looked at, evenly spread over those long enough."""
    long = [
        i
        for i, line in enumerate(lines)
        if max(line.box.width, line.box.height)
        >= LONG * max(1.0, min(line.box.width, line.box.height))
    ]
    count = min(MOST, max(FEWEST, round(SHARE * len(lines))), len(long))
    return [long[(2 * i + 1) * len(long) // (2 * count)] for i in range(count)]


def _cut_looks(
    lines: Sequence[TextLine], sheet: PageImage, engine: Engine
) -> list[tuple[GrayImage, GrayImage]]:
    """Return two looks at each of the chosen lines: both strips of a column, or a row blurred."""
    cut = cut_reading_strips(lines, sheet, engine, choose_lines(lines))
    return [(s[0], s[1] if len(s) > 1 else make_second_look(s[0])) for s in cut]


def _read_looks(looks: Sequence[tuple[GrayImage, GrayImage]], engine: Engine) -> LooksRead:
    """Read both looks at each line."""
    readings = engine.read_lines([strip for pair in looks for strip in pair])
    texts = [_fold_text("".join(reading.text)) for reading in readings]
    pairs = zip(texts[::2], texts[1::2], strict=True)
    differing = np.array([Levenshtein.distance(a, b) for a, b in pairs], np.float64)
    characters = sum(map(len, texts))
    read = sum(len(reading.text) for reading in readings)
    likelihood = sum(map(_measure_likelihood, readings)) / max(1, read)
    return LooksRead(differing, characters / 2, likelihood)


def _fold_text(text: str) -> str:
    """Return a text in NFKC and without blanks: marks are read full or half as wide by chance."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _measure_likelihood(reading: Reading) -> float:
    """Return the natural log-probability of the best path."""
    return float(reading.lattice.log_probs[:, 0].astype(np.float64).sum())


def _describe_looks(what: str, read: LooksRead) -> dict[str, str]:
    """Return the figures of a network for the record."""
    return {
        f"looks differ, {what}": f"{read.disagreement:.3f}",
        f"log-likelihood, {what}": f"{read.log_likelihood:.3f}",
    }


def _agrees_better(alone: LooksRead, adapted: LooksRead) -> bool:
    """Tell whether the adapter's looks agree better by more than chance; a tie is the network's."""
    if adapted.characters < KEPT * alone.characters:
        return False
    gains = alone.differing - adapted.differing
    drawn = np.random.default_rng(0).integers(0, len(gains), (DRAWS, len(gains)))
    return float((gains[drawn].sum(axis=1) > 0).mean()) >= SURE
