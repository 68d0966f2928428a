"""Pages that were read stay read: fingerprints are made as they were by all versions before."""

import struct
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.batch import plan, reading_jobs
from newspage.batch.plan import Fingerprints, PageSource, fingerprint_corrected
from newspage.config import (
    Config,
    CorrectConfig,
    DetectConfig,
    EnhanceConfig,
    OutputConfig,
    RecogniseConfig,
)
from newspage.model import PageReading, Scan
from newspage.record.lattice_file import decode_lattices, encode_lattices
from newspage.settings import Settings
from newspage.store import OutputStore, ScanKey, Store
from newspage.workspace import Workspace
from tests import kept_pages
from tests.test_run import Bench, bench

__all__ = ["bench"]

BEFORE = "21579ed83858e803bbb5190303e89c2afb287b0de8ddf2782b0d8698c29d3c7f"
"""The fingerprint that newspage 0.2.0 wrote for `blank_picture`, before there were lattices: under
the default settings, read by an engine that calls itself "engine 1". If this changes, every page
that anybody has is read once more; a new setting of a stage is a reason, a new formula is none."""


def blank_picture() -> bytes:
    """A white picture of 40 by 30 pixels as a BMP file: the same bytes whatever wrote them."""
    palette = b"".join(bytes((gray, gray, gray, 0)) for gray in range(256))
    start, pixels = 54 + len(palette), b"\xff" * (40 * 30)
    sizes = struct.pack("<IHHI", start + len(pixels), 0, 0, start)
    kind = struct.pack("<IiiHHIIiiII", 40, 40, 30, 1, 8, 0, len(pixels), 2835, 2835, 256, 0)
    return b"BM" + sizes + kind + palette + pixels


@pytest.mark.parametrize("keep", [False, True])
def test_an_output_of_before_is_not_read_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, keep: bool
) -> None:
    """No page is read and no file written, also where lattices are to be kept from now on."""
    monkeypatch.setattr(reading_jobs, "__version__", "0.2.0")
    (bench.scans / "p1.bmp").write_bytes(blank_picture())
    assert bench.run().done == 1
    place = Workspace.for_output(bench.output, Config().run)
    with Store(place.store) as whole:
        store = OutputStore(whole, place.name)
        (row,) = store.list_scans().values()
        store.put_scan(replace(row, fingerprint=BEFORE))
    written = {path: path.stat().st_mtime_ns for path in bench.output.glob("p1.*")}
    outcome = bench.run(settings=Settings(Config(output=OutputConfig(keep_lattices=keep))))
    assert (outcome.done, outcome.skipped) == (0, 1)
    assert {path: path.stat().st_mtime_ns for path in bench.output.glob("p1.*")} == written
    assert row.fingerprint == BEFORE


@lru_cache(maxsize=1)
def reading_of(scan: Scan) -> PageReading:
    """A page with lattices, read once."""
    return kept_pages.read(scan, Config()).reading


CONFIGS = st.builds(
    Config,
    enhance=st.builds(EnhanceConfig, deskew=st.booleans(), min_bend=st.floats(0, 5)),
    detect=st.builds(DetectConfig, direction=st.sampled_from(["auto", "vertical"])),
    correct=st.builds(
        CorrectConfig,
        apply=st.sampled_from(["none", "safe", "all"]),
        apply_with_scan=st.floats(0, 1),
        dictionaries=st.lists(st.text(max_size=5), max_size=2).map(tuple),
        learned=st.text(max_size=5),
    ),
)


@given(CONFIGS, CONFIGS, st.text(max_size=5), st.lists(st.text(max_size=5), max_size=2))
def test_lattices_keep_what_the_fingerprint_is_made_of(
    read_by: Config, corrected_by: Config, engine: str, added: list[str]
) -> None:
    """Corrected again a page has the fingerprint of a reading with the new corrections."""
    scan = Scan(Path("p1.png"), "ab" * 32, 400, 300, frame=1, frames=2)
    reading = reading_of(scan)
    source = PageSource(ScanKey("p1.png", 1), "p1", scan.sha256)
    conditions = Fingerprints(Settings(read_by), "9.8", engine).list_conditions(read_by)
    kept = decode_lattices(encode_lattices(reading, conditions), reading)
    other = replace(read_by, correct=corrected_by.correct)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "list_added_detectors", added.copy)
        fresh = Fingerprints(Settings(other), "9.8", engine).fingerprint_source(source)
        assert fingerprint_corrected(scan, kept.conditions, other.correct) == fresh


def test_only_other_qualities_make_other_fingerprints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Pages of before count as read in full; another light network is a reason to read again."""
    source = PageSource(ScanKey("p1.png", 0), "p1", "ab" * 32)
    versions = iter(["4.0.0"] * 2 + ["4.1.0"] * 2)
    monkeypatch.setattr(plan, "find_installed_version", lambda name: next(versions))

    def fingerprint(config: RecogniseConfig) -> str:
        settings = Settings(Config(recognise=config))
        return Fingerprints(settings, "9.8", "engine").fingerprint_source(source)

    qualities = [RecogniseConfig(quality=q) for q in ("fast", "balanced", "best")]
    one = [fingerprint(c) for c in qualities]
    assert one[2] == fingerprint(RecogniseConfig())
    assert len(set(one)) == 3
    two = [fingerprint(c) for c in qualities]
    assert [a == b for a, b in zip(one, two, strict=True)] == [False, False, True]
