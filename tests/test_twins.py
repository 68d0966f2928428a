"""Two scans of one page, both read before anything was said of either."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from newspage.review.service.views import Answer, QuestionFilter
from tests.asking import Office


def test_what_was_said_of_one_was_not_said_of_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Emptying the output and reading again does not bring decisions over from the twin."""
    office = Office(tmp_path, monkeypatch)
    # Made-up pages whose names have the same letters say the same.
    office.scans("ab.png", "ba.png")
    office.run()
    with closing(office.desk()) as desk:
        question = next(q for q in desk.list_questions(QuestionFilter())[0] if q.stem == "ab")
        desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
    before = office.outputs()
    assert before["ab.txt"] != before["ba.txt"]
    shutil.rmtree(office.place.output)
    office.run()
    assert office.outputs() == before
