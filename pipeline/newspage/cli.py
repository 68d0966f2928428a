"""The command line: parse, call, print, exit code. What is heavy is imported inside commands."""

import functools
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
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
    cli_language,
    cli_plan,
    cli_recorrect,
    cli_review,
    cli_search,
    cli_status,
    cli_store,
    cli_train,
    cli_worker,
)
from newspage.cli_options import (
    AdapterOption,
    ClusterOption,
    ConfigOption,
    DeviceOption,
    DirectionOption,
    EngineOption,
    FailedOption,
    FormatOption,
    JobsOption,
    LatticesOption,
    LayoutModelDirOption,
    ModelDirOption,
    ModelOption,
    OnlyOption,
    OutputOption,
    QualityOption,
    SinceOption,
    VerboseOption,
    choose_selection,
    gather_settings,
    require_match,
)
from newspage.errors import ExitCode, InputError, NewspageError, UsageError
from newspage.signals import end_in_order
from newspage.terminal import escape_line, print_line
from newspage.version import __version__

if TYPE_CHECKING:
    from newspage.batch import RunObserver, RunOutcome, RunRequest

Arguments = ParamSpec("Arguments")

app = typer.Typer(
    name="newspage",
    help="Scans of newspaper pages, Chinese first, into clean article text.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


_GROUPS = {
    "Read": ("plan", "run", "watch", "status", "inspect"),
    "Review and search": ("review", "search", "index"),
    "Hand on": ("export", "import"),
    "Read better": (
        "evaluate",
        "train",
        "adapter",
        "dictionary",
        "language",
        "recorrect",
        "correct",
    ),
    "Keep, and read with many machines": ("store", "decisions", "enqueue", "worker"),
    "Installation and settings": ("doctor", "config"),
}
"""The commands by what people want to do, in the order of the README."""


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
    quality: QualityOption = None,
    budget: Annotated[
        str, typer.Option(help="Begin no page that would end after this time: 90m, 8h, 2d.")
    ] = "",
    log_json: Annotated[
        Path | None, typer.Option(help="Add a line of JSON for each event to this file.")
    ] = None,
    metrics_file: Annotated[
        Path | None,
        typer.Option(help="Keep figures for Prometheus in this file (node_exporter's textfiles)."),
    ] = None,
    cluster: ClusterOption = "",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Read all scans that are new or changed, and write their articles.

    Running it again goes on where it was stopped. Exit code 1 says that some pages failed, 7 that
    the budget is spent and pages are left.
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
        quality,
    )
    from newspage.batch import (
        ClusterChoice,
        RunRequest,
        choose_pool,
        make_default_backend,
        parse_cluster_address,
        parse_duration,
    )

    seconds = parse_duration(budget) if budget else 0.0
    where = parse_cluster_address(cluster) if cluster else ""
    end_in_order()
    selection = choose_selection(since, only, retry_failed)
    pool = choose_pool(settings.config)
    request = RunRequest(tuple(paths), output, settings, pool, force, selection, seconds)
    if where:
        request = replace(request, cluster=ClusterChoice(where, make_default_backend))
    with _observing(log_json, metrics_file) as observers:
        outcome = _run(replace(request, observers=observers), verbose)
    if outcome.left:
        raise typer.Exit(ExitCode.BUDGET)
    if not (outcome.done or outcome.skipped or outcome.failed):
        require_match(selection)
        if not outcome.passed_over:
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
    quality: QualityOption = None,
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
        quality,
    )
    from newspage.batch import FolderWatcher, RunRequest, Still, choose_pool

    end_in_order()
    selection = choose_selection(since, only, retry_failed)
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


@contextmanager
def _observing(
    log_json: Path | None, metrics_file: Path | None
) -> "Iterator[tuple[RunObserver, ...]]":
    """Open the files that events of a run go to."""
    from newspage.batch import EventLog, MetricsFile

    with ExitStack() as stack:
        observers: list[RunObserver] = []
        if log_json:
            observers.append(stack.enter_context(EventLog(log_json)).note_event)
        if metrics_file:
            observers.append(MetricsFile(metrics_file).note_event)
        yield tuple(observers)


def _run(request: "RunRequest", verbose: bool) -> "RunOutcome":
    """Run, show how it goes on, and print a summary at its end."""
    # Importing what does the work takes a moment.
    from rich.console import Console

    from newspage.batch import make_default_backend, run_folder
    from newspage.progress import RunView, summarise_run

    start = time.monotonic()
    with RunView(Console(stderr=True), verbose) as view:
        outcome = run_folder(request, make_default_backend(request.settings.config.engine), view)
    if outcome.done or outcome.skipped or outcome.failed or outcome.passed_over or outcome.left:
        print_line(summarise_run(outcome, request.output, time.monotonic() - start))
    return outcome


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
    quality: QualityOption = None,
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
        quality=quality,
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
cli_plan.mount_plan_command(app, _guarded)
cli_recorrect.mount_recorrect_command(app, _guarded)
cli_installation.mount_installation_commands(app, _guarded)
cli_import.mount_import_command(app, _guarded)
cli_language.mount_language_commands(app, _guarded)
cli_review.mount_review_command(app, _guarded)
cli_status.mount_status_command(app, _guarded)
cli_search.mount_search_commands(app, _guarded)
cli_store.mount_store_commands(app, _guarded)
cli_train.mount_train_commands(app, _guarded)
cli_worker.mount_worker_commands(app, _guarded)


def _group_commands() -> None:
    """Have the help show the commands in groups, in the order of the groups."""
    groups = {name: group for group, names in _GROUPS.items() for name in names}
    for command in app.registered_commands:
        command.name = str(command.name or getattr(command.callback, "__name__", ""))
        command.rich_help_panel = groups[command.name]
    for group in app.registered_groups:
        group.rich_help_panel = groups[str(group.name)]
    order = list(groups)
    app.registered_commands.sort(key=lambda command: order.index(str(command.name)))


_group_commands()
