"""A page is printed in one script; only what is doubtful is read in it."""

import numpy as np
import pytest

from newspage.geometry import Box
from newspage.lattice import Lattice
from newspage.model import Direction, Glyph, TextLine
from newspage.recognise.script import (
    CharacterScript,
    detect_script,
    script_of_character,
    unify_script,
)

CHARACTERS = ("", *"將将報國民文一猪")
TRADITIONAL = "報國報國報國報國報國報國報國報國報國報國報國"


def line(text: str, confidence: float, rivals: dict[str, str] | None = None) -> TextLine:
    """A line of ten-pixel glyphs; a rival was seen with half their probability."""
    glyphs = tuple(
        Glyph(t, Box(10 * i, 0, 10 * i + 10, 10), confidence) for i, t in enumerate(text)
    )
    classes = [[CHARACTERS.index(t), CHARACTERS.index((rivals or {}).get(t, "文"))] for t in text]
    log_probs = [[np.log(confidence), np.log(confidence / 2)]] * len(text)
    positions = (np.arange(len(text)) + 0.5) / len(text)
    lattice = Lattice(
        np.array(classes, np.int32),
        np.array(log_probs, np.float16),
        positions.astype(np.float32),
    )
    box = Box(0, 0, 10 * len(text), 10)
    return TextLine("l", box, Direction.HORIZONTAL, glyphs=glyphs, lattice=lattice)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("将", CharacterScript.SIMPLIFIED),
        ("將", CharacterScript.TRADITIONAL),
        ("文", None),
        ("A", None),
        ("囘", None),
    ],
)
def test_characters_of_one_script(text: str, script: CharacterScript | None) -> None:
    """What both scripts share, and what neither standard has, tells nothing."""
    assert script_of_character(text) is script


def test_a_page_tells_its_script() -> None:
    """By its sure glyphs, and only where they leave no doubt."""
    assert detect_script([line(TRADITIONAL, 0.99)]) is CharacterScript.TRADITIONAL
    assert detect_script([line(TRADITIONAL, 0.5)]) is None
    assert detect_script([line(TRADITIONAL + "将" * 10, 0.99)]) is None
    assert detect_script([]) is None


def test_a_doubtful_glyph_is_read_in_the_script_of_its_page() -> None:
    """A blurred 將 was taken for 将, but 將 was seen as well."""
    page = [line(TRADITIONAL, 0.99), line("将", 0.5, {"将": "將"})]
    read = unify_script(page, CHARACTERS)
    assert read[1].text == "將"
    assert read[1].lattice is page[1].lattice
    assert read[0] is page[0]


def test_a_sure_glyph_of_the_other_script_stays() -> None:
    """Old papers print some of today's simplified forms."""
    page = [line(TRADITIONAL, 0.99), line("猪", 0.9, {"猪": "民"})]
    assert unify_script(page, CHARACTERS)[1].text == "猪"


def test_nothing_else_seen_nothing_else_read() -> None:
    """Without a rival in the page's script the glyph stays as it is."""
    page = [line(TRADITIONAL, 0.99), line("将", 0.5, {"将": "猪"})]
    assert unify_script(page, CHARACTERS)[1].text == "将"


def test_a_line_from_right_to_left_knows_its_places() -> None:
    """Positions of the lattice run in reading direction, boxes on the page against it."""
    backwards = line("将民", 0.5, {"将": "將"})
    glyphs = tuple(
        Glyph(g.text, Box(10 * (1 - i), 0, 10 * (1 - i) + 10, 10), g.confidence)
        for i, g in enumerate(backwards.glyphs)
    )
    turned = TextLine(
        "r", backwards.box, Direction.HORIZONTAL_RTL, glyphs=glyphs, lattice=backwards.lattice
    )
    assert unify_script([line(TRADITIONAL, 0.99), turned], CHARACTERS)[1].text == "將民"
