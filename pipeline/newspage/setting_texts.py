"""Explain the settings in the words that stand beside their defaults in `config`."""

import ast
import inspect
from dataclasses import dataclass, fields
from functools import cache

from newspage import config as defaults
from newspage.config import Config


@dataclass(frozen=True, slots=True)
class StageText:
    """What a stage's table of `newspage.toml` is about, and what each of its keys means."""

    purpose: str
    keys: dict[str, str]
    """Explanations by key; a line break parts nothing in them."""


@cache
def explain_settings() -> dict[str, StageText]:
    """Return the explanations of all settings by stage, in the order of `config`.

    They are the docstrings of the dataclasses and of their attributes, read from the source.
    """
    tree = ast.parse(inspect.getsource(defaults))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    made = {stage.name: type(getattr(Config(), stage.name)).__name__ for stage in fields(Config)}
    return {stage: _read_texts(classes[name]) for stage, name in made.items()}


def _read_texts(node: ast.ClassDef) -> StageText:
    """Return the docstring of a class and those that follow its attributes."""
    keys = {}
    for attribute, after in zip(node.body, node.body[1:], strict=False):
        match attribute, after:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                keys[name] = " ".join(text.split())
    return StageText(" ".join((ast.get_docstring(node) or "").split()), keys)
