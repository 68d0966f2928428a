"""Every word of the review page, in English and in Chinese: `words/en.json`, `words/zh.json`."""

from collections.abc import Callable, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import get_args

import msgspec

from pipeline.review.person import Language


def _words(language: Language) -> Mapping[str, str]:
    data = (files("pipeline.review") / "words" / f"{language}.json").read_bytes()
    return MappingProxyType(msgspec.json.decode(data, type=dict[str, str]))


TEXTS: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {language: _words(language) for language in get_args(Language)}
)
"""The words of each language, under the same keys."""


def translator(language: Language) -> Callable[..., str]:
    """A function from a key (and values for its placeholders) to words; unknown keys stay."""
    words = TEXTS[language]

    def translate(key: str, **values: object) -> str:
        text = words.get(key, key)
        return text.format(**values) if values else text

    return translate
