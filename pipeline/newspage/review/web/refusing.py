"""Responses to requests that are not let through: words in both languages, nothing of the store."""

from html import escape

import msgspec
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response

from newspage.review.service import RequestError
from newspage.review.web.reviewer_session import LANGUAGE_COOKIE, Language, choose_session_language
from newspage.review.web.translations import load_texts

DATA = ("/api/", "/picture/", "/static/", "/iiif/")
"""Prefixes of addresses that scripts ask for, not people: their responses are data."""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>newspage</title></head>
<body>{}</body></html>
"""


def make_refusal(
    path: str, headers: Headers, status: int, error: RequestError, kind: str
) -> Response:
    """Return the response that says why; a page in both languages where a person reads it.

    Args:
        path: Path of the address; below `DATA` the response is JSON.
        headers: Headers of the request, for the language of the JSON.
        status: HTTP status.
        error: What is wrong with the request.
        kind: A word that scripts of the page go by.
    """
    if path.startswith(DATA):
        said = error.describe(_language(headers))
        words = {"error": said, "code": error.code, "kind": kind}
        return Response(msgspec.json.encode(words), status, media_type="application/json")
    tags: tuple[tuple[Language, str], ...] = (("en", "en"), ("zh", "zh-Hans"))
    parts = [
        f'<section lang="{tag}"><h1>{escape(load_texts(language)["trouble.title"])}</h1>'
        f"<p>{escape(error.describe(language))}</p></section>"
        for language, tag in tags
    ]
    return HTMLResponse(_PAGE.format("".join(parts)), status)


def _language(headers: Headers) -> Language:
    """Return the language of a request; its cookie goes before what the browser prefers."""
    pairs = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
    said = [value for name, _, value in pairs if name == LANGUAGE_COOKIE]
    return choose_session_language(said[-1] if said else "", headers.get("accept-language"))
