"""The command line: parse, call, print, exit code. What is heavy is imported inside commands."""

import functools
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer

from newspage import (
    cli_correct,
    cli_decisions,
    cli_evaluate,
    cli_export,
    cli_import,
    cli_installation,
    cli_recorrect,
    cli_review,
    cli_store,
    cli_train,
)
from newspage.cli_options import (
    AdapterOption,
    ConfigOption,
    DeviceOption,
    DirectionOption,
    EngineOption,
    LatticesOption,
    LayoutModelDirOption,
    ModelDirOption,
    ModelOption,
    OutputOption,
    VerboseOption,
    gather_settings,
)
from newspage.errors import ExitCode, InputError, NewspageError, UsageError
from newspage.signals import end_in_order
from newspage.terminal import escape_line, print_line
from newspage.version import __version__

if TYPE_CHECKING:
    from newspage.batch import PageSelection, RunOutcome, RunRequest

Arguments = ParamSpec("Arguments")

app = typer.Typer(
    name="newspage",
    help="Scans of newspaper pages, Chinese first, into clean article text.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

FormatOption = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        help="A format that pages, or issues, are written in; any number of times. In place of "
        "output.formats of the settings, which decisions follow.",
    ),
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, help="Pages read at the same time.")
]
SinceOption = Annotated[
    str | None,
    typer.Option(
        help="Only files that came or changed since then: 2026-01-31, or how long ago: 12h, 3d, 2w."
    ),
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option(help="Only scans with such a name, folder or path; * and ? stand for anything."),
]
FailedOption = Annotated[
    bool, typer.Option("--retry-failed", help="Only scans that failed before.")
]


def main() -> None:
    """Run the command `newspage`."""
    app()


def _guarded(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Wrap a command so that its errors become one line and an exit code."""

    @functools.wraps(command)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        verbose = bool(kwargs.get("verbose"))
        try:
            command(*args, **kwargs)
        except typer.Exit:
            raise
        except NewspageError as error:
            _stop(str(error), error.exit_code, verbose)
        except KeyboardInterrupt:
            _stop(
                "stopped. What was read is kept; the same command goes on from here.",
                ExitCode.INTERRUPTED,
                verbose,
            )
        except BrokenPipeError:
            # Nobody reads on, as in `newspage status | head`.
            sys.stderr.close()
            raise typer.Exit(ExitCode.DONE) from None
        except Exception as error:  # noqa: BLE001 - the last resort of the program
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            message = f"this is a bug in newspage ({what}). Run with --verbose and report it."
            _stop(message, ExitCode.SOME_LEFT, verbose)

    return guarded


def _stop(message: str, code: ExitCode, verbose: bool) -> None:
    """Print an error on one line, its traceback too if `verbose`, and exit with a code."""
    if verbose:
        traceback.print_exc()
    print_line(f"newspage: {escape_line(message)}", err=True)
    raise typer.Exit(code)


def _show_version(wanted: bool) -> None:
    """Print the version and end, if it is wanted."""
    if wanted:
        print_line(f"newspage {__version__}")
        raise typer.Exit


@app.callback()
def _newspage(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Scans of newspaper pages, Chinese first, into clean article text."""


@app.command()
@_guarded
def run(
    paths: Annotated[list[Path], typer.Argument(help="Scans, and folders of scans.")],
    output: OutputOption = Path("output"),
    jobs: JobsOption = None,
    force: Annotated[bool, typer.Option(help="Read what is finished as well.")] = False,
    since: SinceOption = None,
    only: OnlyOption = None,
    retry_failed: FailedOption = False,
    direction: DirectionOption = None,
    engine: EngineOption = None,
    device: DeviceOption = None,
    model: ModelOption = None,
    model_dir: ModelDirOption = None,
    layout_model_dir: LayoutModelDirOption = None,
    keep_lattices: LatticesOption = False,
    formats: FormatOption = None,
    adapter: AdapterOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Read all scans that are new or changed, and write their articles.

    Running it again goes on where it was stopped. Exit code 1 says that some pages failed.
    """
    settings = gather_settings(
        config,
        direction,
        engine,
        device,
        model,
        model_dir,
        layout_model_dir,
        jobs,
        keep_lattices,
        formats,
        adapter,
    )
    from newspage.batch import RunRequest, choose_pool

    end_in_order()
    selection = _selection(since, only, retry_failed)
    pool = choose_pool(settings.config)
    outcome = _run(RunRequest(tuple(paths), output, settings, pool, force, selection), verbose)
    if not (outcome.done or outcome.skipped or outcome.failed or outcome.passed_over):
        raise InputError("no-scans-found", paths=", ".join(map(str, paths)))
    if outcome.failed:
        raise typer.Exit(ExitCode.SOME_LEFT)


@app.command()
@_guarded
def watch(
    paths: Annotated[list[Path], typer.Argument(help="Folders of scans.")],
    output: OutputOption = Path("output"),
    jobs: JobsOption = None,
    since: SinceOption = None,
    only: OnlyOption = None,
    retry_failed: FailedOption = False,
    direction: DirectionOption = None,
    engine: EngineOption = None,
    device: DeviceOption = None,
    model: ModelOption = None,
    model_dir: ModelDirOption = None,
    layout_model_dir: LayoutModelDirOption = None,
    keep_lattices: LatticesOption = False,
    formats: FormatOption = None,
    adapter: AdapterOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Read scans as they come, until Ctrl-C. Files still being copied are left until complete."""
    settings = gather_settings(
        config,
        direction,
        engine,
        device,
        model,
        model_dir,
        layout_model_dir,
        jobs,
        keep_lattices,
        formats,
        adapter,
    )
    from newspage.batch import FolderWatcher, RunRequest, Still, choose_pool

    end_in_order()
    selection = _selection(since, only, retry_failed)
    pool = choose_pool(settings.config)

    def run(still: Still) -> None:
        chosen = replace(selection, still=still)
        _run(RunRequest(tuple(paths), output, settings, pool, False, chosen), verbose)

    def noted(message: str) -> None:
        print_line(f"note: {escape_line(message)}", err=True)

    try:
        print_line(f"Watching {', '.join(map(escape_line, paths))}; Ctrl-C ends it.", err=True)
        FolderWatcher(paths, output, run, noted).watch_folders()
    except KeyboardInterrupt:
        print_line("Watching no more. What was read is kept.", err=True)


def _run(request: "RunRequest", verbose: bool) -> "RunOutcome":
    """Run, show how it goes on, and print a summary at its end."""
    # Importing what does the work takes a moment.
    from rich.console import Console

    from newspage.batch import make_default_backend, run_folder
    from newspage.progress import RunView, summarise_run

    start = time.monotonic()
    with RunView(Console(stderr=True), verbose) as view:
        outcome = run_folder(request, make_default_backend(request.settings.config.engine), view)
    if outcome.done or outcome.skipped or outcome.failed or outcome.passed_over:
        print_line(summarise_run(outcome, request.output, time.monotonic() - start))
    return outcome


def _selection(since: str | None, only: list[str] | None, failed: bool) -> "PageSelection":
    """Return the pages that a run is narrowed to. Raises UsageError on a moment it cannot read."""
    from datetime import datetime

    from newspage.batch import PageSelection, parse_moment

    start = parse_moment(since, datetime.now().astimezone()) if since else None
    return PageSelection(start, tuple(only or ()), failed)


@app.command()
@_guarded
def status(
    output: OutputOption = Path("output"),
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Show what was read, what failed, what was decided, and how the last run ended.

    Exit code 1 says that files of pages that were read are missing, 3 that nothing was ever read
    into the output folder.
    """
    settings = gather_settings(config)
    from newspage.output import count_missing, count_outdated, require_known
    from newspage.progress import ReviewCounts, describe_state
    from newspage.store import OutputStore, Store
    from newspage.workspace import Workspace

    place = Workspace.for_output(output, settings.config.run)
    if not place.known:
        print_line(f"Nothing was read into {escape_line(output)} yet.")
        return
    with Store(place.store, read_only=True) as whole:
        store = OutputStore(whole, place.name)
        require_known(place, store)
        rows, runs = store.list_scans(), store.list_runs()
        reviewed = ReviewCounts.from_store(store)
    outdated = count_outdated(place, rows.values(), settings)
    missing = count_missing(place, rows.values())
    print_line(describe_state(list(rows.values()), runs, reviewed, outdated, missing))
    if missing:
        raise typer.Exit(ExitCode.SOME_LEFT)


@app.command()
@_guarded
def inspect(
    page: Annotated[Path, typer.Argument(help="A scan, or a page record (.json).")],
    png: Annotated[
        Path | None, typer.Option("--png", "-o", help="The picture; else in the folder you are in.")
    ] = None,
    number: Annotated[int, typer.Option(help="Which page of a file with several.")] = 1,
    output: Annotated[
        Path, typer.Option("--output", help="Where records of earlier runs are.")
    ] = Path("output"),
    direction: DirectionOption = None,
    engine: EngineOption = None,
    device: DeviceOption = None,
    model: ModelOption = None,
    model_dir: ModelDirOption = None,
    layout_model_dir: LayoutModelDirOption = None,
    adapter: AdapterOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Draw what was found on a page: regions by kind, lines, order of reading.

    A page that was not read yet, or not with these settings, is read for it; no record is written.
    """
    settings = gather_settings(
        config,
        direction,
        engine,
        device,
        model,
        model_dir,
        layout_model_dir,
        adapter=adapter,
    )
    from newspage.batch import inspect_page, make_default_backend
    from newspage.files import require_writable, write_files
    from newspage.workspace import Workspace

    path = png or Path(f"{page.stem}{f'-p{number}' if number > 1 else ''}-inspect.png")
    if path.is_dir():
        raise UsageError("picture-path-is-folder", path=path)
    require_writable(path.parent)
    place = Workspace.for_output(output, settings.config.run)
    engine_here = settings.config.engine
    picture = inspect_page(page, number, place, settings, lambda: make_default_backend(engine_here))
    write_files(path.parent, {path.name: picture})
    print_line(escape_line(path))


cli_correct.mount_correct_commands(app, _guarded)
cli_decisions.mount_decision_commands(app, _guarded)
cli_evaluate.mount_evaluate_command(app, _guarded)
cli_export.mount_export_command(app, _guarded)
cli_recorrect.mount_recorrect_command(app, _guarded)
cli_installation.mount_installation_commands(app, _guarded)
cli_import.mount_import_command(app, _guarded)
cli_review.mount_review_command(app, _guarded)
cli_store.mount_store_commands(app, _guarded)
cli_train.mount_train_commands(app, _guarded)
