"""The commands `newspage correct` and `newspage dictionary`; `cli` mounts them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, ParamSpec

import typer

from newspage.cli_options import (
    ConfigOption,
    Guard,
    LanguageOption,
    VerboseOption,
    choose_language,
)
from newspage.errors import ExitCode, InputError, UsageError
from newspage.settings import load_settings
from newspage.terminal import escape_line, print_line

if TYPE_CHECKING:
    from newspage.collation import CorrectedFile
    from newspage.config import Config
    from newspage.correct import EntryKind

Arguments = ParamSpec("Arguments")
Apply = Literal["none", "safe", "all"]

FolderOption = Annotated[
    Path | None, typer.Option("--folder", help="Your dictionaries; else the last in the settings.")
]
KindArgument = Annotated[
    str,
    typer.Argument(
        help="phrases, institutions, titles, places, names, confusions or latin.", metavar="KIND"
    ),
]


def mount_correct_commands(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to the program; `guard` turns errors into a line and an exit code."""
    app.command()(guard(correct))
    words = typer.Typer(no_args_is_help=True, help="Look after the dictionaries.")
    words.command("add")(guard(add))
    words.command("remove")(guard(remove))
    words.command("list")(guard(list_entries))
    words.command("check")(guard(check))
    words.command("import")(guard(import_entries))
    app.add_typer(words, name="dictionary")


def correct(
    text: Annotated[Path, typer.Argument(help="A text some other system made of a page.")],
    scan: Annotated[
        Path | None, typer.Option("--scan", help="The scan it was made of; pages N as FILE#N.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the results go.")] = Path(
        "output"
    ),
    apply: Annotated[
        Apply | None, typer.Option(help="Which proposals are applied without a person.")
    ] = None,
    budget: Annotated[
        int | None,
        typer.Option(min=0, help="Ask about so many places at most: those that mend most."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done, write nothing.")
    ] = False,
    language: LanguageOption = "auto",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Find what is wrong in a text that exists already, and write it without.

    Writes STEM.clean.txt, STEM.clean.json, a report (Markdown and HTML) and STEM.answers.txt, into
    which you write what you decide: the same command then applies it. Exit code 1 says that the
    text does not belong to the scan.
    """
    given = {("correct", "apply"): ("--apply", apply)} if apply else {}
    settings = load_settings(config, given).config
    settings = _taught(settings, output)
    # Importing what does the work takes a moment.
    from rich.console import Console

    from newspage.collation import (
        correct_file,
        find_answers_path,
        read_correction_answers,
        write_results,
    )
    from newspage.files import require_writable
    from newspage.progress import StepsView

    if not dry_run:
        require_writable(output)
    answers = read_correction_answers(find_answers_path(text, output))
    with StepsView(Console(stderr=True)) as steps:
        done = correct_file(text, scan, settings, answers, steps, budget)
    words = choose_language(language)
    if dry_run:
        _show(done, words)
    else:
        for path in write_results(done, output, words):
            print_line(escape_line(path))
    print_line(done.summarise_changes(words))
    if done.open and not dry_run:
        print_line(done.how_to_answer(find_answers_path(text, output), words))
    for problem in done.corrected.problems:
        print_line(f"newspage: {escape_line(text)}: {problem.message}", err=True)
    if any(p.severity == "error" for p in done.corrected.problems):
        raise typer.Exit(ExitCode.SOME_LEFT)


def add(
    kind: KindArgument,
    entry: Annotated[str, typer.Argument(help="The phrase, name, word or group of look-alikes.")],
    second: Annotated[
        str, typer.Argument(help="Second field: 'fixed', or what a Latin word was meant as.")
    ] = "",
    note: Annotated[str, typer.Option(help="A remark for people.")] = "",
    folder: FolderOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Add an entry to your own dictionaries."""
    from newspage.correct import add_entry

    own = _own(folder, config)
    added = add_entry(own, _kind(kind), entry, second, note)
    print_line(f"{entry} added to {own / kind}.tsv" if added else f"{entry} stands there already")


def remove(
    kind: KindArgument,
    entry: Annotated[str, typer.Argument(help="The entry.")],
    folder: FolderOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Take an entry back; one that came with newspage stays in its file and counts no more."""
    from newspage.correct import find_shipped_folder, load_dictionaries, remove_entry

    own = _own(folder, config)
    known = load_dictionaries([find_shipped_folder()]).entries
    if not remove_entry(own, _kind(kind), entry, known):
        raise UsageError("entry-unknown", entry=entry, kind=kind)
    print_line(f"{entry} removed")


def list_entries(
    kind: Annotated[str | None, typer.Argument(help="Only these.", metavar="KIND")] = None,
    holding: Annotated[str, typer.Option(help="Only entries with this in them.")] = "",
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """List the entries that count, and where each stands."""
    from newspage.correct import list_dictionary_folders, load_dictionaries

    only = _kind(kind) if kind else None
    config_here = _taught(_config(config), Path("output"))
    for entry in load_dictionaries(list_dictionary_folders(config_here.correct)).entries:
        if (only is None or entry.kind is only) and holding in entry.text:
            fields = (entry.kind.value, entry.text, entry.second, entry.note, entry.source)
            print_line("\t".join(fields))


def check(
    folder: Annotated[Path | None, typer.Argument(help="A folder; else all that count.")] = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """List every line that cannot be used. Exit code 3 says that there are some."""
    from newspage.correct import check_dictionaries, list_dictionary_folders

    if folder is not None and not folder.is_dir():
        raise InputError("dictionary-check-folder-missing", path=folder)
    config_here = _taught(_config(config), Path("output"))
    folders = [folder] if folder else list_dictionary_folders(config_here.correct)
    faults = list(check_dictionaries(folders))
    for fault in faults:
        print_line(str(fault))
    print_line(f"lines that cannot be used: {len(faults)}" if faults else "every line can be used")
    if faults:
        raise typer.Exit(ExitCode.INPUT)


def import_entries(
    kind: KindArgument,
    source: Annotated[Path, typer.Argument(help="A text, one entry a line.")],
    folder: FolderOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Add the lines of a text file as entries. Exit code 1 says that some could not be used."""
    from newspage.correct import import_entries

    own = _own(folder, config)
    done = import_entries(own, _kind(kind), source)
    for fault in done.faults:
        print_line(str(fault), err=True)
    print_line(
        f"{done.added} added to {own / kind}.tsv, {done.known} known already, "
        f"{len(done.faults)} left out"
    )
    if done.faults:
        raise typer.Exit(ExitCode.SOME_LEFT)


def _show(done: "CorrectedFile", language: Literal["en", "zh"]) -> None:
    """Print the corrections of a text, one a line."""
    for line in done.list_changes(language):
        print_line(line)


def _config(path: Path | None) -> "Config":
    return load_settings(path, {}).config


def _taught(config: "Config", output: Path) -> "Config":
    """Return the settings with the entries that reviewers adopted."""
    from newspage.workspace import Workspace

    return Workspace.for_output(output, config.run).with_learned(config)


def _own(folder: Path | None, config: Path | None) -> Path:
    """Return the folder of the user's own entries."""
    if folder is not None:
        return folder
    from newspage.correct import OWN_FOLDER

    folders = _config(config).correct.dictionaries
    return Path(folders[-1]) if folders else OWN_FOLDER


def _kind(name: str) -> "EntryKind":
    """Return the kind of entry that a word names. Raises UsageError where it names none."""
    from newspage.correct import EntryKind

    if name not in list(EntryKind):
        raise UsageError("entry-kind-unknown", name=name, known=", ".join(EntryKind))
    return EntryKind(name)
