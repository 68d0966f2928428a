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
    store.command()(guard(backup))
    store.command()(guard(move))
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


def move(
    source: Annotated[
        str, typer.Argument(metavar="FROM", help="The store: a file, or postgresql://...")
    ],
    target: Annotated[
        str, typer.Argument(metavar="TO", help="A file that is not there yet, or a database.")
    ],
    verbose: VerboseOption = False,
) -> None:
    """Copy the whole store to another place, and check it there row by row.

    Whatever interrupts it, nothing is at the destination; the source stays as it is. Stop newspage
    before, and name the new place as `store` under [run] in newspage.toml afterwards.
    """
    from newspage.store import MovedTable, move_store

    def show(table: MovedTable) -> None:
        print_line(f"{table.name}: {table.rows:,} rows, SHA-256 {table.checksum[:16]} in both")

    moved = move_store(_find_store(source), _find_store(target), show)
    rows = sum(table.rows for table in moved)
    print_line(f"{rows:,} rows of {len(moved)} tables are moved; each is the same in both places.")
    print_line("Name the new place as `store` under [run] in newspage.toml: it is not used before.")


def _find_store(named: str) -> Path | str:
    """Return the file of a store, or the address of its database."""
    named = named.removeprefix("sqlite:///").removeprefix("sqlite:")
    return named if "://" in named else Path(named)
