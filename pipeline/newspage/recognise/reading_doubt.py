"""Estimates how many characters of a line a fuller network would read otherwise than a light one.

How likely a network finds what it reads tells little of what it passes over, of characters it does
not know, and of shapes that it mistakes for one another. So every glyph and every gap between two
glyphs is looked at by itself: how sure the glyph is and what its rival would be, what kind of
character it is, how wide a gap is and how much ink lies in it, how worn the line is. A small
perceptron for glyphs and one for gaps makes probabilities of that, whose sum over the line is the
number of characters expected to differ. Their weights come from `python -m benchmarks.doubt`, which
reads generated pages with both networks (docs/performance.md).
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newspage.engine import BLANK, Reading, find_character_runs, is_wide_character
from newspage.lattice import Lattice
from newspage.model import GrayImage
from newspage.recognise.line_strips import estimate_paper_gray
from newspage.recognise.script import CharacterScript, script_of_character

WEIGHTS = Path(__file__).with_name("reading_doubt.json")
"""The file of the weights, by names of the features."""
SAME_PRINT = str.maketrans("，；：！？（）％～－＋＝／", ",;:!?()%~-+=/")
"""Marks of full width, and those of half width that a network may write for them: which it was is
told by the script around it, when articles are assembled."""
LOOK_ALIKES = (
    "干千于 己已巳 未末 日曰目 土士 人入八 大太犬天夫夭 王玉主 木本术 刀力 免兔 鸟乌 戈弋 贝见 "
    "白自 旬句 拔拨 折拆析 侯候 治冶 准淮 今令 特持 戊戌戍 由甲申田 口囗 毋母 氏民 兵乒乓 壮状 "
    "晴睛 一二三丨-—―ー工 〇○0OoQ lI1|i! 的约 灿釉 午牛 汆余佘 爪瓜 茶荼 栗粟 十卜"
)
"""Groups of characters that differ by a stroke or its length. Judgement."""
KNEES = (0.5, 2.0, 4.0, 6.0)
"""Logits of a glyph at which the slope of its doubt may change."""
SMALLEST = 1e-7
"""Least probability that is told from none."""
NEVER = -14.0
"""Natural log-probability of a rival that the lattice does not hold."""
COMMON = 0xD8
"""First byte, in GB 2312, of the characters that are not among the 3,755 common ones."""

GLYPH_FEATURES = (
    "bias",
    "logit",
    *(f"logit below {knee}" for knee in KNEES),
    "rival",
    "rival near",
    "mark",
    "narrow",
    "uncommon",
    "traditional",
    "look-alike",
    "look-alike below 4",
    "mark below 4",
    "small",
    "wear",
    "worst",
)
GAP_FEATURES = (
    "bias",
    "white",
    "white above .3",
    "white between ideographs",
    "blank",
    "blank between ideographs",
    "ink",
    "ink at an end",
    "rival",
    "rival near",
    "rival between ideographs",
    "at an end",
    "between ideographs",
    "beside narrow",
    "small",
    "wear",
)


@dataclass(frozen=True, slots=True, eq=False)
class ReadingFeatures:
    """What is measured of a reading, a row for each glyph and for each gap."""

    glyphs: NDArray[np.float64]
    """Shape (glyphs, len(GLYPH_FEATURES))."""
    gaps: NDArray[np.float64]
    """Shape (glyphs + 1, len(GAP_FEATURES)): before, between and behind the glyphs."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadingDoubt:
    """For each glyph and gap the probability that it is read otherwise by a fuller network."""

    glyphs: NDArray[np.float64]
    gaps: NDArray[np.float64]

    @property
    def expected(self) -> float:
        """Return the number of characters that are expected to differ."""
        return float(self.glyphs.sum() + self.gaps.sum())


def estimate_doubt(
    reading: Reading, strip: GrayImage, height: float, prints: NDArray[np.int32]
) -> ReadingDoubt:
    """Estimate what a fuller network would read otherwise.

    Args:
        reading: What a light network read.
        strip: The strip that it was read in, dark on light.
        height: Thickness of the line on the page, in pixels.
        prints: As `group_same_prints` makes it.
    """
    features = measure_features(reading, strip, height, prints)
    glyphs, gaps = load_estimators()
    return ReadingDoubt(
        glyphs.estimate_chances(features.glyphs), gaps.estimate_chances(features.gaps)
    )


def group_same_prints(characters: Sequence[str]) -> NDArray[np.int32]:
    """Return for each class the first class whose character prints the same."""
    first: dict[str, int] = {}
    found = [first.setdefault(c.translate(SAME_PRINT), i) for i, c in enumerate(characters)]
    return np.array(found, np.int32)


def measure_features(
    reading: Reading, strip: GrayImage, height: float, prints: NDArray[np.int32]
) -> ReadingFeatures:
    """Measure what doubt is estimated from; the arguments are those of `estimate_doubt`."""
    count = len(reading.text)
    steps = _Steps.of_lattice(reading.lattice, prints)
    peaks = steps.find_peaks()
    logits = np.clip(np.log(peaks / (1 - peaks)), -2, 10)
    surprise = -np.log(peaks)
    wear = float(np.log(surprise.mean() + 1e-4)) if count else 0.0
    worst = float(np.log(surprise.max() + 1e-4)) if count else 0.0
    small = float(np.clip(np.log(32 / max(height, 1.0)), -1, 1.5))
    rivals = steps.find_rivals()
    kinds = np.array([_describe_character(text) for text in reading.text]).reshape(count, 5)
    ones = np.ones(count)
    unsure = np.maximum(0, 4 - logits)
    glyphs = np.column_stack(
        [
            ones,
            logits,
            *(np.maximum(0, knee - logits) for knee in KNEES),
            rivals,
            np.maximum(0, rivals + 3),
            kinds,
            kinds[:, 4] * unsure,
            kinds[:, 0] * unsure,
            ones * small,
            ones * wear,
            ones * worst,
        ]
    )
    return ReadingFeatures(glyphs, _measure_gaps(reading, strip, steps, (small, wear)))


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """The steps of a lattice, classes that print the same taken for one."""

    classes: NDArray[np.int32]
    log_probs: NDArray[np.float64]
    starts: NDArray[np.intp]
    """First step of each glyph."""
    ends: NDArray[np.intp]
    """The step after its last."""

    @classmethod
    def of_lattice(cls, lattice: Lattice, prints: NDArray[np.int32]) -> "_Steps":
        """Return the steps of a lattice, with those of each glyph."""
        starts, ends = (np.array(s, np.intp) for s in find_character_runs(lattice))
        log_probs = np.minimum(lattice.log_probs.astype(np.float64), 0)
        return cls(prints[lattice.classes], log_probs, starts, ends)

    def find_peaks(self) -> NDArray[np.float64]:
        """Return the probability of each glyph at its surest step."""
        same = self.classes == self.classes[:, :1]
        chances = np.where(same, np.exp(self.log_probs), 0).sum(axis=1)
        return np.clip(_greatest(chances, self.starts, self.ends), SMALLEST, 1 - SMALLEST)

    def find_rivals(self) -> NDArray[np.float64]:
        """Return the log-probability of the likeliest other character in the steps of each glyph.

        A blank step at either side counts, a neighbour's own step does not.
        """
        other = (self.classes != self.classes[:, :1]) & (self.classes != BLANK)
        inside = np.where(other, self.log_probs, NEVER).max(axis=1)
        rivals = _greatest(inside, self.starts, self.ends)
        own, last = self.classes[self.starts, 0], len(self.classes) - 1
        for step in (self.starts - 1, self.ends):
            at = np.clip(step, 0, last)
            near = self.classes[at]
            seen = (near != own[:, None]) & (near != BLANK)
            seen &= ((near[:, 0] == BLANK) & (at == step))[:, None]
            rivals = np.maximum(rivals, np.where(seen, self.log_probs[at], NEVER).max(axis=1))
        return np.maximum(rivals, NEVER)

    def find_passed_over(self) -> NDArray[np.float64]:
        """Return the log-probability of the likeliest character in the steps of each gap."""
        seen = np.where(self.classes != BLANK, self.log_probs, NEVER).max(axis=1)
        first = np.concatenate([[0], self.ends])
        last = np.concatenate([self.starts, [len(seen)]])
        return np.where(last > first, _greatest(seen, first, last), NEVER)


def _greatest(
    values: NDArray[np.float64], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the greatest value of each stretch; of an empty one anything."""
    if not len(starts):
        return np.zeros(0)
    padded = np.append(values, NEVER)
    found: NDArray[np.float64] = np.maximum.reduceat(
        padded, np.stack([starts, np.maximum(ends, starts)], axis=1).ravel()
    )[::2]
    return found


def _measure_gaps(
    reading: Reading, strip: GrayImage, steps: _Steps, about: tuple[float, float]
) -> NDArray[np.float64]:
    """Return the features of the gaps; `about` are smallness and wear of the line."""
    count = len(reading.text)
    em = 0.6 * strip.shape[0] / max(1, strip.shape[1])
    middles = reading.spans.mean(axis=1)
    left, right = np.array([0.0, *reading.spans[:, 1]]), np.array([*reading.spans[:, 0], 1.0])
    white = np.clip((right - left) / em, 0, 3)
    inked = find_inked_columns(strip)
    ink = _measure_ink(inked, left, right) / em
    blank = _measure_blanks(inked, middles) / em
    inner = np.zeros(count + 1)
    inner[1:-1] = 1
    if count > 1:
        blank = blank - float(np.median(blank[1:-1]))
    blank = np.clip(blank, 0, 1.5) * inner
    ink = np.minimum(ink, 1.5)
    rivals = steps.find_passed_over()
    kinds = np.array([_describe_character(text)[:2] for text in reading.text]).reshape(count, 2)
    plain = 1.0 - kinds.max(axis=1, initial=0)
    both = np.array([0, *plain]) * np.array([*plain, 0])
    narrow = np.maximum(np.array([0, *kinds[:, 1]]), np.array([*kinds[:, 1], 0]))
    near = np.maximum(0, rivals + 6)
    ones = np.ones(count + 1)
    return np.column_stack(
        [
            ones,
            white * inner,
            np.clip(white - 0.3, 0, 1) * inner,
            white * both,
            blank,
            blank * both,
            ink * inner,
            ink * (1 - inner),
            rivals,
            np.maximum(0, rivals + 3),
            near * both,
            1 - inner,
            both,
            narrow,
            ones * about[0],
            ones * about[1],
        ]
    )


def find_inked_columns(strip: GrayImage) -> NDArray[np.bool_]:
    """Tell for each column of a strip whether there is ink in it."""
    if not strip.size:
        return np.zeros(1, np.bool_)
    paper = estimate_paper_gray(strip)
    darkest = float(np.percentile(strip[::2, ::2], 2))
    dark = strip < paper - max(25.0, 0.4 * (paper - darkest))
    inked: NDArray[np.bool_] = dark.sum(axis=0) >= max(1, round(strip.shape[0] / 32))
    return inked


def _measure_ink(
    inked: NDArray[np.bool_], starts: NDArray[np.floating], ends: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return the inked columns of stretches; all as shares of the width."""
    columns = len(inked)
    before = np.concatenate([[0], np.cumsum(inked)])
    first, last = (np.round(place * columns).astype(int) for place in (starts, ends))
    found: NDArray[np.float64] = (before[np.maximum(first, last)] - before[first]) / columns
    return found


def _measure_blanks(inked: NDArray[np.bool_], middles: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the longest stretch without ink before, between and behind the middles of glyphs.

    All as shares of the width.
    """
    columns = len(inked)
    places = np.arange(columns)
    cuts = np.clip(np.round(middles * columns).astype(int), 0, columns - 1)
    home = np.concatenate([[0], cuts])
    start = np.maximum.accumulate(np.where(inked, places + 1, 0))
    start = np.maximum(start, home[np.searchsorted(cuts, places, side="right")])
    longest = _greatest((places + 1.0 - start), home, np.concatenate([cuts, [columns]]))
    return np.maximum(longest, 0) / columns


@lru_cache(maxsize=1 << 15)
def _describe_character(text: str) -> tuple[float, float, float, float, float]:
    """Tell whether a character is a mark, narrow, uncommon, traditional, one of many alike."""
    mark = unicodedata.category(text[:1] or " ")[0] in "PSZ"
    narrow = not is_wide_character(text)
    return (
        float(mark),
        float(narrow and not mark),
        float(not mark and not narrow and not _is_common(text)),
        float(script_of_character(text) is CharacterScript.TRADITIONAL),
        float(text in LOOK_ALIKES and text != " "),
    )


def _is_common(text: str) -> bool:
    """Tell whether a character is one of the common ones of GB 2312."""
    try:
        return text.encode("gb2312")[0] < COMMON
    except UnicodeEncodeError:
        return False


@dataclass(frozen=True, slots=True, eq=False)
class DoubtEstimator:
    """A perceptron with one hidden layer, from features to a probability."""

    mean: NDArray[np.float64]
    """Of each feature, subtracted from it; shape (features,)."""
    scale: NDArray[np.float64]
    """What it is then divided by; shape (features,)."""
    hidden: NDArray[np.float64]
    """Shape (features, units)."""
    output: NDArray[np.float64]
    """Shape (units,)."""
    offset: float

    def estimate_chances(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each row of features."""
        units = np.tanh((features - self.mean) / self.scale @ self.hidden)
        logits = np.clip(units @ self.output + self.offset, -30, 30)
        chances: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
        return chances


@cache
def load_estimators(path: Path = WEIGHTS) -> tuple[DoubtEstimator, DoubtEstimator]:
    """Return the estimators of glyphs and of gaps from the file of their weights."""
    kept = json.loads(path.read_text("utf-8"))
    return _parse_estimator(kept["glyphs"]), _parse_estimator(kept["gaps"])


def _parse_estimator(kept: Mapping[str, Any]) -> DoubtEstimator:
    """Return an estimator from its weights."""
    mean, scale, hidden, output = (
        np.array(kept[name], np.float64) for name in ("mean", "scale", "hidden", "output")
    )
    return DoubtEstimator(mean, scale, hidden, output, float(kept["offset"]))
