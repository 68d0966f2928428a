"""A model of character n-grams: how likely a character is after the three before it.

Probabilities are interpolated: what an n-gram does not say is left to the shorter ones. A model is
one file of sorted arrays, which is mapped into memory and not read as a whole.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newspage.errors import InputError
from newspage.files import write_pieces
from newspage.language.ngram_counts import BITS, CLASSES, ORDER, Keys, NgramCounts

Floats = NDArray[np.float32]

NEW = 1.0
"""What each of the characters seen after a context counts for one never seen there (Witten and
Bell). With .2 to 1 the texts of subtitles are equally likely; 5 is worse."""
UNSEEN = 0.005
"""Count of a character that was never seen at all. Judgement."""
FORMAT = "newspage-language/1"
_ALIGNED = 64
"""Bytes that arrays begin at multiples of."""


@dataclass(frozen=True)
class CharacterModel:
    """Log-probabilities of n-grams. The arrays may be mapped from a file; none is changed."""

    sources: Mapping[str, str]
    """What it was made from, for people: a name and a number of characters or a version."""
    arrays: Mapping[str, NDArray[np.generic]]
    """`unigrams`, and for each longer size its keys and log-probabilities, the contexts in which a
    last character was seen, and what of them is left to shorter n-grams (natural logarithms)."""

    def measure_keys(self, keys: Keys, size: int = ORDER) -> Floats:
        """Return the log-probability (nats) of the last character of each n-gram after the others.

        Args:
            keys: n-grams, all of `size` characters.
            size: Characters of each of them.
        """
        if size == 1:
            return np.asarray(self.arrays["unigrams"])[keys.astype(np.int64)]
        known, values = self.arrays[f"keys{size}"], self.arrays[f"values{size}"]
        at, found = _look_up(known, keys)
        result = np.empty(len(keys), np.float32)
        result[found] = values[at[found]]
        rest = keys[~found]
        if len(rest):
            shorter = rest & np.uint64((1 << int(BITS) * (size - 1)) - 1)
            contexts, left = self.arrays[f"contexts{size}"], self.arrays[f"left{size}"]
            place, has_left = _look_up(contexts, rest >> BITS)
            below = np.where(has_left, left[place], 0).astype(np.float32)
            result[~found] = below + self.measure_keys(shorter, size - 1)
        return result

    def write_file(self, path: Path) -> None:
        """Write the model; the same model always gives the same bytes. Raises OutputError."""
        write_pieces(path, self._list_pieces())

    def _list_pieces(self) -> Iterator[bytes]:
        """Yield the file: a line of JSON filled up with spaces, and the arrays."""
        places, at = {}, 0
        for name, array in self.arrays.items():
            places[name] = {"type": array.dtype.str, "at": at, "length": len(array)}
            at += -(-array.nbytes // _ALIGNED) * _ALIGNED
        head = {"format": FORMAT, "sources": dict(self.sources), "arrays": places}
        line = json.dumps(head, ensure_ascii=False).encode()
        yield line + b" " * (-(len(line) + 1) % _ALIGNED) + b"\n"
        for array in self.arrays.values():
            yield array.tobytes()
            yield bytes(-array.nbytes % _ALIGNED)


def read_character_model(path: Path) -> CharacterModel:
    """Return the model in a file, mapped into memory. Raises InputError where it is none."""
    try:
        with path.open("rb") as file:
            line = file.readline(1 << 20)
        head = json.loads(line)
        if head["format"] != FORMAT:
            raise ValueError(head["format"])
        data = np.memmap(path, np.uint8, "r")
        arrays = {}
        for name, place in head["arrays"].items():
            start, kind = len(line) + place["at"], np.dtype(place["type"])
            arrays[name] = data[start : start + place["length"] * kind.itemsize].view(kind)
            if len(arrays[name]) != place["length"]:
                raise ValueError(name)
        return CharacterModel(head["sources"], arrays)
    except OSError as error:
        raise InputError(
            "language-model-unreadable", path=path, reason=str(error.strerror)
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError("language-model-damaged", path=path) from error


def make_character_model(counts: NgramCounts, sources: Mapping[str, str]) -> CharacterModel:
    """Return the model of some counts."""
    full = np.full(CLASSES, UNSEEN)
    first, weights = counts.sizes[0]
    full[first.astype(np.int64)] += weights
    arrays: dict[str, NDArray[np.generic]] = {
        "unigrams": np.log(full / full.sum()).astype(np.float32)
    }
    model = CharacterModel(sources, arrays)
    before = (np.arange(CLASSES, dtype=np.uint64), full)
    for size in range(2, ORDER + 1):
        keys, weights = counts.sizes[size - 1]
        contexts, starts = np.unique(keys >> BITS, return_index=True)
        arrays[f"keys{size}"], arrays[f"contexts{size}"] = keys, contexts
        lengths = np.diff(np.append(starts, len(keys)))
        at, found = _look_up(before[0], contexts)
        seen = np.add.reduceat(weights, starts) if len(keys) else np.zeros(0)
        # Lists of words say less of what follows a character than of how often it stands there.
        context = np.maximum(np.where(found, before[1][at], 0), seen) if len(keys) else seen
        total = context + NEW * lengths
        left = 1 - seen / total
        shorter = keys & np.uint64((1 << int(BITS) * (size - 1)) - 1)
        below = np.exp(model.measure_keys(shorter, size - 1).astype(np.float64))
        values = weights / np.repeat(total, lengths) + np.repeat(left, lengths) * below
        arrays[f"values{size}"] = np.log(values).astype(np.float16)
        arrays[f"left{size}"] = np.log(left).astype(np.float16)
        before = (keys, weights)
    return model


def _look_up(known: NDArray[np.generic], keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the place of each key among sorted ones, and whether it is there."""
    at = np.searchsorted(known, keys)
    at[at == len(known)] = 0
    found = known[at] == keys if len(known) else np.zeros(len(keys), bool)
    return at, np.asarray(found, bool)
