"""A PostgreSQL server that crashes and comes back."""

import os
import random
import signal
import time

from sqlalchemy import create_engine, text

_SECONDS = 60.0


def crash_server(address: str, chance: random.Random) -> None:
    """Kill -9 one of the processes that serve us; the server takes all others down with it."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            question = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
            serving = [int(row[0]) for row in connection.execute(text(question))]
        os.kill(chance.choice(serving), signal.SIGKILL)
    finally:
        engine.dispose()


def wait_for_server(address: str) -> None:
    """Wait until the server has recovered. Raises the last error where it does not."""
    deadline = time.monotonic() + _SECONDS
    while True:
        engine = create_engine(address)
        try:
            with engine.connect():
                return
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        finally:
            engine.dispose()
