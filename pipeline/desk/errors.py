"""What a desk refuses to do."""

from pipeline.errors import NewspageError


class StaleError(NewspageError):
    """What the person saw is not what stands there now: look again, then decide."""


class UnknownError(NewspageError):
    """There is no such question, page, article ..."""
