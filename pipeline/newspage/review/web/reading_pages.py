"""The pages of the reading room: an article at an address of its own, and as a file."""

from contextlib import suppress
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from newspage.errors import UsageError
from newspage.formats import ARTICLE_FORMATS
from newspage.review.web.endpoints import TheDesk, parse_words_wanted
from newspage.review.web.html_pages import Who, render_template
from newspage.search import SearchWords, parse_words

router = APIRouter(prefix="/article")
_SETTINGS = ("horizontal", "vertical")
"""How text can be set."""


@router.get("")
def find_article(page: str, article: str, request: Request, service: TheDesk) -> Response:
    """Redirect to the article that a page knows by an id."""
    address = service.reading.find_address(page, article)
    rest = {
        name: request.query_params[name] for name in ("q", "set") if name in request.query_params
    }
    return RedirectResponse(f"/article/{address}{'?' + urlencode(rest) if rest else ''}", 303)


@router.get("/{address}")
def get_article(address: str, request: Request, service: TheDesk, who: Who) -> Response:
    """Render an article; redirect to its present address from one that it had."""
    present = service.reading.resolve_address(address)
    if present != address:
        rest = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/article/{present}{rest}", 303)
    wanted = parse_words_wanted(request.query_params)
    chosen = request.query_params.get("set", "")
    sheet = service.reading.show_article(address, _read_words(wanted))
    data = {
        "sheet": sheet,
        "setting": chosen if chosen in _SETTINGS else "horizontal",
        "settings": _SETTINGS,
        "formats": ARTICLE_FORMATS,
        "words": wanted,
    }
    return render_template(request, who, "article", data)


@router.get("/{address}/{name}")
def get_article_file(address: str, name: str, service: TheDesk) -> Response:
    """Return an article as a file in a format."""
    if name not in ARTICLE_FORMATS:
        raise HTTPException(404)
    called, file = service.reading.write_article(address, name)
    plain = "".join(c if c.isascii() and (c.isalnum() or c in ".-_") else "_" for c in called)
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(called, safe='')}"
    headers = {"Content-Disposition": named, "Cache-Control": "no-cache"}
    return Response(file.data, media_type=file.media_type, headers=headers)


def _read_words(text: str) -> SearchWords | None:
    """Return the words that are to be marked; None for none that can be understood."""
    with suppress(UsageError):
        return parse_words(text)
    return None
