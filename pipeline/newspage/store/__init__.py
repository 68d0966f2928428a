"""The store beside scans and output: which scans were read, by which runs, and what was decided.

One SQLite file, or a PostgreSQL database. What was read can be made again by reading the scans
again; decisions cannot, so they are never changed nor deleted. All SQL of the project stands in
this package.
"""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.store.article_index import (
        ArticleFilter,
        ArticleIndex,
        ArticleMatch,
        IndexState,
    )
    from newspage.store.article_rows import IndexedText, PageArticles
    from newspage.store.article_tokens import ANY
    from newspage.store.backup import back_up
    from newspage.store.database import Store
    from newspage.store.decisions import (
        ConflictError,
        QuestionChange,
        ScanId,
        StoredDecision,
        decode_decision,
        encode_decision,
        list_scans_of,
    )
    from newspage.store.error_estimates import EstimatedPage
    from newspage.store.leases import MOST_ATTEMPTS, Claimant, Lease, LeaseCounts, WaitingPage
    from newspage.store.listed_pages import ListedPage
    from newspage.store.moving import MovedTable, move_store
    from newspage.store.output_store import OutputStore
    from newspage.store.page_catalogue import (
        PageCatalogue,
        PageChoice,
        PageFilter,
        PageSort,
        PageSums,
        ShelvedPages,
    )
    from newspage.store.pages import OutcomeRow, PageState, QuestionUpdate
    from newspage.store.pin_table import PinRow, SuggestionRow
    from newspage.store.question_rows import QuestionRow
    from newspage.store.questions import QuestionCounts
    from newspage.store.queue import GroupRow
    from newspage.store.reading_progress import FailureCount, ReadingProgress
    from newspage.store.snapshots import Matrix, SeenLine, Snapshot
    from newspage.store.soundness import find_flaw
    from newspage.store.state import (
        FailureReason,
        FileFacts,
        PageFigures,
        RunRow,
        ScanKey,
        ScanRow,
        ScanStatus,
    )
    from newspage.store.store_schema import StoreError, StoreGoneError
    from newspage.store.throughput import FailedPages, Throughput, measure_throughput
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "ANY": "newspage.store.article_tokens",
            "PageCatalogue": "newspage.store.page_catalogue",
            "PageChoice": "newspage.store.page_catalogue",
            "PageFilter": "newspage.store.page_catalogue",
            "PageSort": "newspage.store.page_catalogue",
            "PageSums": "newspage.store.page_catalogue",
            "ShelvedPages": "newspage.store.page_catalogue",
            "ListedPage": "newspage.store.listed_pages",
            "ArticleFilter": "newspage.store.article_index",
            "ArticleIndex": "newspage.store.article_index",
            "ArticleMatch": "newspage.store.article_index",
            "IndexedText": "newspage.store.article_rows",
            "ConflictError": "newspage.store.decisions",
            "EstimatedPage": "newspage.store.error_estimates",
            "FailedPages": "newspage.store.throughput",
            "FailureCount": "newspage.store.reading_progress",
            "FailureReason": "newspage.store.state",
            "FileFacts": "newspage.store.state",
            "GroupRow": "newspage.store.queue",
            "IndexState": "newspage.store.article_index",
            "Matrix": "newspage.store.snapshots",
            "MovedTable": "newspage.store.moving",
            "OutcomeRow": "newspage.store.pages",
            "Claimant": "newspage.store.leases",
            "MOST_ATTEMPTS": "newspage.store.leases",
            "Lease": "newspage.store.leases",
            "LeaseCounts": "newspage.store.leases",
            "WaitingPage": "newspage.store.leases",
            "OutputStore": "newspage.store.output_store",
            "PageArticles": "newspage.store.article_rows",
            "PageFigures": "newspage.store.state",
            "PageState": "newspage.store.pages",
            "PinRow": "newspage.store.pin_table",
            "QuestionChange": "newspage.store.decisions",
            "QuestionCounts": "newspage.store.questions",
            "QuestionRow": "newspage.store.question_rows",
            "QuestionUpdate": "newspage.store.pages",
            "ReadingProgress": "newspage.store.reading_progress",
            "RunRow": "newspage.store.state",
            "ScanId": "newspage.store.decisions",
            "ScanKey": "newspage.store.state",
            "ScanRow": "newspage.store.state",
            "ScanStatus": "newspage.store.state",
            "SeenLine": "newspage.store.snapshots",
            "Snapshot": "newspage.store.snapshots",
            "Store": "newspage.store.database",
            "StoreError": "newspage.store.store_schema",
            "StoreGoneError": "newspage.store.store_schema",
            "StoredDecision": "newspage.store.decisions",
            "SuggestionRow": "newspage.store.pin_table",
            "Throughput": "newspage.store.throughput",
            "back_up": "newspage.store.backup",
            "decode_decision": "newspage.store.decisions",
            "encode_decision": "newspage.store.decisions",
            "find_flaw": "newspage.store.soundness",
            "list_scans_of": "newspage.store.decisions",
            "measure_throughput": "newspage.store.throughput",
            "move_store": "newspage.store.moving",
        },
    )

__all__ = [
    "ANY",
    "MOST_ATTEMPTS",
    "ArticleFilter",
    "ArticleIndex",
    "ArticleMatch",
    "Claimant",
    "ConflictError",
    "EstimatedPage",
    "FailedPages",
    "FailureCount",
    "FailureReason",
    "FileFacts",
    "GroupRow",
    "IndexState",
    "IndexedText",
    "Lease",
    "LeaseCounts",
    "ListedPage",
    "Matrix",
    "MovedTable",
    "OutcomeRow",
    "OutputStore",
    "PageArticles",
    "PageCatalogue",
    "PageChoice",
    "PageFigures",
    "PageFilter",
    "PageSort",
    "PageState",
    "PageSums",
    "PinRow",
    "QuestionChange",
    "QuestionCounts",
    "QuestionRow",
    "QuestionUpdate",
    "ReadingProgress",
    "RunRow",
    "ScanId",
    "ScanKey",
    "ScanRow",
    "ScanStatus",
    "SeenLine",
    "ShelvedPages",
    "Snapshot",
    "Store",
    "StoreError",
    "StoreGoneError",
    "StoredDecision",
    "SuggestionRow",
    "Throughput",
    "WaitingPage",
    "back_up",
    "decode_decision",
    "encode_decision",
    "find_flaw",
    "list_scans_of",
    "measure_throughput",
    "move_store",
]
