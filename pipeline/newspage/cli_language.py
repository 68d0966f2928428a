"""The command `newspage language`; `cli` mounts it."""

from pathlib import Path
from typing import Annotated

import typer

from newspage.cli_options import ConfigOption, Guard, OutputOption, VerboseOption, require_results
from newspage.counting import count_in_words
from newspage.errors import ExitCode, InputError
from newspage.settings import load_settings
from newspage.terminal import escape_line, print_line


def mount_language_commands(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to the program; `guard` turns errors into a line and an exit code."""
    group = typer.Typer(
        no_args_is_help=True, help="The language that texts without a scan are judged by."
    )
    group.command("build")(guard(build))
    app.add_typer(group, name="language")


def build(
    output: OutputOption = Path("output"),
    paper: Annotated[str, typer.Option(help="Only pages of this paper.")] = "",
    first: Annotated[int | None, typer.Option("--from", help="Only from this year on.")] = None,
    last: Annotated[int | None, typer.Option("--to", help="Only up to this year.")] = None,
    model: Annotated[
        Path | None, typer.Option("--model", help="The file; else language.model by the store.")
    ] = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Build the archive's language model from what it has read and people have decided.

    `newspage correct` uses it from then on; build it again when the archive has grown. Exit code 1
    says that some page records could not be read.
    """
    settings = load_settings(config, {})
    place = require_results(output, settings)
    from newspage.training import LanguageRequest, build_language_model

    built = build_language_model(LanguageRequest(place, paper, first, last))
    if not built.pages:
        raise InputError("language-without-pages", output=output)
    path = model or place.find_language(settings.config)
    built.model.write_file(path)
    print_line(
        f"{escape_line(path)}: {count_in_words(built.pages, 'page')}, "
        f"{count_in_words(built.characters, 'character')}, "
        f"{count_in_words(built.pairs, 'confusion')} that people corrected"
    )
    for stem in built.left:
        print_line(f"newspage: {escape_line(stem)}: no page record that can be read", err=True)
    if built.left:
        raise typer.Exit(ExitCode.SOME_LEFT)
