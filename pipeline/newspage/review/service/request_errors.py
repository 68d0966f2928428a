"""What a desk refuses to do."""

from newspage.errors import NewspageError, UsageError


class StaleError(NewspageError):
    """What the person saw is not what stands there now: look again, then decide."""


class NothingProposedError(UsageError):
    """There is nothing to accept: the question only says that something may be wrong there."""


class ReadOnlyError(UsageError):
    """Nothing can be decided here now; it can where the page is started for writing."""


class UnknownError(NewspageError):
    """There is no such question, page, article ..."""


class MissingScanError(UnknownError):
    """The file of a scan is not where it was when it was read."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path}: The scan is not there any more.",
            "Put it back there, or run newspage on the folder where it is now.",
        )
