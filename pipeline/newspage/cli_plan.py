"""The command `newspage plan`; `cli` mounts it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newspage.cli_options import (
    AdapterOption,
    ConfigOption,
    DeviceOption,
    DirectionOption,
    EngineOption,
    FailedOption,
    Guard,
    JobsOption,
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
from newspage.counting import count_in_words
from newspage.errors import ExitCode, InputError
from newspage.terminal import print_line

if TYPE_CHECKING:
    from newspage.batch import Duration, RunPlan


def mount_plan_command(app: typer.Typer, guard: Guard) -> None:
    """Add the command to the program; `guard` turns errors into a line and an exit code."""
    app.command()(guard(plan))


def plan(
    paths: Annotated[list[Path], typer.Argument(help="Scans, and folders of scans.")],
    output: OutputOption = Path("output"),
    jobs: JobsOption = None,
    cores: Annotated[
        int | None, typer.Option(min=1, help="Reckon for so many cores; else for this machine.")
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
    adapter: AdapterOption = None,
    quality: QualityOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Say what a run would read and how long it would take, by the times of pages read before.

    Exit code 1 says that some of the paths name no scan.
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
        adapter=adapter,
        quality=quality,
    )
    from newspage.batch import RunRequest, choose_pool, make_default_backend, plan_run

    pool = choose_pool(settings.config)
    selection = choose_selection(since, only, retry_failed)
    request = RunRequest(tuple(paths), output, settings, pool, force, selection)
    found = plan_run(request, make_default_backend(settings.config.engine), cores or pool.workers)
    if not (found.done or found.failed or found.files):
        require_match(selection)
        raise InputError("no-scans-found", paths=", ".join(map(str, paths)))
    print_line(_encode_plan(found) if as_json else _describe_plan(found))
    for problem in found.problems:
        print_line(f"newspage: {problem}", err=True)
    if found.problems:
        raise typer.Exit(ExitCode.SOME_LEFT)


def _encode_plan(plan: "RunPlan") -> str:
    """Return a plan as a JSON object."""
    more = {"to_read": plan.to_read, "pages_a_core_hour": round(plan.pages_a_core_hour, 1)}
    return json.dumps({"format": "newspage-plan/1", **asdict(plan), **more})


def _describe_plan(plan: "RunPlan") -> str:
    """Return a plan in a few lines for a person."""
    about = "about " if plan.opened < plan.files else ""
    lines = [
        (
            f"{count_in_words(plan.done, 'page')} already read, {plan.failed:,} failed and not "
            "tried again."
        ),
        (
            f"To read: {about}{count_in_words(plan.to_read, 'page')} ({plan.new:,} new, "
            f"{plan.changed:,} changed, {plan.again:,} that failed or were not finished), "
            f"{plan.megapixels:,.0f} megapixels."
        ),
    ]
    if plan.opened < plan.files:
        lines.append(
            f"{plan.opened:,} of {count_in_words(plan.files, 'file')} were opened; the others are "
            "taken to be like them."
        )
    if plan.refused:
        lines.append(f"{count_in_words(plan.refused, 'file')} opened cannot be read.")
    if plan.to_read:
        lines += [
            (
                f"It takes {_format_range(plan.core_hours)} of one core, "
                f"{plan.pages_a_core_hour:,.0f} pages a core-hour."
            ),
            f"On {count_in_words(plan.cores, 'core')}: {_format_range(plan.hours)}.",
            f"By the times of {count_in_words(plan.measured, 'page')} of this store."
            if plan.measured
            else "No page of this store tells its time yet: a second a megapixel is assumed.",
        ]
    return "\n".join(lines)


def _format_range(hours: "Duration") -> str:
    """Return an estimate in hours and minutes, with its range unless both ends are alike."""
    usual, low, high = (_format_hours(h) for h in (hours.usual, hours.low, hours.high))
    return f"about {usual}" if low == high else f"about {usual} ({low} to {high})"


def _format_hours(hours: float) -> str:
    """Return hours as hours and minutes: 1.5 is 1:30 h, .25 is 15 min."""
    minutes = max(1, round(hours * 60))
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60:,}:{minutes % 60:02} h"
