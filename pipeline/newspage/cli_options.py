"""Options that several commands have, and the check that there are results to work on."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from newspage.errors import InputError
from newspage.settings import Settings

if TYPE_CHECKING:
    from newspage.workspace import Workspace

Guard = Callable[[Callable[..., None]], Callable[..., None]]
"""Wraps a command so that its errors become one line and an exit code."""

OutputOption = Annotated[Path, typer.Option("--output", "-o", help="Where the results are.")]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Settings; otherwise newspage.toml, if there is one here."),
]
VerboseOption = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show where in the program an error comes from.")
]
LatticesOption = Annotated[
    bool,
    typer.Option("--keep-lattices", help="Keep what `recorrect` needs beside each page record."),
]

LanguageOption = Annotated[
    Literal["auto", "en", "zh"], typer.Option("--language", help="Language of the report.")
]


def choose_language(wanted: Literal["auto", "en", "zh"]) -> Literal["en", "zh"]:
    """Return the language of a report: the one that is wanted, or that of the environment."""
    if wanted != "auto":
        return wanted
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "zh" if (spoken or "").startswith("zh") else "en"


def require_results(output: Path, settings: Settings) -> "Workspace":
    """Return the workspace of an output folder. Raises InputError where nothing was read yet."""
    from newspage.workspace import Workspace

    place = Workspace.for_output(output, settings.config.run)
    if not place.known:
        raise InputError("output-empty", output=output)
    return place
