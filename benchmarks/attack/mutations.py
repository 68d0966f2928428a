"""Sound files made unsound: flipped bits, cut ends, swollen numbers, pieces of other files."""

import random
from collections.abc import Callable, Sequence

Mutation = Callable[[bytearray, random.Random, bytes], None]
"""Changes some bytes in place; the last are those of another file, to take pieces from."""

_NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
_HEADER = 512
"""Bytes at the start of a file in which most formats say how large all is."""


def mutate(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """Return a file after one to four changes."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 4))):
        change = chance.choice(MUTATIONS)
        change(changed, chance, other)
    return bytes(changed)


def _flip_bits(data: bytearray, chance: random.Random, other: bytes) -> None:
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut_short(data: bytearray, chance: random.Random, _: bytes) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _write_number(data: bytearray, chance: random.Random, _: bytes) -> None:
    """A number of one, two or four bytes anywhere in the header, either end first."""
    width = chance.choice((1, 2, 4))
    number = chance.choice(_NUMBERS) & (1 << 8 * width) - 1
    at = chance.randrange(min(len(data), _HEADER) + 1)
    data[at : at + width] = number.to_bytes(width, chance.choice(("big", "little")))


def _write_number_anywhere(data: bytearray, chance: random.Random, other: bytes) -> None:
    """TIFF and PDF files keep their tables at the end."""
    at = chance.randrange(len(data) + 1)
    tail = data[at:]
    _write_number(tail, chance, other)
    data[at:] = tail


def _splice(data: bytearray, chance: random.Random, other: bytes) -> None:
    """A piece of another file, in place of one or between."""
    start = chance.randrange(len(other) + 1)
    piece = other[start : start + chance.choice((1, 16, 256, 4096))]
    at = chance.randrange(len(data) + 1)
    data[at : at + chance.choice((0, len(piece)))] = piece


def _double(data: bytearray, chance: random.Random, _: bytes) -> None:
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.choice((4, 64, 1024))]
    at = chance.randrange(len(data) + 1)
    data[at:at] = piece * chance.choice((1, 1, 2, 50))


def _leave_out(data: bytearray, chance: random.Random, _: bytes) -> None:
    start = chance.randrange(len(data) + 1)
    del data[start : start + chance.choice((1, 4, 64, 1024))]


def _blank_out(data: bytearray, chance: random.Random, _: bytes) -> None:
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((4, 64, 512, 4096)))
    data[start:end] = bytes([chance.choice((0, 0, 0xFF, 0x20))]) * (end - start)


MUTATIONS: Sequence[Mutation] = (
    _flip_bits,
    _flip_bits,
    _cut_short,
    _write_number,
    _write_number,
    _write_number_anywhere,
    _splice,
    _double,
    _leave_out,
    _blank_out,
)
