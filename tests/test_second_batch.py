"""The second month asks less than the first, and changes nothing that is printed so."""

import random
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from newspage.config import Config, EngineConfig
from newspage.model import CorrectionStatus, PageRecord, Scan, join_chars
from newspage.record import read_record
from newspage.review.service.views import Answer, QuestionFilter
from tests.asking import Office
from tests.decided_pages import asking_with, page_of

CONFUSED = {"于": "干", "末": "未", "已": "己", "日": "曰", "人": "入"}
"""What is printed, and what is read instead."""

SENTENCES = (
    "展览馆位于城北公园", "周末有雨转多云", "工程已经全部完工", "昨日上午开幕", "数千人参加集会",
    "对于这件事情", "月末结算工资", "他们已在路上", "生日快乐的孩子", "工人师傅辛苦",
    "由于天气原因", "岁末年初时节", "早已准备妥当", "节日的街头热闹", "老人和孩子们",
    "干部深入群众", "未来五年规划", "自己动手种菜", "子曰学而时习", "收入稳步提高",
    "树干上挂着灯", "尚未发现问题", "舍己救人事迹", "进入冬季以后", "干净的街道旁",
)  # fmt: skip
"""The last ten hold the other characters of the pairs, rightly."""

LIKELY, TELLING = 0.15, 3.5
"""Chance that a printed character is misread; log-odds of what the scan then shows, mean."""


@dataclass(frozen=True, slots=True)
class Place:
    """A character that is asked about, and whether the proposal is what is printed."""

    offset: int
    proposed: str
    right: bool
    pixels: float


def printed_page(name: str) -> tuple[str, str, list[Place]]:
    """What is printed on a page, what is read, and what is proposed.

    Every third place where the other character of a pair is rightly read is a trap: the same
    proposal, and a scan that leans against it or does not decide.
    """
    dice = random.Random(zlib.crc32(name.encode()))
    printed = "".join(dice.choice(SENTENCES) + dice.choice("，。") for _ in range(40))
    twins = {read: truth for truth, read in CONFUSED.items()}
    read, places = "", []
    for offset, c in enumerate(printed):
        if c in CONFUSED and dice.random() < LIKELY * 4:
            read += CONFUSED[c]
            places.append(Place(offset, c, True, dice.gauss(TELLING, 1.5)))
        else:
            read += c
            if c in twins and dice.random() < 0.34:
                places.append(Place(offset, twins[c], False, min(1.9, dice.gauss(-3.0, 3.0))))
    return printed, read, places


def read_page(scan: Scan, config: Config) -> PageRecord:
    """The page of a scan, with its proposals."""
    _, read, places = printed_page(scan.path.stem)
    lines = [read[i : i + 12] for i in range(0, len(read), 12)]
    made = [(0, p.offset, p.offset + 1, p.proposed, p.pixels) for p in places]
    return asking_with(page_of([("", [lines])], scan), made)


def make(config: EngineConfig, threads: int) -> Callable[[Scan, Config], PageRecord]:
    """A maker of readers."""
    return read_page


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of the proposals of a batch."""

    proposals: int
    asked: int
    spared: int
    harm: int
    """Answers without a person that are wrong: changed though printed so, or left though not."""


def judged(office: Office, stems: list[str]) -> Asked:
    """Each proposal of some pages, against what is printed."""
    seen: Counter[str] = Counter()
    for stem in stems:
        record = read_record(office.place.output / f"{stem}.json")
        right = {p.offset: p.right for p in printed_page(stem)[2]}
        for c in record.corrections:
            seen["proposals"] += 1
            seen["asked"] += c.status is CorrectionStatus.PROPOSED
            accepted, rejected = (
                c.status is CorrectionStatus.ACCEPTED,
                c.status is CorrectionStatus.REJECTED,
            )
            seen["spared"] += accepted or rejected
            seen["harm"] += accepted and not right[c.span[0]]
            seen["harm"] += rejected and right[c.span[0]]
    return Asked(seen["proposals"], seen["asked"], seen["spared"], seen["harm"])


def review(office: Office, stems: list[str]) -> None:
    """A person who looks at every question of some pages, and says what is printed."""
    with closing(office.desk()) as desk:
        for stem in stems:
            right = [p.right for p in printed_page(stem)[2]]
            asked, _ = desk.list_questions(
                QuestionFilter(stem=stem, state="all"), "page", 0, 10_000
            )
            assert len(asked) == len(right)
            answers = [
                Answer(q.id, "accept" if yes else "reject", q.seen)
                for q, yes in zip(sorted(asked, key=lambda q: q.id), right, strict=True)
            ]
            desk.record_answers(answers, "ann")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An empty office."""
    return Office(tmp_path, monkeypatch)


def test_the_second_batch_asks_half_or_less(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a person went through the first batch; and nothing is changed that is printed so.

    Of the traps, proposals of patterns well known where the scan does not bear them out, none is
    followed: they are asked, or left as they are read.
    """
    first = [f"first{i}" for i in range(12)]
    second = [f"second{i}" for i in range(12)]
    office.scans(*(f"{stem}.png" for stem in first))
    office.run(make=make)
    before = judged(office, first)
    assert before.spared == 0
    review(office, first)
    office.scans(*(f"{stem}.png" for stem in first + second))
    office.run(make=make)
    after = judged(office, second)
    with capsys.disabled():
        print(f"\nfirst batch:  {before}\nsecond batch: {after}")  # noqa: T201
    assert after.harm == 0
    share_before = before.asked / before.proposals
    share_after = after.asked / after.proposals
    assert share_after <= share_before / 2
    for stem in second:
        printed, read, _ = printed_page(stem)
        record = read_record(office.place.output / f"{stem}.json")
        text = "".join(join_chars(p.chars) for a in record.articles for p in a.paragraphs)
        assert all(now in (truth, was) for now, truth, was in zip(text, printed, read, strict=True))


def test_traps_in_words_that_were_right_before(office: Office) -> None:
    """Even between the very same characters the scan has the last word."""
    names = [f"first{i}" for i in range(12)]
    office.scans(*(f"{stem}.png" for stem in names))
    office.run(make=make)
    review(office, names)

    def trapped(scan: Scan, config: Config) -> PageRecord:
        """Every misread sentence, but this time it is printed so."""
        text = "展览馆位干城北公园，周未有雨转多云，工程己经全部完工，昨曰上午开幕。"
        made = [
            (0, i, i + 1, truth, pixels)
            for truth, read in CONFUSED.items()
            for i, c in enumerate(text)
            if c == read
            for pixels in (-0.5,)
        ]
        return asking_with(page_of([("", [[text]])], scan), made)

    office.scans(*(f"{stem}.png" for stem in names), "trap.png")
    office.run(make=lambda config, threads: trapped)
    record = read_record(office.place.output / "trap.json")
    assert [c.status for c in record.corrections] == [CorrectionStatus.PROPOSED] * 4
