"""The command `newspage evaluate`; `cli` mounts it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newspage.cli_options import (
    ConfigOption,
    Guard,
    LanguageOption,
    VerboseOption,
    choose_language,
)
from newspage.errors import ExitCode, UsageError
from newspage.settings import load_settings
from newspage.terminal import escape_line, print_line

if TYPE_CHECKING:
    from newspage.evaluation import ScoredPage, UnscoredPage


def mount_evaluate_command(app: typer.Typer, guard: Guard) -> None:
    """Add the command to the program; `guard` turns errors into a line and an exit code."""
    app.command()(guard(evaluate))


def evaluate(
    truth: Annotated[
        Path,
        typer.Argument(
            help="What is printed: a truth file or page record (.json), ALTO or PAGE (.xml), a "
            "text (.txt), or a folder of them."
        ),
    ],
    result: Annotated[
        Path, typer.Argument(help="What was made of it: a file or folder of the same kinds.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print the figures as CSV, one row a page.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Write a report with every difference, one HTML file."),
    ] = None,
    language: LanguageOption = "auto",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Compare what was read with what is printed: characters, words, order, articles.

    In folders, files of the same name belong together. Exit code 1 says that some pages could not
    be judged.
    """
    if as_json and as_csv:
        raise UsageError("json-and-csv")
    settings = load_settings(config, {})
    if report is not None:
        _require_report_place(report)
    whole = truth.is_dir() or result.is_dir()
    pages, unscored = _score_folders(truth, result) if whole else ([_score(truth, result)], [])
    _print_scores(pages, unscored, whole, "json" if as_json else "csv" if as_csv else "")
    if report is not None:
        from newspage.evaluation import ReportTask, render_quality_report
        from newspage.files import write_files

        task = ReportTask(
            truth, result, pages, unscored, choose_language(language), settings.config
        )
        write_files(report.parent, {report.name: render_quality_report(task)})
        print_line(escape_line(report), err=True)
    if unscored:
        raise typer.Exit(ExitCode.SOME_LEFT)


def _require_report_place(report: Path) -> None:
    """Refuse a report that cannot be written before any page is judged."""
    from newspage.files import require_writable

    if report.is_dir():
        raise UsageError("report-is-folder", path=report)
    require_writable(report.parent)


def _score(truth: Path, result: Path) -> "ScoredPage":
    """Return the scores of one page. Raises InputError."""
    from newspage.evaluation import score_files

    return score_files(result.name, truth, result)


def _score_folders(truth: Path, result: Path) -> tuple[list["ScoredPage"], list["UnscoredPage"]]:
    """Return the scores of all pages in a folder of truth, and what could not be judged."""
    from rich.console import Console
    from rich.progress import track

    from newspage.evaluation import ScoredPage, pair_pages, score_pairs

    pairs = pair_pages(truth, result)
    pages: list[ScoredPage] = []
    unscored: list[UnscoredPage] = []
    console = Console(stderr=True)
    scored = score_pairs(pairs)
    for page in track(
        scored, "Comparing", len(pairs), console=console, disable=not console.is_terminal
    ):
        if isinstance(page, ScoredPage):
            pages.append(page)
        else:
            unscored.append(page)
            print_line(f"newspage: {escape_line(page.problem)}", err=True)
    return pages, unscored


def _print_scores(
    pages: list["ScoredPage"], unscored: list["UnscoredPage"], whole: bool, form: str
) -> None:
    """Print the scores of one page or of a folder: for a person, or as JSON or CSV."""
    import json

    from newspage.evaluation import (
        format_folder_report,
        format_report,
        list_figures,
        render_score_csv,
        render_score_json,
    )

    if form == "csv":
        print_line(render_score_csv(pages).rstrip("\n"))
    elif form == "json" and whole:
        print_line(render_score_json(pages, unscored))
    elif form == "json":
        print_line(json.dumps(list_figures(pages[0].scores)))
    elif whole and pages:
        print_line(format_folder_report(pages))
    elif pages:
        print_line(format_report(pages[0].scores))
