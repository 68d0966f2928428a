"""The views of the review service as frozen values; their fields are the keys of its JSON."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec

LARGEST_ID = 2**63 - 1
"""Largest id of a question: the largest integer that SQLite holds."""

Quad = tuple[float, float, float, float]
"""Left, top, right, bottom; pixels of the scan."""

Sort = Literal["value", "confidence", "rule", "page", "count"]
"""Order of questions; value: most worth a person's time first (many alike, well supported)."""

Meeting = Literal["on", "paragraph", "apart"]
"""Relation of an article to one on another page. on: the same paragraph goes on; paragraph: the
article goes on with a new one; apart: the two are not of one article."""


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """A choice of questions; an empty one means all that are open."""

    rule: str = ""
    stem: str = ""
    paper: str = ""
    pattern: str = ""
    text: str = ""
    """A string that the question's original, proposal or context holds."""
    state: Literal["open", "decided", "applied", "precedent", "all"] = "open"
    """applied: made without a person and not yet looked at; precedent: decided by precedent."""
    least: float = 0.0
    most: float = 1.0
    """Bounds of the confidence."""


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions of one pattern: the same rule, the same change."""

    pattern: str
    """Key of the pattern, fit for an address."""
    rule: str
    original: str
    proposed: str
    count: int
    pages: int
    confidence: float
    """Mean."""
    first: int
    """Id of the question to open first."""
    accepted: int = 0
    rejected: int = 0
    """Earlier decisions on the pattern."""
    can_accept: bool = True
    """Whether a change is proposed; an accept is refused where none is."""
    case: "QuestionSummary | None" = None
    """The question to open first; None where it is gone meanwhile."""


@dataclass(frozen=True, slots=True)
class FilterCounts:
    """Numbers of questions."""

    fitting: int
    """Those that fit a filter."""
    questions: int
    """All of them, whatever the filter; so also below."""
    open: int
    decided: int
    """By people and by precedent."""
    spared: int
    """Of those decided, by precedent."""
    pages: int
    """Pages that were read."""


@dataclass(frozen=True, slots=True)
class GroupList:
    """A stretch of the groups that fit a filter."""

    items: tuple[QuestionGroup, ...]
    total: int
    """Groups that fit, in this stretch or not."""
    counts: FilterCounts


@dataclass(frozen=True, slots=True)
class QuestionSummary:
    """One question, as a row."""

    id: int
    """Of the store; stays the same over re-runs as long as the place and the change do."""
    stem: str
    article: str
    """Title of the article, for people."""
    rule: str
    pattern: str
    before: str
    original: str
    proposed: str
    after: str
    confidence: float
    status: str
    """proposed | applied | accepted | rejected | edited"""
    text: str
    """What was decided instead, where status is edited."""
    reviewer: str
    seen: str
    """Goes back with the answer."""
    boxes: tuple[Quad, ...]
    """Of the glyphs in question (or of those beside it); empty where the place is unknown."""
    strip: Quad | None
    """Part of the scan to show: the line in question with some context."""
    vertical: bool
    scan: str
    """Key of the scan's pictures: see ReviewService.locate_scan."""
    can_accept: bool = True
    """Whether a change is proposed; an accept is refused where none is."""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question with its surroundings and history."""

    question: QuestionSummary
    reason: str
    """A sentence, in the language asked for."""
    evidence: tuple[tuple[str, float | str], ...]
    around: Quad | None
    """A larger part of the scan, with the lines above and below (right and left, if vertical)."""
    line_above: str
    line: str
    line_below: str
    paragraph: str
    """The paragraph as it is now, decisions included."""
    place: tuple[int, int]
    """Span in the paragraph of the question's original, or of the text that replaced it."""
    alike: int
    """Open questions of the same pattern, this one counted."""
    history: tuple["HistoryEntry", ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a person to a question."""

    question: Annotated[int, msgspec.Meta(ge=0, le=LARGEST_ID)]
    act: Literal["accept", "reject", "edit"]
    seen: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A decision that is safe in the store."""

    uid: str
    question: int | None
    status: str
    seen: str
    """To be sent with the next answer to the same question."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A line of the history."""

    uid: str
    at: str
    reviewer: str
    act: str
    stem: str
    rule: str
    original: str
    proposed: str
    text: str
    batch: str
    undone: bool
    joins: bool = False
    """A person joined or parted paragraphs."""
    question: int | None = None
    before: str = ""
    after: str = ""
    """A few characters before and after the place."""
    target: str = ""
    """Text at the other place, where a decision is about two."""


@dataclass(frozen=True, slots=True)
class CharView:
    """A run of characters of the clean text and their places on the scan.

    Characters [start, start + len(boxes)) of the part; `confidences` has as many. Runs keep the
    JSON small.
    """

    start: int
    boxes: tuple[Quad, ...]
    confidences: tuple[float, ...]
    correction: str = ""


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """A part of an article: kicker, title, deck, byline or a paragraph of the body."""

    kind: str
    text: str
    start: int
    """Offset of its first character in the article's clean text (parts joined by one BREAK)."""
    runs: tuple[CharView, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article as it is now, decisions included."""

    id: str
    seen: str
    """Hash of its text; goes back with an edit."""
    parts: tuple[ParagraphView, ...]
    regions: tuple[str, ...]
    continues: str | None
    continued_from: str | None
    expected: float | None = None
    """Share of its characters that is expected to be wrong, 0 to 1; None: not told."""


@dataclass(frozen=True, slots=True)
class RegionView:
    """A region with its number in the reading order."""

    id: str
    kind: str
    box: Quad
    outline: tuple[tuple[float, float], ...]
    article: str | None
    order: int
    text: str


@dataclass(frozen=True, slots=True)
class JoinView:
    """Two ends of text, and whether they are one paragraph now."""

    id: str
    kind: str
    """column | block | page"""
    score: float
    joined: bool
    """As it stands, decisions included."""
    decided: bool
    before: str
    after: str
    before_box: Quad
    after_box: Quad
    article: str
    seen: str
    before_end: "JoinEnd | None" = None
    after_end: "JoinEnd | None" = None
    """Ends where the text leaves and where it may go on, to be shown."""
    linked: bool = True
    """Of kind page: whether the two are parts of one article."""


@dataclass(frozen=True, slots=True)
class JoinEnd:
    """One of the two ends of a join."""

    stem: str
    article: str
    title: str
    """Headline of the article; empty where it has none."""
    scan: str
    strip: Quad
    """Part of the scan to show."""
    line: Quad
    """The line at the join."""


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """An article that goes on, or comes from, elsewhere, its other part unknown."""

    article: str
    title: str
    leaving: bool
    """Whether it goes on; else it comes from there."""
    page: str
    """As printed; empty where that was not read."""
    choices: tuple["ContinuationChoice", ...]


@dataclass(frozen=True, slots=True)
class ContinuationChoice:
    """An article that can be chosen as the other part."""

    stem: str
    article: str
    text: str
    """Its headline, or how it begins."""
    seen: str
    """Goes back with the link."""


@dataclass(frozen=True, slots=True)
class PageView:
    """A page beside its scan."""

    stem: str
    scan: str
    width: int
    height: int
    articles: tuple[ArticleView, ...]
    furniture: tuple[tuple[str, str, Quad | None, str, str], ...]
    """Kind, text, box; region and hash of the text, which go back with an edit as `article` and
    `seen`."""
    regions: tuple[RegionView, ...]
    joins: tuple[JoinView, ...]
    questions: tuple[QuestionSummary, ...]
    unplaced: tuple[tuple[str, Quad], ...]
    signed: tuple[tuple[str, str], ...]
    """Reviewer and time of each sign-off in force."""
    lost: tuple[str, ...]
    """Decisions on this page that can no longer be placed, in words."""
    previous: str = ""
    next: str = ""
    """Stems of the neighbours."""
    loose: tuple[LooseEnd, ...] = ()
    expected: float | None = None
    """Share of its characters that is expected to be wrong, 0 to 1; None: not told."""


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page in the list of pages."""

    stem: str
    file: str
    status: str
    characters: int
    questions: int
    open: int
    decided: int
    lost: int
    signed: int
    message: str = ""
    paper: str = ""
    date: str = ""
    page: str = ""
    unplaced: int = 0
    """Lines that fit nowhere."""
    scan: str = ""
    """Key of the scan's pictures; empty where the page was never read."""
    expected: float | None = None
    """Share of its characters that is expected to be wrong, 0 to 1; None: not told, as of pages
    that somebody has proofread."""


@dataclass(frozen=True, slots=True)
class RuleStanding:
    """The trust of a detector, from the decisions on its questions."""

    rule: str
    accepted: int
    rejected: int
    edited: int
    open: int
    precision: float
    """Mean of the Beta posterior."""
    low: float
    high: float
    """Bounds of its central 90 %."""
    standing: Literal["asks", "trusted", "demoted"]
    pinned: Literal["", "asks", "trusted", "demoted"]
    reason: str
    why: str = ""
    """The reason as one word, for translation: see `newspage.decisions.detector_trust`."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A dictionary entry that decisions suggest."""

    key: str
    kind: str
    """A dictionary: confusions, phrases, names ..."""
    text: str
    second: str
    support: int
    pages: int
    against: int
    """Decisions and places that speak against it."""
    examples: tuple[str, ...]
    state: Literal["open", "adopted", "dismissed"] = "open"


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """Progress and speed of the work."""

    pages: int
    signed: int
    questions: int
    open: int
    decided: int
    by_precedent: int
    """Questions that earlier decisions spared."""
    lost: int
    pages_done: int
    """Pages without an open question."""
    decisions_an_hour: float
    minutes_a_page: float
    """Of time in which somebody was deciding; gaps over two minutes are not counted."""
    by_rule: tuple[RuleStanding, ...] = ()
    by_day: tuple[tuple[str, int], ...] = field(default=())
    """By the calendar of the machine that serves the page."""
    seconds: float = 0.0
    """Time in which somebody was deciding: little of it says little of the speed."""


@dataclass(frozen=True, slots=True)
class HitRow:
    """An article that was found, as a row of the results."""

    stem: str
    article: str
    """Id of the article, or of the region of other text."""
    kind: str
    title: str
    paper: str
    date: str
    page: str
    snippet: tuple[tuple[str, bool], ...]
    """Pieces of the text, each with whether it is a hit."""
    cut: tuple[bool, bool]
    """Whether the text goes on before and after the snippet."""
    hits: int
    """Places in the text that hold the words."""
    misread: bool
    """Whether it holds them only with one character another."""
    start: int
    end: int
    """Characters of the first hit in the text of the article."""


@dataclass(frozen=True, slots=True)
class SearchView:
    """A stretch of the articles that were found."""

    items: tuple[HitRow, ...]
    total: int
    exact: int
    """How many of them hold the words as they were typed; they come first."""
    limited: bool
    """Whether there are more than are put into order."""
    waiting: int
    """Pages that are not in the index yet."""
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HitPlace:
    """Where a hit is printed."""

    scan: str
    boxes: tuple[Quad, ...]
    strip: Quad | None
    """What to cut out of the scan to see it; None where nothing of it is printed."""
    vertical: bool
