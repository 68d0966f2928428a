"""Edits that people make by hand: values, as they come in and as they are recorded."""

from dataclasses import dataclass

from newspage.review.service.views import Meeting


@dataclass(frozen=True, slots=True)
class Signature:
    """The person who decides, and the request that says so."""

    reviewer: str
    key: str = ""
    """Identifier of the request, 32 hexadecimal digits that its sender made; empty: none. A request
    that comes again under the same one is acknowledged, and decides nothing a second time."""


@dataclass(frozen=True, slots=True)
class TextEdit:
    """Characters of an article, or of a piece of furniture, replaced by a text."""

    stem: str
    """Name of the page."""
    article: str
    """Id of the article, or of the region of a piece of furniture."""
    start: int
    """Offset of the first character in the clean text, its parts joined by BREAK."""
    end: int
    """Offset behind the last character."""
    text: str
    """May be empty."""
    seen: str
    """Hash of the article as the person saw it."""


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A printed line of an article as a person typed it from the scan, changed or confirmed."""

    stem: str
    line: str
    """Id of the line."""
    text: str
    seen: str
    """Its text as the person saw it."""


@dataclass(frozen=True, slots=True)
class JoinEdit:
    """A paragraph made to go on over a join of one page, or to end there."""

    stem: str
    join: str
    """Id of the join."""
    joined: bool
    seen: str
    """Hash of the article as the person saw it."""


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """An article said to go on, or not, in another one of the same issue."""

    before: tuple[str, str]
    """Name of the page and id of the part that comes first."""
    after: tuple[str, str]
    """The same of the other part."""
    how: Meeting
    """Whether the first part goes on in the second, in the same paragraph or in a new one."""
    seen: str
    """Hash of the join of the two as the person saw it."""

    @property
    def stem(self) -> str:
        """Return the name of the page of the first part."""
        return self.before[0]


@dataclass(frozen=True, slots=True)
class ArticleMove:
    """An article put right before another one of its page."""

    stem: str
    article: str
    before: str | None
    """Id of the article that it comes before; None: it is the last one."""
    seen: str
    """Hash of the article that moves, as the person saw it."""


@dataclass(frozen=True, slots=True)
class RegionMove:
    """A region put into the article of another one, right behind that."""

    stem: str
    region: str
    after: str | None
    """Id of the other region; None: the region becomes an article of its own."""
    seen: str
    """Hash of the article that it leaves, as the person saw it."""


@dataclass(frozen=True, slots=True)
class SignOff:
    """A page that the reviewer has proofread as it is now."""

    stem: str


PageEdit = TextEdit | TypedLine | JoinEdit | ArticleLink | ArticleMove | RegionMove | SignOff


def find_edited_article(edit: PageEdit) -> str:
    """Return the id of the article that an edit names; empty where it names none."""
    match edit:
        case TextEdit() | ArticleMove():
            return edit.article
        case ArticleLink():
            return edit.before[1]
        case _:
            return ""
