"""Does the work around the networks that all engines share: tiles, outlines, strips, decoding."""

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.config import EngineConfig
from newspage.engine.adapters import Adapter
from newspage.engine.boxes import HUGE, SHRINK, BoxRules, add_huge_lines, extract_lines
from newspage.engine.ctc_decoding import decode_best_path, make_lattice
from newspage.engine.models import HEIGHT, Network, list_description_characters
from newspage.engine.protocol import FoundLine, Reading
from newspage.engine.strip_batches import cut_long_strip, group_into_batches, scale_to_height
from newspage.engine.tiles import TileMap, compute_text_map
from newspage.lattice import Lattice
from newspage.model import GrayImage

TOP_K = 8
"""Number of classes kept at each step of a lattice. Judgement: rarer ones decide no correction."""
SET = 128
"""Number of classes in a set: sorting all at each step takes several times as long as looking
through sets for the best."""
ADAPTED = 2
"""Adapted recognisers that an engine keeps: each takes 0.2 GB, and a run rarely mixes papers."""
LEAST = 1e-30
"""Smallest probability whose logarithm is taken."""

Steps = tuple[NDArray[np.int32], NDArray[np.floating]]
"""Best classes of each step and their natural log-probabilities, shape (strips, steps, TOP_K)."""


class NetworkEngine(ABC):
    """An engine on a detection and a recognition network; see `Engine`."""

    def __init__(self, name: str, characters: Sequence[str], config: EngineConfig) -> None:
        self._name = name
        self._characters = tuple(characters)
        self._rules = BoxRules(config.map_threshold, config.line_threshold, config.unclip)
        self._adapted: dict[str, NetworkEngine] = {}
        self._light: NetworkEngine | None = None

    @property
    def name(self) -> str:
        """Return the engine, its version and the models it runs, for the record."""
        return self._name

    @property
    def characters(self) -> tuple[str, ...]:
        """Return the character of each class of a lattice; that of the blank is empty."""
        return self._characters

    def with_adapter(self, adapter: Adapter) -> "NetworkEngine":
        """Return an engine that reads with an adapter, and shares all else with this one.

        Raises ConfigError where the adapter was trained from another network.
        """
        digest = adapter.digest
        if digest not in self._adapted:
            adapted = copy.copy(self)
            adapted._name = f"{self._name} with {adapter.paper} {digest[:12]}"
            adapted._adapted, adapted._light = {}, None
            adapted._characters = (*self._characters, *adapter.classes)
            adapted._adapt(adapter)
            while len(self._adapted) >= ADAPTED:
                self._adapted.pop(next(iter(self._adapted)))
            self._adapted[digest] = adapted
        return self._adapted[digest]

    def with_recogniser(self, network: Network) -> "NetworkEngine":
        """Return an engine that reads with another recogniser, and shares all else with this one.

        The one that was asked for last is kept. Raises MissingDependencyError where its
        description lists no characters, or it has none.
        """
        name = f"{self._name} with {network.name}"
        if self._light is None or self._light.name != name:
            other = copy.copy(self)
            other._name, other._adapted, other._light = name, {}, None
            other._characters = list_description_characters(network) or ()
            other._take_recogniser(network)
            self._light = other
        return self._light

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        """Return all lines of text in an image, from the top down.

        Huge ones are looked for in an image SHRINK times smaller.
        """
        found = extract_lines(compute_text_map(image, self._detect), self._rules)
        if min(image.shape) > HUGE:
            small = cv2.resize(
                image, None, fx=1 / SHRINK, fy=1 / SHRINK, interpolation=cv2.INTER_AREA
            )
            found = add_huge_lines(
                found, extract_lines(compute_text_map(small, self._detect), self._rules)
            )
        return sorted(found, key=lambda line: (line.polygon[0][1], line.polygon[0][0]))

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        """Read the text of each strip; long strips are read in parts. See `Engine`."""
        scaled = [scale_to_height(strip) for strip in strips]
        starts = [cut_long_strip(strip) for strip in scaled]
        pieces = [
            strip[:, a:b]
            for strip, s in zip(scaled, starts, strict=True)
            for a, b in zip(s, [*s[1:], strip.shape[1]], strict=True)
        ]
        lattices = iter(self._lattices(pieces, also))
        return [
            decode_best_path(
                _joined([next(lattices) for _ in s], [*s, strip.shape[1]]),
                self._characters,
                HEIGHT / strip.shape[1],
            )
            for strip, s in zip(scaled, starts, strict=True)
        ]

    def _lattices(self, strips: Sequence[GrayImage], also: Sequence[int]) -> list[Lattice]:
        """Return the lattice of each strip, read in batches; `also` as in `read_lines`."""
        lattices: dict[int, Lattice] = {}
        planned = list(group_into_batches(strips))
        pixels = (b.pixels for b in planned)
        read = self._read_closely(pixels, also) if also else self._recognise(pixels)
        for batch, steps in zip(planned, read, strict=True):
            for row, (member, width) in enumerate(zip(batch.members, batch.widths, strict=True)):
                classes, log_probs = (s[row] for s in steps)
                lattices[member] = make_lattice(classes, log_probs, width, batch.pixels.shape[2])
        return [lattices[i] for i in range(len(strips))]

    def _read_closely(
        self, strips: Iterable[NDArray[np.uint8]], also: Sequence[int]
    ) -> Iterator[Steps]:
        """Yield the steps of each batch with the classes `also` behind the best ones."""
        for chances in self._chances(strips):
            classes, log_probs = select_best_classes(chances)
            wanted = np.broadcast_to(np.asarray(also, np.int32), (*classes.shape[:2], len(also)))
            yield (
                np.concatenate([classes, wanted], axis=-1),
                np.concatenate([log_probs, _logarithm(chances[..., list(also)])], axis=-1),
            )

    @abstractmethod
    def _adapt(self, adapter: Adapter) -> None:
        """Put a recogniser with an adapter in the place of the one there is. Raises ConfigError."""

    @abstractmethod
    def _take_recogniser(self, network: Network) -> None:
        """Put another recogniser in the place of the one there is."""

    @abstractmethod
    def _detect(self, tiles: Iterable[GrayImage]) -> Iterable[TileMap]:
        """Return the map of each tile; the sides of tiles are multiples of `tiles.STRIDE`."""

    @abstractmethod
    def _recognise(self, strips: Iterable[NDArray[np.uint8]]) -> Iterable[Steps]:
        """Return the best classes of each batch of strips, of shape (strips, HEIGHT, width)."""

    @abstractmethod
    def _chances(self, strips: Iterable[NDArray[np.uint8]]) -> Iterable[NDArray[np.floating]]:
        """Return all probabilities of each batch, of shape (strips, steps, classes)."""


def select_best_classes(chances: NDArray[np.floating]) -> Steps:
    """Return the best classes and their log-probabilities, from the probabilities of all classes.

    `chances` has shape (strips, steps, classes).
    """
    kept = min(TOP_K, chances.shape[-1])
    candidates = _candidates(chances, kept)
    values = np.take_along_axis(chances, candidates, axis=-1)
    places = np.argpartition(values, -kept, axis=-1)[..., -kept:]
    values = np.take_along_axis(values, places, axis=-1)
    order = np.argsort(-values, axis=-1, kind="stable")
    classes = np.take_along_axis(np.take_along_axis(candidates, places, axis=-1), order, axis=-1)
    return classes.astype(np.int32), _logarithm(np.take_along_axis(values, order, axis=-1))


def _candidates(chances: NDArray[np.floating], kept: int) -> NDArray[np.intp]:
    """Return classes of each step among which the best `kept` are: all, or those of a few sets.

    The best are in the sets whose own best are the greatest, or in the last set, which is short.
    """
    count = chances.shape[-1]
    sets = count // SET
    shape = chances.shape[:-1]
    if sets <= kept:
        return np.broadcast_to(np.arange(count), chances.shape)
    greatest = chances[..., : sets * SET].reshape(*shape, sets, SET).max(axis=-1)
    chosen = np.argpartition(greatest, -kept, axis=-1)[..., -kept:]
    classes = (chosen[..., None] * SET + np.arange(SET)).reshape(*shape, kept * SET)
    rest = np.broadcast_to(np.arange(sets * SET, count), (*shape, count - sets * SET))
    return np.concatenate([classes, rest], axis=-1)


def _logarithm(chances: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return natural logarithms of probabilities, those of none kept finite."""
    logarithms: NDArray[np.float32] = np.log(np.maximum(chances.astype(np.float32), LEAST))
    return logarithms


def _joined(lattices: Sequence[Lattice], edges: Sequence[int]) -> Lattice:
    """Return one lattice of a strip from those of its parts."""
    if len(lattices) == 1:
        return lattices[0]
    whole = edges[-1]
    return Lattice(
        np.concatenate([part.classes for part in lattices]),
        np.concatenate([part.log_probs for part in lattices]),
        np.concatenate(
            [
                (start + part.positions * (end - start)) / whole
                for part, start, end in zip(lattices, edges, edges[1:], strict=False)
            ]
        ).astype(np.float32),
    )
