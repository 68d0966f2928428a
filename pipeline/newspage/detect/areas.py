"""Pictures and dark panels: areas of the page that are not white paper with ink lines on it."""

from collections.abc import Sequence

import cv2
import numpy as np

from newspage.detect.ink_masks import Mask, close_mask, erase_boxes, open_mask, shrink_to_em
from newspage.geometry import Box
from newspage.model import GrayImage

# Figures without a name below are judgement: shares of an area, of its grey, or em.

SCALE = 6
"""Pixels an em at which areas are looked for. Judgement: strokes merge, areas of 4 em stay
clear."""
SMALLEST = 4
"""Least side, in em, of a picture that is no grey area. Judgement: smaller things are ornaments."""
MOST_TEXT = 0.25
"""Greatest share of a picture without greys that lines of text cover. Judgement: a map or a
chart carries labels, a box of print far more text than this."""
HUGE = 8
"""Least side in em of a stretch that may be a picture. Judgement: type this large is not set in
nearly square lines."""
WHITE = 0.7
"""Share of pure white from which a page is bilevel. Judgement: the paper of a grey scan has
grain."""
MOST_CUT = 2
"""Greatest number of lines that the edge of a picture without greys may cut. Judgement: a layout
model sees edges only roughly."""
LEAST_INK = 0.015
"""Least share of ink, neither text nor rule, in a picture without greys. Judgement: a thin line
drawing has more, paper with specks has less."""


def find_panels(
    pixels: GrayImage, em: float, text: Sequence[Box]
) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """Return the dark areas that hold text (panels), and the dark areas that hold none.

    Large headlines are dark as well, but not evenly so: 70% of the pixels of a panel are its
    background, and that is of one grey. `text` holds the boxes of the stretches of text found.
    """
    small, step = shrink_to_em(pixels, em, SCALE)
    dark = (small < 0.6 * _paper(small)).astype(np.uint8)
    solid = open_mask(close_mask(dark, SCALE, SCALE), 3 * SCALE, round(1.2 * SCALE))
    found = _rectangles(solid, step, fill=0.75, smallest=(4 * SCALE, round(1.5 * SCALE)))
    found = tuple(f for f in found if _share(dark, f, step) >= 0.65)
    panels = tuple(f for f in found if _is_flat(small, f, step) and _holds_text(f, text))
    return panels, tuple(f for f in found if f not in panels)


def _holds_text(area: Box, text: Sequence[Box]) -> bool:
    """Tell whether a stretch of text lies in an area, nearly whole."""
    return any((s := area.intersection(t)) is not None and s.area > 0.9 * t.area for t in text)


def _is_flat(small: GrayImage, area: Box, step: float) -> bool:
    """Tell whether the background of an area is of one grey: most of it is close to its median."""
    left, top, right, bottom = (
        round(v / step) for v in (area.left, area.top, area.right, area.bottom)
    )
    inside = small[top:bottom, left:right].astype(np.int16)
    background = inside[inside <= np.percentile(inside, 70)]
    return (
        background.size > 0
        and float(np.percentile(background, 90) - np.percentile(background, 10)) < 40
    )


def find_pictures(
    pixels: GrayImage, em: float, panels: Sequence[Box], dark: Sequence[Box]
) -> tuple[Box, ...]:
    """Return the areas that stay grey when every stroke thinner than an em is taken away.

    Args:
        pixels: The page.
        em: Size of the body type in pixels.
        panels: Dark areas with text in them; what lies in one is no picture.
        dark: Areas already known to be dark pictures.
    """
    small, step = shrink_to_em(pixels, em, SCALE)
    bare = cv2.dilate(small, cv2.getStructuringElement(cv2.MORPH_RECT, (SCALE | 1, SCALE | 1)))
    paper = np.minimum(_paper(small), _surroundings(np.asarray(bare, dtype=np.uint8)))
    grey = (bare < 0.88 * paper).astype(np.uint8)
    for area in dark:
        x0, y0, x1, y1 = (round(v / step) for v in (area.left, area.top, area.right, area.bottom))
        grey[y0:y1, x0:x1] = 1
    solid = open_mask(close_mask(grey, SCALE, SCALE), 2 * SCALE, 2 * SCALE)
    found = _rectangles(solid, step, fill=0.55, smallest=(4 * SCALE, 4 * SCALE))
    return tuple(f for f in found if not any(_mostly_inside(f, p) for p in panels))


def add_predicted_pictures(
    pictures: Sequence[Box],
    predicted: Sequence[Box],
    ink: Mask,
    lines: Sequence[Box],
    panels: Sequence[Box],
    em: float,
) -> tuple[Box, ...]:
    """Return the pictures found, and those only a layout model saw where the ink bears them out.

    Charts, maps and line drawings are no grey areas: only their ink shows them, and it shows
    little by itself. A picture that both saw keeps the edges of its pixels; pieces of a picture
    give way to the whole.

    Args:
        pictures: The pictures found in the pixels.
        predicted: The boxes of the pictures that the layout model predicts.
        ink: The ink of the page without rules.
        lines: The boxes of the text lines.
        panels: Dark areas with text in them; what lies in one is no picture.
        em: Size of the body type in pixels.
    """
    kept = tuple(pictures)
    for area in predicted:
        known = any(_mostly_inside(area, p) for p in (*kept, *panels))
        if not known and _drawn(area, ink, lines, em):
            kept = merge_pictures(kept, [area])
    return kept


def find_pictures_among_lines(boxes: Sequence[Box], ink: Mask, em: float) -> tuple[Box, ...]:
    """Return the stretches found as text that are pictures: huge, nearly square, and full of ink.

    Bilevel scans have such: to the text detector, the dots of a halftone photo look like print. As
    lines of text they would take in all that stands beside them.
    """
    huge = [
        b
        for b in boxes
        if min(b.width, b.height) > HUGE * em
        and max(b.width, b.height) < 2 * min(b.width, b.height)
    ]
    rest = [b for b in boxes if b not in huge]
    return tuple(b for b in huge if _drawn(b, ink, rest, em))


def find_drawings(
    pixels: GrayImage, ink: Mask, lines: Sequence[Box], panels: Sequence[Box], em: float
) -> tuple[Box, ...]:
    """Return the pictures of a bilevel page: ink all over an area that is no text.

    Where the paper is pure white, the scan is bilevel (or no scan at all), and a photo in it is
    dots and outlines. On other pages only what is grey is a picture: ink outside the lines found is
    as often text that was not found.

    Args:
        pixels: The page.
        ink: The ink of the page without rules.
        lines: The boxes of the text lines.
        panels: Dark areas with text in them.
        em: Size of the body type in pixels.
    """
    if float((pixels >= 250).mean()) < WHITE:
        return ()
    strokes = erase_boxes(ink, [b.grown(0.1 * em) for b in (*lines, *panels)])
    small, step = shrink_to_em(255 * strokes, em, SCALE)
    drawn = close_mask((small > 12).astype(np.uint8), SCALE, SCALE)
    areas = _rectangles(drawn, step, fill=0.0, smallest=(SMALLEST * SCALE, SMALLEST * SCALE))
    return tuple(a for a in areas if _drawn(a, ink, lines, em))


def merge_pictures(pictures: Sequence[Box], more: Sequence[Box]) -> tuple[Box, ...]:
    """Return all pictures of both sequences, without those that are pieces of another one."""
    kept = [p for p in pictures if not any(_mostly_inside(p, m) for m in more)]
    return (*kept, *(m for m in more if not any(_mostly_inside(m, p) for p in kept)))


def _drawn(area: Box, ink: Mask, lines: Sequence[Box], em: float) -> bool:
    """Tell whether an area holds ink all over that is no text, and next to no text."""
    if min(area.width, area.height) < SMALLEST * em:
        return False
    near = [line for line in lines if area.intersection(line)]
    if sum(0.2 < line.share_inside(area) < 0.8 for line in near) > MOST_CUT:
        return False
    if sum(line.share_inside(area) * line.area for line in near) > MOST_TEXT * area.area:
        return False
    left, top, right, bottom = (round(v) for v in (area.left, area.top, area.right, area.bottom))
    texts = [line.grown(0.1 * em).moved(-left, -top) for line in near]
    strokes = erase_boxes(ink[top:bottom, left:right], texts)
    across, down = (np.flatnonzero(strokes.any(axis=axis)) for axis in (0, 1))
    return (
        float(strokes.mean()) > LEAST_INK
        and float(np.ptp(across)) > 0.6 * area.width
        and float(np.ptp(down)) > 0.6 * area.height
    )


def _surroundings(bare: GrayImage) -> GrayImage:
    """Return the grey of the page far around each pixel, blurred by a Gaussian of 40 em."""
    height, width = bare.shape
    coarse = cv2.resize(bare, (width // 16 + 1, height // 16 + 1), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(coarse, (0, 0), 40 * SCALE / 16)
    return np.asarray(cv2.resize(blurred, (width, height)), dtype=np.uint8)


def _paper(small: GrayImage) -> float:
    """Return the grey of the paper: one pixel in five is lighter."""
    return float(np.percentile(small, 80))


def _rectangles(mask: Mask, step: float, fill: float, smallest: tuple[int, int]) -> tuple[Box, ...]:
    """Return the boxes of the components that fill at least the share `fill` of their box.

    `smallest` is least width and height in pixels of the mask, `step` times smaller than the page.
    """
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    boxes = []
    for x, y, w, h, area in stats[1:count].tolist():
        if w >= smallest[0] and h >= smallest[1] and area >= fill * w * h:
            boxes.append(Box(x * step, y * step, (x + w) * step, (y + h) * step))
    return tuple(boxes)


def _share(mask: Mask, box: Box, step: float) -> float:
    """Return the share of a box that the mask covers, `step` times smaller than the page."""
    left, top, right, bottom = (round(v / step) for v in (box.left, box.top, box.right, box.bottom))
    return float(mask[top:bottom, left:right].mean())


def _mostly_inside(inner: Box, outer: Box) -> bool:
    """Tell whether at least 60% of a box lies in another."""
    return inner.share_inside(outer) >= 0.6
