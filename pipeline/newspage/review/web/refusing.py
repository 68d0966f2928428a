"""What is answered to those who are not let in: words in both languages, nothing of the store."""

from html import escape

import msgspec
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response

from newspage.review.web.reviewer_session import LANGUAGE_COOKIE, Language, choose_session_language
from newspage.review.web.translations import TEXTS, translate_refusal

DATA = ("/api/", "/picture/", "/static/")
"""Addresses that are not asked for by a person: their answers are data."""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>newspage</title></head>
<body>{}</body></html>
"""


def make_refusal(path: str, headers: Headers, status: int, why: str, kind: str) -> Response:
    """Return the answer that tells why; where a person reads it, in both languages."""
    if path.startswith(DATA):
        words = {"error": translate_refusal(why, _language(headers)), "kind": kind}
        return Response(msgspec.json.encode(words), status, media_type="application/json")
    tags: tuple[tuple[Language, str], ...] = (("en", "en"), ("zh", "zh-Hans"))
    parts = [
        f'<section lang="{tag}"><h1>{escape(TEXTS[language]["trouble.title"])}</h1>'
        f"<p>{escape(translate_refusal(why, language))}</p></section>"
        for language, tag in tags
    ]
    return HTMLResponse(_PAGE.format("".join(parts)), status)


def _language(headers: Headers) -> Language:
    pairs = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
    said = [value for name, _, value in pairs if name == LANGUAGE_COOKIE]
    return choose_session_language(said[-1] if said else "", headers.get("accept-language"))
