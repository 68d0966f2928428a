"""Completes pictures once the lines are read: ink that could not be read is part of one.

Of a photograph of uneven tone only the dark pieces are found before; edges in it look like rules,
patches of it like lines of text. Those patches are hardly ever read with confidence, print is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from newspage.detect.ink_masks import (
    Mask,
    close_mask,
    erase_boxes,
    make_ink_mask,
    open_mask,
    shrink_to_em,
)
from newspage.geometry import Box, union_boxes
from newspage.model import Detection, PageImage, Separator, TextLine

# Figures without a name below are judgement: shares of an area, or em.

LEGIBLE = 0.75
"""A line read with such a mean confidence is text: of 5,773 lines of four characters and more
outside the pictures of twenty pages 97.5 in 100 are, of patches inside hardly a quarter."""
WORDS = 4
"""Least number of characters of a line that proves text: patches of a picture are read as one or
two."""
SCALE = 6
"""Pixels an em at which ink is followed. Judgement: strokes of a texture run together there."""
INKED = 12
"""Grey, 0 to 255, from which a pixel at that scale holds ink. Judgement: a hairline crossing it
does."""
JOINED = 0.7
"""Distance in em at which ink hangs together. Judgement: less than the white between two lines
and a picture."""
THINNEST = 1.6
"""Least thickness, in em, of ink that hangs together. Judgement: less is a rule, or a single
line of text that was not found."""
SMALLEST = 5
"""Least height and width of a picture in em. Judgement: smaller than a portrait of one column."""
NEAR = 1.5
"""Distance in em up to which pieces are of one picture, where no text stands between them.
Judgement: a line of text would fit in."""
SHORT_RULE = 20
"""Length in em up to which a rule may be an edge in a picture. Judgement: longer ones are
printed."""
FEWEST_RULES = 4
"""Number of short rules which show that ink that hangs together is a picture: text that could
not be read lies over up to three of them."""
FEWEST_SIGNS = 3
"""Number of signs, rules and stretches that could not be read, which show the same around a
piece of a picture. Judgement: one fewer, as the piece is a sign itself."""
ILLEGIBLE = 0.6
"""Mean confidence below which a stretch is such a sign: two in three of those patches are read
with less, and one in a hundred of those lines."""
MOST_TEXT = 0.06
"""Greatest share of a picture that lines that were read cover. Judgement: a caption drawn into
it."""
MOST_UNREAD = 0.5
"""Share of ink from which lines that could not be read make it text, not a picture. Judgement:
half."""
LEAST_INK = 0.3
"""Least share of a picture that ink which hangs together fills. Judgement: an engraving has
more."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """Signs on a page that an area belongs to a picture, or does not."""

    text: tuple[Box, ...]
    """Lines that were read."""
    rules: tuple[Box, ...]
    """Short ones: they may be edges in a picture."""
    unread: tuple[Box, ...]
    """Stretches that could not be read."""
    stretches: tuple[Box, ...]
    """Lines too long to be patches of a picture, but not read well enough to be text for sure."""
    pieces: tuple[Box, ...]
    """Pictures, and dark parts of them, found before."""
    texture: Mask
    """Ink outside the lines that hangs together, at SCALE pixels an em."""
    step: float
    """Pixels of the page for one of the texture."""
    em: float


def complete_pictures(found: Detection, image: PageImage) -> Detection:
    """Return the detection with its pictures whole, and without rules, frames and tables in them.

    The lines have been read. All of them stay: `layout` sets those in a picture aside.
    """
    read = [line for line in found.lines if _is_legible(line)]
    if not read:
        return found
    signs = _signs_of(found, image, read)
    areas = _inked_areas(signs)
    seen = [a for a in areas if _is_picture(a, signs)]
    pictures = _grown([*found.pictures, *seen], areas, signs)
    if set(pictures) == set(found.pictures):
        return found
    return _without_what_is_in(tuple(pictures), found, signs.em)


def _is_legible(line: TextLine) -> bool:
    """Tell whether a line was read so well, and is so long, that it is text for certain."""
    return len(line.text.strip()) >= WORDS and line.confidence >= LEGIBLE


def _signs_of(found: Detection, image: PageImage, read: Sequence[TextLine]) -> _Signs:
    """Collect the signs on a page for and against pictures; `read` are its legible lines."""
    thickness = sorted(min(r.box.width, r.box.height) for r in read for _ in r.text)
    em = thickness[len(thickness) // 2] / 1.2
    text = tuple(line.box for line in read)
    rules = [r.box for r in found.separators]
    short = tuple(r for r in rules if max(r.width, r.height) < SHORT_RULE * em)
    unread = tuple(line.box for line in found.lines if line.confidence < ILLEGIBLE)
    ink = make_ink_mask(image.pixels, em, found.panels)
    ink = erase_boxes(ink, [*(b.grown(0.15 * em) for b in text), *found.panels])
    small, step = shrink_to_em(255 * ink, em, SCALE)
    near, thin = round(JOINED * SCALE), round(THINNEST * SCALE)
    texture = open_mask(close_mask((small > INKED).astype(np.uint8), near, near), thin, thin)
    stretches = tuple(x.box for x in found.lines if x not in read and len(x.text) >= WORDS)
    return _Signs(text, short, unread, stretches, found.pictures, texture, step, em)


def _inked_areas(signs: _Signs) -> list[Box]:
    """Return the areas of ink that hangs together, without those that illegible lines cover."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(signs.texture)
    areas = [
        Box(*(v * signs.step for v in (x, y, x + w, y + h)))
        for x, y, w, h, _ in stats[1:count].tolist()
    ]
    return [a for a in areas if _covered(a, signs.stretches) <= MOST_UNREAD]


def _is_picture(box: Box, signs: _Signs) -> bool:
    """Tell whether an area of ink is a picture: large, full of ink and signs, free of text."""
    if min(box.width, box.height) < SMALLEST * signs.em:
        return False
    rules = _inside(signs.rules, box)
    if rules < FEWEST_RULES and not (
        rules + _inside(signs.unread, box) >= FEWEST_SIGNS and _inside(signs.pieces, box)
    ):
        return False
    return _is_free(box, signs) and _inked(box, signs) > LEAST_INK


def _inside(boxes: Sequence[Box], area: Box) -> int:
    """Return how many boxes lie mostly in an area."""
    return sum(b.share_inside(area) > 0.6 for b in boxes if b.area)


def _inked(box: Box, signs: _Signs) -> float:
    """Return the share of a box that holds ink which hangs together."""
    x0, y0, x1, y1 = (int(v / signs.step) for v in (box.left, box.top, box.right, box.bottom))
    return float(signs.texture[max(0, y0) : y1 + 1, max(0, x0) : x1 + 1].mean())


def _is_free(box: Box, signs: _Signs) -> bool:
    """Tell whether next to no text stands in a box."""
    return _covered(box, signs.text) <= MOST_TEXT


def _covered(box: Box, lines: Sequence[Box]) -> float:
    """Return the share of a box that lines cover."""
    return sum(s.area for t in lines if (s := box.intersection(t)) is not None) / box.area


def _grown(pictures: Sequence[Box], areas: Sequence[Box], signs: _Signs) -> list[Box]:
    """Return the pictures, each with the ink around it, as far as no text gets between them.

    Pieces that overlap or nearly touch become one.
    """
    whole, scraps = list(pictures), list(areas)
    while True:
        while (pair := _next_pair(whole, signs)) is not None:
            whole = [b for b in whole if b not in pair] + [union_boxes(pair)]
        near = _next_scrap(whole, scraps, signs)
        if near is None:
            return whole
        picture, scrap = near
        scraps.remove(scrap)
        whole = [union_boxes((b, scrap)) if b is picture else b for b in whole]


def _next_scrap(
    pictures: Sequence[Box], scraps: Sequence[Box], signs: _Signs
) -> tuple[Box, Box] | None:
    """Return a picture and an area of ink beside it that belongs to it; None without any left."""
    for picture in pictures:
        near = picture.grown(NEAR * signs.em)
        for scrap in scraps:
            outside = near.intersection(scrap) and not picture.contains(scrap, signs.step)
            if outside and scrap.area < picture.area and _joins(picture, scrap, signs):
                return picture, scrap
    return None


def _next_pair(boxes: Sequence[Box], signs: _Signs) -> tuple[Box, Box] | None:
    """Return two pieces of one picture; None without any left."""
    for i, a in enumerate(boxes):
        near = a.grown(NEAR * signs.em)
        for b in boxes[i + 1 :]:
            if near.intersection(b) and (a.contains(b) or b.contains(a) or _joins(a, b, signs)):
                return a, b
    return None


def _joins(a: Box, b: Box, signs: _Signs) -> bool:
    """Tell whether two areas can be of one picture: no line that was read stands between them."""
    both = union_boxes((a, b))
    between = any(
        t.share_inside(both) > 0.5 and t.share_inside(a) < 0.5 and t.share_inside(b) < 0.5
        for t in signs.text
    )
    return not between and _is_free(both, signs)


def _without_what_is_in(pictures: tuple[Box, ...], found: Detection, em: float) -> Detection:
    """Return the detection with these pictures, less rules, frames and tables inside them."""
    outside = [p.grown(0.5 * em) for p in pictures]

    def kept(box: Box) -> bool:
        """Tell whether a frame, table or panel lies in no picture as a whole."""
        return not any(area.contains(box) for area in outside)

    def rule_kept(rule: Separator) -> bool:
        """Tell whether at least a fifth of a rule lies outside each picture."""
        return not any(rule.box.share_inside(area) > 0.8 for area in outside)

    return replace(
        found,
        pictures=pictures,
        separators=tuple(r for r in found.separators if rule_kept(r)),
        frames=tuple(f for f in found.frames if kept(f)),
        tables=tuple(t for t in found.tables if kept(t)),
        panels=tuple(p for p in found.panels if kept(p)),
    )
