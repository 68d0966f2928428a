"""Articles and regions put in the order, and into the articles, that a person has set."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.correct.text import Text
from pipeline.decide.as_read import texts_as_read
from pipeline.decision import Decision
from pipeline.model import PageRecord


@dataclass(frozen=True, slots=True)
class Arranged:
    """A machine's record with its articles arranged, their texts as read still to be corrected."""

    record: PageRecord
    texts: tuple[Text, ...]
    done: tuple[tuple[Decision, str], ...]
    """Each decision on structure, and why it could not be followed; empty where it was."""


def arrange(machine: PageRecord, decisions: Sequence[Decision]) -> Arranged:
    """The record after decisions on structure, which are followed one after the other."""
    done = tuple((d, "articles cannot be arranged yet") for d in decisions)
    return Arranged(machine, texts_as_read(machine), done)
