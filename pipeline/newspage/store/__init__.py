"""The store beside scans and output: which scans were read, by which runs, and what was decided.

One SQLite file, or a PostgreSQL database. What was read can be made again by reading the scans
again; decisions cannot, so they are never changed nor deleted. All SQL of the project stands in
this package.
"""

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
from newspage.store.output_store import OutputStore
from newspage.store.pages import OutcomeRow, PageState, QuestionUpdate
from newspage.store.pin_table import PinRow, SuggestionRow
from newspage.store.question_rows import QuestionRow
from newspage.store.questions import QuestionCounts
from newspage.store.queue import GroupRow
from newspage.store.snapshots import Matrix, SeenLine, Snapshot
from newspage.store.soundness import find_flaw
from newspage.store.state import (
    FileFacts,
    PageFigures,
    RunRow,
    ScanKey,
    ScanRow,
    ScanStatus,
)
from newspage.store.store_schema import StoreError, StoreGoneError

__all__ = [
    "ConflictError",
    "FileFacts",
    "GroupRow",
    "Matrix",
    "OutcomeRow",
    "OutputStore",
    "PageFigures",
    "PageState",
    "PinRow",
    "QuestionChange",
    "QuestionCounts",
    "QuestionRow",
    "QuestionUpdate",
    "RunRow",
    "ScanId",
    "ScanKey",
    "ScanRow",
    "ScanStatus",
    "SeenLine",
    "Snapshot",
    "Store",
    "StoreError",
    "StoreGoneError",
    "StoredDecision",
    "SuggestionRow",
    "decode_decision",
    "encode_decision",
    "find_flaw",
    "list_scans_of",
]
