"""Regions as they were read, kept beside those that people cut or put together."""

from collections.abc import Sequence

from newspage.geometry import Box
from newspage.model import Direction, PageLayout, Region, RegionKind
from newspage.record.record_schema import RegionOutlineData, round_box, round_outline


def pack_region_outlines(read: PageLayout, now: PageLayout) -> list[RegionOutlineData]:
    """Return the regions of a page as read, their lines by id.

    Empty where each region has the lines that it was read with: kind and article alone differ.
    """
    if [_lines_of(r) for r in read.regions] == [_lines_of(r) for r in now.regions]:
        return []
    return [
        RegionOutlineData(
            region.id,
            region.kind.value,
            region.direction.value,
            region.article,
            round_box(region.box),
            round_outline(region.polygon),
            [line.id for line in region.lines],
        )
        for region in read.regions
    ]


def unpack_region_outlines(
    data: Sequence[RegionOutlineData], page: PageLayout
) -> tuple[Region, ...]:
    """Return the regions as read, with lines of the page as it is.

    Raises ValueError where they do not have every line of its regions once.
    """
    lines = {line.id: line for region in page.regions for line in region.lines}
    if sorted(name for outline in data for name in outline.lines) != sorted(lines):
        raise ValueError("the regions do not have every line once")
    return tuple(
        Region(
            outline.id,
            RegionKind(outline.kind),
            Box(*outline.box),
            tuple(lines[name] for name in outline.lines),
            Direction(outline.direction),
            outline.article,
            tuple(outline.polygon),
        )
        for outline in data
    )


def _lines_of(region: Region) -> tuple[str, list[str]]:
    """Return the id of a region and those of its lines."""
    return region.id, [line.id for line in region.lines]
