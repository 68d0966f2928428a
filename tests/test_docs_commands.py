"""Commands that the documentation shows."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner

from newspage.cli import app

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/*.md")])
CODE_LINE = re.compile(
    r"^ {4,}(?:\$ )?(?:\.venv/bin/)?newspage (?P<arguments>[a-z].*)$", re.MULTILINE
)
COMMANDS = [
    pytest.param(match["arguments"], id=f"{path.name}-{match['arguments'][:60]}")
    for path in DOCUMENTS
    for match in CODE_LINE.finditer(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("written", COMMANDS)
def test_a_command_that_is_shown_exists(written: str) -> None:
    """Its name is known, and each of its options."""
    command = typer.main.get_command(app)
    arguments = shlex.split(written, comments=True)
    while isinstance(command, TyperGroup):
        context = command.context_class(command)
        command.parse_args(context, arguments)
        _, found, arguments = command.resolve_command(
            context, [*context._protected_args, *context.args]
        )
        assert found is not None
        command = found
    command.make_parser(command.context_class(command)).parse_args(arguments)


def test_both_readmes_show_the_same_program() -> None:
    """What the Chinese one tells a person to type stands in the English one too."""
    english, chinese = (
        {
            shlex.join(shlex.split(match["arguments"], comments=True))
            for match in CODE_LINE.finditer((ROOT / name).read_text(encoding="utf-8"))
        }
        for name in ("README.md", "README.zh.md")
    )
    assert chinese
    assert chinese <= english


def test_the_help_shows_all_commands_in_groups() -> None:
    """Those of the README, in its order."""
    shown = re.sub(r"\x1b\[[0-9;]*m", "", CliRunner().invoke(app, ["--help"]).output)
    heads = [
        "Read",
        "Review and search",
        "Hand on",
        "Read better",
        "Keep, and read",
        "Installation",
    ]
    places = [shown.index(f"─ {head}") for head in heads]
    assert places == sorted(places)
    assert "─ Commands" not in shown
