"""The application: routes, pictures, static files, and what becomes of errors."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import quote

import jinja2
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from newspage.errors import InputError, NewspageError, OutputError
from newspage.review.service.review_service import ReviewService
from newspage.review.web import endpoints, html_pages
from newspage.review.web.refusing import DATA
from newspage.review.web.reviewer_session import identify_person
from newspage.review.web.scan_pictures import ScanPictures
from newspage.review.web.security import AccessGuard, AccessRules, TooLargeError
from newspage.review.web.translations import translate_refusal
from newspage.store import StoreError

_FOR_EVER = "private, max-age=31536000, immutable"
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class AppOptions:
    """What the application is told when it starts."""

    access: AccessRules
    reviewer: str
    """Name of whoever has not said theirs."""
    read_only: bool = False


def create_app(desk: ReviewService, pictures: ScanPictures, setting: AppOptions) -> ASGIApp:
    """The application. It owns neither the desk nor the pictures."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.state.access = setting.access
    app.state.reviewer = setting.reviewer
    app.state.read_only = setting.read_only
    app.state.templates = _templates()
    app.include_router(endpoints.router)
    app.include_router(html_pages.router)
    _add_pictures(app, pictures)
    _add_static(app)
    _add_errors(app)
    return AccessGuard(app, setting.access)


def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("newspage.review.web", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["path"] = lambda text: quote(str(text), safe="/")
    return environment


def _add_pictures(app: FastAPI, pictures: ScanPictures) -> None:
    @app.get("/picture/{key}/info")
    def get_info(key: str) -> Response:
        return endpoints.encode_response(pictures.describe_scan(key))

    @app.get("/picture/{key}/crop")
    def get_crop(key: str, box: str, w: int = 1000) -> Response:
        left, top, right, bottom = _box(box)
        return _picture(
            pictures.cut_crop(key, (left, top, right, bottom), max(16, w)), "image/webp"
        )

    @app.get("/picture/{key}/tile/{level}/{column}/{row}")
    def get_tile(key: str, level: int, column: int, row: int) -> Response:
        return _picture(pictures.cut_tile(key, level, column, row), "image/jpeg")


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        left, top, right, bottom = (float(v) for v in text.split(","))
    except ValueError:
        raise HTTPException(400, "A box is four numbers.") from None
    if not (0 <= left < right <= 1e6 and 0 <= top < bottom <= 1e6):
        raise HTTPException(400, "A box lies inside its scan.")
    return left, top, right, bottom


def _picture(data: bytes, kind: str) -> Response:
    if not data:
        raise HTTPException(404, "Nothing of the scan lies there.")
    return Response(data, media_type=kind, headers={"Cache-Control": _FOR_EVER})


def _add_static(app: FastAPI) -> None:
    table = _static_files()

    @app.get("/static/{name}")
    def get_static(name: str) -> Response:
        if name not in table:
            raise HTTPException(404, "There is no such file.")
        kind = _TYPES[name[name.rindex(".") :]]
        # The names stay the same over versions: browsers ask again, over loopback.
        return Response(table[name], media_type=kind, headers={"Cache-Control": "no-cache"})


def _static_files() -> Mapping[str, bytes]:
    """The files that may be served, by name: no path ever comes out of an address."""
    folder = files("newspage.review.web") / "static"
    kinds = tuple(_TYPES)
    return {f.name: f.read_bytes() for f in folder.iterdir() if f.name.endswith(kinds)}


def _add_errors(app: FastAPI) -> None:
    """People get words: as JSON from the interface, as a page elsewhere."""

    @app.exception_handler(NewspageError)
    def in_words(request: Request, error: NewspageError) -> Response:
        status, words = endpoints.describe_failure(error)
        if isinstance(error, StoreError | OutputError):
            # Where things lie, and what a driver says, is for whoever runs this.
            print(f"newspage: {error}", file=sys.stderr, flush=True)  # noqa: T201
        if isinstance(error, OutputError):
            words = {"error": "The files cannot be written just now.", "kind": "trouble"}
        if isinstance(error, InputError):
            status, words = 404, {"error": str(error), "kind": "picture"}
        return _told(request, status, words)

    @app.exception_handler(HTTPException)
    def of_http(request: Request, error: HTTPException) -> Response:
        return _told(request, error.status_code, {"error": str(error.detail), "kind": "usage"})

    @app.exception_handler(RequestValidationError)
    def of_address(request: Request, error: RequestValidationError) -> Response:
        wrong = ", ".join(str(e["loc"][-1]) for e in error.errors())
        message = f"The address cannot be understood. ({wrong})"
        return _told(request, 400, {"error": message, "kind": "usage"})

    @app.exception_handler(TooLargeError)
    def too_large(request: Request, _error: TooLargeError) -> Response:
        return _told(request, 413, {"error": "The request is too large.", "kind": "too-large"})


def _told(request: Request, status: int, words: Mapping[str, object]) -> Response:
    who = identify_person(request)
    message = translate_refusal(str(words["error"]), who.language)
    if request.url.path.startswith(DATA):
        return endpoints.encode_response({**words, "error": message}, status)
    return html_pages.render_trouble(request, who, message, status)
