"""The command `newspage review`; `cli` mounts it."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from newspage.errors import InputError
from newspage.settings import load_settings
from newspage.signals import end_in_order
from newspage.terminal import print_line

Guard = Callable[[Callable[..., None]], Callable[..., None]]


def mount_review_command(app: typer.Typer, guard: Guard) -> None:
    """Add the command to the program; `guard` turns errors into a line and an exit code."""
    app.command()(guard(review))


def review(
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the results are.")] = Path(
        "output"
    ),
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
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Settings; otherwise newspage.toml, if there is one here."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show where in the program an error comes from.")
    ] = False,
) -> None:
    """Work through proposals in the browser: the text, the scan, one key for each answer."""
    settings = load_settings(config, {})
    from newspage.workspace import Workspace

    place = Workspace.for_output(output, settings.config.run)
    if not place.known:
        raise InputError(
            f"Nothing was read into {output} yet.", "Run `newspage run` on your scans first."
        )
    from newspage.output.holdings import require_holdings
    from newspage.review.web.reviewer_session import check_chosen_name
    from newspage.review.web.web_server import ListenOptions, serve_review
    from newspage.store import Store

    with Store(place.store, read_only=True) as store:
        require_holdings(place, store)
    reviewer = check_chosen_name(reviewer)
    end_in_order()
    listen = ListenOptions(host, port, token, no_token, read_only, reviewer, browser)
    try:
        serve_review(place, settings, listen, print_line)
    except KeyboardInterrupt:
        print_line("The review page is closed. Every decision that it called saved is kept.")
