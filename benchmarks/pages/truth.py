"""What a page says, exactly: the truth file beside a generated page.

    {"name", "size": [width, height], "dpi", "language", "features": [...],
     "articles": [{"id", "kicker", "title", "deck", "byline", "paragraphs": [...],
                   "continues", "continued_from"}],
     "other": [{"role", "text"}],
     "lines": [{"article", "role", "p", "text", "box": [left, top, right, bottom], "direction",
                "size", "places": [[start, end], ...]}],
     "joins": [{"kind", "article", "p", "before", "after"}],
     "pictures": [[left, top, right, bottom], ...]}

Lines are in reading order, and their boxes are those of the em, in pixels. `places` holds start
and end of each character along the line. Texts are as printed, white space aside.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.pages.browser import Places, Print
from benchmarks.pages.sheet import ARTICLE_ROLES, Heading, Picture, Role, SetLine, Sheet
from newspage.model import Direction

Truth = dict[str, Any]
"""A truth file as read from JSON."""

_JOINED_BY_SPACE = (Role.BYLINE, Role.DECK, Role.TITLE, Role.KICKER)


def truth_of(printed: Print, places: bool = False) -> Truth:
    """The truth of a printed sheet; `places` adds those of the characters."""
    sheet = printed.sheet
    lines = list(zip(sheet.lines, printed.places, strict=True))
    return {
        "name": sheet.name,
        "size": [sheet.width, sheet.height],
        "dpi": sheet.dpi,
        "language": sheet.language,
        "features": list(sheet.features),
        **texts_of(sheet),
        "lines": [_line(line, place, places) for line, place in lines],
        "joins": [
            {
                "kind": joint.kind,
                "article": joint.article,
                "p": joint.paragraph,
                "before": joint.before,
                "after": joint.after,
            }
            for joint in sheet.joints
        ],
        "pictures": [
            [round(v) for v in (e.box.left, e.box.top, e.box.right, e.box.bottom)]
            for e in sheet.elements
            if isinstance(e, Picture)
        ],
    }


def texts_of(sheet: Sheet) -> Truth:
    """The part of it that needs no print: what the articles say, and all else."""
    return {
        "articles": [_article(heading, sheet.lines) for heading in sheet.articles],
        "other": [
            {"role": str(line.role), "text": line.text} for line in sheet.lines if not line.article
        ],
    }


def _article(heading: Heading, lines: Iterable[SetLine]) -> Mapping[str, Any]:
    own = [line for line in lines if line.article == heading.id and line.role in ARTICLE_ROLES]
    paragraphs: dict[int, str] = {}
    for line in own:
        if line.role in (Role.BODY, Role.SUBHEAD):
            paragraphs[line.paragraph] = paragraphs.get(line.paragraph, "") + line.text
    parts = {
        role: " ".join(line.text for line in own if line.role is role) for role in _JOINED_BY_SPACE
    }
    return {
        "id": heading.id,
        "kicker": parts[Role.KICKER],
        "title": parts[Role.TITLE],
        "deck": parts[Role.DECK],
        "byline": parts[Role.BYLINE],
        "paragraphs": [paragraphs[n] for n in sorted(paragraphs)],
        "continues": heading.continues,
        "continued_from": heading.continued_from,
    }


def _line(line: SetLine, place: Places, with_places: bool) -> Mapping[str, Any]:
    found: dict[str, Any] = {
        "article": line.article,
        "role": str(line.role),
        "p": line.paragraph,
        "text": line.text,
        "box": _em_box(line, place),
        "direction": str(line.direction),
        "size": round(line.type.size, 1),
    }
    if with_places:
        leftward = line.direction is Direction.HORIZONTAL_RTL
        characters = place.characters[::-1] if leftward else place.characters
        found["places"] = [[round(a, 1), round(b, 1)] for a, b in characters]
    return found


def _em_box(line: SetLine, place: Places) -> list[int]:
    """The line's box: its characters along it, the em around its middle across it."""
    start = min(a for a, _ in place.characters)
    end = max(b for _, b in place.characters)
    if line.direction is Direction.VERTICAL:
        middle = line.box.center[0]
        box = (middle - line.type.size / 2, start, middle + line.type.size / 2, end)
    else:
        middle = line.box.center[1]
        box = (start, middle - line.type.size / 2, end, middle + line.type.size / 2)
    return [round(v) for v in box]


def write_truth(truth: Truth, path: Path) -> None:
    """Writes a truth file, one article, line or join on each of its lines."""
    parts = []
    for key, value in truth.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
            parts.append(f'"{key}": [\n  {rows}\n ]')
        else:
            parts.append(f'"{key}": {json.dumps(value, ensure_ascii=False)}')
    path.write_text("{" + ",\n ".join(parts) + "}\n", encoding="utf-8")
