"""Errors meant for a person: exceptions with an exit code and a remedy.

    NewspageError                 1
    ├── InputError                3   a file cannot be read as a page
    │   └── RefusedError          3   a file is refused because reading it would be dangerous
    ├── MissingDependencyError    4   a model or a package is not there
    ├── OutputError               5   a result cannot be written
    ├── ConfigError               6   a setting is wrong
    └── UsageError                2   the command line asks for something that cannot be

Trouble in the data of a page (a line that could not be read, say) is no exception but a
`newspage.model.Problem` beside the result.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of the `newspage` command."""

    DONE = 0
    SOME_LEFT = 1
    USAGE = 2
    INPUT = 3
    DEPENDENCY = 4
    OUTPUT = 5
    CONFIG = 6
    INTERRUPTED = 130


class NewspageError(Exception):
    """Root of all errors meant for a person.

    `message` says which file or setting and what is wrong with it; `remedy` says what to do.
    """

    exit_code: ExitCode = ExitCode.SOME_LEFT

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class InputError(NewspageError):
    """A file cannot be read as a page."""

    exit_code = ExitCode.INPUT


class RefusedError(InputError):
    """A file is refused because reading it would be dangerous (a decompression bomb, say)."""


class MissingDependencyError(NewspageError):
    """A model or a package that this request needs is not there."""

    exit_code = ExitCode.DEPENDENCY


class OutputError(NewspageError):
    """A result cannot be written."""

    exit_code = ExitCode.OUTPUT


class ConfigError(NewspageError):
    """A setting is unknown or has an impossible value."""

    exit_code = ExitCode.CONFIG


class UsageError(NewspageError):
    """The command line asks for something that cannot be."""

    exit_code = ExitCode.USAGE
