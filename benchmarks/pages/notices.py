"""What stands on a page and is no article, as real papers have it.

Advertisements of much text, columns of small notices, programmes, timetables, maps, and mastheads
in a corner. Their words are drawn from lists, so that no two pages have the same. Shares and sizes
are those of twenty advertisements on two folds of 1939: 4 to 43 lines, 27 to 389 characters, one in
five without a frame, type of .8 to 4 em in one box.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from benchmarks.pages.breaking import text_width
from benchmarks.pages.chance import chance, pick, shuffled
from benchmarks.pages.columns import Grid, Passage, set_passages
from benchmarks.pages.design import Design
from benchmarks.pages.plane import Area, Plane
from benchmarks.pages.sheet import Element, Fit, Frame, Panel, Role, Rule, SetLine, Stroke, Type
from benchmarks.pages.stories import FOLDER

FRAMED, PANELLED = 0.75, 0.08
"""Shares of advertisements in a frame and on a panel; the others stand between white or rules."""
CROWDED = 0.6
"""Share of small notices with a rule after each of them."""
STROKES = (Stroke.SOLID, Stroke.SOLID, Stroke.DOUBLE, Stroke.THICK_THIN)
_SCALES = (1.3, 1.15, 1.0, 0.9, 0.8, 0.7, 0.6)
_PLACE = re.compile(r"\{(\w+)\}")
_OLD_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


@lru_cache(maxsize=4)
def load_words(name: str) -> Mapping[str, tuple[str, ...]]:
    """The lists of a file, `notice_words` for `stories/notice_words.txt`, by what they are of."""
    lists: dict[str, tuple[str, ...]] = {}
    kind = ""
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            kind = line.removeprefix("# ")
            lists[kind] = ()
        elif line.strip():
            lists[kind] += (line.strip(),)
    return lists


@dataclass(frozen=True, slots=True)
class Words:
    """Lists of words, and the chance that draws from them."""

    lists: Mapping[str, tuple[str, ...]]
    rng: np.random.Generator
    old: bool

    def say(self, kind: str) -> str:
        """One of a list, what stands in braces drawn from other lists."""
        return _PLACE.sub(lambda found: self._drawn(found[1]), pick(self.rng, self.lists[kind]))

    def several(self, kind: str, least: int, most: int) -> list[str]:
        """Some of a list, each once."""
        count = int(self.rng.integers(least, most + 1))
        chosen = shuffled(self.rng, self.lists[kind])[:count]
        return [_PLACE.sub(lambda found: self._drawn(found[1]), text) for text in chosen]

    def number(self, least: int, most: int) -> str:
        """A number in the numerals of the time."""
        text = str(int(self.rng.integers(least, most + 1)))
        return text.translate(_OLD_DIGITS) if self.old else text

    def _drawn(self, name: str) -> str:
        if name == "n":
            return self.number(2, 98)
        if name == "phone":
            return self.number(10000, 99999) if self.old else self.number(6000000, 8999999)
        return pick(self.rng, self.lists[name])


@dataclass(frozen=True, slots=True)
class Piece:
    """Texts side by side in one type, across the whole of a box."""

    texts: tuple[str, ...]
    type: Type
    size: float
    """In em of the body type."""
    fit: Fit = Fit.CENTRE
    gap: float = 0.2
    """Left free after it, in em."""
    whole: bool = False
    """Set smaller rather than in two lines."""


def set_pieces(
    pieces: Sequence[Piece], plane: Plane, em: float, role: Role
) -> tuple[list[SetLine], float, bool]:
    """Lines of some pieces one after the other, their depth, and whether all found room."""
    lines: list[SetLine] = []
    at = 0.0
    for n, piece in enumerate(pieces):
        length, deepest = plane.length / len(piece.texts), 0.0
        for k, text in enumerate(piece.texts):
            kind = piece.type.sized(piece.size * em)
            if piece.whole:
                most = 0.96 * length / text_width(text) / (1 + kind.spacing) / kind.stretch
                kind = kind.sized(min(kind.size, most))
            pitch = kind.size * 1.25
            room = plane.part(k * length, at, length, max(0.0, plane.depth - at))
            fit = piece.fit if text_width(text) * kind.em <= length else Fit.START
            passage = Passage(text, kind, role, n, 0.0, fit)
            setting = set_passages([passage], Grid(room, 1, 0.0, pitch, kind.em))
            if setting.rest:
                return lines, at, False
            lines += setting.lines
            deepest = max(deepest, len(setting.lines) * pitch)
        at += deepest + piece.gap * em
    return lines, at, at <= plane.depth


def fill_with(pieces: Sequence[Piece], plane: Plane, em: float, role: Role) -> list[SetLine]:
    """Lines of the pieces, as large as the plane has room for them, spread over it.

    The last pieces are left out where even the smallest type does not fit.
    """
    for count in range(len(pieces), 0, -1):
        for scale in _SCALES:
            lines, depth, complete = set_pieces(pieces[:count], plane, scale * em, role)
            if complete:
                spread = min(0.8, (plane.depth - depth) / em / scale / count)
                wider = [replace(p, gap=p.gap + spread) for p in pieces[:count]]
                spaced, _, still = set_pieces(wider, plane, scale * em, role)
                return spaced if still else lines
    return []


def set_advert(plane: Plane, design: Design, words: Words) -> list[Element]:
    """An advertisement that fills a plane: a name, what is sold, a text, where to go."""
    rng, em = words.rng, design.body.size
    elements = _surround(plane, rng, em)
    design = _on_panel(design) if elements and isinstance(elements[0], Panel) else design
    inner = Plane(
        plane.box.grown(-min(0.7 * em, plane.depth / 6, plane.length / 6)), plane.direction
    )
    name = words.say(pick(rng, ["shop", "shop", "person", "theatre"]))
    if plane.vertical and chance(rng, 0.35) and inner.box.width > 5 * em:
        top, box = float(rng.uniform(1.6, 2.6)) * em, inner.box
        over = Plane(replace(box, bottom=box.top + top * 1.2), inner.direction).crossed(False)
        display = Piece((name,), design.head.title, top / em, whole=True)
        elements += fill_with([display], over, em, Role.ADVERT)
        inner = Plane(replace(box, top=box.top + top * 1.3), plane.direction)
        name = ""
    room = 0.5 * inner.length * inner.depth / (em * em * 1.4)
    return [
        *elements,
        *fill_with(_advert_pieces(name, room, design, words), inner, em, Role.ADVERT),
    ]


def _advert_pieces(name: str, room: float, design: Design, words: Words) -> list[Piece]:
    """The pieces of an advertisement with about so many characters of body type."""
    rng, body, head = words.rng, design.body, design.head
    pieces: list[Piece] = []
    if name:
        pieces.append(Piece((name,), head.title, float(rng.uniform(1.8, 4.0)), whole=True))
    if chance(rng, 0.7):
        pieces.append(Piece((words.say("slogan"),), head.deck, float(rng.uniform(1.2, 1.8))))
    if chance(rng, 0.5):
        goods = words.several("goods", 2, 6)
        beside = int(rng.integers(1, 4))
        pieces += [
            Piece(tuple(goods[n : n + beside]), head.kicker, float(rng.uniform(0.9, 1.4)))
            for n in range(0, len(goods) - beside + 1, beside)
        ]
    if room > 60 and chance(rng, 0.75):
        wish = min(300.0, room * float(rng.uniform(0.3, 0.8)))
        pieces.append(Piece((_text(wish, words),), body, float(rng.uniform(0.75, 1.0)), Fit.START))
    addresses = [
        Piece(
            (text,), head.byline, float(rng.uniform(0.8, 1.1)), pick(rng, [Fit.CENTRE, Fit.START])
        )
        for text in words.several("address", 1, 3)
    ]
    return [*pieces, *addresses] if chance(rng, 0.8) else [*pieces[:1], *addresses, *pieces[1:]]


def _text(wish: float, words: Words) -> str:
    """About so many characters: mostly clauses with or without marks between, seldom sentences."""
    rng = words.rng
    if chance(rng, 0.25):
        count = max(1, round(wish / 32))
        return "".join(words.several("sentence", count, count))
    mark = pick(rng, ["，", "，", "", "　", "、"])
    count = max(2, round(wish / 6.5))
    clauses = words.several("clause", count, count)
    return mark.join(clauses) + ("。" if mark == "，" and chance(rng, 0.4) else "")


def _on_panel(design: Design) -> Design:
    """The design in white type."""
    head = design.head
    white = {
        name: replace(getattr(head, name), reversed=True)
        for name in ("title", "kicker", "deck", "byline")
    }
    return replace(design, body=replace(design.body, reversed=True), head=replace(head, **white))


def _surround(plane: Plane, rng: np.random.Generator, em: float) -> list[Element]:
    """A frame, a panel or nothing."""
    drawn = rng.random()
    if drawn < FRAMED:
        return [Frame(plane.box, max(2.0, em * 0.1), pick(rng, STROKES))]
    return [Panel(plane.box, float(rng.uniform(0.02, 0.15)))] if drawn < FRAMED + PANELLED else []


def set_small_notices(plane: Plane, design: Design, words: Words) -> list[Element]:
    """Columns of small notices, each under a few large characters."""
    rng, em = words.rng, design.body.size
    wide = float(rng.uniform(8, 13)) * em
    count = max(1, int(plane.length / wide))
    length = plane.length / count
    ruled, size = chance(rng, CROWDED), float(rng.uniform(1.1, 2.0))
    beside = chance(rng, 0.3)
    elements: list[Element] = []
    if chance(rng, 0.5):
        elements.append(Frame(plane.box, max(1.5, em * 0.08)))
        plane = Plane(plane.box.grown(-0.5 * em), plane.direction)
        length = plane.length / count
    for column in range(count):
        room = plane.part(column * length + 0.3 * em, 0, length - 0.6 * em, plane.depth)
        at = 0.0
        while plane.depth - at > 3 * em:
            heading = Piece((words.say("heading"),), design.head.title, size, gap=0.1)
            text = Piece((words.say("classified"),), design.body, 0.9, Fit.START, gap=0.3)
            pieces = [replace(text, texts=(heading.texts[0] + "　" + text.texts[0],))]
            pieces = pieces if beside else [heading, text]
            lines, depth, complete = set_pieces(pieces, room.from_across(at), em, Role.ADVERT)
            if not complete:
                break
            elements += lines
            at += depth
            if ruled and plane.depth - at > 3 * em:
                elements.append(Rule(room.place(Area(0, at, room.length, 1.5))))
            at += 0.4 * em
    return elements


def set_programmes(plane: Plane, design: Design, words: Words) -> list[Element]:
    """Equal boxes, in each what a theatre plays, when, and for how much."""
    rng, em = words.rng, design.body.size
    along = max(1, int(plane.length / (float(rng.uniform(8, 13)) * em)))
    across = max(1, int(plane.depth / (float(rng.uniform(9, 13)) * em)))
    elements: list[Element] = []
    framed = chance(rng, 0.8)
    for n in range(along * across):
        length, depth = plane.length / along, plane.depth / across
        cell = plane.part(n // across * length, n % across * depth, length, depth)
        if framed:
            elements.append(Frame(cell.box, 2.0))
        inner = Plane(cell.box.grown(-0.6 * em), cell.direction)
        pieces = [
            Piece((words.say("theatre"),), design.head.kicker, 1.2),
            Piece((words.say("film"),), design.head.title, 2.2, whole=True),
            *(Piece((t,), design.body, 0.9) for t in words.several("showing", 1, 3)),
        ]
        elements += fill_with(pieces, inner, em, Role.ADVERT)
    return elements


def set_timetable(plane: Plane, design: Design, words: Words) -> list[Element]:
    """Rows of a name and numbers under a title, without rules between them."""
    rng, em = words.rng, design.body.size
    names = shuffled(rng, [*words.lists["station"], *words.lists["cell"]])
    columns = max(2, min(6, int(plane.length / (4.5 * em))))
    pitch = 1.4 * em
    elements: list[Element] = [Frame(plane.box, 2.0)] if chance(rng, 0.5) else []
    plane = Plane(plane.box.grown(-0.5 * em), plane.direction)
    head = Area(0, 0, plane.length, 1.8 * em)
    title = design.head.deck.sized(1.4 * em)
    elements.append(
        SetLine(
            words.say("table"), plane.place(head), title, Role.TABLE, plane.direction, Fit.CENTRE
        )
    )
    width = plane.length / columns
    for row in range(min(len(names), int((plane.depth - head.depth) / pitch))):
        cells = [names[row], *(_value(words) for _ in range(columns - 1))]
        for c, cell in enumerate(cells):
            box = plane.place(Area(c * width, head.depth + row * pitch, width, pitch))
            fit = Fit.START if c == 0 else Fit.CENTRE
            elements.append(SetLine(cell, box, design.body, Role.TABLE, plane.direction, fit))
    return elements


def _value(words: Words) -> str:
    """A time or a price."""
    first, second = words.number(1, 23), words.number(10, 59)
    return f"{first}點{second}" if words.old else f"{first}:{second}"


def set_map(plane: Plane, design: Design, words: Words) -> list[Element]:
    """A drawing with the names of places here and there, and what it shows."""
    rng, em = words.rng, design.body.size
    elements: list[Element] = [Frame(plane.box, 2.0)]
    plane = Plane(plane.box.grown(-0.6 * em), plane.direction)
    deck = design.head.deck.sized(1.3 * em)
    legend = plane.place(Area(0, 0, plane.length, 1.6 * em))
    elements.append(
        SetLine(words.say("legend"), legend, deck, Role.OTHER, plane.direction, Fit.CENTRE)
    )
    taken = [legend]
    for name in shuffled(rng, words.lists["map"]):
        size = em * float(rng.uniform(0.7, 1.3))
        length = text_width(name) * design.body.em / design.body.size * size
        area = Area(
            float(rng.uniform(0, max(1.0, plane.length - length))),
            float(rng.uniform(2 * em, max(2 * em + 1, plane.depth - 1.2 * size))),
            length,
            1.2 * size,
        )
        box = plane.place(area)
        inside = area.end <= plane.length and area.after <= plane.depth
        if inside and not any(box.grown(0.3 * em).intersection(o) for o in taken):
            taken.append(box)
            elements.append(
                SetLine(name, box, design.body.sized(size), Role.OTHER, plane.direction)
            )
    return elements


def set_corner_masthead(plane: Plane, design: Design, words: Words) -> list[Element]:
    """The head of a paper in a box: its name, and all that the law has it print."""
    rng, em = words.rng, design.body.size
    elements: list[Element] = [Frame(plane.box, 3.0)] if chance(rng, 0.6) else []
    inner = Plane(plane.box.grown(-0.5 * em), plane.direction)
    pieces = [Piece((words.say("name"),), design.head.title, 4.5, whole=True, gap=0.6)]
    pieces += [Piece((t,), design.body, 0.85, Fit.CENTRE) for t in words.several("date", 4, 9)]
    return [*elements, *fill_with(pieces, inner, em, Role.MASTHEAD)]
