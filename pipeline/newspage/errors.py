"""Errors meant for a person: exceptions with a code, an exit code and a remedy.

    NewspageError                 1
    ├── InputError                3   a file cannot be read as a page
    │   └── RefusedError          3   a file is refused because reading it would be dangerous
    ├── MissingDependencyError    4   a model, a package or a cluster is not there
    ├── OutputError               5   a result cannot be written
    ├── ConfigError               6   a setting is wrong
    └── UsageError                2   the command line asks for something that cannot be

An error is raised by its code and the values that its words name:

    raise InputError("scan-empty", path=path)

The words stand in `error_texts/`, one file a language, under the code: in English for every code,
in Chinese for those that the review page can show. `docs/errors.md` lists all codes.

Trouble in the data of a page (a line that could not be read, say) is no exception but a
`newspage.model.Problem` beside the result.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Literal, Self

from newspage.terminal import escape_line

Field = str | int | float | Path
"""A value that the words of an error name; it crosses the border of a process."""
TextLanguage = Literal["en", "zh"]


class ExitCode(IntEnum):
    """The exit codes of the `newspage` command."""

    DONE = 0
    SOME_LEFT = 1
    USAGE = 2
    INPUT = 3
    DEPENDENCY = 4
    OUTPUT = 5
    CONFIG = 6
    BUDGET = 7
    """The time of a run is over, and something is left: the same command goes on."""
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class ErrorText:
    """The words of a code in one language; `{name}` stands for the field of that name."""

    message: str
    """Which file or setting, and what is wrong with it."""
    remedy: str = ""
    """What to do."""
    when: str = ""
    """When this happens, for `docs/errors.md`; in English alone."""


def describe_exception(error: Exception) -> str:
    """Return kind and words of an exception that is not meant for people, on one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


@cache
def load_error_texts(language: TextLanguage) -> Mapping[str, ErrorText]:
    """Return the words of all codes that have any in a language, by code."""
    import tomllib
    from importlib.resources import files

    written = (files("newspage") / "error_texts" / f"{language}.toml").read_text("utf-8")
    return {code: ErrorText(**words) for code, words in tomllib.loads(written).items()}


class NewspageError(Exception):
    """Root of all errors meant for a person.

    Programs go by `code`, which stays the same over versions; messages may be worded anew.
    """

    exit_code: ExitCode = ExitCode.SOME_LEFT

    def __init__(self, code: str, /, **fields: Field) -> None:
        """Make the error of a code.

        Args:
            code: A key of the texts. A code without a text (another package's) is shown as it is.
            fields: The values that the words name. `where`, which any error may have, is put before
                the message: the place that the error was found in.
        """
        super().__init__(code)
        self.code = code
        self.fields: Mapping[str, Field] = fields
        # Tracebacks, which --verbose shows, end with it.
        self.add_note(f"code: {code}")

    def __reduce__(self) -> tuple[Callable[..., "NewspageError"], tuple[object, ...]]:
        """Cross the border of a process with class, code and fields."""
        return _rebuild, (type(self), self.code, dict(self.fields))

    def __str__(self) -> str:
        return self.describe("en")

    @classmethod
    def restate(cls, error: "NewspageError", **changed: Field) -> Self:
        """Return an error of this class with code and fields of another, some fields changed."""
        return cls(error.code, **{**error.fields, **changed})

    @property
    def message(self) -> str:
        """Return which file or setting it is, and what is wrong with it; in English."""
        return self._fill(self._text("en").message, "{where}: ")

    @property
    def remedy(self) -> str:
        """Return what to do about it, in English; empty where that is said already."""
        return self._fill(self._text("en").remedy)

    def describe(self, language: TextLanguage) -> str:
        """Return message and remedy in a language; in English where it has no words in that."""
        if language == "zh" and self.code in load_error_texts("zh"):
            text = self._text("zh")
            return self._fill(text.message, "{where}：") + self._fill(text.remedy)
        return f"{self.message} {self.remedy}".strip()

    def _text(self, language: TextLanguage) -> ErrorText:
        """Return the words of the code; for one that is not newspage's, the code itself."""
        own = ErrorText(self.code.replace("{", "{{").replace("}", "}}"))
        return load_error_texts(language).get(self.code, own)

    def _fill(self, words: str, place: str = "") -> str:
        """Put the fields into words, on one line whatever they hold; before them the place."""
        return escape_line(
            ((place if "where" in self.fields else "") + words).format_map(self.fields)
        )


def restore_error(code: str, fields: Mapping[str, Field]) -> NewspageError:
    """Return an error that was kept by its code and fields, to be told in any language."""
    return _rebuild(NewspageError, code, dict(fields))


def _rebuild(kind: type[NewspageError], code: str, fields: dict[str, Field]) -> NewspageError:
    """Make an error that came from another process; its class may be made by other arguments."""
    error = kind.__new__(kind)
    NewspageError.__init__(error, code, **fields)
    return error


class InputError(NewspageError):
    """A file cannot be read as a page."""

    exit_code = ExitCode.INPUT


class RefusedError(InputError):
    """A file is refused because reading it would be dangerous (a decompression bomb, say)."""


class MissingDependencyError(NewspageError):
    """A model, a package or a cluster that this request needs is not there."""

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
