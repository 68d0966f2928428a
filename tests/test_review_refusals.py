"""What the review page refuses is said in the language of the person, with its code."""

import re
from pathlib import Path
from typing import Any

import pytest

from newspage.batch.opening import FileOpener
from newspage.batch.tasks import LookTask, TaskFailure
from newspage.config import IngestConfig, RunConfig
from newspage.errors import InputError, OutputError, load_error_texts
from newspage.review.web.endpoints import describe_failure
from newspage.review.web.scan_pictures import ScanPictures
from newspage.store import StoreError, StoreGoneError
from tests.asking import Office
from tests.review_rooms import Room, draw_scans

CHINESE = {"Accept-Language": "zh-CN"}
LATIN = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """One page, just read."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, "a.png")
    office.run()
    return office


def refused(room: Room, path: str, body: object = None) -> dict[str, Any]:
    """What is answered to a Chinese reader, and the same to an English one is English."""
    said = []
    for language in (CHINESE, {"Accept-Language": "en"}):
        headers = room.headers | language
        if body is None:
            response = room.client.get(path, headers=headers)
        else:
            response = room.client.post(path, json=body, headers=headers)
        assert response.status_code >= 400
        said.append(response.json())
    chinese, english = said
    assert (chinese["code"], chinese["kind"]) == (english["code"], english["kind"])
    message = load_error_texts("en")[english["code"]].message
    assert english["error"].startswith(message.partition("{")[0])
    answer: dict[str, Any] = chinese
    return answer


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/api/question/9999", None, "question-unknown"),
        ("/api/page?stem=none", None, "page-unknown"),
        ("/api/nothing", None, "address-unknown"),
        ("/api/sign", None, "method-unknown"),
        ("/api/question/x", None, "address-unclear"),
        ("/api/questions?text=" + "x" * 1001, None, "search-too-long"),
        ("/picture/0/crop?box=1,2,3,4", None, "scan-unknown"),
        ("/picture/0/crop?box=1,2", None, "box-unclear"),
        ("/picture/0/crop?box=4,3,2,1", None, "box-outside-scan"),
        ("/static/none.js", None, "file-unknown"),
        ("/api/undo", {}, "decision-unknown"),
        ("/api/sign", {"stem": "none"}, "page-unknown"),
        ("/api/sign", {}, "request-unclear"),
        ("/api/pin", {"rule": "none", "standing": "asks"}, "detector-unknown"),
        ("/api/adopt", {"key": "none"}, "suggestion-unknown"),
        ("/api/sign", {"stem": "x" * 1_100_000}, "request-too-large"),
    ],
)
def test_refusals_are_told_in_chinese(room: Room, path: str, body: object, code: str) -> None:
    """Nothing of them is English but what stood in the request."""
    said = refused(room, path, body)
    assert said["code"] == code
    if "（" not in said["error"]:
        assert not LATIN.search(said["error"])


def test_a_stale_answer_is_told_in_chinese(room: Room) -> None:
    """With what stands there now."""
    question = room.get("questions")["items"][0]
    answer = {"question": question["id"], "act": "reject", "seen": "another text"}
    said = refused(room, "/api/answers", {"answers": [answer]})
    assert (said["code"], said["kind"]) == ("changed-meanwhile", "stale")
    assert said["error"] == "您看过之后，这里已被他人或一次运行改动。请再看一遍，然后决定。"
    assert said["view"]["question"]["id"] == question["id"]


def test_a_page_for_people_is_in_their_language(room: Room) -> None:
    """Not only the data that scripts ask for."""
    page = room.client.get("/page/none", headers=CHINESE)
    assert page.status_code == 404
    assert "没有这一页。它可能已改名：请在版面列表中查找。" in page.text


@pytest.mark.parametrize(
    ("error", "status", "kind", "code"),
    [
        (StoreGoneError("store-moved", store=Path("/home/ann/s")), 503, "store", "store-gone"),
        (
            StoreError("store-unusable", where="/home/ann/s", reason="x"),
            503,
            "store",
            "store-unavailable",
        ),
        (
            OutputError("disk-full", path=Path("/home/ann"), reason="x"),
            500,
            "trouble",
            "files-unwritable",
        ),
    ],
)
def test_where_things_lie_is_for_whoever_started_it(
    error: StoreError | OutputError, status: int, kind: str, code: str
) -> None:
    """Reviewers are told that it fails, in general words."""
    found, words = describe_failure(error, "en")
    assert (found, words["kind"], words["code"]) == (status, kind, code)
    assert "/home/ann" not in words["error"]


@pytest.mark.parametrize("apart", [False, True], ids=["in process", "in a worker"])
def test_a_broken_scan_is_told_without_its_folder(tmp_path: Path, apart: bool) -> None:
    """By its name alone, in both languages, with its code; also out of a process of its own."""
    path = tmp_path / "洛阳日报.png"
    path.write_bytes(b"no picture any more")
    with FileOpener(RunConfig()) as opener:
        pictures = ScanPictures(
            lambda _: (path, 0),
            tmp_path / "cache",
            IngestConfig(),
            **({"decode": opener.decode_page} if apart else {}),
        )
        with pytest.raises(InputError) as caught:
            pictures.describe_scan("a")
    assert caught.value.code == "scan-foreign"
    assert str(caught.value).startswith("洛阳日报.png: is a text file, not a scan.")
    assert caught.value.describe("zh").startswith("洛阳日报.png：不是扫描件。")


def test_a_failure_without_a_path_gets_the_name() -> None:
    """What ends a process does not know which file it was at; who is told must."""
    look = LookTask(Path("scans/a.png"), IngestConfig())
    told = InputError("scan-empty", path=look.path)
    assert TaskFailure(look, told).named_error is told
    killed = TaskFailure(look, InputError("reading-process-killed"))
    assert killed.named_error.code == "reading-process-killed"
    assert killed.message.startswith("scans/a.png: the process that read it was killed")
    assert killed.named_error.describe("zh").startswith("scans/a.png：读取它的进程被终止")
