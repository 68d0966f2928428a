"""The case files: what must be mended, what must be asked, and what must be left alone."""

import json
from pathlib import Path
from typing import TypedDict

import pytest

from newspage.collation.existing_text import CorrectedText, correct_text
from tests.correct_fakes import knowledge

FOLDER = Path(__file__).parent / "cases"


class Case(TypedDict):
    """One entry of a case file."""

    label: str
    comment: str
    original: str
    fixed: str
    proposed: list[list[str]]


def cases(name: str) -> list[Case]:
    """The cases of a file."""
    found: list[Case] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def named(case: Case) -> str:
    """What a case is called on the command line."""
    return case["label"].replace(" ", "-")


def corrected(case: Case) -> CorrectedText:
    """A case, corrected from the text alone."""
    return correct_text(case["original"], knowledge())


def asked(done: CorrectedText) -> set[tuple[str, str]]:
    """What stands and what is made or proposed of it."""
    return {(c.original, c.proposed) for c in done.corrections}


def check(case: Case) -> None:
    """Fails where a case is not as it says."""
    done = corrected(case)
    assert done.clean == case["fixed"]
    assert {(a, b) for a, b in case["proposed"]} <= asked(done)


@pytest.mark.parametrize("case", cases("in-the-wild") + cases("synthetic"), ids=named)
def test_slips_are_mended_or_asked_about(case: Case) -> None:
    """What is as good as certain is applied, what is doubtful is proposed."""
    check(case)


@pytest.mark.parametrize("case", cases("negative"), ids=named)
def test_what_is_right_is_left_alone(case: Case) -> None:
    """Text that was right stays as it is, and nobody is asked about it."""
    done = corrected(case)
    assert done.clean == case["original"]
    assert asked(done) == set()


@pytest.mark.parametrize("case", cases("known-failures"), ids=named)
@pytest.mark.xfail(strict=True, raises=AssertionError)
def test_known_failures_still_fail(case: Case) -> None:
    """The day one of these passes it moves to another file."""
    check(case)


def test_labels_are_unique() -> None:
    """A label names one case."""
    files = ("in-the-wild", "synthetic", "negative", "known-failures")
    labels = [case["label"] for name in files for case in cases(name)]
    assert len(labels) == len(set(labels))
