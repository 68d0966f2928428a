"""Rules about errors: each code has words in the languages it is met in, and is documented."""

import ast
import string
from collections import defaultdict
from collections.abc import Iterator

import pytest

from newspage.errors import ErrorText, OutputError, load_error_texts
from newspage.store import StoreError
from scripts.write_error_table import (
    PAGE,
    RaisedCode,
    find_error_classes,
    find_raised_codes,
    parse_modules,
    write_page,
)

TREES = parse_modules()
CLASSES = find_error_classes(TREES)
RAISED = find_raised_codes(TREES)
ENGLISH, CHINESE = load_error_texts("en"), load_error_texts("zh")
REWORDED = (StoreError, OutputError)
"""Errors that the review page tells in general words, under codes of its own."""


def fields_in(text: ErrorText) -> set[str]:
    """The fields that the words of a code name."""
    parsed = string.Formatter().parse(text.message + text.remedy)
    return {name for _, name, _, _ in parsed if name is not None}


def imports_within(module: str) -> Iterator[tuple[str, str]]:
    """Where each name that a module imports is imported from, at once or when used; the name."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)


def imports_of(module: str) -> Iterator[str]:
    """The modules that a module imports; for a name that a face passes on, the module it is in."""
    for where, name in imports_within(module):
        if where in FACES:
            homes = {n: home for home, n in imports_within(where)}
            yield homes.get(name, f"{where}.{name}")
        else:
            yield from (where, f"{where}.{name}")


FACES = [m for m in TREES if ("newspage.face", "load_on_use") in imports_within(m)]
"""Packages that load a module when one of its names is first asked for."""


def behind_the_review_page() -> set[str]:
    """The modules that answering the browser may run: those of `review`, and what they import."""
    found: set[str] = set()
    rest = [module for module in TREES if module.startswith("newspage.review")]
    while rest:
        module = rest.pop()
        if module in TREES and module not in found:
            found.add(module)
            rest += imports_of(module)
    return found


def codes_of_the_review_page() -> dict[str, RaisedCode]:
    """The codes that a reviewer can meet."""
    modules = behind_the_review_page()
    return {
        r.code: r
        for r in RAISED
        if r.module in modules and not issubclass(CLASSES[r.error], REWORDED)
    }


def test_every_code_has_english_words_and_is_raised() -> None:
    """No code without words, no words without use; codes are short terms."""
    assert len(RAISED) > 200
    assert {raised.code for raised in RAISED} == ENGLISH.keys()
    assert all(text.message and text.when for text in ENGLISH.values())
    assert all(set(code) <= set(string.ascii_lowercase + "-") for code in ENGLISH)


def test_a_code_is_of_one_class() -> None:
    """So that its exit code follows from it."""
    classes = defaultdict(set)
    for raised in RAISED:
        classes[raised.code].add(raised.error)
    assert {code: found for code, found in classes.items() if len(found) > 1} == {}
    assert "NewspageError" not in {raised.error for raised in RAISED}


def test_errors_are_made_by_code_alone() -> None:
    """Their words stand in the texts, not in the source, and none is made in a roundabout way."""
    built = [
        f"{module}, line {node.lineno}"
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLASSES
    ]
    assert built == []
    made = find_raised_codes({**TREES, "mine": ast.parse("InputError('a', b=1)")})
    assert [(r.code, *r.fields) for r in made if r.module == "mine"] == [("a", "b")]
    for wrong in ("InputError(code)", "InputError(f'{a}')", "InputError('a', **b)", "InputError()"):
        with pytest.raises(ValueError, match="mine, line 1: write the code"):
            find_raised_codes({**TREES, "mine": ast.parse(wrong)})


@pytest.mark.parametrize("raised", RAISED, ids=lambda r: r.code)
def test_words_name_the_fields_that_are_passed(raised: RaisedCode) -> None:
    """All of them in English; a language may do without what cannot be said in it."""
    assert fields_in(ENGLISH[raised.code]) == raised.fields - {"where"}
    if raised.code in CHINESE:
        assert fields_in(CHINESE[raised.code]) <= raised.fields


def test_what_a_reviewer_can_meet_is_said_in_chinese() -> None:
    """Whatever the review service, the web application and what they use can raise."""
    met = codes_of_the_review_page()
    assert {"changed-meanwhile", "token-missing", "scan-cut-short", "name-reserved"} <= met.keys()
    assert met.keys() - CHINESE.keys() == set()
    assert CHINESE.keys() - ENGLISH.keys() == set()


def test_chinese_words_are_chinese() -> None:
    """They say what to do wherever the English ones do."""
    for code, text in CHINESE.items():
        assert bool(text.remedy) == bool(ENGLISH[code].remedy), code
        for words in filter(None, (text.message, text.remedy)):
            assert any("\u4e00" <= c <= "\u9fff" for c in words), code


def test_the_page_of_errors_is_up_to_date() -> None:
    """If not: python scripts/write_error_table.py."""
    assert PAGE.read_text("utf-8") == write_page()
