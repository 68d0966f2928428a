"""Write the text of an issue for readers, page by page, as elements of XHTML.

Articles stand whole where they begin. Where the text comes to another page its number stands as a
mark in it. Pictures stand behind the paragraph that is printed nearest to them.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby

from newspage.errors import InputError
from newspage.formats.document import IssueDocument, PageDocument
from newspage.formats.illustrations import Illustration, cut_illustrations, list_illustrations
from newspage.formats.mixed_content import MixedContent
from newspage.formats.page_structure import match_captions
from newspage.formats.reading_survey import ReadingSurvey
from newspage.formats.scan_access import read_scan_pixels
from newspage.formats.xml_tree import add_element, clean_for_xml, make_identifier
from newspage.model import ArticleRecord, Char, Chars, RegionKind, join_chars

STYLE = """\
body { font-family: serif; line-height: 1.7; margin: 1em auto; max-width: 42em; padding: 0 1em; }
p { margin: 0; text-indent: 2em; }
h1, h2, .deck { line-height: 1.3; }
.kicker, .deck, .byline, .jump, .missing, figcaption { text-indent: 0; }
.deck { font-weight: bold; }
.byline, .jump, .missing { color: #444; }
.page { color: #666; font-size: 0.75em; font-weight: normal; margin: 0 0.3em; }
section div.page { border-top: thin solid; margin: 2em 0 1em; }
aside { border: thin solid #999; margin: 1em 0; padding: 0.5em; }
figure { margin: 1em 0; text-align: center; }
figcaption { font-size: 0.9em; }
img { max-height: 90vh; max-width: 100%; }
nav ol { list-style: none; margin: 0; padding: 0; }
nav ol ol { padding: 0 0 0 2em; }
"""
"""Style of the text; without `<`, `>` and `&`, which XML and HTML write differently there."""
VERTICAL_STYLE = """\
html { -epub-writing-mode: vertical-rl; -webkit-writing-mode: vertical-rl; \
writing-mode: vertical-rl; }
body { margin: auto 1em; max-height: 36em; max-width: none; padding: 1em 0; }
section div.page { border-right: thin solid; border-top: none; margin: 0 2em 0 1em; }
figure, aside { margin: 0 1em; }
img { max-height: 100%; max-width: 90vw; }
nav ol ol { padding: 2em 0 0; }
"""
"""Added to it where the text is vertical: columns from right to left."""

PictureKeeper = Callable[[str, bytes], str]
"""Takes the name of a picture and its JPEG file, and returns the address for `img`."""

_ASIDES = (
    RegionKind.CAPTION,
    RegionKind.ADVERTISEMENT,
    RegionKind.TABLE,
    RegionKind.OTHER,
)
"""Kinds of text outside of articles that readers want; not names of papers and numbers of pages."""
_PAGES_KEPT = 4
"""Pages whose cut pictures are kept: articles that go on ask for those of several."""


class ReadingText:
    """The text of an issue for readers, of which the pages are written one after the other."""

    def __init__(
        self, issue: IssueDocument, survey: ReadingSurvey, keep_picture: PictureKeeper
    ) -> None:
        self._issue = issue
        self._survey = survey
        self._keep_picture = keep_picture
        self._names = {
            (part.stem, part.article): name
            for name, parts in issue.outline.articles.items()
            for part in parts
        }
        self._cuts = lru_cache(maxsize=_PAGES_KEPT)(self._cut_pictures)
        self._page = ""

    def build_section(self, stem: str) -> ET.Element:
        """Return a page: what begins on it, then what belongs to no article.

        Raises InputError where a record cannot be read.
        """
        page = self._issue.load_page(stem)
        section = ET.Element("section")
        self._page = stem
        self._add_page_mark(section, stem, name_page(self._issue, stem))
        for name in self._survey.starts[stem]:
            self._add_article(section, name)
        for picture in list_illustrations(page.record):
            if picture.region is None:
                self._add_figure(section, stem, picture)
        self._add_asides(section, page)
        return section

    def _add_page_mark(self, parent: ET.Element, stem: str, name: str = "") -> None:
        """Add the number of a page; `name`: its identifier, where it begins."""
        number = self._survey.numbers[stem]
        attributes = {"class": "page", "role": "doc-pagebreak"}
        attributes |= {"aria-label": self._survey.words.page.format(number)}
        if name:
            attributes["id"] = name
        tag = "div" if name else "span"
        text = self._survey.words.page.format(number) if name else f"[{number}]"
        add_element(parent, tag, attributes, text)

    def _add_article(self, section: ET.Element, name: str) -> None:
        """Add an article: headlines, paragraphs, and pictures in their place."""
        whole = self._issue.join_article(name)
        parts = self._issue.outline.articles[name]
        self._page = parts[0].stem
        element = add_element(section, "article", {"id": name_article(name)})
        pictures = self._place_pictures(whole, [part.stem for part in parts], name)
        self._add_heads(element, whole)
        words = self._survey.words
        if whole.continued_from:
            text = words.continued.format(whole.continued_from)
            add_element(element, "p", {"class": "jump"}, clean_for_xml(text))
        for place in range(len(whole.paragraphs) + 1):
            if place:
                self._add_text(element, "p", "", whole.paragraphs[place - 1].chars)
            for stem, picture in pictures.get(place, ()):
                self._add_figure(element, stem, picture)
        if whole.continues:
            text = words.continues.format(whole.continues)
            add_element(element, "p", {"class": "jump"}, clean_for_xml(text))
        if not len(element):  # the contents lead to it
            add_element(element, "p", text=self._survey.headlines[name])

    def _add_heads(self, element: ET.Element, article: ArticleRecord) -> None:
        """Add kicker, headline, deck and byline, as far as they are there."""
        kicker, title, deck, byline = article.heads
        self._add_text(element, "p", "kicker", kicker)
        self._add_text(element, "h2", "", title)
        self._add_text(element, "p", "deck", deck)
        self._add_text(element, "p", "byline", byline)

    def _add_text(self, parent: ET.Element, tag: str, kind: str, chars: Chars) -> None:
        """Add a block of text, with a mark wherever it comes to another page; nothing if empty.

        In the characters `line` is `stem#line`.
        """
        if not join_chars(chars).strip():
            return
        element = add_element(parent, tag, {"class": kind} if kind else {})
        content = MixedContent(element)
        for stem, run in groupby(chars, self._page_of):
            if stem != self._page:
                self._page = stem
                self._add_page_mark(element, stem)
            content.add_text(clean_for_xml("".join(char.text for char in run)))

    def _page_of(self, char: Char) -> str:
        """Return the page that a character stands on; the current one for one without a line."""
        stem, found, _ = char.line.rpartition("#")
        return stem if found and stem in self._survey.numbers else self._page

    def _place_pictures(
        self, whole: ArticleRecord, stems: list[str], name: str
    ) -> Mapping[int, list[tuple[str, Illustration]]]:
        """Return the pictures of an article by the paragraph behind which they stand, from 1.

        At 0 are those that stand by its headlines. `stems` are its pages, `name` is its id.
        """
        found: dict[int, list[tuple[str, Illustration]]] = {}
        for stem in dict.fromkeys(stems):
            for picture in list_illustrations(self._issue.load_page(stem).record):
                region = picture.region
                if region is None or self._names.get((stem, region.article or "")) != name:
                    continue
                lines = {f"{stem}#{line.id}" for line in region.lines}
                place = next(
                    (
                        place
                        for place, paragraph in enumerate(whole.paragraphs, 1)
                        if any(char.line in lines for char in paragraph.chars)
                    ),
                    0,
                )
                found.setdefault(place, []).append((stem, picture))
        return found

    def _add_figure(self, parent: ET.Element, stem: str, picture: Illustration) -> None:
        """Add a picture with its caption; words in its place where it cannot be cut out."""
        figure = add_element(parent, "figure")
        data = self._cuts(stem)[picture.number - 1]
        if data is None:
            add_element(figure, "p", {"class": "missing"}, self._survey.words.missing)
        else:
            place = self._issue.stems.index(stem) + 1
            address = self._keep_picture(f"{place:05d}-{picture.number}.jpg", data)
            add_element(figure, "img", {"src": address, "alt": picture.caption})
        if picture.caption.strip():
            add_element(figure, "figcaption", text=clean_for_xml(picture.caption))

    def _cut_pictures(self, stem: str) -> tuple[bytes | None, ...]:
        """Return the pictures of a page as JPEG; None for each where the scan is not at hand."""
        page = self._issue.load_page(stem)
        try:
            pixels = read_scan_pixels(page)
        except InputError:
            return (None,) * len(page.record.page.pictures)
        return tuple(cut_illustrations(pixels, page.record))

    def _add_asides(self, section: ET.Element, page: PageDocument) -> None:
        """Add text outside of articles: advertisements, tables, captions of no picture."""
        captions = match_captions(page.record)
        for item in page.record.furniture:
            if item.kind in _ASIDES and item.region not in captions and item.text.strip():
                aside = add_element(section, "aside", {"class": item.kind.value})
                add_element(aside, "p", text=clean_for_xml(item.text))


def name_article(name: str) -> str:
    """Return the identifier of an article in a book, by its id in the issue."""
    return make_identifier("article", name)


def name_page(issue: IssueDocument, stem: str) -> str:
    """Return the identifier of a page in a book."""
    return f"page-{issue.stems.index(stem) + 1}"


def title_issue(issue: IssueDocument) -> str:
    """Return what an issue is called: paper and day, else the name of its files."""
    published = issue.publication
    date = published.date.isoformat() if published and published.date else ""
    paper = published.paper if published else ""
    return clean_for_xml(f"{paper} {date}".strip() if paper else issue.name) or "…"


def list_contents(
    issue: IssueDocument, survey: ReadingSurvey, locate: Callable[[str], str]
) -> Iterator[ET.Element]:
    """Yield an entry of the contents for each page, with its articles below it.

    `locate` returns the address of the text of a page by its stem.
    """
    for stem in issue.stems:
        entry = ET.Element("li")
        address = f"{locate(stem)}#{name_page(issue, stem)}"
        add_element(entry, "a", {"href": address}, survey.words.page.format(survey.numbers[stem]))
        inner = ET.Element("ol")
        for name in survey.starts[stem]:
            address = f"{locate(stem)}#{name_article(name)}"
            item = add_element(inner, "li")
            add_element(item, "a", {"href": address}, survey.headlines[name])
        if len(inner):
            entry.append(inner)
        yield entry
