"""The file of a person's answers to the corrections of a text: read, applied, and written anew.

Any editor opens it; each correction has a line with brackets to write into. A correction is found
again by its change and the text around it: neither other corrections nor a change elsewhere in the
text moves an answer.
"""

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from newspage.collation.question_ranking import order_questions
from newspage.correct import WordsLanguage, explain_correction, is_minor_rule
from newspage.errors import InputError
from newspage.model import Correction, CorrectionStatus

AROUND = 16
"""Characters on both sides by which a correction is found again. Judgement: about a clause. Where
two corrections agree in all of them, as in repeated lines, their order tells them apart. Another
value would change the keys in files that people have."""
_SHOWN = 10
"""Characters of context shown on both sides."""
_LONGEST = 40
"""Characters of a change that are shown at most; a line then fits an editor's window."""
_LINE = re.compile(r"\s*\[(?P<said>.*?)\]\s*#(?P<key>[0-9a-f]{10}(?:-\d+)?)(?:\s|$)")
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")
"""Unicode categories of controls, lone surrogates and breaks of lines."""
_YES, _NO, _EDIT = frozenset("yYｙ是"), frozenset("nNｎ否"), ("=", "＝")

HEAD: Mapping[WordsLanguage, str] = {
    "en": """\
# Answers to the corrections of {name}
#
# Write into the brackets, save this file, and give the same command again:
#   [y]       yes, as proposed
#   [n]       no, leave what stands there
#   [=text]   write this text instead; [=] alone writes nothing
#   []        not answered: a question stays open, a change that was made stands
# Lines without brackets are remarks of newspage and written anew each time.
""",
    "zh": """\
# 《{name}》各处校改的答复
#
# 请在方括号内填写，保存本文件，再运行同一条命令：
#   [y]       同意，照改
#   [n]       不改，保留原文
#   [=文字]   改成这些文字；只写 [=] 表示删去
#   []        未答：待定的仍待定，已改的仍算已改
# 不带方括号的行是 newspage 的说明，每次重写。
""",
}
_PARTS: Mapping[str, tuple[str, str]] = {
    "open": ("Questions left", "待定"),
    "decided": ("Decided", "已答"),
    "made": ("Made without a person", "已改（未经人看）"),
    "gone": ("Answers to what is no longer found in the text", "以下各处在文中已找不到"),
}


@dataclass(frozen=True, slots=True)
class FileAnswers:
    """The answers of a person, by the key of the correction."""

    said: Mapping[str, str] = field(default_factory=dict)
    """The answer to each correction."""
    lines: Mapping[str, str] = field(default_factory=dict)
    """The line of each answer, as it stands in the file."""


def read_answers(text: str, name: str) -> FileAnswers:
    """Return the answers in a file of answers.

    `text` is the content of the file, `name` its name for messages. Raises InputError that names
    the first line that is wrong.
    """
    said: dict[str, str] = {}
    lines: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.match(line)
        if found is None:
            if line.strip().startswith("["):
                raise InputError("answer-line-damaged", path=name, line=number)
            continue
        answer, key = found["said"].strip(), found["key"]
        if not answer:
            continue
        if not _understood(answer):
            raise InputError("answer-unclear", path=name, line=number, answer=answer)
        if said.setdefault(key, answer) != answer:
            raise InputError("answer-contradicted", path=name, line=number)
        lines[key] = line.strip()
    return FileAnswers(said, lines)


def _understood(answer: str) -> bool:
    """Tell whether an answer is yes, no, or an edit without invisible characters."""
    if answer.startswith(_EDIT):
        return not any(unicodedata.category(c) in _UNSEEN for c in answer)
    return answer in _YES | _NO


def share_answers(
    text: str, corrections: Sequence[Correction], answers: FileAnswers
) -> FileAnswers:
    """Return the answers, one to an end of a move given to its other ends as well.

    `text` is the text that the corrections are of. Raises InputError where two ends contradict.
    """
    pairs = list(zip(correction_keys(text, corrections), corrections, strict=True))
    verdicts: dict[str, str] = {}
    for key, c in pairs:
        if c.group and key in answers.said:
            left = _decided(c, answers.said[key]).status is CorrectionStatus.REJECTED
            if verdicts.setdefault(c.group, "n" if left else "y") != ("n" if left else "y"):
                raise InputError("answers-to-move-differ", text=_shown(c.original))
    moved = {key: verdicts.get(c.group, "") for key, c in pairs}
    shared = {key: verdict for key, verdict in moved.items() if verdict}
    return replace(answers, said={**shared, **answers.said})


def apply_answers(
    text: str, corrections: Sequence[Correction], answers: FileAnswers
) -> list[Correction]:
    """Return the corrections of a text with the status and wording that the answers give them."""
    keys = correction_keys(text, corrections)
    pairs = zip(keys, corrections, strict=True)
    return [_decided(c, answers.said.get(key, "")) for key, c in pairs]


def _decided(correction: Correction, answer: str) -> Correction:
    """Return a correction as an answer leaves it; unchanged without an answer."""
    if not answer:
        return correction
    if answer in _NO:
        return replace(correction, status=CorrectionStatus.REJECTED)
    if answer in _YES:
        # Where what belongs there is not known there is nothing to say yes to.
        known = correction.original != correction.proposed
        return replace(correction, status=CorrectionStatus.ACCEPTED) if known else correction
    text = answer[1:]
    if text == correction.original:
        return replace(correction, status=CorrectionStatus.REJECTED)
    return replace(
        correction,
        status=CorrectionStatus.EDITED,
        proposed=text,
        machine_proposal=correction.proposed,
    )


def correction_keys(text: str, corrections: Iterable[Correction]) -> list[str]:
    """Return for each correction of a text the key by which it is found again; all differ.

    A key is ten hex digits of a digest of the change and `AROUND` characters on both sides; equal
    ones are numbered in the order of the text.
    """
    seen: Counter[str] = Counter()
    keys = []
    for c in corrections:
        start, end = c.span
        parts = (
            text[max(0, start - AROUND) : start],
            c.original,
            c.proposed,
            text[end : end + AROUND],
        )
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:10]
        seen[digest] += 1
        keys.append(digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")
    return keys


def write_answers(
    name: str, text: str, found: Sequence[Correction], answers: FileAnswers, language: WordsLanguage
) -> str:
    """Return the text of a file of answers: open questions, answered ones, and changes made.

    Args:
        name: The name of the corrected file.
        text: The text that was corrected.
        found: The corrections as they were before any answer, in the order of the text.
        answers: The answers so far. One whose place is gone is kept at the end of the file.
        language: The language of the remarks.
    """
    listed = [
        (key, c)
        for key, c in zip(correction_keys(text, found), found, strict=True)
        if not is_minor_rule(c.rule) or key in answers.said
    ]
    decided = [(k, c) for k, c in listed if k in answers.said]
    rest = [(k, c) for k, c in listed if k not in answers.said]
    parts = {
        "open": order_questions([p for p in rest if p[1].status is CorrectionStatus.PROPOSED]),
        "decided": decided,
        "made": [(k, c) for k, c in rest if c.status is not CorrectionStatus.PROPOSED],
    }
    lines = [HEAD[language].format(name=_plain(name)).rstrip("\n")]
    line_starts = _LineNumbers(text)
    for part, entries in parts.items():
        if entries:
            lines += ["", f"# {_PARTS[part][language == 'zh']}: {len(entries)}"]
            lines += (
                _line(k, c, text, line_starts.of(c.span[0]), answers.said.get(k, ""), language)
                for k, c in entries
            )
    known = {key for key, _ in listed}
    gone = [line for key, line in answers.lines.items() if key not in known]
    if gone:
        lines += ["", f"# {_PARTS['gone'][language == 'zh']}: {len(gone)}", *gone]
    return "\n".join(lines) + "\n"


class _LineNumbers:
    """The line numbers of places in a text."""

    def __init__(self, text: str) -> None:
        self._starts = [m.end() for m in re.finditer(r"\r\n|\r|\n", text)]

    def of(self, at: int) -> int:
        """Return the number of the line of an offset, from 1."""
        return bisect_right(self._starts, at) + 1


def _line(
    key: str, c: Correction, text: str, number: int, answer: str, language: WordsLanguage
) -> str:
    """Return the line of a correction: brackets, key, place, change with context, and reason."""
    start, end = c.span
    left, right = text[max(0, start - _SHOWN) : start], text[end : end + _SHOWN]
    wanted = "？" if c.original == c.proposed else _shown(c.proposed) or "∅"
    where = f"第 {number} 行" if language == "zh" else f"line {number}"
    change = f"{_plain(left)}【{_shown(c.original) or '∅'} → {wanted}】{_plain(right)}"
    return f"[{answer}] #{key}  {where}  {change}  ({_plain(explain_correction(c, language))})"


def _shown(text: str) -> str:
    """Return a text on one line, its middle left out where it is long."""
    half = _LONGEST // 2
    return _plain(text if len(text) <= _LONGEST else f"{text[:half]}…{text[-half:]}")


def _plain(text: str) -> str:
    """Return a text on one line, without characters that an editor could trip over."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "¶")
    return "".join("\ufffd" if unicodedata.category(c) in _UNSEEN else c for c in unix)
