"""What stands before every request: who may ask, from where, how much, and what browsers are told.

A page that another site shows must not be able to act here: the host's name must be one of ours
(DNS rebinding), a change must come from our own page and carry its token (cross-site requests), and
no script but our own runs (content security policy). Beyond the own machine a token is asked for.
"""

import hmac
import ipaddress
import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 1_000_000
"""Bytes of a request's body."""
CSRF_HEADER = "x-newspage-csrf"
COOKIE = "newspage-token"
FORM = "/settings"
"""The one address that takes a form."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_SAFE = ("GET", "HEAD")
_ALLOWED = (*_SAFE, "POST")


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use the application."""

    hosts: frozenset[str] = frozenset({"127.0.0.1", "localhost", "::1"})
    """Names by which it may be called, without port."""
    any_address: bool = False
    """Bound to all addresses: any numeric address is a name of ours."""
    token: str = ""
    """Needed by everybody, where not empty."""
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @classmethod
    def bound_to(cls, host: str, token: str) -> "Access":
        """For an application that listens at `host`; beyond the own machine a token is needed."""
        own = cls().hosts
        if is_loopback(host):
            return cls(own | {host.strip("[]")}, token=token)
        names = own | {host, socket.gethostname().lower(), socket.getfqdn().lower()}
        return cls(names, unspecified(host), token or secrets.token_urlsafe(24))

    def knows(self, host: str) -> bool:
        """Whether a Host header names this application."""
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        return name in self.hosts or (self.any_address and _address(name) is not None)


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine can reach a host."""
    address = _address(host.strip("[]"))
    return host == "localhost" or (address is not None and address.is_loopback)


def unspecified(host: str) -> bool:
    """Whether a host stands for all addresses of the machine."""
    address = _address(host.strip("[]"))
    return address is not None and address.is_unspecified


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


class Guard:
    """ASGI middleware that lets through only what may pass."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, _telling(send))
            return
        await self._app(scope, _bounded(receive), _telling(send))

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Why a request is not let through; None if it is."""
        if not self._access.knows(headers.get("host", "")):
            return _no(421, "This address is not one of newspage's.")
        if scope["method"] not in _ALLOWED:
            return _no(405, "This cannot be done here.")
        if self._access.token and (answer := self._token(scope, headers)) is not None:
            return answer
        if scope["method"] not in _SAFE and not self._own(scope["path"], headers):
            return _no(403, "This request does not come from a page of newspage. Reload the page.")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return _no(400, "The request's length is no number.")
        return _no(413, "The request is too large.") if int(length) > MAX_BODY else None

    def _token(self, scope: Scope, headers: Headers) -> Response | None:
        """A token in the address becomes a cookie; without either there is no way in."""
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in query if name == "token"]
        if given and _same(given[0], self._access.token):
            rest = urlencode([pair for pair in query if pair[0] != "token"])
            path = "/" + scope["path"].lstrip("/\\")
            answer = RedirectResponse(path + (f"?{rest}" if rest else ""), 303)
            answer.set_cookie(COOKIE, self._access.token, httponly=True, samesite="strict")
            return answer
        if any(_same(value, self._access.token) for value in _cookies(headers)):
            return None
        return _no(403, "Open the address that newspage printed when it started, token and all.")

    def _own(self, path: str, headers: Headers) -> bool:
        """Whether a change is asked for by a page of ours."""
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            return False
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        if path == FORM:
            # A form carries the token in a field, which its route compares.
            return origin is not None or "sec-fetch-site" in headers
        return _same(headers.get(CSRF_HEADER, ""), self._access.csrf)


def _cookies(headers: Headers) -> Iterable[str]:
    try:
        found = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ()
    return [found[COOKIE].value] if COOKIE in found else ()


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _no(status: int, why: str) -> Response:
    return PlainTextResponse(why + "\n", status)


class TooLargeError(Exception):
    """A body turned out to be larger than allowed while it was read."""


def _bounded(receive: Receive) -> Receive:
    """The body of a request, as long as it is not too large, whatever its header said."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            raise TooLargeError
        return message

    return counted


def _telling(send: Send) -> Send:
    """Answers that tell browsers what they may do with them."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return told
