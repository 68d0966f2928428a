"""The corrections of a page as questions to a person."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from newspage.correct.text import Text
from newspage.decide.as_read import texts_as_read
from newspage.decide.places import Glyphs
from newspage.decision import Anchor
from newspage.model import Correction, PageRecord, Status, plain


@dataclass(frozen=True, slots=True)
class Asked:
    """A correction of the machine and its place."""

    correction: Correction
    anchor: Anchor
    title: str
    """Of the article."""

    @property
    def applied(self) -> bool:
        """Whether policy applies it without a person."""
        return self.correction.status is Status.APPLIED


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A proposal that was never asked before: what a precedent may answer."""

    anchor: Anchor
    rule: str
    proposed: str
    confidence: float
    evidence: Mapping[str, float | str]
    pattern: str
    applied: bool
    """Whether policy applies it without a person."""
    file: str
    """The scan's path as the store names it."""
    stem: str

    @property
    def original(self) -> str:
        return self.anchor.text


def pattern_of(rule: str, original: str, proposed: str) -> str:
    """The key of a kind of change, fit for an address."""
    text = "\0".join((rule, original, proposed))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def asked_of(machine: PageRecord) -> tuple[Asked, ...]:
    """Every correction of a machine's record, with its place."""
    texts = {text.id: text for text in texts_as_read(machine)}
    titles = {article.id: plain(article.title) for article in machine.articles}
    return asked_in(machine, texts, titles)


def asked_in(
    machine: PageRecord, texts: Mapping[str, Text], titles: Mapping[str, str]
) -> tuple[Asked, ...]:
    """Every correction of a record with its place in the texts as read."""
    glyphs = Glyphs.of(machine.page)
    return tuple(
        Asked(c, glyphs.anchor(texts[c.article], c.span), titles[c.article])
        for c in machine.corrections
        if c.article in texts
    )
