"""Dates, weekdays, lunar dates and quantities that contradict each other. Never applied."""

import re
from collections.abc import Iterator
from datetime import date

from newspage.correct.case import DetectorInput
from newspage.correct.proposal import Proposal, Rule

WEEKDAYS = "一二三四五六日"
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
NEAR = 30
"""Characters within which a weekday or a lunar date is that of the date before it."""
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_WEEKDAY = re.compile(r"星期([一二三四五六日天])")
_LUNAR = re.compile(
    r"([甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥])年(闰?[正一二三四五六七八九十冬腊]+月[初十廿三]\S)"
)
_RATIO = re.compile(
    r"(?<!\d)(\d++/\d++|\d++(\.\d++)?倍)[，,；;]到?\d{4}年((?:扩大|缩小|拉大)(?:到|至|为)\d+(\.\d+)?[万亿]+元)"
)
BELIEF = 0.85


def detect_wrong_dates(case: DetectorInput) -> Iterator[Proposal]:
    """What a date or a quantity would be if it agreed with its neighbour."""
    for found in _DATE.finditer(case.string):
        day = _day(found)
        if day is None:
            yield Proposal(Rule.DATE, found.start(), found.end(), found[0], {"belief": BELIEF})
        else:
            yield from _beside(case.string, found.end(), day)
    for found in _RATIO.finditer(case.string):
        at = found.start(3)
        evidence: dict[str, float | str] = {"belief": 0.5, "twin": found[1]}
        yield Proposal(Rule.DATE, at, at, "差距", evidence)


def _day(found: "re.Match[str]") -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _beside(string: str, at: int, day: date) -> Iterator[Proposal]:
    near = string[at : at + NEAR].split("\n\n", maxsplit=1)[0]
    near = _DATE.split(near)[0]
    weekday = _WEEKDAY.search(near)
    true = WEEKDAYS[day.weekday()]
    if weekday and weekday[1].replace("天", "日") != true:
        evidence: dict[str, float | str] = {"belief": BELIEF, "twin": day.isoformat()}
        start = at + weekday.start(1)
        yield Proposal(Rule.DATE, start, start + 1, true, evidence)
    lunar = _LUNAR.search(near)
    if lunar:
        yield from _lunar(at, lunar, day)


def _lunar(at: int, found: "re.Match[str]", day: date) -> Iterator[Proposal]:
    year, rest = lunar_date(day)
    evidence: dict[str, float | str] = {"belief": BELIEF, "twin": day.isoformat()}
    if found[1] != year:
        yield Proposal(Rule.DATE, at + found.start(1), at + found.end(1), year, evidence)
    if found[2] != rest:
        yield Proposal(Rule.DATE, at + found.start(2), at + found.end(2), rest, evidence)


def lunar_date(day: date) -> tuple[str, str]:
    """Sexagenary year, and month and day, of a day in the Chinese calendar."""
    from lunar_python import Solar

    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    text = f"{lunar.getMonthInChinese()}月{lunar.getDayInChinese()}"
    return lunar.getYearInGanZhi(), text
