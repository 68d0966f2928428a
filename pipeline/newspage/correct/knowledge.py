"""Knowledge that texts are judged by: dictionaries, word frequencies, settings."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from newspage.chinese import Language, load_word_list
from newspage.config import CorrectConfig
from newspage.correct.dictionaries import (
    Dictionaries,
    find_shipped_folder,
    list_dictionary_files,
    load_dictionaries,
)
from newspage.errors import InputError

OWN_FOLDER = Path("my-dictionaries")
"""The user's folder in the working directory; used if the settings name no folder."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything a detector may look up."""

    dictionaries: Dictionaries
    language: Language
    config: CorrectConfig


def load_knowledge(config: CorrectConfig) -> Knowledge:
    """Return dictionaries and word frequencies for the settings, read anew only after a change.

    Raises DictionaryError, InputError and MissingDependencyError.
    """
    return _cached_knowledge(config, _stat_files(list_dictionary_folders(config)))


def digest_dictionaries(config: CorrectConfig) -> str:
    """Return a digest of the dictionaries in force, equal where no page is corrected otherwise.

    Raises DictionaryError and InputError.
    """
    return _cached_dictionaries(
        _stat_files(list_dictionary_folders(config)), tuple(list_dictionary_folders(config))
    ).digest


def list_dictionary_folders(config: CorrectConfig) -> list[Path]:
    """Return the folders in force; later ones win over earlier ones.

    They come from newspage, from the user and from what reviewers adopted. Raises InputError.
    """
    own = [Path(f) for f in config.dictionaries]
    if not own and OWN_FOLDER.is_dir():
        own = [OWN_FOLDER]
    learned = Path(config.learned)
    if config.learned and learned.is_dir():
        own.append(learned)
    return [find_shipped_folder(), *own]


State = tuple[tuple[str, int, int], ...]
"""Path, time of the last change and size of each file."""


def _stat_files(folders: list[Path]) -> State:
    """Return path, time and size of each dictionary file. Raises InputError."""
    for folder in folders:
        if not folder.is_dir():
            raise InputError("dictionary-folder-missing", path=folder)
    found = [(path, path.stat()) for folder in folders for path in list_dictionary_files(folder)]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


@lru_cache(maxsize=4)
def _cached_knowledge(config: CorrectConfig, state: State) -> Knowledge:
    """Return the knowledge for the settings; a change of any file makes another key."""
    return Knowledge(
        _cached_dictionaries(state, tuple(list_dictionary_folders(config))),
        load_word_list(),
        config,
    )


@lru_cache(maxsize=4)
def _cached_dictionaries(_state: State, folders: tuple[Path, ...]) -> Dictionaries:
    """Return the dictionaries of some folders; a change of any file makes another key."""
    return load_dictionaries(folders)
