"""Pages with corrections, made up, and the same pages as another run would find them."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import strategies as st

from newspage.correction_evidence import Evidence
from newspage.decision import AFTER, BEFORE, STRUCTURAL, Act, Anchor, Decision
from newspage.decisions import list_questions, read_texts_before_corrections
from newspage.decisions.glyph_index import GlyphIndex
from newspage.edits.clean_text import derive_page
from newspage.edits.edit_script import record_removed
from newspage.edits.flat_text import BREAK, FlatText, flatten_article
from newspage.geometry import Box, union_boxes
from newspage.model import (
    ArticleRecord,
    Char,
    Chars,
    Correction,
    CorrectionStatus,
    Direction,
    Glyph,
    PageLayout,
    PageReading,
    PageRecord,
    Paragraph,
    Region,
    RegionKind,
    Scan,
    TextLine,
)

EM = 24.0
ALPHABET = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏，。"
SCAN = Scan(Path("../scans/a.png"), "ab" * 32, 4000, 4000)


@dataclass(frozen=True, slots=True)
class Ask:
    """A correction to be made up: characters [start, end) of an article as read."""

    article: int
    start: int
    end: int
    proposed: str
    applied: bool
    rule: str = "look-alike"


def line_at(name: str, text: str, x: float, y: float) -> TextLine:
    """A horizontal line with a glyph an em."""
    glyphs = tuple(
        Glyph(c, Box(x + EM * i, y, x + EM * i + EM - 2, y + EM - 2), 0.9)
        for i, c in enumerate(text)
    )
    box = Box(x, y, x + EM * max(1, len(text)), y + EM)
    return TextLine(name, box, Direction.HORIZONTAL, box.polygon, EM, glyphs=glyphs)


def chars_of(line: TextLine) -> Chars:
    """The characters of a line."""
    return tuple(Char(g.text, line.id, i) for i, g in enumerate(line.glyphs))


def page_of(
    articles: Sequence[tuple[str, Sequence[Sequence[str]]]], scan: Scan = SCAN
) -> PageRecord:
    """A page: of each article its title and its regions, each the texts of its lines.

    Articles stand below each other, regions of one beside each other. A line that ends with "¶"
    ends a paragraph; regions do not.
    """
    regions: list[Region] = []
    found: list[ArticleRecord] = []
    y = 20.0
    for number, (title, bodies) in enumerate(articles, 1):
        name = f"a{number}"
        own: list[Region] = []
        head: Chars = ()
        if title:
            line = line_at(f"l{len(regions)}-0", title, 20.0, y)
            head = chars_of(line)
            own.append(_region(len(regions), RegionKind.TITLE, [line], name))
        y += 2 * EM
        paragraphs: list[list[Char]] = [[]]
        x, lowest = 20.0, y
        for body in bodies:
            index = len(regions) + len(own)
            lines = []
            for i, text in enumerate(body):
                line = line_at(f"l{index}-{i}", text.rstrip("¶"), x, y + 1.5 * EM * i)
                lines.append(line)
                paragraphs[-1] += chars_of(line)
                if text.endswith("¶"):
                    paragraphs.append([])
            own.append(_region(index, RegionKind.BODY, lines, name))
            lowest = max(lowest, own[-1].box.bottom)
            x += EM * 14
        y = lowest + 3 * EM
        regions += own
        found.append(
            ArticleRecord(
                name,
                title=head,
                paragraphs=tuple(Paragraph(tuple(p)) for p in paragraphs if p),
                regions=tuple(r.id for r in own),
            )
        )
    page = PageLayout(scan, tuple(regions), tuple(r.id for r in regions))
    return derive_page(PageReading(page, tuple(found)))


def read_otherwise(record: PageRecord, **fields: object) -> PageRecord:
    """The page as if some of it had been read otherwise."""
    reading = replace(record.reading, **fields)  # type: ignore[arg-type]
    return derive_page(reading, record.problems, record.steps)


def _region(index: int, kind: RegionKind, lines: list[TextLine], article: str) -> Region:
    box = union_boxes([line.box for line in lines])
    return Region(f"r{index}", kind, box, tuple(lines), Direction.HORIZONTAL, article, box.polygon)


def asking(record: PageRecord, asks: Sequence[Ask]) -> PageRecord:
    """The record with corrections, those that policy applies in its text."""
    return _with_corrections(record, [(ask, 1.5) for ask in asks])


def asking_with(record: PageRecord, asks: Sequence[tuple[int, int, int, str, float]]) -> PageRecord:
    """The record with proposals: article, start, end, what is proposed, what the pixels say."""
    return _with_corrections(
        record, [(Ask(n, start, end, text, False), odds) for n, start, end, text, odds in asks]
    )


def _with_corrections(record: PageRecord, asks: Sequence[tuple[Ask, float]]) -> PageRecord:
    texts = [flatten_article(article) for article in record.reading.articles]
    corrections = []
    in_order = sorted(asks, key=lambda a: (a[0].article, a[0].start, a[0].end))
    for i, (ask, pixels) in enumerate(in_order, 1):
        text = texts[ask.article]
        made = Correction(
            f"{text.id}-{i}",
            ask.rule,
            text.id,
            (ask.start, ask.end),
            text.string[ask.start : ask.end],
            ask.proposed,
            0.9,
            CorrectionStatus.APPLIED if ask.applied else CorrectionStatus.PROPOSED,
            Evidence(image_log_odds=pixels),
        )
        corrections.append(record_removed(made, text.chars))
    return derive_page(replace(record.reading, corrections=tuple(corrections)))


words = st.text(ALPHABET, min_size=1, max_size=3)
lines = st.builds(
    lambda text, ends: text + ("¶" if ends else ""),
    st.text(ALPHABET, min_size=3, max_size=10),
    st.booleans(),
)
bodies = st.lists(st.lists(lines, min_size=1, max_size=4), min_size=1, max_size=3)
stories = st.tuples(st.text(ALPHABET, max_size=6), bodies)


@st.composite
def pages(draw: st.DrawFn) -> PageRecord:
    """A page with corrections."""
    record = page_of(draw(st.lists(stories, min_size=1, max_size=3)))
    return asking(record, draw(asks_on(record)))


@st.composite
def asks_on(draw: st.DrawFn, record: PageRecord) -> list[Ask]:
    """Corrections that do not overlap, and leave something of every part."""
    found: list[Ask] = []
    for number, article in enumerate(record.articles):
        text = flatten_article(article)
        at = 0
        while at < len(text.string):
            at += draw(st.integers(0, 8))
            end = at + draw(st.integers(0, 3))
            if end > len(text.string):
                break
            proposed = draw(words) if end == at else draw(st.just("") | words)
            if _fits(text, at, end, proposed):
                found.append(Ask(number, at, end, proposed, draw(st.booleans())))
            at = end + 1
    return found


def _fits(text: FlatText, start: int, end: int, proposed: str) -> bool:
    """Whether a change keeps to one part and leaves something of it, or takes a break out."""
    if text.string[start:end] == BREAK:
        before, after = text.block_at(start - 1), text.block_at(end)
        return bool(not proposed and before and after and before.body and after.body)
    return any(
        b.start <= start <= end <= b.end and (proposed or end - start < b.end - b.start)
        for b in text.blocks
    )


@st.composite
def decisions_on(draw: st.DrawFn, record: PageRecord, structure: bool = True) -> list[Decision]:
    """Answers to what a page proposes, changes by hand, and perhaps changes of structure."""
    said: list[Decision] = []
    for one in list_questions(record.reading):
        act = draw(st.sampled_from([None, Act.ACCEPT, Act.REJECT, Act.EDIT]))
        if act:
            text = draw(words) if act is Act.EDIT else ""
            said.append(
                decision(act, one.anchor, proposed=one.correction.proposed, text=text, rule="x")
            )
    texts = list(read_texts_before_corrections(record, ()).values())
    glyphs = GlyphIndex.from_page(record.page)
    for _ in range(draw(st.integers(0, 3))):
        read = draw(st.sampled_from(texts))
        start = draw(st.integers(0, len(read.string)))
        end = min(len(read.string), start + draw(st.integers(0, 4)))
        if read.string:
            said.append(
                decision(Act.WRITE, glyphs.make_anchor(read, (start, end)), text=draw(words))
            )
    if structure:
        said += [s for _ in range(draw(st.integers(0, 2))) if (s := draw(structural_on(record)))]
    return draw(st.permutations(said))


@st.composite
def structural_on(draw: st.DrawFn, record: PageRecord) -> Decision | None:
    """A change of structure."""
    act = draw(st.sampled_from(STRUCTURAL))
    if act is Act.ASSIGN:
        region, other = (draw(st.sampled_from(record.page.regions)) for _ in range(2))
        target = draw(st.just(region_anchor(record, other)) | st.none())
        same = region is other
        return None if same else decision(act, region_anchor(record, region), target=target)
    one, two = (draw(st.sampled_from(record.articles)) for _ in range(2))
    if act is Act.ORDER:
        anchors = [article_anchor(record, article) for article in (one, two)]
        return None if one is two else decision(act, anchors[0], target=anchors[1])
    if act is Act.MERGE:
        pair = [lines_anchor(record, lines_of(record, article)) for article in (one, two)]
        return decision(act, pair[0], target=pair[1])
    lines = [line for region in record.page.regions for line in region.lines]
    start = draw(st.integers(0, len(lines) - 1))
    chosen = lines[start : start + draw(st.integers(1, 4))]
    text = ""
    if act is Act.KIND:
        text = draw(st.sampled_from(RegionKind)).value
    if act is Act.PLACE:
        text = draw(st.sampled_from([BEFORE, AFTER]))
    target = lines_anchor(record, [draw(st.sampled_from(lines))])
    two_places = act in (Act.PLACE, Act.FUSE)
    return decision(
        act, lines_anchor(record, chosen), text=text, target=target if two_places else None
    )


def lines_of(record: PageRecord, article: ArticleRecord) -> list[TextLine]:
    """The lines of an article."""
    return [line for r in record.page.regions if r.article == article.id for line in r.lines]


def lines_anchor(record: PageRecord, own: Sequence[TextLine]) -> Anchor:
    """The place of some lines."""
    scan = record.page.scan
    boxes = tuple(line.box for line in own)
    text = "".join(line.text for line in own)[:24]
    return Anchor(scan.sha256, scan.frame, scan.width, scan.height, boxes, text)


def region_anchor(record: PageRecord, region: Region) -> Anchor:
    """The place of a region."""
    scan = record.page.scan
    box = (region.box,)
    return Anchor(scan.sha256, scan.frame, scan.width, scan.height, box, region.text[:24])


def article_anchor(record: PageRecord, article: ArticleRecord) -> Anchor:
    """The place of an article."""
    scan = record.page.scan
    boxes = tuple(r.box for r in record.page.regions if r.id in article.regions)
    return Anchor(scan.sha256, scan.frame, scan.width, scan.height, boxes)


_count = iter(range(10**9))


def decision(act: Act, anchor: Anchor, **fields: object) -> Decision:
    """A decision that somebody made."""
    uid = f"{next(_count):032x}"
    return Decision(uid, "2026-01-01T00:00:00.000Z", "ann", act, anchor, **fields)  # type: ignore[arg-type]


def undoing(said: Decision) -> Decision:
    """What takes a decision back."""
    return decision(Act.UNDO, said.anchor, undoes=said.uid)


def seen_again(
    record: PageRecord, place: Callable[[Box], Box], cut: int = 0, scan: Scan | None = None
) -> PageRecord:
    """What a machine that finds every box at another place makes of the page.

    Every id is another; with `cut` lines of more than that many glyphs are found as two.
    """
    again: dict[tuple[str, int], tuple[str, int]] = {}
    regions = []
    for number, region in enumerate(record.page.regions):
        found: list[TextLine] = []
        for line in region.lines:
            stretches = [line.glyphs]
            if cut and len(line.glyphs) > cut:
                stretches = [line.glyphs[:cut], line.glyphs[cut:]]
            at = 0
            for glyphs in stretches:
                name = f"z{number}.{len(found)}"
                for i in range(len(glyphs)):
                    again[line.id, at + i] = name, i
                at += len(glyphs)
                moved = tuple(replace(g, box=place(g.box)) for g in glyphs)
                box = union_boxes([g.box for g in moved])
                found.append(replace(line, id=name, box=box, polygon=(), glyphs=moved))
        box = union_boxes([line.box for line in found])
        regions.append(replace(region, id=f"s{number}", box=box, polygon=(), lines=tuple(found)))
    names = {r.id: s.id for r, s in zip(record.page.regions, regions, strict=True)}

    def chars(old: Chars) -> Chars:
        return tuple(
            replace(c, line=again[c.line, c.glyph][0], glyph=again[c.line, c.glyph][1])
            if (c.line, c.glyph) in again
            else c
            for c in old
        )

    articles = tuple(
        replace(
            a,
            kicker=chars(a.kicker),
            title=chars(a.title),
            deck=chars(a.deck),
            byline=chars(a.byline),
            paragraphs=tuple(Paragraph(chars(p.chars)) for p in a.paragraphs),
            regions=tuple(names[r] for r in a.regions),
        )
        for a in record.reading.articles
    )
    page = replace(
        record.page,
        scan=scan or record.page.scan,
        regions=tuple(regions),
        reading_order=tuple(names[r] for r in record.page.reading_order),
    )
    corrections = tuple(replace(c, removed=chars(c.removed)) for c in record.reading.corrections)
    return derive_page(
        replace(record.reading, page=page, articles=articles, corrections=corrections)
    )


def jittered(by: float, seed: int) -> Callable[[Box], Box]:
    """Moves every edge of a box by up to so many pixels, differently each time."""
    chance = random.Random(seed)

    def place(box: Box) -> Box:
        left, top, right, bottom = (
            v + chance.uniform(-by, by) for v in (box.left, box.top, box.right, box.bottom)
        )
        return Box(left, top, max(left, right), max(top, bottom))

    return place


def strings(record: PageRecord) -> list[str]:
    """The text of every article."""
    return [flatten_article(article).string for article in record.articles]
