"""Starting and stopping the application."""

import errno
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from newspage.desk.desk import Desk
from newspage.errors import UsageError
from newspage.review.app import Setting, create_app
from newspage.review.person import user_of_system
from newspage.review.pictures import FOLDER_NAME, Pictures
from newspage.review.security import Access, is_loopback
from newspage.review.tokens import make_token, secret_of_user
from newspage.review.warm import Warmer
from newspage.run.opening import Opener
from newspage.run.place import Place
from newspage.settings import Settings

DEFAULT_PORT = 8642
_TRIED = 20


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the application is to be found."""

    host: str = "127.0.0.1"
    port: int | None = None
    """None: the usual one, or the next that is free."""
    token: str = ""
    """Empty: the user's own for this output folder."""
    no_token: bool = False
    """Everybody on this machine may use it."""
    read_only: bool = False
    reviewer: str = ""
    browser: bool = True


def serve(place: Place, settings: Settings, listen: Listen, say: Callable[[str], None]) -> None:
    """Serve until somebody interrupts. Raises UsageError where no port can be had, StoreError."""
    from newspage.review.connections import make_server

    with (
        bound(listen.host, listen.port) as own,
        desk_at(place, settings, listen.read_only) as desk,
        Opener(settings.config.run) as opener,
    ):
        port = own.getsockname()[1]
        access = access_for(place, listen, port, say)
        cache = place.home / FOLDER_NAME
        pictures = Pictures(desk.scan, cache, settings.config.ingest, opener.decode_page)
        setting = Setting(access, listen.reviewer or user_of_system(), listen.read_only)
        server = make_server(create_app(desk, pictures, setting))
        say(_welcome(address(listen.host, port, access.token), access, listen))
        if listen.browser:
            url = address(listen.host, port, access.token and access.ticket.value)
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        with Warmer(desk, pictures):
            server.run(sockets=[own])


def access_for(place: Place, listen: Listen, port: int, say: Callable[[str], None]) -> Access:
    """Return who may use the application: those who have its token, the same in every start.

    Raises UsageError where everybody on the network would be let in.
    """
    if listen.no_token and not is_loopback(listen.host):
        raise UsageError(
            f"--no-token would let everybody in who can reach {listen.host}.",
            "Leave it out, or leave --host out.",
        )
    secret = secret_of_user()
    if secret is None:
        say("note: no token can be kept in your home folder; the address changes with every start.")
        secret = secrets.token_bytes()
    token = "" if listen.no_token else listen.token or make_token(secret, "token", place)
    return Access.bound_to(listen.host, port, token, make_token(secret, "csrf", place))


def _welcome(url: str, access: Access, listen: Listen) -> str:
    lines = [f"The review page is at {url}"]
    if not access.token:
        lines.append("Everybody who has an account on this machine can decide there.")
    elif is_loopback(listen.host):
        lines.append("Only this address, with its token, works; keep it to yourself.")
    else:
        lines.append(
            "Others on the network can reach it; only this address, with its token, works."
        )
    if listen.read_only:
        lines.append("It is for looking only: nothing can be decided.")
    return "\n".join([*lines, "Ctrl-C ends it; every decision is kept."])


@contextmanager
def desk_at(place: Place, settings: Settings, read_only: bool) -> Iterator[Desk]:
    """A desk that lets go of its store in the end."""
    desk = Desk(place, settings, read_only)
    try:
        yield desk
    finally:
        desk.close()


@contextmanager
def bound(host: str, port: int | None) -> Iterator[socket.socket]:
    """A socket that listens. Raises UsageError."""
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
                raise UsageError(
                    f"{host}: cannot listen there ({error.strerror or error}).",
                    "Choose another --host or --port.",
                ) from error
            continue
        with own:
            yield own
        return
    raise UsageError(
        f"Port {port} is used by another program.", "Choose another --port, or leave it out."
    )


def address(host: str, port: int, token: str = "") -> str:
    """What to open in a browser."""
    name = host if host not in ("0.0.0.0", "::") else socket.gethostname()
    shown = f"[{name}]" if ":" in name else name
    return f"http://{shown}:{port}/" + (f"?token={quote(token, safe='')}" if token else "")
