"""Read folders of scans: find what is new or changed, spread it over workers, write the results.

`folder` runs the whole: it asks `survey` for the pages to read, hands them to `workers`, and gives
the results to the page writer. A worker loads a page and calls `page`.
"""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.batch.event_log import EventLog
    from newspage.batch.events import RunEvent, RunObserver
    from newspage.batch.folder import RunRequest, run_folder
    from newspage.batch.inspection import inspect_page
    from newspage.batch.metrics_file import MetricsFile
    from newspage.batch.opening import FileOpener
    from newspage.batch.pace import Duration
    from newspage.batch.page_result import finish_page
    from newspage.batch.plan import (
        OutputNames,
        is_imported,
        is_too_long,
        make_import_fingerprint,
    )
    from newspage.batch.planning import RunPlan, plan_run
    from newspage.batch.readers import make_default_backend
    from newspage.batch.recorrection import RecorrectionOutcome, recorrect_pages
    from newspage.batch.run_events import RunOutcome
    from newspage.batch.selection import PageSelection, Still, parse_duration, parse_moment
    from newspage.batch.shared_worker import StopRequest, WorkerRequest, run_worker
    from newspage.batch.spread import choose_pool, count_available_cores, measure_available_memory
    from newspage.batch.tasks import ReadTask
    from newspage.batch.watch import FolderWatcher
    from newspage.batch.worker_crew import ClusterChoice, parse_cluster_address
    from newspage.batch.workers import PoolPlan
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "ClusterChoice": "newspage.batch.worker_crew",
            "Duration": "newspage.batch.pace",
            "EventLog": "newspage.batch.event_log",
            "FileOpener": "newspage.batch.opening",
            "FolderWatcher": "newspage.batch.watch",
            "MetricsFile": "newspage.batch.metrics_file",
            "OutputNames": "newspage.batch.plan",
            "PageSelection": "newspage.batch.selection",
            "ReadTask": "newspage.batch.tasks",
            "RecorrectionOutcome": "newspage.batch.recorrection",
            "RunEvent": "newspage.batch.events",
            "RunObserver": "newspage.batch.events",
            "RunOutcome": "newspage.batch.run_events",
            "RunPlan": "newspage.batch.planning",
            "RunRequest": "newspage.batch.folder",
            "Still": "newspage.batch.selection",
            "choose_pool": "newspage.batch.spread",
            "count_available_cores": "newspage.batch.spread",
            "finish_page": "newspage.batch.page_result",
            "inspect_page": "newspage.batch.inspection",
            "is_imported": "newspage.batch.plan",
            "is_too_long": "newspage.batch.plan",
            "make_default_backend": "newspage.batch.readers",
            "make_import_fingerprint": "newspage.batch.plan",
            "measure_available_memory": "newspage.batch.spread",
            "parse_cluster_address": "newspage.batch.worker_crew",
            "parse_duration": "newspage.batch.selection",
            "parse_moment": "newspage.batch.selection",
            "plan_run": "newspage.batch.planning",
            "recorrect_pages": "newspage.batch.recorrection",
            "run_folder": "newspage.batch.folder",
            "run_worker": "newspage.batch.shared_worker",
            "StopRequest": "newspage.batch.shared_worker",
            "WorkerRequest": "newspage.batch.shared_worker",
            "PoolPlan": "newspage.batch.workers",
        },
    )

__all__ = [
    "ClusterChoice",
    "Duration",
    "EventLog",
    "FileOpener",
    "FolderWatcher",
    "MetricsFile",
    "OutputNames",
    "PageSelection",
    "PoolPlan",
    "ReadTask",
    "RecorrectionOutcome",
    "RunEvent",
    "RunObserver",
    "RunOutcome",
    "RunPlan",
    "RunRequest",
    "Still",
    "StopRequest",
    "WorkerRequest",
    "choose_pool",
    "count_available_cores",
    "finish_page",
    "inspect_page",
    "is_imported",
    "is_too_long",
    "make_default_backend",
    "make_import_fingerprint",
    "measure_available_memory",
    "parse_cluster_address",
    "parse_duration",
    "parse_moment",
    "plan_run",
    "recorrect_pages",
    "run_folder",
    "run_worker",
]
