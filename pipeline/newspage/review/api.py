"""The JSON interface: views of the desk out, answers in. Every body is checked as it is read."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec
from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.datastructures import QueryParams

from newspage.desk.desk import Desk, StaleError, UnknownError
from newspage.desk.errors import NothingProposedError, ReadOnlyError
from newspage.desk.views import LARGEST_ID, Answer, Filter, Meeting, Receipt, Sort
from newspage.errors import NewspageError, UsageError
from newspage.review.person import Person, person_of
from newspage.store import StoreError

Body = TypeVar("Body")
State = Literal["open", "decided", "applied", "precedent", "all"]
STATES: Mapping[str, State] = {state: state for state in get_args(State)}
SORTS: Mapping[str, Sort] = {sort: sort for sort in get_args(Sort)}
MOST = 500
"""Rows of a list that one request can ask for."""
KEY_HEADER = "idempotency-key"
_KEY = re.compile("[0-9a-f]{32}")
LONGEST = 1000
"""Characters that can be looked for; more is no word of a question, and too much for a database."""
_ENCODER = msgspec.json.Encoder()


class Answers(msgspec.Struct, frozen=True):
    """Answers that are given together."""

    answers: list[Answer]


class Undo(msgspec.Struct, frozen=True):
    """What is to be taken back; without uid the reviewer's latest."""

    uid: str = ""


class Write(msgspec.Struct, frozen=True):
    """A change by hand."""

    stem: str
    article: str
    start: int
    end: int
    text: str
    seen: str


class JoinBody(msgspec.Struct, frozen=True):
    """A join made or taken back."""

    stem: str
    join: str
    joined: bool
    seen: str


class Link(msgspec.Struct, frozen=True):
    """How an article meets one on another page; each by page and id."""

    before: tuple[str, str]
    after: tuple[str, str]
    how: Meeting
    seen: str


class Order(msgspec.Struct, frozen=True):
    """An article put before another."""

    stem: str
    article: str
    before: str | None
    seen: str


class Assign(msgspec.Struct, frozen=True):
    """A region put behind another."""

    stem: str
    region: str
    after: str | None
    seen: str


class Sign(msgspec.Struct, frozen=True):
    """A page that is proofread."""

    stem: str


class Pin(msgspec.Struct, frozen=True):
    """How far a detector is trusted, said by a person; empty: as the figures say."""

    rule: str
    standing: Literal["", "asks", "trusted", "demoted"]


class Key(msgspec.Struct, frozen=True):
    """A suggestion."""

    key: str


def encoded(value: object, status: int = 200) -> Response:
    """A value as a JSON answer."""
    return Response(_ENCODER.encode(value), status, media_type="application/json")


def desk_of(request: Request) -> Desk:
    """The desk that the application works at."""
    desk: Desk = request.app.state.desk
    return desk


async def raw_body(request: Request) -> bytes:
    """The body as it came."""
    return await request.body()


TheDesk = Annotated[Desk, Depends(desk_of)]
Who = Annotated[Person, Depends(person_of)]
Number = Annotated[int, Path(ge=0, le=LARGEST_ID)]
Raw = Annotated[bytes, Depends(raw_body)]
router = APIRouter(prefix="/api")


def request_key(request: Request) -> str:
    """Return the key under which a change is sent, so that sent again it is no second decision.

    Empty where there is none. Raises UsageError where it is not 32 hexadecimal digits.
    """
    key = request.headers.get(KEY_HEADER, "")
    if key and not _KEY.fullmatch(key):
        raise UsageError("The key of the request is not 32 hexadecimal digits.")
    return key


Once = Annotated[str, Depends(request_key)]


def read(body: bytes, kind: type[Body]) -> Body:
    """A body as a value. Raises UsageError that names the place of what is wrong."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"The request cannot be understood. ({error})") from error


def filter_of(query: QueryParams) -> Filter:
    """Which questions an address asks for; what it does not know it leaves open.

    Raises UsageError where it asks for more than any question holds.
    """
    if any(len(value) > LONGEST or "\0" in value for value in query.values()):
        raise UsageError("This cannot be looked for.", "Look for fewer characters.")
    return Filter(
        rule=query.get("rule", ""),
        stem=query.get("stem", ""),
        paper=query.get("paper", ""),
        pattern=query.get("pattern", ""),
        text=query.get("text", ""),
        state=STATES.get(query.get("state", ""), "open"),
        least=_number(query.get("least", ""), 0.0),
        most=_number(query.get("most", ""), 1.0),
    )


def sort_of(query: QueryParams) -> Sort:
    """In which order."""
    return SORTS.get(query.get("sort", ""), "value")


def stretch_of(query: QueryParams, usual: int = 200) -> tuple[int, int]:
    """From where on, and how many."""
    offset, limit = _number(query.get("offset", ""), 0.0), _number(query.get("limit", ""), usual)
    return int(max(0, min(offset, 1e9))), int(max(1, min(limit, MOST)))


def _number(text: str, otherwise: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return otherwise
    return value if value == value else otherwise


def failure(error: NewspageError) -> tuple[int, dict[str, Any]]:
    """Status and words for trouble with a request."""
    if isinstance(error, StaleError):
        return 409, {"error": str(error), "kind": "stale"}
    if isinstance(error, UnknownError):
        return 404, {"error": str(error), "kind": "unknown"}
    if isinstance(error, ReadOnlyError):
        return 400, {"error": str(error), "kind": "read-only"}
    if isinstance(error, NothingProposedError):
        return 400, {"error": str(error), "kind": "nothing-proposed"}
    if isinstance(error, UsageError):
        return 400, {"error": str(error), "kind": "usage"}
    if isinstance(error, StoreError):
        # Where it lies and what its driver says is for whoever started this.
        return 503, {"error": error.public, "kind": "store"}
    return 500, {"error": str(error), "kind": "trouble"}


@router.get("/session")
def get_session(request: Request, desk: TheDesk) -> Response:
    """What a page that outlived a restart of the server must know to send its answers."""
    state = request.app.state
    csrf = state.access.csrf
    return encoded({"csrf": csrf, "identity": desk.identity, "read_only": state.read_only})


@router.get("/groups")
def get_groups(request: Request, desk: TheDesk) -> Response:
    """A stretch of the groups, and how many questions are in all of them."""
    query = request.query_params
    which = filter_of(query)
    items, total = desk.groups(which, sort_of(query), *stretch_of(query))
    return encoded({"items": items, "total": total, "counts": desk.counts(which)})


@router.get("/questions")
def get_questions(request: Request, desk: TheDesk) -> Response:
    """A stretch of the questions."""
    query = request.query_params
    items, total = desk.questions(filter_of(query), sort_of(query), *stretch_of(query))
    return encoded({"items": items, "total": total})


@router.get("/question/{number}")
def get_question(number: Number, desk: TheDesk, who: Who) -> Response:
    """One question with everything around it."""
    return encoded(desk.question(number, who.language))


@router.post("/answers")
def post_answers(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """Answers to questions, all or none; where one is stale, the question as it is now."""
    answers = read(raw, Answers).answers
    try:
        return _receipts(desk.answer(answers, who.name, key))
    except StaleError as error:
        status, words = failure(error)
        if len(answers) == 1:
            words["view"] = desk.question(answers[0].question, who.language)
        return encoded(words, status)


@router.post("/undo")
def post_undo(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """Take back a decision and what was decided with it."""
    return _receipts(desk.undo(who.name, read(raw, Undo).uid, key))


@router.get("/page")
def get_page(stem: str, desk: TheDesk) -> Response:
    """A page beside its scan."""
    return encoded(desk.page(stem))


@router.post("/write")
def post_write(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """A change by hand."""
    b = read(raw, Write)
    return _receipt(desk.write(b.stem, b.article, b.start, b.end, b.text, b.seen, who.name, key))


@router.post("/join")
def post_join(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """A join made or taken back."""
    b = read(raw, JoinBody)
    return _receipt(desk.join(b.stem, b.join, b.joined, b.seen, who.name, key))


@router.post("/link")
def post_link(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """An article goes on on another page, or does not."""
    b = read(raw, Link)
    return _receipt(desk.link(b.before, b.after, b.how, b.seen, who.name, key))


@router.post("/order")
def post_order(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """An article put before another."""
    b = read(raw, Order)
    return _receipt(desk.order(b.stem, b.article, b.before, b.seen, who.name, key))


@router.post("/assign")
def post_assign(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """A region put behind another."""
    b = read(raw, Assign)
    return _receipt(desk.assign(b.stem, b.region, b.after, b.seen, who.name, key))


@router.post("/sign")
def post_sign(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """A page that is proofread."""
    return _receipt(desk.sign(read(raw, Sign).stem, who.name, key))


@router.get("/progress")
def get_progress(desk: TheDesk) -> Response:
    """How far the work is."""
    return encoded(desk.progress())


@router.get("/history")
def get_history(request: Request, desk: TheDesk) -> Response:
    """What was decided, the latest first."""
    query = request.query_params
    who = query.get("reviewer", "")
    items, total = desk.history(query.get("stem", ""), who, *stretch_of(query))
    return encoded({"items": items, "total": total})


@router.get("/lost")
def get_lost(desk: TheDesk) -> Response:
    """Decisions that can be placed nowhere any more."""
    return encoded({"items": desk.lost()})


@router.get("/suggestions")
def get_suggestions(desk: TheDesk) -> Response:
    """Dictionary entries that decisions suggest."""
    return encoded({"items": desk.suggestions()})


@router.post("/pin")
def post_pin(raw: Raw, desk: TheDesk, who: Who) -> Response:
    """How far a detector is trusted."""
    body = read(raw, Pin)
    desk.pin(body.rule, body.standing, who.name)
    return encoded({"receipts": []})


@router.post("/adopt")
def post_adopt(raw: Raw, desk: TheDesk, who: Who) -> Response:
    """A suggestion becomes an entry."""
    desk.adopt(read(raw, Key).key, who.name)
    return encoded({"receipts": []})


@router.post("/dismiss")
def post_dismiss(raw: Raw, desk: TheDesk, who: Who) -> Response:
    """A suggestion is not wanted."""
    desk.dismiss(read(raw, Key).key, who.name)
    return encoded({"receipts": []})


def _receipt(receipt: Receipt) -> Response:
    return _receipts((receipt,))


def _receipts(receipts: tuple[Receipt, ...]) -> Response:
    return encoded({"receipts": receipts})
