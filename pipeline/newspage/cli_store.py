"""The commands `newspage store ...`; `cli` mounts them."""

from pathlib import Path
from typing import Annotated

import typer

from newspage.cli_options import ConfigOption, Guard, OutputOption, VerboseOption, require_results
from newspage.settings import load_settings
from newspage.terminal import escape_line, print_line


def mount_store_commands(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to the program; `guard` turns errors into a line and an exit code."""
    store = typer.Typer(no_args_is_help=True, help="What is kept of scans and decisions.")
    # With one command alone it would take the name of the group.
    store.callback()(lambda: None)
    store.command()(guard(backup))
    app.add_typer(store, name="store")


def backup(
    file: Annotated[Path, typer.Argument(help="The copy; a file that is not there yet.")],
    output: OutputOption = Path("output"),
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Copy the store into a file, as it is now, while others read or decide.

    To go back to it: stop newspage, put the copy in the place of newspage.sqlite, and remove
    newspage.sqlite-wal and newspage.sqlite-shm, if they are there.
    """
    settings = load_settings(config, {})
    place = require_results(output, settings)
    from newspage.store import back_up

    count = back_up(place.store, file)
    size = file.stat().st_size / 1e6
    print_line(
        f"The store, {count:,} decisions in it, is copied to {escape_line(file)} ({size:.1f} MB)"
    )
