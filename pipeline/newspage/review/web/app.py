"""The web application: routes, pictures, static files, and answers to errors."""

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
"""Pictures are addressed by the hash of their scan: the same address never shows another."""
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class AppOptions:
    """Options of the application, fixed when it starts."""

    access: AccessRules
    reviewer: str
    """Name of whoever has not said theirs."""
    read_only: bool = False


def create_app(service: ReviewService, pictures: ScanPictures, options: AppOptions) -> ASGIApp:
    """Return the application, with its access checks around it.

    It closes neither the review service nor the pictures: whoever made them does.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = service
    app.state.access = options.access
    app.state.reviewer = options.reviewer
    app.state.read_only = options.read_only
    app.state.templates = _templates()
    app.include_router(endpoints.router)
    app.include_router(html_pages.router)
    _add_pictures(app, pictures)
    _add_static(app)
    _add_errors(app)
    return AccessGuard(app, options.access)


def _templates() -> jinja2.Environment:
    """Return the templates; values are escaped, and a missing one is an error."""
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
    """Add the addresses of a scan's size, crops and tiles."""

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
    """Return the box in an address: left, top, right, bottom in pixels. Raises HTTPException."""
    try:
        left, top, right, bottom = (float(v) for v in text.split(","))
    except ValueError:
        raise HTTPException(400, "A box is four numbers.") from None
    if not (0 <= left < right <= 1e6 and 0 <= top < bottom <= 1e6):
        raise HTTPException(400, "A box lies inside its scan.")
    return left, top, right, bottom


def _picture(data: bytes, kind: str) -> Response:
    """Return the response with a picture. Raises HTTPException 404 where it is empty."""
    if not data:
        raise HTTPException(404, "Nothing of the scan lies there.")
    return Response(data, media_type=kind, headers={"Cache-Control": _FOR_EVER})


def _add_static(app: FastAPI) -> None:
    """Add the address of scripts, styles and the icon."""
    table = _static_files()

    @app.get("/static/{name}")
    def get_static(name: str) -> Response:
        if name not in table:
            raise HTTPException(404, "There is no such file.")
        kind = _TYPES[name[name.rindex(".") :]]
        # The names stay the same over versions: browsers ask again, over loopback.
        return Response(table[name], media_type=kind, headers={"Cache-Control": "no-cache"})


def _static_files() -> Mapping[str, bytes]:
    """Return the files that may be served, by name: no path ever comes out of an address."""
    folder = files("newspage.review.web") / "static"
    kinds = tuple(_TYPES)
    return {f.name: f.read_bytes() for f in folder.iterdir() if f.name.endswith(kinds)}


def _add_errors(app: FastAPI) -> None:
    """Have errors answered in words: as JSON below the addresses of data, as a page elsewhere."""

    @app.exception_handler(NewspageError)
    def answer_newspage(request: Request, error: NewspageError) -> Response:
        status, words = endpoints.describe_failure(error)
        if isinstance(error, StoreError | OutputError):
            # Where things lie, and what a driver says, is for whoever runs this.
            print(f"newspage: {error}", file=sys.stderr, flush=True)  # noqa: T201
        if isinstance(error, OutputError):
            words = {"error": "The files cannot be written just now.", "kind": "trouble"}
        if isinstance(error, InputError):
            status, words = 404, {"error": str(error), "kind": "picture"}
        return _answer_error(request, status, words)

    @app.exception_handler(HTTPException)
    def answer_http(request: Request, error: HTTPException) -> Response:
        return _answer_error(
            request, error.status_code, {"error": str(error.detail), "kind": "usage"}
        )

    @app.exception_handler(RequestValidationError)
    def answer_bad_address(request: Request, error: RequestValidationError) -> Response:
        wrong = ", ".join(str(e["loc"][-1]) for e in error.errors())
        message = f"The address cannot be understood. ({wrong})"
        return _answer_error(request, 400, {"error": message, "kind": "usage"})

    @app.exception_handler(TooLargeError)
    def answer_too_large(request: Request, _error: TooLargeError) -> Response:
        return _answer_error(
            request, 413, {"error": "The request is too large.", "kind": "too-large"}
        )


def _answer_error(request: Request, status: int, words: Mapping[str, object]) -> Response:
    """Return the response to an error, in the language of who asked."""
    who = identify_person(request)
    message = translate_refusal(str(words["error"]), who.language)
    if request.url.path.startswith(DATA):
        return endpoints.encode_response({**words, "error": message}, status)
    return html_pages.render_trouble(request, who, message, status)
