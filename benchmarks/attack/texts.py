"""Dictionaries, settings, decisions, records and texts of other systems, made unsound."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from benchmarks.attack.feeding import Hostile, feed_others, trying
from benchmarks.attack.mutations import mutate
from benchmarks.attack.tally import Tally
from newspage.batch.tasks import ReadScan
from newspage.config import Config, EngineConfig
from newspage.decision import Act, Anchor, Decision
from newspage.geometry import Box
from newspage.model import Scan
from newspage.record import encode_record
from newspage.settings import list_known_keys
from tests import fakes

_ODD = (
    "\0",
    "\x1b[31m",
    "\r",
    "\n",
    "\t",
    "\u2028",
    "\u202e",
    "\ufeff",
    "\ufffe",
    "\u3000",
    "\u00a0",
    "\u2003",
    "e\u0301",
    "\U0001f600",
    "\U000e0001",
    "𠮷",
    "〇",
    "卅",
    "·",
    "“",
    "”",
    "¶",
    "!",
    "#",
    "%",
    "[[",
    "]]",
    '"""',
    "'''",
    "\\",
    "\\u0000",
    "9" * 400,
    "一" * 3_000,
    "-0",
    "1e999",
    "nan",
    "inf",
)
_DEEP = (50, 500, 5_000)


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of files: how a hostile one is made, and what the program does with it."""

    name: str
    suffix: str
    make: Callable[[random.Random], bytes]
    attempt: Callable[[Path], object]


def attack_texts(size: int, seed: int, keep: Path | None = None) -> Tally:
    """Try so many hostile dictionaries, settings, decisions, records and texts by turns."""
    tally = Tally("texts and settings")
    feed_others(hostile_texts(size, seed), judging, tally, keep)
    return tally


def hostile_texts(size: int, seed: int) -> Iterator[Hostile]:
    """Yield hostile files; the same for the same seed."""
    for number in range(size):
        sort = _TURNS[number % len(_TURNS)]
        chance = random.Random(f"{seed} text {number}")
        data = sort.make(chance)
        if chance.random() < 0.3:
            data = mutate(data, chance, sort.make(chance))
        yield Hostile(f"{sort.name}-{seed}-{number}.{sort.suffix}", data)


def judging(config: EngineConfig, threads: int) -> ReadScan:
    """Make a reader that does with each sort of file what the program does; for workers."""
    attempts = {sort.name: sort.attempt for sort in SORTS}
    return trying(lambda path: attempts[path.name.split("-")[0]](path))


def _noisy(text: str, chance: random.Random) -> str:
    """A text with odd characters strewn in."""
    for _ in range(chance.choice((0, 1, 1, 3))):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(_ODD) + text[at:]
    return text


def _bytes(text: str, chance: random.Random) -> bytes:
    """A text in some encoding, lone surrogates and all."""
    if chance.random() < 0.1:
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(("\ud800", "\udfff", "\udc80")) + text[at:]
        return text.encode("utf-8", "surrogatepass")
    encoding = chance.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16", "big5"))
    return text.encode(encoding, "replace")


# Dictionaries


def _make_dictionary(chance: random.Random) -> bytes:
    words = [
        "中华人民共和国",
        "新华社",
        "newspage",
        "东关",
        "!编辑部",
        "# 注",
        "",
        "己已巳",
        "fixed",
    ]
    lines = [
        "\t".join(_noisy(chance.choice(words), chance) for _ in range(chance.choice((1, 2, 3, 9))))
        for _ in range(chance.randrange(30))
    ]
    return _bytes(chance.choice(("\n", "\r\n", "\r")).join(lines), chance)


def _try_dictionary(path: Path) -> None:
    """Check, import, load and look up, as each of its kinds."""
    from newspage.correct import dictionary_files
    from newspage.correct.dictionaries import EntryKind, load_dictionaries
    from newspage.errors import NewspageError

    kind = list(EntryKind)[int(path.stem.split("-")[-1]) % len(EntryKind)]
    own = path.with_suffix("") / "own"
    dictionary_files.import_entries(own, kind, path)
    loaded = load_dictionaries([own])
    assert loaded.by_text is not None
    given = path.with_suffix("") / "given"
    given.mkdir(parents=True)
    (given / f"{kind}.tsv").write_bytes(path.read_bytes())
    faults = list(dictionary_files.check_dictionaries([given]))
    try:
        load_dictionaries([given])
    except NewspageError:
        assert faults
    else:
        assert not faults


# Settings


def _make_settings(chance: random.Random) -> bytes:
    values = [
        "1",
        "-1",
        "1e300",
        "nan",
        "true",
        '""',
        '"auto"',
        "[]",
        "[1, 'a']",
        "{}",
        "2020-01-01",
    ]
    deep = chance.choice(_DEEP)
    nested = ["[" * deep + "]" * deep, "{a=" * deep + "1" + "}" * deep]
    if chance.random() < 0.1:
        return f"run = {chance.choice(nested)}".encode()
    values += nested
    lines = []
    for _ in range(chance.randrange(1, 12)):
        stage, name = chance.choice(list_known_keys())
        lines += [
            _noisy(chance.choice((f"[{stage}]", "[[override]]", f"[{stage}.{name}]", "")), chance),
            _noisy(f"{chance.choice((name, stage + '.' + name, 'match'))} = ", chance)
            + chance.choice((*values, json.dumps(_noisy("xin*[", chance)))),
        ]
    if chance.random() < 0.1:
        lines.append("a" + ".a" * chance.choice(_DEEP) + " = 1")
    return _bytes("\n".join(lines), chance)


def _try_settings(path: Path) -> None:
    """Load them, and ask for those of a scan."""
    from newspage.settings import load_settings

    load_settings(path, {}).for_path("xinjiang-2020-01-01/p1.png")


# Decisions


def _decision(chance: random.Random) -> Decision:
    text = _noisy("一二三四", chance)
    act = chance.choice(list(Act))
    anchor = Anchor("0" * 64, 0, 40, 30, (Box(0, 0, 9, 9),), text=text)
    at = datetime.fromtimestamp(chance.randrange(2**31), UTC).isoformat()
    uid = f"{chance.randrange(2**64):016x}"
    return Decision(uid, at, _noisy("ann", chance), act, anchor, text=_noisy("五", chance))


def _make_decisions(chance: random.Random) -> bytes:
    from newspage.decisions.exchange import write_decision_lines

    lines = list(write_decision_lines([_decision(chance) for _ in range(chance.randrange(1, 9))]))
    for number in range(1, len(lines)):
        if chance.random() < 0.4:
            lines[number] = _broken_json(lines[number], chance)
    return b"".join(lines)


def _broken_json(line: bytes, chance: random.Random) -> bytes:
    """A line in which one value is of another kind, or nested deep."""
    deep = chance.choice(_DEEP)
    odd = [
        b"null",
        b"-1",
        b"1e999",
        b"9" * 30,
        b'"\\ud800"',
        b'"\\u0000"',
        b"[]",
        b"{}",
        b"NaN",
        b"[" * deep + b"]" * deep,
        b'{"a":' * deep + b"1" + b"}" * deep,
    ]
    values = line.rstrip().split(b",")
    at = chance.randrange(len(values))
    name, mark, _ = values[at].partition(b":")
    values[at] = (name + mark if mark else b"") + chance.choice(odd)
    return b",".join(values) + (b"}" if at == len(values) - 1 else b"") + b"\n"


def _try_decisions(path: Path) -> None:
    """Read them as an import does; those that are sound must survive the next round trip."""
    from newspage.decision import Decision
    from newspage.decisions.exchange import read_decision_lines, write_decision_lines

    found = [
        one
        for one in read_decision_lines(path.read_bytes().splitlines())
        if isinstance(one, Decision)
    ]
    again = list(read_decision_lines(b"".join(write_decision_lines(found)).splitlines()))
    assert again == found


# Page records


@cache
def _record() -> bytes:
    scan = Scan(Path("p1.png"), "0" * 64, 400, 300)
    return encode_record(fakes.record_of(scan, "一二三四五六七八九十", "标题"))


def _make_record(chance: random.Random) -> bytes:
    if chance.random() < 0.5:
        return _broken_json(_record(), chance)
    return _bytes(_noisy(_record().decode(), chance), chance)


def _try_record(path: Path) -> None:
    """Read it, and fold nothing into it."""
    from newspage.output.page_files import choose_output_formats, render_page_files
    from newspage.record import read_record
    from newspage.settings import Settings

    formats = choose_output_formats(Settings(Config()))
    render_page_files(read_record(path), path.with_suffix(""), path.stem, formats)


# Texts that other systems made


def _make_text(chance: random.Random) -> bytes:
    parts = [
        "本报讯 记者王小明报道，市图书馆周末延时开放。",
        "二〇二四年三月十八日",
        "（下转第三版）",
        "第三版",
        "The library opens at 9 a.m.",
        "１２３４５",
        "，，，。。。",
        "一" * 200,
        "口口口口",
        "",
        "　　",
    ]
    lines = [_noisy(chance.choice(parts), chance) for _ in range(chance.randrange(40))]
    return _bytes(chance.choice(("\n", "\r\n", "\n\n")).join(lines), chance)


def _try_text(path: Path) -> None:
    """Correct it, and make its report."""
    from newspage.collation.text_files import correct_file

    correct_file(path, None, Config()).summarise_changes("en")


SORTS: tuple[Sort, ...] = (
    Sort("dictionary", "txt", _make_dictionary, _try_dictionary),
    Sort("settings", "toml", _make_settings, _try_settings),
    Sort("decisions", "jsonl", _make_decisions, _try_decisions),
    Sort("record", "json", _make_record, _try_record),
    Sort("text", "txt", _make_text, _try_text),
)
_TURNS = (*SORTS[:-1], *SORTS)
"""A text takes a second, the others milliseconds."""
