"""Boxes of lines in hOCR: as high as their type, so that those of a page askew do not overlap."""

import re
from dataclasses import replace
from itertools import pairwise

from newspage.formats.characters import collect_printed_lines
from newspage.formats.document import PageDocument
from newspage.formats.exporters import render_page
from newspage.formats.type_boxes import bound_type
from newspage.geometry import Box
from newspage.model import PageRecord
from newspage.source_markup import ImportedSource
from tests.test_interop import skewed_page

SIGNIFICANT = 0.2
"""Share of the larger box from which hocr-check objects to an overlap."""


def line_boxes(record: PageRecord) -> list[Box]:
    """The boxes of lines in hOCR."""
    data = render_page(PageDocument(record), "hocr").decode()
    found = re.findall(r'class="ocr_line" id="[^"]*" title="bbox (\d+) (\d+) (\d+) (\d+)', data)
    return [Box(*map(float, numbers)) for numbers in found]


def overlaps(boxes: list[Box]) -> list[float]:
    """How much of the larger one of two neighbours they share."""
    shared = [(one, other, one.intersection(other)) for one, other in pairwise(boxes)]
    return [s.area / max(one.area, other.area) if s else 0.0 for one, other, s in shared]


def test_lines_of_a_page_askew_hardly_overlap() -> None:
    """Strips do, by a third; each box lies in that of its strip and holds the em of each glyph."""
    record = skewed_page()
    lines = record.page.regions[0].lines
    assert min(overlaps([line.box for line in lines])) > SIGNIFICANT
    boxes = line_boxes(record)
    assert max(overlaps(boxes)) < SIGNIFICANT
    for line, box in zip(lines, boxes, strict=True):
        assert line.box.contains(box, 1)
        assert all(
            box.contains(Box(*2 * g.box.center).grown(line.size / 2), 1) for g in line.glyphs
        )


def test_other_lines_keep_their_box() -> None:
    """Letters have no height that is known; nor has a line of unknown size, or an imported one."""
    record = skewed_page()
    (printed, *_) = collect_printed_lines(record).values()
    assert bound_type(printed) != printed.line.box
    letters = tuple(replace(c, text="a") for c in printed.characters)
    assert bound_type(replace(printed, characters=letters)) == printed.line.box
    unknown = replace(printed, line=replace(printed.line, size=0.0))
    assert bound_type(unknown) == printed.line.box
    reading = replace(record.reading, source=ImportedSource("alto", "p.xml"))
    whole = [line.box for line in record.page.regions[0].lines]
    imported = line_boxes(replace(record, reading=reading))
    assert [round(box.top) for box in imported] == [round(box.top) for box in whole]
