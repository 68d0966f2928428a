"""Describe an issue by the IIIF Presentation API 3: canvases, ranges, and the manifest of all."""

from collections.abc import Sequence
from dataclasses import dataclass

from newspage.config import IiifConfig
from newspage.decision import PRECEDENT
from newspage.edits import STANDING
from newspage.formats.document import IssueDocument, PageDocument
from newspage.formats.iiif.addresses import PackageAddress, join_address
from newspage.formats.iiif.image_pyramid import ImageSizes, name_image
from newspage.formats.iiif.text_annotations import CONTEXT, Json, PageCanvas
from newspage.formats.page_structure import group_regions
from newspage.formats.text_language import LanguageCount
from newspage.model import ArticleRecord, Direction, PageRecord, Publication, join_chars
from newspage.version import __version__

_LABEL_LENGTH = 20
"""Characters of its text by which an article without headline is called. Judgement."""
_JPEG = "image/jpeg"
PAPER_LABEL = {"en": ["Newspaper"], "zh": ["报纸"]}
"""What the name of the paper is called among the metadata."""


@dataclass(frozen=True, slots=True)
class ArticleRange:
    """An article as viewers list it: what it is called, and its places on the pages."""

    label: str
    language: str
    byline: str
    places: tuple[str, ...]
    """Parts of canvases, in reading order."""
    text_address: str
    """That of the annotations that hold its text."""


@dataclass(slots=True)
class IssueFigures:
    """What is counted over the pages of an issue for its description."""

    language: LanguageCount
    vertical: int = 0
    """Characters in columns."""
    horizontal: int = 0
    decided: int = 0
    """Corrections in the text that people made or agreed to."""

    def add_page(self, record: PageRecord) -> None:
        """Count a page."""
        for region in record.page.regions:
            for line in region.lines:
                if line.direction is Direction.VERTICAL:
                    self.vertical += len(line.glyphs)
                else:
                    self.horizontal += len(line.glyphs)
        for article in record.articles:
            for paragraph in article.paragraphs:
                self.language.add_text(paragraph.text)
        by = (c.decided_by for c in record.corrections if c.status in STANDING)
        self.decided += sum(bool(name) and name != PRECEDENT for name in by)


def describe_canvas(
    page: PageDocument, number: int, numbers: Sequence[str], address: PackageAddress
) -> Json:
    """Return the canvas of a page: its picture, and where its text is.

    Args:
        page: The page.
        number: Its number in the package, from 1.
        numbers: The numbers of the printed pages on it, as far as they are known.
        address: That of the package.
    """
    scan = page.record.page.scan
    identifier = address.name_canvas(number)
    size = {"width": scan.width, "height": scan.height}
    painting = {
        "id": f"{identifier}/painting",
        "type": "Annotation",
        "motivation": "painting",
        "body": _describe_picture(scan.width, scan.height, number, address),
        "target": identifier,
    }
    return {
        "id": identifier,
        "type": "Canvas",
        "label": _label_page(page.name, [n for n in numbers if n]),
        **size,
        "thumbnail": [describe_thumbnail(scan.width, scan.height, number, address)],
        "seeAlso": [
            {
                "id": address.locate_file(f"alto/{number:05d}.alto.xml"),
                "type": "Dataset",
                "format": "application/xml+alto",
                "profile": "http://www.loc.gov/standards/alto/ns-v4#",
                "label": {"en": ["ALTO 4.4"]},
            }
        ],
        "rendering": [
            {
                "id": address.locate_file(f"text/{number:05d}.md"),
                "type": "Text",
                "format": "text/markdown",
                "label": {"en": ["Text as Markdown"], "zh": ["文本（Markdown）"]},
            }
        ],
        "items": [{"id": f"{identifier}/page", "type": "AnnotationPage", "items": [painting]}],
        "annotations": [{"id": address.name_lines(number), "type": "AnnotationPage"}],
    }


def describe_thumbnail(width: int, height: int, number: int, address: PackageAddress) -> Json:
    """Return a small picture of a page, by the size of its scan and its number in the package.

    No image service is named: viewers would ask it for sizes that a service of mere files lacks.
    """
    sizes = ImageSizes(width, height)
    small = sizes.list_whole()[0]
    folder = address.locate_file(name_image(number))
    return {
        "id": f"{folder}/{sizes.locate_whole(small)}",
        "type": "Image",
        "format": _JPEG,
        "width": small[0],
        "height": small[1],
    }


def list_places(record: PageRecord, article: str, canvas: PageCanvas) -> list[str]:
    """Return the parts of a canvas that an article has there, in reading order.

    They are its regions; all of the canvas where it has none.
    """
    boxes = [
        region.box
        for group in group_regions(record)
        if group.article is not None and group.article.id == article
        for region in group.regions
    ]
    return [canvas.locate_box(box) for box in boxes] or [canvas.address]


def label_article(article: ArticleRecord) -> str:
    """Return the headline of an article, else what stands above, below or first in it."""
    kicker, title, deck, byline = (join_chars(head) for head in article.heads)
    text = "".join(paragraph.text for paragraph in article.paragraphs)
    start = text[:_LABEL_LENGTH] + "…" if len(text) > _LABEL_LENGTH else text
    return title or kicker or deck or start or byline or article.id


def describe_issue(
    issue: IssueDocument,
    address: PackageAddress,
    canvases: Sequence[Json],
    ranges: Sequence[ArticleRange],
    figures: IssueFigures,
) -> Json:
    """Return the manifest of an issue.

    Args:
        issue: The issue.
        address: That of its package.
        canvases: Its pages.
        ranges: Its articles.
        figures: What was counted over its pages.
    """
    published, settings = issue.publication or Publication(""), issue.publishing
    manifest: Json = {
        "@context": CONTEXT,
        "id": address.manifest,
        "type": "Manifest",
        "label": {"none": [_label_issue(issue)]},
        "metadata": _list_metadata(published, figures),
        "requiredStatement": _describe_attribution(settings, figures),
    }
    if settings.rights:
        manifest["rights"] = settings.rights
    if published.date:
        manifest["navDate"] = f"{published.date.isoformat()}T00:00:00Z"
    if figures.vertical > figures.horizontal:
        # Papers in columns are read, and their pages turned, from right to left.
        manifest["viewingDirection"] = "right-to-left"
    if canvases:
        manifest["thumbnail"] = canvases[0]["thumbnail"]
    if published.paper:
        collection = join_address(settings.base_url, name_collection(published.paper))
        manifest["partOf"] = [{"id": collection, "type": "Collection"}]
    manifest |= _list_beside(issue)
    manifest["items"] = list(canvases)
    if ranges:
        manifest["structures"] = [_describe_ranges(ranges, address)]
    return manifest


def name_collection(paper: str) -> str:
    """Return the name of the file that lists the issues of a paper."""
    plain = "".join("-" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in paper)
    return f"{plain}.collection.json"


def _describe_picture(width: int, height: int, number: int, address: PackageAddress) -> Json:
    """Return the picture of a page, whole, with the service that has its tiles."""
    sizes = ImageSizes(width, height)
    folder = address.locate_file(name_image(number))
    return {
        "id": f"{folder}/{sizes.locate_whole((width, height))}",
        "type": "Image",
        "format": _JPEG,
        "width": width,
        "height": height,
        "service": [_describe_service(folder)],
    }


def _describe_service(folder: str) -> Json:
    """Return the service that serves a picture, by the address of its folder."""
    return {"id": folder, "type": "ImageService3", "profile": "level0"}


def _label_page(name: str, numbers: Sequence[str]) -> Json:
    """Return what a page is called: by its number where it has one, else by its file."""
    if not numbers:
        return {"none": [name.rpartition("/")[2]]}
    number = "–".join(numbers)
    return {"en": [f"Page {number}"], "zh": [f"第{number}版"]}


def _label_issue(issue: IssueDocument) -> str:
    """Return what an issue is called: paper and day, else by its file."""
    published = issue.publication or Publication("")
    day = published.date.isoformat() if published.date else ""
    return " ".join(filter(None, (published.paper, day))) or issue.name


def _list_metadata(published: Publication, figures: IssueFigures) -> list[Json]:
    """Return what viewers show of an issue."""
    language = figures.language.tag if figures.language.is_chinese else ""
    facts = (
        (PAPER_LABEL, published.paper),
        ({"en": ["Date"], "zh": ["日期"]}, published.date.isoformat() if published.date else ""),
        ({"en": ["Language"], "zh": ["语言"]}, language),
    )
    found = [{"label": label, "value": {"none": [value]}} for label, value in facts if value]
    return [*found, {"label": {"en": ["Text"], "zh": ["文字"]}, "value": _state_origin(figures)}]


def _describe_attribution(settings: IiifConfig, figures: IssueFigures) -> Json:
    """Return what viewers have to show: whom to name, else that the text was read by machine."""
    value = {"none": [settings.attribution]} if settings.attribution else _state_origin(figures)
    return {"label": {"en": ["Attribution"], "zh": ["来源"]}, "value": value}


def _state_origin(figures: IssueFigures) -> dict[str, list[str]]:
    """Return how the text came about, in English and Chinese."""
    english = f"Read by machine (newspage {__version__})"
    chinese = f"由机器识读（newspage {__version__}）"
    if figures.decided:
        english += f"; places decided by people: {figures.decided:,}"
        chinese += f"；经人工判定 {figures.decided:,} 处"
    return {"en": [english], "zh": [chinese]}


def _list_beside(issue: IssueDocument) -> dict[str, list[Json]]:
    """Return the links to the same issue in other formats: PDF to be opened, others to be read."""
    found: dict[str, list[Json]] = {}
    for file in issue.beside:
        opened = file.media_type == "application/pdf"
        link: Json = {
            "id": join_address(issue.publishing.base_url, file.place),
            "type": "Text" if opened else "Dataset",
            "format": file.media_type,
            "label": {"en": [file.description]},
        }
        found.setdefault("rendering" if opened else "seeAlso", []).append(link)
    return found


def _describe_ranges(ranges: Sequence[ArticleRange], address: PackageAddress) -> Json:
    """Return the table of contents: a range for each article."""
    items = [_describe_range(one, address.name_range(i)) for i, one in enumerate(ranges, 1)]
    return {
        "id": address.name_range(0),
        "type": "Range",
        "label": {"en": ["Articles"], "zh": ["文章"]},
        "items": items,
    }


def _describe_range(article: ArticleRange, identifier: str) -> Json:
    """Return the range of an article. Viewers know parts of canvases by their identifiers only."""
    language = "none" if article.language == "und" else article.language
    found: Json = {
        "id": identifier,
        "type": "Range",
        "label": {language: [article.label]},
        "supplementary": {"id": article.text_address, "type": "AnnotationCollection"},
        "items": [{"id": place, "type": "Canvas"} for place in article.places],
    }
    if article.byline:
        label = {"en": ["Author"], "zh": ["作者"]}
        found["metadata"] = [{"label": label, "value": {language: [article.byline]}}]
    return found
