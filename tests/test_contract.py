"""Rules about the source itself: which way imports point, how large things may grow."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
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
