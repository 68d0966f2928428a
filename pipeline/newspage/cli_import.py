"""The command `newspage import`; `cli` mounts it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from newspage.cli_options import ConfigOption, Guard, VerboseOption
from newspage.counting import count_in_words
from newspage.errors import ExitCode, InputError
from newspage.settings import load_settings
from newspage.signals import end_in_order
from newspage.terminal import escape_line, print_line

if TYPE_CHECKING:
    from newspage.config import EngineConfig
    from newspage.engine import Engine
    from newspage.importing import ImportRequest

SourceFormat = Literal["alto", "page", "hocr"]


def mount_import_command(app: typer.Typer, guard: Guard) -> None:
    """Add the command to the program; `guard` turns errors into a line and an exit code."""
    app.command("import")(guard(import_files))


def import_files(
    source_format: Annotated[SourceFormat, typer.Argument(metavar="alto|page|hocr")],
    files: Annotated[list[Path], typer.Argument(help="Files, and folders of files.")],
    scan: Annotated[
        Path | None,
        typer.Option(
            "--scan",
            help="The scan of the file (its page N as FILE#N), or the folder of the scans of all; "
            "else the one that each file names.",
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the pages go.")] = Path(
        "output"
    ),
    dpi: Annotated[
        float | None,
        typer.Option(min=1.0, help="Resolution of the scans, where files are not in pixels."),
    ] = None,
    pixels: Annotated[
        bool,
        typer.Option(
            "--pixels/--no-pixels",
            help="Read the lines on the scan too, and ask where both readings differ.",
        ),
    ] = True,
    force: Annotated[
        bool, typer.Option("--force", help="Replace pages that newspage has read itself.")
    ] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Take over pages that another program has read: ALTO, PAGE XML or hOCR beside its scan.

    Each becomes a page of the output folder, its text as it stands; doubtful places become
    questions in `newspage review`. Exit code 1 says that some files could not be imported.
    """
    from newspage.importing import ImportRequest

    end_in_order()
    settings = load_settings(config, {})
    engine = settings.config.engine
    make_engine = (lambda: _make_engine(engine)) if pixels else None
    _import(
        ImportRequest(source_format, tuple(files), output, settings, scan, dpi, force, make_engine)
    )


def _import(request: "ImportRequest") -> None:
    """Import files, and print what became of them."""
    from rich.console import Console
    from rich.progress import track

    from newspage.importing import PageImported, import_pages

    def note(message: str) -> None:
        print_line(f"note: {escape_line(message)}", err=True)

    done = failed = asked = 0
    console = Console(stderr=True)
    results = import_pages(request, note)
    for result in track(results, "Importing", console=console, disable=not console.is_terminal):
        if isinstance(result, PageImported):
            done += 1
            asked += result.proposals
            for problem in result.problems:
                note(f"{result.stem}: {problem.message}")
        else:
            failed += 1
            print_line(f"newspage: {result}", err=True)
    if not done and not failed:
        raise InputError(
            "import-nothing-found",
            format=request.format,
            paths=", ".join(map(str, request.paths)),
        )
    print_line(
        f"{count_in_words(done, 'page')} imported into {escape_line(request.output)}, "
        f"{count_in_words(asked, 'question')} for `newspage review`"
    )
    if failed:
        raise typer.Exit(ExitCode.SOME_LEFT if done else ExitCode.INPUT)


def _make_engine(config: "EngineConfig") -> "Engine":
    """Make the engine of the settings. Raises MissingDependencyError where there is none."""
    from newspage.engine import make_engine

    return make_engine(config)
