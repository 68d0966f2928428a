"""The command `newspage recorrect`; `cli` mounts it."""

from pathlib import Path
from typing import Annotated

import typer

from newspage.cli_options import ConfigOption, Guard, OutputOption, VerboseOption, require_results
from newspage.errors import ExitCode
from newspage.settings import load_settings
from newspage.signals import end_in_order
from newspage.terminal import print_line


def mount_recorrect_command(app: typer.Typer, guard: Guard) -> None:
    """Add the command to the program; `guard` turns errors into a line and an exit code."""
    app.command()(guard(recorrect))


def recorrect(
    pages: Annotated[
        list[Path] | None,
        typer.Argument(help="Page records, and folders of them, in the output folder; else all."),
    ] = None,
    output: OutputOption = Path("output"),
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Correct pages again after dictionaries or settings changed, without reading them again.

    Needs no scan: works from page records and the lattices that `newspage run --keep-lattices`
    kept beside them. What people decided stays. Exit code 1 says that some pages were left as they
    are, for want of lattices, say.
    """
    settings = load_settings(config, {})
    place = require_results(output, settings)
    # Importing what does the work takes a moment.
    from rich.console import Console

    from newspage.batch import recorrect_pages
    from newspage.progress import RecorrectionView, summarise_recorrection

    end_in_order()
    with RecorrectionView(Console(stderr=True)) as view:
        outcome = recorrect_pages(place, settings, pages or (), view)
    print_line(summarise_recorrection(outcome, output))
    if outcome.left:
        raise typer.Exit(ExitCode.SOME_LEFT)
