"""One set of rules for both directions of writing.

The typesetter thinks in logical coordinates: *along* the line, in reading direction, and *across*
the lines, in the direction in which one line follows the other. A plane turns them into pixels of
the page, so that a tier of a vertical page is set by the same code as a column of a horizontal one.
"""

from dataclasses import dataclass

from newspage.geometry import Box
from newspage.model import Direction


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in logical coordinates, from the corner where reading starts."""

    along: float
    across: float
    length: float
    """Extent along the lines."""
    depth: float
    """Extent across them."""

    @property
    def end(self) -> float:
        return self.along + self.length

    @property
    def after(self) -> float:
        return self.across + self.depth


@dataclass(frozen=True, slots=True)
class Plane:
    """A rectangle of the page in which text is set in one direction."""

    box: Box
    direction: Direction = Direction.HORIZONTAL

    @property
    def vertical(self) -> bool:
        return self.direction is Direction.VERTICAL

    @property
    def length(self) -> float:
        return self.box.height if self.vertical else self.box.width

    @property
    def depth(self) -> float:
        return self.box.width if self.vertical else self.box.height

    def place(self, area: Area) -> Box:
        """The pixels of a logical rectangle."""
        if self.vertical:
            right = self.box.right - area.across
            top = self.box.top + area.along
            return Box(right - area.depth, top, right, top + area.length)
        leftward = self.direction is Direction.HORIZONTAL_RTL
        left = self.box.right - area.end if leftward else self.box.left + area.along
        top = self.box.top + area.across
        return Box(left, top, left + area.length, top + area.depth)

    def area(self, box: Box) -> Area:
        """The logical rectangle of some pixels: the inverse of `place`."""
        if self.vertical:
            return Area(box.top - self.box.top, self.box.right - box.right, box.height, box.width)
        leftward = self.direction is Direction.HORIZONTAL_RTL
        along = self.box.right - box.right if leftward else box.left - self.box.left
        return Area(along, box.top - self.box.top, box.width, box.height)

    def part(self, along: float, across: float, length: float, depth: float) -> "Plane":
        """A plane of the same direction inside this one."""
        return Plane(self.place(Area(along, across, length, depth)), self.direction)

    def from_across(self, across: float) -> "Plane":
        """What is left of the plane after some depth."""
        return self.part(0, across, self.length, max(0.0, self.depth - across))

    def to_depth(self, depth: float) -> "Plane":
        """The first part of the plane, of the given depth."""
        return self.part(0, 0, self.length, depth)

    def crossed(self, rightward: bool = True) -> "Plane":
        """The same rectangle with the other direction of writing.

        Horizontal lines run to the right, or to the left as headlines of old papers do.
        """
        across = Direction.HORIZONTAL if rightward else Direction.HORIZONTAL_RTL
        return Plane(self.box, across if self.vertical else Direction.VERTICAL)
