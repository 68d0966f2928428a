"""The command `newspage export`; `cli` mounts it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from newspage.cli_options import ConfigOption, Guard, VerboseOption
from newspage.config import IiifConfig
from newspage.errors import ExitCode, InputError, NewspageError, UsageError
from newspage.settings import load_settings
from newspage.terminal import escape_line, print_line

if TYPE_CHECKING:
    from rich.progress import Progress

    from newspage.config import Config, IngestConfig
    from newspage.formats import PackageChoices, PageDocument
    from newspage.output import ExportPlan


def mount_export_command(app: typer.Typer, guard: Guard) -> None:
    """Add the command to the program; `guard` turns errors into a line and an exit code."""
    app.command()(guard(export))


def export(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="Formats, then page records, issues (issues/NAME.json) or folders of them (else "
            "the folder output).",
            metavar="FORMAT... [PAGES|ISSUES|FOLDERS]...",
        ),
    ] = None,
    folder: Annotated[Path, typer.Option("--output", "-o", help="Where the files go.")] = Path(
        "export"
    ),
    link_scans: Annotated[
        bool,
        typer.Option(
            "--link-scans", help="In packages (mets), refer to scans instead of copying them."
        ),
    ] = False,
    base_url: Annotated[
        str | None,
        typer.Option(
            help="For iiif: the address at which the folder will be found "
            f"(else iiif.base_url, {IiifConfig().base_url}).",
            metavar="URL",
        ),
    ] = None,
    profile: Annotated[
        Literal["plain", "ndnp", "impresso"],
        typer.Option(
            help="Names in packages (mets): plain, or as the loaders of NDNP or impresso want them."
        ),
    ] = "plain",
    plain: Annotated[
        bool,
        typer.Option(
            "--plain", help="In txt and md, leave out where each article is from (its source)."
        ),
    ] = False,
    show_formats: Annotated[
        bool, typer.Option("--list", help="List the formats, and write nothing.")
    ] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Write pages and issues that were read in formats for archives, viewers and other programs.

    Works from page records: nothing is read again, and what people decided is in it. PDF, METS and
    IIIF hold the scans, which must be where they were. Exit code 1 says that some records, or
    scans, could not be used.
    """
    from newspage.formats import PackageProfile, load_exporters
    from newspage.output import choose_packages

    known = load_exporters()
    if show_formats:
        for exporter in known.values():
            print_line(
                f"{exporter.name:18}{exporter.scope:13}{exporter.suffix:20}{exporter.description}"
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
    # Formats of other packages may heed how packages are made as well.
    heeding = {name for name, one in known.items() if one.package_issue} - {"iiif"}
    if not heeding & set(formats):
        _refuse_options({"--link-scans": link_scans, "--profile": profile != "plain"}, "mets")
    if "iiif" not in formats:
        _refuse_options({"--base-url": base_url}, "iiif")
    given = {("iiif", "base_url"): ("--base-url", base_url)} if base_url else {}
    settings = load_settings(config, given)
    _note_address(formats, settings.config.iiif)
    choices = choose_packages(settings, link_scans, PackageProfile(profile))
    _export(formats, paths, folder, choices, settings.config, with_sources=not plain)


def _refuse_options(options: dict[str, object], owner: str) -> None:
    """Refuse options that change nothing, since the format that they are for is not written.

    Args:
        options: Values by the names of the options; those that were not given are false.
        owner: Name of the format that they are for.

    Raises:
        UsageError: An option was given.
    """
    for option, given in options.items():
        if given:
            raise UsageError("option-of-other-format", option=option, format=owner)


def _note_address(formats: list[str], publishing: IiifConfig) -> None:
    """Say that the addresses in manifests are those of this computer, where nobody set others."""
    default = IiifConfig().base_url
    if "iiif" in formats and publishing.base_url == default:
        print_line(
            f"note: all addresses begin with {default}, where only this computer finds them; name "
            "the place where the folder will be published with --base-url.",
            err=True,
        )


def _export(
    formats: list[str],
    paths: list[Path],
    folder: Path,
    choices: "PackageChoices",
    config: "Config",
    with_sources: bool,
) -> None:
    """Write pages and issues in some formats, and print how many were written.

    Args:
        formats: Names of formats, of pages or of issues.
        paths: Records, files of issues, and folders of them.
        folder: Where the files go.
        choices: How packages are made.
        config: The settings.
        with_sources: Files for people say of each article where it is from.
    """
    from rich.console import Console
    from rich.progress import Progress

    from newspage.output import plan_export

    plan = plan_export(paths, formats)
    if not (plan.pages or plan.issues or plan.packed):
        raise InputError("no-records-found", paths=", ".join(map(str, paths)))
    console = Console(stderr=True)
    lost = LossReport()
    with Progress(console=console, disable=not console.is_terminal) as bar:
        failed = _export_pages(plan, folder, config.ingest, bar, lost, with_sources)
        failed += _export_issues(plan, folder, config.ingest, choices, bar, lost)
        failed += _export_together(plan, folder, config.ingest, bar)
    if failed:
        raise typer.Exit(ExitCode.SOME_LEFT)


class LossReport:
    """A report of the characters that XML cannot hold, which names each page once."""

    def __init__(self) -> None:
        self._named: set[str] = set()

    def name_page(self, stem: str, lost: list[str]) -> None:
        """Say which characters of a page are lost, if there are any and it was not said before."""
        if lost and stem not in self._named:
            self._named.add(stem)
            said = f"XML cannot hold {', '.join(lost)}; U+FFFD stands there."
            print_line(f"note: {stem}: {said}", err=True)


def _export_pages(
    plan: "ExportPlan",
    folder: Path,
    config: "IngestConfig",
    bar: "Progress",
    lost: LossReport,
    with_sources: bool,
) -> int:
    """Write the pages of a plan, if any, print how many; return how many could not be."""
    from newspage.output import ExportedPage, export_pages

    if not plan.page_formats or not plan.pages:
        return 0
    failed = 0
    pages = export_pages(plan.pages, plan.page_formats, folder, config, with_sources)
    for page in bar.track(pages, total=len(plan.pages), description="Exporting pages"):
        refusals = page.refusals if isinstance(page, ExportedPage) else (page,)
        for refusal in refusals:
            print_line(f"newspage: {refusal}", err=True)
        failed += bool(refusals)
        if isinstance(page, ExportedPage):
            lost.name_page(page.stem, list(page.unwritable))
    count = f"{len(plan.pages) - failed:,} of {len(plan.pages):,} pages"
    print_line(f"{count} written to {escape_line(folder)} ({', '.join(plan.page_formats)})")
    return failed


def _export_issues(
    plan: "ExportPlan",
    folder: Path,
    config: "IngestConfig",
    choices: "PackageChoices",
    bar: "Progress",
    lost: LossReport,
) -> int:
    """Write the issues of a plan, if any, print how many; return how many could not be."""
    from newspage.output import export_issues, list_lacks, list_lost_characters

    if not plan.issue_formats or not plan.issues:
        return 0
    if not choices.link_scans:
        for line in list_lacks(plan.issue_formats):
            print_line(f"note: {line}", err=True)
    total = sum(len(issue.records) for issue in plan.issues) * len(plan.issue_formats)
    task = bar.add_task("Exporting issues", total=total)

    def met(page: "PageDocument") -> None:
        bar.advance(task)
        lost.name_page(page.name, list_lost_characters(page))

    failed = 0
    done = export_issues(plan.issues, plan.issue_formats, folder, config, choices, met)
    for issue in done:
        if isinstance(issue, NewspageError):
            failed += 1
            print_line(f"newspage: {issue}", err=True)
    single = sum(issue.single for issue in plan.issues)
    count = f"{len(plan.issues) - failed:,} of {len(plan.issues):,} issues"
    noted = f", {single:,} of them single pages," if single else ""
    print_line(f"{count}{noted} written to {escape_line(folder)} ({', '.join(plan.issue_formats)})")
    return failed


def _export_together(
    plan: "ExportPlan", folder: Path, config: "IngestConfig", bar: "Progress"
) -> int:
    """Write the pages of a plan into one folder for each format that asks for it, if any does.

    Prints how many; returns how many could not be.
    """
    from newspage.formats import find_exporter
    from newspage.output import export_together

    left_out: set[str] = set()

    def leave_out(error: InputError) -> None:
        if str(error) not in left_out:
            left_out.add(str(error))
            print_line(f"newspage: {error}", err=True)

    for name in plan.packed_formats:
        records = bar.track(plan.packed, description="Exporting pages")
        path = export_together(records, find_exporter(name), folder, config, leave_out)
        count = f"{len(plan.packed) - len(left_out):,} of {len(plan.packed):,} pages"
        print_line(f"{count} written to {escape_line(path)} ({name})")
    return len(left_out)
