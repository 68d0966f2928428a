"""Errors with which the review service refuses a request."""

from newspage.errors import NewspageError, UsageError


class StaleError(NewspageError):
    """The text has changed since the person saw it: they look again, then decide."""


class NothingProposedError(UsageError):
    """Nothing can be accepted: the question only says that something may be wrong there."""


class ReadOnlyError(UsageError):
    """Nothing can be decided: the review page was started for reading only."""


class UnknownError(NewspageError):
    """There is no such question, page, article ..."""


class MissingScanError(UnknownError):
    """The file of a scan is not where it was when it was read."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path}: The scan is not there any more.",
            "Put it back there, or run newspage on the folder where it is now.",
        )
