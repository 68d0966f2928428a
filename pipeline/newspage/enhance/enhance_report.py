"""Holds what was measured on a scan, and what was done about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from newspage.model import PageImage


@dataclass(frozen=True, slots=True)
class EnhanceReport:
    """Measurements of a scan, in its pixels; those that were not needed keep their default."""

    em: float = 0.0
    """Size of the em of body text; 0 where no text was found."""
    scale: float = 1.0
    """Pixels of the working image for one of the scan."""
    bed: float = 0.0
    """Share of the scan that shows scanner or film instead of paper, and was covered."""
    unevenness: float = 0.0
    """Share by which the paper's brightness falls off."""
    levelled: bool = False
    """The light was evened out."""
    show_through: float = 0.0
    """Darkness of the reverse's print as a share of the ink's; what is measured is removed."""
    gain: float = 1.0
    """By how much the contrast was raised."""
    softened: bool = False
    """The scan was of black and white alone, and its edges were made soft."""
    turned: int = 0
    """Degrees the scan was turned clockwise to stand upright: 0, 90, 180 or 270."""
    glyphs_read: tuple[float, ...] = ()
    """How well glyphs were read after 0, 1, 2 and 3 quarter turns; empty: not tried."""
    skew: float = 0.0
    """Degrees the page lay turned clockwise, after the quarter turns."""
    bend: float = 0.0
    """Displacement of curved lines in em, as measured."""
    flattened: bool = False
    """The bend was undone."""

    def list_details(self) -> Mapping[str, str]:
        """Return the measurements as text, for the page record."""
        return {
            "em": f"{self.em:.1f}",
            "scale": f"{self.scale:.3f}",
            "bed": f"{self.bed:.3f}",
            "unevenness": f"{self.unevenness:.2f}" + (" levelled" if self.levelled else ""),
            "show_through": f"{self.show_through:.2f}",
            "gain": f"{self.gain:.2f}",
            "bilevel": "softened" if self.softened else "no",
            "turned": str(self.turned),
            "skew": f"{self.skew:.2f}",
            "bend": f"{self.bend:.2f}" + (" flattened" if self.flattened else ""),
        }


@dataclass(frozen=True, slots=True)
class EnhancedPage:
    """A working image, and a report of how it came about."""

    image: PageImage
    report: EnhanceReport
