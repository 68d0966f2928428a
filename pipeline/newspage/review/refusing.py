"""What is answered to those who are not let in: words in both languages, nothing of the store."""

from html import escape

import msgspec
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response

from newspage.review.person import LANGUAGE_COOKIE, Language, language_of
from newspage.review.texts import TEXTS, refusal

DATA = ("/api/", "/picture/", "/static/")
"""Addresses that are not asked for by a person: their answers are data."""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>newspage</title></head>
<body>{}</body></html>
"""


def refused(path: str, headers: Headers, status: int, why: str, kind: str) -> Response:
    """Return the answer that tells why; where a person reads it, in both languages."""
    if path.startswith(DATA):
        words = {"error": refusal(why, _language(headers)), "kind": kind}
        return Response(msgspec.json.encode(words), status, media_type="application/json")
    tags: tuple[tuple[Language, str], ...] = (("en", "en"), ("zh", "zh-Hans"))
    parts = [
        f'<section lang="{tag}"><h1>{escape(TEXTS[language]["trouble.title"])}</h1>'
        f"<p>{escape(refusal(why, language))}</p></section>"
        for language, tag in tags
    ]
    return HTMLResponse(_PAGE.format("".join(parts)), status)


def _language(headers: Headers) -> Language:
    pairs = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
    said = [value for name, _, value in pairs if name == LANGUAGE_COOKIE]
    return language_of(said[-1] if said else "", headers.get("accept-language"))
