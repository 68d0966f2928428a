"""The sample pages of `scans/`, composed by hand and aged like ordinary scans."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.pages.ageing import Wear
from benchmarks.pages.article import Block, set_article, set_jumping
from benchmarks.pages.design import Design, HeadPosition, Inset, Jump
from benchmarks.pages.extras import Paper, advertisement, folio, load_rows, masthead, photo, table
from benchmarks.pages.headline import HeadStyle
from benchmarks.pages.plane import Plane
from benchmarks.pages.planner import Composition
from benchmarks.pages.running import set_running
from benchmarks.pages.sheet import Element, Fit, Rule, Sheet, Stroke, Type
from benchmarks.pages.stories import Story, load_stories
from benchmarks.pages.styles import HEI, KAI, KAI_T, SONG, SONG_T
from newspage.geometry import Box, union_boxes
from newspage.model import Direction

MARGIN = 90.0
QINGDU = Paper(
    "青渡日报",
    ("2024年3月18日 星期一", "农历甲辰年二月初九", "第10426期 今日8版"),
    Type(132, KAI),
    Type(28, SONG),
)
YUNBU = Paper("云埠时报", ("2024年4月12日 星期五",), Type(120, SONG, 900), Type(28, SONG))
LINZHU = Paper("临渚晚报", ("2024年5月6日 星期一",), Type(120, HEI, 900), Type(28, SONG))
SONGLING = Paper(
    "松陵公報",
    ("中華民國二十二年九月八日 星期五", "今日二張 零售三分"),
    Type(104, KAI_T),
    Type(32, SONG_T),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample page: where it lies, how it is set, how it has aged."""

    path: str
    """Below `scans/`, without suffix: paper, date, page."""
    sheet: Callable[[], Sheet]
    wear: Wear


def broadsheet() -> Sheet:
    """Four articles in five columns, rules between columns and articles."""
    width = 2480
    design = _modern(29, title=74, columns=5, rule=Stroke.SOLID, gutter=1.5)
    page = Composition()
    area = Plane(Box(MARGIN, MARGIN, width - MARGIN, 6000))
    editors = "责编:穆清 美编:言午 校对:桑晓"
    across = _head(page, folio(YUNBU, area.box, "04", "理论", editors))
    across += _add(page, area.from_across(across), _story("推动政务服务"), design)
    across = _ruled(page, area, across)
    second = replace(design, head=_sized(design.head, 62))
    across += _add(page, area.from_across(across), _story("老街"), second)
    across = _ruled(page, area, across)
    left = area.part(0, across, area.length * 0.595, 3000)
    right = area.part(area.length * 0.62, across, area.length * 0.38, 3000)
    _add(page, left, _story("远岫山林场"), replace(second, columns=3))
    _add(page, right, _story("且慢鼓掌"), replace(second, columns=2))
    return _sheet("yunbu-2024-04-12-p4", width, page)


def _front_main() -> Plane:
    """Where the lead stands on the front page."""
    return Plane(Box(MARGIN, 300, 2320 - MARGIN, 3300)).part(0, 0, (2320 - 2 * MARGIN) * 0.66, 3000)


def front_page() -> Sheet:
    """A front page whose lead goes on on page 3: photograph, framed article, briefs, a panel."""
    width = 2320
    design = _modern(28, title=92, columns=4, rule=None, gutter=1.6)
    page = Composition()
    area = Plane(Box(MARGIN, 70, width - MARGIN, 6000))
    across = _head(page, masthead(QINGDU, area.box, "left", Stroke.DOUBLE)) + 10
    main = area.part(0, across, area.length * 0.66, 3000)
    side = area.part(area.length * 0.685, across, area.length * 0.315, 3000)
    block = _lead(main)
    page.add(block)
    used = main.area(block.box).depth + 40
    page.elements.append(Rule(main.part(0, used - 20, main.length, 3).box))
    framed = replace(
        design,
        columns=2,
        gutter=1.2,
        frame=Stroke.SOLID,
        head=_sized(design.head, 56),
    )
    seeds = set_article(_story("老粮仓"), framed, side, "2")
    page.add(seeds)
    lower = main.from_across(used)
    school = replace(design, columns=3, head=_sized(design.head, 60), subhead=None)
    _add(page, lower.part(0, 0, lower.length * 0.74, 2000), _story("全市中小学"), school)
    bottom = max(e.box.bottom for e in page.elements)
    ad = lower.part(lower.length * 0.77, 0, lower.length * 0.23, bottom - lower.box.top)
    page.elements += advertisement(_advert("南渡老醋坊"), ad, design, np.random.default_rng(2))
    news = main.from_across(bottom + 40 - main.box.top)
    page.elements.append(Rule(news.part(0, -20, news.length, 3).box))
    _briefs(page, news, design, 6)
    depth = side.area(seeds.box).depth + 40
    bottom = max(e.box.bottom for e in page.elements)
    train = side.part(0, depth, side.length, bottom - side.box.top - depth)
    page.elements += advertisement(_advert("白鹭湖"), train, design, np.random.default_rng(8))
    return _sheet("qingdu-2024-03-18-p1", width, page)


def inside_page() -> Sheet:
    """Page 3 of the same issue: the rest of the lead, a comment in a frame, a table, a notice."""
    width = 2320
    design = _modern(28, title=92, columns=3, rule=None, gutter=1.6)
    page = Composition()
    area = Plane(Box(MARGIN, MARGIN, width - MARGIN, 6000))
    editors = "责编:穆清 美编:言午 校对:桑晓"
    across = _head(page, folio(QINGDU, area.box, "03", "要闻", editors))
    main = area.part(0, across, area.length * 0.58, 3000)
    side = area.part(area.length * 0.61, across, area.length * 0.39, 3000)
    story, rest = replace(_story("青渡港三号"), title=""), _lead(_front_main()).rest
    jump = Jump(back="（上接第一版）", back_page="1")
    block = set_article(story, design, main, "1", None, jump, rest)
    page.add(block)
    comment = replace(
        design, columns=1, frame=Stroke.DOUBLE, head=_sized(design.head, 64), drop_cap=2
    )
    page.add(set_article(_story("把“小账本”").cut(4), comment, side, "2"))
    below = main.from_across(main.area(block.box).depth + 50)
    tables = dict(load_rows("tables"))
    title = "昨日青渡港水文"
    half = below.part(0, 0, below.length * 0.46, 600)
    elements, depth = table(title, tables[title], half, design)
    page.elements += elements
    notice = below.part(below.length * 0.52, 0, below.length * 0.48, depth)
    page.elements += advertisement(_advert("遗失声明"), notice, design, np.random.default_rng(5))
    return _sheet("qingdu-2024-03-18-p3", width, page)


def vertical_page() -> Sheet:
    """A page of 1933: two bands of two tiers, lines from right to left, advertisements."""
    width, height = 2260, 2500
    body = Type(29, SONG_T)
    head = HeadStyle(
        Type(70, SONG_T, 900),
        Type(36, SONG_T, 600),
        Type(38, SONG_T, 600),
        Type(29, KAI_T),
        Fit.START,
        1.3,
    )
    design = Design(
        body, head, 2, gutter=1.4, leading=1.5, indent=1.0, rule=Stroke.SOLID, rightward=False
    )
    page = Composition()
    box = Box(MARGIN, 70, width - MARGIN, height - 70)
    used = _head(page, masthead(SONGLING, box, "rtl", Stroke.DOUBLE))
    area = Plane(Box(box.left, box.top + used, box.right, box.bottom), Direction.VERTICAL)
    gap = 30.0
    length = (area.length - gap) / 2
    upper, lower = (
        area.part(0, 0, length, area.depth),
        area.part(length + gap, 0, length, area.depth),
    )
    page.elements.append(Rule(area.part(length + gap / 2 - 1, 0, 3, area.depth).box))
    depth = _add(page, upper, _old("松陵水災"), design) + 30
    corner = replace(design, position=HeadPosition.CORNER, head=_sized(head, 58))
    depth += _add(page, upper.from_across(depth), _old("輪船公司"), corner) + 30
    _old_advert(page, upper.from_across(depth), "華孚綢緞局", design, 1)
    side = replace(design, position=HeadPosition.SIDE_START, head=_sized(head, 60))
    depth = _add(page, lower, _old("運動會"), replace(design, head=_sized(head, 62))) + 30
    depth += _add(page, lower.from_across(depth), _old("女子職業學校"), side) + 30
    depth += _add(page, lower.from_across(depth), _old("城內電燈廠"), corner) + 30
    _old_advert(page, lower.from_across(depth), "永安堂藥號", design, 4)
    sheet = _sheet("songling-1933-09-08-p2", width, page)
    return replace(sheet, language="zh-Hant")


def essay_page() -> Sheet:
    """No rules, narrow gutters, vertical headlines, a photograph that text runs around."""
    width = 2200
    design = _modern(30, title=78, columns=4, rule=None, gutter=1.1)
    page = Composition()
    area = Plane(Box(MARGIN, MARGIN, width - MARGIN, 6000))
    editors = "责编:阮青禾 美编:言午 校对:桑晓"
    across = _head(page, folio(LINZHU, area.box, "05", "副刊", editors))
    upright = replace(
        design,
        position=HeadPosition.SIDE_START,
        inset=Inset(0.5, 0.375, 14, 0.45, "雨后的渡口。 资料图片", 23),
    )
    across += _add(page, area.from_across(across), _story("渡口"), upright) + 55
    left = area.part(0, across, area.length * 0.49, 3000)
    right = area.part(area.length * 0.515, across, area.length * 0.485, 3000)
    depth = _add(
        page, left, _story("一碗面里"), replace(design, columns=2, head=_sized(design.head, 60))
    )
    middle = replace(
        design, columns=2, position=HeadPosition.SIDE_END, head=_sized(design.head, 64)
    )
    other = _add(page, right, _story("灯下补网"), middle)
    room = right.part(0, other + 40, right.length, max(200.0, depth - other - 40))
    page.elements += photo("图为南门老街夜景。", room, design, 31)
    return _sheet("linzhu-2024-05-06-p5", width, page)


SAMPLES = (
    Sample(
        "yunbu-2024-04-12/p4",
        broadsheet,
        Wear(0.5, 3.0, 0.12, 0.1, 3.5, 0.5, 0.06, 12, quality=80),
    ),
    Sample(
        "qingdu-2024-03-18/p1",
        front_page,
        Wear(-0.6, 3.0, 0.1, 0.12, 4.0, 0.5, 0.08, 15, quality=80),
    ),
    Sample(
        "qingdu-2024-03-18/p3",
        inside_page,
        Wear(0.8, 2.0, 0.1, 0.1, 4.0, 0.5, 0.08, 15, quality=80),
    ),
    Sample(
        "songling-1933-09-08/p2",
        vertical_page,
        Wear(-0.7, 4.0, 0.2, 0.16, 5.0, 0.6, 0.1, 30, paper=218, quality=80),
    ),
    Sample(
        "linzhu-2024-05-06/p5",
        essay_page,
        Wear(1.1, 5.0, 0.12, 0.14, 4.0, 0.5, 0.05, 15, fold=0.1, quality=80),
    ),
)


def _modern(size: float, title: float, columns: int, rule: Stroke | None, gutter: float) -> Design:
    head = HeadStyle(
        title=Type(title, HEI, 700),
        kicker=Type(1.25 * size, SONG),
        deck=Type(1.3 * size, KAI),
        byline=Type(size, KAI),
        fit=Fit.CENTRE,
    )
    return Design(Type(size, SONG), head, columns, gutter, rule=rule, subhead=Type(size, HEI, 700))


def _sized(head: HeadStyle, size: float) -> HeadStyle:
    return replace(head, title=head.title.sized(size))


def _find(start: str, *files: str) -> Story:
    found = [s for name in files for s in load_stories(name) if s.title.startswith(start)]
    return found[0]


def _story(start: str) -> Story:
    return _find(start, "reports", "comments", "essays")


def _old(start: str) -> Story:
    return _find(start, "republican")


def _advert(start: str) -> Story:
    return _find(start, "adverts", "adverts_republican")


def _lead(plane: Plane) -> Block:
    """The lead of the front page; what it leaves over is printed on page 3."""
    design = _modern(28, title=92, columns=4, rule=Stroke.SOLID, gutter=1.6)
    inset = Inset(0.5, 0.5, 13, 0.0, "三号泊位上，工人正在指挥装卸。 本报记者 陆行舟 摄", 11)
    jump = Jump("（下转第三版）", "3")
    return set_jumping(_story("青渡港三号"), replace(design, inset=inset), plane, "1", 900, jump)


def _head(page: Composition, head: tuple[list[Element], float]) -> float:
    """Adds the head of a page; the depth at which the first article begins."""
    elements, depth = head
    page.elements += elements
    return depth + 36


def _add(page: Composition, plane: Plane, story: Story, design: Design) -> float:
    """Adds an article at the start of a plane; the depth it took."""
    block = set_article(story, design, plane, page.numbers(1)[0])
    page.add(block)
    return plane.area(block.box).depth


def _ruled(page: Composition, area: Plane, across: float) -> float:
    """Adds a rule between articles; the depth at which the next one begins."""
    page.elements.append(Rule(area.part(0, across + 22, area.length, 3).box))
    return across + 48


def _briefs(page: Composition, plane: Plane, design: Design, count: int) -> None:
    stories = load_stories("briefs")[:count]
    page.add(set_running(stories, design, plane, page.numbers(count), None, "简讯"))


def _old_advert(page: Composition, plane: Plane, start: str, design: Design, seed: int) -> None:
    """An advertisement in all that is left of a band."""
    if plane.depth > 60:
        rng = np.random.default_rng(seed)
        page.elements += advertisement(_advert(start), plane, design, rng)


def _sheet(name: str, width: int, page: Composition) -> Sheet:
    """The page as a sheet that ends a margin below its last line."""
    bottom = union_boxes(e.box for e in page.elements).bottom
    return Sheet(
        name,
        width,
        int(bottom + MARGIN),
        tuple(page.elements),
        tuple(page.headings),
        tuple(page.joints),
        features=tuple(sorted(set(page.features))),
    )
