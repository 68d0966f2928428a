"""The command `newspage export`; `cli` mounts it."""

from pathlib import Path
from typing import Annotated

import typer

from newspage.cli_options import ConfigOption, Guard, VerboseOption
from newspage.errors import ExitCode, InputError, UsageError
from newspage.settings import load_settings
from newspage.terminal import escape_line, print_line


def mount_export_command(app: typer.Typer, guard: Guard) -> None:
    """Add the command to the program; `guard` turns errors into a line and an exit code."""
    app.command()(guard(export))


def export(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="Formats, then page records or folders of them (else the folder output).",
            metavar="FORMAT... [PAGES]...",
        ),
    ] = None,
    folder: Annotated[Path, typer.Option("--output", "-o", help="Where the files go.")] = Path(
        "export"
    ),
    show_formats: Annotated[
        bool, typer.Option("--list", help="List the formats, and write nothing.")
    ] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Write pages that were read in formats for archives, viewers and other programs.

    Works from page records: nothing is read again, and what people decided is in it. PDF files hold
    the scans, which must be where they were. Exit code 1 says that some records, or scans, could
    not be used.
    """
    from newspage.formats.exporters import load_exporters

    known = load_exporters()
    if show_formats:
        for exporter in known.values():
            print_line(
                f"{exporter.name:8}{exporter.scope:13}{exporter.suffix:18}{exporter.description}"
            )
        return
    words = what or []
    formats = list(dict.fromkeys(word for word in words if word in known))
    paths = [Path(word) for word in words if word not in known] or [Path("output")]
    strange = [word for word in words if word not in known and not Path(word).exists()]
    if strange:
        raise UsageError("export-word-unclear", words=", ".join(strange), known=", ".join(known))
    if not formats:
        raise UsageError("format-not-named", known=", ".join(known))
    _export(formats, paths, folder, config)


def _export(formats: list[str], paths: list[Path], folder: Path, config: Path | None) -> None:
    """Write the pages of some records in some formats, and print how many were written."""
    from rich.console import Console
    from rich.progress import track

    from newspage.output.exports import ExportedPage, export_pages, find_records

    settings = load_settings(config, {}).config
    records = list(find_records(paths))
    if not records:
        raise InputError("no-records-found", paths=", ".join(map(str, paths)))
    written = failed = 0
    console = Console(stderr=True)
    pages = export_pages(records, formats, folder, settings.ingest)
    for page in track(
        pages, "Exporting", len(records), console=console, disable=not console.is_terminal
    ):
        refusals = page.refusals if isinstance(page, ExportedPage) else (page,)
        for refusal in refusals:
            print_line(f"newspage: {refusal}", err=True)
        failed += bool(refusals)
        written += not refusals
        if isinstance(page, ExportedPage) and page.unwritable:
            lost = ", ".join(page.unwritable)
            print_line(f"note: {page.stem}: XML cannot hold {lost}; U+FFFD stands there.", err=True)
    print_line(
        f"{written:,} of {len(records):,} pages written to {escape_line(folder)} "
        f"({', '.join(formats)})"
    )
    if failed:
        raise typer.Exit(ExitCode.SOME_LEFT)
