"""Adapters: what a recogniser has learnt of one paper's type, as a small file.

A file is in the format safetensors: a header in JSON, then numbers of 16 bits. It holds what is
added to some weights of the network that it was trained from, which it names by its checksum, and
may hold weights of classes that the network has not: characters that it can then read besides. It
is not trusted: nothing in it is run, and one that is larger, longer or other than an adapter is
refused before it is used.
"""

import hashlib
import json
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from newspage.engine.onnx_weights import extend_weights, read_weights, replace_weights
from newspage.engine.protocol import Engine
from newspage.errors import ConfigError, InputError, RefusedError

SUFFIX = ".safetensors"
FOLDER = "adapters"
"""Folder below the current one in which adapters are kept by their names."""
FORMAT = "newspage-adapter/1"
MAX_BYTES = 16_000_000
"""Size of a file. A neck and the bias of 18,710 classes have .7 MB."""
MAX_HEADER = 1_000_000
"""Size of its header in bytes. Judgement: one of 36 weights has 6 kB."""
LARGEST = 100.0
"""Greatest number that may be added to a weight. Judgement: weights are below 30; what training
adds was below 1."""

MOST_CLASSES = 2000
"""Most classes that an adapter may add. Judgement: a paper has some dozen rare forms."""
_ADDED = " of new classes"
"""End of the names that weights of new classes have in a file."""

Deltas = Mapping[str, NDArray[np.float16]]
"""What is added to the weights of a network, by their names in its file."""
Facts = Mapping[str, str | int | float]
"""What is known of an adapter's making, for people."""


@dataclass(frozen=True, slots=True, eq=False)
class Adapter:
    """What a recogniser has learnt of one paper's type."""

    base: str
    """Checksum (SHA-256, in hex) of the file of the network that it was trained from."""
    paper: str
    deltas: Deltas
    facts: Facts = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Ranges of the inputs of layers behind trained weights, for multiplying in 8 bits."""
    classes: tuple[str, ...] = ()
    """Characters that it adds a class for, behind the last one of the network."""
    added: Deltas = field(default_factory=dict)
    """Weights of these classes, by the names of those that they are put behind on the last axis."""

    @property
    def digest(self) -> str:
        """Return the checksum of the adapter's file, in hex."""
        return hashlib.sha256(write_adapter(self)).hexdigest()

    def fits_network(self, data: bytes) -> bool:
        """Tell whether the file of a network is the one that the adapter was trained from."""
        return hashlib.sha256(data).hexdigest() == self.base

    def adapt_weights(self, data: bytes) -> bytes:
        """Return the file of a network with the adapter in it, from that of its base.

        Raises ConfigError where the file is that of another network.
        """
        if not self.fits_network(data):
            raise ConfigError("adapter-of-another-network", paper=self.paper)
        weights = read_weights(data)
        try:
            changed = {n: weights[n] + d.astype(np.float32) for n, d in self.deltas.items()}
            adapted = replace_weights(data, changed)
            return extend_weights(adapted, self.added) if self.added else adapted
        except (KeyError, ValueError) as error:
            raise ConfigError("adapter-of-another-network", paper=self.paper) from error


@runtime_checkable
class AdaptableEngine(Protocol):
    """An engine that can read with an adapter."""

    def with_adapter(self, adapter: Adapter) -> Engine:
        """Return an engine that reads with an adapter. Raises ConfigError for a foreign one."""
        ...


def adapt_engine(engine: Engine, adapter: str) -> Engine:
    """Return an engine that reads with an adapter, by its name or file; itself for an empty one.

    Raises InputError where there is no such adapter, ConfigError where the engine cannot take it.
    """
    if not adapter:
        return engine
    if not isinstance(engine, AdaptableEngine):
        raise ConfigError("engine-takes-no-adapter", engine=engine.name)
    return engine.with_adapter(load_adapter(find_adapter(adapter)))


def find_adapter(name: str) -> Path:
    """Return the file of an adapter: the one named, or that of a name in the folder of adapters."""
    return Path(name) if name.endswith(SUFFIX) else Path(FOLDER) / (name + SUFFIX)


def digest_adapter(name: str) -> str:
    """Return the checksum of the file of an adapter. Raises InputError."""
    return hashlib.sha256(_read_bytes(find_adapter(name))).hexdigest()


def load_adapter(path: Path) -> Adapter:
    """Read an adapter. Raises InputError for none, RefusedError for a hostile one."""
    return _parse_kept(_read_bytes(path), path)


def write_adapter(adapter: Adapter) -> bytes:
    """Return the file of an adapter; the same one always gives the same bytes."""
    about = {
        "format": FORMAT,
        "base": adapter.base,
        "paper": adapter.paper,
        "facts": json.dumps(adapter.facts, ensure_ascii=False, sort_keys=True),
        "ranges": json.dumps(adapter.ranges, sort_keys=True),
        # Where there are none, files are as they were before there could be.
        **({"classes": json.dumps(adapter.classes, ensure_ascii=False)} if adapter.classes else {}),
    }
    weights = {**adapter.deltas, **{name + _ADDED: more for name, more in adapter.added.items()}}
    header: dict[str, Any] = {"__metadata__": about}
    place, pieces = 0, []
    for name, delta in sorted(weights.items()):
        data = np.ascontiguousarray(delta, "<f2").tobytes()
        offsets = [place, place := place + len(data)]
        header[name] = {"dtype": "F16", "shape": list(delta.shape), "data_offsets": offsets}
        pieces.append(data)
    text = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(pieces)


def parse_adapter(data: bytes, path: Path) -> Adapter:
    """Parse the file of an adapter; messages call it `path`.

    Raises InputError where it is none, RefusedError where it holds what none can hold.
    """
    try:
        size = int.from_bytes(data[:8], "little")
        if len(data) < 8 or size > min(MAX_HEADER, len(data) - 8):
            raise ValueError("no header")
        header = json.loads(data[8 : 8 + size])
        about = header.pop("__metadata__")
        if about["format"] != FORMAT:
            raise ValueError("another format")
        facts, ranges = json.loads(about["facts"]), json.loads(about["ranges"])
        classes = json.loads(about.get("classes", "[]"))
        texts = [str(about[name]) for name in ("base", "paper")]
        shapes = {name: _read_place(entry) for name, entry in header.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError("adapter-unreadable", path=path) from error
    numbers = data[8 + size :]
    try:
        weights = {name: _read_numbers(numbers, *place) for name, place in shapes.items()}
        _require_whole(shapes, len(numbers))
        added = {n.removesuffix(_ADDED): w for n, w in weights.items() if n.endswith(_ADDED)}
        return Adapter(
            texts[0],
            texts[1],
            {name: delta for name, delta in weights.items() if not name.endswith(_ADDED)},
            _read_facts(facts),
            _read_ranges(ranges),
            _read_classes(classes, added),
            added,
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise RefusedError("adapter-impossible", path=path, reason=str(error)[:80]) from error


_Place = tuple[tuple[int, ...], int, int]
"""Shape of a weight, and where its numbers begin and end."""


def _read_place(entry: Mapping[str, Any]) -> _Place:
    """Return shape and place of a weight from its entry in the header. Raises ValueError."""
    if entry["dtype"] != "F16":
        raise ValueError("numbers of another size")
    shape, (start, end) = entry["shape"], entry["data_offsets"]
    if not all(type(n) is int and n >= 0 for n in (*shape, start, end)):
        raise ValueError("a place that is none")
    return tuple(shape), start, end


def _read_numbers(data: bytes, shape: tuple[int, ...], start: int, end: int) -> NDArray[np.float16]:
    """Return the numbers of a weight. Raises ValueError where they do not fit or are too large."""
    if end > len(data) or end - start != 2 * math.prod(shape):
        raise ValueError("a weight that does not fit its place")
    numbers = np.frombuffer(data, "<f2", math.prod(shape), start).reshape(shape)
    if not (np.abs(numbers.astype(np.float32)) <= LARGEST).all():
        raise ValueError("a weight beyond all bounds")
    return numbers


def _require_whole(shapes: Mapping[str, _Place], size: int) -> None:
    """Raise ValueError unless the weights fill the numbers of a file without gap or overlap."""
    at = 0
    for _, start, end in sorted(shapes.values(), key=lambda place: place[1:]):
        if start != at:
            raise ValueError("weights that overlap")
        at = end
    if at != size or not shapes:
        raise ValueError("numbers of no weight")


def _read_facts(facts: Mapping[str, Any]) -> Facts:
    """Return the facts of a header. Raises ValueError for any that is no text or number."""
    if not all(type(value) in (str, int, float) for value in facts.values()):
        raise ValueError("facts that are none")
    return dict(facts)


def _read_ranges(ranges: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """Return the ranges of a header. Raises ValueError for any that is none."""
    found = {str(name): (float(low), float(high)) for name, (low, high) in ranges.items()}
    if not all(-1e6 < low <= high < 1e6 for low, high in found.values()):
        raise ValueError("ranges that are none")
    return found


def _read_classes(classes: Sequence[object], added: Deltas) -> tuple[str, ...]:
    """Return the characters of a header. Raises ValueError where they do not fit the weights."""
    found = tuple(str(character) for character in classes)
    if len(found) > MOST_CLASSES or len(set(found)) < len(found):
        raise ValueError("classes that are too many or the same")
    if not all(map(is_class_character, found)):
        raise ValueError("a class that is no character")
    if {more.shape[-1:] for more in added.values()} != ({(len(found),)} if found else set()):
        raise ValueError("classes without weights, or weights without classes")
    return found


def is_class_character(text: str) -> bool:
    """Tell whether a text is one character that a class may stand for: a letter, mark or sign.

    Controls, blanks, and what only changes the character before it are none.
    """
    return len(text) == 1 and unicodedata.category(text)[0] in "LNPS"


def _read_bytes(path: Path) -> bytes:
    """Return the bytes of an adapter's file. Raises InputError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError("adapter-missing", path=path, reason=str(error.strerror)) from error
    if len(data) > MAX_BYTES:
        raise RefusedError("adapter-too-large", path=path, megabytes=MAX_BYTES // 1_000_000)
    return data


@lru_cache(maxsize=2)
def _parse_kept(data: bytes, path: Path) -> Adapter:
    """Parse an adapter, or return what was parsed of the same bytes before."""
    return parse_adapter(data, path)


def describe_adapter(adapter: Adapter) -> dict[str, str | int | float]:
    """Return what is known of an adapter, for people, in a fixed order."""
    return {
        "paper": adapter.paper,
        "base": adapter.base[:12],
        "digest": adapter.digest[:12],
        "numbers": sum(d.size for d in (*adapter.deltas.values(), *adapter.added.values())),
        **({"new characters": "".join(adapter.classes)} if adapter.classes else {}),
        **adapter.facts,
    }
