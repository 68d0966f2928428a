"""Render an issue as one HTML file for readers, its pictures in it.

It is XHTML, which both kinds of parsers read alike: no element is empty but those that always are.
"""

import base64
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from newspage.formats.document import IssueDocument
from newspage.formats.reading_survey import ReadingSurvey, survey_issue
from newspage.formats.reading_text import (
    STYLE,
    VERTICAL_STYLE,
    ReadingText,
    list_contents,
    title_issue,
)
from newspage.formats.xml_tree import add_element, format_fragment
from newspage.version import __version__

_HTML = "http://www.w3.org/1999/xhtml"


def render_html(issue: IssueDocument) -> Iterator[bytes]:
    """Yield an issue as one HTML file, page by page.

    Raises InputError where a record cannot be read.
    """
    survey = survey_issue(issue)
    tag, title = survey.language.tag, title_issue(issue)
    yield f'<!DOCTYPE html>\n<html xmlns="{_HTML}" lang="{tag}" xml:lang="{tag}">\n'.encode()
    yield format_fragment(_build_head(survey, title))
    yield b"<body>\n"
    heading = ET.Element("h1")
    heading.text = title
    yield format_fragment(heading)
    yield format_fragment(_build_contents(issue, survey))
    text = ReadingText(issue, survey, _embed_picture)
    for stem in issue.stems:
        yield format_fragment(text.build_section(stem))
    yield b"</body>\n</html>\n"


def _build_head(survey: ReadingSurvey, title: str) -> ET.Element:
    """Return the head of the file: encoding, title, style."""
    head = ET.Element("head")
    add_element(head, "meta", {"charset": "utf-8"})
    viewport = "width=device-width, initial-scale=1"
    add_element(head, "meta", {"name": "viewport", "content": viewport})
    add_element(head, "meta", {"name": "generator", "content": f"newspage {__version__}"})
    add_element(head, "title", text=title)
    add_element(head, "style", text=STYLE + (VERTICAL_STYLE if survey.vertical else ""))
    return head


def _build_contents(issue: IssueDocument, survey: ReadingSurvey) -> ET.Element:
    """Return the table of contents."""
    nav = ET.Element("nav")
    add_element(nav, "h2", text=survey.words.contents)
    entries = add_element(nav, "ol")
    entries.extend(list_contents(issue, survey, lambda stem: ""))
    return nav


def _embed_picture(name: str, data: bytes) -> str:
    """Return the address of a picture that holds it."""
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
