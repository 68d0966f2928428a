"""How doubt is fitted and shown: on made-up features and readings."""

import numpy as np

from benchmarks.doubt.doubt_diagram import draw_doubt_bins, make_doubt_bins
from benchmarks.doubt.fitting import fit_estimator
from benchmarks.doubt.read_lines import RowReadings, mark_differences
from newspage.engine import Reading
from newspage.recognise.reading_doubt import DoubtEstimator
from tests.toy_engine import reading_of

LETTERS = ("", "甲", "乙", "，", ",", " ")


def test_a_fit_says_what_happens_how_often() -> None:
    """Also where neither of two features tells it alone."""
    rng = np.random.default_rng(3)
    features = np.column_stack([np.ones(4000), rng.normal(size=(4000, 2))])
    truth = np.where(features[:, 1] * features[:, 2] > 0, 0.4, 0.02)
    happened = rng.random(4000) < truth
    made = fit_estimator(features, happened, np.ones(4000))
    mean, scale, hidden, output = (
        np.array(made[name]) for name in ("mean", "scale", "hidden", "output")
    )
    fitted = DoubtEstimator(mean, scale, hidden, output, made["offset"])
    said = fitted.estimate_chances(features)
    assert abs(said.mean() - happened.mean()) < 0.005
    assert abs(said[truth > 0.1].mean() - 0.4) < 0.08
    assert said[truth < 0.1].mean() < 0.08


def row(light: str, full: str) -> RowReadings:
    """A row of which two networks read two texts."""

    def of(text: str) -> Reading:
        return reading_of(list(text), [(0, 1)] * len(text), [0.9] * len(text), LETTERS)

    return RowReadings(np.zeros((2, 2), np.uint8), 2.0, of(light), of(full))


def test_differences_stand_at_their_glyphs_and_gaps() -> None:
    """A wrong character at its glyph, one passed over at its gap; widths and outer blanks not."""
    glyphs, gaps = mark_differences(row("甲，乙乙", " 乙,乙 乙 "))
    assert glyphs.tolist() == [True, False, False, False]
    assert gaps.tolist() == [False, False, False, True, False]
    glyphs, gaps = mark_differences(row("", "甲"))
    assert (glyphs.size, gaps.tolist()) == (0, [True])


def test_bins_count_what_differed() -> None:
    """Every doubt is in one of them, and the drawing has a point for each."""
    doubts = np.array([0.0001, 0.02, 0.02, 0.9, 1.0])
    made = make_doubt_bins(doubts, np.array([False, False, True, True, True]))
    assert [(b.count, b.differing) for b in made] == [(1, 0), (2, 1), (2, 2)]
    drawn = draw_doubt_bins({"clean": made})
    assert drawn.count("<circle") == 3
    assert "1 of 2, said 0.02000" in drawn
