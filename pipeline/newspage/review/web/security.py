"""Access checks before every request, and the headers that tell browsers what is allowed.

A page that another site shows must not be able to act here: the host's name must be one of ours
(DNS rebinding), a change must come from our own page and carry its token (cross-site requests), and
no script but our own runs (content security policy). Other people, of this machine or the network,
must not act here either: whoever asks has to bring the token of the printed address.
"""

import hmac
import ipaddress
import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newspage.review.service import RequestError, TooLargeError
from newspage.review.web.refusing import make_refusal

MAX_BODY = 1_000_000
"""Bytes of a request's body; hundreds of answers fit. Judgement, not measured."""
CSRF_HEADER = "x-newspage-csrf"
FORM = "/settings"
"""Path of the only form."""
IIIF = "/iiif/"
"""Path below which viewers elsewhere find issues, where they are shared."""
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


class Ticket:
    """A token that lets in once.

    The address that a browser is started with can be read by everybody who lists the processes of
    the machine; what stands in it is worth nothing once the browser has opened it.
    """

    def __init__(self) -> None:
        self.value = secrets.token_urlsafe(24)
        self._used = False

    def take(self, given: str) -> bool:
        """Tell whether this is the ticket, and use it up; False for one that was used."""
        if self._used or not _equal_secrets(given, self.value):
            return False
        self._used = True
        return True


@dataclass(frozen=True, slots=True)
class AccessRules:
    """Conditions under which a request is let through."""

    hosts: frozenset[str] = frozenset({"127.0.0.1", "localhost", "::1"})
    """Names by which it may be called, without port."""
    any_address: bool = False
    """Bound to all addresses: any numeric address is a name of ours."""
    token: str = ""
    """Needed by everybody, where not empty."""
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    cookie: str = "newspage-token"
    """Name of the cookie that holds the token."""
    ticket: Ticket = field(default_factory=Ticket)
    share_iiif: bool = False
    """Whether viewers of other sites may load issues: without the token, by everybody."""

    @classmethod
    def bound_to(cls, host: str, port: int, token: str, csrf: str) -> "AccessRules":
        """Return the rules for an application that listens at `host` and `port`.

        Without `token` everybody who reaches it may use it; `csrf` is the token that changes carry.
        """
        own = cls().hosts
        # Browsers send the cookies of one port of a host to all others, too.
        cookie = f"newspage-token-{port}"
        if is_loopback(host):
            return cls(own | {host.strip("[]")}, False, token, csrf, cookie)
        names = own | {host, socket.gethostname().lower(), socket.getfqdn().lower()}
        return cls(names, unspecified(host), token, csrf, cookie)

    def knows_host(self, host: str) -> bool:
        """Tell whether a Host header names this application."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return name in self.hosts or (self.any_address and _address(name) is not None)


def is_loopback(host: str) -> bool:
    """Tell whether only programs of this machine can reach a host."""
    address = _address(host.strip("[]"))
    return host == "localhost" or (address is not None and address.is_loopback)


def unspecified(host: str) -> bool:
    """Tell whether a host means all addresses of the machine."""
    address = _address(host.strip("[]"))
    return address is not None and address.is_unspecified


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return a numeric address; None where the name is none."""
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


class AccessGuard:
    """ASGI middleware that lets only requests through that fit the rules."""

    def __init__(self, app: ASGIApp, access: AccessRules) -> None:
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
        shared = self._is_shared(scope)
        if refusal is not None:
            await refusal(scope, receive, _add_headers(send, shared))
            return
        with suppress(ClientDisconnect):
            # The client left while its request was read: nobody waits for a response.
            await self._app(scope, _limit_body(receive), _add_headers(send, shared))

    def _is_shared(self, scope: Scope) -> bool:
        """Tell whether an address is for viewers of other sites, too."""
        return self._access.share_iiif and str(scope["path"]).startswith(IIIF)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Return the response to a request that is not let through; None if it is."""

        def no(status: int, error: RequestError, *, kind: str = "usage") -> Response:
            return make_refusal(scope["path"], headers, status, error, kind)

        if not self._access.knows_host(headers.get("host", "")):
            return no(421, RequestError("host-unknown"))
        if scope["method"] not in _ALLOWED:
            return no(405, RequestError("method-refused"))
        if (answer := self._exchange_token(scope)) is not None:
            return answer
        open_to_all = scope["method"] in _SAFE and self._is_shared(scope)
        needed = self._access.token and not open_to_all
        if needed and not any(map(self._is_token, self._cookies(headers))):
            return no(403, RequestError("token-missing"), kind="token")
        if scope["method"] not in _SAFE and not self._is_own_request(scope["path"], headers):
            return no(403, RequestError("request-foreign"), kind="foreign")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return no(400, RequestError("request-length-wrong"))
        if len(length) > len(str(MAX_BODY)) or int(length) > MAX_BODY:
            return no(413, TooLargeError("request-too-large"), kind="too-large")
        return None

    def _exchange_token(self, scope: Scope) -> Response | None:
        """Return a redirect that moves the token from the address into a cookie.

        None where the address has no token, or a wrong one.
        """
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in query if name == "token"]
        if not given or not self._access.token or scope["method"] not in _SAFE:
            return None
        if not (self._is_token(given[0]) or self._access.ticket.take(given[0])):
            return None
        rest = urlencode([pair for pair in query if pair[0] != "token"])
        path = "/" + scope["path"].lstrip("/\\")
        answer = RedirectResponse(path + (f"?{rest}" if rest else ""), 303)
        # Lax: whoever follows a link to the address in a mail or a chat is let in as well. A change
        # needs more than the cookie.
        answer.set_cookie(self._access.cookie, self._access.token, httponly=True, samesite="lax")
        return answer

    def _cookies(self, headers: Headers) -> list[str]:
        """Return all values under the cookie's name; other programs may have set some."""
        pairs = ";".join(headers.getlist("cookie")).split(";")
        named = (pair.strip().partition("=") for pair in pairs)
        return [value.strip('" ') for name, _, value in named if name == self._access.cookie]

    def _is_token(self, given: str) -> bool:
        """Tell whether a value is the token."""
        return _equal_secrets(given, self._access.token)

    def _is_own_request(self, path: str, headers: Headers) -> bool:
        """Tell whether a change is asked for by a page of this server."""
        origin = headers.get("origin")
        if origin is not None and not _is_at(origin, headers.get("host", "")):
            return False
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        if path == FORM:
            # A form carries the token in a field, which its route compares.
            return origin is not None or "sec-fetch-site" in headers
        return _equal_secrets(headers.get(CSRF_HEADER, ""), self._access.csrf)


def _is_at(origin: str, host: str) -> bool:
    """Tell whether an Origin header names a host and port."""
    try:
        return urlsplit(origin).netloc == host
    except ValueError:
        return False


def _equal_secrets(given: str, right: str) -> bool:
    """Tell whether two secrets are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(given.encode(), right.encode())


def _limit_body(receive: Receive) -> Receive:
    """Return a `receive` that raises TooLargeError once a body is too large, header or not."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            raise TooLargeError("request-too-large")
        return message

    return counted


def _add_headers(send: Send, shared: bool = False) -> Send:
    """Return a `send` that adds the security headers to a response.

    `shared`: scripts of other sites may read it.
    """

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            if shared:
                headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                headers["Access-Control-Allow-Origin"] = "*"
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return told
