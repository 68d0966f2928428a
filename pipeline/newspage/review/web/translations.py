"""Words of the review page, in English and in Chinese: `words/en.json`, `words/zh.json`."""

from collections.abc import Callable, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import get_args

import msgspec

from newspage.review.web.reviewer_session import Language


def _words(language: Language) -> Mapping[str, str]:
    """Return the words of a language by their keys."""
    data = (files("newspage.review.web") / "words" / f"{language}.json").read_bytes()
    return MappingProxyType(msgspec.json.decode(data, type=dict[str, str]))


TEXTS: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {language: _words(language) for language in get_args(Language)}
)
"""The words of each language, under the same keys."""


def make_translator(language: Language) -> Callable[..., str]:
    """Return a function from a key, and values for its placeholders, to words.

    A key without words stays as it is. With `n=1` the words under `KEY.one` are taken where there
    are any.
    """
    words = TEXTS[language]

    def translate(key: str, **values: object) -> str:
        # For n = 1 a key may have words of its own.
        one = words.get(f"{key}.one") if values.get("n") == 1 else None
        text = one or words.get(key, key)
        return text.format(**values) if values else text

    return translate
