"""Import documents in this process, without files, stores and networks."""

from dataclasses import replace
from pathlib import Path

from newspage.edits.clean_text import derive_page
from newspage.formats.document import PageDocument
from newspage.formats.exporters import render_page
from newspage.importing.importers import find_importer
from newspage.importing.page_builder import build_page
from newspage.importing.scan_scale import find_scale
from newspage.model import PageRecord, Scan
from newspage.record import decode_record, encode_record
from newspage.source_markup import ImportedSource
from newspage.sources.source_reader import parse_source

FILE = Path("foreign.xml")


def import_bytes(
    data: bytes | str, name: str, scan: Scan, page: int = 0, dpi: float | None = None
) -> PageRecord:
    """The record that a page of a document becomes, as it is after it was written and read."""
    importer = find_importer(name)
    raw = data.encode() if isinstance(data, str) else data
    source = importer.read(parse_source(raw, FILE, importer.html), FILE)[page]
    scale = find_scale(source, scan, dpi, FILE)
    origin = ImportedSource(name, FILE.name, source.program)
    built = build_page(source, scan, scale, origin, importer.write_kind, FILE)
    record = derive_page(built.reading, built.problems)
    again = decode_record(encode_record(record))
    assert encode_record(again) == encode_record(record)
    return again


def come_back(document: PageDocument, name: str) -> tuple[bytes, bytes]:
    """A page as exported, and as exported again after that was imported."""
    record = decode_record(encode_record(document.record))
    first = render_page(replace(document, record=record), name)
    imported = import_bytes(first, name, record.page.scan)
    return first, render_page(replace(document, record=imported), name)
