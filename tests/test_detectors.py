"""The table of detectors: what each entry says of itself is true, and nothing else knows a rule."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from newspage.chinese.word_list import load_word_list
from newspage.collation.existing_text import correct_text
from newspage.config import CorrectConfig
from newspage.correct.by_people import RULES_OF_PEOPLE
from newspage.correct.case import DetectorInput, PrintedLines
from newspage.correct.ctc_scores import make_alphabet
from newspage.correct.detector import Detector, Phase
from newspage.correct.detector_table import find_rule, load_detectors, load_rules
from newspage.correct.detectors import COMPARED, DETECTORS
from newspage.correct.policy import decide_corrections
from newspage.correct.rule import Rule, RuleWords
from newspage.correct.text_input import classify_blocks
from newspage.decisions.claims import HAND, JOIN, TYPED
from newspage.edits.edit_script import apply_corrections
from newspage.edits.flat_text import FlatText, TextPart
from newspage.model import Char, Correction, RegionKind, TextLine
from tests.correct_fakes import (
    PITCH,
    characters_of,
    chars_of,
    knowledge,
    line,
    shipped_dictionaries,
)

PACKAGE = Path(__file__).resolve().parents[1] / "pipeline" / "newspage"
CASES = Path(__file__).parent / "cases"
ABOUT_CORRECTIONS = ("correct", "collation", "decisions", "evaluation", "output", "review")
"""Packages in which a word that is also the name of a rule would be taken for the rule."""
OTHER_WORDS = {
    ("collation/text_files.py", "character"): "a unit of counting",
    ("recognise/reading_doubt.py", "look-alike"): "a measure of a character",
    ("review/service/archive_view.py", "date"): "an order of pages",
    ("review/service/character_places.py", "date"): "an order of results",
    ("review/service/hand_edits.py", "join"): "a noun in a message",
    ("review/service/issue_search.py", "date"): "an order of results",
    ("review/service/review_service.py", "name"): "an order of pages",
    ("review/web/archive_pages.py", "character"): "a page of the review page",
    ("review/web/endpoints.py", "date"): "an order of results",
    ("review/web/iiif_endpoints.py", "name"): "a part of an address",
    ("review/web/page_requests.py", "name"): "an order of pages",
}
"""Literals of these packages that are the name of a rule and mean something else."""
ALL = CorrectConfig(apply="all")
FOUND = [(entry, *pair) for entry in DETECTORS for pair in entry.examples]
LEFT = [(entry, text) for entry in DETECTORS for text in entry.counterexamples]


def print_text(text: str, right: str) -> tuple[FlatText, PrintedLines]:
    """A paragraph printed line by line; where `right` has another character the reader doubts."""
    whole = text.replace("\n", "")
    pairs = zip(whole, right, strict=True) if len(whole) == len(right) else ()
    doubts = {i: (b, -0.05) for i, (a, b) in enumerate(pairs) if a != b}
    characters = characters_of(text, right)
    lines: dict[str, TextLine] = {}
    chars: list[Char] = []
    for number, row in enumerate(text.split("\n")):
        name, first = f"l{number}", len(chars)
        here = {i - first: d for i, d in doubts.items() if first <= i < first + len(row)}
        lines[name] = line(name, row, characters, here, top=1.2 * PITCH * number)
        chars += chars_of(row, name)
    part = TextPart(0, len(whole), RegionKind.BODY)
    printed = PrintedLines(lines, characters, make_alphabet(characters))
    return FlatText("page", whole, (part,), tuple(chars)), printed


def use_alone(entry: Detector, text: str, right: str) -> tuple[str, tuple[Correction, ...]]:
    """The text as it is read, and what policy keeps of the proposals of one detector about it."""
    printed = PrintedLines()
    read = classify_blocks(text)
    if entry.phase is Phase.LINES:
        read, printed = print_text(text, right)
    case = DetectorInput(read, shipped_dictionaries(), load_word_list(), read.string, printed)
    proposals = list(entry.detect(case))
    assert {p.rule for p in proposals} <= {entry.rule}
    return read.string, decide_corrections(read, proposals, ALL)


def literals(module: Path) -> Iterator[tuple[int, str]]:
    """Line and value of each string in a module."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def declared(module: Path) -> set[str]:
    """Names of the rules that a module declares."""
    calls = (n for n in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(n, ast.Call))
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id == "Rule"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


@pytest.mark.parametrize(
    ("entry", "text", "right"), FOUND, ids=[f"{e.rule.name}-{e.detect.__name__}" for e, *_ in FOUND]
)
def test_a_detector_finds_what_its_entry_says(entry: Detector, text: str, right: str) -> None:
    """By itself; with all of its proposals the text is right."""
    string, found = use_alone(entry, text, right)
    assert found
    assert apply_corrections(string, found) == right


@pytest.mark.parametrize(
    ("entry", "text"), LEFT, ids=[f"{e.rule.name}-{e.detect.__name__}" for e, _ in LEFT]
)
def test_a_detector_leaves_what_its_entry_says(entry: Detector, text: str) -> None:
    """Nobody is asked about it, by this detector or by any other."""
    assert use_alone(entry, text, text.replace("\n", ""))[1] == ()
    if entry.phase is not Phase.LINES:
        assert correct_text(text, knowledge()).corrections == ()


@pytest.mark.parametrize("entry", DETECTORS, ids=lambda e: f"{e.rule.name}-{e.detect.__name__}")
def test_every_entry_has_a_text_to_find_and_one_to_leave(entry: Detector) -> None:
    """A detector that is never tried is not in the table."""
    assert entry.examples
    assert entry.counterexamples
    assert all(text != right for text, right in entry.examples)


def test_every_rule_that_is_declared_is_in_the_table() -> None:
    """Once, by the name under which records and questions have it."""
    places = [name for module in sorted(PACKAGE.rglob("*.py")) for name in declared(module)]
    assert sorted(places) == sorted(load_rules())
    assert {entry.rule.name for entry in load_detectors()} < set(load_rules())
    assert {rule.name for rule in COMPARED} < set(load_rules())
    assert {name for name, rule in load_rules().items() if not rule.proposed_by_machine} == {
        HAND,
        JOIN,
        TYPED,
    }
    assert {HAND, JOIN, TYPED} == {rule.name for rule in RULES_OF_PEOPLE}


def test_every_rule_of_a_correction_is_in_the_table() -> None:
    """Whatever is found in the texts of the cases, each rule has its entry."""
    files = ("in-the-wild", "synthetic", "negative", "known-failures")
    texts = [c["original"] for f in files for c in json.loads((CASES / f"{f}.json").read_bytes())]
    found = {c.rule for text in texts for c in correct_text(text, knowledge()).corrections}
    assert len(found) > 10
    assert all(find_rule(rule) for rule in found)


@pytest.mark.parametrize(
    "module", sorted(PACKAGE.rglob("*.py")), ids=lambda m: str(m.relative_to(PACKAGE))
)
def test_no_rule_is_named_outside_its_file(module: Path) -> None:
    """Who needs one imports it; a new detector is one new file."""
    place = module.relative_to(PACKAGE).as_posix()
    close = place.startswith(ABOUT_CORRECTIONS)
    names = {name for name in load_rules() if close or "-" in name} - declared(module)
    spelled = [
        (number, value)
        for number, value in literals(module)
        if value.removeprefix("rule.") in names and (place, value) not in OTHER_WORDS
    ]
    assert spelled == []


def test_no_page_names_a_rule() -> None:
    """Templates, scripts and words of the review page take them as they come."""
    folder = PACKAGE / "review" / "web"
    files = [f for f in folder.rglob("*") if f.suffix in (".html", ".js", ".json")]
    assert len(files) > 30
    for file in files:
        text = file.read_text("utf-8")
        for name in load_rules():
            assert f"rule.{name}" not in text, file
            assert not re.search(rf"""rule\s*[!=]==?\s*["'`]{name}["'`]""", text), file
            assert "-" not in name or not re.search(rf"""["'`]{name}["'`]""", text), file


@pytest.mark.parametrize("name", ["", "Echo", "two words", "-", "a-", "回声", "a" + chr(10)])
def test_a_name_is_one_that_records_and_addresses_can_hold(name: str) -> None:
    """Small letters, digits, hyphens between them."""
    with pytest.raises(ValueError, match="no name of a rule"):
        Rule(name, RuleWords("Echo", "a word"), RuleWords("回声", "字词"))


@pytest.mark.parametrize("words", ["", "  ", "two\nlines", "\u202e"])
def test_words_are_a_line_that_can_be_shown(words: str) -> None:
    """None is empty, none ends the line or turns it round."""
    for given in ((words, "a reason"), ("A name", words)):
        with pytest.raises(ValueError, match="no line of words"):
            RuleWords(*given)


def test_an_entry_of_the_wrong_parts_is_refused() -> None:
    """When it is made, by what it is."""
    echo = load_detectors()[-1]
    for parts, said in (
        (("echo", echo.detect), "'echo' is no Rule"),
        ((echo.rule, "detect"), "'detect' is no function"),
        ((echo.rule, echo.detect, (), (), "words"), "'words' is no Phase"),
        ((echo.rule, echo.detect, (), (), Phase.WORDS, 7), "7 is no function"),
    ):
        with pytest.raises(TypeError, match=said):
            Detector(*parts)
    with pytest.raises(TypeError, match="RuleWords in both languages"):
        Rule("toy", RuleWords("Toy", "a toy"), ("玩具", "玩具"))  # type: ignore[arg-type]
