"""From stretches of text to text lines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.detect.column_gaps import InkField
from newspage.detect.gutters import find_gutters
from newspage.detect.ink_masks import erase_boxes, make_ink_mask
from newspage.detect.lines import join_into_lines
from newspage.geometry import Box, union_boxes
from newspage.model import GrayImage, Separator
from tests.prints import EM, PITCH, column, comma, meets, rule, sheet, text


def field_of(page: GrayImage, *rules: Separator) -> InkField:
    """The page as lines are measured against it."""
    ink = erase_boxes(make_ink_mask(page, EM), [r.box for r in rules])
    return InkField(ink, rules, EM, find_gutters(ink, EM))


def hatched(page: GrayImage, box: Box) -> None:
    """Ink all over a box, as of a photo or of large type."""
    for x in range(int(box.left), int(box.right), 12):
        page[int(box.top) : int(box.bottom), x : x + 4] = 30


def test_a_found_line_stays_as_it_is() -> None:
    """Where its box is right."""
    page = sheet()
    rows = column(page, 50, 60, 20, 10)
    assert meets(join_into_lines(rows, field_of(page)), rows, 0.85)


def test_a_stretch_over_two_columns_is_cut_at_the_gutter() -> None:
    """In every row, though the columns stand close."""
    page = sheet()
    left, right = column(page, 50, 60, 12, 12), column(page, 50 + 13 * EM, 60, 12, 12)
    torn = [union_boxes(pair) for pair in zip(left, right, strict=True)]
    found = join_into_lines([*left[:5], *right[:5], *torn[5:]], field_of(page))
    assert meets(found, [*left, *right])


def test_a_gutter_is_seen_without_other_lines() -> None:
    """White space that runs down the page tells, where every row was found over both columns."""
    page = sheet()
    left, right = column(page, 50, 60, 12, 16), column(page, 50 + 13 * EM, 60, 12, 16)
    torn = [union_boxes(pair) for pair in zip(left, right, strict=True)]
    assert meets(join_into_lines(torn, field_of(page)), [*left, *right])


def test_three_rows_show_a_gutter_narrower_than_a_character() -> None:
    """They are cut there, and not joined again."""
    page = sheet()
    left, right = column(page, 50, 60, 12, 3), column(page, 50 + round(12.5 * EM), 60, 12, 3)
    torn = [union_boxes(pair) for pair in zip(left, right, strict=True)]
    assert meets(join_into_lines(torn, field_of(page)), [*left, *right])


def test_columns_that_go_on_below_a_picture_stay_apart() -> None:
    """The rows far above it end and begin just at the gap."""
    page = sheet()
    right = 50 + 13 * EM
    above = [*column(page, 50, 60, 12, 2), *column(page, right, 60, 12, 2)]
    low = 60 + 14 * PITCH
    below = [*column(page, 50, low, 12, 2), *column(page, right, low, 12, 2)]
    torn = [union_boxes((below[0], below[2])), union_boxes((below[1], below[3]))]
    assert meets(join_into_lines([*above, *torn], field_of(page)), [*above, *below])
    assert meets(join_into_lines([*torn], field_of(page)), torn)


def test_a_blank_in_a_headline_is_no_gutter() -> None:
    """Even where columns farther down end and begin just at it."""
    page = sheet()
    rows = [*column(page, 46, 400, 12, 2), *column(page, 54 + 14 * EM, 400, 12, 2)]
    head = union_boxes((text(page, 50, 60, 6, 2 * EM), text(page, 50 + 14 * EM, 60, 6, 2 * EM)))
    assert meets(join_into_lines([head, *rows], field_of(page)), [head, *rows])


def test_a_row_of_a_column_is_whole_whatever_stands_elsewhere() -> None:
    """Columns farther down that part at a blank in it do not make that a gutter."""
    page = sheet()
    rows = column(page, 50, 60, 24, 5)
    x = 50 + 12 * EM
    page[60 : 60 + EM + 2, x : x + EM] = 245
    low = 60 + 14 * PITCH
    below = [*column(page, 50, low, 12, 2), *column(page, x + EM, low, 12, 2)]
    pieces = [
        Box(rows[0].left, rows[0].top, x, rows[0].bottom),
        Box(x + EM, rows[0].top, rows[0].right, rows[0].bottom),
    ]
    assert meets(join_into_lines([*pieces, *rows[1:], *below], field_of(page)), [*rows, *below])


def test_what_was_lost_inside_a_line_joins_its_pieces() -> None:
    """Ink that leads from the one to the other is theirs; across a gutter there is none."""
    page = sheet()
    whole = text(page, 50, 60, 10, 2 * EM)
    first = Box(whole.left, whole.top, 50 + 8 * EM, whole.bottom)
    last = Box(50 + 11 * EM, whole.top + 3, whole.right, whole.bottom - 3)
    assert meets(join_into_lines([first, last], field_of(page)), [whole])


def test_a_fragment_a_little_higher_than_its_line_repeats_it() -> None:
    """As a bracket or a quotation mark is found once more."""
    page = sheet()
    (row,) = column(page, 50, 60, 12, 1)
    again = Box(row.left, row.top - 4, row.left + 2 * EM, row.bottom + 4)
    assert meets(join_into_lines([row, again], field_of(page)), [row])


def test_a_stretch_is_cut_at_a_rule() -> None:
    """A rule between columns is in no line."""
    page = sheet()
    x = 50 + 12 * EM + 10
    left, right = column(page, 50, 60, 12, 8), column(page, x + 10, 60, 12, 8)
    rule(page, x, 40, x, 400)
    between = Separator(Box(x - 1, 40, x + 1, 400), vertical=True)
    torn = [union_boxes(pair) for pair in zip(left, right, strict=True)]
    assert meets(join_into_lines(torn, field_of(page, between)), [*left, *right])


def test_a_blank_in_one_row_is_no_gutter() -> None:
    """The rows above and below run across it."""
    page = sheet()
    rows = column(page, 50, 60, 24, 12)
    x = int(rows[5].left) + 10 * EM
    page[int(rows[5].top) : int(rows[5].bottom), x : x + EM] = 245
    assert meets(join_into_lines(rows, field_of(page)), rows)


def test_a_torn_line_is_mended() -> None:
    """Two pieces of a row become one."""
    page = sheet()
    rows = column(page, 50, 60, 20, 8)
    first = Box(rows[3].left, rows[3].top, rows[3].left + 9 * EM, rows[3].bottom)
    second = Box(first.right, rows[3].top, rows[3].right, rows[3].bottom)
    found = join_into_lines([*rows[:3], first, second, *rows[4:]], field_of(page))
    assert meets(found, rows)


@pytest.mark.parametrize("wide", [1.2, 2.0, 2.6])
def test_words_of_a_justified_line_stay_together(wide: float) -> None:
    """However far they were driven apart, where the rows above and below run across the gaps."""
    page = sheet()
    rows = column(page, 50, 60, 14, 7)
    top, bottom = int(rows[3].top), int(rows[3].bottom)
    ends = [rows[3].left + 3 * EM, rows[3].left + 8 * EM]
    starts = [end + wide * EM for end in ends]
    for end, start in zip(ends, starts, strict=True):
        page[top:bottom, int(end) : int(start)] = 245
    edges = zip([rows[3].left, *starts], [*ends, rows[3].right], strict=True)
    pieces = [Box(left, rows[3].top, right, rows[3].bottom) for left, right in edges]
    for found in ([*rows[:3], *pieces, *rows[4:]], rows):
        assert meets(join_into_lines(found, field_of(page)), rows)


def test_cells_of_a_table_stay_apart() -> None:
    """Other rows part at the same place."""
    page = sheet()
    cells = [*column(page, 50, 60, 4, 5), *column(page, 50 + 6 * EM, 60, 6, 5)]
    assert meets(join_into_lines(cells, field_of(page)), cells)


def test_the_mark_at_the_end_belongs_to_the_line() -> None:
    """Though it was left outside what was found."""
    page = sheet()
    rows = column(page, 50, 60, 12, 6)
    comma(page, int(rows[2].right), int(rows[2].top))
    found = join_into_lines(rows, field_of(page))
    longest = max(found, key=lambda b: b.right)
    assert longest.right >= rows[2].right + 6
    assert sum(b.right > rows[2].right + 4 for b in found) == 1


def test_a_mark_found_apart_joins_its_row() -> None:
    """At its end and at its beginning."""
    page = sheet()
    rows = column(page, 50, 60, 12, 6)
    right, left = int(rows[2].right), int(rows[3].left) - 14
    comma(page, right, int(rows[2].top))
    comma(page, left, int(rows[3].top))
    marks = [
        Box(right, rows[2].bottom - 12, right + 10, rows[2].bottom),
        Box(left, rows[3].bottom - 12, left + 10, rows[3].bottom),
    ]
    assert meets(join_into_lines([*rows, *marks], field_of(page)), rows)


@pytest.mark.parametrize("high", [5, 9, 20], ids=["display", "masthead", "photo"])
@pytest.mark.parametrize("count", [1, 2, 3], ids=lambda n: f"{n} characters")
def test_what_is_large_does_not_swallow_the_lines_beside_it(high: int, count: int) -> None:
    """Short lines at both of its sides, as beside a masthead, are lines of their own."""
    page = sheet(1400, 900)
    large = Box(300, 60, 1000, 60 + high * EM)
    hatched(page, large)
    x = int(large.right) + 10
    rows = column(page, 290 - count * EM, 70, count, high * EM // PITCH)
    rows += column(page, x, 70, count, high * EM // PITCH)
    found = join_into_lines([large, *rows], field_of(page))
    assert meets(found, [large, *rows])


def test_large_type_is_not_drawn_out_over_lines_that_begin_in_its_outline() -> None:
    """A finder outlines large type with much white around it."""
    page = sheet(1400, 500)
    masthead = Box(300, 60, 900, 60 + 8 * EM)
    hatched(page, masthead.grown(-1.5 * EM))
    ears = [*column(page, 304 - 3 * EM, 90, 3, 4), *column(page, 896, 90, 3, 4)]
    found = join_into_lines([masthead, *ears], field_of(page))
    assert meets(found, [masthead, *ears], 0.95)


def test_a_line_in_a_picture_that_was_found_as_a_line_stays() -> None:
    """It is no torn piece of it."""
    page = sheet()
    photo = Box(40, 50, 900, 650)
    hatched(page, photo)
    page[300:340, 200:600] = 245
    caption = text(page, 210, 306, 12)
    assert meets(join_into_lines([photo, caption], field_of(page)), [photo, caption])


def test_two_pictures_do_not_swallow_the_column_between_them() -> None:
    """Though they are alike in height and the lines are small beside them."""
    page = sheet(1400, 600)
    photos = [Box(40, 40, 440, 440), Box(880, 40, 1280, 440)]
    for photo in photos:
        hatched(page, photo)
    rows = column(page, 460, 60, 16, 10)
    assert meets(join_into_lines([*photos, *rows], field_of(page)), [*photos, *rows])


def test_a_line_does_not_grow_into_its_neighbour() -> None:
    """Nor over a rule: what stands there is another line's."""
    page = sheet()
    left, right = column(page, 50, 60, 12, 6), column(page, 50 + 13 * EM, 60, 12, 6)
    found = join_into_lines([*left, *right], field_of(page))
    assert meets(found, [*left, *right])
    assert all(b.right < right[0].left or b.left > left[0].right for b in found)


def test_specks_do_not_lengthen_a_line() -> None:
    """Dirt of a pixel beside its end."""
    page = sheet()
    rows = column(page, 50, 60, 12, 6)
    page[int(rows[2].top) + 10, int(rows[2].right) + 8] = 30
    found = join_into_lines(rows, field_of(page))
    assert max(b.right for b in found) < rows[2].right + 6


def test_what_holds_no_ink_is_no_line() -> None:
    """A finder may see text where there is only paper."""
    page = sheet()
    rows = column(page, 50, 60, 12, 3)
    assert meets(join_into_lines([*rows, Box(600, 400, 800, 426)], field_of(page)), rows)


def test_a_piece_found_twice_is_one_line() -> None:
    """A part of a line inside the whole."""
    page = sheet()
    rows = column(page, 50, 60, 20, 4)
    part = Box(rows[1].left + 2 * EM, rows[1].top, rows[1].left + 8 * EM, rows[1].bottom)
    assert meets(join_into_lines([*rows, part], field_of(page)), rows)


@pytest.mark.parametrize("em", [EM, 2 * EM])
def test_nothing_found_nothing_made(em: int) -> None:
    """Whatever stands on the page."""
    page = sheet()
    text(page, 50, 60, 10, em)
    assert join_into_lines([], field_of(page)) == []


PRINTED = sheet(700, 400)
ROWS = [*column(PRINTED, 30, 20, 12, 10), *column(PRINTED, 30 + 13 * EM, 20, 12, 10)]
FIELD = field_of(PRINTED)

BOXES = st.builds(
    lambda x, y, w, h: Box(x, y, min(700, x + w), min(400, y + h)),
    *(st.integers(0, 690), st.integers(0, 390), st.integers(4, 600), st.integers(4, 60)),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(BOXES, max_size=8))
def test_lines_stay_on_the_page(boxes: list[Box]) -> None:
    """Whatever was found: each line has an inside, and lies where something was found."""
    for line in join_into_lines(boxes, FIELD):
        assert line.width > 0
        assert line.height > 0
        assert any(line.intersection(b.grown(2 * EM + b.height, 2)) for b in boxes)


@settings(deadline=None, max_examples=30)
@given(st.permutations(ROWS))
def test_the_order_in_which_lines_are_found_does_not_matter(rows: list[Box]) -> None:
    """Nor does it change them."""
    assert set(join_into_lines(rows, FIELD)) == set(join_into_lines(ROWS, FIELD))
    assert PITCH > EM
