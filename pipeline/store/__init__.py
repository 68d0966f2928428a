"""The store beside scans and output: which scans were read, with what result, by which runs.

One SQLite file. Everything in these tables can be made again by reading the scans again. All SQL
of the project stands in this package.
"""

from pipeline.store.database import Store
from pipeline.store.schema import StoreError
from pipeline.store.state import (
    Figures,
    FileFacts,
    RunRow,
    ScanKey,
    ScanRow,
    ScanStatus,
)

__all__ = [
    "Figures",
    "FileFacts",
    "RunRow",
    "ScanKey",
    "ScanRow",
    "ScanStatus",
    "Store",
    "StoreError",
]
