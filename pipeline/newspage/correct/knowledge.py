"""What texts are judged by: dictionaries, word frequencies, settings."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from newspage.chinese.word_list import Language, load_word_list
from newspage.config import CorrectConfig
from newspage.correct.dictionaries import (
    Dictionaries,
    find_shipped_folder,
    list_dictionary_files,
    load_dictionaries,
)
from newspage.errors import InputError

OWN_FOLDER = Path("my-dictionaries")
"""Counts, if it is there, where the settings name no folder."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything a detector may look up."""

    dictionaries: Dictionaries
    language: Language
    config: CorrectConfig


def load_knowledge(config: CorrectConfig) -> Knowledge:
    """Dictionaries and word frequencies for some settings, read once as long as nothing changes.

    Raises DictionaryError, InputError and MissingDependencyError.
    """
    return _knowledge(config, _state(list_dictionary_folders(config)))


def digest_dictionaries(config: CorrectConfig) -> str:
    """What tells the dictionaries of some settings from others. Raises as `load_knowledge` does."""
    return _loaded(
        _state(list_dictionary_folders(config)), tuple(list_dictionary_folders(config))
    ).digest


def list_dictionary_folders(config: CorrectConfig) -> list[Path]:
    """The folders that count, in the order in which later ones win. Raises InputError."""
    own = [Path(f) for f in config.dictionaries]
    if not own and OWN_FOLDER.is_dir():
        own = [OWN_FOLDER]
    learned = Path(config.learned)
    if config.learned and learned.is_dir():
        own.append(learned)
    return [find_shipped_folder(), *own]


State = tuple[tuple[str, int, int], ...]
"""Path, time of the last change and size of each file."""


def _state(folders: list[Path]) -> State:
    for folder in folders:
        if not folder.is_dir():
            raise InputError(
                f"The dictionary folder {folder} does not exist.",
                "Make it, or leave it out of the settings.",
            )
    found = [(path, path.stat()) for folder in folders for path in list_dictionary_files(folder)]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


@lru_cache(maxsize=4)
def _knowledge(config: CorrectConfig, state: State) -> Knowledge:
    return Knowledge(
        _loaded(state, tuple(list_dictionary_folders(config))), load_word_list(), config
    )


@lru_cache(maxsize=4)
def _loaded(_state: State, folders: tuple[Path, ...]) -> Dictionaries:
    return load_dictionaries(folders)
