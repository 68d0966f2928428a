"""What is written for a page, and the figures of it that people ask for."""

from dataclasses import replace

from newspage.files import relative_path
from newspage.formats.text import as_markdown, as_text
from newspage.model import Article, PageRecord, plain
from newspage.record import encode
from newspage.run.work import Done, Task
from newspage.store import Figures


def page_done(task: Task, record: PageRecord) -> Done:
    """What a scan gave. In its record it is named as seen from the record's folder."""
    path = relative_path(record.page.scan.path, (task.output / task.stem).parent)
    scan = replace(record.page.scan, path=path)
    record = replace(record, page=replace(record.page, scan=scan))
    return Done(task, page_files(record), figures(record))


def page_files(record: PageRecord) -> dict[str, bytes]:
    """The files of a page, by suffix; the record is last, so that where it is new all are."""
    return {
        ".txt": as_text(record.articles).encode(),
        ".md": as_markdown(record).encode(),
        ".json": encode(record),
    }


def figures(record: PageRecord) -> Figures:
    """The figures of a page."""
    page = record.page
    return Figures(
        articles=len(record.articles),
        characters=sum(_characters(article) for article in record.articles),
        lines_placed=sum(len(region.lines) for region in page.regions),
        lines_unplaced=len(page.unplaced),
        seconds=round(sum(step.seconds for step in record.steps), 3),
        steps=tuple((step.name, round(step.seconds, 3)) for step in record.steps if step.seconds),
        problems=tuple(f"{p.where}: {p.message}" for p in record.problems),
        dictionaries=next(
            (s.details["dictionaries"] for s in record.steps if "dictionaries" in s.details), ""
        ),
    )


def _characters(article: Article) -> int:
    heads = sum(len(plain(chars)) for chars in article.heads)
    return heads + sum(len(p.text) for p in article.paragraphs)
