"""Build the header of the TEI document of an issue: what it is of, and how it was made."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from newspage.counting import count_in_words
from newspage.decision import PRECEDENT
from newspage.formats.document import IssueDocument
from newspage.formats.tei_facsimile import RENDITIONS
from newspage.formats.text_language import LanguageCount
from newspage.formats.xml_tree import add_element, make_identifier
from newspage.model import PageRecord
from newspage.version import __version__

MACHINE = "newspage"
"""Identifier of the machine among those who are responsible."""


@dataclass(slots=True)
class IssueFacts:
    """Facts for the header that are known when all pages were read."""

    reviewers: dict[str, str] = field(default_factory=dict)
    """Identifier of each person who decided on a correction in the text, by name."""
    readers: dict[str, None] = field(default_factory=dict)
    """The programs that read the pages, each once."""
    steps: dict[str, None] = field(default_factory=dict)
    """Names of the steps that pages went through, in order."""
    language: LanguageCount = field(default_factory=LanguageCount)
    """Of all the text."""

    def note_page(self, record: PageRecord) -> None:
        """Note the programs and steps that made a record."""
        for step in record.steps:
            self.steps[step.name] = None
            if step.name == "newspage":
                made = ", ".join(f"{k} {v}" for k, v in sorted(step.details.items()) if v)
                self.readers[made] = None

    def name_reviewer(self, name: str) -> str:
        """Return the identifier of a person who decided."""
        return self.reviewers.setdefault(name, make_identifier("reviewer", name))


def build_header(issue: IssueDocument, facts: IssueFacts) -> ET.Element:
    """Return the header of an issue."""
    header = ET.Element("teiHeader")
    _add_file_description(header, issue, facts)
    _add_encoding_description(header, facts)
    usage = add_element(add_element(header, "profileDesc"), "langUsage")
    names = {"zh": "Chinese", "zh-Hans": "Chinese, simplified", "zh-Hant": "Chinese, traditional"}
    said = names.get(facts.language.tag, "not determined")
    add_element(usage, "language", {"ident": facts.language.tag}, said)
    return header


def _add_file_description(header: ET.Element, issue: IssueDocument, facts: IssueFacts) -> None:
    """Add title, those responsible, extent, publication and source."""
    published = issue.publication
    paper = (published.paper if published else "") or issue.name
    date = published.date.isoformat() if published and published.date else ""
    description = add_element(header, "fileDesc")
    titles = add_element(description, "titleStmt")
    add_element(titles, "title", {"type": "main"}, paper)
    if date:
        add_element(titles, "title", {"type": "sub"}, f"Issue of {date}")
    made = f"newspage {__version__}"
    _add_responsible(titles, MACHINE, "Layout, recognition, joining, automatic correction", made)
    for name, identifier in sorted(facts.reviewers.items()):
        if name == PRECEDENT:
            task = "Decisions like those that people made on alike corrections before"
            _add_responsible(titles, identifier, task, made)
        else:
            _add_responsible(titles, identifier, "Decisions on corrections", name)
    pages = count_in_words(len(issue.outline.pages), "page")
    add_element(add_element(description, "extent"), "measure", {"type": "pages"}, pages)
    add_element(
        add_element(description, "publicationStmt"),
        "p",
        text=f"Written by {made} from scans. Not published by it: publisher and licence are to be "
        "stated by whoever publishes this file.",
    )
    source = add_element(add_element(description, "sourceDesc"), "bibl", {"type": "newspaper"})
    add_element(source, "title", {"level": "j"}, paper)
    if date:
        add_element(source, "date", {"when": date}, date)
    numbers = ", ".join(number for _, number in issue.outline.pages if number)
    if numbers:
        add_element(source, "biblScope", {"unit": "page"}, numbers)


def _add_responsible(titles: ET.Element, identifier: str, task: str, name: str) -> None:
    """Add somebody, or the machine, with what they did."""
    statement = add_element(titles, "respStmt", {"xml:id": identifier})
    add_element(statement, "resp", text=task)
    add_element(statement, "name", text=name)


def _add_encoding_description(header: ET.Element, facts: IssueFacts) -> None:
    """Add how the document was made and what its markup means."""
    encoding = add_element(header, "encodingDesc")
    project = add_element(encoding, "projectDesc")
    add_element(
        project,
        "p",
        text="The pages were read from their scans by machine. The markup follows the DTA base "
        "format for newspapers where that has an element.",
    )
    version = re.match(r"\d+(\.\d+){0,2}", __version__)
    attributes = {"ident": "newspage", "version": version[0] if version else "0"}
    application = add_element(add_element(encoding, "appInfo"), "application", attributes)
    add_element(application, "label", text=f"newspage {__version__}")
    if facts.readers:
        add_element(application, "p", text=f"Pages were read by: {'; '.join(facts.readers)}.")
    if facts.steps:
        add_element(application, "p", text=f"Steps: {', '.join(facts.steps)}.")
    _add_editorial_declaration(encoding)
    tags = add_element(encoding, "tagsDecl")
    for name, style in RENDITIONS.values():
        add_element(tags, "rendition", {"xml:id": name, "scheme": "css"}, style)


def _add_editorial_declaration(encoding: ET.Element) -> None:
    """Add what was corrected, and how text and breaks are to be taken."""
    editorial = add_element(encoding, "editorialDecl")
    correction = add_element(editorial, "correction", {"method": "markup"})
    add_element(
        correction,
        "p",
        text="Corrections of the machine and of people are marked as choice: sic is what was read, "
        "corr what stands in the text; resp says whose they are, cert how sure. Proposals that "
        "nobody decided on are not in the text.",
    )
    hyphenation = add_element(editorial, "hyphenation", {"eol": "none"})
    add_element(
        hyphenation,
        "p",
        text="Hyphens that only break a word at the end of a line are not in the text (choice of "
        "orig and reg). A break at which a word or a Chinese sentence goes on has break='no'.",
    )
    segmentation = add_element(editorial, "segmentation")
    add_element(
        segmentation,
        "p",
        text="An article that goes on over several pages is one division; a pb of the type 'jump' "
        "stands where it leaves its page, and where the text comes back.",
    )
