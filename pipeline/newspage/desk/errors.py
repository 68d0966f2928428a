"""What a desk refuses to do."""

from newspage.errors import NewspageError, UsageError


class StaleError(NewspageError):
    """What the person saw is not what stands there now: look again, then decide."""


class NothingProposedError(UsageError):
    """There is nothing to accept: the question only says that something may be wrong there."""


class UnknownError(NewspageError):
    """There is no such question, page, article ..."""
