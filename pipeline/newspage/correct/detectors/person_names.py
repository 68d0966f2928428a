"""Names of persons: a rare form beside a frequent one of somebody in the same office."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from newspage.chinese import Language, is_han
from newspage.correct.case import DetectorInput
from newspage.correct.detector import Detector
from newspage.correct.dictionaries import EntryKind
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence

NAME = Rule(
    "name",
    en=RuleWords("Name", "a rare form beside a frequent name"),
    zh=RuleWords("人名", "人名与常见写法不同"),
    cautious=True,
    guarded=True,
)
SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜"
    "詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉"
    "饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖"
    "糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺"
)
"""The frequent surnames of one character, in simplified form."""
BEFORE = (
    "记者",
    "通讯员",
    "编辑",
    "校对",
    "组版",
    "美编",
    "责编",
    "摄影",
    "审读",
    "主编",
    "评论员",
)
"""Offices that stand before a name."""
AFTER = (
    "总书记",
    "书记",
    "省长",
    "市长",
    "区长",
    "县长",
    "局长",
    "处长",
    "主任",
    "主席",
    "部长",
    "院长",
    "校长",
    "教授",
    "馆长",
    "厂长",
    "经理",
    "总理",
    "总统",
    "委员",
    "老师",
    "先生",
    "女士",
    "同志",
)
"""Offices that stand after a name."""
FREQUENT = 2
"""Occurrences on the page that the other form needs, if the dictionary of names lacks it.
Judgement."""
BELIEF = 0.6
"""Belief that the rare form is wrong. Judgement: a person is asked."""
_BEFORE = re.compile(f"(?:{'|'.join(BEFORE)})[:： ]?([一-龥]{{2,3}})(?![一-龥])")
"""A name (group 1) after an office."""
_AFTER = re.compile(f"([一-龥]{{2,3}})(?:{'|'.join(AFTER)})")
"""A name (group 1) before an office."""


def detect_wrong_names(case: DetectorInput) -> Iterator[Proposal]:
    """Propose the frequent or listed name for a rare one.

    The two differ by one character of the given name.
    """
    roles = _find_offices(case.page or case.string, case.language)
    listed = {e.text for e in case.dictionaries.phrases if e.kind is EntryKind.NAMES}
    counts = Counter({n: case.count_occurrences(n) for n in roles})
    common = listed | {n for n, count in counts.items() if count >= FREQUENT}
    for name, role in roles.items():
        if counts[name] == 1 and name not in listed and name in case.string:
            twins = [
                t for t in common if _differ_by_one(name, t) and (t in listed or role & roles[t])
            ]
            if len(twins) == 1:
                at = case.string.index(name)
                evidence = Evidence(belief=BELIEF, compare_with=twins[0])
                yield Proposal(NAME, at, at + len(name), twins[0], evidence)


def find_person_names(text: str, language: Language) -> set[str]:
    """Return the strings that look like a person's name beside an office or a byline."""
    return set(_find_offices(text, language))


def _is_common_word(name: str, language: Language) -> bool:
    """Tell whether a string is a listed word and no name: 常委会 before 主任."""
    tag = language.tag_word(name)
    return bool(tag) and not tag.startswith("nr")


def _find_offices(text: str, language: Language) -> dict[str, set[str]]:
    """Return each supposed name with the offices it is found with."""
    roles: dict[str, set[str]] = defaultdict(set)
    for pattern in (_BEFORE, _AFTER):
        for found in pattern.finditer(text):
            part = found[0].replace(found[1], "").strip(" :：")
            name = _extract_name(found[1])
            if name and not _is_common_word(name, language):
                roles[name].add(part)
    return roles


def _extract_name(text: str) -> str:
    """Return the name at the end of a match, a surname first; empty without one."""
    for candidate in (text, text[-2:]):
        if candidate[0] in SURNAMES and all(is_han(c) for c in candidate):
            return candidate
    return ""


def _differ_by_one(a: str, b: str) -> bool:
    """Tell whether two names of three characters differ by one of the given name."""
    return (
        len(a) == len(b) == 3
        and a[0] == b[0]
        and sum(x != y for x, y in zip(a, b, strict=True)) == 1
    )


DETECTOR = Detector(
    NAME,
    detect_wrong_names,
    examples=(
        (
            "编辑：郭立翔\n\n今日导读由郭立翔整理，读者来信请寄郭立翔收。\n\n编辑：郭立翊",
            "编辑：郭立翔\n\n今日导读由郭立翔整理，读者来信请寄郭立翔收。\n\n编辑：郭立翔",
        ),
    ),
    counterexamples=("萧敬远市长会见了肖敬原教授一行。",),
)
