"""Rules about the source itself: which way imports point, how large things may grow."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "pipeline" / "newspage"
MODULES = sorted(PACKAGE.rglob("*.py"))


def functions(module: Path) -> Iterator[tuple[str, int]]:
    """Name and length in lines of every function, docstring included."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_imports_point_one_way(repository: Path) -> None:
    """The layers of pyproject.toml hold."""
    pytest.importorskip("importlinter")
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def package_of(module: str) -> str:
    """The package that a module lies in, of `review` one of those below; empty where in none."""
    if not module.startswith("newspage."):
        return ""
    parts = module.split(".")[1:]
    depth = 2 if parts[:1] == ["review"] else 1
    found = PACKAGE.joinpath(*parts[:depth])
    return ".".join(["newspage", *parts[:depth]]) if found.is_dir() else ""


def is_module(name: str) -> bool:
    """Whether a dotted name is one of a module or package."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def imported_names(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Where each imported name is imported from, and the name; empty for a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name their package in full"
            where = node.module or ""
            for name in (alias.name for alias in node.names):
                inner = f"{where}.{name}"
                yield (inner, "") if is_module(inner) else (where, name)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def offered_names(package: str) -> set[str]:
    """What the face of a package, its `__init__.py`, lists in `__all__`."""
    face = PACKAGE.parent.joinpath(*package.split("."), "__init__.py")
    return {
        str(name)
        for node in ast.parse(face.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        for name in ast.literal_eval(node.value)
    }


def is_allowed(where: str, name: str, package: str, own: str) -> bool:
    """Whether a module of the package `own` may import this name of a package from `where`."""
    if package == own:
        return where != own or not name
    return where == package and (not name or name in offered_names(package))


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(PACKAGE)))
def test_packages_are_entered_through_their_face(module: Path) -> None:
    """Others import what `__init__.py` offers, the modules of the package from each other."""
    dotted = ".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts)
    own = package_of(dotted.removesuffix(".__init__"))
    wrong = [
        f"{where}: {name}"
        for where, name in imported_names(ast.parse(module.read_text(encoding="utf-8")))
        if (package := package_of(where)) and not is_allowed(where, name, package, own)
    ]
    assert wrong == []


FACES = [m for m in MODULES if m.name == "__init__.py" and "load_on_use" in m.read_text("utf-8")]


@pytest.mark.parametrize("face", FACES, ids=lambda m: str(m.parent.relative_to(PACKAGE.parent)))
def test_faces_load_what_they_declare(face: Path) -> None:
    """The table of a face names, for all that it lists, the module that the type checker sees."""
    package = ".".join(face.parent.relative_to(PACKAGE.parent).parts)
    declared = [
        (where, name)
        for where, name in imported_names(ast.parse(face.read_text(encoding="utf-8")))
        if where.startswith("newspage.") and where != "newspage.face"
    ]
    assert {name for _, name in declared} == offered_names(package)
    loaded = import_module(package)
    for where, name in declared:
        assert getattr(loaded, name) is getattr(import_module(where), name)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = loaded.no_such_name


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(PACKAGE)))
def test_modules_and_functions_stay_small(module: Path) -> None:
    """A module fits in one's head (400 lines, blank ones aside), a function on a screen (80)."""
    lines = module.read_text(encoding="utf-8").splitlines()
    assert sum(1 for line in lines if line.strip()) <= 400
    assert [f for f in functions(module) if f[1] > 80] == []


def test_most_functions_are_short() -> None:
    """The median function has fewer than ten lines, nine in ten at most 40."""
    lengths = sorted(length for module in MODULES for _, length in functions(module))
    assert statistics.median(lengths) < 10
    assert lengths[int(0.9 * len(lengths))] <= 40


def test_no_module_without_a_job() -> None:
    """A module is called after what it does."""
    assert not {m.stem for m in MODULES} & {"utils", "util", "common", "helpers", "misc"}


def test_help_loads_nothing_heavy() -> None:
    """`newspage --help` answers at once: what reads pictures is loaded by the commands."""
    heavy = ("cv2", "numpy", "onnxruntime", "openvino", "paddleocr", "PIL", "pypdfium2", "scipy")
    program = f"import sys, newspage.cli; print(*(set({heavy}) & set(sys.modules)))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == ([], "")
