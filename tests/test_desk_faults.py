"""Kill -9 of who decides and of who reads, at any moment: what was acknowledged is there."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from newspage.record import read_record
from newspage.review.service.page_edits import Signature, TextEdit
from newspage.review.service.views import Answer, QuestionFilter
from tests.asking import PAGES, Office, just_read
from tests.test_faults import killed

DECIDER = """
import json, random, sys
from pathlib import Path
from newspage.review.service.page_edits import Signature, TextEdit
from newspage.review.service.views import Answer, QuestionFilter
from tests.asking import Office
home, seed, store = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
chance = random.Random(seed)
desk = Office(home, None, *store).desk()
print(json.dumps("ready"), flush=True)
while True:
    asked = desk.list_questions(QuestionFilter(state="all"))[0]
    question = chance.choice(asked)
    act = chance.choice(["accept", "reject", "edit"])
    try:
        if chance.random() < 0.2:
            page = desk.show_page(question.stem)
            article = page.articles[-1]
            text = chr(0x4e00 + chance.randrange(9))
            receipt = desk.record_edit(
                TextEdit(question.stem, article.id, 4, 5, text, article.seen), Signature("ann")
            )
        else:
            receipt, = desk.record_answers([Answer(question.id, act, question.seen, "改")], "ann")
    except Exception as error:
        if type(error).__name__ not in ("StaleError", "RequestError"):
            raise
        continue
    print(json.dumps(receipt.uid), flush=True)
"""

READER = """
import sys
from pathlib import Path
from newspage.batch import folder
from tests import fakes
from tests.asking import Office
folder.WorkerPool = fakes.LocalCrew
office = Office(Path(sys.argv[1]), None, *sys.argv[2:])
print("ready", flush=True)
while True:
    office.run(force=True)
"""


def start(program: str, repository: Path, *arguments: object) -> "subprocess.Popen[str]":
    """A process that runs a program; it has begun when it comes back."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=repository,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{repository / 'pipeline'}{os.pathsep}{repository}"},
    )
    assert process.stdout is not None
    assert "ready" in process.stdout.readline()
    return process


def kill(process: "subprocess.Popen[str]") -> list[str]:
    """Kill a process; the uids that it had acknowledged."""
    process.send_signal(signal.SIGKILL)
    assert process.stdout is not None
    lines = process.stdout.read().splitlines()
    process.stdout.close()
    process.wait()
    # The last line may have been cut off.
    return [json.loads(line) for line in lines if line.endswith('"') and line.startswith('"')]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Four pages of an issue, just read."""
    return just_read(tmp_path, monkeypatch, *PAGES)


@pytest.mark.skipif(os.name != "posix", reason="needs kill -9")
@pytest.mark.parametrize(
    "moments", [3, pytest.param(100, marks=pytest.mark.slow)], ids=["some", "many"]
)
def test_killed_while_people_decide(office: Office, repository: Path, moments: int) -> None:
    """No acknowledged decision is lost and no record half written; output then is what it must be.

    A desk and a run are at work on the same pages; both are killed, each at a moment of its own.
    """
    chance = random.Random(moments)
    acknowledged: set[str] = set()
    for moment in range(moments):
        decider = start(DECIDER, repository, office.home, moment)
        reader = start(READER, repository, office.home)
        for process in chance.sample([decider, reader], 2):
            time.sleep(chance.uniform(0, 0.25))
            acknowledged |= set(kill(process))
        for path in office.place.output.glob("*/*.json"):
            if path.parent.name != "issues":
                read_record(path)
        with closing(office.desk(read_only=True)) as desk:
            known = {entry.uid for entry in desk.list_history(limit=10**6)[0]}
        assert acknowledged <= known
    assert acknowledged
    office.run()
    with closing(office.desk()) as desk:
        assert desk.list_lost() == ()
        asked = desk.list_questions(QuestionFilter(state="all"))[0]
    after = office.outputs()
    shutil.rmtree(office.place.output)
    office.run()
    assert office.outputs() == after
    with closing(office.desk()) as desk:
        assert desk.list_questions(QuestionFilter(state="all"))[0] == asked


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("stride", [11, pytest.param(1, marks=pytest.mark.slow)])
def test_a_run_killed_over_decisions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stride: int
) -> None:
    """At any write, rename or commit: the next run leaves just what an undisturbed one leaves."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    start = Office(tmp_path / "start", monkeypatch)
    start.scans(*PAGES[:2])
    start.run()
    with closing(start.desk()) as desk:
        for number, question in enumerate(desk.list_questions(QuestionFilter(state="all"))[0][::2]):
            desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
            page = desk.show_page(question.stem)
            desk.record_edit(
                TextEdit(question.stem, "a2", 0, 1, str(number), page.articles[1].seen),
                Signature("ann"),
            )
    shutil.rmtree(start.place.output)
    whole = Office(tmp_path / "whole", monkeypatch)
    shutil.copytree(start.home, whole.home)
    whole.run()
    expected, moment, reached = whole.outputs(), 1 + stride // 2, True
    while reached:
        home = tmp_path / "home"
        shutil.copytree(start.home, home)
        office = Office(home, monkeypatch)
        reached = killed(moment, monkeypatch, office.run)
        office.run()
        assert office.outputs() == expected, f"killed at moment {moment}"
        shutil.rmtree(home)
        moment += stride
    assert moment > 30
