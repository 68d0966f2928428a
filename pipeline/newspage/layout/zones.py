"""Parts of the page that are laid out by themselves: frames, panels, tables, turned text."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from newspage.chinese import SENTENCE
from newspage.geometry import Box, union_boxes
from newspage.layout.predicted_regions import select_predicted_tables
from newspage.layout.view import TurnedView
from newspage.model import AreaKind, Detection, Separator, TextLine

HELD = 0.7
"""Share of a line that lies in a zone, at least, if it belongs to it. Judgement."""
BODY_TYPE = 1.35
"""Em. Thinner lines are of body type; the box of a line is thicker than its em. Judgement."""
TURNED_LINES, TURNED_CHARACTERS = 4, 90
"""Lines and characters that text across the page has to be laid out by itself. Judgement: less of
it is a headline set across."""
TABLE_TITLE = 20
"""Characters of the title of a table at most. Judgement."""


@dataclass(frozen=True, slots=True)
class Zone:
    """Lines that are laid out together, and the area they stand in."""

    box: Box
    lines: tuple[TextLine, ...]
    kind: str
    """page | frame | panel | table | turned"""


def split_off_zones(
    detection: Detection, lines: Sequence[TextLine], em: float, view: TurnedView
) -> list[Zone]:
    """Return the zones inside a page, and the page with what is left last.

    Every line is in one zone.

    Args:
        detection: Tables, panels, frames and separators, in the working image.
        lines: Lines of the page without its masthead.
        em: Size of the body type in pixels.
        view: The direction of most text; lines in the other direction can be a zone of their own.
    """
    rest = list(lines)
    found: list[Zone] = []
    seen = select_predicted_tables(
        detection.select_predicted(AreaKind.TABLE), detection.tables, lines
    )
    areas = [("table", b) for b in (*detection.tables, *seen)] + [
        ("panel", b) for b in detection.panels
    ]
    page = union_boxes(line.box for line in lines)
    frames = [f for f in detection.frames if f.area < 0.5 * page.area]
    areas += [("frame", b) for b in sorted(frames, key=lambda f: f.area)]
    for kind, box in areas:
        inside = [line for line in rest if _holds(box, line)]
        if kind == "table":
            inside += [
                line for line in rest if line not in inside and _heads_table(line, box, lines)
            ]
        if kind == "frame" and not _is_closed(box, inside, rest, em, detection.separators):
            continue
        if inside:
            found.append(Zone(box, tuple(inside), kind))
            rest = [line for line in rest if line not in inside]
    for group in _turned(rest, em, view):
        found.append(Zone(union_boxes(line.box for line in group), tuple(group), "turned"))
        rest = [line for line in rest if line not in group]
    if rest:
        found.append(Zone(page, tuple(rest), "page"))
    return found


def _holds(box: Box, line: TextLine) -> bool:
    """Tell whether most of a line lies in a box."""
    shared = box.intersection(line.box)
    return shared is not None and shared.area >= HELD * line.box.area


def _heads_table(line: TextLine, table: Box, lines: Sequence[TextLine]) -> bool:
    """Tell whether a line alone right above a table is its title: text comes in several lines."""
    box = line.box
    if line.vertical or len(line.text) > TABLE_TITLE or SENTENCE.search(line.text):
        return False
    over = table.left < box.left and box.right < table.right
    close = -0.3 * box.height < table.top - box.bottom < box.height
    above = Box(box.left, box.top - box.height, box.right, box.top + 0.3 * box.height)
    return over and close and not any(o is not line and above.intersection(o.box) for o in lines)


def _is_closed(
    box: Box,
    inside: Sequence[TextLine],
    lines: Sequence[TextLine],
    em: float,
    rules: Sequence[Separator],
) -> bool:
    """Tell whether a frame stands around text of its own.

    A frame around a headline alone does not, nor one that text runs across, nor the cell that
    column rules form with the rules above and below an article: those go on past its corners.
    """
    body = [line for line in inside if min(line.box.width, line.box.height) < BODY_TYPE * em]
    cut = [
        line
        for line in lines
        if line not in inside and (s := box.intersection(line.box)) and s.area > 0.2 * line.box.area
    ]
    if len(body) < 3 or len(cut) * 8 > len(inside):
        return False
    horizontal, vertical = _overshooting(box, rules, em)
    # One of each is a frame whose sides another frame or a column rule happens to be in line with.
    return horizontal + vertical <= 1 or horizontal == vertical == 1


def _overshooting(box: Box, rules: Sequence[Separator], em: float) -> tuple[int, int]:
    """Return the number of horizontal and of vertical sides whose rule runs on past the corners."""
    sides = (
        (False, box.top, box.left, box.right),
        (False, box.bottom, box.left, box.right),
        (True, box.left, box.top, box.bottom),
        (True, box.right, box.top, box.bottom),
    )
    count = [0, 0]
    for vertical, at, start, end in sides:
        for rule in (r.box for r in rules if r.vertical is vertical):
            middle = rule.center[0] if vertical else rule.center[1]
            first, last = (rule.top, rule.bottom) if vertical else (rule.left, rule.right)
            if abs(middle - at) < em and min(last, end) - max(first, start) > 0.5 * (end - start):
                count[vertical] += first < start - 2 * em or last > end + 2 * em
                break
    return count[0], count[1]


def _turned(lines: Sequence[TextLine], em: float, view: TurnedView) -> list[list[TextLine]]:
    """Return groups of four or more body lines that run across the direction of the page."""
    across = [line for line in lines if line.vertical is not view.vertical]
    groups: list[list[TextLine]] = []
    for line in across:
        near = line.box.grown(1.3 * em)
        touching = [g for g in groups if any(near.intersection(o.box) for o in g)]
        for group in touching:
            groups.remove(group)
        groups.append([line, *(o for g in touching for o in g)])
    return [
        g
        for g in groups
        if len(g) >= TURNED_LINES
        and sum(len(o.text) for o in g) > TURNED_CHARACTERS
        and median(min(o.box.width, o.box.height) for o in g) < BODY_TYPE * em
        and median(max(o.box.width, o.box.height) for o in g) > 5 * em
    ]
