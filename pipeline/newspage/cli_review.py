"""The command `newspage review`; `cli` mounts it."""

from pathlib import Path
from typing import Annotated

import typer

from newspage.cli_options import ConfigOption, Guard, OutputOption, VerboseOption, require_results
from newspage.settings import load_settings
from newspage.signals import end_in_order
from newspage.terminal import print_line


def mount_review_command(app: typer.Typer, guard: Guard) -> None:
    """Add the command to the program; `guard` turns errors into a line and an exit code."""
    app.command()(guard(review))


def review(
    output: OutputOption = Path("output"),
    host: Annotated[
        str,
        typer.Option(help="Address to listen at; 0.0.0.0 lets others on the network take part."),
    ] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; else the first free from 8642 on.")
    ] = None,
    token: Annotated[
        str, typer.Option(help="Token that the address must carry; else your own for this output.")
    ] = "",
    no_token: Annotated[
        bool,
        typer.Option("--no-token", help="Let everybody decide who has an account on this machine."),
    ] = False,
    reviewer: Annotated[
        str, typer.Option(help="Name of the reviewer; else that of the user of this machine.")
    ] = "",
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Look only; nothing can be decided.")
    ] = False,
    share_iiif: Annotated[
        bool,
        typer.Option(
            "--share-iiif",
            help="Let IIIF viewers anywhere load pages and texts: everybody who reaches it reads.",
        ),
    ] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Work through proposals in the browser: the text, the scan, one key for each answer."""
    settings = load_settings(config, {})
    place = require_results(output, settings)
    from newspage.output import require_holdings
    from newspage.review.web import ListenOptions, check_chosen_name, serve_review
    from newspage.store import OutputStore, Store

    with Store(place.store, read_only=True) as store:
        require_holdings(place, OutputStore(store, place.name))
    reviewer = check_chosen_name(reviewer)
    end_in_order()
    listen = ListenOptions(host, port, token, no_token, read_only, reviewer, browser, share_iiif)
    try:
        serve_review(place, settings, listen, print_line)
    except KeyboardInterrupt:
        print_line("The review page is closed. Every decision that it called saved is kept.")
