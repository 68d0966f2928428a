"""Fixtures every test may use."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import browsing, postgres
from tests.asking import Office
from tests.review_rooms import Room

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes is no property of the code on a machine that does other work, too.
settings.register_profile("newspage", deadline=None)
settings.load_profile("newspage")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder with `pyproject.toml`."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True, scope="session")
def state_of_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of the tests is kept in the folder of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(autouse=True, scope="session")
def signals_of_a_terminal() -> Iterator[None]:
    """Processes that tests start obey signals, also where the tests themselves do not.

    What a shell without job control starts in the background inherits SIGINT and SIGQUIT ignored,
    and what `nohup` starts SIGHUP. The tests still outlive that one: a handler is not inherited.
    """
    if os.name != "posix":
        yield
        return
    before = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)
    }
    for number, default in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGQUIT, signal.SIG_DFL),
        (signal.SIGHUP, lambda *_: None),
    ):
        if before[number] is signal.SIG_IGN:
            signal.signal(number, default)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL database that the test may empty; skipped where there is none."""
    with postgres.database() as address:
        yield address


@pytest.fixture
def room(office: Office) -> Iterator[Room]:
    """The review page over the office of a test module."""
    with Room(office) as room:
        yield room


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A browser without a window."""
    with browsing.launched() as browser:
        yield browser
