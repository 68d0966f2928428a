"""Decisions folded into the record of a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from newspage.correct.plan import with_removed
from newspage.correct.text import Text
from newspage.decide.claims import (
    HAND,
    STATUS,
    Claim,
    Unplaced,
    claim_of,
    collide,
    surviving,
)
from newspage.decide.ends import article_at, on_page
from newspage.decide.find import Finder, Spot
from newspage.decide.force import in_force
from newspage.decide.furniture import write_furniture
from newspage.decide.machine import keeping, linked_like, machine_of
from newspage.decide.places import Glyphs
from newspage.decide.question import asked_in
from newspage.decide.rebuild import rebuilt
from newspage.decide.structure import Arranged, arrange
from newspage.decision import LINKS, PRECEDENT, Act, Decision
from newspage.model import Correction, Furniture, Join, PageRecord, Status, plain


class State(StrEnum):
    """What became of a decision on a page."""

    PLACED = "placed"
    FULFILLED = "fulfilled"
    """What it wants stands there anyway."""
    SUPERSEDED = "superseded"
    """A later decision is on the same place."""
    LOST = "lost"
    """Its place was not found."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one decision, and why where it is lost."""

    decision: Decision
    state: State
    reason: str = ""
    correction: str = ""
    """Id of the correction it answers or made."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A page's record with decisions in it, and what became of each that stands."""

    record: PageRecord
    outcomes: tuple[Outcome, ...]

    @property
    def lost(self) -> tuple[Outcome, ...]:
        """The decisions that could not be placed."""
        return tuple(o for o in self.outcomes if o.state is State.LOST)


def fold(
    record: PageRecord, decisions: Iterable[Decision], held: frozenset[str] = frozenset()
) -> Folded:
    """The record with just these decisions in it, whatever was folded into it before.

    `decisions` are in the order in which they were made, their places pixels of this very scan;
    the later one on a place wins. `held` are ids of corrections that are to be proposed only,
    though policy would apply them. Without any the machine's own record comes back.
    """
    machine = machine_of(record)
    standing = in_force(decisions)
    if not standing and not held:
        return Folded(machine, ())
    arranged = arrange(machine, _structural(standing))
    claims, outcomes = _claims(arranged, standing)
    furniture, outcomes = _furniture(arranged, outcomes)
    kept, replaced = surviving(claims, arranged.texts)
    outcomes += [Outcome(d, State.LOST if why else State.PLACED, why) for d, why in arranged.done]
    outcomes += [Outcome(c.decision, State.SUPERSEDED) for c in replaced]
    corrections, placed = _corrections(arranged, kept, held)
    changed = _changed(arranged, corrections)
    changed = replace(
        changed,
        joins=_joins(arranged, changed),
        articles=linked_like(changed.articles, machine.articles),
        furniture=furniture,
    )
    order = {d.uid: i for i, d in enumerate(standing)}
    outcomes = sorted(outcomes + placed, key=lambda o: order[o.decision.uid])
    return Folded(keeping(machine, changed), tuple(outcomes))


def texts_read(record: PageRecord, decisions: Iterable[Decision]) -> dict[str, Text]:
    """How each article was read, by id, once just these decisions are folded into the record."""
    arranged = arrange(machine_of(record), _structural(in_force(decisions)))
    return {text.id: text for text in arranged.texts}


def _structural(decisions: Iterable[Decision]) -> list[Decision]:
    return [d for d in decisions if d.act in (Act.ORDER, Act.ASSIGN)]


def _claims(arranged: Arranged, standing: Sequence[Decision]) -> tuple[list[Claim], list[Outcome]]:
    """What the decisions on text claim, and what became of those that claim nothing."""
    record, texts = arranged.record, arranged.texts
    finder = Finder(Glyphs.of(record.page), texts)
    titles = {a.id: plain(a.title) for a in record.articles}
    asked = asked_in(record, {t.id: t for t in texts}, titles)
    claims: list[Claim] = []
    outcomes: list[Outcome] = []
    # What people said goes before what follows from precedent, whichever came first.
    for decision in sorted(standing, key=lambda d: d.reviewer != PRECEDENT):
        if decision.act is Act.SIGN:
            outcomes.append(Outcome(decision, State.PLACED))
        if decision.act in LINKS:
            outcomes.append(_linking(record, decision))
        if decision.act not in STATUS:
            continue
        found = claim_of(decision, finder, asked)
        if isinstance(found, Claim):
            claims.append(found)
        elif isinstance(found, Unplaced):
            outcomes.append(Outcome(decision, State.LOST, found.reason))
        else:
            outcomes.append(Outcome(decision, State.FULFILLED))
    return claims, outcomes


def _furniture(
    arranged: Arranged, outcomes: Sequence[Outcome]
) -> tuple[tuple[Furniture, ...], list[Outcome]]:
    """The furniture as decided; the outcomes, with those that have their place there."""
    lost = {
        o.decision.uid: o for o in outcomes if o.state is State.LOST and o.decision.act is Act.WRITE
    }
    written = write_furniture(arranged.record, (o.decision for o in lost.values()))
    there = [
        *(Outcome(d, State.PLACED) for d in written.placed),
        *(Outcome(d, State.FULFILLED) for d in written.fulfilled),
        *(Outcome(d, State.SUPERSEDED) for d in written.replaced),
        *(Outcome(d, State.LOST, why or lost[d.uid].reason) for d, why in written.unplaced),
    ]
    return written.furniture, [*(o for o in outcomes if o.decision.uid not in lost), *there]


def furniture_read(record: PageRecord, decisions: Iterable[Decision]) -> tuple[Furniture, ...]:
    """Return the furniture as it was read, once just these decisions are folded into the record."""
    return arrange(machine_of(record), _structural(in_force(decisions))).record.furniture


def _linking(record: PageRecord, decision: Decision) -> Outcome:
    """What becomes of a link on one of its two pages: it changes nothing before they are joined."""
    if all(article_at(record, end) for end in on_page(record, decision)):
        return Outcome(decision, State.PLACED)
    return Outcome(decision, State.LOST, "no article has the line at its place")


def _changed(arranged: Arranged, corrections: Sequence[Correction]) -> PageRecord:
    articles = tuple(
        rebuilt(article, text, [c for c in corrections if c.article == article.id])
        for article, text in zip(arranged.record.articles, arranged.texts, strict=True)
    )
    return replace(arranged.record, articles=articles, corrections=tuple(corrections))


def _corrections(
    arranged: Arranged, kept: Sequence[Claim], held: frozenset[str]
) -> tuple[list[Correction], list[Outcome]]:
    """The machine's corrections as decided, and those that people made; by article and place."""
    texts = arranged.texts
    numbers = {text.id: i for i, text in enumerate(texts)}
    claimed = {c.correction.id: c for c in kept if c.correction}
    corrections = [
        _decided(c, claimed[c.id])
        if c.id in claimed
        else _undecided(c, texts[numbers[c.article]], Spot(numbers[c.article], c.span), kept, held)
        for c in arranged.record.corrections
        if c.article in numbers
    ]
    outcomes = [
        Outcome(claim.decision, State.PLACED, correction=name) for name, claim in claimed.items()
    ]
    counts: dict[int, int] = {}
    for claim in kept:
        if claim.correction is None:
            number = counts[claim.spot.text] = counts.get(claim.spot.text, 0) + 1
            made = _made(claim, texts[claim.spot.text], number)
            corrections.append(made)
            outcomes.append(Outcome(claim.decision, State.PLACED, correction=made.id))
    corrections.sort(key=lambda c: (numbers[c.article], c.span))
    return corrections, outcomes


def _decided(correction: Correction, claim: Claim) -> Correction:
    """The machine's correction with a person's answer to it."""
    decision = claim.decision
    evidence = {**correction.evidence, "by": decision.reviewer}
    if decision.act is Act.EDIT:
        evidence["proposed"] = correction.proposed
    return replace(
        correction, status=STATUS[decision.act], proposed=claim.wanted, evidence=evidence
    )


def _undecided(
    correction: Correction,
    text: Text,
    spot: Spot,
    kept: Sequence[Claim],
    held: frozenset[str],
) -> Correction:
    """The machine's correction that nobody has answered; what a person wrote goes before it."""
    for claim in kept:
        if claim.changes and collide(claim.spot, spot, len(text.string)):
            evidence = {**correction.evidence, "overruled": claim.decision.reviewer}
            return replace(correction, status=Status.REJECTED, evidence=evidence)
    if correction.id in held and correction.status is Status.APPLIED:
        return replace(correction, status=Status.PROPOSED)
    return correction


def _made(claim: Claim, text: Text, number: int) -> Correction:
    """The correction of a decision that answers none of the machine's."""
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
        status=Status.ACCEPTED if decision.act is Act.ACCEPT else Status.EDITED,
        evidence={"by": decision.reviewer},
    )
    return with_removed(made, text.chars)


def _joins(arranged: Arranged, changed: PageRecord) -> tuple[Join, ...]:
    """The joins; those that decisions have made or taken back say so."""
    before, after = _running_on(arranged.record), _running_on(changed)
    joins = []
    for join in arranged.record.joins:
        seam = (join.before, join.after)
        stands = seam in after
        joins.append(join if stands == (seam in before) else replace(join, joined=stands))
    return tuple(joins)


def _running_on(record: PageRecord) -> set[tuple[str, str]]:
    """Lines that follow each other inside a paragraph."""
    return {
        (one.line, two.line)
        for article in record.articles
        for paragraph in article.paragraphs
        for one, two in pairwise(paragraph.chars)
        if one.line != two.line
    }
