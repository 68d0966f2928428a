"""Starting and stopping of the web application."""

import errno
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import quote

from newspage.batch import FileOpener
from newspage.correct import load_rules
from newspage.errors import UsageError
from newspage.review.service import ReviewService
from newspage.review.web.app import AppOptions, create_app
from newspage.review.web.cache_warmer import CacheWarmer
from newspage.review.web.reviewer_session import find_system_user
from newspage.review.web.scan_pictures import FOLDER_NAME, ScanPictures
from newspage.review.web.security import AccessRules, is_loopback
from newspage.review.web.tokens import load_user_secret, make_token
from newspage.settings import Settings
from newspage.workspace import Workspace

DEFAULT_PORT = 8642
"""An unprivileged port without a well-known use. Judgement."""
_TRIED = 20
"""Ports tried from the default one on: one for each review page on a shared machine. Judgement."""


@dataclass(frozen=True, slots=True)
class ListenOptions:
    """Options of `newspage review`: the address, and who may do what there."""

    host: str = "127.0.0.1"
    port: int | None = None
    """None: the usual one, or the next that is free."""
    token: str = ""
    """Empty: the user's own for this output folder."""
    no_token: bool = False
    """Let everybody on this machine use it."""
    read_only: bool = False
    reviewer: str = ""
    browser: bool = True
    share_iiif: bool = False
    """Let IIIF viewers of other sites load issues."""


def serve_review(
    place: Workspace, settings: Settings, listen: ListenOptions, say: Callable[[str], None]
) -> None:
    """Serve the review page of an output folder until somebody interrupts.

    `say` shows lines to whoever started it. Raises UsageError where no port can be had or where an
    installed package adds a detector that cannot be loaded, StoreError.
    """
    from newspage.review.web.connections import make_server

    load_rules()  # refused before anything listens
    with (
        open_socket(listen.host, listen.port) as own,
        desk_at(place, settings, listen.read_only) as service,
        FileOpener(settings.config.run) as opener,
    ):
        port = own.getsockname()[1]
        access = decide_access(place, listen, port, say)
        cache = place.home / FOLDER_NAME
        pictures = ScanPictures(
            service.locate_scan, cache, settings.config.ingest, opener.decode_page
        )
        options = AppOptions(access, listen.reviewer or find_system_user(), listen.read_only)
        server = make_server(create_app(service, pictures, options))
        say(_welcome(format_address(listen.host, port, access.token), access, listen))
        if listen.browser:
            url = format_address(listen.host, port, access.token and access.ticket.value)
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        with CacheWarmer(service, pictures):
            server.run(sockets=[own])


def decide_access(
    place: Workspace, listen: ListenOptions, port: int, say: Callable[[str], None]
) -> AccessRules:
    """Return who may use the application: those who have its token, the same in every start.

    Raises UsageError where everybody on the network would be let in.
    """
    if listen.no_token and not is_loopback(listen.host):
        raise UsageError("network-without-token", host=listen.host)
    secret = load_user_secret()
    if secret is None:
        say("note: no token can be kept in your home folder; the address changes with every start.")
        secret = secrets.token_bytes()
    token = "" if listen.no_token else listen.token or make_token(secret, "token", place)
    access = AccessRules.bound_to(listen.host, port, token, make_token(secret, "csrf", place))
    return replace(access, share_iiif=listen.share_iiif)


def _welcome(url: str, access: AccessRules, listen: ListenOptions) -> str:
    """Return the lines that tell the address, who can use it, and how to end it."""
    lines = [f"The review page is at {url}"]
    if not access.token:
        lines.append("Everybody who has an account on this machine can decide there.")
    elif is_loopback(listen.host):
        lines.append("Only this address, with its token, works; keep it to yourself.")
    else:
        lines.append(
            "Others on the network can reach it; only this address, with its token, works."
        )
    if listen.share_iiif:
        root = url.partition("?")[0]
        lines.append(f"Everybody can read all pages with a IIIF viewer: {root}iiif/collection.json")
    if listen.read_only:
        lines.append("It is for looking only: nothing can be decided.")
    return "\n".join([*lines, "Ctrl-C ends it; every decision is kept."])


@contextmanager
def desk_at(place: Workspace, settings: Settings, read_only: bool) -> Iterator[ReviewService]:
    """Open a review service of an output folder, closed in the end."""
    service = ReviewService(place, settings, read_only)
    try:
        yield service
    finally:
        service.close()


@contextmanager
def open_socket(host: str, port: int | None) -> Iterator[socket.socket]:
    """Open a socket that listens, closed in the end.

    Without a port it is the default one or the next that is free. Raises UsageError.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    ports = [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + _TRIED)
    for number in ports:
        own = socket.socket(family, socket.SOCK_STREAM)
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            own.bind((host.strip("[]"), number))
            own.listen(128)
        except OSError as error:
            own.close()
            if error.errno != errno.EADDRINUSE:
                reason = error.strerror or str(error)
                raise UsageError("host-unusable", host=host, reason=reason) from error
            continue
        with own:
            yield own
        return
    raise UsageError("port-taken", port=str(port))


def format_address(host: str, port: int, token: str = "") -> str:
    """Return the address to open in a browser; the machine's name where it listens everywhere."""
    name = host if host not in ("0.0.0.0", "::") else socket.gethostname()
    shown = f"[{name}]" if ":" in name else name
    return f"http://{shown}:{port}/" + (f"?token={quote(token, safe='')}" if token else "")
