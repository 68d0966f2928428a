"""The lock under which decisions are read and files of an output folder are written."""

from collections.abc import Iterator
from contextlib import contextmanager

from newspage.store import OutputStore
from newspage.workspace import Workspace, hold_write_lock


@contextmanager
def hold_output(place: Workspace, store: OutputStore) -> Iterator[None]:
    """Hold the write lock of an output folder, and that of its store where it is on a server.

    Thus other machines wait as well, be the locks of a shared folder as they may.
    """
    with hold_write_lock(place), store.hold_writing():
        yield
