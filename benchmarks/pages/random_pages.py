"""Pages drawn at random: a seed is a page."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.pages.article import Block, DoesNotFitError, set_article, set_jumping
from benchmarks.pages.chance import chance, pick, shuffled
from benchmarks.pages.design import HeadPosition, Jump
from benchmarks.pages.extras import Paper, folio, masthead
from benchmarks.pages.fillers import Fillers
from benchmarks.pages.plane import Plane
from benchmarks.pages.planner import Composition, Planner, Stock
from benchmarks.pages.sheet import Element, SetLine, Sheet, Stroke, Type
from benchmarks.pages.stories import Story, load_stories
from benchmarks.pages.styles import (
    HEI,
    KAI,
    KAI_T,
    SONG,
    SONG_T,
    PageStyle,
    article_design,
    dense_style,
    horizontal_style,
    traditional,
    vertical_style,
)
from newspage.geometry import Box, union_boxes
from newspage.model import Direction

MODERN = ("青渡日报", "临渚晚报", "云埠时报")
ISLAND = ("西環商報", "南灣晚報")
OLD = ("松陵公報", "海隅新報", "梅溪日報")
SECTIONS = ("要闻", "综合", "民生", "理论", "副刊", "经济")
EDITORS = "责编:穆清 美编:言午 校对:桑晓"
MODERN_DATES = ("2024年3月18日 星期一", "农历甲辰年二月初九", "第10426期 今日8版")
OLD_DATES = ("中華民國二十二年九月八日 星期五", "今日二張 零售三分")
_MARGIN = 0.04
"""Of the page's width, left free on all sides."""


def random_page(seed: int) -> Sheet:
    """The page of a seed: three in five modern, two in five vertical."""
    rng = np.random.default_rng(seed)
    return vertical_page(seed, rng) if chance(rng, 0.4) else horizontal_page(seed, rng)


@dataclass(frozen=True, slots=True)
class Issue:
    """What the pages of a modern issue have in common."""

    width: int
    height: int
    paper: Paper
    style: PageStyle
    stock: Stock
    fillers: Fillers
    language: str
    rule: Stroke = Stroke.SOLID
    """Under the head of an old page."""
    features: tuple[str, ...] = ()

    @property
    def box(self) -> Box:
        """The type area."""
        return _type_area(self.width, self.height)

    def below(self, used: float) -> Plane:
        """The plane for articles under a page's head."""
        gap = 1.2 * self.style.design.body.size
        box = self.box
        return Plane(Box(box.left, box.top + used + gap, box.right, box.bottom))

    def planner(self, rng: np.random.Generator, page: Composition) -> Planner:
        return Planner(self.style, self.stock, self.fillers, rng, page)


def draw_issue(rng: np.random.Generator) -> Issue:
    """A modern paper of three to eight columns; one in seven in traditional characters."""
    columns = pick(rng, [3, 4, 5, 5, 6, 7, 8])
    size = pick(rng, [14.0, 16.0, 18.0, 20.0, 22.0, 24.0, 26.0, 28.0, 32.0, 38.0])
    width = int(columns * float(rng.uniform(11, 18)) * size * 1.12)
    height = int(width * rng.uniform(1.0, 1.45))
    style = horizontal_style(rng, size, columns)
    island = chance(rng, 0.15)
    paper = _modern_paper(pick(rng, ISLAND if island else MODERN), size, rng)
    if island:
        style = replace(traditional(style), inset=0.0)
        stock = draw_stock(rng, ("gazette", "republican"))
        return Issue(width, height, paper, style, stock, Fillers.old(rng), "zh-Hant")
    stock = draw_stock(rng, ("reports", "comments", "essays"), "briefs")
    return Issue(width, height, paper, style, stock, Fillers.modern(rng), "zh-Hans")


def horizontal_page(seed: int, rng: np.random.Generator) -> Sheet:
    """A modern page, front or inside."""
    issue, page = draw_issue(rng), Composition()
    head, used = _head(rng, issue.paper, issue.box)
    page.elements += head
    fill_page(issue.planner(rng, page), issue.below(used), issue.style.columns, rng)
    return finish_sheet(f"random-{seed}", issue, page, chance(rng, 0.8))


def random_issue(seed: int) -> tuple[Sheet, Sheet]:
    """Two pages of an issue: the lead of the first goes on on the second."""
    rng = np.random.default_rng(seed)
    issue, front, inside = draw_issue(rng), Composition(), Composition()
    head, used = masthead(issue.paper, issue.box, pick(rng, ["left", "centre"]), Stroke.DOUBLE)
    front.elements += head
    plane, columns = issue.below(used), issue.style.columns
    story, block = _lead(issue, plane, rng)
    front.add(block)
    gap = issue.style.gap * issue.style.design.body.size
    below = plane.from_across(plane.area(block.box).depth + gap)
    issue.planner(rng, front).fill(below, columns)
    head, used = folio(issue.paper, issue.box, "03", pick(rng, SECTIONS), EDITORS)
    inside.elements += head
    plane = issue.below(used)
    rest = _continued(issue, story, block, plane, rng)
    inside.add(rest)
    below = plane.from_across(plane.area(rest.box).depth + gap)
    issue.planner(rng, inside).fill(below, columns)
    return (
        finish_sheet(f"issue-{seed}-p1", issue, front, True),
        finish_sheet(f"issue-{seed}-p3", issue, inside, True),
    )


def _lead(issue: Issue, plane: Plane, rng: np.random.Generator) -> tuple[Story, Block]:
    """A long story on the front page, half of it, over all columns."""
    story = next(s for s in issue.stock.stories if s.length > 380)
    issue.stock.stories.remove(story)
    columns = issue.style.columns
    design = article_design(rng, issue.style, story, columns, plane.length)
    design = replace(design, columns=columns, position=HeadPosition.ACROSS, drop_cap=0)
    whole = plane.area(set_article(story, design, plane, "1").box).depth
    jump = Jump(pick(rng, ["（下转第三版）", "（下转第3版）", "下转3版"]), "3")
    for share in (0.75, 0.65, 0.85, 0.9):
        with suppress(ValueError, IndexError):
            return story, set_jumping(story, design, plane, "1", whole * share, jump)
    raise DoesNotFitError(f"the lead cannot jump: {story.title}")


def _continued(
    issue: Issue, story: Story, lead: Block, plane: Plane, rng: np.random.Generator
) -> Block:
    """The rest of the lead, with or without its title once more."""
    columns = int(rng.integers(2, issue.style.columns + 1))
    part = issue.planner(rng, Composition()).span(plane, issue.style.columns, 0, columns)
    again = replace(story, kicker="", deck="", byline="")
    story = again if chance(rng, 0.4) else replace(again, title="")
    design = replace(issue.style.design, columns=columns)
    head = design.head
    design = replace(design, head=replace(head, title=head.title.sized(1.6 * design.body.size)))
    jump = Jump(back=pick(rng, ["（上接第一版）", "（上接第1版）", "上接1版"]), back_page="1")
    return set_article(story, design, part, "1", None, jump, lead.rest)


def random_spread(seed: int) -> Sheet:
    """Two facing pages of an old paper."""
    left, right = (vertical_page(n, np.random.default_rng(n)) for n in (2 * seed, 2 * seed + 1))
    return spread(left, right)


def spread(left: Sheet, right: Sheet, gutter: int = 60) -> Sheet:
    """Two pages in one scan; on old papers the right one is read first."""
    first, second = (right, left) if left.language == "zh-Hant" else (left, right)
    numbers = {h.id: str(len(first.articles) + n + 1) for n, h in enumerate(second.articles)}
    moved = replace(
        second,
        elements=tuple(
            replace(e, article=numbers.get(e.article, "")) if isinstance(e, SetLine) else e
            for e in second.elements
        ),
        articles=tuple(replace(h, id=numbers[h.id]) for h in second.articles),
        joints=tuple(replace(j, article=numbers[j.article]) for j in second.joints),
    )
    offset = Box(-float(left.width + gutter), 0, right.width, right.height)
    shifted = (first if first is right else moved).cropped(offset)
    pair = (shifted, moved) if first is right else (first, shifted)
    return replace(
        left,
        name=f"{left.name}+{right.name}",
        width=left.width + gutter + right.width,
        height=max(left.height, right.height),
        elements=(*pair[0].elements, *pair[1].elements),
        articles=(*first.articles, *moved.articles),
        joints=(*first.joints, *moved.joints),
        features=tuple(sorted({*left.features, *right.features, "spread"})),
    )


def vertical_page(seed: int, rng: np.random.Generator) -> Sheet:
    """An old page of one to twelve tiers."""
    tiers = pick(rng, [1, 2, 3, 4, 5, 6, 8, 10, 12])
    size = pick(rng, [16.0, 18.0, 20.0, 22.0, 24.0, 26.0, 30.0])
    ems = float(rng.uniform(9, 14) if tiers > 3 else rng.uniform(14, 26))
    style = vertical_style(rng, size, tiers)
    return _tiered_page(seed, draw_tiers(rng, style, ems, draw_stock(rng, ("republican",))), rng)


def dense_page(seed: int) -> Sheet:
    """A page of six to twelve low tiers: headlines in stacks, headings inside the text."""
    rng = np.random.default_rng(seed)
    tiers = pick(rng, [6, 8, 9, 10, 12])
    style = dense_style(rng, pick(rng, [18.0, 20.0, 22.0, 26.0]), tiers)
    stock = draw_stock(rng, ("stacked", "republican"))
    return _tiered_page(seed, draw_tiers(rng, style, float(rng.uniform(8, 12)), stock), rng)


def draw_tiers(rng: np.random.Generator, style: PageStyle, ems: float, stock: Stock) -> Issue:
    """A vertical paper of so many em a tier, with articles from a stock."""
    tiers, size = style.columns, style.design.body.size
    old_marks = chance(rng, 0.25)
    if old_marks:
        stock.stories = [story.marked_as_of_old() for story in stock.stories]
        stock.briefs = [story.marked_as_of_old() for story in stock.briefs]
    height = int(tiers * ems * size * 1.15 + 12 * size)
    lines = sum(story.length for story in stock.stories) * 1.25 / ems / tiers
    wish = min(height * float(rng.uniform(0.6, 1.2)), lines * style.design.pitch)
    width = int(max(wish, 44 * size))
    family, weight = pick(rng, [(KAI_T, 400), (SONG_T, 900)])
    paper = Paper(
        pick(rng, OLD), OLD_DATES, Type(3.4 * size, family, weight), Type(1.1 * size, SONG_T)
    )
    rule = pick(rng, [Stroke.SOLID, Stroke.DOUBLE])
    fillers = Fillers.old(rng, style.unframed)
    features = (f"tiers-{tiers}", *(["old-marks"] if old_marks else []))
    return Issue(width, height, paper, style, stock, fillers, "zh-Hant", rule, features)


def _tiered_page(seed: int, issue: Issue, rng: np.random.Generator) -> Sheet:
    """A vertical page under a masthead from right to left."""
    page, box, size = Composition(), issue.box, issue.style.design.body.size
    head, used = masthead(issue.paper, box, "rtl", issue.rule)
    page.elements += head
    area = Plane(Box(box.left, box.top + used + size, box.right, box.bottom), Direction.VERTICAL)
    fill_page(issue.planner(rng, page), area, issue.style.columns, rng)
    page.features += issue.features
    return finish_sheet(f"random-{seed}", issue, page, chance(rng, 0.8))


def fill_page(planner: Planner, area: Plane, columns: int, rng: np.random.Generator) -> None:
    """In rows over all columns, or in groups of columns each on its own."""
    likely = (0.95 if columns > 4 else 0.5) if planner.style.vertical else 0.3
    likely = 1.0 if planner.style.stacked else likely
    if columns >= 4 and chance(rng, likely):
        planner.fill_groups(area, _groups(rng, columns))
        planner.page.features.append("groups")
    else:
        planner.fill(area, columns)


def finish_sheet(name: str, issue: Issue, page: Composition, trim: bool) -> Sheet:
    """The page as a sheet, the empty rest after the last line cut off if it is to be trimmed."""
    sheet = Sheet(
        name,
        issue.width,
        issue.height,
        tuple(page.elements),
        tuple(page.headings),
        tuple(page.joints),
        language=issue.language,
        features=tuple(sorted(set(page.features))),
    )
    if not trim:
        return sheet
    used, margin = union_boxes(e.box for e in page.elements), _MARGIN * issue.width
    left = max(0, int(used.left - margin))
    bottom = min(issue.height, int(used.bottom + margin))
    return sheet.cropped(Box(left, 0, issue.width, bottom))


def _type_area(width: int, height: int) -> Box:
    return Box(0, 0, width, height).grown(-_MARGIN * width)


def _head(rng: np.random.Generator, paper: Paper, box: Box) -> tuple[list[Element], float]:
    if chance(rng, 0.5):
        return masthead(
            paper, box, pick(rng, ["left", "centre"]), pick(rng, [Stroke.SOLID, Stroke.DOUBLE])
        )
    return folio(paper, box, f"{rng.integers(2, 9):02d}", pick(rng, SECTIONS), EDITORS)


def _modern_paper(name: str, size: float, rng: np.random.Generator) -> Paper:
    family, weight = pick(rng, [(KAI, 400), (SONG, 900), (HEI, 900)])
    return Paper(name, MODERN_DATES, Type(4.5 * size, family, weight), Type(size, SONG))


def draw_stock(rng: np.random.Generator, names: Sequence[str], briefs: str = "") -> Stock:
    """Stories of some files in random order; short ones also serve as briefs."""
    stories = shuffled(rng, [s for name in names for s in load_stories(name)])
    short = load_stories(briefs) if briefs else [s for s in stories if s.length < 210]
    return Stock(stories, shuffled(rng, list(short)))


def _groups(rng: np.random.Generator, columns: int) -> list[int]:
    """Columns split into groups of two to four, the last one perhaps of a single one."""
    groups: list[int] = []
    left = columns
    while left > 4 or (left == 4 and not groups):
        groups.append(int(rng.integers(2, min(4, left - 1) + 1)))
        left -= groups[-1]
    return [*groups, left]
