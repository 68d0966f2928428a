"""The reading room: an article whole, beside its print, with what it takes to cite and keep it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from newspage.config import IngestConfig
from newspage.decisions import CopyFinder, GlyphIndex
from newspage.edits import flatten_article
from newspage.errors import InputError
from newspage.formats import (
    ArticleAddress,
    ArticleFile,
    CitedArticle,
    IssueDocument,
    PageDocument,
    cite_article,
    find_article_at,
    make_address,
    parse_address,
    render_article,
)
from newspage.geometry import union_boxes
from newspage.issues import ArticlePiece, IssuePage, find_page_numbers, make_issue_name
from newspage.model import (
    ArticleRecord,
    Chars,
    IssueOutline,
    PageRecord,
    Publication,
    join_chars,
)
from newspage.record import read_issue_outline
from newspage.review.service.request_errors import UnknownError
from newspage.review.service.view_rows import box_to_quad, encode_scan_key
from newspage.review.service.views import Quad
from newspage.search import SearchWords, find_spans
from newspage.store import OutputStore, PageState, ScanId
from newspage.workspace import ISSUES_NAME, Workspace

_MARGIN = 12.0
"""Pixels of the scan that a picture shows around the regions of an article. Judgement."""
_MOST_PARTS = 50
"""Parts of an article that are followed, should links go round in a circle."""
_MOST_TURNED = 20
"""Pages without any article that are passed over to find the next one of an issue."""

LoadPage = Callable[[str], tuple[PageState, PageRecord]]
"""Returns a page by its name, as it is after all decisions; raises UnknownError."""


@dataclass(frozen=True, slots=True)
class TextRun:
    """Characters of a paragraph that one page prints, all of them found by a search or none."""

    text: str
    turn: str = ""
    """Where it begins on another page than the text before it: the number of that page, or `?`."""
    found: bool = False


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """The part of an article that one page prints."""

    stem: str
    page: str
    """Number of the page; empty where it is not known."""
    article: str
    """Id of the article on that page."""
    scan: str
    box: Quad
    """Part of the scan that shows all of it."""
    outlines: tuple[tuple[tuple[float, float], ...], ...]
    """Of its regions, pixels of the scan."""


@dataclass(frozen=True, slots=True)
class ArticleNeighbour:
    """An article to go to."""

    address: str
    title: str
    """Its headline, or how its text begins."""


@dataclass(frozen=True, slots=True)
class ArticleSheet:
    """An article as it is read."""

    address: str
    kicker: tuple[TextRun, ...]
    title: tuple[TextRun, ...]
    deck: tuple[TextRun, ...]
    byline: tuple[TextRun, ...]
    paragraphs: tuple[tuple[TextRun, ...], ...]
    name: str
    """Its headline on one line; in brackets how the text begins where it has none."""
    vertical: bool
    """Whether most of it is printed in columns."""
    paper: str
    date: str
    parts: tuple[PrintedPart, ...]
    signed: bool
    """Whether all of its pages are proofread."""
    open: int
    """Open questions on its pages."""
    citations: dict[str, str]
    before: ArticleNeighbour | None
    after: ArticleNeighbour | None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of an article with the page that prints it."""

    state: PageState
    record: PageRecord
    publication: Publication | None
    piece: ArticlePiece


class ReadingRoom:
    """Shows articles by their addresses. Thread-safe. Raises StoreError."""

    def __init__(
        self, place: Workspace, store: OutputStore, load_page: LoadPage, config: IngestConfig
    ) -> None:
        self._place = place
        self._store = store
        self._load_page = load_page
        self._config = config
        self._copies = CopyFinder(store)

    def find_address(self, stem: str, article: str) -> str:
        """Return the address of the article that a page knows by an id. Raises UnknownError."""
        return _name_pieces(self._follow_parts(stem, article))

    def resolve_address(self, address: str) -> str:
        """Return the present address of the article that an address means.

        It is another one where the address is of a later part of the article, or the article begins
        with another character by now. Raises UnknownError where there is none any more.
        """
        return _name_pieces(self._open_pieces(address))

    def show_article(self, address: str, words: SearchWords | None = None) -> ArticleSheet:
        """Return an article by its address, some words marked in it. Raises UnknownError."""
        pieces = self._open_pieces(address)
        first = pieces[0]
        whole = self._make_issue(pieces).join_article(first.piece.article.id)
        published = first.publication or Publication("")
        turns = {one.state.stem: one.piece.part.page or "?" for one in pieces}
        marker = _RunMaker(turns, first.state.stem, _list_found(whole, words) if words else {})
        stems = list(dict.fromkeys(one.state.stem for one in pieces))
        signed, counts = self._store.pages.list_signed(stems), self._store.questions
        cited = _describe_source(whole, pieces)
        before, after = self._find_neighbours(pieces)
        return ArticleSheet(
            address=_name_pieces(pieces),
            kicker=marker.make_runs(whole.kicker),
            title=marker.make_runs(whole.title),
            deck=marker.make_runs(whole.deck),
            byline=marker.make_runs(whole.byline),
            paragraphs=tuple(marker.make_runs(p.chars) for p in whole.paragraphs if p.chars),
            name=cited.name,
            vertical=_is_vertical(pieces),
            paper=published.paper,
            date=published.date.isoformat() if published.date else "",
            parts=tuple(map(_show_part, pieces)),
            signed=all(stem in signed for stem in stems),
            open=sum(count.open for count in counts.counts_by_stem(stems).values()),
            citations=cite_article(cited),
            before=before,
            after=after,
        )

    def write_article(self, address: str, format_name: str) -> tuple[str, ArticleFile]:
        """Return an article as a file in one of `ARTICLE_FORMATS`, and a name for it.

        Raises UnknownError, and FormatError where the format fails.
        """
        pieces = self._open_pieces(address)
        name = pieces[0].piece.article.id
        file = render_article(self._make_issue(pieces), name, format_name)
        return f"{pieces[0].state.stem.replace('/', '-')}-{name}{file.suffix}", file

    def _open_pieces(self, address: str) -> list[_Piece]:
        """Return the parts of the article that an address means. Raises UnknownError."""
        wanted = parse_address(address)
        if wanted is None:
            raise UnknownError("article-address-unknown")
        gone = ""
        for scan, stem in self._store.finder.find_scans(wanted.hash, wanted.frame):
            try:
                state, record = self._load_page(stem)
            except UnknownError:
                continue
            article = self._find_on_page(wanted, scan, state, record)
            if article is not None:
                return self._follow_parts(stem, article.id)
            gone = gone or stem
        if gone:
            raise UnknownError("article-gone", page=gone)
        raise UnknownError("article-address-unknown")

    def _find_on_page(
        self, wanted: ArticleAddress, scan: ScanId, state: PageState, record: PageRecord
    ) -> ArticleRecord | None:
        """Return the article of a page that an address on a scan, or on a copy of it, means."""
        if wanted.place is None:
            return next((one for one in record.articles if one.id == wanted.article), None)
        place = wanted.place
        if scan != state.scan:
            transform = self._copies.list_transforms(state.scan).get(scan)
            if transform is None:
                return None
            x, y = transform(np.array([place]))[0]
            place = float(x), float(y)
        return find_article_at(record, place)

    def _follow_parts(self, stem: str, article: str) -> list[_Piece]:
        """Return all parts of an article in order, from any one of them. Raises UnknownError."""
        here = self._open_piece(stem, article)
        if here is None:
            raise UnknownError("article-unknown")
        pieces = [here]
        known = {here.piece.key}
        for back in (True, False):
            while len(pieces) < _MOST_PARTS:
                end = pieces[0 if back else -1].piece.article
                part = end.previous_part if back else end.next_part
                if part is None or (part.stem, part.article) in known:
                    break
                found = self._open_piece(part.stem, part.article)
                if found is None:
                    break
                known.add(found.piece.key)
                pieces.insert(0 if back else len(pieces), found)
        return pieces

    def _open_piece(self, stem: str, article: str) -> _Piece | None:
        """Return a part of an article; None where it is not there any more."""
        try:
            state, record = self._load_page(stem)
        except UnknownError:
            return None
        scan = self._store.find_scan(state.key)
        publication = scan.publication if scan else None
        page = IssuePage(stem, find_page_numbers(publication, record), record)
        piece = next((one for one in page.list_pieces() if one.article.id == article), None)
        return _Piece(state, record, publication, piece) if piece else None

    def _make_issue(self, pieces: Sequence[_Piece]) -> IssueDocument:
        """Return the pages of an article as an issue in which it is the only one."""
        pages = {
            one.state.stem: PageDocument(
                one.record,
                one.state.stem,
                one.publication,
                self._place.resolve_key(one.state.key.path),
                self._config,
            )
            for one in pieces
        }
        first = pieces[0]
        name = make_issue_name(first.publication)
        parts = tuple(one.piece.part for one in pieces)
        outline = IssueOutline(
            name or first.state.stem,
            tuple(dict.fromkeys((part.stem, part.page) for part in parts)),
            {first.piece.article.id: parts},
            self._load_joins(name) if len(pieces) > 1 else {},
        )
        return IssueDocument(outline, lambda stem: pages[stem], first.publication)

    def _load_joins(self, issue: str) -> dict[tuple[str, str], bool]:
        """Return where paragraphs of an issue go on over pages; empty where that is not known."""
        if not self._store.has_issue(issue):
            return {}
        try:
            path = self._place.output / ISSUES_NAME / f"{issue}.json"
            return dict(read_issue_outline(path).joined)
        except InputError:
            return {}

    def _find_neighbours(
        self, pieces: Sequence[_Piece]
    ) -> tuple[ArticleNeighbour | None, ArticleNeighbour | None]:
        """Return the articles that begin before and after one in its issue."""
        first = pieces[0]
        return self._find_neighbour(first, True), self._find_neighbour(first, False)

    def _find_neighbour(self, here: _Piece, back: bool) -> ArticleNeighbour | None:
        """Return the article that begins next in the issue, or before; None at its ends."""
        articles = here.record.articles
        at = [article.id for article in articles].index(here.piece.article.id)
        rest = articles[:at][::-1] if back else articles[at + 1 :]
        record, stem = here.record, here.state.stem
        for _ in range(_MOST_TURNED):
            found = next((one for one in rest if _begins_here(one)), None)
            if found is not None:
                return ArticleNeighbour(str(make_address(record, found)), _name_article(found))
            stem = self._store.find_neighbours(stem)[0 if back else 1]
            if not stem:
                return None
            try:
                state, record = self._load_page(stem)
            except UnknownError:
                return None
            scan = self._store.find_scan(state.key)
            issue = make_issue_name(here.publication)
            if not issue or make_issue_name(scan.publication if scan else None) != issue:
                return None
            rest = record.articles[::-1] if back else record.articles
        return None


@dataclass
class _RunMaker:
    """Makes runs of characters, and knows the page that the last one was on."""

    turns: dict[str, str]
    """Number of each page by its stem."""
    stem: str
    found: dict[int, bool]
    """Of which characters, by identity, a search found them."""

    def make_runs(self, chars: Chars) -> tuple[TextRun, ...]:
        """Return the runs of a piece of text; in its characters `line` is `stem#line`."""
        return tuple(self._split_runs(chars))

    def _split_runs(self, chars: Chars) -> Iterator[TextRun]:
        stem = self.stem
        keyed = []
        for char in chars:
            stem = char.line.rpartition("#")[0] or stem
            keyed.append(((stem, id(char) in self.found), char.text))
        for (stem, found), run in groupby(keyed, key=lambda one: one[0]):
            turn = self.turns.get(stem, "?") if stem != self.stem else ""
            self.stem = stem
            yield TextRun("".join(text for _, text in run), turn, found)


def _list_found(whole: ArticleRecord, words: SearchWords) -> dict[int, bool]:
    """Return the characters of an article, by identity, that hold some words."""
    parts = [chars for chars in (*whole.heads, *(p.chars for p in whole.paragraphs)) if chars]
    found = {}
    for chars in parts:
        at = [char for char in chars for _ in char.text]
        for start, end in find_spans(join_chars(chars), words):
            found.update({id(char): True for char in at[start:end]})
    return found


def _name_pieces(pieces: Sequence[_Piece]) -> str:
    """Return the address of an article by its parts."""
    return str(make_address(pieces[0].record, pieces[0].piece.article))


def _describe_source(whole: ArticleRecord, pieces: Sequence[_Piece]) -> CitedArticle:
    """Return what a citation says of an article."""
    published = pieces[0].publication or Publication("")
    pages = dict.fromkeys(one.piece.part.page for one in pieces if one.piece.part.page)
    return CitedArticle(
        _read_heads(whole),
        join_chars(whole.byline),
        whole.paragraphs[0].text if whole.paragraphs else "",
        published.paper,
        published.date,
        tuple(pages),
        _name_pieces(pieces),
    )


def _read_heads(article: ArticleRecord) -> str:
    """Return the headline of an article; what stands above or below it where it has none."""
    heads = (article.title, article.kicker, article.deck)
    return next(filter(None, (join_chars(chars).strip() for chars in heads)), "")


def _name_article(article: ArticleRecord) -> str:
    """Return what an article is called: its headline, or how its text begins."""
    text = article.paragraphs[0].text if article.paragraphs else ""
    return CitedArticle(_read_heads(article), "", text, "", None, (), "").name


def _begins_here(article: ArticleRecord) -> bool:
    """Tell whether an article has text and begins on its page."""
    return article.previous_part is None and bool(flatten_article(article).string.strip())


def _is_vertical(pieces: Sequence[_Piece]) -> bool:
    """Tell whether most characters of an article are printed in columns."""
    upright = across = 0
    for one in pieces:
        lines = GlyphIndex.from_page(one.record.page).lines
        for paragraph in one.piece.article.paragraphs:
            for char in paragraph.chars:
                line = lines.get(char.line)
                upright += line is not None and line.vertical
                across += line is not None and not line.vertical
    return upright > across


def _show_part(one: _Piece) -> PrintedPart:
    """Return the part of an article that a page prints, for showing."""
    scan = one.record.page.scan
    part = one.piece.part
    regions = [r for r in one.record.page.regions if r.article == part.article and r.lines]
    boxes = [region.box for region in regions]
    whole = union_boxes(boxes) if boxes else None
    box = whole.grown(_MARGIN).clipped(scan.width, scan.height) if whole else None
    return PrintedPart(
        part.stem,
        part.page,
        part.article,
        encode_scan_key((scan.sha256, scan.frame)),
        box_to_quad(box) if box else (0.0, 0.0, float(scan.width), float(scan.height)),
        tuple(region.polygon or region.box.polygon for region in regions),
    )
