"""The gate: quality on the sample pages never falls unnoticed."""

from collections.abc import Callable

import pytest

from benchmarks.floors import (
    PAGES,
    SLACK,
    Scores,
    digest,
    load_floors,
    make_measure,
    pinned_anew,
    scan_path,
    truth_path,
    worse,
)

GOOD = {"page_cer": 0.01, "article_f1": 0.9}
BETTER = {"page_cer": 0.005, "article_f1": 1.0}


@pytest.fixture(scope="module")
def measure() -> Callable[[str], Scores]:
    """One set of networks for all pages."""
    return make_measure()


@pytest.mark.parametrize("page", PAGES)
def test_floors_belong_to_these_pages(page: str) -> None:
    """Scan or truth changed: the floors mean nothing until they are pinned anew."""
    floor = load_floors()[page]
    assert (floor.scan, floor.truth) == (digest(scan_path(page)), digest(truth_path(page)))


@pytest.mark.engine
@pytest.mark.parametrize("page", PAGES)
def test_a_sample_page_is_read_as_well_as_before(
    page: str, measure: Callable[[str], Scores]
) -> None:
    """No score of a sample page falls below the one that was pinned."""
    assert worse(measure(page), load_floors()[page].scores) == []


def test_pinning_never_lowers_a_floor() -> None:
    """A worse measurement leaves the floor where it is, a better one raises it."""
    assert pinned_anew(GOOD, BETTER, allow_regression=False) == BETTER
    assert pinned_anew(BETTER, GOOD, allow_regression=False) == BETTER


def test_a_floor_is_lowered_only_in_so_many_words() -> None:
    """With the regression allowed, what was measured counts."""
    assert pinned_anew(GOOD, BETTER, allow_regression=True) == GOOD


def test_worse_is_worse_in_its_own_direction() -> None:
    """Errors are worse when they grow, shares when they shrink, and slack is small."""
    assert worse(BETTER, GOOD) == []
    assert len(worse(GOOD, BETTER)) == 2
    assert worse({**GOOD, "page_cer": 0.01 + SLACK["page_cer"] / 2}, GOOD) == []
