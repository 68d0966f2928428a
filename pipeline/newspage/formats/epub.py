"""Pack an issue as EPUB 3 for readers: a document a page, pictures, contents, list of pages.

An EPUB file is a zip archive with a prescribed beginning, which `zipfile` writes. EbookLib, the
library for it, keeps the whole book in memory, writes the time of making into it, and is under a
licence (AGPL) that would bind whoever passes newspage on.
"""

import tempfile
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator

from newspage.formats.document import IssueDocument
from newspage.formats.mets_summary import identify_issue
from newspage.formats.reading_survey import ReadingSurvey, survey_issue
from newspage.formats.reading_text import (
    STYLE,
    VERTICAL_STYLE,
    ReadingText,
    list_contents,
    name_page,
    title_issue,
)
from newspage.formats.xml_tree import add_element, serialise_tree

_PIECE = 1 << 20
"""Bytes that are handed on at once."""
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that an archive can state: the same issue always gives the same bytes."""
_MODIFIED = "1970-01-01T00:00:00Z"
"""EPUB asks for a time of change; records keep none."""
_CONTAINER = b"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" \
media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_TYPES = {
    "css": "text/css",
    "jpg": "image/jpeg",
    "xhtml": "application/xhtml+xml",
}
"""Media types by suffix."""


def render_epub(issue: IssueDocument) -> Iterator[bytes]:
    """Yield an issue as EPUB 3, in pieces.

    The archive is made in a temporary file, since its beginning may say nothing of lengths that
    are known at the end only. Raises InputError where a record cannot be read.
    """
    with tempfile.TemporaryFile() as kept:
        with zipfile.ZipFile(kept, "w") as archive:
            _BookWriter(issue, archive).write_book()
        kept.seek(0)
        while piece := kept.read(_PIECE):
            yield piece


class _BookWriter:
    """Writer of a book, which notes each file for the list of all."""

    def __init__(self, issue: IssueDocument, archive: zipfile.ZipFile) -> None:
        self._issue = issue
        self._archive = archive
        self._survey = survey_issue(issue)
        self._files: list[str] = []

    def write_book(self) -> None:
        """Write all files of the book, its list of files last."""
        self._put("mimetype", b"application/epub+zip", packed=False)
        self._put("META-INF/container.xml", _CONTAINER)
        style = STYLE + (VERTICAL_STYLE if self._survey.vertical else "")
        self._add("style.css", style.encode())
        self._add("nav.xhtml", self._build_navigation())
        text = ReadingText(self._issue, self._survey, self._keep_picture)
        for stem in self._issue.stems:
            body = ET.Element("body")
            body.append(text.build_section(stem))
            title = self._survey.words.page.format(self._survey.numbers[stem])
            self._add(self._locate(stem), _build_page(self._survey, title, body))
        self._put("EPUB/package.opf", self._build_package())

    def _put(self, name: str, data: bytes, packed: bool = True) -> None:
        """Write a file into the archive, with nothing of the machine in its entry."""
        entry = zipfile.ZipInfo(name, _ZIP_TIME)
        entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        entry.create_system = 3
        entry.external_attr = 0o644 << 16
        self._archive.writestr(entry, data)

    def _add(self, name: str, data: bytes) -> None:
        """Write a file of the book, and note it."""
        self._put(f"EPUB/{name}", data, packed=not name.endswith(".jpg"))
        self._files.append(name)

    def _keep_picture(self, name: str, data: bytes) -> str:
        """Write a picture; return its address."""
        path = f"images/{name}"
        self._add(path, data)
        return path

    def _locate(self, stem: str) -> str:
        """Return the name of the file of a page."""
        return f"{name_page(self._issue, stem)}.xhtml"

    def _build_navigation(self) -> bytes:
        """Return the contents, and the list of printed pages."""
        body = ET.Element("body")
        for kind, hidden in (("toc", False), ("page-list", True)):
            nav = add_element(body, "nav", {"epub:type": kind, "id": kind})
            if hidden:
                nav.set("hidden", "hidden")
            add_element(nav, "h1", text=self._survey.words.contents)
            entries = add_element(nav, "ol")
            if kind == "toc":
                entries.extend(list_contents(self._issue, self._survey, self._locate))
                continue
            for stem in self._issue.stems:
                address = f"{self._locate(stem)}#{name_page(self._issue, stem)}"
                item = add_element(entries, "li")
                add_element(item, "a", {"href": address}, self._survey.numbers[stem])
        return _build_page(self._survey, title_issue(self._issue), body)

    def _build_package(self) -> bytes:
        """Return the description of the book: what it is, its files, their order."""
        root = ET.Element("package", {"xmlns": "http://www.idpf.org/2007/opf", "version": "3.0"})
        root.set("unique-identifier", "book")
        root.set("xml:lang", self._survey.language.tag)
        self._add_metadata(root)
        manifest = add_element(root, "manifest")
        for number, name in enumerate(self._files, 1):
            kind = _TYPES[name.rpartition(".")[2]]
            attributes = {"id": f"file-{number}", "href": name, "media-type": kind}
            if name == "nav.xhtml":
                attributes["properties"] = "nav"
            add_element(manifest, "item", attributes)
        spine = add_element(root, "spine")
        if self._survey.vertical:
            spine.set("page-progression-direction", "rtl")
        for stem in self._issue.stems:
            number = self._files.index(self._locate(stem)) + 1
            add_element(spine, "itemref", {"idref": f"file-{number}"})
        return serialise_tree(root)

    def _add_metadata(self, root: ET.Element) -> None:
        """Add identifier, title, language, day and publisher."""
        metadata = add_element(root, "metadata", {"xmlns:dc": "http://purl.org/dc/elements/1.1/"})
        name = identify_issue(self._issue.name, self._survey.scans)
        add_element(metadata, "dc:identifier", {"id": "book"}, name)
        add_element(metadata, "dc:title", text=title_issue(self._issue))
        add_element(metadata, "dc:language", text=self._survey.language.tag)
        published = self._issue.publication
        if published and published.date:
            add_element(metadata, "dc:date", text=published.date.isoformat())
        add_element(metadata, "meta", {"property": "dcterms:modified"}, _MODIFIED)


def _build_page(survey: ReadingSurvey, title: str, body: ET.Element) -> bytes:
    """Return a document of the book."""
    root = ET.Element("html", {"xmlns": "http://www.w3.org/1999/xhtml"})
    root.set("xmlns:epub", "http://www.idpf.org/2007/ops")
    root.set("lang", survey.language.tag)
    root.set("xml:lang", survey.language.tag)
    head = add_element(root, "head")
    add_element(head, "title", text=title)
    add_element(head, "link", {"rel": "stylesheet", "type": "text/css", "href": "style.css"})
    root.append(body)
    return serialise_tree(root, "<!DOCTYPE html>\n", indented=False)
