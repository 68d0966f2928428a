"""The JSON interface: views of the review service out, answers in; every body is checked."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.datastructures import QueryParams

from newspage.errors import InputError, NewspageError, OutputError, UsageError
from newspage.review.service import (
    LARGEST_ID,
    Answer,
    ArticleLink,
    ArticleMove,
    BeyondError,
    JoinEdit,
    NothingProposedError,
    QuestionFilter,
    ReadOnlyError,
    Receipt,
    RegionMove,
    RequestError,
    ReviewService,
    SearchQuery,
    Signature,
    SignOff,
    Sort,
    StaleError,
    TextEdit,
    TooLargeError,
    TypedLine,
    UnavailableError,
    UnknownError,
)
from newspage.review.web.page_requests import parse_page_filter, parse_page_sort
from newspage.review.web.reviewer_session import Language, ReviewerSession, identify_person
from newspage.store import StoreError, StoreGoneError

Body = TypeVar("Body")
State = Literal["open", "decided", "applied", "precedent", "all"]
STATES: Mapping[str, State] = {state: state for state in get_args(State)}
SORTS: Mapping[str, Sort] = {sort: sort for sort in get_args(Sort)}
MOST = 500
"""Rows of a list that one request can ask for. Judgement, not measured."""
KEY_HEADER = "idempotency-key"
"""Header with the key of a change; the name is that of the IETF draft."""
_KEY = re.compile("[0-9a-f]{32}")
LONGEST = 1000
"""Characters that can be looked for; no question has longer texts, and longer patterns would only
burden the store. Judgement, not measured."""
_ENCODER = msgspec.json.Encoder()
_ANSWERS: tuple[tuple[type[NewspageError], int, str], ...] = (
    (StaleError, 409, "stale"),
    (UnknownError, 404, "unknown"),
    (ReadOnlyError, 400, "read-only"),
    (BeyondError, 501, "beyond"),
    (NothingProposedError, 400, "nothing-proposed"),
    (TooLargeError, 413, "too-large"),
    (UsageError, 400, "usage"),
    (StoreError, 503, "store"),
    (InputError, 404, "picture"),
)
"""HTTP status and kind of each error; the first class that fits counts."""


class AnswersRequest(msgspec.Struct, frozen=True):
    """Answers that are given together."""

    answers: list[Answer]


class UndoRequest(msgspec.Struct, frozen=True):
    """A decision to be taken back; without uid the reviewer's latest."""

    uid: str = ""


class PinRequest(msgspec.Struct, frozen=True):
    """The trust in a detector, set by a person; empty: as the figures say."""

    rule: str
    standing: Literal["", "asks", "trusted", "demoted"]


class SuggestionRequest(msgspec.Struct, frozen=True):
    """A suggestion to adopt or dismiss, by its key."""

    key: str


def encode_response(value: object, status: int = 200) -> Response:
    """Return a value as a JSON response."""
    return Response(_ENCODER.encode(value), status, media_type="application/json")


def desk_of(request: Request) -> ReviewService:
    """Return the review service of the application."""
    service: ReviewService = request.app.state.desk
    return service


async def raw_body(request: Request) -> bytes:
    """Return the body of a request as it came."""
    return await request.body()


TheDesk = Annotated[ReviewService, Depends(desk_of)]
Who = Annotated[ReviewerSession, Depends(identify_person)]
Number = Annotated[int, Path(ge=0, le=LARGEST_ID)]
Offset = Annotated[int, Query(ge=0, le=LARGEST_ID)]
Raw = Annotated[bytes, Depends(raw_body)]
router = APIRouter(prefix="/api")


def request_key(request: Request) -> str:
    """Return the key under which a change is sent, so that sent again it is no second decision.

    Empty where there is none. Raises RequestError where it is not 32 hexadecimal digits.
    """
    key = request.headers.get(KEY_HEADER, "")
    if key and not _KEY.fullmatch(key):
        raise RequestError("request-key-wrong")
    return key


Once = Annotated[str, Depends(request_key)]


def read(body: bytes, kind: type[Body]) -> Body:
    """Return a body as a value of a type. Raises RequestError that names the wrong place."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError("request-unclear", reason=str(error)) from error


def parse_filter(query: QueryParams) -> QuestionFilter:
    """Return the filter in the query of an address; values that are not known are ignored.

    Raises RequestError where a value is longer than any text of a question.
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


def parse_words_wanted(query: QueryParams) -> str:
    """Return the words to be looked for. Raises RequestError where they are too long."""
    words = query.get("q", "")
    _require_findable(words)
    return words


def parse_search(query: QueryParams) -> SearchQuery:
    """Return the search in the query of an address. Raises RequestError where a value is too long.

    An order that is not known is the usual one.
    """
    _require_findable(*query.values())
    return SearchQuery(
        words=query.get("q", ""),
        paper=query.get("paper", ""),
        first=query.get("from", ""),
        last=query.get("to", ""),
        kind=query.get("kind", ""),
        sort="date" if query.get("sort") == "date" else "rank",
    )


def parse_sort(query: QueryParams) -> Sort:
    """Return the order in the query of an address; by value where none is known."""
    return SORTS.get(query.get("sort", ""), "value")


def parse_stretch(query: QueryParams, usual: int = 200) -> tuple[int, int]:
    """Return offset and length of the stretch in the query of an address.

    Both are brought within bounds; where no length is given it is `usual`.
    """
    offset, limit = _number(query.get("offset", ""), 0.0), _number(query.get("limit", ""), usual)
    return int(max(0, min(offset, 1e9))), int(max(1, min(limit, MOST)))


def _require_findable(*values: str) -> None:
    if any(len(value) > LONGEST or "\0" in value for value in values):
        raise RequestError("search-too-long")


def _number(text: str, otherwise: float) -> float:
    """Return the number in a text, or `otherwise` where it is none or NaN."""
    try:
        value = float(text)
    except ValueError:
        return otherwise
    return value if value == value else otherwise


def describe_failure(error: NewspageError, language: Language) -> tuple[int, dict[str, Any]]:
    """Return the HTTP status of an error, and the JSON that tells it in a language.

    The JSON has `error` (sentences), `code` (that of the error) and `kind` (a word for all errors
    that scripts of the page treat alike).
    """
    known = ((status, kind) for each, status, kind in _ANSWERS if isinstance(error, each))
    status, kind = next(known, (500, "trouble"))
    shown = _without_details(error)
    return status, {"error": shown.describe(language), "code": shown.code, "kind": kind}


def _without_details(error: NewspageError) -> NewspageError:
    """Return an error as reviewers see it.

    Where things lie, and what a driver says, is for whoever started the server.
    """
    if isinstance(error, StoreGoneError):
        return UnavailableError("store-gone")
    if isinstance(error, StoreError):
        return UnavailableError("store-unavailable")
    if isinstance(error, OutputError):
        return UnavailableError("files-unwritable")
    return error


@router.get("/session")
def get_session(request: Request, service: TheDesk) -> Response:
    """Return the values that a page needs to send its answers after a restart of the server."""
    state = request.app.state
    csrf = state.access.csrf
    return encode_response(
        {"csrf": csrf, "identity": service.identity, "read_only": state.read_only}
    )


@router.get("/groups")
def get_groups(request: Request, service: TheDesk) -> Response:
    """Return a stretch of the groups, how many there are, and counts of the questions."""
    query = request.query_params
    stretch = parse_stretch(query)
    return encode_response(service.list_groups(parse_filter(query), parse_sort(query), *stretch))


@router.get("/questions")
def get_questions(request: Request, service: TheDesk) -> Response:
    """Return a stretch of the questions, and how many there are."""
    query = request.query_params
    items, total = service.list_questions(
        parse_filter(query), parse_sort(query), *parse_stretch(query)
    )
    return encode_response({"items": items, "total": total})


@router.get("/question/{number}")
def get_question(number: Number, service: TheDesk, who: Who) -> Response:
    """Return one question with its surroundings."""
    return encode_response(service.show_question(number, who.language))


@router.post("/answers")
def post_answers(raw: Raw, service: TheDesk, who: Who, key: Once) -> Response:
    """Record answers, all or none; a single stale one is answered with its present question."""
    answers = read(raw, AnswersRequest).answers
    try:
        return _receipts(service.record_answers(answers, who.name, key))
    except StaleError as error:
        status, words = describe_failure(error, who.language)
        if len(answers) == 1:
            words["view"] = service.show_question(answers[0].question, who.language)
        return encode_response(words, status)


@router.post("/undo")
def post_undo(raw: Raw, service: TheDesk, who: Who, key: Once) -> Response:
    """Take back a decision and the rest of its batch."""
    return _receipts(service.undo_decision(who.name, read(raw, UndoRequest).uid, key))


@router.get("/pages")
def get_pages(request: Request, desk: TheDesk, who: Who) -> Response:
    """Return a stretch of the pages, and how many there are."""
    query = request.query_params
    which, sort = parse_page_filter(query), parse_page_sort(query)
    items, total = desk.list_pages(which, sort, *parse_stretch(query), who.language)
    return encode_response({"items": items, "total": total})


@router.get("/reading")
def get_reading(desk: TheDesk, who: Who) -> Response:
    """Return how far scans are read, how fast that goes, and why some failed."""
    return encode_response(desk.show_reading(who.language))


@router.get("/page")
def get_page(stem: str, service: TheDesk) -> Response:
    """Return a page for showing beside its scan."""
    return encode_response(service.show_page(stem))


@router.get("/search")
def get_search(request: Request, service: TheDesk) -> Response:
    """Return a stretch of the articles that hold some words."""
    query = request.query_params
    stretch = parse_stretch(query, 20)
    return encode_response(service.articles.find_articles(parse_search(query), *stretch))


@router.get("/place")
def get_place(stem: str, article: str, start: Offset, end: Offset, service: TheDesk) -> Response:
    """Return where characters of an article are printed."""
    return encode_response(service.articles.locate_hit(stem, article, start, end))


@router.post("/write")
def post_write(raw: Raw, service: TheDesk, who: Who, key: Once) -> Response:
    """Replace a text by hand."""
    return _receipt(service.record_edit(read(raw, TextEdit), Signature(who.name, key)))


@router.get("/line/{number}")
def get_line(number: Number, service: TheDesk) -> Response:
    """Return one of the lines that are suggested for typing, as it is now."""
    return encode_response(service.show_line(number))


@router.post("/line")
def post_line(raw: Raw, service: TheDesk, who: Who, key: Once) -> Response:
    """Record a printed line as a person typed it."""
    return _receipt(service.record_edit(read(raw, TypedLine), Signature(who.name, key)))


@router.post("/join")
def post_join(raw: Raw, service: TheDesk, who: Who, key: Once) -> Response:
    """Make a join, or take it back."""
    return _receipt(service.record_edit(read(raw, JoinEdit), Signature(who.name, key)))


@router.post("/link")
def post_link(raw: Raw, service: TheDesk, who: Who, key: Once) -> Response:
    """Record whether an article goes on in one on another page."""
    return _receipt(service.record_edit(read(raw, ArticleLink), Signature(who.name, key)))


@router.post("/order")
def post_order(raw: Raw, service: TheDesk, who: Who, key: Once) -> Response:
    """Put an article before another."""
    return _receipt(service.record_edit(read(raw, ArticleMove), Signature(who.name, key)))


@router.post("/assign")
def post_assign(raw: Raw, service: TheDesk, who: Who, key: Once) -> Response:
    """Put a region into another article."""
    return _receipt(service.record_edit(read(raw, RegionMove), Signature(who.name, key)))


@router.post("/sign")
def post_sign(raw: Raw, service: TheDesk, who: Who, key: Once) -> Response:
    """Record that a page is proofread."""
    return _receipt(service.record_edit(read(raw, SignOff), Signature(who.name, key)))


@router.get("/progress")
def get_progress(service: TheDesk) -> Response:
    """Return how much of the work is done."""
    return encode_response(service.summarise_progress())


@router.get("/history")
def get_history(request: Request, service: TheDesk) -> Response:
    """Return a stretch of the decisions, the latest first."""
    query = request.query_params
    who = query.get("reviewer", "")
    items, total = service.list_history(query.get("stem", ""), who, *parse_stretch(query))
    return encode_response({"items": items, "total": total})


@router.get("/lost")
def get_lost(service: TheDesk) -> Response:
    """Return decisions in force that no page has a place for any more."""
    return encode_response({"items": service.list_lost()})


@router.get("/suggestions")
def get_suggestions(service: TheDesk) -> Response:
    """Return dictionary entries that decisions suggest."""
    return encode_response({"items": service.list_suggestions()})


@router.post("/pin")
def post_pin(raw: Raw, service: TheDesk, who: Who) -> Response:
    """Pin the trust in a detector."""
    body = read(raw, PinRequest)
    service.pin_rule(body.rule, body.standing, who.name)
    return encode_response({"receipts": []})


@router.post("/adopt")
def post_adopt(raw: Raw, service: TheDesk, who: Who) -> Response:
    """Make a suggestion a dictionary entry."""
    service.adopt_suggestion(read(raw, SuggestionRequest).key, who.name)
    return encode_response({"receipts": []})


@router.post("/dismiss")
def post_dismiss(raw: Raw, service: TheDesk, who: Who) -> Response:
    """Record that a suggestion is not wanted."""
    service.dismiss_suggestion(read(raw, SuggestionRequest).key, who.name)
    return encode_response({"receipts": []})


def _receipt(receipt: Receipt) -> Response:
    return _receipts((receipt,))


def _receipts(receipts: tuple[Receipt, ...]) -> Response:
    return encode_response({"receipts": receipts})
