"""Keep of each page of a package what its description needs: files, blocks of articles, steps.

That is a few thousand bytes a page, so that issues of thousands of pages can be described.
"""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from newspage.edits import STANDING
from newspage.formats.document import IssueDocument, PageDocument
from newspage.formats.page_structure import group_regions, match_captions
from newspage.formats.text_language import LanguageCount
from newspage.formats.xml_tree import make_identifier
from newspage.model import (
    ArticleRecord,
    PageRecord,
    ProcessingStep,
    Region,
    RegionKind,
    Scan,
    join_chars,
)


class FileGroup(StrEnum):
    """The groups of files of a package, by the names that libraries use for them."""

    SCANS = "DEFAULT"
    ALTO = "FULLTEXT"
    TEXT = "TEXT"
    THUMBNAILS = "THUMBS"
    PDF = "DOWNLOAD"

    @property
    def folder(self) -> str:
        """Return the folder of its files."""
        return _FOLDERS[self]

    @property
    def prefix(self) -> str:
        """Return the beginning of the identifiers of its files."""
        return _PREFIXES[self]


_FOLDERS = {
    FileGroup.SCANS: "scans",
    FileGroup.ALTO: "alto",
    FileGroup.TEXT: "txt",
    FileGroup.THUMBNAILS: "thumbnails",
    FileGroup.PDF: "pdf",
}
"""The importer of impresso takes what is in a folder called `text` for ALTO: there is none."""
_PREFIXES = {
    FileGroup.SCANS: "IMG",
    FileGroup.ALTO: "ALTO",
    FileGroup.TEXT: "TEXT",
    FileGroup.THUMBNAILS: "THUMB",
    FileGroup.PDF: "PDF",
}


@dataclass(slots=True)
class PackedFile:
    """A file of a package."""

    group: FileGroup
    number: int
    """Of its page, from 1; of the first one where several pages share it; 0: of the issue."""
    name: str
    """Path from the folder of the package."""
    media_type: str
    original: str = ""
    """The name that it had elsewhere."""
    several: bool = False
    """Whether it is a scan of several pages."""
    size: int = 0
    """Bytes, as far as they were taken in."""
    _sum: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def take_in(self, data: bytes) -> None:
        """Count bytes of the file for its size and checksum."""
        self.size += len(data)
        self._sum.update(data)

    def take_in_pieces(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the pieces of the file again, each counted."""
        for data in pieces:
            self.take_in(data)
            yield data

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the bytes, in hex."""
        return self._sum.hexdigest()

    @property
    def identifier(self) -> str:
        """Return its identifier in the package."""
        number = f"{self.number:05d}" if self.number else "_ISSUE"
        return f"{self.group.prefix}{number}"


@dataclass(frozen=True, slots=True)
class Block:
    """A block of an ALTO file."""

    kind: RegionKind
    page: int
    """Number of the page in the package, from 1."""
    identifier: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a page, with the blocks of its captions."""

    page: int
    identifier: str
    captions: tuple[Block, ...]
    caption: str
    """Text of the captions."""


@dataclass(frozen=True, slots=True)
class PageArticle:
    """The part of an article on a page."""

    heads: tuple[str, str, str, str]
    """Kicker, title, deck and byline."""
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PackedPage:
    """What the description of a package says of a page."""

    number: int
    """In the package, from 1."""
    stem: str
    scan: Scan
    files: tuple[PackedFile, ...]
    articles: Mapping[str, PageArticle]
    """By their ids in the page's record."""
    order: tuple[str | Block, ...]
    """What is on the page, in reading order: ids of articles, and blocks of none."""
    pictures: tuple[Picture, ...]
    steps: tuple[ProcessingStep, ...]
    reviewers: tuple[str, ...]
    """People who decided on corrections that are in its text."""

    @property
    def identifier(self) -> str:
        """Return its identifier in the physical structure."""
        return f"PHYS_{self.number:05d}"


def identify_issue(name: str, scans: Iterable[tuple[str, int]]) -> str:
    """Return an address (URN) for an issue of some scans, by checksum and number in the file."""
    said = "".join(f" {digest}#{frame}" for digest, frame in scans)
    return uuid.uuid5(uuid.NAMESPACE_OID, f"newspage {name}{said}").urn


def summarise_page(page: PageDocument, number: int, files: tuple[PackedFile, ...]) -> PackedPage:
    """Return what is to be said of a page that is packed as the `number`-th, with its files."""
    record = page.record
    pictures = _list_pictures(record, number)
    captions = {block for picture in pictures for block in picture.captions}
    articles = {a.id: _summarise_article(a, ()) for a in record.articles}
    order: list[str | Block] = []
    for group in group_regions(record):
        blocks = tuple(_block_of(region, number) for region in group.regions)
        if group.article is not None:
            articles[group.article.id] = _summarise_article(group.article, blocks)
            order.append(group.article.id)
        else:
            order += [block for block in blocks if block not in captions]
    order += [name for name in articles if name not in order]
    by = (c.decided_by for c in record.corrections if c.status in STANDING)
    return PackedPage(
        number,
        page.name,
        record.page.scan,
        files,
        articles,
        tuple(order),
        pictures,
        record.steps,
        tuple(dict.fromkeys(name for name in by if name)),
    )


def _block_of(region: Region, page: int) -> Block:
    """Return the block that ALTO makes of a region."""
    return Block(region.kind, page, make_identifier("region", region.id))


def _summarise_article(article: ArticleRecord, blocks: tuple[Block, ...]) -> PageArticle:
    """Return the part of an article on a page, with its blocks."""
    kicker, title, deck, byline = (join_chars(head) for head in article.heads)
    return PageArticle((kicker, title, deck, byline), blocks)


def _list_pictures(record: PageRecord, number: int) -> tuple[Picture, ...]:
    """Return the pictures of a page with the captions beside them."""
    matched = match_captions(record)
    texts = {item.region: item.text for item in record.furniture}
    found = []
    for i in range(len(record.page.pictures)):
        own = [region for region in record.page.regions if matched.get(region.id) == i]
        caption = " ".join(texts[region.id] for region in own if region.id in texts)
        blocks = tuple(_block_of(region, number) for region in own)
        found.append(Picture(number, f"picture_{i + 1}", blocks, caption))
    return tuple(found)


@dataclass(slots=True)
class IssueSummary:
    """What the description of a package says of its issue."""

    issue: IssueDocument
    pages: list[PackedPage] = field(default_factory=list)
    language: LanguageCount = field(default_factory=LanguageCount)
    whole: list[PackedFile] = field(default_factory=list)
    """Files of the issue as a whole."""
    _by_stem: dict[str, PackedPage] = field(default_factory=dict)

    def add_page(self, page: PageDocument, files: tuple[PackedFile, ...]) -> None:
        """Add a page that was packed as the next one."""
        packed = summarise_page(page, len(self.pages) + 1, files)
        self.pages.append(packed)
        self._by_stem[page.name] = packed
        for article in page.record.articles:
            for paragraph in article.paragraphs:
                self.language.add_text(paragraph.text)

    @property
    def title(self) -> str:
        """Return the name of the paper; that of the issue where none is known."""
        published = self.issue.publication
        return (published.paper if published else "") or self.issue.name

    @property
    def date(self) -> str:
        """Return the day of the issue (ISO 8601), empty where none is known."""
        published = self.issue.publication
        return published.date.isoformat() if published and published.date else ""

    @property
    def identifier(self) -> str:
        """Return an address that names this issue of these scans: the same ones, the same name."""
        scans = ((page.scan.sha256, page.scan.frame) for page in self.pages)
        return identify_issue(self.issue.name, scans)

    @property
    def files(self) -> Mapping[FileGroup, Sequence[PackedFile]]:
        """Return the files of each group, each once."""
        every = [*self.whole, *(file for page in self.pages for file in page.files)]
        by_id = {file.identifier: file for file in every}
        return {g: [file for file in by_id.values() if file.group is g] for g in FileGroup}

    def list_parts(self, name: str) -> list[tuple[PackedPage, PageArticle]]:
        """Return the parts of an article of the issue, each with its page, by the article's id."""
        places = [(self._by_stem[p.stem], p) for p in self.issue.outline.articles[name]]
        return [(page, page.articles[part.article]) for page, part in places]

    def list_starts(self) -> Mapping[tuple[str, str], str]:
        """Return the articles of the issue by the page and id of their first parts."""
        return {
            (parts[0].stem, parts[0].article): name
            for name, parts in self.issue.outline.articles.items()
        }
