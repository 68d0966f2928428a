"""List the machine's corrections of a page as questions to a person."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from newspage.correction_evidence import Evidence
from newspage.decision import Anchor
from newspage.decisions.glyph_index import GlyphIndex
from newspage.edits import FlatText, derive_articles, flatten_article
from newspage.model import Correction, CorrectionStatus, PageReading, join_chars


@dataclass(frozen=True, slots=True)
class MachineQuestion:
    """A correction of the machine and its anchor."""

    correction: Correction
    anchor: Anchor
    title: str
    """Title of the article."""

    @property
    def applied(self) -> bool:
        """Tell whether policy applies it without a person."""
        return self.correction.status is CorrectionStatus.APPLIED


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A proposal that was never asked before: what a precedent may answer."""

    anchor: Anchor
    rule: str
    proposed: str
    confidence: float
    evidence: Evidence
    pattern: str
    applied: bool
    """Whether policy applies it without a person."""
    file: str
    """The scan's path as the store names it."""
    stem: str

    @property
    def original(self) -> str:
        """Return what was read."""
        return self.anchor.text


def make_pattern_key(rule: str, original: str, proposed: str) -> str:
    """Return the key that questions of one pattern share: 16 hexadecimal digits."""
    text = "\0".join((rule, original, proposed))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def list_questions(reading: PageReading) -> tuple[MachineQuestion, ...]:
    """Return every correction that the machine proposes for a page as read, with its anchor."""
    texts = {article.id: flatten_article(article) for article in reading.articles}
    clean = derive_articles(reading.articles, reading.corrections)
    return list_questions_in(reading, texts, {a.id: join_chars(a.title) for a in clean})


def list_questions_in(
    reading: PageReading, texts: Mapping[str, FlatText], titles: Mapping[str, str]
) -> tuple[MachineQuestion, ...]:
    """Return every correction that the machine proposes, with its anchor in the texts as read.

    Args:
        reading: the page as read.
        texts: its articles, by id; corrections of others are left out.
        titles: titles of the articles, by id.
    """
    glyphs = GlyphIndex.from_page(reading.page)
    return tuple(
        MachineQuestion(c, glyphs.make_anchor(texts[c.article], c.span), titles[c.article])
        for c in reading.corrections
        if c.article in texts
    )
