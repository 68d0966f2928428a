"""List the machine's corrections of a page as questions to a person."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from newspage.decision import Anchor
from newspage.decisions.glyph_index import GlyphIndex
from newspage.decisions.read_texts import recover_read_texts
from newspage.edits.flat_text import FlatText
from newspage.model import Correction, CorrectionStatus, PageRecord, join_chars


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
    evidence: Mapping[str, float | str]
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


def list_questions(machine: PageRecord) -> tuple[MachineQuestion, ...]:
    """Return every correction of the machine's own record, with its anchor."""
    texts = {text.id: text for text in recover_read_texts(machine)}
    titles = {article.id: join_chars(article.title) for article in machine.articles}
    return list_questions_in(machine, texts, titles)


def list_questions_in(
    machine: PageRecord, texts: Mapping[str, FlatText], titles: Mapping[str, str]
) -> tuple[MachineQuestion, ...]:
    """Return every correction of a record, with its anchor in the texts as read.

    Args:
        machine: the record.
        texts: its articles as read, by id; corrections of others are left out.
        titles: titles of the articles, by id.
    """
    glyphs = GlyphIndex.from_page(machine.page)
    return tuple(
        MachineQuestion(c, glyphs.make_anchor(texts[c.article], c.span), titles[c.article])
        for c in machine.corrections
        if c.article in texts
    )
