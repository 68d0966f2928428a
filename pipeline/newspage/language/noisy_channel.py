"""Characters of a text that were likely printed as others: a language model against shapes.

For each character the likeliest of those it may have been read for is weighed by how much likelier
the text gets, how alike both look, and how odd the text is there. How many characters of a text are
wrong differs from one misprint a page to one in eight, and decides more than all else about a
doubtful place. So that share is estimated from the text itself (Saerens, Latinne, Decaestecker
2002): a text without faults gets hardly any question, a bad one many.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newspage.language.character_model import CharacterModel
from newspage.language.confusions import Confusions
from newspage.language.ngram_counts import (
    BOUNDARY,
    ORDER,
    Keys,
    name_character,
    number_characters,
    pack_windows,
)

ALIKE = 10.0
"""Nats that a likeness of 1 is worth against one of 0. From 4 to 16 as many faults are found."""
LIKELY = -12.0
"""Log-probability (nats) of the n-grams around a character from which it is left alone: what could
be gained there is less than what any fault found had gained."""
USUAL_SHARE = 0.005
"""Share of wrong characters that a text is taken to have before it is looked at. Judgement."""
USUAL_WEIGHT = 60.0
"""How many characters of the text that counts for. Judgement: a few lines outweigh it."""
STRANGE_SHARE = 0.0005
"""The highest share of wrong characters that is believed of a text in a language that the model
does not know, where everything seems wrong."""
LEAST_SHARE = 0.001
"""The lowest share of wrong characters that is believed of a text in a known language: in a page of
9,000 characters there are nine. With it one is asked about once in some 5,000 right characters."""
ASKED_FROM = 0.4
"""Probability from which a character is told of. Of those two in three are wrong where one
character in eight is."""
_ROUNDS = 40
_BLOCK = 10_000
"""Characters that are weighed at a time; they take 60 MB."""


@dataclass(frozen=True)
class ChannelWeights:
    """What the evidence about a character is worth, for models of one kind.

    Measured on 1,788 lines of subtitles as read by OCR, with 2,300 wrong characters (logistic
    regression); how far it holds on as many other lines is in docs/correction.md.
    """

    figures: tuple[float, ...]
    """Weights of the figures of `WeighedCharacters.features`."""
    bias: float
    share: float
    """Share of wrong characters among those that the weights were measured on."""
    familiar: float
    """Log-probability (nats) from which a character stands in familiar words, of the likeliest
    quarter of a text."""
    usual: float
    """The same of a text as it usually is: what little text is taken for."""


ORDERED = ChannelWeights(
    (0.015, 1.1224, 0.0172, -0.5858, -0.3566, -0.2992, -0.1077, 0.0999, 0.1867, 1.4766, 0.0362),
    bias=-10.96,
    share=0.1252,
    familiar=-5.35,
    usual=-4.8,
)
"""For models that know what follows what. The likeliest quarter lies at -3.2 to -5.4 in modern
texts of 14 sources, at -5.0 where one character in eight is wrong, at -5.8 to -7.0 in Republican,
Cantonese and classical ones."""
LISTED = ChannelWeights(
    (0.1833, 0.6148, 0.1683, 1.6847, -0.2398, -0.2688, -0.2424, 0.2323, -0.1284, 0.7522, 0.0476),
    bias=-9.81,
    share=0.1254,
    familiar=-5.9,
    usual=-5.4,
)
"""For models of bare words. The same texts have -4.5 to -6.0, -5.7, and -6.1 to -7.1."""


@dataclass(frozen=True, slots=True)
class UnlikelyCharacter:
    """A character that was likely printed as another."""

    text: int
    """The text it stands in, by its number."""
    place: int
    """Its offset there."""
    printed: str
    """What was likely printed, in simplified characters."""
    chance: float
    """Probability that the character is wrong, 0 to 1."""
    gain: float
    """Nats by which the text gets likelier with the other one."""
    likeness: float
    """How alike both look, 1 for the same shape."""


@dataclass(frozen=True)
class NoisyChannel:
    """What was likely printed, and what may have been read for it."""

    model: CharacterModel
    confusions: Confusions
    weights: ChannelWeights = ORDERED

    def find_unlikely_characters(
        self, texts: Sequence[str], least: float = ASKED_FROM
    ) -> list[UnlikelyCharacter]:
        """Return the characters that are likely wrong, by place.

        Args:
            texts: Texts of one source, which have about as many faults each: the paragraphs of a
                page.
            least: Probability from which a character is told of.
        """
        seen = self.weigh_characters(texts)
        chances = estimate_chances(seen, self.weights)
        return [
            UnlikelyCharacter(
                int(seen.texts[at]),
                int(seen.places[at]),
                name_character(int(seen.printed[at])),
                float(chances[at]),
                float(seen.features[at, 2]),
                float(seen.features[at, 3]),
            )
            for at in np.flatnonzero(chances >= least)
        ]

    def weigh_characters(self, texts: Sequence[str]) -> "WeighedCharacters":
        """Return the Han characters of some texts with the evidence about each."""
        numbers, owners, places = _join_texts(texts)
        known = self.confusions.candidates[:, 0] > 0
        at = np.flatnonzero((numbers != BOUNDARY) & known[numbers.astype(np.int64)])
        around = numbers[at[:, None] + np.arange(1 - ORDER, ORDER)]
        present = self._measure(around)
        unlikely = present < LIKELY
        chosen, around = at[unlikely], around[unlikely]
        weighed = [
            self._weigh_candidates(around[i : i + _BLOCK], present[unlikely][i : i + _BLOCK])
            for i in range(0, max(1, len(chosen)), _BLOCK)
        ]
        features, printed = (np.concatenate([w[part] for w in weighed]) for part in (0, 1))
        return WeighedCharacters(
            owners[chosen], places[chosen], printed, features, len(at), present
        )

    def _weigh_candidates(
        self, around: Keys, present: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the evidence about each character, and the likeliest one in its place.

        Args:
            around: Shape (characters, 7): each character and three on both sides.
            present: Log-probability (nats) of the n-grams that it stands in.
        """
        stands = around[:, ORDER - 1].astype(np.int64)
        candidates = self.confusions.candidates[stands]
        changed = np.repeat(around[:, None, :], candidates.shape[1], axis=1)
        changed[:, :, ORDER - 1] = candidates
        gains = self._measure(changed) - present[:, None]
        gains[candidates == 0] = -99.0
        likeness = self.confusions.likeness[stands]
        merits = gains + ALIKE * likeness
        rows = np.arange(len(stands))
        best = merits.argmax(axis=1) if len(rows) else np.zeros(0, np.int64)
        printed = candidates[rows, best]
        merit = merits[rows, best]
        chances = np.asarray(self.model.arrays["unigrams"])
        rarity = chances[stands]
        features = [
            merit,
            np.log(np.exp(np.clip(merits, -50, 80)).sum(axis=1)),
            gains[rows, best],
            likeness[rows, best],
            rarity,
            chances[printed],
            present,
            np.minimum(present, -20),
            merit * merit / 20,
            merit * rarity / 20,
            merit * present / 50,
        ]
        return np.stack(features, axis=1).astype(np.float64), printed

    def _measure(self, around: Keys) -> NDArray[np.float64]:
        """Return the log-probability (nats) of the n-grams around the middle of each row."""
        keys = pack_windows(around, ORDER)
        values = self.model.measure_keys(keys.reshape(-1)).reshape(keys.shape)
        return np.asarray(values.sum(axis=-1), np.float64)


@dataclass(frozen=True)
class WeighedCharacters:
    """The unlikely characters of some texts, with the evidence about each."""

    texts: NDArray[np.int64]
    places: NDArray[np.int64]
    printed: NDArray[np.int64]
    """The likeliest character in the place of each, by its number."""
    features: NDArray[np.float64]
    """Shape (characters, figures): those that `ChannelWeights` are for."""
    total: int
    """Han characters of the texts, the likely ones included."""
    present: NDArray[np.float64]
    """Log-probability (nats) of the n-grams around each Han character, the likely ones included."""


def estimate_chances(
    seen: WeighedCharacters, weights: ChannelWeights = ORDERED
) -> NDArray[np.float64]:
    """Return the probability that each unlikely character is wrong.

    The share of wrong characters is estimated with them, by expectation and maximisation.
    """
    evidence = seen.features @ np.array(weights.figures) + weights.bias - _log_odds(weights.share)
    least, most = (LEAST_SHARE, 0.5) if _is_familiar(seen, weights) else (0.0, STRANGE_SHARE)
    share, chances = USUAL_SHARE, np.zeros(len(evidence))
    for _ in range(_ROUNDS):
        share = max(least, min(share, most))
        chances = 1 / (1 + np.exp(-np.clip(evidence + _log_odds(share), -60, 60)))
        share = (chances.sum() + USUAL_SHARE * USUAL_WEIGHT) / (seen.total + USUAL_WEIGHT)
    return np.asarray(chances, np.float64)


def _is_familiar(seen: WeighedCharacters, weights: ChannelWeights) -> bool:
    """Tell whether the model knows the language of the texts; little text is taken to be known."""
    if not seen.total:
        return True
    likeliest = float(np.quantile(seen.present / ORDER, 0.75))
    known = likeliest * seen.total + weights.usual * USUAL_WEIGHT
    return known / (seen.total + USUAL_WEIGHT) >= weights.familiar


def _join_texts(texts: Sequence[str]) -> tuple[Keys, NDArray[np.int64], NDArray[np.int64]]:
    """Return the characters of all texts, boundaries between them, and where each comes from."""
    gap = np.full(ORDER - 1, BOUNDARY, np.uint64)
    none = np.full(ORDER - 1, -1, np.int64)
    numbers, owners, places = [gap], [none], [none]
    for owner, text in enumerate(texts):
        own = number_characters(text)
        numbers += [own, gap]
        owners += [np.full(len(own), owner, np.int64), none]
        places += [np.arange(len(own), dtype=np.int64), none]
    return np.concatenate(numbers), np.concatenate(owners), np.concatenate(places)


def _log_odds(share: float) -> float:
    """Return the natural log-odds of a share."""
    return math.log(share / (1 - share))
