"""The store beside scans and output: which scans were read, by which runs, and what was decided.

One SQLite file, or a PostgreSQL database. What was read can be made again by reading the scans
again; decisions cannot, so they are never changed nor deleted. All SQL of the project stands in
this package.
"""

from newspage.store.database import Store
from newspage.store.decisions import (
    Change,
    ConflictError,
    Said,
    ScanId,
    decode_decision,
    encode_decision,
    scans_of,
)
from newspage.store.pages import OutcomeRow, PageState, Settled
from newspage.store.question_rows import QuestionRow
from newspage.store.questions import Counts
from newspage.store.queue import GroupRow
from newspage.store.schema import StoreError, StoreGoneError
from newspage.store.snapshots import Matrix, SeenLine, Snapshot
from newspage.store.soundness import flaw_of
from newspage.store.state import (
    Figures,
    FileFacts,
    RunRow,
    ScanKey,
    ScanRow,
    ScanStatus,
)
from newspage.store.teaching import PinRow, SuggestionRow

__all__ = [
    "Change",
    "ConflictError",
    "Counts",
    "Figures",
    "FileFacts",
    "GroupRow",
    "Matrix",
    "OutcomeRow",
    "PageState",
    "PinRow",
    "QuestionRow",
    "RunRow",
    "Said",
    "ScanId",
    "ScanKey",
    "ScanRow",
    "ScanStatus",
    "SeenLine",
    "Settled",
    "Snapshot",
    "Store",
    "StoreError",
    "StoreGoneError",
    "SuggestionRow",
    "decode_decision",
    "encode_decision",
    "flaw_of",
    "scans_of",
]
