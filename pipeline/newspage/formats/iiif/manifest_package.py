"""Pack an issue for IIIF: pictures as tiles, text as annotations, ALTO, and `manifest.json`.

manifest.json         canvases (pages) and ranges (articles)
images/00001/         a page by the Image API 3, level 0: info.json and its files
lines/00001.json      its lines as annotations
alto/00001.alto.xml   the same as the format alto
text/00001.md         the same as the format md
articles/00001.json   an article of the issue as annotations by paragraph
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from newspage.formats.alto import render_alto
from newspage.formats.document import IssueDocument, PackageFile, PageDocument
from newspage.formats.iiif.addresses import MANIFEST, PackageAddress, join_address
from newspage.formats.iiif.image_pyramid import ImageSizes, name_image, pack_image
from newspage.formats.iiif.presentation import (
    ArticleRange,
    IssueFigures,
    describe_canvas,
    describe_issue,
    label_article,
    list_places,
)
from newspage.formats.iiif.text_annotations import (
    Json,
    PageCanvas,
    annotate_article,
    annotate_lines,
)
from newspage.formats.json_text import encode_json, replace_surrogates
from newspage.formats.plain_text import render_markdown
from newspage.formats.scan_picture import load_scan_picture
from newspage.formats.text_language import LanguageCount
from newspage.model import join_chars

_PAGES_KEPT = 4
"""Pages whose places of lines are in memory at once, for articles that go on over several."""


def pack_iiif(issue: IssueDocument) -> Iterator[PackageFile]:
    """Yield the files of the package of an issue, `manifest.json` last.

    Raises InputError where a scan is not there, or is not the one that was read.
    """
    packer = IiifPacker(issue)
    for page in issue.load_pages():
        yield from packer.pack_picture(page)
        yield from packer.pack_text(page)
    yield PackageFile(MANIFEST, (encode_json(packer.describe_manifest()),))


class IiifPacker:
    """Packer of the pages of an issue, which keeps what the manifest needs to know of them."""

    def __init__(self, issue: IssueDocument) -> None:
        self._issue = issue
        place = issue.place or issue.folder.name
        self._address = PackageAddress(join_address(issue.publishing.base_url, place))
        self._numbers = {stem: i for i, stem in enumerate(issue.stems, 1)}
        self._canvases: list[Json] = []
        self._ranges: dict[str, ArticleRange] = {}
        self._figures = IssueFigures(LanguageCount())
        self._find_canvas = lru_cache(maxsize=_PAGES_KEPT)(self._make_canvas)

    def pack_picture(self, page: PageDocument) -> Iterator[PackageFile]:
        """Yield the files of a page's picture."""
        number = self._numbers[page.name]
        address = self._address.locate_file(name_image(number))
        yield from pack_image(number, load_scan_picture(page), address)

    def pack_text(self, page: PageDocument) -> Iterator[PackageFile]:
        """Yield the files of a page's text, and note the page and the articles that begin on it."""
        number, record = self._numbers[page.name], page.record
        numbers = self._issue.list_numbers(page.name)
        self._canvases.append(describe_canvas(page, number, numbers, self._address))
        self._figures.add_page(record)
        lines = annotate_lines(
            record, self._find_canvas(page.name), self._address.name_lines(number)
        )
        yield PackageFile(f"lines/{number:05d}.json", (encode_json(lines),))
        yield PackageFile(f"alto/{number:05d}.alto.xml", (self._render_alto(page, number),))
        markdown = replace_surrogates(render_markdown(record)).encode()
        yield PackageFile(f"text/{number:05d}.md", (markdown,))
        for i, (name, parts) in enumerate(self._issue.outline.articles.items(), 1):
            if parts[0].stem == page.name:
                yield from self._pack_article(name, i)

    def describe_manifest(self) -> Json:
        """Return the manifest, after all pages were packed."""
        names = self._issue.outline.articles
        ranges = [self._ranges[name] for name in names]
        return describe_issue(self._issue, self._address, self._canvases, ranges, self._figures)

    def _pack_article(self, name: str, number: int) -> Iterator[PackageFile]:
        """Yield the files of an article's text, and note where it is."""
        parts = self._issue.outline.articles[name]
        article = self._issue.join_article(name)
        canvases: Mapping[str, PageCanvas] = {p.stem: self._find_canvas(p.stem) for p in parts}
        files = dict(annotate_article(article, canvases, self._address, number))
        for path, contents in files.items():
            yield PackageFile(path, (encode_json(contents),))
        language = LanguageCount()
        language.add_text("".join(p.text for p in article.paragraphs) + join_chars(article.title))
        self._ranges[name] = ArticleRange(
            label_article(article),
            language.tag,
            join_chars(article.byline),
            tuple(
                place
                for part in parts
                for place in list_places(
                    self._issue.load_page(part.stem).record, part.article, canvases[part.stem]
                )
            ),
            self._address.locate_file(next(iter(files))),
        )

    def _make_canvas(self, stem: str) -> PageCanvas:
        """Return the canvas of a page by its stem."""
        address = self._address.name_canvas(self._numbers[stem])
        return PageCanvas.of_record(self._issue.load_page(stem).record, address)

    def _render_alto(self, page: PageDocument, number: int) -> bytes:
        """Return a page as ALTO that finds its picture from where it lies in the package."""
        layout = page.record.page
        sizes = ImageSizes(layout.scan.width, layout.scan.height)
        whole = sizes.locate_whole((sizes.width, sizes.height))
        path = Path("..") / name_image(number) / whole
        moved = replace(layout, scan=replace(layout.scan, path=path))
        return render_alto(replace(page, record=replace(page.record, page=moved)))
