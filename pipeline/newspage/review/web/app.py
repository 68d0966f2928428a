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

from newspage.errors import NewspageError, OutputError
from newspage.review.service import RequestError, ReviewService, UnknownError
from newspage.review.web import (
    archive_pages,
    endpoints,
    html_pages,
    iiif_endpoints,
    reading_pages,
    structure_endpoints,
)
from newspage.review.web.refusing import DATA
from newspage.review.web.reviewer_session import identify_person
from newspage.review.web.scan_pictures import ScanPictures
from newspage.review.web.security import AccessGuard, AccessRules
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
    app.state.pictures = pictures
    app.state.templates = _templates()
    app.include_router(endpoints.router)
    app.include_router(structure_endpoints.router)
    app.include_router(html_pages.router)
    app.include_router(iiif_endpoints.router)
    app.include_router(archive_pages.router)
    app.include_router(reading_pages.router)
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
    """Return the box in an address: left, top, right, bottom in pixels. Raises RequestError."""
    try:
        left, top, right, bottom = (float(v) for v in text.split(","))
    except ValueError:
        raise RequestError("box-unclear") from None
    if not (0 <= left < right <= 1e6 and 0 <= top < bottom <= 1e6):
        raise RequestError("box-outside-scan")
    return left, top, right, bottom


def _picture(data: bytes, kind: str) -> Response:
    """Return the response with a picture. Raises UnknownError where it is empty."""
    if not data:
        raise UnknownError("scan-part-empty")
    return Response(data, media_type=kind, headers={"Cache-Control": _FOR_EVER})


def _add_static(app: FastAPI) -> None:
    """Add the address of scripts, styles and the icon."""
    table = _static_files()

    @app.get("/static/{name}")
    def get_static(name: str) -> Response:
        if name not in table:
            raise UnknownError("file-unknown")
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
        if isinstance(error, StoreError | OutputError):
            # Reviewers are not told where things lie; whoever runs this is.
            print(f"newspage: {error}", file=sys.stderr, flush=True)  # noqa: T201
        return _answer_error(request, error)

    @app.exception_handler(HTTPException)
    def answer_http(request: Request, error: HTTPException) -> Response:
        return _answer_error(request, _describe_http(error), error.status_code)

    @app.exception_handler(RequestValidationError)
    def answer_bad_address(request: Request, error: RequestValidationError) -> Response:
        wrong = ", ".join(str(e["loc"][-1]) for e in error.errors())
        return _answer_error(request, RequestError("address-unclear", part=wrong))


def _describe_http(error: HTTPException) -> RequestError:
    """Return what the web framework found wrong with a request."""
    if error.status_code == 404:
        return RequestError("address-unknown")
    if error.status_code == 405:
        return RequestError("method-unknown")
    return RequestError("request-unclear", reason=str(error.detail))


def _answer_error(request: Request, error: NewspageError, status: int = 0) -> Response:
    """Return the response to an error, in the language of who asked; status 0: its usual one."""
    who = identify_person(request)
    usual, words = endpoints.describe_failure(error, who.language)
    if request.url.path.startswith(DATA):
        return endpoints.encode_response(words, status or usual)
    return html_pages.render_trouble(request, who, str(words["error"]), status or usual)
