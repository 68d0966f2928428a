"""Give METS the names and structures that certain programs look for.

What they look for was read in their code: `core/batch_loader.py` of chronam (Library of Congress)
and Open ONI for NDNP, `text_importer/importers/` of impresso-text-acquisition for impresso.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

from newspage.formats.document import IssueDocument, PackageProfile
from newspage.formats.mets_summary import FileGroup, IssueSummary, PackedFile, PackedPage
from newspage.formats.ndnp_batch import name_ndnp_issue
from newspage.formats.xml_tree import add_element

_MANIFEST = "mets.xml"
_IMPRESSO_SCANS = "images"
"""Group of the scans: its importer takes the size of the pages from there."""
_IMPRESSO_FOLDER = "tif"
"""Folder of the scans: its importer asks for pictures of that type there."""
_TENTHS_PER_INCH = "254"
"""Tenths of a millimetre in an inch."""
_PRESENT = "Present"
"""What NDNP calls an issue or a page that was there to be scanned."""


def name_group(group: FileGroup, profile: PackageProfile) -> str:
    """Return what a group of files is called (`USE`)."""
    if profile is PackageProfile.IMPRESSO and group is FileGroup.SCANS:
        return _IMPRESSO_SCANS
    return group.value


def name_packed_file(group: FileGroup, number: int, suffix: str, profile: PackageProfile) -> str:
    """Return the path of a file of a page in a package.

    In NDNP all files of an issue lie in its folder, under the place of their page of four digits.

    Args:
        group: What it is.
        number: Place of the page in the issue, from 1.
        suffix: Suffix of the file; the first one of two, as of ALTO, falls away in NDNP.
        profile: The names that are wanted.
    """
    if profile is PackageProfile.NDNP:
        return f"{number:04d}{suffix[suffix.rfind('.') :] if suffix else ''}"
    impresso = profile is PackageProfile.IMPRESSO and group is FileGroup.SCANS
    return f"{_IMPRESSO_FOLDER if impresso else group.folder}/{number:05d}{suffix}"


def list_made_groups(profile: PackageProfile) -> tuple[FileGroup, ...]:
    """Return the groups of files that are made of a page; NDNP knows no text and no thumbnails."""
    every = (FileGroup.ALTO, FileGroup.TEXT, FileGroup.THUMBNAILS, FileGroup.PDF)
    return (FileGroup.ALTO, FileGroup.PDF) if profile is PackageProfile.NDNP else every


def name_manifest(issue: IssueDocument) -> str:
    """Return the name of the file that describes a package.

    Raises InputError for NDNP where the day of the issue is not known.
    """
    return f"{name_ndnp_issue(issue)}.xml" if issue.profile is PackageProfile.NDNP else _MANIFEST


def name_division(kind: str, profile: PackageProfile) -> str:
    """Return the type of a division of the logical structure, by the kind of its region."""
    if profile is PackageProfile.IMPRESSO and kind == "advertisement":
        return kind.upper()
    return kind


def name_file_use(file: PackedFile, profile: PackageProfile) -> str:
    """Return the role of a file (`USE`), which NDNP gives to each file; empty for none.

    Its loaders know `master` (TIFF), `service` (JPEG 2000), `derivative` (PDF) and `ocr`. A scan of
    another type is the master, too: it is what there is.
    """
    if profile is not PackageProfile.NDNP:
        return ""
    if file.group is FileGroup.PDF and file.number:
        return "derivative"
    if file.group is FileGroup.ALTO:
        return "ocr"
    if file.group is FileGroup.SCANS:
        return "service" if file.media_type == "image/jp2" else "master"
    return ""


def name_dimensions(file: PackedFile, profile: PackageProfile) -> str:
    """Return the identifier of the size of a picture as NDNP looks for it; empty for other files.

    Its loaders leave out a page whose `service` file has none.
    """
    return f"SIZE{file.number:05d}" if name_file_use(file, profile) == "service" else ""


def fill_dimensions(data: ET.Element, page: PackedPage) -> None:
    """Add the size of a scan in pixels, in the version of MIX that the loaders of NDNP read."""
    mix = add_element(data, "mix", {"xmlns": "http://www.loc.gov/mix/"})
    assessment = add_element(mix, "ImagingPerformanceAssessment")
    metrics = add_element(assessment, "SpatialMetrics")
    add_element(metrics, "ImageWidth", text=str(page.scan.width))
    add_element(metrics, "ImageLength", text=str(page.scan.height))


def wants_tiff(media_type: str, pages: int, profile: PackageProfile) -> bool:
    """Tell whether a scan is stored as TIFF of one page, by its media type and number of pages.

    The importer of impresso knows no other pictures, and one for each page.
    """
    return profile is PackageProfile.IMPRESSO and (media_type != "image/tiff" or pages > 1)


def add_resolution(mix: ET.Element, profile: PackageProfile) -> None:
    """Add the resolution by which the importer of impresso turns places into pixels.

    It takes the places of ALTO for tenths of a millimetre, whatever unit that says, and 300 dots an
    inch where nothing is said. At ten dots a millimetre they stay the pixels that they are.
    """
    if profile is PackageProfile.IMPRESSO:
        capture = add_element(add_element(mix, "mix:ImageCaptureMetadata"), "mix:ScannerCapture")
        resolution = add_element(capture, "mix:MaximumOpticalResolution")
        add_element(resolution, "mix:xOpticalResolution", text=_TENTHS_PER_INCH)
        add_element(resolution, "mix:yOpticalResolution", text=_TENTHS_PER_INCH)
        add_element(resolution, "mix:opticalResolutionUnit", text="in.")


def add_issue_part(mods: ET.Element, issue: IssueDocument) -> None:
    """Add the paper by its LCCN to the description of an issue, and what NDNP asks for besides.

    That is the number of the edition, and that the issue was there.
    """
    ndnp = issue.profile is PackageProfile.NDNP
    if issue.paper.lccn or ndnp:
        paper = add_element(mods, "mods:relatedItem", {"type": "host"})
        if issue.paper.lccn:
            add_element(paper, "mods:identifier", {"type": "lccn"}, issue.paper.lccn)
    if ndnp:
        detail = add_element(add_element(paper, "mods:part"), "mods:detail", {"type": "edition"})
        add_element(detail, "mods:number", text=str(issue.paper.edition))
        add_element(mods, "mods:note", {"type": "noteAboutReproduction"}, _PRESENT)


def describe_pages(
    summary: IssueSummary, make_mods: Callable[[str], tuple[ET.Element, ET.Element]]
) -> Iterator[ET.Element]:
    """Yield descriptions of the pages of NDNP: place in the issue, printed number, and the reel, or
    that there is none because print was scanned.

    `make_mods` returns a section by its identifier, and the record in it.
    """
    if summary.issue.profile is not PackageProfile.NDNP:
        return
    for page in summary.pages:
        section, mods = make_mods(_name_page(page))
        part = add_element(mods, "mods:part")
        extent = add_element(part, "mods:extent", {"unit": "pages"})
        add_element(extent, "mods:start", text=str(page.number))
        if number := next(filter(None, summary.issue.list_numbers(page.stem)), ""):
            detail = add_element(part, "mods:detail", {"type": "page number"})
            add_element(detail, "mods:number", text=number)
        original = add_element(mods, "mods:relatedItem", {"type": "original"})
        reel = summary.issue.paper.reel
        form = {"type": "microfilm" if reel else "print"}
        add_element(add_element(original, "mods:physicalDescription"), "mods:form", form)
        if reel:
            add_element(original, "mods:identifier", {"type": "reel number"}, reel)
        add_element(mods, "mods:note", {"type": "noteAboutReproduction"}, _PRESENT)
        yield section


def build_ndnp_structure(summary: IssueSummary, description: str) -> Iterator[ET.Element]:
    """Yield the structure that the loaders of NDNP read: the issue, its pages, their files.

    `description` is the identifier of the issue's description. None for other profiles.
    """
    if summary.issue.profile is not PackageProfile.NDNP:
        return
    structure = ET.Element("mets:structMap", {"TYPE": "np:structMap"})
    attributes = {"TYPE": "np:issue", "DMDID": description}
    issue = add_element(structure, "mets:div", attributes)
    for page in summary.pages:
        attributes = {"TYPE": "np:page", "DMDID": _name_page(page)}
        division = add_element(issue, "mets:div", attributes)
        for file in page.files:
            if name_file_use(file, summary.issue.profile):
                add_element(division, "mets:fptr", {"FILEID": file.identifier})
    yield structure


def _name_page(page: PackedPage) -> str:
    """Return the identifier of the description of a page."""
    return f"MODSMD_PAGE{page.number:05d}"
