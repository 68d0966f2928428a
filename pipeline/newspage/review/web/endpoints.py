"""The JSON interface: views of the desk out, answers in. Every body is checked as it is read."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec
from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.datastructures import QueryParams

from newspage.errors import NewspageError, UsageError
from newspage.review.service.request_errors import NothingProposedError, ReadOnlyError
from newspage.review.service.review_service import ReviewService, StaleError, UnknownError
from newspage.review.service.views import LARGEST_ID, Answer, Meeting, QuestionFilter, Receipt, Sort
from newspage.review.web.reviewer_session import ReviewerSession, identify_person
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


class AnswersRequest(msgspec.Struct, frozen=True):
    """Answers that are given together."""

    answers: list[Answer]


class UndoRequest(msgspec.Struct, frozen=True):
    """What is to be taken back; without uid the reviewer's latest."""

    uid: str = ""


class WriteRequest(msgspec.Struct, frozen=True):
    """A change by hand."""

    stem: str
    article: str
    start: int
    end: int
    text: str
    seen: str


class JoinRequest(msgspec.Struct, frozen=True):
    """A join made or taken back."""

    stem: str
    join: str
    joined: bool
    seen: str


class LinkRequest(msgspec.Struct, frozen=True):
    """How an article meets one on another page; each by page and id."""

    before: tuple[str, str]
    after: tuple[str, str]
    how: Meeting
    seen: str


class OrderRequest(msgspec.Struct, frozen=True):
    """An article put before another."""

    stem: str
    article: str
    before: str | None
    seen: str


class AssignRequest(msgspec.Struct, frozen=True):
    """A region put behind another."""

    stem: str
    region: str
    after: str | None
    seen: str


class SignRequest(msgspec.Struct, frozen=True):
    """A page that is proofread."""

    stem: str


class PinRequest(msgspec.Struct, frozen=True):
    """How far a detector is trusted, said by a person; empty: as the figures say."""

    rule: str
    standing: Literal["", "asks", "trusted", "demoted"]


class SuggestionRequest(msgspec.Struct, frozen=True):
    """A suggestion."""

    key: str


def encode_response(value: object, status: int = 200) -> Response:
    """A value as a JSON answer."""
    return Response(_ENCODER.encode(value), status, media_type="application/json")


def desk_of(request: Request) -> ReviewService:
    """The desk that the application works at."""
    desk: ReviewService = request.app.state.desk
    return desk


async def raw_body(request: Request) -> bytes:
    """The body as it came."""
    return await request.body()


TheDesk = Annotated[ReviewService, Depends(desk_of)]
Who = Annotated[ReviewerSession, Depends(identify_person)]
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


def parse_filter(query: QueryParams) -> QuestionFilter:
    """Which questions an address asks for; what it does not know it leaves open.

    Raises UsageError where it asks for more than any question holds.
    """
    _require_findable(*query.values())
    return QuestionFilter(
        rule=query.get("rule", ""),
        stem=query.get("stem", ""),
        paper=query.get("paper", ""),
        pattern=query.get("pattern", ""),
        text=query.get("text", ""),
        state=STATES.get(query.get("state", ""), "open"),
        least=_number(query.get("least", ""), 0.0),
        most=_number(query.get("most", ""), 1.0),
    )


def parse_wanted_name(query: QueryParams) -> str:
    """Return what names of pages are to hold. Raises UsageError where no name holds so much."""
    find = query.get("find", "").strip()
    _require_findable(find)
    return find


def parse_sort(query: QueryParams) -> Sort:
    """In which order."""
    return SORTS.get(query.get("sort", ""), "value")


def parse_stretch(query: QueryParams, usual: int = 200) -> tuple[int, int]:
    """From where on, and how many."""
    offset, limit = _number(query.get("offset", ""), 0.0), _number(query.get("limit", ""), usual)
    return int(max(0, min(offset, 1e9))), int(max(1, min(limit, MOST)))


def _require_findable(*values: str) -> None:
    if any(len(value) > LONGEST or "\0" in value for value in values):
        raise UsageError("This cannot be looked for.", "Look for fewer characters.")


def _number(text: str, otherwise: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return otherwise
    return value if value == value else otherwise


def describe_failure(error: NewspageError) -> tuple[int, dict[str, Any]]:
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
    return encode_response({"csrf": csrf, "identity": desk.identity, "read_only": state.read_only})


@router.get("/groups")
def get_groups(request: Request, desk: TheDesk) -> Response:
    """A stretch of the groups, and how many questions are in all of them."""
    query = request.query_params
    which = parse_filter(query)
    items, total = desk.list_groups(which, parse_sort(query), *parse_stretch(query))
    return encode_response({"items": items, "total": total, "counts": desk.counts(which)})


@router.get("/questions")
def get_questions(request: Request, desk: TheDesk) -> Response:
    """A stretch of the questions."""
    query = request.query_params
    items, total = desk.list_questions(
        parse_filter(query), parse_sort(query), *parse_stretch(query)
    )
    return encode_response({"items": items, "total": total})


@router.get("/question/{number}")
def get_question(number: Number, desk: TheDesk, who: Who) -> Response:
    """One question with everything around it."""
    return encode_response(desk.show_question(number, who.language))


@router.post("/answers")
def post_answers(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """Answers to questions, all or none; where one is stale, the question as it is now."""
    answers = read(raw, AnswersRequest).answers
    try:
        return _receipts(desk.record_answers(answers, who.name, key))
    except StaleError as error:
        status, words = describe_failure(error)
        if len(answers) == 1:
            words["view"] = desk.show_question(answers[0].question, who.language)
        return encode_response(words, status)


@router.post("/undo")
def post_undo(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """Take back a decision and what was decided with it."""
    return _receipts(desk.undo_decision(who.name, read(raw, UndoRequest).uid, key))


@router.get("/pages")
def get_pages(request: Request, desk: TheDesk) -> Response:
    """Return a stretch of the pages, and how many there are."""
    query = request.query_params
    items, total = desk.list_pages(parse_wanted_name(query), *parse_stretch(query))
    return encode_response({"items": items, "total": total})


@router.get("/page")
def get_page(stem: str, desk: TheDesk) -> Response:
    """A page beside its scan."""
    return encode_response(desk.show_page(stem))


@router.post("/write")
def post_write(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """A change by hand."""
    b = read(raw, WriteRequest)
    return _receipt(
        desk.write_text(b.stem, b.article, b.start, b.end, b.text, b.seen, who.name, key)
    )


@router.post("/join")
def post_join(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """A join made or taken back."""
    b = read(raw, JoinRequest)
    return _receipt(desk.set_join(b.stem, b.join, b.joined, b.seen, who.name, key))


@router.post("/link")
def post_link(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """An article goes on on another page, or does not."""
    b = read(raw, LinkRequest)
    return _receipt(desk.link_articles(b.before, b.after, b.how, b.seen, who.name, key))


@router.post("/order")
def post_order(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """An article put before another."""
    b = read(raw, OrderRequest)
    return _receipt(desk.reorder_article(b.stem, b.article, b.before, b.seen, who.name, key))


@router.post("/assign")
def post_assign(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """A region put behind another."""
    b = read(raw, AssignRequest)
    return _receipt(desk.assign_region(b.stem, b.region, b.after, b.seen, who.name, key))


@router.post("/sign")
def post_sign(raw: Raw, desk: TheDesk, who: Who, key: Once) -> Response:
    """A page that is proofread."""
    return _receipt(desk.sign_page(read(raw, SignRequest).stem, who.name, key))


@router.get("/progress")
def get_progress(desk: TheDesk) -> Response:
    """How far the work is."""
    return encode_response(desk.summarise_progress())


@router.get("/history")
def get_history(request: Request, desk: TheDesk) -> Response:
    """What was decided, the latest first."""
    query = request.query_params
    who = query.get("reviewer", "")
    items, total = desk.list_history(query.get("stem", ""), who, *parse_stretch(query))
    return encode_response({"items": items, "total": total})


@router.get("/lost")
def get_lost(desk: TheDesk) -> Response:
    """Decisions that can be placed nowhere any more."""
    return encode_response({"items": desk.list_lost()})


@router.get("/suggestions")
def get_suggestions(desk: TheDesk) -> Response:
    """Dictionary entries that decisions suggest."""
    return encode_response({"items": desk.list_suggestions()})


@router.post("/pin")
def post_pin(raw: Raw, desk: TheDesk, who: Who) -> Response:
    """How far a detector is trusted."""
    body = read(raw, PinRequest)
    desk.pin_rule(body.rule, body.standing, who.name)
    return encode_response({"receipts": []})


@router.post("/adopt")
def post_adopt(raw: Raw, desk: TheDesk, who: Who) -> Response:
    """A suggestion becomes an entry."""
    desk.adopt_suggestion(read(raw, SuggestionRequest).key, who.name)
    return encode_response({"receipts": []})


@router.post("/dismiss")
def post_dismiss(raw: Raw, desk: TheDesk, who: Who) -> Response:
    """A suggestion is not wanted."""
    desk.dismiss_suggestion(read(raw, SuggestionRequest).key, who.name)
    return encode_response({"receipts": []})


def _receipt(receipt: Receipt) -> Response:
    return _receipts((receipt,))


def _receipts(receipts: tuple[Receipt, ...]) -> Response:
    return encode_response({"receipts": receipts})
