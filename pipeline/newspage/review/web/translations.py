"""Words of the review page, in English and in Chinese: `words/en.json`, `words/zh.json`.

The words for rules come with the rules (`newspage.correct.rule`).
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import msgspec

from newspage.correct import load_rules
from newspage.review.web.reviewer_session import Language


@cache
def load_texts(language: Language) -> Mapping[str, str]:
    """Return the words of a language by their keys, which are the same in each.

    The name of a rule has the key `rule.NAME`. Raises UsageError where a package adds a detector
    that cannot be loaded.
    """
    data = (files("newspage.review.web") / "words" / f"{language}.json").read_bytes()
    texts = msgspec.json.decode(data, type=dict[str, str])
    rules = {f"rule.{n}": rule.choose_words(language).name for n, rule in load_rules().items()}
    return MappingProxyType(texts | rules)


def make_translator(language: Language) -> Callable[..., str]:
    """Return a function from a key, and values for its placeholders, to words.

    A key without words stays as it is. With `n=1` the words under `KEY.one` are taken where there
    are any.
    """
    words = load_texts(language)

    def translate(key: str, **values: object) -> str:
        # For n = 1 a key may have words of its own.
        one = words.get(f"{key}.one") if values.get("n") == 1 else None
        text = one or words.get(key, key)
        return text.format(**values) if values else text

    return translate
