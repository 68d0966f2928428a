"""The commands `newspage store ...`; `cli` mounts them."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from newspage.errors import InputError
from newspage.settings import load_settings
from newspage.terminal import escape_line, print_line

Guard = Callable[[Callable[..., None]], Callable[..., None]]


def mount_store_commands(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to the program; `guard` turns errors into a line and an exit code."""
    store = typer.Typer(no_args_is_help=True, help="What is kept of scans and decisions.")
    # With one command alone it would take the name of the group.
    store.callback()(lambda: None)
    store.command()(guard(backup))
    app.add_typer(store, name="store")


def backup(
    file: Annotated[Path, typer.Argument(help="The copy; a file that is not there yet.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the results are.")] = Path(
        "output"
    ),
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Settings; otherwise newspage.toml, if there is one here."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show where in the program an error comes from.")
    ] = False,
) -> None:
    """Copy the store into a file, as it is now, while others read or decide.

    To go back to it: stop newspage, put the copy in the place of newspage.sqlite, and remove
    newspage.sqlite-wal and newspage.sqlite-shm, if they are there.
    """
    settings = load_settings(config, {})
    from newspage.store.backup import back_up
    from newspage.workspace import Workspace

    place = Workspace.for_output(output, settings.config.run)
    if not place.known:
        raise InputError(
            f"Nothing was read into {output} yet.", "Run `newspage run` on your scans first."
        )
    count = back_up(place.store, file)
    size = file.stat().st_size / 1e6
    print_line(
        f"The store, {count:,} decisions in it, is copied to {escape_line(file)} ({size:.1f} MB)"
    )
