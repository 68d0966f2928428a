"""Recover the machine's own record from one that decisions were merged into, and keep it there."""

from collections.abc import Iterable
from dataclasses import replace

from newspage.model import ArticleRecord, MachineLayer, PageRecord, Region


def without_decisions(record: PageRecord) -> PageRecord:
    """Return the record without decisions, as the machine made it.

    Links to other pages of the issue are kept as they are in the record.
    """
    before = record.untouched
    if before is None:
        return record
    changed = {name: (kind, article) for name, kind, article in before.regions}
    regions = tuple(
        replace(r, kind=changed[r.id][0], article=changed[r.id][1]) if r.id in changed else r
        for r in record.page.regions
    )
    return replace(
        record,
        page=replace(record.page, regions=regions, reading_order=before.reading_order),
        articles=copy_page_links(before.articles, record.articles),
        furniture=before.furniture,
        joins=before.joins,
        corrections=before.corrections,
        untouched=None,
    )


def with_machine_layer(machine: PageRecord, changed: PageRecord) -> PageRecord:
    """Return `changed` with the parts of `machine` by which `without_decisions` recovers it."""
    if changed == machine:
        return machine
    return replace(
        changed,
        untouched=MachineLayer(
            articles=copy_page_links(machine.articles, ()),
            furniture=machine.furniture,
            joins=machine.joins,
            corrections=machine.corrections,
            reading_order=machine.page.reading_order,
            regions=tuple(
                (before.id, before.kind, before.article)
                for before, after in zip(machine.page.regions, changed.page.regions, strict=True)
                if _role(before) != _role(after)
            ),
        ),
    )


def copy_page_links(
    articles: Iterable[ArticleRecord], others: Iterable[ArticleRecord]
) -> tuple[ArticleRecord, ...]:
    """Return articles with the links to other pages that `others` of the same id have."""
    links = {a.id: (a.next_part, a.previous_part) for a in others}
    nothing = (None, None)
    return tuple(
        replace(
            a,
            next_part=links.get(a.id, nothing)[0],
            previous_part=links.get(a.id, nothing)[1],
        )
        for a in articles
    )


def _role(region: Region) -> tuple[object, object]:
    """Return what decisions can change of a region: its kind and its article."""
    return region.kind, region.article
