"""Write JSON of texts that may hold what UTF-8 cannot."""

from typing import Any

import msgspec


def replace_surrogates(text: str) -> str:
    """Return a text in which U+FFFD stands for lone surrogates, which UTF-8 cannot hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def encode_json(value: Any) -> bytes:
    """Return a value of dicts, lists, texts and numbers as JSON in UTF-8; `None` values are kept.

    Lone surrogates become U+FFFD.
    """
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_replace_all(value))


def _replace_all(value: Any) -> Any:
    """Return a value with all its texts as UTF-8 can hold them."""
    if isinstance(value, str):
        return replace_surrogates(value)
    if isinstance(value, dict):
        return {_replace_all(key): _replace_all(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_replace_all(item) for item in value]
    return value
