"""Claim pages for this process, keep its leases while it lives, and give back what it has."""

import os
import secrets
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from newspage.store import Claimant, Lease, OutputStore, ScanKey, ScanRow, StoreError

_BEATS = 4
"""Renewals in the time of a lease. Judgement: three may fail, as while a server starts anew."""


def make_claimant(seconds: float, is_run: bool = False) -> Claimant:
    """Return the name under which this process claims pages, which no other ever had.

    Args:
        seconds: For which a lease lasts.
        is_run: True for a run, which has the output folder for itself but for workers.
    """
    host = socket.gethostname()
    name = f"{host}-{os.getpid()}-{secrets.token_hex(4)}"
    return Claimant(name, host, seconds, is_run)


class LeaseKeeper:
    """Holder of the leases of one process, which a thread renews until the `with` block ends.

    Then what is still held is given back. Raises StoreError.
    """

    def __init__(self, store: OutputStore, claimant: Claimant) -> None:
        self.claimant = claimant
        self._table = store.leases
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._thread is None:
            return
        self._stop.set()
        self._thread.join()
        # Where the store is gone, the leases end by themselves.
        with suppress(StoreError):
            self._table.give_back(self.claimant)

    def claim_pages(self, most: int, among: Sequence[ScanKey] | None = None) -> list[Lease]:
        """Claim pages, `most` at most; `among`: only these, at most 500."""
        leases = self._table.claim_pages(self.claimant, most, among)
        if leases and self._thread is None:
            self._thread = threading.Thread(target=self._renew, daemon=True)
            self._thread.start()
        return leases

    def confirm_lease(self, lease: Lease) -> bool:
        """Tell whether a page is still ours, and renew its lease."""
        return self._table.confirm_lease(lease, self.claimant)

    def give_back(self, lease: Lease) -> None:
        """Let others have a page that was not begun."""
        self._table.give_back(self.claimant, lease)

    def finish_page(self, lease: Lease, row: ScanRow) -> bool:
        """Note what became of a page and end its lease; False: it was ours no more."""
        return self._table.finish_page(lease, row)

    def _renew(self) -> None:
        """Renew all leases again and again."""
        while not self._stop.wait(self.claimant.seconds / _BEATS):
            # A server that starts anew is asked again the next time.
            with suppress(StoreError):
                self._table.renew_leases(self.claimant)
