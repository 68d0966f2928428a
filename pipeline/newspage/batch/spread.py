"""Choose the number of workers of a run."""

import os

from newspage.batch.resource_limits import machine_bytes
from newspage.batch.workers import PoolPlan
from newspage.config import Config
from newspage.engine import computes_on_gpu

_WORKER_BYTES = 1.6e9
"""Bytes that a worker may need for a page of up to 30 megapixels."""
_ON_A_GPU = 2
"""Workers that share a GPU, unless the settings say otherwise: each takes nearly 4 GB of it, and
one computes there while the other lays out its page."""


def choose_pool(config: Config) -> PoolPlan:
    """Choose as many workers as the settings say, else one a core as far as the memory goes.

    Two workers with a thread each read a tenth more pages than one with two threads.
    """
    run, cores = config.run, count_available_cores()
    most = _ON_A_GPU if computes_on_gpu(config.engine) else cores
    workers = run.workers or max(1, min(cores, most, _by_memory()))
    return PoolPlan(workers, cores, run.pages_per_worker, measure_available_memory() or 0.0)


def count_available_cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def measure_available_memory() -> float | None:
    """Return the bytes of memory available now; None where the system does not say."""
    return machine_bytes("MemAvailable") or None


def _by_memory() -> int:
    """Return the number of workers for which the memory suffices; 64 where it is not known."""
    memory = measure_available_memory()
    return 64 if memory is None else int(memory / _WORKER_BYTES)
