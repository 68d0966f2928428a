"""Turn the record of a page into the result that a worker sends back."""

from dataclasses import replace

from newspage.batch.tasks import ReadResult, ReadTask
from newspage.files import relative_path
from newspage.model import PageRecord
from newspage.output import summarise_page
from newspage.record import encode_lattices, encode_record


def finish_page(task: ReadTask, record: PageRecord) -> ReadResult:
    """Encode the record of a page, which names the scan as seen from the record's folder.

    Its lattices are encoded where the task asks for them and the engine has any.
    """
    path = relative_path(record.page.scan.path, (task.output / task.stem).parent)
    scan = replace(record.page.scan, path=path)
    record = replace(record, page=replace(record.page, scan=scan))
    lattices = b""
    if task.conditions and record.reading.lattices:
        lattices = encode_lattices(record.reading, task.conditions)
    return ReadResult(task, encode_record(record), summarise_page(record), lattices)
