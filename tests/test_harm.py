"""Text that is right stays as it is."""

import os
from pathlib import Path

import pytest

from benchmarks.floors import PAGES, truth_path
from benchmarks.harm import effect, pages_in, peace, scans_in
from newspage.config import Config
from newspage.engine.factory import make_engine

BENCH = Path(os.environ.get("NEWSPAGE_BENCH", "no-bench"))
"""Folder of further pages with truth; `python -m benchmarks.harm` prints what these tests ask."""
ONE_IN = 2000
"""Characters of right text for one proposal."""

needs_bench = pytest.mark.skipif(not BENCH.is_dir(), reason="NEWSPAGE_BENCH names no folder")


def test_right_texts_are_left_in_peace() -> None:
    """Nothing is applied to the true text of a sample page, and hardly anything proposed."""
    found = [peace(truth_path(page)) for page in PAGES]
    assert [kept.applied for kept in found] == [()] * len(PAGES)
    assert sum(len(k.proposed) for k in found) <= sum(k.length for k in found) / ONE_IN


@pytest.mark.bench
@needs_bench
def test_the_bench_texts_are_left_in_peace() -> None:
    """The same of pages that nobody wrote for this project."""
    found = [peace(folder / "truth.json") for folder in pages_in([BENCH])]
    assert found
    assert all(kept.applied == () for kept in found)
    assert sum(len(k.proposed) for k in found) <= sum(k.length for k in found) / ONE_IN


@pytest.mark.bench
@pytest.mark.engine
@needs_bench
def test_no_bench_page_is_harmed() -> None:
    """No scan has more errors after the correction, and no applied correction makes one."""
    engine = make_engine(Config().engine)
    for folder in pages_in([BENCH]):
        for scan in scans_in(folder):
            assert effect(scan, folder / "truth.json", engine).harmless, scan
