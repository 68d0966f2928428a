"""Issues in memory for exporters, and the published schemas where they are at hand."""

import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from newspage.formats.document import IssueDocument, PageDocument
from newspage.formats.xml_tree import clean_for_xml
from newspage.issues import IssuePage, find_page_numbers, join_issue, outline_issue
from newspage.model import PageRecord, Publication

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = Path(os.environ.get("NEWSPAGE_SCHEMAS", ROOT.parent / "shared" / "schemas"))
"""The folder with schemas that others publish; they are no part of the project."""
TEI = "{http://www.tei-c.org/ns/1.0}"


def make_issue(
    records: Mapping[str, PageRecord],
    publication: Publication | None = None,
    scans: Mapping[str, Path] | None = None,
    numbers: Mapping[str, str] | None = None,
) -> IssueDocument:
    """An issue of some pages by stem.

    Each may have the file of its scan and its number; `publication` is that of an only page.
    """
    known = publication if len(records) == 1 else None
    pages = [
        IssuePage(stem, (numbers[stem],) if numbers else find_page_numbers(known, record), record)
        for stem, record in records.items()
    ]
    outline = outline_issue(join_issue("x-2020-01-01", pages))
    return IssueDocument(
        outline,
        lambda stem: PageDocument(records[stem], stem, publication, scans[stem] if scans else None),
        publication,
    )


def require_schema(name: str) -> None:
    """Skip the test where a schema, or what reads it, is not at hand."""
    pytest.importorskip("lxml.etree")
    if not (SCHEMAS / name).is_file():
        pytest.skip(f"{name} is not in {SCHEMAS} (NEWSPAGE_SCHEMAS)")


def check_tei(data: bytes) -> None:
    """Hold a document against the schema of the TEI Consortium, where that is at hand."""
    _check(data, SCHEMAS / "tei_all.rng", _relax_ng)


def check_mets(data: bytes) -> None:
    """Hold a document against METS 1.12.1, where that is at hand."""
    _check(data, SCHEMAS / "mets-1.12.1.xsd", _xml_schema)


def _check(data: bytes, path: Path, load: Callable[[Path], Any]) -> None:
    """Hold a document against a schema, if there is one."""
    if path.is_file() and find_spec("lxml"):
        from lxml import etree

        schema = load(path)
        valid = schema.validate(etree.fromstring(data))
        assert valid, [f"{e.line}: {e.message}" for e in schema.error_log][:5]


@lru_cache
def _relax_ng(path: Path) -> Any:
    """A schema in RELAX NG."""
    from lxml import etree

    return etree.RelaxNG(etree.parse(path))


@lru_cache
def _xml_schema(path: Path) -> Any:
    """A schema in XML Schema, whose imports are found beside it by their names."""
    from lxml import etree

    class Beside(etree.Resolver):  # type: ignore[misc]
        def resolve(self, address: str, public: str, context: Any) -> Any:
            name = address.rpartition("/")[2]
            return self.resolve_filename(str(path.with_name(name)), context)

    parser = etree.XMLParser()
    parser.resolvers.add(Beside())
    return etree.XMLSchema(etree.parse(path, parser))


def clean(text: str) -> str:
    """A text as XML can hold it, line feeds kept."""
    return "\n".join(map(clean_for_xml, text.split("\n")))
