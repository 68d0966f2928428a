"""Boxes and the way between the working image and the scan."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.geometry import (
    Affine,
    Box,
    Points,
    Transform,
    TransformStep,
    Warp,
    bound_points,
    make_quarter_turns,
    make_rotation,
    make_scaling,
    make_shift,
    measure_overlap_1d,
    union_boxes,
)

coordinate = st.floats(-5000, 5000)
point = st.tuples(coordinate, coordinate)
points = st.lists(point, min_size=1, max_size=12).map(np.array)
side = st.tuples(coordinate, coordinate).map(sorted)
box = st.builds(lambda x, y: Box(x[0], y[0], x[1], y[1]), side, side)

factor = st.floats(0.1, 10)
affine = st.one_of(
    st.builds(make_shift, coordinate, coordinate),
    st.builds(make_scaling, factor, factor),
    st.builds(make_rotation, st.floats(-360, 360), point),
    st.builds(make_quarter_turns, st.integers(-4, 7), st.integers(1, 5000), st.integers(1, 5000)),
)


@st.composite
def warps(draw: st.DrawFn) -> Warp:
    """A warp as paper does it: neighbouring knots are displaced alike."""
    rows, columns = draw(st.integers(1, 8)), draw(st.integers(1, 8))
    cell = draw(st.floats(8, 256))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    dx, dy = rng.uniform(-0.1, 0.1, (2, rows, columns)) * cell
    return Warp(cell, dx, dy)


step = st.one_of(affine, warps())
transform = st.lists(step, max_size=4).map(lambda steps: Transform(tuple(steps)))


@given(box, box)
def test_an_intersection_lies_in_both_boxes_and_is_symmetric(a: Box, b: Box) -> None:
    """What two boxes share is part of either, whichever is asked."""
    shared = a.intersection(b)
    assert shared == b.intersection(a)
    if shared is not None:
        assert a.contains(shared)
        assert b.contains(shared)
        assert shared.area <= min(a.area, b.area)


@given(st.lists(box, min_size=1, max_size=8))
def test_a_union_is_the_smallest_box_around_all(boxes: list[Box]) -> None:
    """It holds every box, and each of its sides is the side of one of them."""
    around = union_boxes(boxes)
    assert all(around.contains(b) for b in boxes)
    assert around == bound_points([corner for b in boxes for corner in b.polygon])


@given(box, st.floats(1, 4000), st.floats(1, 4000))
def test_a_clipped_box_lies_in_the_image(b: Box, width: float, height: float) -> None:
    """Clipping leaves a valid box inside the image, and does nothing to a box inside it."""
    clipped = b.clipped(width, height)
    frame = Box(0, 0, width, height)
    assert frame.contains(clipped)
    assert clipped.clipped(width, height) == clipped
    if frame.contains(b):
        assert clipped == b


def test_a_box_inside_out_is_refused() -> None:
    """A box whose right side lies left of its left side is a mistake of the caller."""
    with pytest.raises(ValueError, match="inside out"):
        Box(2, 0, 1, 1)


@pytest.mark.parametrize(("b0", "b1", "shared"), [(5, 15, 5), (10, 12, 0), (13, 20, -3), (2, 4, 2)])
def test_overlap_in_one_dimension(b0: float, b1: float, shared: float) -> None:
    """Positive is the shared length, negative the gap."""
    assert measure_overlap_1d(0, 10, b0, b1) == shared
    assert measure_overlap_1d(b0, b1, 0, 10) == shared


@given(step, points)
def test_a_step_and_its_inverse_are_the_identity(step: TransformStep, p: Points) -> None:
    """Walking a step and walking it back ends where it began, whichever way comes first."""
    np.testing.assert_allclose(step.inverse()(step(p)), p, atol=1e-6)
    np.testing.assert_allclose(step(step.inverse()(p)), p, atol=1e-6)
    np.testing.assert_allclose(step.inverse().inverse()(p), step(p), atol=1e-6)


@given(transform, points)
def test_a_transform_and_its_inverse_are_the_identity(way: Transform, p: Points) -> None:
    """A point of the working image taken to the scan and back is the same point."""
    np.testing.assert_allclose(way.inverse()(way(p)), p, atol=1e-4)


@given(transform, step, points)
def test_before_puts_a_step_in_front(way: Transform, first: TransformStep, p: Points) -> None:
    """`before` composes: the new step is walked first."""
    np.testing.assert_allclose(way.before(first)(p), way(first(p)))


@given(points, st.integers(-4, 7))
def test_quarter_turns_move_pixels_as_numpy_does(p: Points, turns: int) -> None:
    """The centre of the pixel that numpy moved is where the affine says."""
    image = np.arange(6 * 4).reshape(6, 4)
    turned = np.rot90(image, -turns)
    move = make_quarter_turns(turns, image.shape[1], image.shape[0])
    for value in range(image.size):
        (y,), (x,) = np.nonzero(image == value)
        (ty,), (tx,) = np.nonzero(turned == value)
        assert np.allclose(move(np.array([[x + 0.5, y + 0.5]])), [[tx + 0.5, ty + 0.5]])
    np.testing.assert_allclose(
        make_quarter_turns(turns, 9, 7)(p), make_quarter_turns(turns + 4, 9, 7)(p)
    )


@given(point, st.floats(-180, 180), points)
def test_a_rotation_keeps_its_centre_and_all_distances(
    center: tuple[float, float], degrees: float, p: Points
) -> None:
    """The centre stays; everything else keeps its distance from it."""
    turn = make_rotation(degrees, center)
    np.testing.assert_allclose(turn(np.array([center])), [center], atol=1e-6)
    np.testing.assert_allclose(
        np.linalg.norm(turn(p) - center, axis=1), np.linalg.norm(p - center, axis=1), atol=1e-6
    )


def test_a_rotation_is_clockwise_on_the_page() -> None:
    """A quarter of a turn takes what lies right of the centre below it (y points down)."""
    np.testing.assert_allclose(make_rotation(90)(np.array([[1.0, 0.0]])), [[0.0, 1.0]], atol=1e-12)


@given(warps())
def test_a_warp_moves_each_knot_by_what_was_given(warp: Warp) -> None:
    """At a knot nothing is interpolated; outside the grid the border's displacement holds."""
    rows, columns = warp.dx.shape
    r, c = (a.ravel() for a in np.mgrid[0:rows, 0:columns])
    knots = np.column_stack((c, r)) * warp.cell
    given_shift = np.column_stack((warp.dx.ravel(), warp.dy.ravel()))
    np.testing.assert_allclose(warp(knots) - knots, given_shift, atol=1e-6)
    far = np.array([[-1e4, -1e4]])
    np.testing.assert_allclose(warp.displacement(far), given_shift[:1], atol=1e-6)


@given(transform, box)
def test_a_mapped_box_holds_its_mapped_corners(way: Transform, b: Box) -> None:
    """The box of a box is upright and around all four mapped corners."""
    mapped = way.box(b)
    assert bound_points(way.polygon(b.polygon)) == mapped


def test_an_affine_that_flattens_has_no_inverse() -> None:
    """There is no way back from a line to the plane."""
    with pytest.raises(np.linalg.LinAlgError):
        Affine(np.zeros((2, 3))).inverse()
