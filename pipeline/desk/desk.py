"""The desk: everything a person can ask and say, over the store and the records of one place."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.desk.views import (
    Answer,
    Entry,
    Filter,
    Group,
    PageRow,
    PageView,
    Progress,
    Question,
    QuestionView,
    Receipt,
    RuleStanding,
    Sort,
    Suggestion,
)
from pipeline.errors import NewspageError
from pipeline.run.place import Place
from pipeline.settings import Settings


class StaleError(NewspageError):
    """What the person saw is not what stands there now: look again, then decide."""


class UnknownError(NewspageError):
    """There is no such question, page, article ..."""


class Desk:
    """Thread-safe. Every method that decides commits before it returns; outputs follow at once."""

    def __init__(self, place: Place, settings: Settings, read_only: bool = False) -> None: ...
    def close(self) -> None: ...

    def progress(self) -> Progress: ...
    def pages(self) -> tuple[PageRow, ...]: ...
    def groups(
        self, which: Filter, sort: Sort = "value", offset: int = 0, limit: int = 200
    ) -> tuple[tuple[Group, ...], int]: ...

    """A stretch of the groups, and how many there are."""

    def questions(
        self, which: Filter, sort: Sort = "value", offset: int = 0, limit: int = 200
    ) -> tuple[tuple[Question, ...], int]: ...
    def question(self, number: int, language: str = "en") -> QuestionView: ...
    def answer(self, answers: Sequence[Answer], reviewer: str) -> tuple[Receipt, ...]: ...

    """All of them or none; one batch. Raises StaleError, UnknownError."""

    def undo(self, reviewer: str, uid: str = "") -> tuple[Receipt, ...]: ...

    """A decision and its batch; without uid the reviewer's latest that still stands."""

    def page(self, stem: str) -> PageView: ...
    def write(
        self, stem: str, article: str, start: int, end: int, text: str, seen: str, reviewer: str
    ) -> Receipt: ...

    """Characters [start, end) of the article's clean text (parts joined by BREAK) become `text`."""

    def join(self, stem: str, join: str, joined: bool, seen: str, reviewer: str) -> Receipt: ...
    def order(
        self, stem: str, article: str, before: str | None, seen: str, reviewer: str
    ) -> Receipt: ...
    def assign(
        self, stem: str, region: str, after: str | None, seen: str, reviewer: str
    ) -> Receipt: ...

    """`seen` of order and assign: PageView's articles' `seen` of the article moved from."""

    def sign(self, stem: str, reviewer: str) -> Receipt: ...
    def history(
        self, stem: str = "", reviewer: str = "", offset: int = 0, limit: int = 200
    ) -> tuple[tuple[Entry, ...], int]: ...
    def lost(self) -> tuple[Entry, ...]: ...
    def rules(self) -> tuple[RuleStanding, ...]: ...
    def pin(self, rule: str, standing: str, reviewer: str) -> None: ...
    def suggestions(self) -> tuple[Suggestion, ...]: ...
    def adopt(self, key: str, reviewer: str) -> None: ...
    def dismiss(self, key: str, reviewer: str) -> None: ...
    def scan(self, key: str) -> tuple[Path, int]: ...

    """File and frame of a scan by the key that views carry. Raises UnknownError."""
