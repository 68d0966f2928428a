"""Evens out the light, raises the contrast and removes show-through.

Show-through is print of the reverse: fainter than all print of this side, and blurred by its way
through the paper. Where both are measured, all pixels no darker than that ghost are lifted to the
level of paper. Faint print as sharp as the rest is left alone. Darkness is counted from paper, as
a share of that of ink.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.enhance.ink_maps import shrink_image
from newspage.enhance.paper import PaperMap
from newspage.model import GrayImage

Floats = NDArray[np.float32]
Labels = NDArray[np.int32]

PAPER = 245
"""Level of paper after any change of tone: grain stays visible on both sides of it."""

_MAP_EM = 12.0
"""Pixels an em of the copy on which show-through is measured. Judgement: strokes still show."""
_GHOST_FLOOR = 0.07
"""Darkness above which a pixel may be show-through. Judgement: grain of paper is lighter."""
_GHOST_CEILING = 0.3
"""Greatest darkness of a ghost. Judgement: darker print is of this side, however faint."""
_GHOST_SIDES_EM = (0.4, 8.0)
"""Least and greatest longer side of a ghost in em: from a glyph to a word."""
_GHOST_THICKNESS_EM = 0.2
"""Glyphs and words of the reverse are of this size; tinted panels are larger, rules thinner."""
_FEWEST_GHOSTS = 5
"""Number of ghosts that a page must have. Judgement: fewer are stains."""
_TRUE_INK = 0.5
"""Darkness from which a glyph is print of this side for certain. Judgement: half of the ink's."""
_LEAST_GHOST_AREA = 0.001
"""Least share of the page that ghosts cover. Judgement: less disturbs nobody."""
_LEAST_BLUR = 0.08
"""Share by which ghosts are less sharp than print at least. Judgement: faint print is as sharp."""
_KNEE_MARGIN = 1.1
"""Factor on the ghosts' darkness up to which pixels become paper. Judgement: their darkest
pixels lie a little above the percentile that is measured."""
_MOST_KNEE = 0.18
"""Greatest darkness that is made paper. Judgement: whatever is darker may be print."""
_WHOLE_AGAIN = 1.5
"""Times the knee from which on darkness is left as it is. Judgement: a soft passage."""
_PRINT_KNEES = 2.0
"""Darkness, in knees, from which a pixel is print for certain. Judgement: twice the darkest
ghosts."""
_BLUR_EM = 0.12
"""Half the side, in em, of the blur that the lift is taken from. Judgement: wider than grain."""
_HALO_EM = 0.12
"""Distance in em from print within which nothing is taken for show-through. Judgement: soft
edges."""
_FADED = 0.55
"""Darkness of ink, of 1 for black, below which print is faded. Judgement: good scans lie well
above."""
_FULL_CONTRAST = 0.85
"""Darkness of ink that faded print is raised to. Judgement: that of good print."""
_MOST_GAIN = 2.5
"""Greatest factor on the contrast. Judgement: more would raise grain to ink."""


@dataclass(frozen=True, slots=True)
class ToneChange:
    """A change of the grey levels of a page; darkness is a share of that of ink."""

    level: bool = False
    """Divide by the paper's own brightness."""
    knee: float = 0.0
    """Darkness up to which everything is paper: the show-through; 0 where there is none."""
    gain: float = 1.0
    """Contrast is multiplied by this."""

    @property
    def needed(self) -> bool:
        """Tell whether anything is to be changed."""
        return self.level or self.knee > 0 or self.gain > 1


def measure_show_through(pixels: GrayImage, em: float, paper: PaperMap) -> float:
    """Return the darkness of the reverse's print as a share of the ink's; 0 where none shows.

    `em` is the size of the body type in pixels of the page.
    """
    factor = min(1.0, _MAP_EM / em)
    small = shrink_image(pixels, factor)
    bare = cv2.resize(paper.background, small.shape[::-1]).astype(np.float32)
    darkness = (1 - small / np.maximum(bare, 1)) / _ink_darkness(paper)
    return _ghost_level(darkness, em * factor)


def _ghost_level(darkness: Floats, em: float) -> float:
    """Return the darkness below which 95% of the pixels of ghosts lie; 0 without enough ghosts."""
    smooth = cv2.GaussianBlur(darkness, (0, 0), 0.8)
    mask = (smooth > _GHOST_FLOOR).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    sides, areas = stats[:, 2:4] / em, stats[:, 4]
    longer, shorter = sides.max(axis=1), sides.min(axis=1)
    least, most = _GHOST_SIDES_EM
    glyphs = (longer > least) & (longer < most) & (areas > 0.1 * em * em)
    glyphs &= shorter > _GHOST_THICKNESS_EM
    glyphs[0] = False
    darkest = _maxima(labels, count, darkness)
    steepest = _maxima(labels, count, _gradient(darkness))
    ghosts, prints = glyphs & (darkest < _GHOST_CEILING), glyphs & (darkest > _TRUE_INK)
    enough = areas[ghosts].sum() >= _LEAST_GHOST_AREA * darkness.size
    if not (enough and ghosts.sum() >= _FEWEST_GHOSTS and prints.any()):
        return 0.0
    sharpness = steepest / np.maximum(darkest, 1e-6)
    if np.median(sharpness[ghosts]) > (1 - _LEAST_BLUR) * np.median(sharpness[prints]):
        return 0.0
    return float(np.percentile(darkness[ghosts[labels]], 95))


def _gradient(darkness: Floats) -> Floats:
    """Return the steepness of the darkness at each pixel."""
    across = cv2.Sobel(darkness, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(darkness, cv2.CV_32F, 0, 1, scale=1 / 8)
    steepness: Floats = np.hypot(across, down)
    return steepness


def _maxima(labels: Labels, count: int, values: Floats) -> Floats:
    """Return the greatest value in each labelled component."""
    found = np.zeros(count, np.float32)
    np.maximum.at(found, labels.ravel(), values.ravel())
    return found


def _ink_darkness(paper: PaperMap) -> float:
    """Return the darkness of ink, of 1 for black, at least 0.05."""
    return max(1 - paper.levels.ink / max(paper.levels.paper, 1.0), 0.05)


def choose_tone(paper: PaperMap, ghost: float, bearable: float | None) -> ToneChange:
    """Choose the change of tone that a page needs.

    Args:
        paper: The paper of the page.
        ghost: Darkness of the show-through; 0 where there is none.
        bearable: Unevenness of the light that is left alone; None: light and contrast stay as
            they are.
    """
    darkness = _ink_darkness(paper)
    faded = bearable is not None and darkness < _FADED
    # A ghost is taken away by its darkness, which is not to be told from a shadow's.
    level = ghost > 0 or (bearable is not None and paper.unevenness > bearable)
    return ToneChange(
        level=level,
        knee=min(ghost * _KNEE_MARGIN, _MOST_KNEE),
        gain=min(_FULL_CONTRAST / darkness, _MOST_GAIN) if faded else 1.0,
    )


def apply_tone(pixels: GrayImage, em: float, paper: PaperMap, tone: ToneChange) -> GrayImage:
    """Return the page with even paper of level PAPER and its ink as the change of tone asks for.

    Args:
        pixels: The page.
        em: Size of the body type in pixels.
        paper: The paper of the page.
        tone: The change; see `choose_tone`.
    """
    ink_darkness = _ink_darkness(paper)
    even = _levelled(pixels, paper) if tone.level else _whitened(pixels, paper)
    if tone.knee > 0:
        even = _without_ghosts(even, em, ink_darkness, tone.knee, paper)
    if tone.gain == 1:
        return even
    levels = PAPER - (PAPER - np.arange(256)) * tone.gain
    return np.asarray(cv2.LUT(even, _rounded(levels), dst=even))


def _levelled(pixels: GrayImage, paper: PaperMap) -> GrayImage:
    """Return the page divided by the brightness of its paper."""
    bare = cv2.resize(paper.background, (pixels.shape[1], pixels.shape[0]))
    return np.asarray(cv2.divide(pixels, bare, dst=bare, scale=PAPER))


def _whitened(pixels: GrayImage, paper: PaperMap) -> GrayImage:
    """Return the page with its grey levels scaled so that its paper is at PAPER."""
    levels = np.arange(256) * PAPER / max(paper.levels.paper, 1.0)
    return np.asarray(cv2.LUT(pixels, _rounded(levels)))


def _without_ghosts(
    even: GrayImage, em: float, ink_darkness: float, knee: float, paper: PaperMap
) -> GrayImage:
    """Return the page with pixels darkened by no more than the knee lifted to the level of paper.

    The lift is that of the blurred page, so grain, specks and hairlines stay as they are: a page
    wiped clean would make what is left on it stand out. Near print nothing is lifted, so that
    strokes get no thinner, nor in pictures, whose light parts would turn white.
    """
    darkness = (1 - np.arange(256) / PAPER) / ink_darkness
    share = np.clip((_WHOLE_AGAIN * knee - darkness) / ((_WHOLE_AGAIN - 1) * knee), 0, 1)
    lift = cv2.blur(even, (2 * round(_BLUR_EM * em) + 1,) * 2)
    cv2.LUT(lift, _rounded((PAPER - np.arange(256)) * share), dst=lift)
    lift[_near_print(even, em, PAPER * (1 - _PRINT_KNEES * knee * ink_darkness)) > 0] = 0
    pictures = cv2.dilate((~paper.bare).astype(np.uint8), np.ones((7, 7), np.uint8))
    lift[cv2.resize(pictures, even.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0] = 0
    return np.asarray(cv2.add(even, lift, dst=lift))


def _near_print(even: GrayImage, em: float, level: float) -> GrayImage:
    """Return a mask of the pixels near print darker than `level`."""
    near = cv2.threshold(even, level, 255, cv2.THRESH_BINARY_INV)[1]
    # Fewer than three dark pixels together are grain.
    near = cv2.threshold(cv2.blur(near, (3, 3)), 80, 255, cv2.THRESH_BINARY)[1]
    side = 2 * max(1, round(_HALO_EM * em)) + 1
    return np.asarray(cv2.dilate(near, np.ones((side, side), np.uint8), dst=near))


def _rounded(levels: NDArray[np.floating]) -> GrayImage:
    """Return levels as bytes."""
    return np.clip(np.round(levels), 0, 255).astype(np.uint8)
