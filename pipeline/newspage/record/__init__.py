"""The page record `<stem>.json` (format "newspage/2"): the model as JSON, and back.

    data = encode_record(record)     # bytes, the same for the same record
    record = decode_record(data)     # RecordError says where something is wrong

Every character of the clean text names the line and the glyph that it was read from (`provenance`),
and so has a box on the scan. The clean text is at the top; what was read lies under `reading`, as
far as it is otherwise. Records of the format newspage/1 are read too.
"""

from newspage.record.lattice_file import (
    LatticesError,
    ReadingConditions,
    encode_lattices,
    read_lattices,
)
from newspage.record.read import (
    RecordError,
    decode_record,
    peek_format,
    read_issue_outline,
    read_record,
    shows_scan,
)
from newspage.record.record_schema import FORMAT, ISSUE_FORMAT
from newspage.record.version_1 import FORMAT_1
from newspage.record.write import encode_issue, encode_record

RECORD_FORMATS = (FORMAT, FORMAT_1)
"""Formats of page records that are read."""

__all__ = [
    "FORMAT",
    "ISSUE_FORMAT",
    "RECORD_FORMATS",
    "LatticesError",
    "ReadingConditions",
    "RecordError",
    "decode_record",
    "encode_issue",
    "encode_lattices",
    "encode_record",
    "peek_format",
    "read_issue_outline",
    "read_lattices",
    "read_record",
    "shows_scan",
]
