"""The task that a Dask worker runs: it starts a worker of newspage and watches over it.

The functions here travel to the Dask worker by value, so that one that has another version of
newspage, or none, can say so. For that they use nothing of newspage.

The worker is a process of its own: a Dask worker under a nanny may not start processes, as readers
are; it goes on answering its scheduler while a page is written; and whatever happens to either of
the two does not happen to the other. As soon as this process is gone the worker's standard input
ends, and so does the worker.
"""

import contextlib
import json
import subprocess
import sys
import time
from typing import Any

_TICK = 0.25
"""Seconds after which it is looked again whether the task is still wanted. Judgement."""
_VERSION = "import newspage; print(newspage.__version__)"
_UNWANTED = ("cancelled", "released", "forgotten")
_LEAVING = ("closing_gracefully", "closing", "closed", "failed", "stopping", "stopped")


def host_worker(order: bytes, version: str) -> dict[str, Any]:
    """Have a worker of newspage read pages until it ends, or until the task is wanted no more.

    Returns a dictionary: `version`, the newspage that is installed, where it is another than is
    wanted; `missing`, why there is none; `report`, what the worker says in the end, pickled;
    `ended`, the exit code of one that said nothing.

    Args:
        order: What the worker is to do, pickled.
        version: The newspage that is wanted.
    """
    from distributed import get_worker

    asked = subprocess.run(
        [sys.executable, "-c", _VERSION],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if asked.returncode:
        return {"missing": (asked.stderr.strip() or "no reason given").splitlines()[-1]}
    if asked.stdout.strip() != version:
        return {"version": asked.stdout.strip()}
    worker = get_worker()
    memory = getattr(worker.memory_manager, "memory_limit", None) or 0
    share = {
        "jobs": worker.state.nthreads,
        "memory": memory,
        "name": worker.address,
        "length": len(order),
    }
    return watch_process(worker, worker.get_current_task(), json.dumps(share).encode(), order)


def watch_process(worker: Any, key: Any, share: bytes, order: bytes) -> dict[str, Any]:
    """Start the worker of newspage, and end it when the Dask worker leaves or drops the task."""
    command = [sys.executable, "-m", "newspage.batch.hosted_worker"]
    # In a session of its own: a terminal's Ctrl-C is for the Dask worker, which then leaves.
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(share + b"\n" + order)
            process.stdin.flush()
        told = False
        while process.poll() is None:
            task = worker.state.tasks.get(key)
            if task is None or task.state in _UNWANTED:
                with contextlib.suppress(BrokenPipeError):
                    process.stdin.close()
            elif worker.status.name in _LEAVING and not told:
                told = True
                with contextlib.suppress(BrokenPipeError):
                    process.stdin.write(b"s")
                    process.stdin.flush()
            time.sleep(_TICK)
        # It is short, so that it does not wait in the pipe for a reader.
        report = process.stdout.read()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
    return {"report": report} if report else {"ended": process.returncode}
