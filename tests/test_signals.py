"""What ends a process."""

import os
import signal
import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, sys
from newspage.signals import end_in_order
number = getattr(signal, sys.argv[1])
# Set in either case: what a shell starts in the background inherits SIGINT and SIGQUIT ignored.
signal.signal(number, signal.SIG_IGN if sys.argv[2] == "ignored" else signal.SIG_DFL)
end_in_order()
try:
    os.kill(os.getpid(), number)
    print("went on")
except KeyboardInterrupt:
    print("in order")
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("name", "before", "said"),
    [
        ("SIGTERM", "default", "in order"),
        ("SIGHUP", "default", "in order"),
        ("SIGQUIT", "default", "in order"),
        ("SIGHUP", "ignored", "went on"),
    ],
)
def test_a_signal_ends_it_like_ctrl_c(
    name: str, before: str, said: str, request: pytest.FixtureRequest
) -> None:
    """So that all is closed; under nohup it goes on when its terminal is closed."""
    assert hasattr(signal, name)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, name, before],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(request.config.rootpath / "pipeline")},
    )
    assert done.stdout.strip() == said
