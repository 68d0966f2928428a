"""Starting and stopping the application."""

import errno
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
from newspage.review.security import Access
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
    read_only: bool = False
    reviewer: str = ""
    browser: bool = True


def serve(place: Place, settings: Settings, listen: Listen, say: Callable[[str], None]) -> None:
    """Serve until somebody interrupts. Raises UsageError where no port can be had, StoreError."""
    import uvicorn

    access = Access.bound_to(listen.host, listen.token)
    with (
        bound(listen.host, listen.port) as own,
        desk_at(place, settings, listen.read_only) as desk,
        Opener(settings.config.run) as opener,
    ):
        cache = place.home / FOLDER_NAME
        pictures = Pictures(desk.scan, cache, settings.config.ingest, opener.decode_page)
        setting = Setting(access, listen.reviewer or user_of_system(), listen.read_only)
        app = create_app(desk, pictures, setting)
        url = address(listen.host, own.getsockname()[1], access.token)
        say(_welcome(url, access, listen))
        if listen.browser:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        with Warmer(desk, pictures):
            uvicorn.Server(config).run(sockets=[own])


def _welcome(url: str, access: Access, listen: Listen) -> str:
    lines = [f"The review page is at {url}"]
    if access.token:
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
