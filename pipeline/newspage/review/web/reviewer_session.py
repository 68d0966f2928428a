"""Who is asking, and how they like it shown: kept in cookies, never trusted for more than that."""

import getpass
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote

from fastapi import Request, Response

from newspage.decision import is_own_name
from newspage.errors import UsageError

LANGUAGE_COOKIE = "newspage-language"
THEME_COOKIE = "newspage-theme"
NAME_COOKIE = "newspage-reviewer"
NAME_HEADER = "x-newspage-reviewer"
YEAR = 365 * 24 * 3600
_LONGEST_NAME = 60

Language = Literal["en", "zh"]
Theme = Literal["auto", "light", "dark"]


@dataclass(frozen=True, slots=True)
class ReviewerSession:
    """A reviewer."""

    name: str
    language: Language
    theme: Theme
    named: bool
    """Whether they said who they are."""


def identify_person(request: Request) -> ReviewerSession:
    """The person behind a request."""
    cookies = request.cookies
    # An answer that waited is of who gave it, whoever sits there when it is sent.
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
    """What somebody typed, as a name: one line, without control characters, not endless.

    Empty where it is a name of newspage's own.
    """
    printable = "".join(c if c.isprintable() else " " for c in text)
    name = " ".join(printable.split())[:_LONGEST_NAME].strip()
    return "" if is_own_name(name) else name


def check_chosen_name(text: str) -> str:
    """Return the name that somebody chose; empty for none. Raises UsageError where it is taken."""
    if is_own_name(text):
        raise UsageError("This name is newspage's own.", "Choose another name.")
    return clean_name(text)


def choose_session_language(said: str, accepted: str | None) -> Language:
    """Return the language somebody chose, else the one that their browser prefers."""
    return "zh" if said == "zh" else "en" if said == "en" else choose_language(accepted)


def choose_language(accepted: str | None) -> Language:
    """The better of the two languages for an Accept-Language header; English where it says none."""
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
    """The name under which somebody is logged in."""
    try:
        return clean_name(getpass.getuser()) or "reviewer"
    except (OSError, KeyError):
        return "reviewer"
