"""The commands `newspage enqueue` and `newspage worker`; `cli` mounts them."""

import signal
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from newspage.cli_options import (
    AdapterOption,
    ConfigOption,
    DeviceOption,
    DirectionOption,
    EngineOption,
    FailedOption,
    FormatOption,
    Guard,
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
from newspage.errors import ExitCode, InputError
from newspage.signals import end_in_order
from newspage.terminal import print_line

if TYPE_CHECKING:
    from newspage.batch import StopRequest


def mount_worker_commands(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to the program; `guard` turns errors into a line and an exit code."""
    app.command()(guard(enqueue))
    app.command()(guard(worker))


def enqueue(
    paths: Annotated[list[Path], typer.Argument(help="Scans, and folders of scans.")],
    output: OutputOption = Path("output"),
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, help="Files looked into at the same time; else one a core."
        ),
    ] = None,
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
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Find the scans that are new or changed, for `newspage worker` to read them; read none.

    Takes what `newspage run` takes. Exit code 1 says that some files cannot be read.
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
    from rich.console import Console

    from newspage.batch import RunRequest, choose_pool, make_default_backend, run_folder
    from newspage.progress import RunView, summarise_enqueuing

    end_in_order()
    selection = choose_selection(since, only, retry_failed)
    pool = choose_pool(settings.config)
    request = RunRequest(tuple(paths), output, settings, pool, force, selection, elsewhere=True)
    with RunView(Console(stderr=True), verbose) as view:
        outcome = run_folder(request, make_default_backend(settings.config.engine), view)
    if not (outcome.waiting or outcome.skipped or outcome.failed):
        require_match(selection)
        if not outcome.passed_over:
            raise InputError("no-scans-found", paths=", ".join(map(str, paths)))
    print_line(summarise_enqueuing(outcome, output))
    if outcome.failed:
        raise typer.Exit(ExitCode.SOME_LEFT)


def worker(
    output: OutputOption = Path("output"),
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", min=1, help="Pages read at the same time, a core for each."),
    ] = 1,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for more pages where none are left.")
    ] = False,
    grace: Annotated[
        float,
        typer.Option(
            min=0, help="Seconds for which pages may be finished when the worker is told to stop."
        ),
    ] = 20.0,
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
    """Read pages that `newspage enqueue` or `run` found, beside any number of other workers.

    Ends when none is left. SIGTERM or Ctrl-C ends it in order: no page is begun any more, and those
    that are not finished in time are given back; a second one gives them back at once.
    """
    settings = gather_settings(
        config,
        direction,
        engine,
        device,
        model,
        model_dir,
        layout_model_dir,
        None,
        keep_lattices,
        formats,
        adapter,
        quality,
    )
    from rich.console import Console

    from newspage.batch import (
        PoolPlan,
        StopRequest,
        WorkerRequest,
        make_default_backend,
        measure_available_memory,
        run_worker,
    )
    from newspage.progress import RunView, summarise_run

    stop = StopRequest(grace)
    listen_for_stop(stop)
    start = time.monotonic()
    memory = measure_available_memory() or 0.0
    pool = PoolPlan(jobs, jobs, settings.config.run.pages_per_worker, memory)
    with RunView(Console(stderr=True), verbose) as view:
        backend = make_default_backend(settings.config.engine)
        outcome = run_worker(WorkerRequest(output, settings, pool, wait), backend, view, stop)
    print_line(summarise_run(outcome, output, time.monotonic() - start))
    if stop.asked:
        raise typer.Exit(ExitCode.INTERRUPTED)


def listen_for_stop(stop: "StopRequest") -> None:
    """Have the first signal that asks the process to end stop it in order, the next at once.

    Without any grace the first one does so at once.
    """
    end_in_order()

    def handle(number: int, _frame: FrameType | None) -> None:
        at_once = stop.asked or not stop.grace
        stop.ask()
        if at_once:
            raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
