"""Render the description of a package: METS with its files, its pages, its articles."""

import re
import urllib.parse
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence

from newspage.formats.document import PackageProfile
from newspage.formats.mets_metadata import (
    ISSUE_SECTION,
    SOFTWARE_SECTION,
    build_administration,
    build_descriptions,
    name_administration,
    name_article,
    name_picture,
)
from newspage.formats.mets_profiles import (
    build_ndnp_structure,
    name_dimensions,
    name_division,
    name_file_use,
    name_group,
)
from newspage.formats.mets_summary import (
    Block,
    FileGroup,
    IssueSummary,
    PackedFile,
    PackedPage,
    PageArticle,
    Picture,
)
from newspage.formats.xml_tree import add_element, clean_for_xml, format_fragment, make_identifier
from newspage.model import HEADLINE_KINDS, RegionKind
from newspage.version import __version__

_ROOT = """<?xml version="1.0" encoding="UTF-8"?>
<mets:mets xmlns:mets="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:mods="http://www.loc.gov/mods/v3" xmlns:mix="http://www.loc.gov/mix/v20" \
xmlns:premis="http://www.loc.gov/premis/v3" \
xsi:schemaLocation="http://www.loc.gov/METS/ http://www.loc.gov/standards/mets/version1121/mets.xsd"\
"""
_NO_ADDRESS = re.compile(r"[%\[\]]")
"""Characters of a path that an address holds in other places only."""
_ISSUE = "LOG_ISSUE"
_WHOLE = "PHYS_ISSUE"
_ROLES = {
    **dict.fromkeys(HEADLINE_KINDS, "heading"),
    RegionKind.BYLINE: "byline",
    RegionKind.BODY: "text",
}
"""Types of divisions inside an article; that of all other kinds is their own name."""


def render_mets(summary: IssueSummary) -> Iterator[bytes]:
    """Yield `mets.xml` of an issue, all pages of which were packed, piece by piece."""
    label = clean_for_xml(", ".join(filter(None, (summary.title, summary.date))))
    root = ET.Element("mets", {"OBJID": summary.identifier, "LABEL": label, "TYPE": "Newspaper"})
    attributes = ET.tostring(root, encoding="unicode").removeprefix("<mets").removesuffix(" />")
    yield f"{_ROOT}{attributes}>\n".encode()
    for element in _list_sections(summary):
        yield format_fragment(element, indented=True)
    yield b"</mets:mets>\n"


def _list_sections(summary: IssueSummary) -> Iterator[ET.Element]:
    """Yield the sections of the document in the order that METS asks for."""
    header = ET.Element("mets:metsHdr")
    agent = {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"}
    add_element(
        add_element(header, "mets:agent", agent), "mets:name", text=f"newspage {__version__}"
    )
    yield header
    yield from build_descriptions(summary)
    yield from build_administration(summary)
    yield _build_file_section(summary)
    yield _build_physical_structure(summary)
    yield _LogicalBuilder(summary).build()
    yield from build_ndnp_structure(summary, ISSUE_SECTION)
    yield _build_links(summary)


def _build_file_section(summary: IssueSummary) -> ET.Element:
    """Return the files of the package, group by group."""
    section = ET.Element("mets:fileSec")
    profile = summary.issue.profile
    for group, files in summary.files.items():
        if files:
            parent = add_element(section, "mets:fileGrp", {"USE": name_group(group, profile)})
            for file in files:
                _add_file(parent, file, profile)
    return section


def _add_file(parent: ET.Element, file: PackedFile, profile: PackageProfile) -> None:
    """Add a file with its type, size and checksum, and with its role where the profile has one."""
    attributes = {
        "ID": file.identifier,
        **({"SEQ": str(file.number)} if file.number else {}),
        "MIMETYPE": file.media_type,
        "SIZE": str(file.size),
        "CHECKSUM": file.digest,
        "CHECKSUMTYPE": "SHA-256",
    }
    if file.group in (FileGroup.SCANS, FileGroup.ALTO):
        names = (name_administration(file.number), name_dimensions(file, profile))
        attributes["ADMID"] = " ".join(filter(None, names))
    if use := name_file_use(file, profile):
        attributes["USE"] = use
    if file.original:
        attributes["OWNERID"] = file.original
    element = add_element(parent, "mets:file", attributes)
    add_element(element, "mets:FLocat", _locate_file(file.name))


def _locate_file(path: str) -> dict[str, str]:
    """Return the attributes that say where a file is, by its path from the package.

    They give the path itself, since OCR-D and the loaders of NDNP look for files so; but its
    address where it holds characters that no address may (`100%.png`), which METS does not allow.
    """
    if _NO_ADDRESS.search(path):
        return {"LOCTYPE": "URL", "xlink:href": urllib.parse.quote(path)}
    return {"LOCTYPE": "OTHER", "OTHERLOCTYPE": "FILE", "xlink:href": path}


def _build_physical_structure(summary: IssueSummary) -> ET.Element:
    """Return the issue with its files, and its pages with theirs."""
    structure = ET.Element("mets:structMap", {"TYPE": "PHYSICAL"})
    attributes = {"ID": _WHOLE, "TYPE": "physSequence", "DMDID": ISSUE_SECTION}
    whole = add_element(structure, "mets:div", attributes)
    for file in summary.whole:
        add_element(whole, "mets:fptr", {"FILEID": file.identifier})
    for page in summary.pages:
        numbers = " ".join(filter(None, summary.issue.list_numbers(page.stem)))
        attributes = {"ID": page.identifier, "TYPE": "page", "ORDER": str(page.number)}
        if numbers:
            attributes["ORDERLABEL"] = numbers
        division = add_element(whole, "mets:div", attributes)
        for file in page.files:
            _add_file_pointer(division, file, page)
    return structure


def _add_file_pointer(division: ET.Element, file: PackedFile, page: PackedPage) -> None:
    """Add a pointer to a file; to the page in it where the file has several."""
    pointer = add_element(division, "mets:fptr")
    if file.several:
        place = {"FILEID": file.identifier, "BEGIN": f"page={page.scan.frame + 1}"}
        add_element(pointer, "mets:area", place)
    else:
        pointer.set("FILEID", file.identifier)


class _LogicalBuilder:
    """Builder of the logical structure: articles whole, pictures, advertisements and the rest."""

    def __init__(self, summary: IssueSummary) -> None:
        self._summary = summary
        self._starts = summary.list_starts()
        self._count = 0

    def build(self) -> ET.Element:
        """Return the structure of the issue."""
        structure = ET.Element("mets:structMap", {"TYPE": "LOGICAL"})
        label = ", ".join(filter(None, (self._summary.title, self._summary.date)))
        attributes = {"ID": _ISSUE, "TYPE": "issue", "DMDID": ISSUE_SECTION}
        attributes |= {"ADMID": SOFTWARE_SECTION, "LABEL": label}
        issue = add_element(structure, "mets:div", attributes)
        for page in self._summary.pages:
            self._add_page(issue, page)
        for order, division in enumerate(issue, 1):
            division.set("ORDER", str(order))
        return structure

    def _add_page(self, issue: ET.Element, page: PackedPage) -> None:
        """Add what begins on a page: articles, blocks of none, pictures."""
        for item in page.order:
            if isinstance(item, Block):
                self._add_areas(self._add_division(issue, item.kind.value), [item])
            elif (page.stem, item) in self._starts:
                self._add_article(issue, self._starts[page.stem, item])
        for picture in page.pictures:
            self._add_picture(issue, picture)

    def _add_article(self, issue: ET.Element, name: str) -> None:
        """Add an article with a division for each role that its blocks have, over all pages."""
        parts = [part for _, part in self._summary.list_parts(name)]
        attributes = {"ID": make_identifier("LOG_ARTICLE", name), "TYPE": "article"}
        if label := label_article(parts):
            attributes["LABEL"] = label
        attributes["DMDID"] = name_article(name)
        division = add_element(issue, "mets:div", attributes)
        roles: dict[str, list[Block]] = {}
        for part in parts:
            for block in part.blocks:
                roles.setdefault(_ROLES.get(block.kind, block.kind.value), []).append(block)
        for order, (role, blocks) in enumerate(roles.items(), 1):
            inner = self._add_division(division, role)
            inner.set("ORDER", str(order))
            self._add_areas(inner, blocks)

    def _add_picture(self, issue: ET.Element, picture: Picture) -> None:
        """Add a picture with its captions."""
        division = self._add_division(issue, "illustration")
        if picture.caption:
            division.set("DMDID", name_picture(picture))
        image = add_element(self._add_division(division, "image"), "mets:fptr")
        _add_area(image, picture.page, picture.identifier)
        if picture.captions:
            self._add_areas(self._add_division(division, "caption"), picture.captions)

    def _add_division(self, parent: ET.Element, kind: str) -> ET.Element:
        """Add a division of a type, with an identifier."""
        self._count += 1
        kind = name_division(kind, self._summary.issue.profile)
        attributes = {"ID": f"LOG_{self._count:05d}", "TYPE": kind}
        return add_element(parent, "mets:div", attributes)

    def _add_areas(self, division: ET.Element, blocks: Sequence[Block]) -> None:
        """Add the blocks of a division; several are a sequence, in reading order."""
        parent = add_element(division, "mets:fptr")
        if len(blocks) > 1:
            parent = add_element(parent, "mets:seq")
        for block in blocks:
            _add_area(parent, block.page, block.identifier)


def label_article(parts: Iterable[PageArticle]) -> str:
    """Return the headline of an article; its kicker or deck where it has none, or nothing."""
    kicker, title, deck, _ = next(iter(parts)).heads
    return title or kicker or deck


def _add_area(parent: ET.Element, page: int, block: str) -> None:
    """Add a block of a page's ALTO file."""
    file = f"{FileGroup.ALTO.prefix}{page:05d}"
    add_element(parent, "mets:area", {"FILEID": file, "BETYPE": "IDREF", "BEGIN": block})


def _build_links(summary: IssueSummary) -> ET.Element:
    """Return the links from the issue and its articles to their pages."""
    links = ET.Element("mets:structLink")
    pairs = [(_ISSUE, _WHOLE), *((_ISSUE, page.identifier) for page in summary.pages)]
    for name in summary.issue.outline.articles:
        pages = dict.fromkeys(page.identifier for page, _ in summary.list_parts(name))
        pairs += [(make_identifier("LOG_ARTICLE", name), page) for page in pages]
    for start, end in pairs:
        add_element(links, "mets:smLink", {"xlink:from": start, "xlink:to": end})
    return links
