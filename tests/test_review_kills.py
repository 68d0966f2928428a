"""Kill -9 of the review server and of a run while people decide over HTTP."""

import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from newspage.decisions import merge_decisions
from newspage.output import ArticleIndexer
from newspage.output.page_files import render_page_files
from newspage.output.page_writer import make_page_writer
from newspage.record import read_record
from newspage.store import OutputStore, Store
from tests.asking import PAGES, Office, just_read
from tests.test_desk_faults import READER, start
from tests.test_desk_faults import kill as kill_process

STEMS = tuple(name.removesuffix(".png") for name in PAGES)
REFUSED = (400, 409)
"""What a person is told whose answer would change nothing, or comes too late."""


class Server:
    """The command `newspage review` in a process of its own."""

    def __init__(self, office: Office, repository: Path) -> None:
        command = ["-m", "newspage", "review", "-o", str(office.place.output)]
        self.process = subprocess.Popen(
            [sys.executable, *command, "--no-browser", "--port", "0", "--reviewer", "ann"],
            cwd=repository,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": f"{repository / 'pipeline'}{os.pathsep}{repository}"},
        )

    def address(self) -> str:
        """Where it is, as it says itself."""
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        assert found
        return found[0]

    def kill(self) -> None:
        """At once."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Client:
    """What a browser does to get a page and to post a change."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
        self._csrf = ""
        self._cookie = ""

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def open(self) -> None:
        """The address with its token, then a page, which holds what a change must carry."""
        address = urlsplit(self._address)
        self._connection.request("GET", f"{address.path}?{address.query}")
        answer = self._connection.getresponse()
        answer.read()
        self._cookie = answer.headers["Set-Cookie"].partition(";")[0]
        found = re.search(r'name="csrf" content="([^"]+)"', self._asked("GET", "/queue")[1])
        assert found
        self._csrf = found[1]

    def get(self, path: str) -> Any:
        """What the interface answers."""
        status, text = self._asked("GET", f"/api/{path}")
        assert status == 200, text
        return json.loads(text)

    def post(self, path: str, body: object) -> tuple[int, str]:
        """Status and answer to a change."""
        return self._asked("POST", f"/api/{path}", json.dumps(body))

    def _asked(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        origin = f"http://{urlsplit(self._address).netloc}"
        headers = {"X-Newspage-Csrf": self._csrf, "Origin": origin, "Cookie": self._cookie}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()


class Person(threading.Thread):
    """Decides in a browser's way, as fast as answers come, until nobody answers any more."""

    def __init__(self, address: str, seed: int) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[str] = []
        self.surprises: list[str] = []
        self.begun = threading.Event()
        self._address = address
        self._chance = random.Random(seed)

    def run(self) -> None:
        with closing(Client(self._address)) as client:
            try:
                client.open()
                self.begun.set()
                for path, body in self._acts(client):
                    self._post(client, path, body)
            except (OSError, http.client.HTTPException):
                return

    def _post(self, client: Client, path: str, body: object) -> None:
        status, text = client.post(path, body)
        if status == 200:
            self.acknowledged += [receipt["uid"] for receipt in json.loads(text)["receipts"]]
        elif status not in REFUSED and (path, status) != ("undo", 404):
            self.surprises.append(f"{path}: {status} {text}")

    def _acts(self, client: Client) -> Iterator[tuple[str, object]]:
        """Answers alone and together, changes of text, links, undoing: what keys would send."""
        while True:
            kind = self._chance.choice(["answers", "answers", "write", "join", "undo", "sign"])
            asked = client.get("questions?state=all")["items"]
            question = self._chance.choice(asked)
            if kind == "answers":
                alike = [q for q in asked if q["pattern"] == question["pattern"]]
                chosen = alike if self._chance.random() < 0.3 else [question]
                yield "answers", {"answers": [self._answer(q) for q in chosen]}
            elif kind == "undo":
                yield "undo", {}
            elif kind == "sign":
                yield "sign", {"stem": question["stem"]}
            else:
                shown = client.get(f"page?stem={quote(question['stem'])}")
                yield from self._by_hand(kind, shown)

    def _answer(self, question: dict[str, Any]) -> dict[str, object]:
        act = self._chance.choice(["accept", "reject", "edit"])
        return {"question": question["id"], "act": act, "seen": question["seen"], "text": "改"}

    def _by_hand(self, kind: str, page: dict[str, Any]) -> Iterator[tuple[str, object]]:
        stem, article = page["stem"], page["articles"][-1]
        if kind == "write":
            text = chr(0x4E00 + self._chance.randrange(9))
            change = {"start": 4, "end": 5, "text": text, "seen": article["seen"]}
            yield "write", {"stem": stem, "article": article["id"], **change}
        for join in page["joins"] if kind == "join" else ():
            if join["kind"] == "page":
                before, after = (join[f"{side}_end"] for side in ("before", "after"))
                yield (
                    "link",
                    {
                        "before": [before["stem"], before["article"]],
                        "after": [after["stem"], after["article"]],
                        "how": self._chance.choice(["on", "paragraph", "apart"]),
                        "seen": join["seen"],
                    },
                )


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Four pages of an issue, just read."""
    return just_read(tmp_path, monkeypatch, *PAGES)


@pytest.mark.skipif(os.name != "posix", reason="needs kill -9")
@pytest.mark.parametrize(
    "moments", [2, pytest.param(50, marks=pytest.mark.slow)], ids=["some", "many"]
)
def test_server_and_run_killed_under_decisions(
    office: Office, repository: Path, moments: int
) -> None:
    """What was answered with success is there after each restart, and all files say it.

    Each moment is two kills: of the server, and of a run that reads the same pages over and over.
    """
    chance = random.Random(moments)
    acknowledged: set[str] = set()
    for moment in range(moments):
        server = Server(office, repository)
        reader = start(READER, repository, office.home)
        person = Person(server.address(), moment)
        person.start()
        assert person.begun.wait(60)
        time.sleep(chance.uniform(0, 0.8))
        for kill in chance.sample([server.kill, reader.kill], 2):
            kill()
            time.sleep(chance.uniform(0, 0.05))
        person.join(30)
        assert person.surprises == []
        acknowledged |= set(person.acknowledged)
        kill_process(reader)
        whole(office)
        restarted(office, acknowledged)
    assert acknowledged
    office.run()
    after = office.outputs()
    shutil.rmtree(office.place.output)
    office.run()
    assert office.outputs() == after


def whole(office: Office) -> None:
    """No file is half written, whatever it says."""
    for path in office.place.output.rglob("*.json"):
        if path.parent.name == "issues" or path.name == "index.json":
            json.loads(path.read_bytes())
        else:
            read_record(path)
    for path in office.place.output.rglob("*.txt"):
        path.read_text("utf-8", errors="strict")


def restarted(office: Office, acknowledged: set[str]) -> None:
    """All that was acknowledged is there when somebody looks again, and the files say it."""
    with closing(office.desk()) as desk:
        assert acknowledged <= {entry.uid for entry in desk.list_history(limit=10**6)[0]}
        for stem in STEMS:
            desk.show_page(stem)
    output = office.place.output
    with Store(office.place.store) as whole:
        store = OutputStore(whole, office.place.name)
        keeper = make_page_writer(office.place, store, office.settings)
        while keeper.index_waiting():
            pass
        indexed = {c.outcome for c in ArticleIndexer(office.place, store).bring_in_step()}
        assert indexed == {"kept"}
        assert keeper.list_outdated() == []
        states = store.pages.list_pages().values()
        assert {state.stem for state in states} == set(STEMS)
        for state in states:
            record = read_record(output / f"{state.stem}.json")
            decisions, _ = keeper.decisions_on(state)
            assert merge_decisions(record, decisions).record == record
            files = render_page_files(record, output / state.stem, state.stem, keeper.formats)
            for suffix, data in files.contents.items():
                assert (output / f"{state.stem}{suffix}").read_bytes() == data
            statuses = {c.id: c.status.value for c in record.corrections}
            for row in store.questions.of_stem(state.stem):
                assert row.status == statuses[row.correction]
