"""Pictures that were found in pieces, made whole once the lines are read."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.pages.pictures import engraving
from newspage.detect import complete_pictures
from newspage.geometry import Box
from newspage.model import Detection, Direction, Glyph, GrayImage, Separator, TextLine
from tests.drawings import line_at
from tests.sheets import Sheet, draw, page_of

EM = 24
SHEET = Sheet(em=EM, columns=3, column_em=20, rows=40)
PICTURE = Box(72, 500, 1104, 1100)
"""Over two columns of the sheet."""
WORDS = "这里讲的是城里人家种树修桥开渠办"


def page_with(picture: GrayImage | None) -> tuple[GrayImage, list[TextLine]]:
    """A page of text, a picture in its midst, and its lines, read well."""
    pixels = draw(SHEET)
    area = PICTURE if picture is not None else Box(0, 0, 0, 0)
    if picture is not None:
        white = area.grown(EM)
        pixels[int(white.top) : int(white.bottom), int(white.left) : int(white.right)] = 255
        x, y = int(area.left), int(area.top)
        pixels[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
    return pixels, [line for line in lines_of(pixels) if not line.box.share_inside(area)]


def lines_of(pixels: GrayImage) -> list[TextLine]:
    """The rows of ink in each column of the sheet."""
    found: list[TextLine] = []
    for column in range(SHEET.columns):
        left = 3 * EM + column * (SHEET.column_em + 3) * EM
        strip = (pixels[:, left : left + SHEET.column_em * EM] < 200).any(axis=1)
        edges = np.flatnonzero(np.diff(np.pad(strip.astype(np.int8), 1)))
        for top, bottom in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            box = Box(left, top - 2, left + SHEET.column_em * EM, bottom + 2)
            if bottom - top < 2 * EM:
                found.append(line_at(f"l{len(found)}", WORDS, box, Direction.HORIZONTAL, EM))
    return found


def read(box: Box, text: str, confidence: float) -> TextLine:
    """A stretch as it was read."""
    line = line_at("ghost", text, box, Direction.HORIZONTAL, box.height)
    glyphs = tuple(Glyph(g.text, g.box, confidence) for g in line.glyphs)
    return replace(line, id=f"g{box.left:.0f}-{box.top:.0f}", glyphs=glyphs)


PIECES = (Box(540, 600, 760, 850), Box(700, 700, 1000, 870), Box(150, 620, 330, 830))
FLOORS, WAVES = range(614, 860, 48), range(900, 1080, 30)
EDGES = tuple(
    [Separator(Box(540, y, 960, y + 3), vertical=False) for y in FLOORS]
    + [Separator(Box(x, y, x + 140, y + 3), vertical=False) for y in WAVES for x in (120, 850)]
    + [Separator(Box(x, 600, x + 3, 860), vertical=True) for x in range(930, 1010, 20)]
)
GHOSTS = (
    read(Box(200, 560, 420, 600), "景品Ⅲ", 0.41),
    read(Box(300, 980, 480, 1020), "云一", 0.35),
    read(Box(600, 640, 700, 690), "口", 0.93),
)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("pieces", [PIECES, ()], ids=["in pieces", "not at all"])
def test_a_picture_is_one(seed: int, pieces: tuple[Box, ...]) -> None:
    """Whether it was found in overlapping pieces or by nothing but the edges in it."""
    picture = engraving(seed, int(PICTURE.width), int(PICTURE.height), EM)
    pixels, lines = page_with(picture)
    real = Separator(Box(60, 480, 1060, 483), vertical=False)
    found = Detection((*lines, *GHOSTS), (real, *EDGES), pictures=pieces)
    whole = complete_pictures(found, page_of(pixels))
    (area,) = whole.pictures
    assert area.share_inside(PICTURE.grown(0.7 * EM)) == pytest.approx(1)
    assert PICTURE.share_inside(area) > 0.85
    assert whole.separators == (real,)
    assert whole.lines == found.lines


def test_the_frames_and_tables_that_its_edges_form_go_with_them() -> None:
    """A frame around it stays."""
    picture = engraving(4, int(PICTURE.width), int(PICTURE.height), EM)
    pixels, lines = page_with(picture)
    window, around = Box(540, 640, 800, 860), PICTURE.grown(1.2 * EM)
    found = Detection(
        tuple(lines), EDGES, frames=(window, around), tables=(window,), pictures=PIECES
    )
    whole = complete_pictures(found, page_of(pixels))
    assert (whole.frames, whole.tables) == ((around,), ())


def test_text_is_no_picture() -> None:
    """Not even where a paragraph of it could not be read and has underlined names in it."""
    pixels, lines = page_with(None)
    unread = [replace(read(x.box, "口口口", 0.3), id=x.id) for x in lines[12:20]]
    rest = [*lines[:12], *lines[20:]]
    underlined = tuple(
        Separator(Box(x.box.left, x.box.bottom, x.box.left + 4 * EM, x.box.bottom + 2), False)
        for x in lines[13:16]
    )
    found = Detection((*rest, *unread), underlined)
    assert complete_pictures(found, page_of(pixels)) == found


@pytest.mark.parametrize("between", [True, False], ids=["a line", "nothing"])
def test_pictures_with_text_between_them_stay_two(between: bool) -> None:
    """However close they stand; else they are one."""
    pixels, lines = page_with(None)
    caption = lines[6].box
    boxes = (
        Box(caption.left, caption.top - 300, caption.right, caption.top - 2),
        Box(caption.left, caption.bottom + 2, caption.right, caption.bottom + 300),
    )
    others = [x for x in lines if not any(x.box.intersection(b) for b in boxes)]
    text = [x for x in others if between or x.box != caption]
    whole = complete_pictures(Detection(tuple(text), pictures=boxes), page_of(pixels))
    assert len(whole.pictures) == (2 if between else 1)
