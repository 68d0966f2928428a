"""Describe an issue, its articles and its making for METS: MODS, MIX and PREMIS."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping

from newspage.counting import count_in_words
from newspage.formats.document import PackageProfile
from newspage.formats.mets_profiles import (
    add_issue_part,
    add_resolution,
    describe_pages,
    fill_dimensions,
    name_dimensions,
)
from newspage.formats.mets_summary import FileGroup, IssueSummary, PackedFile, PackedPage, Picture
from newspage.formats.xml_tree import add_element, make_identifier
from newspage.model import ProcessingStep
from newspage.version import __version__

ISSUE_SECTION = "MODSMD_ISSUE1"
SOFTWARE_SECTION = "AMD_SOFTWARE"
_NO_TIME = "unknown"
"""PREMIS asks for a time; records keep none, so that the same issue always gives the same bytes."""
_REVIEW = "correction review"
"""Type of the event that people decided on corrections."""


def name_article(name: str) -> str:
    """Return the identifier of the description of an article, by its id in the issue."""
    return make_identifier("MODSMD_ARTICLE", name)


def name_picture(picture: Picture) -> str:
    """Return the identifier of the description of a picture."""
    return f"MODSMD_PICT_{picture.page:05d}_{picture.identifier}"


def name_administration(page: int) -> str:
    """Return the identifier of the administrative section of a page, by its number from 1."""
    return f"AMD{page:05d}"


def build_descriptions(summary: IssueSummary) -> Iterator[ET.Element]:
    """Yield the descriptions of the issue, of its articles and of pictures with a caption."""
    yield _build_issue_description(summary)
    for name in summary.issue.outline.articles:
        parts = [part for _, part in summary.list_parts(name)]
        kicker, title, deck, _ = parts[0].heads
        byline = next((part.heads[3] for part in parts if part.heads[3]), "")
        section, mods = _make_mods(name_article(name))
        if headline := title or kicker or deck:
            _add_title(mods, headline, deck if title else "")
        if title and kicker:
            _add_title(mods, kicker).set("type", "alternative")
        if byline:
            author = add_element(mods, "mods:name")
            add_element(author, "mods:namePart", text=byline)
            attributes = {"type": "code", "authority": "marcrelator"}
            add_element(add_element(author, "mods:role"), "mods:roleTerm", attributes, "aut")
        add_element(mods, "mods:genre", text="article")
        _add_language(mods, summary)
        yield section
    yield from describe_pages(summary, _make_mods)
    for page in summary.pages:
        for picture in page.pictures:
            if picture.caption:
                section, mods = _make_mods(name_picture(picture))
                _add_title(mods, picture.caption)
                add_element(mods, "mods:genre", text="picture")
                yield section


def _build_issue_description(summary: IssueSummary) -> ET.Element:
    """Return the description of the issue: paper, day, language, extent."""
    section, mods = _make_mods(ISSUE_SECTION)
    _add_title(mods, summary.title)
    add_element(mods, "mods:typeOfResource", text="text")
    add_element(mods, "mods:genre", {"authority": "marcgt"}, "newspaper")
    if summary.date:
        origin = add_element(mods, "mods:originInfo")
        attributes = {"encoding": "w3cdtf", "keyDate": "yes"}
        add_element(origin, "mods:dateIssued", attributes, summary.date)
    _add_language(mods, summary)
    physical = add_element(mods, "mods:physicalDescription")
    kinds = dict.fromkeys(file.media_type for file in summary.files[FileGroup.SCANS])
    for kind in kinds:
        add_element(physical, "mods:internetMediaType", text=kind)
    pages = count_in_words(len(summary.issue.outline.pages), "page")
    add_element(physical, "mods:extent", text=pages)
    add_element(physical, "mods:digitalOrigin", text="reformatted digital")
    add_element(mods, "mods:identifier", {"type": "urn"}, summary.identifier)
    add_issue_part(mods, summary.issue)
    return section


def _make_mods(identifier: str) -> tuple[ET.Element, ET.Element]:
    """Return a section of descriptive metadata, and the record in it that is to be filled."""
    section = ET.Element("mets:dmdSec", {"ID": identifier})
    return section, add_element(_wrap(section, "MODS"), "mods:mods", {"version": "3.7"})


def _wrap(section: ET.Element, kind: str) -> ET.Element:
    """Add what METS puts around metadata of another format, and return its inside."""
    attributes = {"MIMETYPE": "text/xml", "MDTYPE": kind}
    return add_element(add_element(section, "mets:mdWrap", attributes), "mets:xmlData")


def _add_title(mods: ET.Element, title: str, subtitle: str = "") -> ET.Element:
    """Add a title, and a subtitle where there is one."""
    info = add_element(mods, "mods:titleInfo")
    add_element(info, "mods:title", text=title)
    if subtitle:
        add_element(info, "mods:subTitle", text=subtitle)
    return info


def _add_language(mods: ET.Element, summary: IssueSummary) -> None:
    """Add the language, and the script of Chinese."""
    language = add_element(mods, "mods:language")
    code = "chi" if summary.language.is_chinese else "und"
    attributes = {"type": "code", "authority": "iso639-2b"}
    add_element(language, "mods:languageTerm", attributes, code)
    if summary.language.script:
        attributes = {"type": "code", "authority": "iso15924"}
        add_element(language, "mods:scriptTerm", attributes, summary.language.script)


def build_administration(summary: IssueSummary) -> Iterator[ET.Element]:
    """Yield the programs and people that made the issue, then how each page was made."""
    agents = _name_agents(summary)
    section = ET.Element("mets:amdSec", {"ID": SOFTWARE_SECTION})
    for name, identifier in agents.items():
        inside = add_element(section, "mets:digiprovMD", {"ID": identifier})
        agent = add_element(_wrap(inside, "PREMIS:AGENT"), "premis:agent")
        _add_identifier(agent, "agentIdentifier", identifier)
        add_element(agent, "premis:agentName", text=name)
        kind = "software" if identifier.startswith("SOFTWARE") else "person"
        add_element(agent, "premis:agentType", text=kind)
    yield section
    for page in summary.pages:
        yield _build_page_administration(page, agents, summary.issue.profile)


def _name_agents(summary: IssueSummary) -> Mapping[str, str]:
    """Return the identifiers of the programs and people that made the issue, by their names."""
    programs = dict.fromkeys(
        (f"newspage {__version__}", *(_program_of(page) for page in summary.pages))
    )
    people = dict.fromkeys(name for page in summary.pages for name in page.reviewers)
    return {name: f"SOFTWARE_{i}" for i, name in enumerate(programs, 1)} | {
        name: make_identifier("PERSON", name) for name in people
    }


def _program_of(page: PackedPage) -> str:
    """Return the program that read a page, with its version."""
    details = next((step.details for step in page.steps if step.name == "newspage"), {})
    return f"newspage {details.get('version') or __version__}"


def _build_page_administration(
    page: PackedPage, agents: Mapping[str, str], profile: PackageProfile
) -> ET.Element:
    """Return the technical data of the scan of a page, and the steps that it went through."""
    section = ET.Element("mets:amdSec", {"ID": name_administration(page.number)})
    scan = next(file for file in page.files if file.group is FileGroup.SCANS)
    add_resolution(_add_scan(section, page, scan), profile)
    # Pages of one file share it, and the size of the first is that of the file.
    if scan.number == page.number and (name := name_dimensions(scan, profile)):
        inside = add_element(section, "mets:techMD", {"ID": name})
        fill_dimensions(_wrap(inside, "NISOIMG"), page)
    program = agents[_program_of(page)]
    for number, step in enumerate(page.steps, 1):
        _add_event(section, f"EVENT{page.number:05d}_{number}", step, [program])
    if page.reviewers:
        people = [agents[name] for name in page.reviewers]
        review = ProcessingStep(_REVIEW, 0.0)
        _add_event(section, f"EVENT{page.number:05d}_review", review, people)
    return section


def _add_scan(section: ET.Element, page: PackedPage, scan: PackedFile) -> ET.Element:
    """Add the technical data of the scan of a page, and return them (MIX)."""
    inside = add_element(section, "mets:techMD", {"ID": f"TECH{page.number:05d}"})
    mix = add_element(_wrap(inside, "NISOIMG"), "mix:mix")
    basic = add_element(mix, "mix:BasicDigitalObjectInformation")
    identifier = add_element(basic, "mix:ObjectIdentifier")
    add_element(identifier, "mix:objectIdentifierType", text="local")
    add_element(identifier, "mix:objectIdentifierValue", text=scan.identifier)
    add_element(basic, "mix:fileSize", text=str(scan.size))
    add_element(add_element(basic, "mix:FormatDesignation"), "mix:formatName", text=scan.media_type)
    fixity = add_element(basic, "mix:Fixity")
    add_element(fixity, "mix:messageDigestAlgorithm", text="SHA-256")
    add_element(fixity, "mix:messageDigest", text=scan.digest)
    image = add_element(mix, "mix:BasicImageInformation")
    traits = add_element(image, "mix:BasicImageCharacteristics")
    add_element(traits, "mix:imageWidth", text=str(page.scan.width))
    add_element(traits, "mix:imageHeight", text=str(page.scan.height))
    return mix


def _add_event(
    section: ET.Element, identifier: str, step: ProcessingStep, agents: list[str]
) -> None:
    """Add a step that a page went through, with its settings and findings.

    Args:
        section: The administrative section of the page.
        identifier: Of the event.
        step: The step.
        agents: Identifiers of who or what took it.
    """
    inside = add_element(section, "mets:digiprovMD", {"ID": identifier})
    event = add_element(_wrap(inside, "PREMIS:EVENT"), "premis:event")
    _add_identifier(event, "eventIdentifier", identifier)
    add_element(event, "premis:eventType", text=step.name)
    add_element(event, "premis:eventDateTime", text=_NO_TIME)
    details = "; ".join(f"{k}: {v}" for k, v in sorted(step.details.items()))
    if details:
        information = add_element(event, "premis:eventDetailInformation")
        add_element(information, "premis:eventDetail", text=details)
    for agent in agents:
        _add_identifier(event, "linkingAgentIdentifier", agent)


def _add_identifier(parent: ET.Element, kind: str, value: str) -> None:
    """Add an identifier that counts within the package."""
    element = add_element(parent, f"premis:{kind}")
    add_element(element, f"premis:{kind}Type", text="local")
    add_element(element, f"premis:{kind}Value", text=value)
