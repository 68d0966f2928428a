"""How a page may look: type families, sizes and habits, drawn at random from a seed."""

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.pages.breaking import text_width
from benchmarks.pages.chance import pick
from benchmarks.pages.design import Design, HeadPosition, TextHeading
from benchmarks.pages.headline import HeadStyle
from benchmarks.pages.sheet import Fit, Stroke, Type
from benchmarks.pages.stories import Story

SONG, HEI, KAI = "'Noto Serif CJK SC'", "'Noto Sans CJK SC'", "'AR PL UKai CN'"
SONG_T, HEI_T, KAI_T = "'Noto Serif CJK TC'", "'Noto Sans CJK TC'", "'AR PL UKai TW'"
MING_T = "'AR PL UMing TW'"
BODY_FAMILIES = (SONG, SONG, SONG, "'AR PL UMing CN'", HEI, "'WenQuanYi Zen Hei'", KAI)
TITLE_FAMILIES = ((HEI, 700), (HEI, 900), (SONG, 900), (SONG, 700), (KAI, 400))
BODY_FAMILIES_T = (SONG_T, SONG_T, MING_T, "cwTeXMing")
TITLE_FAMILIES_T = (
    (SONG_T, 900),
    (SONG_T, 700),
    (KAI_T, 400),
    (HEI_T, 700),
    ("cwTeXHeiBold", 400),
    ("cwTeXKai", 700),
)
MING_WITH_COMMAS = 17.0
"""Least size in pixels at which MING_T prints its comma in vertical lines: at 16 it leaves a blank,
so that the page would not say what its truth says."""
UPRIGHT_ONLY = "'WenQuanYi Zen Hei'"
"""A family whose vertical metrics are broken."""


@dataclass(frozen=True, slots=True)
class PageStyle:
    """What all articles of a page have in common."""

    vertical: bool
    columns: int
    """Columns of the page, or tiers."""
    design: Design
    """What an article looks like unless something else is drawn for it."""
    rule_between: Stroke | None
    """Between articles."""
    gap: float
    """Between articles, in em."""
    positions: tuple[HeadPosition, ...]
    """Where headlines may stand."""
    framed: float
    """Share of articles with a frame; the other shares likewise."""
    panelled: float
    inset: float
    drop_cap: float
    filled: float
    """Share of articles whose columns are filled in turn rather than balanced."""
    running: float
    """Share of narrow cells that hold short pieces."""
    crossed: float
    """Share of articles set in the other direction of writing."""
    labels: tuple[str, ...]
    """Headings of columns of short pieces."""
    stacked: float = 0.0
    """Share of articles under a stack of display lines, each in type of its own size."""
    headed: float = 0.0
    """Share of longer articles with headings inside their text."""
    over: float = 0.0
    """Share of short headlines that lie across the first lines of their text."""
    unframed: float = 0.0
    """Share of advertisements without a frame."""


def horizontal_style(rng: np.random.Generator, size: float, columns: int) -> PageStyle:
    """A modern page. `size` is the em of running text in pixels."""
    family = pick(rng, BODY_FAMILIES)
    title_family, weight = pick(rng, TITLE_FAMILIES)
    body = Type(
        size,
        family,
        400,
        spacing=pick(rng, [0.0, 0.0, 0.02, 0.05]),
        stretch=pick(rng, [1, 1, 1, 1.1]),
    )
    head = HeadStyle(
        title=Type(2.6 * size, title_family, weight),
        kicker=Type(1.3 * size, pick(rng, [SONG, KAI, HEI])),
        deck=Type(1.35 * size, pick(rng, [SONG, KAI])),
        byline=Type(1.0 * size, pick(rng, [KAI, SONG, HEI])),
        fit=pick(rng, [Fit.CENTRE, Fit.CENTRE, Fit.START]),
        leading=float(rng.uniform(1.15, 1.35)),
    )
    design = Design(
        body,
        head,
        columns,
        gutter=pick(rng, [1.0, 1.2, 1.5, 2.0]),
        leading=pick(rng, [1.3, 1.4, 1.5, 1.6]),
        rule=Stroke.SOLID if rng.random() < 0.35 else None,
        subhead=Type(size, pick(rng, [HEI, SONG]), 700),
        subhead_fit=pick(rng, [Fit.START, Fit.CENTRE]),
    )
    return PageStyle(
        vertical=False,
        columns=columns,
        design=design,
        rule_between=pick(rng, [None, Stroke.SOLID, Stroke.DOTTED, Stroke.DOUBLE]),
        gap=float(rng.uniform(1.2, 2.6)),
        positions=tuple(HeadPosition),
        framed=0.2,
        panelled=0.06,
        inset=0.25,
        drop_cap=0.12,
        filled=0.4,
        running=0.3,
        crossed=0.05,
        labels=("简讯", "一句话新闻", "各地简讯", "微讯"),
    )


def vertical_style(rng: np.random.Generator, size: float, tiers: int) -> PageStyle:
    """A page of the 1920s and 1930s: traditional characters, tiers, lines from right to left."""
    family = pick(rng, BODY_FAMILIES_T)
    if family == MING_T and size < MING_WITH_COMMAS:
        family = SONG_T
    title_family, weight = pick(rng, TITLE_FAMILIES_T)
    body = Type(size, family, pick(rng, [400, 500]))
    head = HeadStyle(
        title=Type(float(rng.uniform(2.0, 3.0)) * size, title_family, weight),
        kicker=Type(1.3 * size, SONG_T, 600),
        deck=Type(1.4 * size, SONG_T, 600),
        byline=Type(size, pick(rng, [KAI_T, SONG_T])),
        fit=pick(rng, [Fit.START, Fit.START, Fit.CENTRE]),
        leading=float(rng.uniform(1.15, 1.4)),
    )
    design = Design(
        body,
        head,
        tiers,
        gutter=pick(rng, [0.8, 1.2, 2.0]),
        leading=pick(rng, [1.25, 1.4, 1.55]),
        indent=pick(rng, [1.0, 2.0]),
        rule=Stroke.SOLID if rng.random() < 0.5 else None,
        rightward=False,
    )
    return PageStyle(
        vertical=True,
        columns=tiers,
        design=design,
        rule_between=pick(rng, [None, Stroke.SOLID, Stroke.WAVY]),
        gap=float(rng.uniform(0.8, 1.8)),
        positions=(HeadPosition.ACROSS, HeadPosition.CORNER, HeadPosition.SIDE_START),
        framed=0.15,
        panelled=0.0,
        inset=0.0,
        drop_cap=0.0,
        filled=0.6,
        running=0.35,
        crossed=0.04,
        labels=("本埠瑣聞", "簡訊", "地方通信"),
    )


def dense_style(rng: np.random.Generator, size: float, tiers: int) -> PageStyle:
    """A page of the late 1930s: low tiers close under one another, headlines in stacks.

    The shares are about those of two folds of 1939: of 53 articles 9 have headings in their text
    (half of those with more than 200 characters), 7 a headline across their first lines, 20 begin
    in the tier in which another one ends; of 20 advertisements 4 have no frame.
    """
    style = vertical_style(rng, size, tiers)
    design = replace(
        style.design,
        gutter=pick(rng, [0.6, 0.8, 1.2]),
        leading=pick(rng, [1.2, 1.3, 1.45]),
    )
    return replace(
        style,
        design=design,
        gap=float(rng.uniform(0.6, 1.4)),
        framed=0.08,
        running=0.4,
        crossed=0.0,
        stacked=0.7,
        headed=0.5,
        over=0.2,
        unframed=0.25,
    )


def traditional(style: PageStyle) -> PageStyle:
    """The style with fonts that draw traditional characters as Hong Kong and Taiwan do."""
    design = style.design
    head = design.head
    return replace(
        style,
        design=replace(
            design,
            body=_traditional(design.body),
            subhead=_traditional(design.subhead) if design.subhead else None,
            head=replace(
                head,
                title=_traditional(head.title),
                kicker=_traditional(head.kicker),
                deck=_traditional(head.deck),
                byline=_traditional(head.byline),
            ),
        ),
        labels=("簡訊", "一句話新聞", "各地簡訊"),
    )


_TRADITIONAL = {SONG: SONG_T, HEI: HEI_T, KAI: KAI_T, "'AR PL UMing CN'": MING_T}


def _traditional(kind: Type) -> Type:
    return replace(kind, family=_TRADITIONAL.get(kind.family, kind.family))


def article_design(
    rng: np.random.Generator, style: PageStyle, story: Story, span: int, length: float
) -> Design:
    """The design of one article over `span` of the page's columns, `length` pixels of lines."""
    columns = span - 1 if span > 2 and rng.random() < 0.3 and not style.vertical else span
    design = replace(style.design, columns=columns)
    size = _title_size(rng, story, design, length, style.vertical)
    head = replace(design.head, title=design.head.title.sized(size))
    if not style.vertical and rng.random() < 0.3:
        family, weight = pick(rng, TITLE_FAMILIES)
        head = replace(head, title=replace(head.title, family=family, weight=weight))
    position = _position(rng, style, story, columns)
    if position in (HeadPosition.CORNER,) and columns > 2:
        design = replace(design, head_columns=int(rng.integers(1, columns)))
    if style.headed:
        design, position = _as_of_old(rng, style, story, design, position)
    panel = bool(rng.random() < style.panelled) and story.length < 700
    framed = panel or bool(rng.random() < style.framed)
    frame = pick(rng, [Stroke.SOLID, Stroke.DOUBLE, Stroke.THICK_THIN])
    upright = position in (HeadPosition.ACROSS, HeadPosition.CORNER)
    if style.stacked and upright and rng.random() < style.stacked:
        design, head = _stacked(rng, design, head, story.length > 200)
    return replace(
        design,
        head=head,
        position=position,
        panel=panel,
        frame=frame if framed and not panel else None,
        drop_cap=int(rng.integers(2, 4)) if rng.random() < style.drop_cap else 0,
    )


HEADINGS = (
    "經過情形", "損失統計", "當局態度", "善後辦法", "各方意見", "軍隊調動", "談判將開始",
    "商界反響", "確定分配數額", "鄉民紛紛還鄉", "尚待最後決定", "議案全部通過",
)  # fmt: skip
"""Headings of the parts of an article."""


def _as_of_old(
    rng: np.random.Generator, style: PageStyle, story: Story, design: Design, position: HeadPosition
) -> tuple[Design, HeadPosition]:
    """The design with headings in a long text, or with a short headline across its first lines."""
    if story.length > 200 and rng.random() < style.headed:
        count = int(rng.integers(1, 4))
        headings = tuple(
            TextHeading(
                at=float((n + rng.uniform(0.2, 0.8)) / count),
                text=pick(rng, HEADINGS) if rng.random() < 0.5 else "",
                size=float(rng.uniform(1.1, 1.5)),
                beside=3 if rng.random() < 0.5 else 0,
            )
            for n in range(count)
        )
        return replace(design, headings=headings), position
    short = max(text_width(p) for p in story.title_parts) <= 9 and len(story.title_parts) < 3
    if short and story.length < 260 and rng.random() < style.over:
        size = design.body.size
        title = design.head.title.sized(size * float(rng.uniform(1.3, 1.8)))
        rows = int(title.size / size * 8 / design.leading) + 3
        head = replace(design.head, title=title, fit=Fit.CENTRE, steps=(), staggered=False)
        design = replace(
            design, head=head, over_rows=rows, over_before=int(rng.integers(0, 4)), drop_cap=0
        )
        return design, HeadPosition.OVER
    return design, position


def _stacked(
    rng: np.random.Generator, design: Design, head: HeadStyle, may_have_picture: bool
) -> tuple[Design, HeadStyle]:
    """The design and the headline as a stack: sizes, gaps in it and under it, perhaps a picture.

    Sizes and gaps are those of two folds of 1939: titles of 2 to 5 em with lines of 1.4 to 2.3 em
    before and after them, each set in differently, 0 to 1 em apart.
    """
    size = design.body.size
    steps = pick(rng, [(0.6, 1.0), (0.75, 1.0, 0.6), (1.0, 0.6), (0.5, 0.7, 1.0), (1.0,)])
    picture = may_have_picture and rng.random() < 0.2
    head = replace(
        head,
        title=head.title.sized(size * float(rng.uniform(2.2, 5.0))),
        kicker=head.kicker.sized(size * float(rng.uniform(1.4, 2.3))),
        deck=head.deck.sized(size * float(rng.uniform(1.3, 1.7))),
        steps=steps,
        staggered=bool(rng.random() < 0.6),
        leading=float(rng.uniform(1.1, 1.7)),
    )
    design = replace(
        design,
        head_gap=float(pick(rng, [0.4, 0.8, 1.6, 3.0])),
        head_picture=int(rng.integers(1, 1 << 30)) if picture else 0,
    )
    return design, head


def _title_size(
    rng: np.random.Generator, story: Story, design: Design, length: float, vertical: bool
) -> float:
    """As large as the length of the lines and the length of the story call for."""
    size = design.body.size
    parts = story.title_parts
    longest = max(text_width(p) for p in parts)
    largest = (2.2 if vertical else 1.9) + min(1.8, story.length / 700)
    wish = min(largest, 0.9 * length / max(longest, 1.0) / size)
    return float(size * max(1.5, wish * rng.uniform(0.85, 1.0)))


def _position(
    rng: np.random.Generator, style: PageStyle, story: Story, columns: int
) -> HeadPosition:
    """Side heads for short titles without digits only; corners where columns stay free."""
    upright = not any(c.isascii() and c.isalnum() for c in story.title + story.byline + story.deck)
    short = max(text_width(p) for p in story.title_parts) <= 12
    allowed = [HeadPosition.ACROSS] * 4
    if columns >= 3 and HeadPosition.CORNER in style.positions:
        allowed += [HeadPosition.CORNER] * 2
    if columns >= 2 and upright and short and HeadPosition.SIDE_START in style.positions:
        allowed.append(HeadPosition.SIDE_START)
        if HeadPosition.SIDE_END in style.positions:
            allowed.append(HeadPosition.SIDE_END)
        if HeadPosition.MIDDLE in style.positions and columns >= 3:
            allowed.append(HeadPosition.MIDDLE)
    return pick(rng, allowed)
