"""Adapters: small files, the same every time, refused when hostile, equal under both engines."""

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from newspage.batch.plan import Fingerprints, PageSource
from newspage.config import Config, EngineConfig, RecogniseConfig
from newspage.engine.adapters import (
    MAX_BYTES,
    Adapter,
    adapt_engine,
    describe_adapter,
    digest_adapter,
    find_adapter,
    load_adapter,
    parse_adapter,
    write_adapter,
)
from newspage.engine.factory import make_engine
from newspage.engine.models import find_networks, find_weights
from newspage.engine.onnx_weights import read_weights
from newspage.errors import ConfigError, InputError, NewspageError, RefusedError
from newspage.model import GrayImage
from newspage.settings import Settings
from newspage.store import ScanKey
from newspage.training.neck import NeckNames
from tests.toy_engine import ToyEngine

NAMES = NeckNames()
PLACE = Path("some.safetensors")


def small_adapter(base: str = "ab" * 32) -> Adapter:
    """Two weights, and what is known of them."""
    deltas = {"b": np.array([[0.5, -2.0]], np.float16), "a": np.array([1.0], np.float16)}
    return Adapter(base, "晶報", deltas, {"lines": 7, "gain": 0.25}, {"layer": (-1.0, 2.0)})


def header_of(data: bytes) -> dict[str, dict[str, object]]:
    """The header of a file."""
    found: dict[str, dict[str, object]] = json.loads(
        data[8 : 8 + int.from_bytes(data[:8], "little")]
    )
    return found


def with_header(header: object, numbers: bytes = b"\0\0") -> bytes:
    """A file with another header."""
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + numbers


def test_an_adapter_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Whatever the order of its weights; the file is always the same."""
    adapter = small_adapter()
    turned = Adapter(
        adapter.base,
        adapter.paper,
        dict(sorted(adapter.deltas.items())),
        dict(sorted(adapter.facts.items())),
        adapter.ranges,
    )
    assert write_adapter(adapter) == write_adapter(turned)
    file = tmp_path / "x.safetensors"
    file.write_bytes(write_adapter(adapter))
    read = load_adapter(file)
    assert (read.base, read.paper, read.facts, read.ranges) == (
        adapter.base,
        adapter.paper,
        adapter.facts,
        adapter.ranges,
    )
    assert {n: d.tolist() for n, d in read.deltas.items()} == {"a": [1.0], "b": [[0.5, -2.0]]}
    assert digest_adapter(str(file)) == read.digest == adapter.digest
    assert describe_adapter(read) | {"numbers": 3, "lines": 7} == describe_adapter(read)


def test_an_adapter_is_found_by_name_or_file() -> None:
    """Names stand for files of the folder `adapters`."""
    assert find_adapter("jingbao") == Path("adapters") / "jingbao.safetensors"
    assert find_adapter("/x/y.safetensors") == Path("/x/y.safetensors")


def test_files_that_are_none_are_told(tmp_path: Path) -> None:
    """Missing, large, or something else."""
    with pytest.raises(InputError, match="cannot be read"):
        load_adapter(tmp_path / "none.safetensors")
    large = tmp_path / "large.safetensors"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(RefusedError, match="16 MB"):
        load_adapter(large)
    nested = b'{"a":' * 100_000
    for other in (b"", b"12345678", b"\xff" * 20, (600_000).to_bytes(8, "little") + nested):
        with pytest.raises(InputError, match="is no adapter"):
            parse_adapter(other, PLACE)


def test_impossible_contents_are_refused() -> None:
    """Numbers that overlap, are missing, left over, infinite or huge; facts that are none."""
    header = header_of(write_adapter(small_adapter()))
    about = header["__metadata__"]

    def entry(**changed: object) -> dict[str, object]:
        return {"dtype": "F16", "shape": [1], "data_offsets": [0, 2], **changed}

    refused: list[tuple[object, bytes]] = [
        ({"a": entry(), "b": entry()}, b"\0\0"),
        ({"a": entry(shape=[10**12])}, b"\0\0"),
        ({"a": entry(shape=[2])}, b"\0\0"),
        ({"a": entry(data_offsets=[0, 4])}, b"\0\0"),
        ({"a": entry()}, b"\0\0\0\0"),
        ({}, b""),
        ({"a": entry()}, np.array([np.inf], "<f2").tobytes()),
        ({"a": entry()}, np.array([np.nan], "<f2").tobytes()),
        ({"a": entry()}, np.array([101.0], "<f2").tobytes()),
    ]
    for weights, numbers in refused:
        assert isinstance(weights, dict)
        with pytest.raises(RefusedError, match="no adapter can hold"):
            parse_adapter(with_header({"__metadata__": about, **weights}, numbers), PLACE)
    for name, value in (
        ("facts", '{"a": []}'),
        ("facts", "[]"),
        ("ranges", '{"a": [2, 1]}'),
        ("ranges", '{"a": [1e9, 1e10]}'),
    ):
        told = {**about, name: value}
        with pytest.raises(RefusedError):
            parse_adapter(with_header({"__metadata__": told, "a": entry()}), PLACE)
    wrongs: list[object] = [entry(dtype="F64"), entry(shape=[-1]), entry(shape=["1"]), [], None]
    for wrong in wrongs:
        with pytest.raises(InputError, match="is no adapter"):
            parse_adapter(with_header({"__metadata__": about, "a": wrong}), PLACE)


@given(st.data())
def test_damaged_files_are_refused_or_read(data: st.DataObject) -> None:
    """Never anything but an error for people."""
    sound = write_adapter(small_adapter())
    place = data.draw(st.integers(0, len(sound) - 1))
    byte = data.draw(st.integers(0, 255))
    try:
        read = parse_adapter(sound[:place] + bytes([byte]) + sound[place + 1 :], PLACE)
    except NewspageError:
        return
    assert all(np.isfinite(delta).all() for delta in read.deltas.values())


def test_an_adapter_fits_its_base_alone() -> None:
    """Another file, or one without its weights, is refused."""
    data = b"\x3a\x00"
    with pytest.raises(ConfigError, match="another network"):
        small_adapter().adapt_weights(data)
    with pytest.raises(ConfigError, match="another network"):
        small_adapter(hashlib.sha256(data).hexdigest()).adapt_weights(data)


def test_an_engine_that_knows_no_adapters_says_so() -> None:
    """And is itself where none is asked for."""
    engine = ToyEngine()
    assert adapt_engine(engine, "") is engine
    with pytest.raises(ConfigError, match="takes no adapter"):
        adapt_engine(engine, "jingbao")


def test_a_page_is_read_again_when_its_adapter_changes(tmp_path: Path) -> None:
    """By what is in the file, whatever its name; without one, fingerprints are what they were."""
    page = PageSource(ScanKey("a.png", 0), "a", "00")

    def fingerprint(adapter: str) -> str:
        config = Config(recognise=RecogniseConfig(adapter=adapter))
        return Fingerprints(Settings(config), "1", "engine").fingerprint_source(page)

    config = asdict(Config())
    config["ingest"]["name_pattern"] = ""
    for stage in ("run", "engine", "output", "iiif", "paper", "ndnp", "review"):
        del config[stage]
    del config["correct"]["learned"], config["recognise"]["adapter"]
    del config["correct"]["language_model"], config["recognise"]["quality"]
    digest = hashlib.sha256(json.dumps([config, "1", "engine"], sort_keys=True).encode())
    without = hashlib.sha256(f"00 0 {digest.hexdigest()}".encode()).hexdigest()
    assert fingerprint("") == without
    one, other = tmp_path / "one.safetensors", tmp_path / "other.safetensors"
    for file in (one, other):
        file.write_bytes(write_adapter(small_adapter()))
    assert without != fingerprint(str(one)) == fingerprint(str(other))
    before = fingerprint(str(one))
    one.write_bytes(write_adapter(small_adapter("cd" * 32)))
    assert fingerprint(str(one)) != before


@pytest.fixture(scope="module")
def lines(repository: Path) -> list[GrayImage]:
    """A few lines of a sample page."""
    file = repository / "scans" / "qingdu-2024-03-18" / "p3.jpg"
    pixels = np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE), np.uint8)
    engine = make_engine(EngineConfig(engine="openvino"), threads=2)
    found = [line.polygon for line in engine.find_lines(pixels[300:900])][:10]
    boxes = [(np.min(p, axis=0).astype(int), np.max(p, axis=0).astype(int)) for p in found]
    return [pixels[300:900][a[1] : b[1], a[0] : b[0]] for a, b in boxes]


def test_new_classes_lie_in_the_file() -> None:
    """With their weights; classes that are none, or without weights, are refused."""
    more = {"w": np.ones((3, 2), np.float16), "b": np.ones(2, np.float16)}
    adapter = replace(small_adapter(), classes=("㐀", "𠀀"), added=more)
    data = write_adapter(adapter)
    read = parse_adapter(data, PLACE)
    assert (read.classes, sorted(read.deltas)) == (("㐀", "𠀀"), ["a", "b"])
    assert write_adapter(read) == data
    assert describe_adapter(read)["new characters"] == "㐀𠀀"
    for classes in (
        ("㐀",),
        ("㐀", "㐀"),
        ("㐀", "ab"),
        ("㐀", "\n"),
        ("㐀", " "),
        ("㐀", "\u0301"),
        (),
    ):
        with pytest.raises(RefusedError, match="no adapter can hold"):
            parse_adapter(write_adapter(replace(adapter, classes=classes)), PLACE)
    for changed in (replace(adapter, added={}), replace(adapter, classes=("㐀",))):
        with pytest.raises(RefusedError, match="no adapter can hold"):
            parse_adapter(write_adapter(changed), PLACE)


def adapter_with_new_class(data: bytes, like: int) -> Adapter:
    """An adapter that only adds a class, which looks like another and is likelier."""
    weights = read_weights(data)
    added = {
        NAMES.classes: weights[NAMES.classes][:, [like]].astype(np.float16),
        NAMES.bias: (weights[NAMES.bias][[like]] + 4).astype(np.float16),
    }
    none = {NAMES.bias: np.zeros_like(weights[NAMES.bias], np.float16)}
    return Adapter(hashlib.sha256(data).hexdigest(), "rare", none, classes=("㐀",), added=added)


def write_in(file: Path, adapter: Adapter) -> Path:
    """The file of an adapter."""
    file.write_bytes(write_adapter(adapter))
    return file


@pytest.mark.engine
def test_new_classes_grow_the_last_layer_only() -> None:
    """All of it: other weights that grow, or its bias that does not, leave no network."""
    data = find_weights(find_networks(EngineConfig()).recogniser).read_bytes()
    weights = read_weights(data)
    good = adapter_with_new_class(data, 7)
    square = next(name for name, weight in weights.items() if weight.shape[-1:] == (120,))
    other = np.zeros((*weights[square].shape[:-1], 1), np.float16)
    for added in ({NAMES.classes: good.added[NAMES.classes]}, {square: other}):
        with pytest.raises(ConfigError, match="another network"):
            replace(good, added=added).adapt_weights(data)
    assert len(read_weights(good.adapt_weights(data))[NAMES.bias]) == len(weights[NAMES.bias]) + 1


@pytest.mark.engine
def test_engines_read_alike_with_an_adapter(lines: list[GrayImage], tmp_path: Path) -> None:
    """What is added to the weights changes what is read, under both engines in the same way."""
    data = find_weights(find_networks(EngineConfig()).recogniser).read_bytes()
    weights = read_weights(data)
    random = np.random.default_rng(1)
    deltas: dict[str, NDArray[np.float16]] = {
        name: (0.05 * random.normal(size=weights[name].shape)).astype(np.float16)
        for name in NAMES.list_trained()
    }
    deltas[NAMES.bias][:] = 0
    deltas[NAMES.bias][1000:1010] = 9
    adapter = Adapter(hashlib.sha256(data).hexdigest(), "paper", deltas)
    file = tmp_path / "paper.safetensors"
    file.write_bytes(write_adapter(adapter))
    read, plain, grown = {}, {}, {}
    for name in ("openvino", "paddle"):
        config = EngineConfig(
            engine=name, device="cpu", precision="f32", cache_dir=str(tmp_path / name)
        )
        engine = make_engine(config, threads=2)
        adapted = adapt_engine(engine, str(file))
        assert adapt_engine(engine, str(file)) is adapted
        assert adapter.digest[:12] in adapted.name
        read[name] = adapted.read_lines(lines)
        plain[name] = engine.read_lines(lines)
        taken = max(plain[name], key=lambda reading: len(reading.text)).text[0]
        new = adapter_with_new_class(data, engine.characters.index(taken))
        with_new = adapt_engine(engine, str(write_in(tmp_path / f"{name}.safetensors", new)))
        assert with_new.characters == (*engine.characters, "㐀")
        grown[name] = with_new.read_lines(lines)
        assert adapt_engine(engine, "") is engine
    assert [r.text for r in plain["openvino"]] == [r.text for r in plain["paddle"]]
    assert [r.text for r in read["openvino"]] != [r.text for r in plain["openvino"]]
    for a, b in zip(read["openvino"], read["paddle"], strict=True):
        assert a.text == b.text
        np.testing.assert_allclose(a.confidences, b.confidences, atol=0.02)
    for name, own in grown.items():
        for before, after in zip(plain[name], own, strict=True):
            assert after.text == tuple("㐀" if c == taken else c for c in before.text)
