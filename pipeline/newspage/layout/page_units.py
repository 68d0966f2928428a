"""Stories become parts of the page: articles, or furniture of some kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from newspage.chinese import ADVERTISEMENT, SENTENCE
from newspage.geometry import Box, union_boxes
from newspage.layout.drawn import is_illegible
from newspage.layout.flow import Story
from newspage.layout.headline import Headline
from newspage.layout.notices import find_notice_kind
from newspage.layout.view import Row
from newspage.layout.zones import Zone
from newspage.model import HEADLINE_KINDS, RegionKind

FRAMED_NOTICE = 72
"""Characters. A frame of its own with less running text is a notice, not an article. Judgement."""
SCRAP = 12
"""Characters. A story with less running text is no article: a word or two from a picture or an
advertisement."""
WITHOUT_SENTENCE = 60
"""Characters. Nor is one with less, if there is no sentence in it."""
PAUSE, PAUSES = "、", 2
"""The mark that papers of the 1930s set instead of all others, and how many of them make sentences
of a text. Judgement: an advertisement seldom has them."""
PANEL_ADVERTISEMENT, PANEL_OFFER = 150, 300
"""Characters. A panel with less running text than the first is an advertisement; with less than the
second it is one if it names two telephone numbers or prices."""
FRAMED_OFFER = 80
"""Characters. A frame with less running text and a telephone number or price is one as well."""
LARGE_OFFER, HUGE = 120, 2.5
"""Characters, and times the em: so is less running text under type so much larger than the body."""
FRAMES = ("frame", "panel")
"""Kinds of zones with an edge around them."""
JUMP_REACH = 6
"""Em. A "continued on" line further from the end of every article belongs to none of them."""


@dataclass(frozen=True, slots=True)
class RegionDraft:
    """Rows of one kind that become a region, not numbered yet."""

    kind: RegionKind
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class PageUnit:
    """A part of the page that is ordered as a whole: an article or a piece of furniture."""

    parts: tuple[RegionDraft, ...]
    article: bool

    @property
    def box(self) -> Box:
        """Return the box around all lines of the unit, in pixels of the working image."""
        return union_boxes(r.line.box for p in self.parts for r in p.rows)


def make_units(stories: Sequence[Story], zone: Zone, em: float) -> list[PageUnit]:
    """Return the units that the stories of a zone make.

    What a frame or a panel holds is judged as a whole first: an advertisement often comes apart
    into several stories, of which one alone could pass for an article.

    Args:
        stories: All stories of the zone.
        zone: Where they stand.
        em: Size of the body type in pixels.
    """
    framed = zone.kind in FRAMES
    whole = find_notice_kind(stories, framed, em) if framed else None
    return [
        unit
        for story in stories
        for unit in _story_units(story, zone, em, whole or find_notice_kind([story], framed, em))
    ]


def _story_units(story: Story, zone: Zone, em: float, notice: RegionKind | None) -> list[PageUnit]:
    """Return the units a story makes; rows at its head that could not be read become furniture.

    Args:
        story: The story.
        zone: Where it stands.
        em: Size of the body type in pixels.
        notice: The kind of furniture that it looks like; None for none.
    """
    if notice:
        return [_furniture(story, notice)]
    apart: list[Row] = []
    blocks = story.stacks
    headed = story.head is not None and not is_illegible(story.head.title or story.head.jump)
    while not headed and len(blocks) > 1 and is_illegible(blocks[0].rows):
        apart, blocks = [*apart, *blocks[0].rows], blocks[1:]
    unit = _story_unit(replace(story, stacks=blocks), zone, em)
    parts = []
    for part in unit.parts:
        heads = unit.article and part.kind in HEADLINE_KINDS
        bad = [r for r in part.rows if heads and is_illegible([r])]
        apart += bad
        if rows := tuple(r for r in part.rows if r not in bad):
            parts.append(RegionDraft(part.kind, rows))
    others = [PageUnit((RegionDraft(RegionKind.OTHER, (r,)),), article=False) for r in apart]
    return [replace(unit, parts=tuple(parts)), *others]


def _story_unit(story: Story, zone: Zone, em: float) -> PageUnit:
    """Return a story as an article or as furniture: an advertisement, a notice, a scrap."""
    parts = _parts(story)
    text = "".join(r.text for p in parts for r in p.rows)
    body = sum(len(s.text) for s in story.stacks)
    title = story.head.size if story.head else 0.0
    signed = story.head is not None and bool(story.head.byline)
    indented = bool(story.stacks) and story.stacks[0].begins_indented
    notice = zone.kind == "frame" and body < FRAMED_NOTICE and not (signed or indented)
    if notice or _is_advertisement(zone, text, body, title, em):
        return _furniture(story, RegionKind.ADVERTISEMENT)
    sentences = any(_has_sentence(s.text) for s in story.stacks)
    illegible = is_illegible([r for block in story.stacks for r in block.rows])
    if body < SCRAP or (body < WITHOUT_SENTENCE and not sentences) or illegible:
        kind = RegionKind.ADVERTISEMENT if zone.kind == "frame" else RegionKind.OTHER
        return _furniture(story, kind)
    return PageUnit(tuple(parts), article=True)


def _furniture(story: Story, kind: RegionKind) -> PageUnit:
    """Return a story as furniture of a kind."""
    return PageUnit(tuple(RegionDraft(kind, p.rows) for p in _parts(story)), article=False)


def _parts(story: Story) -> list[RegionDraft]:
    """Return the parts of a story as those of an article: its headline, then its text."""
    heads = _head_parts(story.head) if story.head else ()
    return [*heads, *(RegionDraft(RegionKind.BODY, s.rows) for s in story.stacks)]


def _has_sentence(text: str) -> bool:
    """Tell whether a text reads as sentences: old papers print 、 for every mark inside them."""
    return bool(SENTENCE.search(text)) or text.count(PAUSE) >= PAUSES


def _is_advertisement(zone: Zone, text: str, body: int, title: float, em: float) -> bool:
    """Tell whether little running text in a panel, a frame or huge type is an advertisement.

    Outside a panel it has to name a telephone number or a price as well.

    Args:
        zone: The zone the text stands in.
        text: All text, headline and body.
        body: Number of characters of running text.
        title: Size of the headline in pixels; 0 without one.
        em: Size of the body type in pixels.
    """
    if zone.kind == "panel":
        return body < PANEL_ADVERTISEMENT or (
            body < PANEL_OFFER and len(ADVERTISEMENT.findall(text)) >= 2
        )
    if not ADVERTISEMENT.search(text):
        return False
    return body < FRAMED_OFFER if zone.kind == "frame" else body < LARGE_OFFER and title > HUGE * em


def _head_parts(head: Headline) -> Iterable[RegionDraft]:
    """Return the parts of a headline that are not empty, in reading order."""
    for kind, rows in (
        (RegionKind.KICKER, head.kicker),
        (RegionKind.TITLE, head.title),
        (RegionKind.DECK, head.deck),
        (RegionKind.JUMP, head.jump),
        (RegionKind.BYLINE, head.byline),
    ):
        if rows:
            yield RegionDraft(kind, rows)


def attach_jumps(units: list[PageUnit], jumps: Sequence[Row], em: float) -> list[PageUnit]:
    """Return the units with each "continued on" line put to the article at whose end it stands."""
    for row in jumps:
        part = RegionDraft(RegionKind.JUMP, (row,))
        articles = [i for i, u in enumerate(units) if u.article]
        nearest = min(articles, key=lambda i: _distance(units[i], row), default=None)
        if nearest is None or _distance(units[nearest], row) > JUMP_REACH * em:
            units.append(PageUnit((part,), article=False))
        else:
            units[nearest] = PageUnit((*units[nearest].parts, part), article=True)
    return units


def _distance(unit: PageUnit, row: Row) -> float:
    """Return the distance from the end of a unit's text to a row, in pixels of the turned page."""
    last = unit.parts[-1].rows[-1].box
    dx = max(0.0, row.box.left - last.right, last.left - row.box.right)
    dy = max(0.0, row.box.top - last.bottom, last.top - row.box.bottom)
    return dx + dy
