"""Hostile requests to `newspage review`: raw bytes over sockets of this machine, bounded in number.

No request may be answered with a server's error, change anything without coming from our own page,
or keep others from an answer.
"""

import http.client
import json
import random
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks.attack.memory import peak_of
from benchmarks.attack.offices import known_decisions, office_at_work
from benchmarks.attack.silence import errors_into
from benchmarks.attack.tally import Tally
from tests.asking import PAGES, Office
from tests.test_review_kills import Server

REPOSITORY = Path(__file__).resolve().parents[2]
SECONDS = 30.0
"""For an answer to a whole request, also while others are open by halves."""
_MOST_OPEN = 1_200
"""Connections at once: more than a process may have files open, as systems are set up."""
_STEM = PAGES[0].removesuffix(".png")

_PLACES = [
    "/",
    "/queue",
    "/next",
    "/pages",
    "/progress",
    "/learned",
    "/history",
    "/help",
    "/q/{}",
    "/page/{}",
    "/api/groups",
    "/api/questions",
    "/api/question/{}",
    "/api/page",
    "/api/progress",
    "/api/history",
    "/api/lost",
    "/api/suggestions",
    "/picture/{}/info",
    "/picture/{}/crop",
    "/picture/{}/tile/{}/{}/{}",
    "/static/{}",
]
_CHANGES = [
    "answers",
    "undo",
    "write",
    "join",
    "link",
    "order",
    "assign",
    "sign",
    "pin",
    "adopt",
    "dismiss",
]
_MEMBERS = [
    "stem",
    "article",
    "start",
    "end",
    "text",
    "seen",
    "uid",
    "rule",
    "level",
    "answers",
    "question",
    "act",
    "before",
    "after",
    "how",
    "join",
    "joined",
    "region",
    "kind",
    "entry",
]
_FIELDS = [
    "offset",
    "limit",
    "least",
    "most",
    "text",
    "stem",
    "rule",
    "paper",
    "pattern",
    "state",
    "sort",
    "reviewer",
    "token",
    "key",
    "left",
    "top",
    "right",
    "bottom",
    "width",
]
_ODD = (
    "0",
    "-1",
    "1",
    "9" * 19,
    "9" * 30,
    "1e400",
    "nan",
    "%",
    "%%",
    "%25",
    "%00",
    "%FF%FE",
    "%ED%A0%80",
    "..%2F..%2Fetc%2Fpasswd",
    "../../newspage.sqlite",
    "%2e%2e/%2e%2e",
    "\\",
    "'; DROP TABLE x; --",
    "<script>",
    "{{7*7}}",
    "[",
    "a" * 3_000,
    quote("一" * 300),
    quote(_STEM),
    quote("\u202e"),
)
_HOSTS = (
    "[",
    "]",
    "a" * 5_000,
    "evil.example",
    "127.0.0.1:x",
    "[::1",
    "@",
    "",
    "\xff",
    "localhost:99999",
)
_ORIGINS = ("http://[", "null", "http://evil.example", "//", "\xff", "http://127.0.0.1:1")


@dataclass(frozen=True, slots=True)
class Door:
    """What our own page knows: where the server is, and what a change must carry."""

    host: str
    csrf: str
    cookie: str

    def headers(self, more: dict[str, str] | None = None) -> dict[str, str]:
        """The headers of a request that is let through."""
        own = {
            "Host": self.host,
            "Origin": f"http://{self.host}",
            "X-Newspage-Csrf": self.csrf,
            "Cookie": self.cookie,
            "Connection": "close",
        }
        return own | (more or {})


@dataclass(frozen=True, slots=True)
class Hit:
    """One request, as bytes."""

    name: str
    data: bytes
    lawful: bool = False
    """Whether it may change something."""
    whole: bool = True
    """Whether an answer is due."""


def attack_review(size: int, seed: int) -> Tally:
    """Send so many hostile requests; with each hundredth, look whether others are answered."""
    tally = Tally("hostile requests")
    with office_at_work(PAGES) as office:
        office.run()
        log = office.home / "errors"
        with errors_into(log), closing(_Guarded(Server(office, REPOSITORY))) as guarded:
            door = open_door(guarded.address)
            acknowledged: set[str] = set()
            for number in range(size):
                hit = _hit(door, random.Random(f"{seed} http {number}"))
                acknowledged |= _send(tally, door, hit, f"http {seed} {number} {hit.name}")
                if number % 100 == 99:
                    _others_are_answered(tally, guarded.address, f"http {seed} {number}")
            with _half_open(door, min(_MOST_OPEN, 5 * size)):
                _others_are_answered(tally, guarded.address, f"http {seed} half open")
            _others_are_answered(tally, guarded.address, f"http {seed} at the end")
            tally.measure(f"http {seed}", peak_of(guarded.server.process.pid))
        _judge(tally, office, acknowledged, log, f"http {seed}")
    return tally


class _Guarded:
    """A server that is killed in the end, whatever happened."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.address = server.address()

    def close(self) -> None:
        self.server.kill()


def open_door(address: str) -> Door:
    """Open the page as a browser does, with the token of the address where there is one."""
    host = urlsplit(address).netloc
    cookie = ""
    if query := urlsplit(address).query:
        answer = _asked(host, f"{urlsplit(address).path}?{query}", {})
        cookie = (answer[1].get("Set-Cookie") or "").partition(";")[0]
    found = re.search(
        rb'name="csrf" content="([^"]+)"', _asked(host, "/queue", {"Cookie": cookie})[2]
    )
    assert found
    return Door(host, found[1].decode(), cookie)


def _asked(
    host: str, path: str, headers: dict[str, str]
) -> tuple[int, http.client.HTTPMessage, bytes]:
    with closing(http.client.HTTPConnection(host, timeout=SECONDS)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def _hit(door: Door, chance: random.Random) -> Hit:
    return chance.choice(HITS)(door, chance)


def _written(
    method: str, path: str, headers: dict[str, str], body: bytes = b"", version: str = "1.1"
) -> bytes:
    lines = [f"{method} {path} HTTP/{version}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


def _odd_address(door: Door, chance: random.Random) -> Hit:
    """A page or picture that cannot be, or a list of what cannot be."""
    path = chance.choice(_PLACES)
    while "{}" in path:
        path = path.replace("{}", chance.choice(_ODD), 1)
    query = "&".join(
        f"{chance.choice(_FIELDS)}={chance.choice(_ODD)}" for _ in range(chance.randrange(4))
    )
    path = f"{path}?{query}".replace(" ", "%20").replace("<", "%3C")
    return Hit(f"address {path[:80]}", _written("GET", path, door.headers()))


def _odd_headers(door: Door, chance: random.Random) -> Hit:
    """A change, in the name of others."""
    headers = door.headers({"Content-Type": "application/json", "Content-Length": "2"})
    name = chance.choice(("Host", "Origin", "X-Newspage-Csrf", "Sec-Fetch-Site", "Cookie"))
    odd = {"Host": _HOSTS, "Origin": _ORIGINS, "Sec-Fetch-Site": ("cross-site", "same-site", "x")}
    headers[name] = chance.choice(odd.get(name, ("", "a=b; c", "x" * 9_000, "=;=;", "\xff")))
    path = f"/api/{chance.choice(_CHANGES)}"
    # A cookie that is not asked for may be anything.
    lawful = name == "Cookie" and not door.cookie
    return Hit(f"{name} {headers[name][:40]!r}", _written("POST", path, headers, b"{}"), lawful)


def _odd_body(door: Door, chance: random.Random) -> Hit:
    """What our own page would never send."""
    deep = chance.choice((50, 5_000, 200_000))
    odd: tuple[object, ...] = (
        None,
        -1,
        2**63,
        2**70,
        1e308,
        "",
        "x" * 10_000,
        "\ud800",
        "\0",
        [],
        {},
        [[]] * 99,
        True,
    )
    body = {name: chance.choice(odd) for name in chance.sample(_MEMBERS, chance.randrange(1, 9))}
    answer = {
        "question": chance.choice(odd),
        "act": "accept",
        "seen": chance.choice(odd),
        "text": "x",
    }
    data = chance.choice(
        (
            json.dumps(body).encode(),
            json.dumps({"answers": [answer]}).encode(),
            json.dumps({"stem": _STEM, "article": "a1", "seen": "x", "text": "", **body}).encode(),
            b"[" * deep + b"]" * deep,
            b'{"answers":' * deep,
            bytes(chance.randrange(256) for _ in range(99)),
            b"",
        )
    )
    headers = door.headers({"Content-Type": "application/json", "Content-Length": str(len(data))})
    path = f"/api/{chance.choice(_CHANGES)}"
    return Hit(f"body to {path}", _written("POST", path, headers, data), lawful=True)


def _odd_form(door: Door, chance: random.Random) -> Hit:
    """The one form, with names, languages and addresses that are none."""
    odd = chance.choice(
        (*_ODD, quote("\x1b[31m"), quote("precedent"), quote("a\r\nSet-Cookie: x=y"))
    )
    data = f"csrf={quote(door.csrf)}&reviewer={odd}&language={odd}&back={odd}".encode()
    form = "application/x-www-form-urlencoded"
    headers = door.headers({"Content-Type": form, "Content-Length": str(len(data))})
    return Hit("form", _written("POST", "/settings", headers, data), lawful=True)


def _odd_length(door: Door, chance: random.Random) -> Hit:
    """Bodies whose length is a lie, or told twice."""
    lengths = ("-1", "x", "9" * 30, "1000001", "٣", "1, 2", "0x10")
    headers = door.headers({"Content-Length": chance.choice(lengths)})
    if chance.random() < 0.4:
        headers["Transfer-Encoding"] = chance.choice(("chunked", "gzip, chunked", "x", "chunked\t"))
    body = chance.choice((b"", b"{}", b"5\r\nhello\r\n0\r\n\r\n", b"ffffffffff\r\n"))
    data = _written("POST", "/api/dismiss", headers, body)
    return Hit("length", data, whole=False)


def _odd_method(door: Door, chance: random.Random) -> Hit:
    methods = ("TRACE", "CONNECT", "PUT", "DELETE", "OPTIONS", "PRI", "get", "X" * 99, "HEAD")
    version = chance.choice(("1.1", "1.0", "2.0", "9.9", "x"))
    path = chance.choice(("/", "*", "//evil.example/", "http://evil.example/", "/a b", "/\xff"))
    data = _written(chance.choice(methods), path, door.headers(), version=version)
    return Hit("method", data, whole=False)


def _garbage(_: Door, chance: random.Random) -> Hit:
    data = chance.choice(
        (
            bytes(chance.randrange(256) for _ in range(chance.randrange(1, 2_000))),
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
            b"GET /" + b"a" * 200_000,
            b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000,
            b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
            b"\r\n" * 500,
        )
    )
    return Hit("garbage", data, whole=False)


HITS: tuple[Callable[[Door, random.Random], Hit], ...] = (
    _odd_address,
    _odd_address,
    _odd_address,
    _odd_headers,
    _odd_body,
    _odd_body,
    _odd_form,
    _odd_length,
    _odd_method,
    _garbage,
)


def _send(tally: Tally, door: Door, hit: Hit, name: str) -> set[str]:
    """Send one request, judge the answer; the decisions that were acknowledged."""
    tally.tried += 1
    try:
        answer = _exchanged(door.host, hit)
    except TimeoutError:
        if hit.whole:
            tally.hangs.append(name)
        return set()
    head, _, body = answer.partition(b"\r\n\r\n")
    status = re.match(rb"HTTP/1\.\d (\d{3})", head)
    if not status:
        return set()
    number = int(status[1])
    if number >= 500:
        tally.crashes.append(f"{name}: {number}")
    if number >= 400:
        tally.refused += 1
    if re.search(rb"(?im)^set-cookie: x=y", head):
        tally.losses.append(f"{name}: a header was smuggled in")
    uids = set(re.findall(r'"uid":\s*"(\w+)"', body.decode("utf-8", "replace")))
    acknowledged = uids if hit.data.startswith(b"POST") and number == 200 else set()
    if acknowledged and not hit.lawful:
        tally.losses.append(f"{name}: decided without right")
    return acknowledged


def _exchanged(host: str, hit: Hit) -> bytes:
    """What comes back until the connection ends; for what is no request, not for long."""
    name, _, port = host.rpartition(":")
    answer = b""
    seconds = SECONDS if hit.whole else 2.0
    with socket.create_connection((name, int(port)), timeout=seconds) as connection:
        # A server may hang up before it has heard all of it.
        with suppress(OSError):
            connection.sendall(hit.data)
            if not hit.whole:
                connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while len(answer) < 2_000_000 and (data := connection.recv(65536)):
                answer += data
    return answer


@contextmanager
def _half_open(door: Door, count: int) -> Iterator[None]:
    """Connections on which a request was begun, or nothing was said."""
    name, _, port = door.host.rpartition(":")
    opened = []
    try:
        for number in range(count):
            with suppress(OSError):
                connection = socket.create_connection((name, int(port)), timeout=2.0)
                opened.append(connection)
                connection.sendall(b"GET /queue HTTP/1.1\r\nHost: 127.0" if number % 2 else b"")
        yield
    finally:
        for connection in opened:
            connection.close()


def _others_are_answered(tally: Tally, address: str, name: str) -> None:
    """An honest browser gets its page."""
    try:
        door = open_door(address)
        status = _asked(door.host, "/api/progress", {"Cookie": door.cookie})[0]
        if status != 200:
            tally.crashes.append(f"{name}: others get {status}")
    except (OSError, http.client.HTTPException, AssertionError) as error:
        tally.hangs.append(f"{name}: others get no answer ({type(error).__name__})")


def _judge(tally: Tally, office: Office, acknowledged: set[str], log: Path, name: str) -> None:
    """Just what was acknowledged was decided, and the terminal shows no trace of the program."""
    known = known_decisions(office)
    if missing := acknowledged - known:
        tally.losses.append(f"{name}: {len(missing)} decisions are gone")
    if invented := known - acknowledged:
        tally.losses.append(f"{name}: {len(invented)} decisions that nobody was told of")
    text = log.read_text("utf-8", "replace")
    if "Traceback" in text:
        last = next((line for line in reversed(text.splitlines()) if line.strip()), "")
        tally.crashes.append(
            f"{name}: {text.count('Traceback')} traces in the terminal, last: {last[:200]}"
        )
    if "\x1b" in text:
        tally.crashes.append(f"{name}: control characters in the terminal")
