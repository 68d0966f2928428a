"""What stands on a page, element by element: the typesetter's output, the browser's input."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from newspage.geometry import Box
from newspage.model import Direction


class Role(StrEnum):
    """What a line is for, in the words of the truth files."""

    KICKER = "kicker"
    TITLE = "title"
    DECK = "deck"
    BYLINE = "byline"
    BODY = "body"
    SUBHEAD = "subhead"
    JUMP = "jump"
    CAPTION = "caption"
    MASTHEAD = "masthead"
    FOLIO = "folio"
    ADVERT = "ad"
    TABLE = "table"
    OTHER = "other"


ARTICLE_ROLES = (Role.KICKER, Role.TITLE, Role.DECK, Role.BYLINE, Role.BODY, Role.SUBHEAD)


class Fit(StrEnum):
    """Where a line stands in the room it was given."""

    START = "start"
    CENTRE = "centre"
    END = "end"
    JUSTIFY = "justify"
    """Spread to both ends, as full lines of running text are."""


@dataclass(frozen=True, slots=True)
class Type:
    """The type a line is set in."""

    size: float
    """Of the em, in pixels."""
    family: str
    weight: int = 400
    reversed: bool = False
    """White on black."""
    spacing: float = 0.0
    """Extra room after each character, in em."""
    stretch: float = 1.0
    """Width of the glyphs relative to their height, by drawing them wider or narrower."""

    @property
    def em(self) -> float:
        """Pixels from one full-width character to the next."""
        return self.size * (1 + self.spacing) * self.stretch

    def sized(self, size: float) -> "Type":
        return replace(self, size=size)


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line of type in its place."""

    text: str
    box: Box
    """The room given to it: its measure along the line, its share of the page across it."""
    type: Type
    role: Role
    direction: Direction = Direction.HORIZONTAL
    fit: Fit = Fit.START
    article: str = ""
    paragraph: int = 0
    """Number of the paragraph in the article, or of the piece in its block."""


class Stroke(StrEnum):
    """How a rule or a frame is drawn; the words are those of CSS, two aside."""

    SOLID = "solid"
    DOUBLE = "double"
    DASHED = "dashed"
    DOTTED = "dotted"
    THICK_THIN = "thick-thin"
    """A thick frame with a thin one inside."""
    WAVY = "wavy"


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight rule filling its box."""

    box: Box
    stroke: Stroke = Stroke.SOLID
    light: float = 0.0
    """0 black to 1 white."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame drawn inside its box."""

    box: Box
    thickness: float
    stroke: Stroke = Stroke.SOLID


@dataclass(frozen=True, slots=True)
class Panel:
    """An area filled with one shade: 0 black to 1 white."""

    box: Box
    shade: float = 0.08


@dataclass(frozen=True, slots=True)
class Picture:
    """A generated photograph."""

    box: Box
    seed: int


Element = SetLine | Rule | Frame | Panel | Picture


@dataclass(frozen=True, slots=True)
class Joint:
    """A paragraph goes on elsewhere: after one line of the page, in another."""

    kind: str
    """column | block | page."""
    article: str
    paragraph: int
    before: str
    """Text of the line it leaves; empty where that is on another page."""
    after: str
    """Text of the line where it goes on; empty where that is on another page."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What is printed of an article besides its lines: where it goes on, where it came from."""

    id: str
    continues: str | None = None
    continued_from: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page ready to be printed. Elements are in reading order, later ones on top."""

    name: str
    width: int
    height: int
    elements: tuple[Element, ...]
    articles: tuple[Heading, ...]
    joints: tuple[Joint, ...] = ()
    dpi: int = 250
    language: str = "zh-Hans"
    features: tuple[str, ...] = field(default=())
    """What is special about the page, for the person who looks at results."""

    def cropped(self, box: Box) -> "Sheet":
        """The part of the page inside a box, whose corners are whole pixels."""
        moved = tuple(replace(e, box=e.box.moved(-box.left, -box.top)) for e in self.elements)
        return replace(self, width=int(box.width), height=int(box.height), elements=moved)

    @property
    def lines(self) -> tuple[SetLine, ...]:
        return tuple(e for e in self.elements if isinstance(e, SetLine))
