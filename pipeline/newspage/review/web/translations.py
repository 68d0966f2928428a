"""Every word of the review page, in English and in Chinese: `words/en.json`, `words/zh.json`."""

from collections.abc import Callable, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import get_args

import msgspec

from newspage.review.web.reviewer_session import Language


def _words(language: Language) -> Mapping[str, str]:
    data = (files("newspage.review.web") / "words" / f"{language}.json").read_bytes()
    return MappingProxyType(msgspec.json.decode(data, type=dict[str, str]))


TEXTS: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {language: _words(language) for language in get_args(Language)}
)
"""The words of each language, under the same keys."""


REFUSALS_ZH: Mapping[str, str] = MappingProxyType(
    msgspec.json.decode(
        (files("newspage.review.web") / "words" / "refusals.zh.json").read_bytes(),
        type=dict[str, str],
    )
)
"""What a desk and the server refuse, sentence by sentence, in Chinese."""


def translate_refusal(message: str, language: Language) -> str:
    """What was refused and what to do, in a language; sentences that are not known stay."""
    if language == "zh":
        # The longest first: none is taken for the beginning of another.
        for sentence in sorted(REFUSALS_ZH, key=len, reverse=True):
            message = message.replace(f"{sentence} ", REFUSALS_ZH[sentence])
            message = message.replace(sentence, REFUSALS_ZH[sentence])
    return message


def make_translator(language: Language) -> Callable[..., str]:
    """A function from a key (and values for its placeholders) to words; unknown keys stay."""
    words = TEXTS[language]

    def translate(key: str, **values: object) -> str:
        # Of one thing other words are said than of many, where there are any.
        one = words.get(f"{key}.one") if values.get("n") == 1 else None
        text = one or words.get(key, key)
        return text.format(**values) if values else text

    return translate
