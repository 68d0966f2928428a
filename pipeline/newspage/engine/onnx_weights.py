"""Reads the named weights of an ONNX file, and puts others of the same shape in their place.

An ONNX file is a message of Protocol Buffers. Weights of 32 bits lie in it as they lie in memory,
so that they can be replaced byte by byte. All else stays as it is; any program reads the result.
Only the fields that lead to them are looked at. Numbers are those of the published `onnx.proto`:
`ModelProto.graph` is field 7, `GraphProto.initializer` 5, `output` 12, `value_info` 13, and of
`TensorProto` `dims` 1, `data_type` 2, `name` 8, `raw_data` 9. The sizes of an output stand in
`ValueInfoProto.type` 2, `TypeProto.tensor_type` 1, `Tensor.shape` 2, `TensorShapeProto.dim` 1,
`Dimension.dim_value` 1.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FLOAT = 1
"""`TensorProto.DataType.FLOAT`: numbers of 32 bits."""
_GRAPH, _INITIALISER, _OUTPUT, _VALUE_INFO = 7, 5, 12, 13
_METADATA = 14
_TO_SIZES = (2, 1, 2, 1)
"""Fields that lead from an output to its sizes."""
_SIZE = 1
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


def read_metadata(data: bytes) -> dict[str, str]:
    """Return what an ONNX file says of itself, by name. Raises ValueError.

    Numbers are those of `ModelProto.metadata_props` (14) and its `key` (1) and `value` (2).
    """
    found = {}
    for number, kind, start, end in _list_fields(data, 0, len(data)):
        if (number, kind) == (_METADATA, _LENGTH):
            fields = {
                inner: data[a:b].decode() for inner, _, a, b in _list_fields(data, start, end)
            }
            found[fields.get(1, "")] = fields.get(2, "")
    return found


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


def extend_weights(data: bytes, added: Mapping[str, NDArray[np.floating]]) -> bytes:
    """Return an ONNX file with numbers put behind some of its weights, along their last axis.

    All are made longer by the same count, and outputs of the old length with them. What the file
    says of sizes in between is left out, since programs find them by themselves.

    Raises ValueError where it has no weight of a name, or one of another shape, and where these are
    not all the weights of their length: what is left of a network is then none.
    """
    weights, places = read_weights(data), locate_weights(data)
    longer = {}
    for name, more in added.items():
        if name not in weights or weights[name].shape[:-1] != more.shape[:-1]:
            raise ValueError(f"no weight {name} that takes {more.shape}")
        longer[name] = np.concatenate([weights[name], more.astype(np.float32)], axis=-1)
    sizes = {places[name].shape[-1]: weight.shape[-1] for name, weight in longer.items()}
    alike = {name for name, weight in weights.items() if weight.shape[-1:] == (*sizes,)}
    if alike != longer.keys():
        raise ValueError("weights of one length, of which some would grow")

    def change_graph(number: int, kind: int, start: int, end: int) -> bytes | None:
        """Return what a field of the graph becomes; None: it stays."""
        if number == _VALUE_INFO:
            return b""
        if number == _OUTPUT:
            return _make_field(number, _resize(data, start, end, _TO_SIZES, sizes))
        if number == _INITIALISER and (name := _read_tensor(data, start, end)[0]) in longer:
            return _make_field(number, _make_tensor(name, longer[name]))
        return None

    def change_model(number: int, kind: int, start: int, end: int) -> bytes | None:
        """Return what a field of the model becomes; None: it stays."""
        if number != _GRAPH:
            return None
        return _make_field(number, _rewrite(data, start, end, change_graph))

    return _rewrite(data, 0, len(data), change_model)


def _resize(
    data: bytes, start: int, end: int, path: Sequence[int], sizes: Mapping[int, int]
) -> bytes:
    """Return a message whose sizes, to which a path of fields leads, are replaced."""

    def change(number: int, kind: int, a: int, b: int) -> bytes | None:
        """Return what a field becomes; None: it stays."""
        if path and number == path[0] and kind == _LENGTH:
            return _make_field(number, _resize(data, a, b, path[1:], sizes))
        if not path and number == _SIZE and kind == _VARINT:
            size = _read_varint(data, a, b)[0]
            return _make_number(number, sizes.get(size, size))
        return None

    return _rewrite(data, start, end, change)


def _rewrite(
    data: bytes, start: int, end: int, change: Callable[[int, int, int, int], bytes | None]
) -> bytes:
    """Return a message with fields changed; `change` takes what `_list_fields` yields."""
    pieces, at = [], start
    for number, kind, a, b in _list_fields(data, start, end):
        changed = change(number, kind, a, b)
        pieces.append(data[at:b] if changed is None else changed)
        at = b
    return b"".join(pieces)


def _make_tensor(name: str, weight: NDArray[np.floating]) -> bytes:
    """Return the message of a weight."""
    return b"".join(
        [
            *(_make_number(_DIMS, size) for size in weight.shape),
            _make_number(_TYPE, FLOAT),
            _make_field(_NAME, name.encode()),
            _make_field(_RAW, np.ascontiguousarray(weight, "<f4").tobytes()),
        ]
    )


def _make_field(number: int, content: bytes) -> bytes:
    """Return a field that has a length."""
    return _make_varint(number << 3 | _LENGTH) + _make_varint(len(content)) + content


def _make_number(number: int, value: int) -> bytes:
    """Return a field that is a number."""
    return _make_varint(number << 3 | _VARINT) + _make_varint(value)


def _make_varint(value: int) -> bytes:
    """Return a number in seven bits a byte."""
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    return bytes([*made, value])


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
