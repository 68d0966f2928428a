"""A second look at text that was found running both ways at once."""

from newspage.detect.tangles import untangle_stretches
from newspage.geometry import Box, bound_points
from newspage.model import GrayImage
from tests.prints import EM, PITCH, Finder, column, found, meets, sheet

LEFT, TOP, COUNT, ROWS = 300, 200, 10, 6


def page_with_rows() -> tuple[GrayImage, list[Box], list[Box]]:
    """Rows of text, and columns that were found across them."""
    page = sheet()
    rows = column(page, LEFT, TOP, COUNT, ROWS)
    bottom = TOP + PITCH * ROWS
    return page, rows, [Box(LEFT + i * EM, TOP, LEFT + i * EM + EM, bottom) for i in range(COUNT)]


def look(page: GrayImage, first: list[Box], finder: Finder) -> list[Box]:
    """The stretches after the second look."""
    return [bound_points(f.polygon) for f in untangle_stretches(page, found(first), EM, finder)]


def test_what_is_not_tangled_is_not_looked_at() -> None:
    """Nor are two stretches that cross by chance."""
    page, rows, columns = page_with_rows()
    finder = Finder([])
    assert look(page, [*rows, columns[0].clipped(LEFT + EM, TOP + PITCH)], finder)
    assert finder.seen == []


def test_a_tangle_gives_way_to_the_lines_of_its_area() -> None:
    """Shown alone; what stands beside it is not shown, and stays."""
    page, rows, columns = page_with_rows()
    beside = column(page, LEFT + (COUNT + 1) * EM, TOP, 3, ROWS)
    margin = round(0.8 * EM)
    answer = [r.moved(-(LEFT - margin), -(min(r.top for r in rows) - margin)) for r in rows]
    finder = Finder([answer])
    assert meets(look(page, [*rows, *columns, *beside], finder), [*rows, *beside])
    (part,) = finder.seen
    assert (part[:, -margin // 2 :] > 128).all()


def test_a_look_as_tangled_as_the_first_is_not_believed() -> None:
    """Nor is one that finds little of the text."""
    page, rows, columns = page_with_rows()
    first = [*rows, *columns]
    moved = [b.moved(-LEFT, -TOP) for b in first]
    assert look(page, first, Finder([moved])) == first
    assert look(page, first, Finder([moved[:1]])) == first
