"""The HTML pages, rendered on the server; the data that they first show comes along."""

from typing import Annotated
from urllib.parse import parse_qs, urlsplit

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from newspage.correct import load_rules
from newspage.errors import UsageError
from newspage.review.service import (
    QuestionFilter,
    RequestError,
    ReviewService,
    SearchQuery,
    Sort,
)
from newspage.review.web.endpoints import (
    Number,
    Raw,
    TheDesk,
    parse_filter,
    parse_search,
    parse_sort,
    parse_stretch,
)
from newspage.review.web.reviewer_session import (
    LANGUAGE_COOKIE,
    NAME_COOKIE,
    THEME_COOKIE,
    ReviewerSession,
    check_chosen_name,
    identify_person,
    set_preference,
)
from newspage.review.web.security import FORM, AccessRules
from newspage.review.web.translations import load_texts, make_translator
from newspage.search import KINDS

AHEAD = 20
"""Rows that come along with a question, so that the next is there at once. Judgement."""
router = APIRouter()
Who = Annotated[ReviewerSession, Depends(identify_person)]


@router.get("/queue")
def get_queue(request: Request, service: TheDesk, who: Who) -> Response:
    """Render the questions by pattern."""
    query = request.query_params
    which, sort = parse_filter(query), parse_sort(query)
    groups = service.list_groups(which, sort, *parse_stretch(query))
    data = {
        "groups": groups.items,
        "total": groups.total,
        "counts": groups.counts,
        "filter": which,
        "filtered": which != QuestionFilter(),
        "sort": sort,
        "rules": tuple(load_rules()),
        "folder": str(service.folder),
    }
    return render_template(request, who, "queue", data)


@router.get("/q/{number}")
def get_question(number: Number, request: Request, service: TheDesk, who: Who) -> Response:
    """Render one question, with the rows of those that follow."""
    query = request.query_params
    which, sort = parse_filter(query), parse_sort(query)
    view = service.show_question(number, who.language)
    return render_template(
        request,
        who,
        "question",
        {
            "view": view,
            "queue": _rows_from(service, which, sort, number),
            "filter": which,
            "sort": sort,
        },
    )


@router.get("/next")
def get_next(request: Request, service: TheDesk) -> Response:
    """Redirect to the first question that fits the filter; to the queue where there is none."""
    which, sort = parse_filter(request.query_params), parse_sort(request.query_params)
    items, _ = service.list_questions(which, sort, 0, 1)
    rest = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/q/{items[0].id}{rest}" if items else f"/queue{rest}", 303)


@router.get("/page/{stem:path}")
def get_page(stem: str, request: Request, service: TheDesk, who: Who) -> Response:
    """Render a page beside its scan."""
    return render_template(request, who, "page", {"page": service.show_page(stem)})


@router.get("/lines")
def get_lines(request: Request, service: TheDesk, who: Who) -> Response:
    """Render the lines that are suggested for typing, one after the other."""
    return render_template(request, who, "lines", {"count": len(service.list_lines())})


@router.get("/search")
def get_search(request: Request, service: TheDesk, who: Who) -> Response:
    """Render the search, and a stretch of what was found."""
    query = request.query_params
    wanted = parse_search(query)
    offset, limit = parse_stretch(query, 20)
    refused = ""
    try:
        found = service.articles.find_articles(wanted, offset, limit)
    except UsageError as error:
        found = service.articles.find_articles(SearchQuery())
        refused = error.describe(who.language)
    data = {"found": found, "query": wanted, "offset": offset, "limit": limit, "kinds": KINDS}
    return render_template(request, who, "search", data | {"refused": refused})


@router.get("/search.csv")
def get_search_table(request: Request, service: TheDesk) -> Response:
    """Return all articles that were found as CSV."""
    rows = service.articles.write_results(parse_search(request.query_params))
    headers = {"Content-Disposition": 'attachment; filename="newspage-search.csv"'}
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/progress")
def get_progress(request: Request, service: TheDesk, who: Who) -> Response:
    """Render how much of the work is done, and decisions without a place."""
    progress, lost = service.show_progress()
    return render_template(request, who, "progress", {"progress": progress, "lost": lost})


@router.get("/reading")
def get_reading(request: Request, service: TheDesk, who: Who) -> Response:
    """Render how far scans are read, how fast that goes, and why some failed."""
    return render_template(request, who, "reading", {"reading": service.show_reading(who.language)})


@router.get("/learned")
def get_learned(request: Request, service: TheDesk, who: Who) -> Response:
    """Render the dictionary entries that decisions suggest."""
    return render_template(request, who, "learned", {"suggestions": service.list_suggestions()})


@router.get("/history")
def get_history(request: Request, service: TheDesk, who: Who) -> Response:
    """Render a stretch of the decisions."""
    query = request.query_params
    stem, reviewer = query.get("stem", ""), query.get("reviewer", "")
    offset, limit = parse_stretch(query, 100)
    entries, total = service.list_history(stem, reviewer, offset, limit)
    data = {"entries": entries, "total": total, "offset": offset, "limit": limit}
    return render_template(request, who, "history", data | {"stem": stem, "reviewer": reviewer})


@router.get("/help")
def get_help(request: Request, who: Who) -> Response:
    """Render the help: keys, and what happens to decisions."""
    return render_template(request, who, "help", {})


@router.post(FORM)
def post_settings(raw: Raw, request: Request) -> Response:
    """Keep language, theme or name in cookies, and redirect to where the form was.

    Raises RequestError where the form is not from a page of this server, or a name is newspage's
    own.
    """
    form = {name: values[0] for name, values in parse_qs(raw.decode("utf-8", "replace")).items()}
    access: AccessRules = request.app.state.access
    if form.get("csrf", "") != access.csrf:
        raise RequestError("form-outdated")
    response = RedirectResponse(_local_path(form.get("back", "/")), 303)
    cookies = {"language": LANGUAGE_COOKIE, "theme": THEME_COOKIE, "reviewer": NAME_COOKIE}
    for field, cookie in cookies.items():
        if field in form:
            set_preference(response, cookie, check_chosen_name(form[field]))
    return response


def render_template(
    request: Request,
    who: ReviewerSession,
    template: str,
    data: dict[str, object],
    status: int = 200,
) -> Response:
    """Return a page from a template, the words in the reader's language, and data.

    Args:
        request: The request that is answered.
        who: The person who reads.
        template: Name of the template, without ending.
        data: Values for the template; its scripts get them as JSON, too.
        status: HTTP status.
    """
    state = request.app.state
    values = {
        "t": make_translator(who.language),
        "lang": "zh-Hans" if who.language == "zh" else "en",
        "texts": _script_json(dict(load_texts(who.language))),
        "data": _script_json(data),
        "template": template,
        "person": who,
        "csrf": state.access.csrf,
        "read_only": state.read_only,
        "identity": state.desk.identity,
        "folder": str(state.desk.folder),
        "back": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
    } | {name: value for name, value in data.items() if name not in ("t", "lang")}
    page = state.templates.get_template(f"{template}.html").render(values)
    return HTMLResponse(page, status)


def render_trouble(request: Request, who: ReviewerSession, message: str, status: int) -> Response:
    """Return a page that says in words what went wrong."""
    return render_template(request, who, "trouble", {"message": message}, status)


def _rows_from(
    service: ReviewService, which: QuestionFilter, sort: Sort, number: int
) -> list[object]:
    """Return the rows of the questions from one on; from the first where it is not among them."""
    items, _ = service.list_questions(which, sort, 0, AHEAD)
    ids = [item.id for item in items]
    return list(items[ids.index(number) :] if number in ids else items)


def _script_json(value: object) -> str:
    """Return JSON that may be inside a script element: nothing in it ends the element."""
    text = msgspec.json.encode(value).decode()
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


def _local_path(address: str) -> str:
    """Return the path and query of an address; / where it leads to another site."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or "\\" in address:
        return "/"
    return "/" + parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
