"""Name and list the packages of a delivery to the National Digital Newspaper Program (NDNP).

By its technical guidelines a batch is a folder with `batch.xml` and the issues as
`LCCN/REEL/YYYYMMDDEE`: day and edition. Issues scanned from paper lie below `print` instead of a
reel.
"""

import datetime
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from newspage.config import NdnpConfig, PaperConfig
from newspage.errors import InputError, UsageError
from newspage.formats.document import IssueDocument, PackageChoices, PackageFile, PackageProfile
from newspage.formats.xml_tree import add_element, serialise_tree

BATCH = "batch.xml"
"""Name of the file that lists the issues of a batch."""
_NAMESPACE = "http://www.loc.gov/ndnp"
_PRINT = "print"
"""Folder that stands for a reel where the scans were not made from one."""
_ISSUE = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})")
"""Name of the folder of an issue: year, month, day, edition."""


def place_ndnp_issue(issue: IssueDocument, choices: PackageChoices) -> str:
    """Return the folder of an issue below that of the batch; empty for other profiles.

    Raises:
        UsageError: The settings do not name the batch.
        InputError: The LCCN of the paper, or the day of the issue, is not known.
    """
    if choices.profile is not PackageProfile.NDNP:
        return ""
    _name_batch(choices.delivery)
    paper = issue.paper
    return f"{_require_lccn(issue, paper)}/{paper.reel or _PRINT}/{name_ndnp_issue(issue)}"


def name_ndnp_issue(issue: IssueDocument) -> str:
    """Return the name of an issue in a batch: its day and edition. Raises InputError without."""
    published = issue.publication
    if published is None or published.date is None:
        raise InputError("ndnp-date-unknown", issue=issue.name)
    return f"{published.date:%Y%m%d}{issue.paper.edition:02d}"


def _require_lccn(issue: IssueDocument, paper: PaperConfig) -> str:
    """Return the LCCN of the paper of an issue. Raises InputError where the settings have none."""
    if not paper.lccn:
        raise InputError("ndnp-lccn-unknown", issue=issue.name)
    return paper.lccn


def _name_batch(delivery: NdnpConfig) -> str:
    """Return the name of a batch. Raises UsageError where the settings say too little for one."""
    if not (delivery.awardee and delivery.batch):
        raise UsageError("ndnp-batch-unnamed")
    return f"batch_{delivery.awardee}_{delivery.batch}_ver{delivery.version:02d}"


def list_ndnp_batch(folder: Path, choices: PackageChoices) -> Iterator[PackageFile]:
    """Yield `batch.xml` of the issues in the folder of an export, by paper, day and edition.

    Nothing for other profiles, and where no issue is there. Raises UsageError where the settings do
    not name the batch.
    """
    if choices.profile is not PackageProfile.NDNP:
        return
    issues = sorted((p.parts[0], p.name, p.parts[1]) for p in _find_issues(folder))
    if not issues:
        return
    attributes = {
        "xmlns": _NAMESPACE,
        "name": _name_batch(choices.delivery),
        "awardee": choices.delivery.awardee,
    }
    if choices.delivery.award_year:
        attributes["awardYear"] = str(choices.delivery.award_year)
    batch = ET.Element("batch", attributes)
    for lccn, name, reel in issues:
        day = _read_day(name)
        said = {"lccn": lccn, "issueDate": f"{day:%Y-%m-%d}", "editionOrder": name[8:]}
        add_element(batch, "issue", said, f"./{lccn}/{reel}/{name}/{name}.xml")
    yield PackageFile(BATCH, [serialise_tree(batch)])


def _find_issues(folder: Path) -> Iterator[Path]:
    """Yield the folders of issues below that of a batch, as paths from there."""
    for path in folder.glob("*/*/*/*.xml"):
        if path.stem == path.parent.name and _read_day(path.stem):
            yield path.parent.relative_to(folder)


def _read_day(name: str) -> datetime.date | None:
    """Return the day in the name of an issue; None where it is no such name."""
    found = _ISSUE.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.date(*(int(part) for part in found.groups()[:3]))
    except ValueError:
        return None
