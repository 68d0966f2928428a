"""Made-up pages, runs over them that take no network, and what an undisturbed run leaves."""

import gc
import os
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

from newspage.batch import folder
from newspage.errors import NewspageError
from newspage.review.service.page_edits import Signature, TextEdit
from newspage.review.service.views import Answer, QuestionFilter
from tests import fakes
from tests.asking import PAGES, Office

SCANS = (*PAGES, "a.png", "sub/b.png")
"""An issue of four pages, of which one goes on in another, and two more scans."""
_RAM = Path("/dev/shm")
CRASHED, REFUSED = 70, 71
"""Exit codes of a child."""


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder that is gone afterwards; in memory where there is such a place.

    Kills and refusals are the same there, and no disk is waited for. A power cut is played back
    from what was forced to the disk, wherever that is.
    """
    ram = _RAM if os.access(_RAM, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="newspage-attack-", dir=ram) as name:
        yield Path(name)


@contextmanager
def office_at_work(scans: Sequence[str] = SCANS, store: str = "") -> Iterator[Office]:
    """An office with scans, in a folder that is gone afterwards. Pages are read in this process."""
    with (
        workplace() as home,
        patch.object(folder, "WorkerPool", fakes.LocalCrew),
    ):
        office = Office(home / "office", store=store)
        office.scans(*scans)
        yield office


def empty(office: Office) -> None:
    """Nothing was ever read into it, and nothing decided."""
    shutil.rmtree(office.place.output, ignore_errors=True)
    for path in office.home.glob("newspage.*"):
        path.unlink()


def undisturbed(office: Office) -> dict[str, bytes]:
    """What an undisturbed run leaves of the scans and decisions of an office, elsewhere."""
    with workplace() as home:
        whole = Office(home / "office")
        shutil.copytree(office.home, whole.home)
        shutil.rmtree(whole.place.output, ignore_errors=True)
        whole.run()
        return whole.outputs()


def decide(office: Office) -> set[str]:
    """Accept every other question, change a text by hand on each page; what was acknowledged."""
    uids = set()
    with closing(office.desk()) as desk:
        for number, question in enumerate(desk.list_questions(QuestionFilter(state="all"))[0][::2]):
            receipts = desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
            page = desk.show_page(question.stem)
            written = desk.record_edit(
                TextEdit(question.stem, "a2", 0, 1, str(number), page.articles[1].seen),
                Signature("ann"),
            )
            uids |= {receipt.uid for receipt in (*receipts, written)}
    return uids


def known_decisions(office: Office) -> set[str]:
    """The decisions that a desk tells of."""
    with closing(office.desk(read_only=True)) as desk:
        return {entry.uid for entry in desk.list_history(limit=10**6)[0]}


def started(act: Callable[[], object]) -> int:
    """Do something in a child of this process; the number of the child.

    It ends with 0, with REFUSED after an error for people, with CRASHED after any other.
    """
    child = os.fork()
    if child:
        return child
    gc.freeze()
    code = CRASHED
    try:
        act()
        code = 0
    except NewspageError:
        code = REFUSED
    except Exception:  # noqa: BLE001 - told, and judged by the parent
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(child: int, seconds: float, kill: bool = True) -> int | None:
    """The exit code of a child, or the negative number of the signal that ended it.

    None: it has not ended by then; it is killed, unless that is not wanted.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    if kill:
        killed(child)
    return None


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    told = {CRASHED: "met an exception that nobody thought of", REFUSED: "was refused"}
    return told.get(code, f"ended with {code}")


def killed(child: int) -> int:
    """Kill a child at once; how it ended, perhaps before that."""
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def differing(found: dict[str, bytes], expected: dict[str, bytes]) -> str:
    """The names of files that are missing, too many or different."""
    names = sorted(n for n in {*found, *expected} if found.get(n) != expected.get(n))
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
