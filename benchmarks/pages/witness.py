"""What a layout model would say of a page if it were always right, and what one that errs says."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from benchmarks.pages.sheet import Role
from newspage.geometry import Box, union_boxes
from newspage.model import AreaKind, LayoutPrediction

KINDS: Mapping[Role, AreaKind] = {
    Role.KICKER: AreaKind.HEADLINE,
    Role.TITLE: AreaKind.HEADLINE,
    Role.DECK: AreaKind.HEADLINE,
    Role.SUBHEAD: AreaKind.HEADLINE,
    Role.CAPTION: AreaKind.CAPTION,
    Role.TABLE: AreaKind.TABLE,
    Role.MASTHEAD: AreaKind.FURNITURE,
    Role.FOLIO: AreaKind.FURNITURE,
}
"""Headings inside an article look like headlines to a model that knows single paragraphs only."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a page: what it is for, and where it stands."""

    role: Role
    article: str
    box: Box


def sightings_of(lines: Iterable[Place], pictures: Iterable[Box]) -> tuple[LayoutPrediction, ...]:
    """What stands on a page, without a mistake; lines of one role that follow each other as one.

    Lines of a title that stand one beside the other are one area as well.
    """
    found = [LayoutPrediction(box, AreaKind.PICTURE, 1.0) for box in pictures]
    for (role, _), group in groupby(lines, lambda x: (x.role, x.article)):
        boxes = [place.box for place in group]
        if role not in KINDS:
            continue
        single = role in (Role.MASTHEAD, Role.FOLIO, Role.SUBHEAD)
        areas = boxes if single else [union_boxes(boxes)]
        found += [LayoutPrediction(area, KINDS[role], 1.0) for area in areas]
    return tuple(found)


def erring(
    seen: Sequence[LayoutPrediction], size: tuple[float, float], em: float, error: float, seed: int
) -> tuple[LayoutPrediction, ...]:
    """The same from a model that errs.

    Of its areas a share of `error` is missing and as many bear a wrong name, edges are off by about
    `error` times two em, and for every area there are `error` more that lie anywhere.
    """
    chance = random.Random(seed)
    kinds = list(AreaKind)
    out = []
    for sighting in seen:
        if chance.random() < error:
            continue
        kind = chance.choice(kinds) if chance.random() < error else sighting.kind
        out.append(replace(sighting, box=_shaken(sighting.box, 2 * em * error, chance), kind=kind))
    more = (_anywhere(size, em, chance) for _ in range(round(error * len(seen))))
    return (*out, *(LayoutPrediction(box, chance.choice(kinds), 0.6) for box in more))


def _shaken(box: Box, reach: float, chance: random.Random) -> Box:
    left, top, right, bottom = (
        v + chance.gauss(0, reach) for v in (box.left, box.top, box.right, box.bottom)
    )
    return Box(min(left, right), min(top, bottom), max(left, right), max(top, bottom))


def _anywhere(size: tuple[float, float], em: float, chance: random.Random) -> Box:
    width, height = (chance.uniform(2, 20) * em for _ in range(2))
    left, top = chance.uniform(0, size[0]), chance.uniform(0, size[1])
    return Box(left, top, left + width, top + height)
