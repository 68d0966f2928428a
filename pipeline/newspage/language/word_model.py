"""Reads the words, pairs and triples of words of a language model in KenLM's format of tries.

Input methods have such models: that of Debian's package `libime-data-language-model` (LGPL 2.1 or
later) knows 165,000 Chinese words, two million pairs and 630,000 triples. The format is that of a
trie with quantised probabilities and compressed pointers (model type 5), of three words. The trie
runs backwards: below a word stand those before it.

    header      magic, test values; order, multiplier, type, has words, version; counts
    vocabulary  number of words, their hashes
    trie        quantisation tables; words; pairs; triples
    words       "<unk>" and each word, zero after each, in the order of their numbers

A word has its log-probability, its back-off (32 bits each) and where its pairs begin (64). A pair
is packed into bits: number of the word, back-off, log-probability, and the lower bits of where its
triples begin, whose higher bits are known from a table: its n-th entry says at which pair they
become n. A triple has number and log-probability. Logarithms are to the base of 10.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newspage.errors import InputError

WORD_ORDER = "word model"
"""Name under which a model says that it knows what follows what."""
MODEL_NAME = "zh_CN.lm"
"""File name of the model."""
DEBIAN_FILES = f"lib/*/libime/{MODEL_NAME}"
"""Where Debian's package has the model, below `/usr`."""
_MAGIC = b"mmap lm http://kheafield.com/code format version 5\n\0"
_HEADER = struct.Struct("<B3xfIB3xI")
_AT_HEADER, _AT_COUNTS = 88, 108
_TYPE, _WORDS = 5, 3
_TAIL = 8
"""Bytes behind each packed array, so that eight can be read at its end."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class WordModel:
    """Words, and how likely each pair and triple is. Log-probabilities are to the base of 10."""

    words: Sequence[str]
    single: NDArray[np.float64]
    """Log-probability of each word."""
    pairs: tuple[Numbers, Numbers, NDArray[np.float64]]
    """First word, second word, log-probability of the second after the first."""
    triples: tuple[Numbers, Numbers, NDArray[np.float64]]
    """First word; the pair of the second and third, by its place in `pairs`; log-probability of the
    third after the first two."""


def find_word_model(root: Path = Path("/usr")) -> Path | None:
    """Return the model that Debian's package has installed, or None."""
    return next(iter(sorted(root.glob(DEBIAN_FILES))), None)


def read_word_model(path: Path) -> WordModel:
    """Return the words, pairs and triples of a model. Raises InputError where it is none."""
    try:
        data = path.read_bytes()
        return _parse_model(data)
    except OSError as error:
        raise InputError("word-model-unreadable", path=path, reason=str(error.strerror)) from error
    except (ValueError, IndexError, struct.error) as error:
        raise InputError("word-model-other", path=path) from error


def _parse_model(data: bytes) -> WordModel:
    """Return what a file says. Raises ValueError, IndexError or struct.error at other files."""
    order, _, kind, has_words, _ = _HEADER.unpack_from(data, _AT_HEADER)
    if not data.startswith(_MAGIC) or (order, kind) != (_WORDS, _TYPE) or not has_words:
        raise ValueError("another format")
    words, pairs, triples = struct.unpack_from("<3Q", data, _AT_COUNTS)
    at = -(-(_AT_COUNTS + 24) // 8) * 8 + 8 + 8 * words
    prob_bits, backoff_bits = data[at + 1], data[at + 2]
    tables = np.frombuffer(data, "<f4", 2 * (1 << prob_bits) + (1 << backoff_bits), at + 8)
    pair_values, triple_values = tables[: 1 << prob_bits], tables[-(1 << prob_bits) :]
    at += 8 + tables.nbytes
    layout = np.dtype([("value", "<f4"), ("backoff", "<f4"), ("next", "<u8")])
    single = np.frombuffer(data, layout, words + 2, at)
    at += (words + 2) * layout.itemsize
    chopped = _count_chopped_bits(pairs + 1, triples, data[at + 1])
    high_bits = triples.bit_length() - chopped
    high = np.frombuffer(data, "<u8", (triples >> high_bits) + 1, -(-at // 8) * 8 + 8)
    at += 8 * (1 + len(high)) + 7
    word_bits = words.bit_length()
    fields = (word_bits, backoff_bits, prob_bits, high_bits)
    first, _, value, low = _unpack_bits(data, at, pairs + 1, fields)
    at += ((pairs + 1) * sum(fields) + 7) // 8 + _TAIL
    places = np.searchsorted(high, np.arange(pairs + 1), "right") - 1 << high_bits | low
    outer, last = _unpack_bits(data, at, triples, (word_bits, prob_bits))
    at += ((triples + 1) * (word_bits + prob_bits) + 7) // 8 + _TAIL
    second = np.repeat(np.arange(words), np.diff(single["next"][: words + 1].astype(np.int64)))
    inner = np.repeat(np.arange(pairs), np.diff(places))
    names = data[at:].split(b"\0")
    if names[0] != b"<unk>" or len(names) != words + 1 or len(inner) != triples:
        raise ValueError("a file that is cut or has more")
    return WordModel(
        [name.decode() for name in names[:-1]],
        single["value"][:words].astype(np.float64),
        (first[:-1], second, pair_values[value[:-1]].astype(np.float64)),
        (outer, inner, triple_values[last].astype(np.float64)),
    )


def _count_chopped_bits(entries: int, most: int, allowed: int) -> int:
    """Return how many bits of each pointer are in the table: what made the file smallest."""
    bits = most.bit_length()
    costs = [
        (most >> (bits - chop)) * 64 - entries * chop for chop in range(min(bits, allowed) + 1)
    ]
    return costs.index(min(costs))


def _unpack_bits(data: bytes, at: int, entries: int, fields: Sequence[int]) -> list[Numbers]:
    """Return the fields of packed entries, the lowest bits first; each has 57 bits at most."""
    raw = np.frombuffer(data, np.uint8, offset=at)
    eight = np.ndarray((len(raw) - 7,), "<u8", raw, strides=(1,))
    found, offset = [], 0
    starts = np.arange(entries, dtype=np.int64) * sum(fields)
    for bits in fields:
        begins = starts + offset
        values = eight[begins >> 3] >> (begins & 7).astype(np.uint64)
        found.append((values & np.uint64((1 << bits) - 1)).astype(np.int64))
        offset += bits
    return found
