"""Merge decisions into the record of a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from newspage.decision import LINKS, PRECEDENT, STRUCTURAL, Act, Decision
from newspage.decisions.active_decisions import select_active
from newspage.decisions.anchor_finder import AnchorFinder, TextSpan
from newspage.decisions.article_ends import find_article_at, list_ends_on_page
from newspage.decisions.claims import (
    HAND,
    STATUS,
    DecisionClaim,
    UnplacedDecision,
    changes_collide,
    find_claim,
    settle_claims,
)
from newspage.decisions.furniture_edits import write_furniture
from newspage.decisions.glyph_index import GlyphIndex
from newspage.decisions.machine_questions import list_questions_in
from newspage.decisions.structure import ArrangedPage, StructureOutcome, arrange_articles
from newspage.edits import FlatText, derive_article, derive_page, record_removed
from newspage.model import (
    ArticleRecord,
    Correction,
    CorrectionStatus,
    Furniture,
    Join,
    PageReading,
    PageRecord,
    join_chars,
)


class DecisionState(StrEnum):
    """The result of merging a decision into a page."""

    PLACED = "placed"
    """It is in the record, or changes nothing of it by itself."""
    FULFILLED = "fulfilled"
    """What it wants is read there without it."""
    SUPERSEDED = "superseded"
    """A later decision on the same place has replaced it."""
    LOST = "lost"
    """Its place was not found, or something else is read there now."""


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """The result for one decision, and the reason if it is lost."""

    decision: Decision
    state: DecisionState
    reason: str = ""
    correction: str = ""
    """Id of the correction it answers or made; empty where there is none."""


@dataclass(frozen=True, slots=True)
class MergedPage:
    """A page's record with decisions in it, and the outcome of each that was not taken back."""

    record: PageRecord
    outcomes: tuple[DecisionOutcome, ...]

    @property
    def lost(self) -> tuple[DecisionOutcome, ...]:
        """Return the outcomes of decisions that could not be placed."""
        return tuple(o for o in self.outcomes if o.state is DecisionState.LOST)


def merge_decisions(
    record: PageRecord, decisions: Iterable[Decision], held: frozenset[str] = frozenset()
) -> MergedPage:
    """Lay decisions upon what was read of a page, instead of those that were laid upon it before.

    The same reading and decisions always give the same record. Links to other pages of the issue
    are kept as they are in the record.

    Args:
        record: the page's record, with or without decisions in it.
        decisions: in the order in which they were made, anchors on the scan of the record; of two
            on one place the later one holds.
        held: ids of corrections that are to be proposed only, though policy would apply them.
    """
    machine = without_decisions(record)
    active = select_active(decisions)
    if not active and not held:
        return MergedPage(machine, ())
    arranged = arrange_articles(record.reading, _structural(active))
    claims, outcomes = _claims(arranged, active)
    furniture, outcomes = _furniture(arranged, outcomes)
    kept, replaced = settle_claims(claims, arranged.texts)
    outcomes += map(_arranging, arranged.done)
    outcomes += [DecisionOutcome(c.decision, DecisionState.SUPERSEDED) for c in replaced]
    corrections, placed = _corrections(arranged, kept, held)
    articles = _derive_articles(arranged, corrections)
    changed = replace(
        machine,
        page=arranged.reading.page,
        articles=_copy_page_links(articles, machine.articles),
        furniture=furniture,
        joins=_joins(arranged.reading, machine.articles, articles),
        corrections=tuple(corrections),
    )
    order = {d.uid: i for i, d in enumerate(active)}
    outcomes = sorted(outcomes + placed, key=lambda o: order[o.decision.uid])
    return MergedPage(record if changed == record else changed, tuple(outcomes))


def without_decisions(record: PageRecord) -> PageRecord:
    """Return the record of what was read alone, with links to other pages as they are."""
    machine = derive_page(record.reading, record.problems, record.steps)
    machine = replace(machine, articles=_copy_page_links(machine.articles, record.articles))
    return record if machine == record else machine


def _copy_page_links(
    articles: Iterable[ArticleRecord], others: Iterable[ArticleRecord]
) -> tuple[ArticleRecord, ...]:
    """Return articles with the links to other pages that `others` of the same id have."""
    links = {a.id: (a.next_part, a.previous_part) for a in others}
    return tuple(
        replace(article, next_part=links[article.id][0], previous_part=links[article.id][1])
        if any(links.get(article.id, ()))
        else article.without_links()
        for article in articles
    )


def read_texts_before_corrections(
    record: PageRecord, decisions: Iterable[Decision]
) -> dict[str, FlatText]:
    """Return the text as read of each article, by id, after the decisions on structure.

    Corrections, and decisions on text, are not applied.
    """
    arranged = arrange_articles(record.reading, _structural(select_active(decisions)))
    return {text.id: text for text in arranged.texts}


def _structural(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions on the regions and articles of a page."""
    return [d for d in decisions if d.act in STRUCTURAL]


def _claims(
    arranged: ArrangedPage, active: Sequence[Decision]
) -> tuple[list[DecisionClaim], list[DecisionOutcome]]:
    """Return the claims of the decisions on text, and the outcomes of decisions without a claim."""
    reading, texts = arranged.reading, arranged.texts
    finder = AnchorFinder(GlyphIndex.from_page(reading.page), texts)
    titles = {a.id: join_chars(a.title) for a in reading.articles}
    asked = list_questions_in(reading, {t.id: t for t in texts}, titles)
    claims: list[DecisionClaim] = []
    outcomes: list[DecisionOutcome] = []
    # Decisions of people hold against those by precedent, whichever came first.
    for decision in sorted(active, key=lambda d: d.reviewer != PRECEDENT):
        if decision.act is Act.SIGN:
            outcomes.append(DecisionOutcome(decision, DecisionState.PLACED))
        if decision.act in LINKS:
            outcomes.append(_linking(reading, decision))
        if decision.act not in STATUS:
            continue
        found = find_claim(decision, finder, asked)
        if isinstance(found, DecisionClaim):
            claims.append(found)
        elif isinstance(found, UnplacedDecision):
            outcomes.append(DecisionOutcome(decision, DecisionState.LOST, found.reason))
        else:
            outcomes.append(DecisionOutcome(decision, DecisionState.FULFILLED))
    return claims, outcomes


def _furniture(
    arranged: ArrangedPage, outcomes: Sequence[DecisionOutcome]
) -> tuple[tuple[Furniture, ...], list[DecisionOutcome]]:
    """Apply to the furniture the WRITE decisions whose place was not found in an article.

    Returns the furniture, and all outcomes with those of such decisions replaced.
    """
    lost = {
        o.decision.uid: o
        for o in outcomes
        if o.state is DecisionState.LOST and o.decision.act is Act.WRITE
    }
    written = write_furniture(arranged.reading, (o.decision for o in lost.values()))
    there = [
        *(DecisionOutcome(d, DecisionState.PLACED) for d in written.placed),
        *(DecisionOutcome(d, DecisionState.FULFILLED) for d in written.fulfilled),
        *(DecisionOutcome(d, DecisionState.SUPERSEDED) for d in written.replaced),
        *(
            DecisionOutcome(d, DecisionState.LOST, why or lost[d.uid].reason)
            for d, why in written.unplaced
        ),
    ]
    return written.furniture, [*(o for o in outcomes if o.decision.uid not in lost), *there]


def read_furniture_before_corrections(
    record: PageRecord, decisions: Iterable[Decision]
) -> tuple[Furniture, ...]:
    """Return the furniture as read, after the decisions on structure.

    A region that a decision puts into an article is furniture no more.
    """
    decided = _structural(select_active(decisions))
    return arrange_articles(record.reading, decided).reading.furniture


def _arranging(done: StructureOutcome) -> DecisionOutcome:
    """Return the outcome of a decision on structure."""
    state = DecisionState.FULFILLED if done.fulfilled else DecisionState.PLACED
    return DecisionOutcome(done.decision, DecisionState.LOST if done.reason else state, done.reason)


def _linking(page: PageReading, decision: Decision) -> DecisionOutcome:
    """Return the outcome of a link on one of its two pages.

    It changes nothing of the page by itself; the issue is joined by it later.
    """
    if all(find_article_at(page, end) for end in list_ends_on_page(page, decision)):
        return DecisionOutcome(decision, DecisionState.PLACED)
    return DecisionOutcome(decision, DecisionState.LOST, "no article has the line at its place")


def _derive_articles(
    arranged: ArrangedPage, corrections: Sequence[Correction]
) -> tuple[ArticleRecord, ...]:
    """Return the arranged articles with their clean text."""
    return tuple(
        derive_article(article, text, [c for c in corrections if c.article == article.id])
        for article, text in zip(arranged.reading.articles, arranged.texts, strict=True)
    )


def _corrections(
    arranged: ArrangedPage, kept: Sequence[DecisionClaim], held: frozenset[str]
) -> tuple[list[Correction], list[DecisionOutcome]]:
    """Return the corrections of the machine as decided, and those that people made.

    They are in order of article and place; with them come the outcomes of the claims that hold.
    """
    texts = arranged.texts
    numbers = {text.id: i for i, text in enumerate(texts)}
    claimed = {c.correction.id: c for c in kept if c.correction}
    corrections = [
        _decided(c, claimed[c.id])
        if c.id in claimed
        else _undecided(
            c, texts[numbers[c.article]], TextSpan(numbers[c.article], c.span), kept, held
        )
        for c in arranged.reading.corrections
        if c.article in numbers
    ]
    outcomes = [
        DecisionOutcome(claim.decision, DecisionState.PLACED, correction=name)
        for name, claim in claimed.items()
    ]
    counts: dict[int, int] = {}
    for claim in kept:
        if claim.correction is None:
            number = counts[claim.spot.text] = counts.get(claim.spot.text, 0) + 1
            made = _made(claim, texts[claim.spot.text], number)
            corrections.append(made)
            outcomes.append(
                DecisionOutcome(claim.decision, DecisionState.PLACED, correction=made.id)
            )
    corrections.sort(key=lambda c: (numbers[c.article], c.span))
    return corrections, outcomes


def _decided(correction: Correction, claim: DecisionClaim) -> Correction:
    """Return a correction of the machine with a person's answer to it."""
    decision = claim.decision
    return replace(
        correction,
        status=STATUS[decision.act],
        proposed=claim.wanted,
        decided_by=decision.reviewer,
        machine_proposal=correction.proposed if decision.act is Act.EDIT else None,
    )


def _undecided(
    correction: Correction,
    text: FlatText,
    spot: TextSpan,
    kept: Sequence[DecisionClaim],
    held: frozenset[str],
) -> Correction:
    """Return a correction of the machine that nobody has answered.

    It is rejected where a person's change collides with it, and only proposed where it is held.
    """
    for claim in kept:
        if claim.changes and changes_collide(claim.spot, spot, len(text.string)):
            return replace(
                correction,
                status=CorrectionStatus.REJECTED,
                overruled_by=claim.decision.reviewer,
            )
    if correction.id in held and correction.status is CorrectionStatus.APPLIED:
        return replace(correction, status=CorrectionStatus.PROPOSED)
    return correction


def _made(claim: DecisionClaim, text: FlatText, number: int) -> Correction:
    """Return the correction of a claim that answers none of the machine's.

    `number` makes its id unique in the article.
    """
    decision = claim.decision
    span = claim.spot.span
    made = Correction(
        id=f"{text.id}-{HAND}{number}",
        rule=decision.rule or HAND,
        article=text.id,
        span=span,
        original=text.string[slice(*span)],
        proposed=claim.wanted,
        confidence=1.0,
        status=CorrectionStatus.ACCEPTED if decision.act is Act.ACCEPT else CorrectionStatus.EDITED,
        decided_by=decision.reviewer,
    )
    return record_removed(made, text.chars)


def _joins(
    reading: PageReading, machine: Iterable[ArticleRecord], clean: Iterable[ArticleRecord]
) -> tuple[Join, ...]:
    """Return the joins, corrected where decisions have made or removed a paragraph's end.

    Args:
        reading: the page as read, arranged.
        machine: its articles without decisions.
        clean: its articles with them.
    """
    before, after = _running_on(machine), _running_on(clean)
    joins = []
    for join in reading.joins:
        seam = (join.before, join.after)
        stands = seam in after
        joins.append(join if stands == (seam in before) else replace(join, joined=stands))
    return tuple(joins)


def _running_on(articles: Iterable[ArticleRecord]) -> set[tuple[str, str]]:
    """Return the pairs of lines that follow each other inside a paragraph."""
    return {
        (one.line, two.line)
        for article in articles
        for paragraph in article.paragraphs
        for one, two in pairwise(paragraph.chars)
        if one.line != two.line
    }
