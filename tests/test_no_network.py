"""Nothing connects anywhere: run, correct and review open sockets on their own machine only.

A hook of the interpreter stands in every process that the commands start. It sees what Python code
asks the system for, whichever package asks.
"""

import http.client
import os
import re
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.test_packaging import small_names

HOOK = """
import ipaddress, os, sys

def _own(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "", None)

def _watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.bind"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "127.0.0.1"
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if not _own(host):
        with open(os.environ["SEEN"], "a") as file:
            print(event, host, " ".join(sys.argv), file=file)
        raise OSError("the network is not to be asked")

sys.addaudithook(_watch)
"""
"""Python imports a module of this name whenever it starts."""

SMALL = """
import importlib.metadata, os, re, sys

_few = set(os.environ["FEW"].split())
_known = {}
for _name, _packages in importlib.metadata.packages_distributions().items():
    _known[_name] = {re.sub(r"[-_.]+", "-", package).lower() for package in _packages}

class _Nowhere:
    def find_spec(self, name, path=None, target=None):
        packages = _known.get(name.split(".")[0])
        if _few and packages and not packages & _few:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, _Nowhere())
"""
"""Hides all packages but FEW, where these are named."""


@pytest.fixture
def watched(tmp_path: Path, repository: Path) -> dict[str, str]:
    """The environment of a process that is watched; SEEN names the file of what it asked for."""
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(HOOK + SMALL, "utf-8")
    paths = [str(hook), str(repository / "pipeline")]
    # Nothing else: telemetry is silent where it finds the variables of an integration service, or
    # the file in which somebody declined.
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(paths),
        "SEEN": str(tmp_path / "seen"),
        "FEW": "",
    }


def newspage(env: dict[str, str], home: Path, *arguments: object) -> str:
    """What a command says; it ends well."""
    command = [sys.executable, "-m", "newspage", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=home, env=env, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked_for(env: dict[str, str]) -> str:
    """What the processes wanted of the network."""
    seen = Path(env["SEEN"])
    return seen.read_text() if seen.exists() else ""


@pytest.mark.parametrize(
    "line",
    [
        "socket.create_connection(('192.0.2.1', 80), 0.1)",
        "socket.getaddrinfo('host.invalid', 80)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
        "multiprocessing.get_context('spawn').Process(target=ask, args=('x.invalid',)).start()",
    ],
)
def test_who_asks_is_seen(watched: dict[str, str], tmp_path: Path, line: str) -> None:
    """By address or by name, in the process or in one that it starts."""
    program = tmp_path / "program.py"
    start = "import multiprocessing, socket\nfrom socket import gethostbyname as ask"
    program.write_text(f"{start}\nif __name__ == '__main__':\n    {line}\n")
    subprocess.run([sys.executable, program], env=watched, check=False, capture_output=True)
    assert "192.0.2.1" in asked_for(watched) or "invalid" in asked_for(watched)


def test_openvino_tells_nobody(watched: dict[str, str]) -> None:
    """On being imported, which is what its telemetry reports."""
    line = "import newspage.engine.openvino, openvino.tools.ovc"
    subprocess.run([sys.executable, "-c", line], env=watched, check=True)
    assert asked_for(watched) == ""


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.parametrize("small", [False, True], ids=["default", "small"])
def test_commands_connect_nowhere(
    watched: dict[str, str], tmp_path: Path, repository: Path, small: bool
) -> None:
    """With the real networks, and with no more packages than the small installation has."""
    if small:
        watched["FEW"] = " ".join(small_names(repository))
    scan = repository / "scans/qingdu-2024-03-18/p3.jpg"
    assert "1 page read" in newspage(watched, tmp_path, "run", scan)
    text = next((tmp_path / "output").rglob("*.txt"))
    newspage(watched, tmp_path, "correct", text, "--scan", scan, "-o", tmp_path / "corrected")
    newspage(watched, tmp_path, "doctor")
    command = [sys.executable, "-m", "newspage", "review", "--no-browser", "--port", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=watched, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found
        look_around(found[0])
        server.send_signal(signal.SIGINT)
        server.stdout.read()
    assert asked_for(watched) == ""


def look_around(address: str) -> None:
    """Open the pages of the review page, a picture with them."""
    split = urlsplit(address)
    with closing(http.client.HTTPConnection(split.netloc, timeout=60)) as browser:
        cookie = ""
        if split.query:
            browser.request("GET", f"{split.path}?{split.query}")
            answer = browser.getresponse()
            answer.read()
            cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
        for path in (
            "/queue",
            "/pages",
            "/progress",
            "/page/p3",
            "/api/questions",
            "/api/page?stem=p3",
        ):
            browser.request("GET", path, headers={"Cookie": cookie})
            answer = browser.getresponse()
            assert answer.read()
            assert answer.status == 200, path
