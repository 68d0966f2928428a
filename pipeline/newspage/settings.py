"""Settings from `newspage.toml` and the command line, checked, each with its origin.

The command line wins over the file, the file over the defaults of `config`. A table of the file
is a stage, a key of it a field of that stage's dataclass. `[[override]]` tables change settings for
the scans whose name, folder or path matches:

    [detect]
    direction = "auto"

    [[override]]
    match = "xinjiang*"
    direction = "vertical"            # short for detect = { direction = "vertical" }
"""

import difflib
import math
import re
import reprlib
import tomllib
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from newspage.config import Config
from newspage.errors import ConfigError

FILE_NAME = "newspage.toml"

Key = tuple[str, str]
"""A stage and a field of it: ("detect", "direction")."""


@dataclass(frozen=True, slots=True)
class Override:
    """Settings for some scans only."""

    match: str
    """Pattern with * and ?, of a name of the file, a folder above it, or the whole path, with the
    suffix or without."""
    changes: Mapping[Key, object]

    def matches_path(self, path: str) -> bool:
        """Tell whether these settings are for a scan, by its path with forward slashes."""
        return matches_pattern(self.match, path)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run, and those of single scans."""

    config: Config
    origins: Mapping[Key, str] = field(default_factory=dict)
    """For each value that is no default: file and line, or the option."""
    overrides: tuple[Override, ...] = ()
    forced: Mapping[Key, object] = field(default_factory=dict)
    """Values from the command line; they win over every override."""

    def for_path(self, path: str) -> Config:
        """Return the settings of one scan, by its path with forward slashes."""
        config = self.config
        for override in self.overrides:
            if override.matches_path(path):
                for key, value in override.changes.items():
                    if key not in self.forced:
                        config = _with(config, key, value)
        return config


def matches_pattern(pattern: str, path: str) -> bool:
    """Tell whether a pattern with * and ? fits a scan's name, a folder above it, or its path."""
    pure = PurePosixPath(path)
    names = (path, str(pure.with_suffix("")), pure.stem, *pure.parts)
    return any(fnmatchcase(name, pattern) for name in names)


def load_settings(file: Path | None, command_line: Mapping[Key, tuple[str, object]]) -> Settings:
    """Return the settings of a file and of a command line, checked.

    Args:
        file: The file; None takes `newspage.toml` in the current folder, if there is one.
        command_line: For each key the name of its option and the value.

    Raises:
        ConfigError: The file cannot be read, or a setting is unknown or has an impossible value.
    """
    settings = Settings(Config())
    if file is None and Path(FILE_NAME).is_file():
        file = Path(FILE_NAME)
    if file is not None:
        settings = _from_file(file)
    for key, (option, raw) in command_line.items():
        try:
            value = _checked(key, raw)
        except ValueError as problem:
            raise ConfigError("option-wrong", option=option, reason=str(problem)) from None
        settings = replace(
            settings,
            config=_with(settings.config, key, value),
            origins={**settings.origins, key: option},
            forced={**settings.forced, key: value},
        )
    return settings


def list_known_keys() -> list[Key]:
    """Return the keys of all settings, in the order of `config`."""
    return [
        (stage.name, setting.name)
        for stage in fields(Config)
        for setting in fields(_stage_type(stage.name))
    ]


def get_value(config: Config, key: Key) -> object:
    """Return the value of one setting."""
    return getattr(getattr(config, key[0]), key[1])


def _from_file(file: Path) -> Settings:
    """Return the settings of a TOML file. Raises ConfigError."""
    try:
        text = file.read_text("utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise ConfigError("settings-unreadable", path=file, reason=str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise ConfigError("settings-not-text", path=file) from error
    except RecursionError as error:
        line = _deepest_line(text)
        raise ConfigError("settings-nested-too-deep", path=file, line=line) from error
    # A number of too many digits is one that TOML allows and Python refuses.
    except ValueError as error:
        raise ConfigError("settings-not-toml", path=file, reason=str(error)) from error
    return _Reader(file, text).settings(data)


def _deepest_line(text: str) -> int:
    """Return the line in which brackets are nested deepest; strings and comments count too."""
    depth, deepest, found = 0, 0, 1
    for number, line in enumerate(text.split("\n"), 1):
        for character in line:
            depth += (character in "[{") - (character in "]}")
            if depth > deepest:
                deepest, found = depth, number
    return found


class _Reader:
    """Reads the tables of one file, and names the line of what is wrong."""

    def __init__(self, file: Path, text: str) -> None:
        self.file = file
        self.lines = text.splitlines()

    def settings(self, data: Mapping[str, object]) -> Settings:
        """Return the settings that the tables of the file make."""
        config, origins = Config(), {}
        overrides: tuple[Override, ...] = ()
        for name, table in data.items():
            if name == "override":
                overrides = self._overrides(table)
                continue
            for key, value in self._stage(name, table, 0).items():
                config = _with(config, key, value)
                origins[key] = f"{self.file}, line {self._line(key[0], key[1])}"
        return Settings(config, origins, overrides)

    def _overrides(self, tables: object) -> tuple[Override, ...]:
        """Return the override tables in the order of the file."""
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            raise self._error("override", "", "must be written as [[override]] tables")
        return tuple(self._override(i, table) for i, table in enumerate(tables))

    def _override(self, index: int, table: Mapping[str, object]) -> Override:
        """Return one override table, checked."""
        match = table.get("match")
        if not isinstance(match, str) or not match:
            raise self._error(
                "override", "match", 'needs match = "a pattern of names of scans"', index
            )
        changes: dict[Key, object] = {}
        for name, value in table.items():
            if name == "match":
                continue
            if name == "direction":
                name, value = "detect", {"direction": value}
            if name in ("engine", "output", "iiif", "ndnp", "review", "run"):
                raise self._error("override", name, "is the same for all scans of a run", index)
            changes |= self._stage(name, value, index, "override")
        return Override(match, changes)

    def _stage(self, stage: str, table: object, index: int, inside: str = "") -> dict[Key, object]:
        """Return the checked values of a table; `inside` is "override" in a table of overrides."""
        stages = [f.name for f in fields(Config)]
        if stage not in stages:
            extra = ["override", "direction", "match"] if inside else ["override"]
            raise self._error(inside or stage, stage, _unknown(stage, stages + extra), index)
        if not isinstance(table, dict):
            raise self._error(inside or stage, stage, f"must be a table: [{stage}]", index)
        names = [f.name for f in fields(_stage_type(stage))]
        values: dict[Key, object] = {}
        for name, raw in table.items():
            if name not in names:
                raise self._error(inside or stage, name, _unknown(name, names), index)
            try:
                values[stage, name] = _checked((stage, name), raw)
            except ValueError as problem:
                raise self._error(inside or stage, name, str(problem), index) from None
        return values

    def _error(self, table: str, key: str, problem: str, index: int = 0) -> ConfigError:
        """Return an error that names the file, the line and the key; `index` counts overrides."""
        name = f"{table}.{key}" if key and key != table else table
        return ConfigError(
            "setting-wrong",
            path=self.file,
            line=self._line(table, key, index),
            name=reprlib.repr(name)[1:-1],
            reason=problem,
        )

    def _line(self, table: str, key: str, index: int = 0) -> int:
        """Return the line in which a key stands, as far as plain text search can tell."""
        header = re.compile(rf"\s*\[\[?\s*{re.escape(table)}\s*(\.\s*{re.escape(key)}\s*)?\]")
        inside = re.compile(rf"(.*[\s{{,.])?[\"']?{re.escape(key or table)}[\"']?\s*[=.]")
        start, seen = 0, -1
        for number, line in enumerate(self.lines, 1):
            if header.match(line):
                seen += 1
                if seen == index:
                    start = number
            elif seen >= index and key and inside.match(line):
                return number
        for number, line in enumerate(self.lines, 1):
            if not start and inside.match(line):
                return number
        return start or 1


def _with(config: Config, key: Key, value: object) -> Config:
    """Return the settings with one value replaced."""
    stage = replace(getattr(config, key[0]), **{key[1]: value})
    return replace(config, **{key[0]: stage})


def _stage_type(stage: str) -> type[Any]:
    """Return the dataclass of a stage."""
    found: type[Any] = get_type_hints(Config)[stage]
    return found


def _unknown(name: str, known: list[str]) -> str:
    """Return why a name is wrong, with the nearest known one."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"is no setting; did you mean `{near[0]}`?"
    return f"is no setting; there are {', '.join(known) or 'none'}"


def _checked(key: Key, raw: object) -> object:
    """Return a raw value as its setting's type. Raises ValueError, worded to follow the key."""
    stage = _stage_type(key[0])
    value = _convert(raw, get_type_hints(stage)[key[1]])
    try:
        stage(**{key[1]: value})
    except ValueError as problem:
        raise ValueError(str(problem).removeprefix(f"{key[1]} ")) from None
    return value


def _convert(raw: object, wanted: Any) -> object:
    """Return a raw value as a type. Raises ValueError, worded to follow a key's name."""
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin is Literal:
        return _one_of(raw, arguments)
    if origin in (Union, types.UnionType):
        (inner,) = (a for a in arguments if a is not type(None))
        return None if raw is None else _convert(raw, inner)
    if origin is tuple:
        if not isinstance(raw, list | tuple):
            raise ValueError(f"must be a list, like [...], not {_shown(raw)}")
        return tuple(_convert(item, arguments[0]) for item in raw)
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return wanted(_one_of(raw, tuple(m.value for m in wanted)))
    if wanted is Path and isinstance(raw, str | Path):
        return Path(raw)
    if wanted is float and type(raw) in (int, float):
        return _finite(raw)
    if isinstance(raw, str) and "\0" in raw:
        raise ValueError(f"must hold no zero character, as does {_shown(raw)}")
    if type(raw) is wanted:
        return raw
    raise ValueError(f"must be {_NAMES.get(wanted, wanted)}, not {_shown(raw)}")


def _finite(raw: Any) -> float:
    """Return a number as a float. Raises ValueError where it is infinite or no number."""
    try:
        value = float(raw)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise ValueError("must be a number that can be reckoned with, not infinite or none")
    return value


def _one_of(raw: object, choices: tuple[object, ...]) -> str:
    """Return a value that is one of the choices. Raises ValueError."""
    if isinstance(raw, str) and raw in choices:
        return raw
    raise ValueError(f"must be one of {', '.join(map(str, choices))}, not {_shown(raw)}")


def _shown(raw: object) -> str:
    """Return a raw value as a person is shown it."""
    kinds = {dict: "a table", list: "a list", bool: "a switch"}
    # Shortened: a value may be nested deeper, or be longer, than anybody can read.
    text = reprlib.repr(raw)
    if type(raw) in kinds:
        return f"{kinds[type(raw)]} ({text})"
    return f"the text {text}" if isinstance(raw, str) else text


# The types as a message to a person names them.
_NAMES: dict[object, str] = {
    str: 'text, like "..."',
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    Path: 'a path, like "..."',
}
