"""The commands that make and keep adapters: what the recogniser has learnt of a paper's type."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from newspage.cli_options import ConfigOption, Guard, OutputOption, VerboseOption
from newspage.counting import count_in_words
from newspage.errors import ExitCode, InputError, UsageError
from newspage.settings import Settings, load_settings
from newspage.terminal import escape_line, print_line

if TYPE_CHECKING:
    from newspage.training import KnownPage, TrainingListener, TrainingOutcome

_PAPER = "paper"
"""Name of the command that trains, which need not be given."""

AdapterArgument = Annotated[str, typer.Argument(help="Name of an adapter, or its file.")]


class _TrainGroup(TyperGroup):
    """A group whose command `paper` need not be named: what begins otherwise is meant for it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = [_PAPER, *args]
        return super().parse_args(ctx, args)


def mount_train_commands(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to the program; `guard` turns errors into a line and an exit code."""
    group = typer.Typer(
        cls=_TrainGroup,
        help="Teach the recogniser a paper's type: newspage train NAME [TRANSCRIPTIONS].",
        no_args_is_help=True,
    )
    group.command(_PAPER)(guard(train))
    group.command("suggest")(guard(suggest))
    app.add_typer(group, name="train")
    adapter = typer.Typer(help="The adapters in the folder `adapters`.", no_args_is_help=True)
    adapter.command("list")(guard(list_adapters))
    adapter.command("info")(guard(show_adapter))
    adapter.command("export")(guard(export_adapter))
    adapter.command("import")(guard(import_adapter))
    adapter.command("remove")(guard(remove_adapter))
    app.add_typer(adapter, name="adapter")


def train(
    name: Annotated[str, typer.Argument(help="Name of the adapter; mostly that of the paper.")],
    transcriptions: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders of scans with PAGE, ALTO, truth or text files beside them."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Learn from the confirmed lines of this output folder too; without folders of "
            "transcriptions, from those of the folder output.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only pages of such a name; * and ? stand for anything."),
    ] = None,
    hold_back: Annotated[
        list[str] | None,
        typer.Option(help="Pages of such a name are for testing alone; otherwise a random fifth."),
    ] = None,
    bias_only: Annotated[
        bool,
        typer.Option(
            "--bias-only", help="Learn the bias of the output layer alone: smaller gain, less risk."
        ),
    ] = False,
    seed: Annotated[
        int,
        typer.Option(min=0, help="Of the random choice of test pages, and of the order of lines."),
    ] = 0,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Teach the recogniser a paper's type, from lines whose text people have confirmed.

    What it learns is saved as an adapter only if pages that were held back are read better and
    other print no worse, by more than chance. Exit code 1 says that it was not saved.
    """
    settings = load_settings(config, {})
    _require_name(name)
    pages = _gather_pages(transcriptions or [], output, settings, only or [])
    from newspage.engine import FOLDER, SUFFIX, write_adapter
    from newspage.files import require_writable, write_files

    require_writable(Path(FOLDER))
    outcome = _train(name, pages, settings, tuple(hold_back or ()), bias_only, seed)
    _print_outcome(outcome)
    if not outcome.gains or outcome.forgotten:
        _print_refusal(outcome, bias_only)
        raise typer.Exit(ExitCode.SOME_LEFT)
    write_files(Path(FOLDER), {name + SUFFIX: write_adapter(outcome.adapter)})
    print_line(f"Saved as {FOLDER}/{escape_line(name)}{SUFFIX}. Read with it: --adapter NAME, or:")
    print_line(f'[[override]]\nmatch = "{name}*"\nrecognise = {{ adapter = "{name}" }}')


def suggest(
    output: OutputOption = Path("output"),
    count: Annotated[int, typer.Option(min=1, help="How many lines at most.")] = 100,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """List the lines whose transcription would help the recogniser most, and offer them for typing.

    They are chosen by the recogniser's own doubt, spread over pages, columns and characters. The
    page Lines of `newspage review` shows one after the other; `newspage train NAME` learns from
    what is typed. The list is tab-separated under a line that names its columns; boxes are left,
    top, right and bottom on the scan, in pixels.
    """
    from newspage.cli_options import require_results
    from newspage.output import require_known, write_suggested_lines
    from newspage.store import OutputStore, Store
    from newspage.training import suggest_lines

    place = require_results(output, load_settings(config, {}))
    with Store(place.store, read_only=True) as store:
        require_known(place, OutputStore(store, place.name))
    lines = suggest_lines(place, count)
    write_suggested_lines(place.output, lines)
    if lines:
        print_line("page\tbox\twrong characters expected\tread as")
    for line in lines:
        box = ",".join(f"{side:.0f}" for side in line.box)
        print_line(
            f"{escape_line(line.stem)}\t{box}\t{line.expected:.1f}\t{escape_line(line.reading)}"
        )
    said = f"{count_in_words(len(lines), 'line')} to type"
    print_line(f"{said}: newspage review -o {escape_line(output)}, page Lines.", err=True)


def _require_name(name: str) -> None:
    """Raise UsageError for a name that could not be that of a file."""
    if not name or name.startswith(".") or any(c in name for c in '/\\"') or not name.isprintable():
        raise UsageError("adapter-name-wrong", name=name)


def _gather_pages(
    folders: list[Path], output: Path | None, settings: Settings, only: list[str]
) -> list["KnownPage"]:
    """Return the pages to learn from. Raises InputError without any."""
    from newspage.cli_options import require_results
    from newspage.settings import matches_pattern
    from newspage.training import list_confirmed_pages, list_transcribed_pages

    pages = [page for folder in folders for page in list_transcribed_pages(folder)]
    if output is not None or not folders:
        place = require_results(output or Path("output"), settings)
        pages += list_confirmed_pages(place)
    if only:
        pages = [p for p in pages if any(matches_pattern(pattern, p.name) for pattern in only)]
    if not pages:
        raise InputError("nothing-to-learn-from")
    return pages


def _train(
    name: str,
    pages: list["KnownPage"],
    settings: Settings,
    held_back: tuple[str, ...],
    bias_only: bool,
    seed: int,
) -> "TrainingOutcome":
    """Train an adapter, and show how it goes."""
    from newspage.engine import user_cache
    from newspage.training import (
        BIAS_EPOCHS,
        EPOCHS,
        AdapterTraining,
        TrainingPlan,
        TrainingRequest,
    )

    cache = Path(settings.config.engine.cache_dir or user_cache()) / "training"
    epochs = BIAS_EPOCHS if bias_only else EPOCHS
    plan = TrainingPlan(bias_only, seed, epochs, cache / "checkpoints")
    request = TrainingRequest(name, pages, settings.config, cache, held_back, plan)
    return AdapterTraining(request).train_adapter(_make_listener())


def _make_listener() -> "TrainingListener":
    """Return a listener that prints a line for each page, and one for each pass over the lines."""
    from newspage.training import TrainingListener

    def tell_page(name: str, known: int, found: int) -> None:
        """Say how many lines of a page were found again."""
        print_line(f"{escape_line(name)}: {found} of {known} lines found", err=True)

    def tell_pass(number: int, loss: float, watched: float) -> None:
        """Say how a pass over the lines went."""
        print_line(
            f"pass {number}: loss {loss:.2f} a strip, in lines not learnt from {watched:.4f}",
            err=True,
        )

    return TrainingListener(tell_page, tell_pass)


def _print_outcome(outcome: "TrainingOutcome") -> None:
    """Print what was learnt and what was forgotten, in shares of wrong characters."""
    print_line(f"Learnt from {outcome.lines} lines; kept {outcome.share:.0%} of the change.")
    if outcome.unwritable:
        print_line(f"{outcome.unwritable} lines left out: the network has no class for a character")
    if outcome.adapter.classes:
        new = escape_line("".join(outcome.adapter.classes))
        print_line(f"Characters that the network has no class for, and the adapter has: {new}")
    print_line("wrong characters    before   after   lines")
    for kind, found in {"held back": outcome.held_back, **outcome.guards}.items():
        print_line(f"{kind:18}  {found.before:7.2%} {found.after:7.2%} {found.lines:7}")


def _print_refusal(outcome: "TrainingOutcome", bias_only: bool) -> None:
    """Say why an adapter was not saved, and what else there is."""
    if not outcome.gains:
        print_line("Not saved: the pages held back are read no better, by more than chance.")
    else:
        kinds = ", ".join(outcome.forgotten)
        print_line(f"Not saved: other print is read worse, by more than chance: {kinds}.")
    more = "" if bias_only else ", or --bias-only, which learns and forgets less"
    print_line(f"What may help: lines of more pages{more}.")


def list_adapters(verbose: VerboseOption = False) -> None:
    """List the adapters in the folder `adapters`, with their figures."""
    from newspage.engine import FOLDER, SUFFIX, load_adapter

    files = sorted(Path(FOLDER).glob(f"*{SUFFIX}"))
    if not files:
        print_line(
            f"No adapter is in the folder {FOLDER} yet: newspage train makes them, "
            "newspage adapter import takes them over.",
            err=True,
        )
    for file in files:
        facts = load_adapter(file).facts
        before, after = facts.get("held back before"), facts.get("held back after")
        gain = f", {before:.2%} -> {after:.2%} wrong" if _are_shares(before, after) else ""
        print_line(
            f"{escape_line(file.stem)}: {escape_line(str(facts.get('lines', '?')))} lines{gain}"
        )


def _are_shares(*values: object) -> bool:
    """Tell whether all of some facts are numbers."""
    return all(isinstance(value, int | float) for value in values)


def show_adapter(adapter: AdapterArgument, verbose: VerboseOption = False) -> None:
    """Show what is known of an adapter: its network, its lines and its figures."""
    from newspage.engine import describe_adapter, find_adapter, load_adapter

    for name, value in describe_adapter(load_adapter(find_adapter(adapter))).items():
        print_line(f"{escape_line(name)}: {escape_line(str(value))}")


def export_adapter(
    adapter: AdapterArgument,
    file: Annotated[Path, typer.Argument(help="Where to write it.")],
    verbose: VerboseOption = False,
) -> None:
    """Write an adapter to a file, for another machine."""
    from newspage.engine import find_adapter, load_adapter, write_adapter
    from newspage.files import write_files

    write_files(file.parent, {file.name: write_adapter(load_adapter(find_adapter(adapter)))})


def import_adapter(
    file: Annotated[Path, typer.Argument(help="An adapter of another machine.")],
    name: Annotated[str | None, typer.Option(help="Its name; otherwise that of the file.")] = None,
    verbose: VerboseOption = False,
) -> None:
    """Check an adapter, and put it into the folder `adapters`."""
    from newspage.engine import FOLDER, SUFFIX, load_adapter, write_adapter
    from newspage.files import write_files

    name = name or file.stem
    _require_name(name)
    if (Path(FOLDER) / (name + SUFFIX)).exists():
        raise UsageError("adapter-exists", name=name)
    write_files(Path(FOLDER), {name + SUFFIX: write_adapter(load_adapter(file))})


def remove_adapter(adapter: AdapterArgument, verbose: VerboseOption = False) -> None:
    """Remove an adapter."""
    from newspage.engine import find_adapter, load_adapter
    from newspage.files import remove_files

    load_adapter(find_adapter(adapter))
    remove_files([find_adapter(adapter)])
