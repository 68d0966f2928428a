"""Rules about names and prose: a stranger who knows the field can read the code."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "pipeline"
TREES = {
    path: ast.parse(path.read_text("utf-8")) for path in sorted((SOURCE / "newspage").rglob("*.py"))
}
Function = ast.FunctionDef | ast.AsyncFunctionDef
QUESTIONS = ("What", "Whether", "How", "Where", "Which", "Who", "When", "Why", "That", "So")
ONE_WORD_SHARE = 0.15
"""The most that one-word names may be of the functions that other modules use."""


def module_of(path: Path) -> str:
    """The dotted name of a module."""
    name = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    return name.removesuffix(".__init__")


def public(body: list[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    """What a module or class offers: functions and classes without an underscore."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def imported_names() -> dict[str, set[str]]:
    """For each name that is imported somewhere, the modules that it is imported from."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("newspage"):
                for alias in node.names:
                    found[alias.name].add(node.module or "")
    return found


def functions_that_leave() -> list[str]:
    """Names of module-level functions that some other module imports, properties of no class."""
    used = imported_names()
    return [
        node.name
        for path, tree in TREES.items()
        for node in public(tree.body)
        if isinstance(node, Function)
        and any(
            m == module_of(path) or module_of(path).startswith(m + ".") for m in used[node.name]
        )
    ]


def test_no_module_name_in_two_packages() -> None:
    """A file name tells which module is meant."""
    names = Counter(path.stem for path in TREES if path.stem not in ("__init__", "__main__"))
    assert {name: count for name, count in names.items() if count > 1} == {}


def test_no_public_class_name_twice() -> None:
    """A class name tells which class is meant; the public face has two of its own."""
    face = {"Article", "Page", "Reader"}
    names = Counter(
        node.name
        for tree in TREES.values()
        for node in public(tree.body)
        if isinstance(node, ast.ClassDef)
    )
    assert {name: count for name, count in names.items() if count > 1} == {}
    assert face <= set(names)


def test_names_that_leave_their_module_are_verbs_of_two_words() -> None:
    """A name is read far from where it is defined."""
    names = functions_that_leave()
    single = sorted({name for name in names if "_" not in name})
    assert len(names) > 300
    assert len(single) < ONE_WORD_SHARE * len(names), single


def test_docstrings_ask_no_questions() -> None:
    """A first line says what is done, in a sentence; it does not begin with What or Whether."""
    asking = []
    for path, tree in TREES.items():
        classes = [node for node in public(tree.body) if isinstance(node, ast.ClassDef)]
        members = [node for c in classes for node in public(c.body)]
        for node in [*public(tree.body), *members]:
            first = (ast.get_docstring(node) or "").split(maxsplit=1)
            if isinstance(node, Function) and first and first[0].strip(",.:") in QUESTIONS:
                asking.append(f"{path.name}:{node.lineno} {node.name}")
    assert asking == []


def test_every_public_function_has_a_docstring() -> None:
    """Where it leaves its module; methods may say all by their names."""
    silent = [
        f"{path.name}:{node.lineno} {node.name}"
        for path, tree in TREES.items()
        for node in public(tree.body)
        if not ast.get_docstring(node)
    ]
    assert silent == []


def class_names() -> set[str]:
    """All public classes, and the types that are given a name."""
    found = set()
    for tree in TREES.values():
        found |= {n.name for n in public(tree.body) if isinstance(n, ast.ClassDef)}
    return found


def test_the_words_of_the_glossary_are_in_use() -> None:
    """Every class it names exists, and every type of the model is in it or in `record`."""
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("|")]
    named = {m for row in rows for m in re.findall(r"`(\w+)`", row[-2]) if row[-2].strip()}
    assert len(named) > 40
    assert named <= class_names(), named - class_names()


def test_every_error_is_documented() -> None:
    """Whatever is raised for a person stands in docs/errors.md."""
    text = (ROOT / "docs" / "errors.md").read_text("utf-8")
    raised = {
        name
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and node.exc is not None
        for name in [_name_of(node.exc)]
        if name in class_names()
    }
    assert "InputError" in raised
    missing = {name for name in raised if f"`{name}`" not in text}
    assert missing == set()


def _name_of(node: ast.expr) -> str:
    called = node.func if isinstance(node, ast.Call) else node
    return called.id if isinstance(called, ast.Name) else ""


def test_the_architecture_page_names_files_that_exist() -> None:
    """Paths in it are below `pipeline/newspage/`."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    paths = set(re.findall(r"`([a-z_/]+\.py)`", text))
    assert len(paths) > 15
    assert [p for p in sorted(paths) if not (SOURCE / "newspage" / p).is_file()] == []
