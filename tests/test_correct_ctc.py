"""The CTC forward sum against the definition."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from newspage.correct.ctc_scores import NEVER, compute_log_likelihoods, make_alphabet
from newspage.lattice import Lattice
from tests.correct_fakes import lattice_of

CHARACTERS = ("", "干", "于", "实", "，", ",")


def whole(probabilities: NDArray[np.float64]) -> Lattice:
    """A lattice that keeps every class; shape (steps, classes)."""
    order = np.argsort(-probabilities, axis=1, kind="stable").astype(np.int32)
    log_probs = np.log(np.take_along_axis(probabilities, order, 1)).astype(np.float16)
    return Lattice(order, log_probs, np.linspace(0, 1, len(order), dtype=np.float32))


def naive(lattice: Lattice, labels: tuple[int, ...]) -> float:
    """The sum over every way through the lattice that collapses to the labels."""
    steps = [
        dict(zip(c.tolist(), np.exp(p.astype(np.float64)).tolist(), strict=True))
        for c, p in zip(lattice.classes, lattice.log_probs, strict=True)
    ]
    total = 0.0
    for path in itertools.product(range(len(CHARACTERS)), repeat=len(steps)):
        collapsed = tuple(k for k, _ in itertools.groupby(path) if k)
        if collapsed == labels:
            total += float(np.prod([s[c] for s, c in zip(steps, path, strict=True)]))
    return float(np.log(total)) if total else NEVER


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.text("干于实", max_size=3), st.integers(1, 4))
def test_the_forward_sum_is_the_sum_over_all_paths(seed: int, string: str, steps: int) -> None:
    """On short strings the fast score equals the definition of CTC."""
    probabilities = np.random.default_rng(seed).dirichlet(np.ones(len(CHARACTERS)), steps) + 1e-3
    lattice = whole(probabilities / probabilities.sum(axis=1, keepdims=True))
    labels = tuple(CHARACTERS.index(c) for c in string)
    fast = float(compute_log_likelihoods(lattice, [string], make_alphabet(CHARACTERS), [False])[0])
    slow = naive(lattice, labels)
    assert fast == pytest.approx(slow, abs=1e-3) or (fast < -1e20 and slow < -1e20)


def test_what_a_line_shows_is_likelier_than_anything_else() -> None:
    """A character swapped, left out, doubled or added costs nats."""
    lattice = lattice_of("实干于", CHARACTERS)
    strings = ["实干于", "实于于", "实干", "实干干于", "实干于，"]
    scores = compute_log_likelihoods(lattice, strings, make_alphabet(CHARACTERS), [False] * 5)
    assert all(scores[0] - scores[1:] > 3)


def test_a_doubled_character_needs_a_blank_between() -> None:
    """Two equal characters cannot stand on two steps without a blank."""
    tight = whole(np.full((2, len(CHARACTERS)), 1 / len(CHARACTERS)))
    scores = compute_log_likelihoods(
        tight, ["干干", "干于"], make_alphabet(CHARACTERS), [False] * 2
    )
    assert scores[0] < -1e20 < scores[1]


def test_marks_of_either_width_count_as_one() -> None:
    """A half-width comma is no evidence against a full-width one."""
    lattice = lattice_of("实，干", CHARACTERS)
    scores = compute_log_likelihoods(
        lattice, ["实，干", "实,干"], make_alphabet(CHARACTERS), [False] * 2
    )
    assert scores[0] == pytest.approx(scores[1])


def test_the_benefit_of_doubt_goes_to_the_generous_string() -> None:
    """Outside the lattice a character is as likely as the least likely one inside, or far less."""
    characters = ("", *"干于实体大小多少")
    lattice = lattice_of("干于", characters)
    missing = "小" if 7 not in lattice.classes else "少"
    strict, generous = compute_log_likelihoods(
        lattice, [missing + "于"] * 2, make_alphabet(characters), [False, True]
    )
    assert generous >= strict


def test_an_empty_line_shows_nothing() -> None:
    """Without steps only the empty string is possible."""
    nothing = Lattice(
        np.zeros((0, 2), np.int32), np.zeros((0, 2), np.float16), np.zeros(0, np.float32)
    )
    scores = compute_log_likelihoods(nothing, ["", "干"], make_alphabet(CHARACTERS), [False, False])
    assert scores.tolist() == [0.0, NEVER]
