"""Give METS the names and structures that certain programs look for.

What they look for was read in their code: `core/batch_loader.py` of chronam (Library of Congress)
and Open ONI for NDNP, `text_importer/importers/` of impresso-text-acquisition for impresso.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

from newspage.formats.document import PackageProfile
from newspage.formats.mets_summary import FileGroup, IssueSummary, PackedFile, PackedPage
from newspage.formats.xml_tree import add_element

_IMPRESSO_SCANS = "images"
"""Group of the scans: its importer takes the size of the pages from there."""
_IMPRESSO_FOLDER = "tif"
"""Folder of the scans: its importer asks for pictures of that type there."""
_EDITION = "1"
"""Number of the edition, which NDNP asks for: scans are named by day, no second one is known."""


def name_group(group: FileGroup, profile: PackageProfile) -> str:
    """Return what a group of files is called (`USE`)."""
    if profile is PackageProfile.IMPRESSO and group is FileGroup.SCANS:
        return _IMPRESSO_SCANS
    return group.value


def name_scan_folder(profile: PackageProfile) -> str:
    """Return the folder of the scans in a package."""
    return _IMPRESSO_FOLDER if profile is PackageProfile.IMPRESSO else FileGroup.SCANS.folder


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


def add_issue_part(mods: ET.Element, profile: PackageProfile) -> None:
    """Add the number of the edition to the description of an issue, which NDNP asks for."""
    if profile is PackageProfile.NDNP:
        detail = add_element(add_element(mods, "mods:part"), "mods:detail", {"type": "edition"})
        add_element(detail, "mods:number", text=_EDITION)


def describe_pages(
    summary: IssueSummary, make_mods: Callable[[str], tuple[ET.Element, ET.Element]]
) -> Iterator[ET.Element]:
    """Yield descriptions of the pages of NDNP: place in the issue and printed number.

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
