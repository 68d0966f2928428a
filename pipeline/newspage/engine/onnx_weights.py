"""Reads the named weights of an ONNX file, and puts others of the same shape in their place.

An ONNX file is a message of Protocol Buffers. Weights of 32 bits lie in it as they lie in memory,
so that they can be replaced byte by byte. All else stays as it is; any program reads the result.
Only the fields that lead to them are looked at. Numbers are those of the published `onnx.proto`:
`ModelProto.graph` is field 7, `GraphProto.initializer` 5, and of `TensorProto` `dims` 1,
`data_type` 2, `name` 8, `raw_data` 9.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FLOAT = 1
"""`TensorProto.DataType.FLOAT`: numbers of 32 bits."""
_GRAPH, _INITIALISER = 7, 5
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_FIXED_BYTES = {_FIXED64: 8, _FIXED32: 4}


@dataclass(frozen=True, slots=True)
class WeightPlace:
    """The place of a weight in the bytes of its file."""

    shape: tuple[int, ...]
    start: int
    end: int


def locate_weights(data: bytes) -> dict[str, WeightPlace]:
    """Return where the weights of 32 bits lie in an ONNX file, by their names.

    Raises ValueError where the bytes are no message of Protocol Buffers.
    """
    found = {}
    for number, kind, start, end in _list_fields(data, 0, len(data)):
        if (number, kind) != (_GRAPH, _LENGTH):
            continue
        for inner, inner_kind, a, b in _list_fields(data, start, end):
            if (inner, inner_kind) == (_INITIALISER, _LENGTH):
                name, place = _read_tensor(data, a, b)
                if place is not None:
                    found[name] = place
    return found


def read_weights(data: bytes) -> dict[str, NDArray[np.float32]]:
    """Return the weights of 32 bits of an ONNX file, by their names. Raises ValueError."""
    return {
        name: np.frombuffer(data, "<f4", (place.end - place.start) // 4, place.start).reshape(
            place.shape
        )
        for name, place in locate_weights(data).items()
    }


def replace_weights(data: bytes, weights: Mapping[str, NDArray[np.floating]]) -> bytes:
    """Return an ONNX file with some of its weights replaced.

    Raises ValueError where it has no weight of a name, or one of another shape.
    """
    places = locate_weights(data)
    changed = bytearray(data)
    for name, weight in weights.items():
        place = places.get(name)
        if place is None or place.shape != weight.shape:
            raise ValueError(f"no weight {name} of shape {weight.shape}")
        changed[place.start : place.end] = np.ascontiguousarray(weight, "<f4").tobytes()
    return bytes(changed)


def _read_tensor(data: bytes, start: int, end: int) -> tuple[str, WeightPlace | None]:
    """Return the name of a tensor, and its place unless it is of another type or lies elsewhere."""
    dims: list[int] = []
    type_, name, raw = 0, "", None
    for number, kind, a, b in _list_fields(data, start, end):
        if number == _DIMS and kind == _VARINT:
            dims.append(_read_varint(data, a, b)[0])
        elif number == _DIMS:  # packed: one after the other in a single field
            dims += _read_packed(data, a, b)
        elif number == _TYPE:
            type_ = _read_varint(data, a, b)[0]
        elif number == _NAME:
            name = data[a:b].decode("utf-8")
        elif number == _RAW:
            raw = (a, b)
    if type_ != FLOAT or raw is None or raw[1] - raw[0] != 4 * int(np.prod(dims, dtype=object)):
        return name, None
    return name, WeightPlace(tuple(dims), *raw)


def _read_packed(data: bytes, start: int, end: int) -> list[int]:
    """Return the numbers of a packed field."""
    numbers = []
    while start < end:
        number, start = _read_varint(data, start, end)
        numbers.append(number)
    return numbers


def _list_fields(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield number, kind, start and end of the contents of each field of a message."""
    while start < end:
        tag, start = _read_varint(data, start, end)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            after = _read_varint(data, start, end)[1]
        elif kind == _LENGTH:
            size, start = _read_varint(data, start, end)
            after = start + size
        elif kind in _FIXED_BYTES:
            after = start + _FIXED_BYTES[kind]
        else:
            raise ValueError("a field of no known kind")
        if after > end:
            raise ValueError("a field that ends behind its message")
        yield number, kind, start, after
        start = after


def _read_varint(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, and where it ends."""
    value = shift = 0
    while start < end and shift < 70:
        byte = data[start]
        start += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, start
        shift += 7
    raise ValueError("a number without an end")
