"""One character over all its places, so that those that are none of it stand out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from newspage.decisions import GlyphIndex, find_flat_text
from newspage.edits import FlatText
from newspage.model import PageRecord
from newspage.review.service.join_view import hash_article_text
from newspage.review.service.request_errors import RequestError, UnknownError
from newspage.review.service.view_rows import box_to_quad, encode_scan_key
from newspage.review.service.views import Quad
from newspage.search import ArticleSearch, RankedMatch, SearchHit, make_filter, parse_words
from newspage.store import OutputStore, PageState

_MOST = 300
"""Places that are shown. Judgement: what one looks through without a break."""
_MOST_PAGES = 40
"""Pages that are opened for them. Judgement: of a broadsheet each takes some 50 ms."""
_AT_ONCE = 50
"""Articles whose texts are in memory at once."""
_AROUND = 10
"""Characters of the text on either side."""

LoadPage = Callable[[str], tuple[PageState, PageRecord]]
"""Returns a page by its name, as it is after all decisions; raises UnknownError."""


@dataclass(frozen=True, slots=True)
class CharacterPlace:
    """A place where the text has a character, as it is printed there."""

    stem: str
    article: str
    at: int
    """Its offset in the text of the article."""
    seen: str
    """Hash of the text of the article; goes back with an edit."""
    scan: str
    box: Quad
    confidence: float
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CharacterSheet:
    """The places of a character, those first of which the recogniser was least sure."""

    character: str
    places: tuple[CharacterPlace, ...]
    articles: int
    """Articles that hold it, or another form of it, in all."""
    whole: bool
    """Whether all of its places are here."""


class CharacterGatherer:
    """Gathers the places of characters. Thread-safe. Raises StoreError."""

    def __init__(
        self, store: OutputStore, load_page: LoadPage, write_due: Callable[[], None]
    ) -> None:
        """`write_due` writes pages on which decisions are due: the index knows of them then."""
        self._search = ArticleSearch(store.articles)
        self._load_page = load_page
        self._write_due = write_due

    def gather_places(self, character: str, paper: str = "") -> CharacterSheet:
        """Return the places of a character, in one paper or all. Raises RequestError."""
        if len(character) != 1 or character.isspace() or not character.isprintable():
            raise RequestError("character-unclear")
        self._write_due()
        found = self._search.find_exact(
            parse_words(character), make_filter(paper, "", "", ""), "date"
        )
        hits = self._load_hits(found)
        places: list[CharacterPlace] = []
        whole = True
        for pages, (stem, on_page) in enumerate(groupby(hits, key=lambda hit: hit.row.stem)):
            if pages == _MOST_PAGES or len(places) >= _MOST:
                whole = False
                break
            places += self._list_on_page(character, stem, [hit.row.article for hit in on_page])
        places.sort(key=lambda place: (place.confidence, place.stem, place.article, place.at))
        whole = whole and len(places) <= _MOST
        return CharacterSheet(character, tuple(places[:_MOST]), len(found), whole)

    def _load_hits(self, found: Sequence[RankedMatch]) -> Iterator[SearchHit]:
        """Yield articles, some at a time: of most only the first are looked at."""
        for start in range(0, len(found), _AT_ONCE):
            yield from self._search.load_hits(found[start : start + _AT_ONCE])

    def _list_on_page(
        self, character: str, stem: str, articles: Sequence[str]
    ) -> Iterator[CharacterPlace]:
        """Yield the places of a character in articles of a page."""
        try:
            _, record = self._load_page(stem)
        except UnknownError:
            return
        glyphs = GlyphIndex.from_page(record.page)
        for article in articles:
            text = find_flat_text(record, article)
            if text is not None:
                yield from _list_in_text(character, stem, text, glyphs)


def _list_in_text(
    character: str, stem: str, text: FlatText, glyphs: GlyphIndex
) -> Iterator[CharacterPlace]:
    """Yield the places of a character in a text that are printed."""
    seen = hash_article_text(text)
    scan = encode_scan_key((glyphs.scan.sha256, glyphs.scan.frame))
    for at, char in enumerate(text.chars):
        box = glyphs.find_box(char) if char.text == character else None
        if box is None:
            continue
        margin = max(box.width, box.height) / 4
        shown = box.grown(margin).clipped(glyphs.scan.width, glyphs.scan.height)
        yield CharacterPlace(
            stem,
            text.id,
            at,
            seen,
            scan,
            box_to_quad(shown),
            glyphs.lines[char.line].glyphs[char.glyph].confidence,
            text.string[max(0, at - _AROUND) : at],
            text.string[at + 1 : at + 1 + _AROUND],
        )
