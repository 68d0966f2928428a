"""Options that several commands have, the settings they make, and the check for results."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from newspage.errors import ConfigError, InputError
from newspage.settings import Key, Settings, load_settings

if TYPE_CHECKING:
    from newspage.batch import PageSelection
    from newspage.workspace import Workspace

Guard = Callable[[Callable[..., None]], Callable[..., None]]
"""Wraps a command so that its errors become one line and an exit code."""

OutputOption = Annotated[Path, typer.Option("--output", "-o", help="Where the results are.")]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Settings; otherwise newspage.toml, if there is one here."),
]
VerboseOption = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show where in the program an error comes from.")
]
LatticesOption = Annotated[
    bool,
    typer.Option("--keep-lattices", help="Keep what `recorrect` needs beside each page record."),
]

Direction = Literal["auto", "horizontal", "vertical"]

DirectionOption = Annotated[
    Direction | None, typer.Option(help="Direction of running text on all pages.")
]
EngineOption = Annotated[
    str | None,
    typer.Option(
        help="What reads: auto takes the faster of openvino and paddle; `doctor` lists others."
    ),
]
DeviceOption = Annotated[
    str | None,
    typer.Option(help="Where they run: auto, cpu, gpu, or gpu:1 for the second GPU."),
]
ModelOption = Annotated[str | None, typer.Option(help="Name of other PaddleOCR networks.")]
ModelDirOption = Annotated[
    Path | None, typer.Option(help="Folder with the networks, which are then not downloaded.")
]
LayoutModelDirOption = Annotated[
    Path | None,
    typer.Option(
        "--layout-model-dir",
        help="Folder with a layout model of PaddleOCR, to be asked as one more witness.",
    ),
]

AdapterOption = Annotated[
    str | None,
    typer.Option(help="What the recogniser has learnt of a paper's type: its name, or a file."),
]

QualityOption = Annotated[
    Literal["fast", "balanced", "best"] | None,
    typer.Option(
        help="Networks that read: best, the full one; fast, the light one; balanced, both in turn."
    ),
]

FormatOption = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        help="A format that pages, or issues, are written in; any number of times. In place of "
        "output.formats of the settings, which decisions follow.",
    ),
]
JobsOption = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", min=1, help="Pages read at the same time; else chosen for this machine."
    ),
]
ClusterOption = Annotated[
    str,
    typer.Option(
        "--cluster",
        "--engine-cluster",
        help="Have a Dask cluster read the pages: the address of its scheduler, such as "
        "tcp://HOST:8786; local starts one here with --jobs workers.",
    ),
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

LanguageOption = Annotated[
    Literal["auto", "en", "zh"], typer.Option("--language", help="Language of the report.")
]


def choose_language(wanted: Literal["auto", "en", "zh"]) -> Literal["en", "zh"]:
    """Return the language of a report: the one that is wanted, or that of the environment."""
    if wanted != "auto":
        return wanted
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "zh" if (spoken or "").startswith("zh") else "en"


def require_results(output: Path, settings: Settings) -> "Workspace":
    """Return the workspace of an output folder. Raises InputError where nothing was read yet."""
    from newspage.workspace import Workspace

    place = Workspace.for_output(output, settings.config.run)
    if not place.known:
        raise InputError("output-empty", output=output)
    return place


def gather_settings(
    config: Path | None,
    direction: str | None = None,
    engine: str | None = None,
    device: str | None = None,
    model: str | None = None,
    model_dir: Path | None = None,
    layout_model_dir: Path | None = None,
    jobs: int | None = None,
    keep_lattices: bool = False,
    formats: list[str] | None = None,
    adapter: str | None = None,
    quality: str | None = None,
) -> Settings:
    """Return the settings of the file and those given on the command line.

    Raises ConfigError, with the place of the setting, where one cannot be used.
    """
    given: Mapping[Key, tuple[str, object]] = {
        ("detect", "direction"): ("--direction", direction),
        ("engine", "engine"): ("--engine", engine),
        ("engine", "device"): ("--device", device),
        ("engine", "model"): ("--model", model),
        ("engine", "model_dir"): ("--model-dir", model_dir and str(model_dir)),
        ("engine", "layout_model_dir"): (
            "--layout-model-dir",
            layout_model_dir and str(layout_model_dir),
        ),
        ("run", "workers"): ("--jobs", jobs),
        ("output", "keep_lattices"): ("--keep-lattices", keep_lattices or None),
        ("output", "formats"): ("--format", formats or None),
        ("recognise", "adapter"): ("--adapter", adapter),
        ("recognise", "quality"): ("--quality", quality),
    }
    settings = load_settings(config, {k: v for k, v in given.items() if v[1] is not None})
    _require_engine(settings)
    return settings


def _require_engine(settings: Settings) -> None:
    """Raise ConfigError, with the place of the setting, where it names an unknown engine."""
    origin = settings.origins.get(("engine", "engine"))
    if origin is None:
        return
    from newspage.engine import AUTO, find_engine

    if settings.config.engine.engine != AUTO:
        try:
            find_engine(settings.config.engine.engine)
        except ConfigError as error:
            raise ConfigError.restate(error, where=origin) from error


def choose_selection(since: str | None, only: list[str] | None, failed: bool) -> "PageSelection":
    """Return the pages that a run is narrowed to. Raises UsageError on a moment it cannot read."""
    from datetime import datetime

    from newspage.batch import PageSelection, parse_moment

    start = parse_moment(since, datetime.now().astimezone()) if since else None
    return PageSelection(start, tuple(only or ()), failed)


def require_match(selection: "PageSelection") -> None:
    """Refuse patterns that have selected no scan, where nothing else could have left all out.

    A run that finds nothing new `--since` a moment is as it should be; a pattern without a scan is
    mostly misspelt. Raises InputError.
    """
    if selection.only and selection.since is None and not selection.failed:
        raise InputError("pattern-without-scan", patterns=", ".join(selection.only))
