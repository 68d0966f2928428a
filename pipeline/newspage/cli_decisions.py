"""The commands `newspage decisions ...`; `cli` mounts them."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newspage.counting import count_in_words
from newspage.errors import ExitCode, InputError
from newspage.settings import Settings, load_settings
from newspage.terminal import echo, shown

if TYPE_CHECKING:
    from newspage.run.place import Place

Guard = Callable[[Callable[..., None]], Callable[..., None]]

OutputOption = Annotated[Path, typer.Option("--output", "-o", help="Where the results are.")]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Settings; otherwise newspage.toml, if there is one here."),
]
VerboseOption = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show where in the program an error comes from.")
]
FileArgument = Annotated[Path, typer.Argument(help="A file of JSON lines; - for the terminal.")]

_STREAM = Path("-")
_SHOWN = 20
"""Broken lines that are told one by one."""


def mount(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to the program; `guard` turns errors into a line and an exit code."""
    decisions = typer.Typer(no_args_is_help=True, help="What people decided.")
    decisions.command("list")(guard(list_decisions))
    decisions.command("export")(guard(export))
    decisions.command("import")(guard(import_decisions))
    app.add_typer(decisions, name="decisions")


def list_decisions(
    lost: Annotated[
        bool, typer.Option("--lost", help="Only those that can no longer be placed, and why.")
    ] = False,
    output: OutputOption = Path("output"),
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """List decisions, the earliest first: who, when, what, on which scan."""
    place = _known_place(output, load_settings(config, {}))
    from newspage.desk.history import in_words
    from newspage.store import Store

    with Store(place.store, read_only=True) as store:
        if lost:
            for decision, reason in store.pages.lost(place.name):
                echo(shown(f"{decision.file}: {in_words(decision)}: {reason}"))
            return
        for decision in store.decisions.every():
            because = f" ({decision.reason})" if decision.reason else ""
            echo(shown(f"{decision.file}: {in_words(decision)}{because}"))


def export(
    file: FileArgument,
    output: OutputOption = Path("output"),
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Write every decision of the store into a file, one a line."""
    place = _known_place(output, load_settings(config, {}))
    from newspage.files import write_whole
    from newspage.run.exchange import written
    from newspage.store import Store

    with Store(place.store, read_only=True) as store:
        if file == _STREAM:
            for line in written(store.decisions.every()):
                sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
            return
        lines = list(written(store.decisions.every()))
    write_whole(file.parent, {file.name: b"".join(lines)})
    echo(f"{count_in_words(len(lines) - 1, 'decision')} written to {file}")


def import_decisions(
    file: FileArgument,
    output: OutputOption = Path("output"),
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Take over the decisions in a file; those that are known already are left out.

    Pages that were read get them at once, others when they are. Exit code 1 says that there were
    lines that hold no decision.
    """
    settings = load_settings(config, {})
    from newspage.run.exchange import Broken, read
    from newspage.run.jumps import rejoin
    from newspage.run.keeper import keeper_for
    from newspage.run.place import Place
    from newspage.store import Store

    found = list(read(_lines(file)))
    broken = [one for one in found if isinstance(one, Broken)]
    decisions = [one for one in found if not isinstance(one, Broken)]
    place = Place.of(output, settings.config.run)
    with Store(place.store) as store:
        new = store.decisions.take(decisions)
        keeper_for(place, store, settings).catch_up()
        failures = rejoin(place, store)
        lost = len(store.pages.lost(place.name))
    for failure in failures:
        echo(f"newspage: {failure}", err=True)
    for one in broken[:_SHOWN]:
        echo(f"newspage: {file}, {one}", err=True)
    if len(broken) > _SHOWN:
        echo(f"newspage: and {len(broken) - _SHOWN:,} more", err=True)
    echo(
        f"{count_in_words(new, 'decision')} taken over, {len(decisions) - new:,} known already, "
        f"{count_in_words(len(broken), 'line')} left out; "
        f"{lost:,} {'has' if lost == 1 else 'have'} no place here"
    )
    if broken or failures:
        raise typer.Exit(ExitCode.SOME_LEFT)


def _lines(file: Path) -> Iterable[bytes]:
    if file == _STREAM:
        return list(sys.stdin.buffer)
    try:
        return file.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}).") from error


def _known_place(output: Path, settings: Settings) -> "Place":
    from newspage.run.place import Place

    place = Place.of(output, settings.config.run)
    if not place.known:
        raise InputError(
            f"Nothing was read into {output} yet.", "Run `newspage run` on your scans first."
        )
    return place
