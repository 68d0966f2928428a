"""How an article is set: a design holds for one article, and is a value like everything else."""

from dataclasses import dataclass, replace
from enum import StrEnum

from benchmarks.pages.headline import HeadStyle
from benchmarks.pages.sheet import Fit, Stroke, Type


class HeadPosition(StrEnum):
    """Where the headline stands in its article."""

    ACROSS = "across"
    """Over all columns, before them."""
    CORNER = "corner"
    """Over the first columns only; the others begin beside it."""
    SIDE_START = "side-start"
    """In the other direction of writing, at the start of the lines."""
    SIDE_END = "side-end"
    MIDDLE = "middle"
    """In the other direction of writing, between the columns."""
    OVER = "over"
    """In the other direction of writing, over some rows of the first column: rows before and after
    it begin beside it, those under it behind it."""


@dataclass(frozen=True, slots=True)
class Inset:
    """A picture in the text, with its caption."""

    start: float
    """Where it begins along the lines, as a share of the article's length."""
    share: float
    """Its share of that length."""
    rows: int
    """Its depth, caption included, in lines of text."""
    at: float
    """0 at the article's start, 1 at its end, across the lines."""
    caption: str
    seed: int


@dataclass(frozen=True, slots=True)
class TextHeading:
    """A heading inside the text of an article.

    On two folds of 1939 one in six articles has some, two or three in each: 1.1 to 1.5 em large,
    once 2.2 em; half of them stand alone, half have three rows of text beside them. Half are words
    of a sentence that goes on behind them.
    """

    at: float
    """Where it stands, as a share of the text."""
    text: str
    """Empty: some words of the text itself."""
    size: float
    """In em of the body type."""
    beside: int
    """Rows of text beside it; 0 where it stands alone."""


@dataclass(frozen=True, slots=True)
class Design:
    """How an article is set."""

    body: Type
    head: HeadStyle
    columns: int
    gutter: float = 1.5
    """In em of the body type."""
    leading: float = 1.45
    """From line to line, in em."""
    indent: float = 2.0
    position: HeadPosition = HeadPosition.ACROSS
    head_columns: int = 1
    """Columns under the headline, where it stands in the corner."""
    head_gap: float = 0.5
    """Between headline and text, in em."""
    head_picture: int = 0
    """Seed of a picture between headline and text; 0 without one. In a corner it takes all that the
    headline leaves of its columns."""
    rule: Stroke | None = None
    """Between columns."""
    frame: Stroke | None = None
    """Around the article."""
    padding: float = 1.0
    """Between frame and text, in em."""
    panel: bool = False
    """White on black."""
    subhead: Type | None = None
    subhead_fit: Fit = Fit.START
    headings: tuple[TextHeading, ...] = ()
    """Headings put into the text, from its beginning to its end."""
    over_rows: int = 8
    """Rows of text that a headline over the text takes, and how many stand before it."""
    over_before: int = 0
    rightward: bool = True
    """Direction of headlines that lie across vertical text."""
    drop_cap: int = 0
    """Lines that the first character takes; 0 where it is like the others."""
    inset: Inset | None = None

    @property
    def em(self) -> float:
        """Pixels from one character to the next."""
        return self.body.em

    @property
    def pitch(self) -> float:
        """Pixels from one line to the next."""
        return self.body.size * self.leading


@dataclass(frozen=True, slots=True)
class Jump:
    """The lines that lead from one page to another, as printed, and the page's number."""

    onward: str = ""
    onward_page: str | None = None
    back: str = ""
    back_page: str | None = None


def coloured(design: Design) -> Design:
    """The design with all its types white where it is set on black."""
    if not design.panel:
        return design
    head = design.head
    return replace(
        design,
        body=replace(design.body, reversed=True),
        subhead=replace(design.subhead or replace(design.body, weight=700), reversed=True),
        head=replace(
            head,
            **{
                name: replace(getattr(head, name), reversed=True)
                for name in ("title", "kicker", "deck", "byline")
            },
        ),
    )


def features_of(design: Design) -> tuple[str, ...]:
    """What is special about a design, in words for a list."""
    found = [f"head-{design.position}"]
    found += [f"frame-{design.frame}"] if design.frame else []
    found += ["panel"] if design.panel else []
    found += ["inset"] if design.inset else []
    found += ["head-picture"] if design.head_picture else []
    found += ["head-stack"] if design.head.steps else []
    found += ["drop-cap"] if design.drop_cap else []
    found += ["text-headings"] if design.headings else []
    found += ["column-rules"] if design.rule else []
    return tuple(found)
