"""What people decided, found again on a page and folded into its record. Pure functions."""

from newspage.decide.fold import Folded, Outcome, State, fold, furniture_read, texts_read
from newspage.decide.machine import machine_of
from newspage.decide.question import Asked, NewQuestion, asked_of, pattern_of

__all__ = [
    "Asked",
    "Folded",
    "NewQuestion",
    "Outcome",
    "State",
    "asked_of",
    "fold",
    "furniture_read",
    "machine_of",
    "pattern_of",
    "texts_read",
]
