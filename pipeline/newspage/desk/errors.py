"""What a desk refuses to do."""

from newspage.errors import NewspageError


class StaleError(NewspageError):
    """What the person saw is not what stands there now: look again, then decide."""


class UnknownError(NewspageError):
    """There is no such question, page, article ..."""
