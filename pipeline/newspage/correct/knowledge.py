"""What texts are judged by: dictionaries, word frequencies, settings."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from newspage.config import CorrectConfig
from newspage.correct.dictionaries import Dictionaries, files_of, load, shipped
from newspage.correct.language import Language, chinese
from newspage.errors import InputError

OWN_FOLDER = Path("my-dictionaries")
"""Counts, if it is there, where the settings name no folder."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything a detector may look up."""

    dictionaries: Dictionaries
    language: Language
    config: CorrectConfig


def knowledge_of(config: CorrectConfig) -> Knowledge:
    """Dictionaries and word frequencies for some settings, read once as long as nothing changes.

    Raises DictionaryError, InputError and MissingDependencyError.
    """
    return _knowledge(config, _state(dictionary_folders(config)))


def dictionary_digest(config: CorrectConfig) -> str:
    """What tells the dictionaries of some settings from others. Raises as `knowledge_of` does."""
    return _loaded(_state(dictionary_folders(config)), tuple(dictionary_folders(config))).digest


def dictionary_folders(config: CorrectConfig) -> list[Path]:
    """The folders that count, in the order in which later ones win. Raises InputError."""
    own = [Path(f) for f in config.dictionaries]
    if not own and OWN_FOLDER.is_dir():
        own = [OWN_FOLDER]
    learned = Path(config.learned)
    if config.learned and learned.is_dir():
        own.append(learned)
    return [shipped(), *own]


State = tuple[tuple[str, int, int], ...]
"""Path, time of the last change and size of each file."""


def _state(folders: list[Path]) -> State:
    for folder in folders:
        if not folder.is_dir():
            raise InputError(
                f"The dictionary folder {folder} does not exist.",
                "Make it, or leave it out of the settings.",
            )
    found = [(path, path.stat()) for folder in folders for path in files_of(folder)]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


@lru_cache(maxsize=4)
def _knowledge(config: CorrectConfig, state: State) -> Knowledge:
    return Knowledge(_loaded(state, tuple(dictionary_folders(config))), chinese(), config)


@lru_cache(maxsize=4)
def _loaded(_state: State, folders: tuple[Path, ...]) -> Dictionaries:
    return load(folders)
