"""Name, language and theme of the person who asks: kept in cookies, never trusted beyond that."""

import getpass
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote

from fastapi import Request, Response

from newspage.decision import is_own_name
from newspage.errors import TextLanguage
from newspage.review.service import RequestError

LANGUAGE_COOKIE = "newspage-language"
THEME_COOKIE = "newspage-theme"
NAME_COOKIE = "newspage-reviewer"
NAME_HEADER = "x-newspage-reviewer"
YEAR = 365 * 24 * 3600
"""Seconds that a preference is kept."""
_LONGEST_NAME = 60
"""Characters; fits a line of the history. Judgement, not measured."""

Language = TextLanguage
Theme = Literal["auto", "light", "dark"]


@dataclass(frozen=True, slots=True)
class ReviewerSession:
    """The person behind a request, and how pages are shown to them."""

    name: str
    language: Language
    theme: Theme
    named: bool
    """Whether they said who they are."""


def identify_person(request: Request) -> ReviewerSession:
    """Return the person behind a request; under the usual name where they gave none."""
    cookies = request.cookies
    # An answer that waited in the browser is by its giver, whoever sits there when it is sent.
    given = clean_name(
        unquote(request.headers.get(NAME_HEADER, "") or cookies.get(NAME_COOKIE, ""))
    )
    fallback: str = request.app.state.reviewer
    accepted = request.headers.get("accept-language")
    theme = cookies.get(THEME_COOKIE, "auto")
    return ReviewerSession(
        given or fallback,
        choose_session_language(cookies.get(LANGUAGE_COOKIE, ""), accepted),
        "light" if theme == "light" else "dark" if theme == "dark" else "auto",
        bool(given),
    )


def set_preference(response: Response, cookie: str, value: str) -> None:
    """Put a preference into a cookie."""
    response.set_cookie(cookie, quote(value, safe=""), YEAR, httponly=True, samesite="strict")


def clean_name(text: str) -> str:
    """Return a typed text as a name: one line, no control characters, cut to a length.

    Empty where it is a name of newspage's own.
    """
    printable = "".join(c if c.isprintable() else " " for c in text)
    name = " ".join(printable.split())[:_LONGEST_NAME].strip()
    return "" if is_own_name(name) else name


def check_chosen_name(text: str) -> str:
    """Return the name that somebody chose, empty for none. Raises RequestError if it is taken."""
    if is_own_name(text):
        raise RequestError("name-reserved")
    return clean_name(text)


def choose_session_language(said: str, accepted: str | None) -> Language:
    """Return the language somebody chose, else the one that their browser prefers."""
    return "zh" if said == "zh" else "en" if said == "en" else choose_language(accepted)


def choose_language(accepted: str | None) -> Language:
    """Return the better language for an Accept-Language header; English where it names neither."""
    best, weight = "en", 0.0
    for part in (accepted or "").split(","):
        name, _, quality = part.strip().partition(";q=")
        family = name.strip().lower().partition("-")[0]
        try:
            value = float(quality or 1)
        except ValueError:
            continue
        if family in ("en", "zh") and value > weight:
            best, weight = family, value
    return "zh" if best == "zh" else "en"


def find_system_user() -> str:
    """Return the name under which somebody is logged in; `reviewer` where there is none."""
    try:
        return clean_name(getpass.getuser()) or "reviewer"
    except (OSError, KeyError):
        return "reviewer"
