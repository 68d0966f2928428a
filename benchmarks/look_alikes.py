"""Which characters look alike in print, measured: makes `dictionaries/confusions.tsv` anew.

    python -m benchmarks.look_alikes FONT [FONT ...] > dictionaries/confusions.tsv

Every common character, simplified and traditional, is drawn in each font, stretched to one size,
blurred, and compared with every other by correlation. Pairs above `ALIKE` in any font are listed.
"""

import sys
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC
from PIL import Image, ImageDraw, ImageFont

from newspage.chinese.word_list import is_han, load_word_list

COMMON = 3500
"""So many simplified characters, by how often they are used in words."""
SIZE, SIDE = 56, 40
ALIKE = 0.83
MOST = 6
"""Look-alikes listed of one character at most."""
INDEX_OF_SIMPLIFIED = 2
"""Which face of a Noto font collection is the simplified one."""
ALWAYS = (
    "干于千 日曰 己已巳 人入八 未末 士土 天夭 洽治 徽微 侯候 贷货 幕墓慕暮 壬王 毫亳 免兔 第弟 拔拨"
)


def common_characters() -> list[str]:
    """The most used simplified characters and the traditional forms of them."""
    used: dict[str, float] = {}
    for word, count in load_word_list().counts():
        for character in word:
            if is_han(character):
                used[character] = used.get(character, 0.0) + count
    simplified = sorted(used, key=lambda c: -used[c])[:COMMON]
    convert = OpenCC("s2t").convert
    traditional = [t for c in simplified if len(t := convert(c)) == 1]
    return list(dict.fromkeys([*simplified, *traditional, *ALWAYS.replace(" ", "")]))


def shapes(characters: Sequence[str], font: ImageFont.FreeTypeFont) -> NDArray[np.float32]:
    """Each character as a unit vector; shape (characters, SIDE * SIDE)."""
    return np.stack([_shape(c, font) for c in characters])


def _shape(character: str, font: ImageFont.FreeTypeFont) -> NDArray[np.float32]:
    image = Image.new("L", (SIZE + 24, SIZE + 32), 0)
    ImageDraw.Draw(image).text((12, 4), character, 255, font=font)
    pixels = np.asarray(image, np.float32)
    rows, columns = np.nonzero(pixels > 40)
    if not len(rows):
        return np.zeros(SIDE * SIDE, np.float32)
    cut = pixels[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    small = cv2.resize(cut, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    flat = cv2.GaussianBlur(small, (0, 0), 1.4).ravel()
    flat = flat - flat.mean()
    return np.asarray(flat / max(1e-6, float(np.linalg.norm(flat))), np.float32)


def look_alikes(characters: Sequence[str], fonts: Sequence[str]) -> list[tuple[str, str, float]]:
    """Pairs of characters with how alike they are, the most alike of each character."""
    alike = np.zeros((len(characters), len(characters)), np.float32)
    for path in fonts:
        face = INDEX_OF_SIMPLIFIED if path.endswith(".ttc") else 0
        vectors = shapes(characters, ImageFont.truetype(path, SIZE, index=face))
        alike = np.maximum(alike, vectors @ vectors.T)
    np.fill_diagonal(alike, 0)
    pairs = {}
    convert = OpenCC("t2s").convert
    simple = [convert(c) for c in characters]
    for i, character in enumerate(characters):
        for j in np.argsort(-alike[i])[:MOST]:
            if alike[i, j] >= ALIKE and simple[i] != simple[j]:
                first, second = sorted((character, characters[j]))
                pairs[first, second] = float(alike[i, j])
    return [(a, b, v) for (a, b), v in sorted(pairs.items(), key=lambda item: -item[1])]


def main() -> None:
    """Print the table."""
    fonts = sys.argv[1:]
    if not fonts:
        sys.exit(__doc__)
    print("# Characters that look alike in print. Each line is a group: every member is mistaken")
    print("# for the others. Measured by benchmarks/look_alikes.py; add lines of your own freely.")
    print("# group\tsecond field free\tnote")
    groups = list(dict.fromkeys(ALWAYS.split()))
    print("\n".join(groups))
    listed = {frozenset(g) for g in groups}
    for a, b, value in look_alikes(common_characters(), fonts):
        if not any({a, b} <= g for g in listed):
            print(f"{a}{b}\t\t{value:.2f}")


if __name__ == "__main__":
    main()
