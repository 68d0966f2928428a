"""Notices of the page generator: inside their room, nothing over anything else, all roles told."""

from itertools import combinations

import numpy as np
import pytest

from benchmarks.pages.notice_pages import SETTERS, notice_page
from benchmarks.pages.notices import Words, load_words, set_corner_masthead
from benchmarks.pages.plane import Plane
from benchmarks.pages.random_pages import draw_issue
from benchmarks.pages.sheet import ARTICLE_ROLES, SetLine
from newspage.geometry import Box
from newspage.model import Direction


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("kind", [*SETTERS, "masthead"])
def test_a_notice_stays_in_its_room(kind: str, old: bool) -> None:
    """No line leaves it or lies over another one."""
    setter = {**SETTERS, "masthead": set_corner_masthead}[kind]
    for seed in range(8):
        rng = np.random.default_rng(seed)
        design = draw_issue(rng).style.design
        em = design.body.size
        words = Words(load_words("notice_words_republican" if old else "notice_words"), rng, old)
        room = Box(0, 0, float(rng.uniform(10, 30)) * em, float(rng.uniform(10, 30)) * em)
        down = Direction.VERTICAL if old else Direction.HORIZONTAL
        elements = setter(Plane(room, down), design, words)
        lines = [e for e in elements if isinstance(e, SetLine)]
        assert all(room.grown(1).contains(e.box) for e in elements)
        assert all(line.text and line.role not in ARTICLE_ROLES for line in lines)
        overlaps = (
            a.box.grown(-1).intersection(b.box.grown(-1)) for a, b in combinations(lines, 2)
        )
        assert not any(overlaps), [line.text for line in lines]


def test_a_page_of_notices_follows_from_its_seed() -> None:
    """The same seed, the same page; lines outside articles have roles of their own."""
    page = notice_page(3)
    assert page == notice_page(3)
    assert page != notice_page(4)
    assert all(
        (line.article != "") == (line.role in ARTICLE_ROLES)
        for line in page.lines
        if line.role != "other"
    )
