"""The command `newspage status`; `cli` mounts it."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newspage.cli_options import (
    ConfigOption,
    Guard,
    OutputOption,
    VerboseOption,
    gather_settings,
    require_results,
)
from newspage.errors import ExitCode
from newspage.terminal import escape_line, print_line

if TYPE_CHECKING:
    from newspage.workspace import Workspace

_PAUSE = 2.0
"""Seconds between two looks."""


def mount_status_command(app: typer.Typer, guard: Guard) -> None:
    """Add the command to the program; `guard` turns errors into a line and an exit code."""
    app.command()(guard(status))


def status(
    output: OutputOption = Path("output"),
    quick: Annotated[
        bool, typer.Option("--quick", help="Counts alone; no file and no page is looked at.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Show the counts and the speed until Ctrl-C.")
    ] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Show what was read, what failed, what was decided, and how the last run ended.

    Exit code 1 says that files of pages that were read are missing, 3 that nothing was ever read
    into the output folder.
    """
    settings = gather_settings(config)
    if watch:
        _watch_progress(require_results(output, settings))
        return
    from newspage.workspace import Workspace

    place = Workspace.for_output(output, settings.config.run)
    if not place.known:
        print_line(f"Nothing was read into {escape_line(output)} yet.")
        raise typer.Exit(ExitCode.INPUT)
    from newspage.output import count_missing, count_outdated, require_known
    from newspage.progress import ReviewCounts, describe_speed, describe_state
    from newspage.store import OutputStore, Store

    with Store(place.store, read_only=True) as whole:
        store = OutputStore(whole, place.name)
        require_known(place, store)
        if quick:
            print_line(describe_speed(store, int(time.time())))
            return
        rows, runs, leases = store.list_scans(), store.list_runs(), store.leases.count_leases()
        reviewed = ReviewCounts.from_store(store)
    outdated = count_outdated(place, rows.values(), settings)
    missing = count_missing(place, rows.values())
    print_line(describe_state(list(rows.values()), runs, reviewed, outdated, missing, leases))
    if missing:
        raise typer.Exit(ExitCode.SOME_LEFT)


def _watch_progress(place: "Workspace") -> None:
    """Show counts, speed and time left in place, until Ctrl-C; in lines where no terminal is."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    from newspage.progress import describe_speed
    from newspage.store import OutputStore, Store

    console = Console()
    with Store(place.store, read_only=True) as whole:
        store = OutputStore(whole, place.name)
        try:
            with Live(console=console, auto_refresh=False) as live:
                while True:
                    text = describe_speed(store, int(time.time()))
                    if console.is_terminal:
                        live.update(Text(text), refresh=True)
                    else:
                        print_line(text)
                    time.sleep(_PAUSE)
        except KeyboardInterrupt:
            return
