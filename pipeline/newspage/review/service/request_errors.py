"""Errors with which the review service and its web application refuse a request."""

from newspage.errors import NewspageError, UsageError


class RequestError(UsageError):
    """A request asks for something that cannot be."""


class StaleError(NewspageError):
    """The text has changed since the person saw it: they look again, then decide."""


class NothingProposedError(RequestError):
    """Nothing can be accepted: the question only says that something may be wrong there."""


class ReadOnlyError(RequestError):
    """Nothing can be decided: the review page was started for reading only."""


class TooLargeError(RequestError):
    """A request is larger than any that the review page sends."""


class BeyondError(RequestError):
    """What is asked for is known to the standard, but not done here."""


class UnknownError(NewspageError):
    """There is no such question, page, article ..."""


class MissingScanError(UnknownError):
    """The file of a scan is not where it was when it was read."""


class UnavailableError(NewspageError):
    """The store or the output folder fails; where and why is for whoever started newspage."""
