"""Connections that nobody can hold open for nothing: bounds that uvicorn itself does not have.

A client that only connects, or sends a request byte by byte, costs one of a bounded number of
connections for a bounded time; where all are taken, the one that has waited longest for its
request makes room.
"""

import asyncio
import sys
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

ARRIVAL = 15.0
"""Seconds in which a request has to be there, headers and body; a browser sends them at once, and
the largest body that is allowed takes 8 s at a megabit a second."""
_LEAVING = 30.0
"""Seconds for the client to take the rest of a response once the connection ends. Judgement."""
_MOST = 256
"""Connections at a time: forty browsers with their usual six."""
_SHUTDOWN = 5
"""Seconds for responses that are on their way when the server ends. Judgement."""


class BoundedConnection(H11Protocol):
    """A connection whose requests have to arrive in time."""

    most = _MOST
    """Connections there may be at a time."""
    arrival = ARRIVAL
    """Seconds for a request to arrive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._since = 0.0
        self._deadline: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> bool:
        """Tell whether the next request has not wholly arrived."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is None or cycle.response_complete or cycle.more_body

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait; make room where all connections are taken."""
        super().connection_made(transport)
        self._update_deadline()
        if len(self.connections) > self.most:
            others = (c for c in self.connections if isinstance(c, BoundedConnection) and c.waiting)
            longest = min(others, key=lambda c: c._since)
            longest.transport.abort()
            # Count it no more, although asyncio reports its end only in a moment.
            self.connections.discard(longest)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take the bytes that came; more of a request does not put its deadline off."""
        super().data_received(data)
        self._update_deadline()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._stop_waiting()
        super().on_response_complete()
        self._update_deadline()

    def _update_deadline(self) -> None:
        """Set the deadline while a request is waited for; drop it otherwise."""
        if not self.waiting or self.transport.is_closing():
            self._stop_waiting()
        elif self._deadline is None:
            self._since = self.loop.time()
            self._deadline = self.loop.call_later(self.arrival, self._give_up)

    def _stop_waiting(self) -> None:
        """Drop the deadline."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        """End the connection, once the client has taken what is on its way to it."""
        self.transport.close()
        self.loop.call_later(_LEAVING, self.transport.abort)


def make_server(app: ASGIApp) -> uvicorn.Server:
    """Return a server for an application, to be run on a socket that is bound already."""
    most = _most_connections()
    config = uvicorn.Config(
        app,
        http=type("Connection", (BoundedConnection,), {"most": most}),
        ws="none",
        lifespan="off",
        # So many are taken from the system at a time before any of them is looked at.
        backlog=max(8, most // 4),
        # Anybody can send bytes that are no HTTP: no log line for each.
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN,
    )
    return uvicorn.Server(config)


def _most_connections() -> int:
    """Return the most connections at a time: at most a quarter of the files a process may open."""
    if sys.platform == "win32":
        return _MOST
    import resource

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if files == resource.RLIM_INFINITY else max(16, min(_MOST, files // 4))
