"""Another scan of a page is recognised by its lines, and decisions find their places on it."""

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.decision import AFTER, Act
from newspage.decisions import list_questions, merge_decisions
from newspage.decisions.copy_finder import project_decision
from newspage.decisions.page_fingerprints import (
    FingerprintLine,
    compute_minhash,
    list_telling_lines,
    register_scans,
)
from newspage.geometry import Affine, Box, Transform
from newspage.model import PageRecord
from tests.decided_pages import (
    ALPHABET,
    SCAN,
    Ask,
    asking,
    decision,
    lines_anchor,
    page_of,
    read_otherwise,
    seen_again,
    strings,
)


def long_page(seed: int, asks: int = 8) -> PageRecord:
    """A page of some thirty lines."""
    chance = random.Random(seed)

    def line() -> str:
        return "".join(chance.choices(ALPHABET + "金生丽水玉出昆冈剑号巨阙", k=11)) + "。"

    record = page_of(
        [(line()[:6], [[line() for _ in range(8)] for _ in range(2)]) for _ in range(2)]
    )
    found = []
    for number in range(asks):
        at = 12 + 18 * (number // 2)
        found.append(
            Ask(number % 2, at, at + chance.choice([0, 1, 2]), "改", chance.random() < 0.5)
        )
    return asking(record, found)


def mapped(way: Affine, noise: float, seed: int) -> Callable[[Box], Box]:
    """Boxes as another scan has them."""
    chance = random.Random(seed)
    transform = Transform((way,))

    def place(box: Box) -> Box:
        found = transform.box(box)
        return found.moved(chance.gauss(0, noise), chance.gauss(0, noise))

    return place


ways = st.builds(
    lambda scale, stretch, turn, x, y: Affine(
        np.array(
            [
                [scale * np.cos(turn), -scale * np.sin(turn), x],
                [scale * stretch * np.sin(turn), scale * stretch * np.cos(turn), y],
            ]
        )
    ),
    st.floats(0.5, 2.0),
    st.floats(0.95, 1.05),
    st.floats(-0.03, 0.03),
    st.floats(-300, 300),
    st.floats(-300, 300),
)


@given(st.integers(0, 999), ways)
@settings(max_examples=60, deadline=None)
def test_decisions_survive_another_scan(seed: int, way: Affine) -> None:
    """Cropped, scaled, slightly turned: every decision is placed, and the text is the same."""
    record = long_page(seed)
    other = replace(record.page.scan, sha256="cd" * 32)
    again = seen_again(record, mapped(way, 0.7, seed), 5, other)
    back = register_scans(list_telling_lines(record.page), list_telling_lines(again.page))
    assert back is None or np.allclose(back.matrix, way.matrix, atol=4)
    whole = seen_again(record, mapped(way, 0.7, seed), scan=other)
    found = register_scans(list_telling_lines(record.page), list_telling_lines(whole.page))
    assert found is not None
    chance = random.Random(seed)
    said = [
        decision(
            chance.choice([Act.ACCEPT, Act.REJECT, Act.EDIT]),
            one.anchor,
            proposed=one.correction.proposed,
            text="新",
        )
        for one in list_questions(record.reading)
    ]
    lines = [line for region in record.page.regions for line in region.lines]
    said += [
        decision(Act.SPLIT, lines_anchor(record, lines[4:5])),
        decision(Act.KIND, lines_anchor(record, lines[7:9]), text="caption"),
        decision(
            Act.PLACE,
            lines_anchor(record, lines[12:15]),
            target=lines_anchor(record, lines[1:2]),
            text=AFTER,
        ),
    ]
    moved = [project_decision(d, {(SCAN.sha256, SCAN.frame): found}, ("cd" * 32, 0)) for d in said]
    folded = merge_decisions(whole, moved)
    assert folded.lost == ()
    assert strings(folded.record) == strings(merge_decisions(record, said).record)


def disturbed(
    lines: tuple[FingerprintLine, ...], wrong: float, lost: float, seed: int
) -> list[FingerprintLine]:
    """The lines as another reading has them."""
    chance = random.Random(seed)
    return [
        replace(line, text="".join(c if chance.random() > wrong else "口" for c in line.text))
        for line in lines
        if chance.random() > lost
    ]


def test_a_copy_that_reads_worse_is_known() -> None:
    """With one character in twenty wrong, and three lines in ten cut away."""
    lines = list_telling_lines(long_page(1).page)
    moved = [replace(line, box=line.box.moved(-80, 35)) for line in lines]
    way = register_scans(lines, disturbed(tuple(moved), 0.05, 0.3, 1))
    assert way is not None
    assert np.allclose(way.matrix, [[1, 0, -80], [0, 1, 35]], atol=1)
    assert len(set(compute_minhash(lines)) & set(compute_minhash(moved))) == len(
        compute_minhash(lines)
    )


@pytest.mark.parametrize("share", [0, 3])
def test_other_pages_are_no_copies(share: int) -> None:
    """Not even where some lines (a masthead, an advertisement) are the same."""
    one, two = list_telling_lines(long_page(1).page), list_telling_lines(long_page(2).page)
    assert register_scans(one, [*one[:share], *two[share:]]) is None


def test_a_mirror_is_no_copy() -> None:
    """Lines in their places, but the page the other way round: no scanner does that."""
    lines = list_telling_lines(long_page(1).page)
    mirrored = [
        replace(
            line,
            box=Box(4000 - line.box.right, line.box.top, 4000 - line.box.left, line.box.bottom),
        )
        for line in lines
    ]
    way = register_scans(lines, mirrored)
    assert way is None or np.linalg.det(way.matrix[:, :2]) > 0


def test_what_was_cut_away_is_lost_and_said() -> None:
    """Decisions in the part that the other scan does not show are listed, the others placed."""
    record = long_page(3)
    kept = tuple(r for r in record.page.regions if r.article == "a1")
    page = replace(record.page, regions=kept, reading_order=tuple(r.id for r in kept))
    cut = read_otherwise(
        record,
        page=page,
        articles=record.reading.articles[:1],
        corrections=tuple(c for c in record.corrections if c.article == "a1"),
    )
    said = [
        decision(Act.ACCEPT, one.anchor, proposed=one.correction.proposed)
        for one in list_questions(record.reading)
    ]
    outcomes = merge_decisions(cut, said).outcomes
    assert len(outcomes) == len(said)
    lost = {o.decision.uid for o in outcomes if o.state == "lost"}
    elsewhere = {
        d.uid
        for d, one in zip(said, list_questions(record.reading), strict=True)
        if one.correction.article == "a2"
    }
    assert lost == elsewhere
