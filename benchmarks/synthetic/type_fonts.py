"""Finds fonts with the type of newspapers, old type first, and draws their characters."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

PACKAGES = {
    "Oradano-mincho-GSRR": "fonts-oradano-mincho-gsrr",
    "Dejima": "fonts-dejima-mincho",
    "cwTeXMing": "fonts-cwtex-ming",
    "cwTeXKai": "fonts-cwtex-kai",
    "cwTeXHeiBold": "fonts-cwtex-heib",
    "AR PL UMing TW": "fonts-arphic-uming",
    "AR PL UMing CN": "fonts-arphic-uming",
    "AR PL Mingti2L Big5": "fonts-arphic-bsmi00lp",
    "IPAmjMincho": "fonts-ipamj-mincho",
    "Noto Serif CJK TC": "fonts-noto-cjk",
    "Noto Serif CJK JP": "fonts-noto-cjk",
    "Noto Serif CJK SC": "fonts-noto-cjk",
}
"""Families that lines are set in, and the Debian package of each. The first two copy the type of
the 1870s to 1890s from which that of Chinese newspapers comes; the others are later Ming type, and
two kinds of type for headlines."""
UNUSED = frozenset({"Thin", "ExtraLight", "Black"})
"""Styles of families that are not used: hairlines and the heaviest print are none of newspapers."""
DRAWN = 96
"""Pixels an em that characters are drawn at, and scaled down from."""
ABSENT = "\U0010fffe"
"""A code point that no font has: what a font draws for it, it draws for all that it lacks."""
FULL = "國"
"""A character that fills its em: by its middle a font's ems are found."""

Ink = NDArray[np.float32]
"""Ink of each pixel, from 0 (paper) to 1."""


@dataclass(frozen=True, slots=True)
class TypeFont:
    """A font, its characters drawn on their ems."""

    family: str
    path: str
    index: int = 0
    _font: list[ImageFont.FreeTypeFont] = field(default_factory=list)
    _drawn: dict[str, Ink | None] = field(default_factory=dict)

    def draw_character(self, character: str) -> Ink | None:
        """Return a character on its em, `DRAWN` pixels high and wide; None if the font lacks it."""
        if character not in self._drawn:
            self._drawn[character] = self._draw(character)
        return self._drawn[character]

    def has_characters(self, text: str) -> bool:
        """Tell whether the font has all characters of a text."""
        return all(self.draw_character(c) is not None for c in text)

    def _draw(self, character: str) -> Ink | None:
        """Draw a character; None where the font has none, or an empty one."""
        ink = self._paint(character)
        lacks = not ink.any() or (character != ABSENT and self._is_absent(ink))
        return None if lacks and character not in (ABSENT, FULL) else ink

    def _is_absent(self, ink: Ink) -> bool:
        """Tell whether a drawing is the one that stands for what a font lacks."""
        absent = self.draw_character(ABSENT)
        return absent is not None and np.array_equal(absent, ink)

    def _paint(self, character: str) -> Ink:
        """Paint a character so that a full one stands in the middle of its em."""
        if not self._font:
            self._font.append(ImageFont.truetype(self.path, DRAWN, index=self.index))
        font = self._font[0]
        box = font.getbbox(FULL, anchor="ls")
        middle = (box[1] + box[3]) / 2
        picture = Image.new("L", (DRAWN, DRAWN))
        at = (0, round(DRAWN / 2 - middle))
        ImageDraw.Draw(picture).text(at, character, fill=255, font=font, anchor="ls")
        return np.asarray(picture, np.float32) / np.float32(255)


def find_type_fonts() -> list[TypeFont]:
    """Return the installed fonts with newspapers' type, as fontconfig names them.

    Ends the program where there are none, or no fontconfig.
    """
    found = {(font.family, font.path, font.index): font for font in _list_installed()}
    if not found:
        names = " ".join(dict.fromkeys(PACKAGES.values()))
        raise SystemExit(
            f"No font with newspapers' type: on Debian, apt-get install fontconfig {names}"
        )
    return [found[key] for key in sorted(found)]


def draw_font(fonts: Sequence[TypeFont], random: np.random.Generator) -> TypeFont:
    """Draw a font: any family is as likely as any other, however many styles it has."""
    families = sorted({font.family for font in fonts})
    family = families[random.integers(len(families))]
    own = [font for font in fonts if font.family == family]
    return own[random.integers(len(own))]


def _list_installed() -> list[TypeFont]:
    """Return the installed fonts of the families."""
    program = shutil.which("fc-list")
    if program is None:
        return []
    command = [program, "--format", "%{file}\t%{index}\t%{family}\t%{style}\n"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    fonts = []
    for row in listed.splitlines():
        path, index, families, styles = (row.split("\t") + [""] * 4)[:4]
        known = [family for family in families.split(",") if family in PACKAGES]
        if known and styles.split(",")[0] not in UNUSED and index.isdecimal():
            fonts.append(TypeFont(known[0], str(Path(path).resolve()), int(index)))
    return fonts
