"""Counts in sentences for people."""


def count_in_words(number: int, thing: str) -> str:
    """Return a number and the thing it counts, in the plural where due: "1 page", "2,000 pages"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
