"""Load pages as text to be compared: from truth files, page records, XML or plain text."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newspage.correct import MAX_BYTES, read_text
from newspage.errors import InputError, RefusedError
from newspage.geometry import Box

MAX_CHARACTERS = 300_000
"""Characters of a page at most, as in texts that are corrected by a scan: more than any page has.
The time of a comparison grows with the product of both sides: 9,000 characters take a tenth of a
second, 100,000 some ten seconds."""
MAX_ARTICLES = 1_000
"""Articles of a page at most; each is compared with each. Judgement: a page has up to 100."""

MAX_PIXELS = 1_000_000
"""Greatest coordinate that is taken for one. Judgement: pages have up to 32,000 pixels a side."""

_QUOTES = str.maketrans("“”「」‘’『』—─―・•", "\"\"\"\"''''---··")
"""All quotation marks become straight ones, all dashes a hyphen, all middle dots one kind."""
_PUNCTUATION = re.compile(r"[^\w]|_")
_PARTS = ("kicker", "title", "deck", "byline")
"""Fields of an article besides its paragraphs, as truth files and records name them."""


@dataclass(frozen=True, slots=True)
class Normalisation:
    """Kinds of differences that do not count, and the function that removes them from a text."""

    width: bool = True
    """Full-width and half-width forms are equal (NFKC)."""
    quotes: bool = True
    """All quotation marks are equal, and all dashes."""
    punctuation: bool = False
    """Punctuation is left out."""
    variants: tuple[tuple[str, str], ...] = ()
    """Characters that count as others, as 説 as 說."""

    def __call__(self, text: str) -> str:
        """Return a text without white space and without the differences that do not count."""
        text = "".join(text.split())
        text = unicodedata.normalize("NFKC", text) if self.width else text
        text = text.translate(_QUOTES) if self.quotes else text
        text = _PUNCTUATION.sub("", text) if self.punctuation else text
        for variant, standard in self.variants:
            text = text.replace(variant, standard)
        return text


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article as text; parts it does not have are empty."""

    paragraphs: tuple[str, ...]
    kicker: str = ""
    title: str = ""
    deck: str = ""
    byline: str = ""

    @property
    def headline(self) -> str:
        """Return kicker, title and deck together: the border between them is a matter of taste."""
        return self.kicker + self.title + self.deck

    @property
    def whole(self) -> str:
        """Return headline, byline and paragraphs as one string."""
        return self.headline + self.byline + "".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class LineText:
    """A printed line and the article it belongs to."""

    text: str
    role: str = ""
    article: str = ""
    box: Box | None = None
    """Where it is, in pixels of a page of the size that `PageText.size` says; None: unknown."""


@dataclass(frozen=True, slots=True)
class PageText:
    """A page as text: the truth, or what was made of it."""

    articles: tuple[ArticleText, ...]
    furniture: tuple[str, ...] = ()
    lines: tuple[LineText, ...] = ()
    """In reading order; records and plain text have none."""
    grouped: bool = True
    """Whether it says which text belongs to which article; if not, all of it is one article."""
    size: tuple[float, float] | None = None
    """Width and height of the page that the boxes of lines are pixels of; None: unknown."""


def load_page_text(path: Path) -> PageText:
    """Load a truth file, a page record, ALTO or PAGE XML (`.xml`), or plain text.

    Raises InputError on anything else, RefusedError where it is larger than any page.
    """
    match path.suffix.lower():
        case ".xml":
            from newspage.evaluation.layout_xml import parse_layout_xml

            page = parse_layout_xml(_read_bytes(path), path)
        case ".json":
            page = _decode_json(_read_bytes(path), path)
        case _:
            text = read_text(path).text
            page = parse_plain_text(text.replace("\r\n", "\n").replace("\r", "\n"))
    _require_one_page(page, path)
    return page


def _read_bytes(path: Path) -> bytes:
    """Return the bytes of a file. Raises InputError, RefusedError where they are too many."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RefusedError(
                "page-text-too-large", path=path, size=f"{MAX_BYTES // 1_000_000} MB"
            )
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            "truth-unreadable", path=path, reason=str(error.strerror or error)
        ) from error


def _decode_json(data: bytes, path: Path) -> PageText:
    """Return the page of a truth file or a page record. Raises InputError."""
    try:
        page = parse_page_json(json.loads(data.decode("utf-8-sig")))
        # What should be text and is none shows here.
        "".join([*(a.whole for a in page.articles), *page.furniture, *(x.text for x in page.lines)])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            "truth-unclear", path=path, reason=f"{type(error).__name__}: {error}"
        ) from error
    return page


def _require_one_page(page: PageText, path: Path) -> None:
    """Refuse a text that is larger than any page: comparing it would take hours."""
    pieces = [*page.furniture, *(article.whole for article in page.articles)]
    if sum(map(len, pieces)) > MAX_CHARACTERS or len(page.articles) > MAX_ARTICLES:
        raise RefusedError(
            "page-text-too-large",
            path=path,
            size=f"{MAX_CHARACTERS:,} characters or {MAX_ARTICLES:,} articles",
        )


def parse_page_json(data: Mapping[str, Any]) -> PageText:
    """Parse the page of a decoded truth file or page record. Raises KeyError without `articles`."""
    articles = tuple(
        ArticleText(tuple(a["paragraphs"]), **{part: a.get(part) or "" for part in _PARTS})
        for a in data["articles"]
    )
    furniture = tuple(f["text"] for f in data.get("furniture") or data.get("other") or ())
    lines = data.get("lines") or ()
    known = tuple(
        LineText(line["text"], line.get("role", ""), line.get("article", ""), _read_box(line))
        for line in lines
        if isinstance(line, Mapping) and "text" in line
    )
    size = _read_numbers(data.get("size"), 2)
    return PageText(articles, furniture, known, size=(size[0], size[1]) if size else None)


def _read_box(line: Mapping[str, Any]) -> Box | None:
    """Return the box of a line of a truth file; None where it has none that could be one."""
    sides = _read_numbers(line.get("box"), 4)
    if not sides or sides[0] > sides[2] or sides[1] > sides[3]:
        return None
    return Box(*sides)


def _read_numbers(values: object, count: int) -> list[float]:
    """Return so many finite numbers of a list; nothing where it is another list."""
    if not isinstance(values, list) or len(values) != count:
        return []
    numbers = [float(v) for v in values if type(v) in (int, float) and abs(v) < MAX_PIXELS]
    return numbers if len(numbers) == count else []


def parse_plain_text(text: str) -> PageText:
    """Parse articles separated by a line `* * *`, their paragraphs by a blank line."""
    articles = []
    for block in re.split(r"^[ \t]*\* \* \*[ \t]*$", text, flags=re.MULTILINE):
        paragraphs = tuple(p.strip() for p in re.split(r"\n\s*\n", block) if p.strip())
        if paragraphs:
            articles.append(ArticleText(paragraphs))
    return PageText(tuple(articles), grouped=len(articles) > 1)


def normalise_page(page: PageText, norm: Normalisation) -> PageText:
    """Return the page with every text normalised, without paragraphs that become empty."""
    articles = tuple(
        ArticleText(
            tuple(p for p in map(norm, a.paragraphs) if p),
            **{part: norm(getattr(a, part)) for part in _PARTS},
        )
        for a in page.articles
    )
    lines = tuple(LineText(norm(line.text), line.role, line.article) for line in page.lines)
    furniture = tuple(norm(f) for f in page.furniture)
    return PageText(articles, furniture, lines, page.grouped)
