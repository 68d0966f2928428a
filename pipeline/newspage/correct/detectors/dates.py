"""Dates, weekdays, lunar dates and quantities that contradict each other."""

import re
from collections.abc import Iterator
from datetime import date

from newspage.correct.case import DetectorInput
from newspage.correct.detector import Detector
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence

DATE = Rule(
    "date",
    en=RuleWords("Date or number", "dates or quantities that contradict each other"),
    zh=RuleWords("日期数字", "日期或数量矛盾"),
    cautious=True,
)
WEEKDAYS = "一二三四五六日"
"""The characters of the weekdays, from Monday."""
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
"""The ten stems and twelve branches that name the sexagenary years."""
NEAR = 30
"""Characters after a date in which a weekday or a lunar date is that of the date. Judgement."""
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
"""A date with a year of four digits."""
_WEEKDAY = re.compile(r"星期([一二三四五六日天])")
"""A weekday; group 1 is its character."""
_LUNAR = re.compile(
    r"([甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥])年(闰?[正一二三四五六七八九十冬腊]+月[初十廿三]\S)"
)
"""A lunar date: the sexagenary year, then month and day."""
_RATIO = re.compile(
    r"(?<!\d)(\d++/\d++|\d++(\.\d++)?倍)[，,；;]到?\d{4}年((?:扩大|缩小|拉大)(?:到|至|为)\d+(\.\d+)?[万亿]+元)"
)
"""A ratio and a year, then 扩大到 with an amount of money: the word for the difference is
missing."""
BELIEF = 0.85
"""Belief that two dates contradict each other. Judgement: either may be the wrong one, so that a
person is asked."""


def detect_wrong_dates(case: DetectorInput) -> Iterator[Proposal]:
    """Propose the date or quantity that agrees with its neighbour.

    A date that does not exist becomes a question.
    """
    for found in _DATE.finditer(case.string):
        day = _parse_date(found)
        if day is None:
            yield Proposal(DATE, found.start(), found.end(), found[0], Evidence(belief=BELIEF))
        else:
            yield from _check_neighbours(case.string, found.end(), day)
    for found in _RATIO.finditer(case.string):
        at = found.start(3)
        evidence = Evidence(belief=0.5, compare_with=found[1])
        yield Proposal(DATE, at, at, "差距", evidence)


def _parse_date(found: "re.Match[str]") -> date | None:
    """Return the date of a match, or None where there is no such day."""
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _check_neighbours(string: str, at: int, day: date) -> Iterator[Proposal]:
    """Yield corrections of the weekday and the lunar date that follow a date."""
    near = string[at : at + NEAR].split("\n\n", maxsplit=1)[0]
    near = _DATE.split(near)[0]
    weekday = _WEEKDAY.search(near)
    true = WEEKDAYS[day.weekday()]
    if weekday and weekday[1].replace("天", "日") != true:
        evidence = Evidence(belief=BELIEF, compare_with=day.isoformat())
        start = at + weekday.start(1)
        yield Proposal(DATE, start, start + 1, true, evidence)
    lunar = _LUNAR.search(near)
    if lunar:
        yield from _check_lunar_date(at, lunar, day)


def _check_lunar_date(at: int, found: "re.Match[str]", day: date) -> Iterator[Proposal]:
    """Yield corrections of a lunar date that is not that of the day."""
    year, rest = lunar_date(day)
    evidence = Evidence(belief=BELIEF, compare_with=day.isoformat())
    if found[1] != year:
        yield Proposal(DATE, at + found.start(1), at + found.end(1), year, evidence)
    if found[2] != rest:
        yield Proposal(DATE, at + found.start(2), at + found.end(2), rest, evidence)


def lunar_date(day: date) -> tuple[str, str]:
    """Return a day of the Chinese calendar: its sexagenary year, and its month and day."""
    from lunar_python import Solar

    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    text = f"{lunar.getMonthInChinese()}月{lunar.getDayInChinese()}"
    return lunar.getYearInGanZhi(), text


DETECTOR = Detector(
    DATE,
    detect_wrong_dates,
    examples=(
        (
            "江州晚报 2023年11月22日 星期四",
            "江州晚报 2023年11月22日 星期三",
        ),
    ),
    counterexamples=("2023年11月22日 星期三 农历癸卯年十月初十 第9871期 今日8版",),
)
