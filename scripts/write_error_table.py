"""Write the tables of error codes into docs/errors.md, from the texts and the source.

    python scripts/write_error_table.py

A test says so where the page is out of date.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newspage.errors import ErrorText, NewspageError

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "pipeline"
PAGE = ROOT / "docs" / "errors.md"
BEGIN, END = "<!-- codes: begin -->", "<!-- codes: end -->"
_FORMAT = re.compile(r"(?<=\w)(![rs])?(:[^{}]*)?(?=})")
"""How a field is written, behind its name: of no interest to who reads the table."""


@dataclass(frozen=True)
class RaisedCode:
    """A place in the source where an error is made by its code."""

    module: str
    error: str
    """Name of its class."""
    code: str
    fields: frozenset[str]


def parse_modules() -> dict[str, ast.Module]:
    """Return the syntax trees of all modules of the package, by their dotted names."""
    trees = {}
    for path in sorted((SOURCE / "newspage").rglob("*.py")):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        trees[name.removesuffix(".__init__")] = ast.parse(path.read_text("utf-8"))
    return trees


def find_error_classes(trees: Mapping[str, ast.Module]) -> "dict[str, type[NewspageError]]":
    """Return all classes of errors for people, by name."""
    from newspage.errors import NewspageError

    named = {NewspageError.__name__}
    found: dict[str, type[NewspageError]] = {}
    size = -1
    while size < len(found):
        size = len(found)
        for module, tree in trees.items():
            for node in tree.body:
                bases = {ast.unparse(base) for base in getattr(node, "bases", ())}
                if isinstance(node, ast.ClassDef) and bases & named:
                    named.add(node.name)
                    found[node.name] = getattr(import_module(module), node.name)
    return found


def find_raised_codes(trees: Mapping[str, ast.Module]) -> list[RaisedCode]:
    """Return every place where an error is made. Raises ValueError where its code is computed."""
    classes = find_error_classes(trees).keys() | {"NewspageError"}
    return [
        RaisedCode(module, name, *_arguments(module, node))
        for module, tree in trees.items()
        for node, name in _calls(tree)
        if name in classes
    ]


def write_page() -> str:
    """Return the page with its tables made anew."""
    page = PAGE.read_text("utf-8")
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n{_tables()}\n{END}{rest.split(END)[1]}"


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Yield the calls of plain names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node, node.func.id


def _arguments(module: str, call: ast.Call) -> tuple[str, frozenset[str]]:
    """Return the code and the names of the fields that an error is made with."""
    fields = [keyword.arg for keyword in call.keywords]
    match call.args:
        case [ast.Constant(value=str(code))] if None not in fields:
            return code, frozenset(name for name in fields if name)
    raise ValueError(f"{module}, line {call.lineno}: write the code and the names of its fields")


def _tables() -> str:
    """Return a table for each class of errors that is raised, in the order of the texts."""
    from newspage.errors import load_error_texts

    texts = load_error_texts("en")
    trees = parse_modules()
    classes = find_error_classes(trees)
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for raised in find_raised_codes(trees):
        codes[raised.error].add(raised.code)
    order = list(texts)
    first = {name: min(order.index(code) for code in found) for name, found in codes.items()}
    return "\n".join(
        _table(classes[name], {c: texts[c] for c in order if c in codes[name]})
        for name in sorted(codes, key=lambda name: first[name])
    )


def _table(error: "type[NewspageError]", texts: "Mapping[str, ErrorText]") -> str:
    """Return the heading and the table of a class of errors."""
    lines = [
        f"### `{error.__name__}`, exit code {error.exit_code}",
        "",
        (getdoc(error) or "").partition("\n\n")[0],
        "",
        "| code | when | message | what to do |",
        "|---|---|---|---|",
    ]
    for code, text in texts.items():
        lines.append(f"| `{code}` | {text.when} | {_shown(text.message)} | {_shown(text.remedy)} |")
    return "\n".join([*lines, ""])


def _shown(words: str) -> str:
    """Return words of a text as a cell of a table: nothing in them is taken for markup."""
    words = _FORMAT.sub("", words)
    for sign in "\\<|*":
        words = words.replace(sign, f"\\{sign}")
    return words


if __name__ == "__main__":
    sys.path.insert(0, str(SOURCE))
    PAGE.write_text(write_page(), "utf-8")
