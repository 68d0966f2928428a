"""The model that an archive begins with, made from the word lists that are installed.

`jieba` is always there: 349,000 words with counts, of its sentences nothing. Where Debian's package
`libime-data-language-model` is installed, which also knows what follows what, that is the greater
part of the model. It is made once and kept in the user's cache.
"""

import hashlib
import importlib.util
import os
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np

from newspage.engine import user_cache
from newspage.errors import InputError, MissingDependencyError, OutputError
from newspage.language.character_model import (
    CharacterModel,
    make_character_model,
    read_character_model,
)
from newspage.language.ngram_counts import NgramCounts
from newspage.language.word_model import (
    MODEL_NAME,
    WORD_ORDER,
    find_word_model,
    read_word_model,
)
from newspage.language.word_ngrams import count_listed_words, count_word_model

CHARACTERS = 1e7
"""Characters that the base counts as beside those of an archive. Judgement: a few years of a
paper weigh as much."""
LISTED = 0.1
"""Weight of a bare list of words beside a model that knows their order. With 0 to .3 the figures of
docs/correction.md hold; more makes sentences less likely."""
VERSION = 1
"""Changes whenever the same packages would make another model."""


@cache
def load_base_model() -> CharacterModel:
    """Return the model of the installed word lists, made when it is first asked for.

    Raises MissingDependencyError without the package `jieba`, InputError where a model of words is
    damaged.
    """
    path = user_cache() / f"language-{_digest_sources()}.model"
    # A cache that is damaged or cannot be written costs time only.
    with suppress(InputError):
        return read_character_model(path)
    model = make_character_model(*count_base())
    # Several processes may make it at the same time; each puts its own, complete, in place.
    own = path.with_name(f"{path.name}-{os.getpid()}")
    with suppress(OutputError, OSError):
        model.write_file(own)
        own.replace(path)
        return read_character_model(path)
    return model


def count_base() -> tuple[NgramCounts, dict[str, str]]:
    """Return the n-grams of the installed word lists, and a description of what they are from.

    Raises as `load_base_model` does.
    """
    listed = _count_jieba()
    path = _find_words_in_order()
    if path is None:
        return _scale(listed, CHARACTERS), {"words": "jieba"}
    known = count_word_model(read_word_model(path), CHARACTERS)
    counts = _scale(known, CHARACTERS).add(_scale(listed, CHARACTERS), LISTED)
    return counts, {"words": "jieba", WORD_ORDER: path.name}


def _count_jieba() -> NgramCounts:
    """Return the n-grams inside the words of `jieba`."""
    words, counts = [], []
    for line in _find_word_list().read_text(encoding="utf-8").splitlines():
        word, count, _ = line.split(" ")
        words.append(word)
        counts.append(float(count))
    return count_listed_words(words, np.array(counts))


def _find_word_list() -> Path:
    """Return the word list of `jieba`. Raises MissingDependencyError."""
    spec = importlib.util.find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        raise MissingDependencyError("word-list-missing")
    return Path(spec.submodule_search_locations[0]) / "dict.txt"


def _find_words_in_order() -> Path | None:
    """Return the model of words in the user's cache, that of Debian's package, or None."""
    own = user_cache() / MODEL_NAME
    return own if own.is_file() else find_word_model()


def _scale(counts: NgramCounts, characters: float) -> NgramCounts:
    """Return counts multiplied so that they are those of a text of so many characters."""
    return NgramCounts(()).add(counts, characters / counts.total)


def _digest_sources() -> str:
    """Return a digest of the files that the model is made from, by path, size and time."""
    state = [str(VERSION)]
    for path in (_find_word_list(), _find_words_in_order()):
        if path is not None:
            stat = path.stat()
            state.append(f"{path}\t{stat.st_size}\t{stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(state).encode()).hexdigest()[:16]
