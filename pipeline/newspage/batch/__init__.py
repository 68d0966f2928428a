"""Read folders of scans: find what is new or changed, spread it over workers, write the results.

`folder` runs the whole: it asks `survey` for the pages to read, hands them to `workers`, and gives
the results to the page writer. A worker loads a page and calls `page`.
"""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.batch.folder import RunOutcome, RunRequest, run_folder
    from newspage.batch.inspection import inspect_page
    from newspage.batch.opening import FileOpener
    from newspage.batch.page_result import finish_page
    from newspage.batch.plan import OutputNames, is_imported, make_import_fingerprint
    from newspage.batch.readers import make_default_backend
    from newspage.batch.recorrection import RecorrectionOutcome, recorrect_pages
    from newspage.batch.selection import PageSelection, Still, parse_moment
    from newspage.batch.spread import choose_pool, count_available_cores, measure_available_memory
    from newspage.batch.survey import LONGEST_STEM
    from newspage.batch.tasks import ReadTask
    from newspage.batch.watch import FolderWatcher
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "FileOpener": "newspage.batch.opening",
            "FolderWatcher": "newspage.batch.watch",
            "LONGEST_STEM": "newspage.batch.survey",
            "OutputNames": "newspage.batch.plan",
            "PageSelection": "newspage.batch.selection",
            "ReadTask": "newspage.batch.tasks",
            "RecorrectionOutcome": "newspage.batch.recorrection",
            "RunOutcome": "newspage.batch.folder",
            "RunRequest": "newspage.batch.folder",
            "Still": "newspage.batch.selection",
            "choose_pool": "newspage.batch.spread",
            "count_available_cores": "newspage.batch.spread",
            "finish_page": "newspage.batch.page_result",
            "inspect_page": "newspage.batch.inspection",
            "is_imported": "newspage.batch.plan",
            "make_default_backend": "newspage.batch.readers",
            "make_import_fingerprint": "newspage.batch.plan",
            "measure_available_memory": "newspage.batch.spread",
            "parse_moment": "newspage.batch.selection",
            "recorrect_pages": "newspage.batch.recorrection",
            "run_folder": "newspage.batch.folder",
        },
    )

__all__ = [
    "LONGEST_STEM",
    "FileOpener",
    "FolderWatcher",
    "OutputNames",
    "PageSelection",
    "ReadTask",
    "RecorrectionOutcome",
    "RunOutcome",
    "RunRequest",
    "Still",
    "choose_pool",
    "count_available_cores",
    "finish_page",
    "inspect_page",
    "is_imported",
    "make_default_backend",
    "make_import_fingerprint",
    "measure_available_memory",
    "parse_moment",
    "recorrect_pages",
    "run_folder",
]
