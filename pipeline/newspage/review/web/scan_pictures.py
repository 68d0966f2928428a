"""Pictures of scans: crops for questions, tiles for zooming; kept on disk once cut.

The folder of pictures can be deleted at any time. A scan is decoded once, even where several ask
for it at the same time.
"""

import math
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from newspage.config import IngestConfig
from newspage.errors import InputError, NewspageError
from newspage.files import write_files
from newspage.geometry import Box
from newspage.ingest import load_page, open_pages
from newspage.model import GrayImage
from newspage.review.service import Quad
from newspage.review.web.image_requests import ImageRequest

TILE = 512
"""Side of a tile, pixels. Judgement, not measured."""
MAX_CROP = 1600
"""Largest width and height of a crop, pixels. Judgement, not measured."""
FOLDER_NAME = "newspage.cache"
_QUALITY = [int(cv2.IMWRITE_WEBP_QUALITY), 82]
_JPEG = [int(cv2.IMWRITE_JPEG_QUALITY), 82]
"""Quality, of 100, for reading print on a screen. Judgement, not measured; so of WebP."""
_DECODED_BYTES = 500_000_000
"""Memory for decoded scans: a few broadsheets in grey. Judgement, not measured."""
_DISK_BYTES = 3_000_000_000
"""Disk space for pictures. Judgement, not measured."""
_LOOK_EVERY = 400
"""Pictures written between two looks at the size of the folder: a look lists all files."""
_LOOK_AFTER = _DISK_BYTES // 10
"""Bytes of pictures between two looks: one of the Image API may have 16 million."""

_LARGE_AT_ONCE = 2
"""Pictures of any size that are made at the same time. Judgement: each takes up to 50 MB."""

Locate = Callable[[str], tuple[Path, int]]
"""Returns file and frame of a scan by its key; raises UnknownError."""

Decode = Callable[[Path, int, IngestConfig], GrayImage]
"""Returns the pixels of a page of a file (the last one where it has fewer); raises InputError."""


def decode_here(path: Path, frame: int, config: IngestConfig) -> GrayImage:
    """Return the pixels of a page, decoded in this process.

    A file made to harm could hold the process up or bring it down. Raises InputError.
    """
    pages = open_pages(path, config)
    return load_page(pages[min(frame, len(pages) - 1)], config).pixels


@dataclass(frozen=True, slots=True)
class ScanTiling:
    """Size of a scan, pixels, and how it is cut into tiles."""

    width: int
    height: int
    tile: int
    levels: int
    """Level 0 is the whole page in one tile, the last is full size; each doubles the one below."""


def count_levels(width: int, height: int) -> int:
    """Return the number of zoom levels of a page of a size in pixels."""
    return 1 + max(0, math.ceil(math.log2(max(width, height, 1) / TILE)))


@dataclass(slots=True)
class _Decoded:
    """The pixels of a page, and smaller copies as they are asked for, by level."""

    by_level: dict[int, GrayImage]
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def top(self) -> int:
        """Return the level of full size."""
        return max(self.by_level)

    @property
    def full(self) -> GrayImage:
        """Return the pixels in full size."""
        return self.by_level[self.top]

    def at(self, level: int) -> GrayImage:
        """Return the page at a level, halved step by step from the nearest larger one."""
        with self.lock:
            nearest = min(n for n in self.by_level if n >= level)
            while nearest > level:
                larger = self.by_level[nearest]
                size = max(1, math.ceil(larger.shape[1] / 2)), max(1, -(-larger.shape[0] // 2))
                nearest -= 1
                smaller = cv2.resize(larger, size, interpolation=cv2.INTER_AREA)
                self.by_level[nearest] = smaller.astype(larger.dtype, copy=False)
            return self.by_level[level]

    @property
    def nbytes(self) -> int:
        """Return the memory of all levels, bytes."""
        return sum(image.nbytes for image in list(self.by_level.values()))


class ScanPictures:
    """Cuts pictures out of scans. Thread-safe.

    Every method raises UnknownError or InputError where a scan cannot be shown.
    """

    def __init__(
        self, locate: Locate, folder: Path, config: IngestConfig, decode: Decode = decode_here
    ) -> None:
        self._locate = locate
        self._decode_page = decode
        self._folder = folder
        self._config = config
        self._decoded: OrderedDict[str, _Decoded] = OrderedDict()
        self._guard = threading.Lock()
        self._large = threading.Semaphore(_LARGE_AT_ONCE)
        self._locks: dict[str, threading.Lock] = {}
        self._written = self._written_bytes = 0

    def describe_scan(self, key: str) -> ScanTiling:
        """Return the size of a scan and its tiles."""
        image = self._page(key).full
        height, width = image.shape[:2]
        return ScanTiling(width, height, TILE, count_levels(width, height))

    def cut_crop(self, key: str, box: Quad, width: int) -> bytes:
        """Return a part of a scan as WebP; empty where the box holds nothing of it.

        Args:
            key: The scan.
            box: The part, pixels of the scan.
            width: The most pixels of the picture's width; it is never enlarged.
        """
        name = "c-{}-{}-{}-{}".format(*(round(v) for v in box)) + f"-{width}.webp"
        return self._load_or_make(
            key, name, lambda: self._cut(key, Box(*box), min(width, MAX_CROP))
        )

    def cut_tile(self, key: str, level: int, column: int, row: int) -> bytes:
        """Return a tile as JPEG; empty where there is none.

        `column` and `row` count tiles of the level from the top left, from 0.
        """
        name = f"t-{level}-{column}-{row}.jpg"
        return self._load_or_make(key, name, lambda: self._tile(key, level, column, row))

    def cut_image(self, key: str, request: ImageRequest) -> bytes:
        """Return the picture that a request of the Image API asks for, as JPEG or PNG."""
        box = "-".join(map(str, (*request.region, *request.size, request.turn)))
        name = f"i-{box}{'-m' if request.mirrored else ''}.{request.format}"
        return self._load_or_make(key, name, lambda: self._make_image(key, request))

    def _make_image(self, key: str, request: ImageRequest) -> bytes:
        """Return a picture of the Image API, made now; few at a time, since each may be large."""
        with self._large:
            decoded = self._page(key)
            left, top, right, bottom = request.region
            across, down = request.size
            # From the smallest level that still has every pixel that is asked for.
            spare = min((right - left) / across, (bottom - top) / down)
            steps = min(max(0, int(math.log2(spare))), decoded.top)
            image, scale = decoded.at(decoded.top - steps), 2**steps
            part = image[
                top // scale : max(top // scale + 1, math.ceil(bottom / scale)),
                left // scale : max(left // scale + 1, math.ceil(right / scale)),
            ]
            if not part.size:
                return b""
            if part.shape[::-1] != (across, down):
                part = cv2.resize(part, (across, down), interpolation=cv2.INTER_AREA)
            if request.mirrored:
                part = part[:, ::-1]
            part = np.ascontiguousarray(np.rot90(part, -request.turn // 90))
            return bytes(cv2.imencode(f".{request.format}", part, _JPEG)[1])

    def _cut(self, key: str, box: Box, width: int) -> bytes:
        """Return a crop as WebP, made smaller where it is larger than allowed."""
        image = self._page(key).full
        cut = box.clipped(image.shape[1], image.shape[0])
        strip = image[int(cut.top) : math.ceil(cut.bottom), int(cut.left) : math.ceil(cut.right)]
        if not strip.size:
            return b""
        scale = min(1.0, width / strip.shape[1], MAX_CROP / strip.shape[0])
        if scale < 1:
            strip = cv2.resize(strip, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return bytes(cv2.imencode(".webp", strip, _QUALITY)[1])

    def _tile(self, key: str, level: int, column: int, row: int) -> bytes:
        """Return a tile as JPEG, made now."""
        decoded = self._page(key)
        if not 0 <= level <= decoded.top or column < 0 or row < 0:
            return b""
        image = decoded.at(level)
        tile = image[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
        return bytes(cv2.imencode(".jpg", tile, _JPEG)[1]) if tile.size else b""

    def _load_or_make(self, key: str, name: str, make: Callable[[], bytes]) -> bytes:
        """Return a picture from the folder, or make it and put it there."""
        self._locate(key)
        folder = self._folder / key
        try:
            return (folder / name).read_bytes()
        except OSError:
            data = make()
        if data:
            self._keep(folder, name, data)
        return data

    def _keep(self, folder: Path, name: str, data: bytes) -> None:
        """Put a picture into the folder; now and then look at the size of the folder."""
        try:
            write_files(folder, {name: data})
        except NewspageError:
            # A full disk costs the cache, not the picture.
            return
        with self._guard:
            self._written += 1
            self._written_bytes += len(data)
            look = self._written >= _LOOK_EVERY or self._written_bytes >= _LOOK_AFTER
            if look:
                self._written = self._written_bytes = 0
        if look:
            # Where another thread removes pictures just now, the next look does the rest.
            with suppress(OSError):
                self._shrink()

    def _shrink(self) -> None:
        """Delete pictures until the rest fits, those first of the scans whose folder is oldest."""
        folders = [f for f in self._folder.iterdir() if f.is_dir()]
        sizes = {f: sum(p.stat().st_size for p in f.iterdir() if p.is_file()) for f in folders}
        total = sum(sizes.values())
        for folder in sorted(folders, key=lambda f: f.stat().st_mtime):
            if total <= _DISK_BYTES:
                return
            shutil.rmtree(folder, ignore_errors=True)
            total -= sizes[folder]

    def _page(self, key: str) -> _Decoded:
        """Return the pixels of a scan; decoded by one thread while others wait."""
        with self._guard:
            if key in self._decoded:
                self._decoded.move_to_end(key)
                return self._decoded[key]
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            with self._guard:
                if key in self._decoded:
                    return self._decoded[key]
            decoded = self._decode(key)
            with self._guard:
                self._decoded[key] = decoded
                self._locks.pop(key, None)
                self._forget_old()
        return decoded

    def _decode(self, key: str) -> _Decoded:
        """Return the pixels of a scan from its file. Raises InputError without its folder."""
        path, frame = self._locate(key)
        try:
            pixels = self._decode_page(path, frame, self._config)
        except InputError as error:
            # Whoever looks at a scan is told its name, not its folder on the machine.
            names = {key: path.name for key, value in error.fields.items() if value == path}
            raise InputError.restate(error, **names) from error
        return _Decoded({count_levels(pixels.shape[1], pixels.shape[0]) - 1: pixels})

    def _forget_old(self) -> None:
        """Forget the scans used longest ago until the rest fits; the last one stays."""
        while len(self._decoded) > 1:
            if sum(d.nbytes for d in self._decoded.values()) <= _DECODED_BYTES:
                return
            self._decoded.popitem(last=False)
