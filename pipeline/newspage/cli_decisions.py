"""The commands `newspage decisions ...`; `cli` mounts them."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from newspage.cli_options import ConfigOption, Guard, OutputOption, VerboseOption, require_results
from newspage.counting import count_in_words
from newspage.errors import ExitCode, InputError
from newspage.settings import load_settings
from newspage.terminal import escape_line, print_line

FileArgument = Annotated[Path, typer.Argument(help="A file of JSON lines; - for the terminal.")]

_STREAM = Path("-")
_SHOWN = 20
"""Broken lines that are reported one by one; more would scroll the first ones away."""


def mount_decision_commands(app: typer.Typer, guard: Guard) -> None:
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
    place = require_results(output, load_settings(config, {}))
    from newspage.review.service import describe_decision
    from newspage.store import OutputStore, Store

    with Store(place.store, read_only=True) as store:
        if lost:
            for decision, reason in OutputStore(store, place.name).pages.list_lost():
                print_line(escape_line(f"{decision.file}: {describe_decision(decision)}: {reason}"))
            return
        for decision in store.decisions.list_all():
            because = f" ({decision.reason})" if decision.reason else ""
            print_line(escape_line(f"{decision.file}: {describe_decision(decision)}{because}"))


def export(
    file: FileArgument,
    output: OutputOption = Path("output"),
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Write every decision of the store into a file, one a line."""
    place = require_results(output, load_settings(config, {}))
    from newspage.decisions import write_decision_lines
    from newspage.files import write_files
    from newspage.store import Store

    with Store(place.store, read_only=True) as store:
        if file == _STREAM:
            for line in write_decision_lines(store.decisions.list_all()):
                sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
            return
        lines = list(write_decision_lines(store.decisions.list_all()))
    write_files(file.parent, {file.name: b"".join(lines)})
    print_line(f"{count_in_words(len(lines) - 1, 'decision')} written to {file}")


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
    from newspage.decisions import BrokenLine, read_decision_lines
    from newspage.output import make_page_writer, rejoin_issues
    from newspage.store import OutputStore, Store
    from newspage.workspace import Workspace

    found = list(read_decision_lines(_lines(file)))
    broken = [one for one in found if isinstance(one, BrokenLine)]
    decisions = [one for one in found if not isinstance(one, BrokenLine)]
    place = Workspace.for_output(output, settings.config.run)
    with Store(place.store) as whole:
        store = OutputStore(whole, place.name)
        writer = make_page_writer(place, store, settings)
        new = store.decisions.import_decisions(decisions)
        unwritten = writer.catch_up(store.list_scans())
        failures = (*unwritten, *rejoin_issues(place, store, writer.formats))
        lost = len(store.pages.list_lost())
    for failure in failures:
        print_line(f"newspage: {failure}", err=True)
    for one in broken[:_SHOWN]:
        print_line(f"newspage: {file}, {one}", err=True)
    if len(broken) > _SHOWN:
        print_line(f"newspage: and {len(broken) - _SHOWN:,} more", err=True)
    print_line(
        f"{count_in_words(new, 'decision')} taken over, {len(decisions) - new:,} known already, "
        f"{count_in_words(len(broken), 'line')} left out; "
        f"{lost:,} {'has' if lost == 1 else 'have'} no place here"
    )
    if broken or failures:
        raise typer.Exit(ExitCode.SOME_LEFT)


def _lines(file: Path) -> Iterable[bytes]:
    """Return the lines of a file, or of standard input for `-`. Raises InputError."""
    if file == _STREAM:
        return list(sys.stdin.buffer)
    try:
        return file.read_bytes().splitlines()
    except OSError as error:
        raise InputError("decisions-unreadable", path=file, reason=str(error.strerror)) from error
