"""A sheet as HTML: every element in its place, every line its own box, nothing left to flow."""

import base64
import html
from collections.abc import Callable

import cv2

from benchmarks.pages.pictures import photograph
from benchmarks.pages.sheet import (
    Element,
    Fit,
    Frame,
    Panel,
    Picture,
    Rule,
    SetLine,
    Sheet,
    Stroke,
)
from newspage.geometry import Box
from newspage.model import Direction

_HEAD = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{name}</title>
<style>
html, body {{ margin: 0; background: #fff; }}
body {{ position: relative; width: {width}px; height: {height}px; overflow: hidden; }}
body > :not(script) {{ position: absolute; box-sizing: border-box; display: block; }}
body > .l {{ white-space: pre; display: flex; color: #0c0c0c; font-kerning: none; }}
.l > span {{ flex: none; transform-origin: 0 0; }}
.v {{ writing-mode: vertical-rl; text-orientation: mixed; }}
body > .w {{ color: #f8f8f8; }}
</style></head><body>
"""

# Spreads full lines, then writes down where every character stands. A line's own box is given in
# advance; only what the fonts decide is measured here.
_SCRIPT = """
<script>
{
  const found = [];
  for (const line of document.querySelectorAll('.l')) {
    const span = line.firstChild, text = span.firstChild;
    const v = line.classList.contains('v'), range = document.createRange();
    const room = v ? line.clientHeight : line.clientWidth;
    const stretch = parseFloat(line.dataset.stretch || '1');
    const extent = () => { const r = span.getBoundingClientRect(); return v ? r.height : r.width; };
    const spread = (to) => {
      const own = parseFloat(getComputedStyle(span).letterSpacing) || 0;
      span.style.letterSpacing = own + (to - extent() + own * stretch) / stretch
        / Math.max(1, [...text.data].length - 1) + 'px';
    };
    if (stretch !== 1) span.style.transform = v ? `scaleY(${stretch})` : `scaleX(${stretch})`;
    const size = parseFloat(getComputedStyle(span).fontSize);
    if (line.dataset.fit === 'justify' && room - extent() < 4 * size) spread(room);
    else if (extent() > room + 0.5) spread(room);
    const spacing = parseFloat(getComputedStyle(span).letterSpacing) || 0;
    const used = extent() - spacing * stretch;
    if (line.dataset.fit === 'centre') span.style.marginInlineStart = (room - used) / 2 + 'px';
    if (line.dataset.fit === 'end') span.style.marginInlineStart = (room - used) + 'px';
    const places = [];
    for (let i = 0; i < text.data.length; i++) {
      range.setStart(text, i); range.setEnd(text, i + 1);
      const r = range.getBoundingClientRect();
      places.push(v ? [r.top, r.bottom] : [r.left, r.right]);
    }
    const r = span.getBoundingClientRect();
    found.push({box: [r.left, r.top, r.right, r.bottom], places: places, spacing: spacing * stretch,
                over: used - room});
  }
  const out = document.createElement('script');
  out.type = 'application/json'; out.id = 'places'; out.textContent = JSON.stringify(found);
  document.body.appendChild(out);
}
</script>
"""


_MIRRORED = {Fit.START: Fit.END, Fit.END: Fit.START}


def to_html(sheet: Sheet) -> str:
    """The sheet as a page for the browser; `browser.print_sheet` shows how it is used."""
    head = _HEAD.format(
        language=sheet.language,
        name=html.escape(sheet.name),
        width=sheet.width,
        height=sheet.height,
    )
    return head + "\n".join(_element(e) for e in sheet.elements) + _SCRIPT + "</body></html>"


def _element(element: Element) -> str:
    drawn: dict[type, Callable[..., str]] = {
        SetLine: _line,
        Rule: _rule,
        Frame: _frame,
        Panel: _panel,
        Picture: _picture,
    }
    return drawn[type(element)](element)


def _position(box: Box) -> str:
    return (
        f"left:{box.left:.2f}px;top:{box.top:.2f}px;width:{box.width:.2f}px;"
        f"height:{box.height:.2f}px"
    )


def _line(line: SetLine) -> str:
    vertical = line.direction is Direction.VERTICAL
    leftward = line.direction is Direction.HORIZONTAL_RTL
    text = line.text[::-1] if leftward else line.text
    classes = "l" + (" v" if vertical else "") + (" w" if line.type.reversed else "")
    across = line.box.width if vertical else line.box.height
    style = (
        f"{_position(line.box)};font:{line.type.weight} {line.type.size:.2f}px/{across:.2f}px "
        f"{line.type.family}"
    )
    spacing = f"letter-spacing:{line.type.spacing}em" if line.type.spacing else ""
    fit = _MIRRORED.get(line.fit, line.fit) if leftward else line.fit
    data = f' data-fit="{fit}"' if fit is not Fit.START else ""
    data += f' data-stretch="{line.type.stretch}"' if line.type.stretch != 1 else ""
    return (
        f'<div class="{classes}" style="{html.escape(style)}"{data}>'
        f'<span style="{spacing}">{html.escape(text)}</span></div>'
    )


def _gray(light: float) -> str:
    level = round(255 * light)
    return f"rgb({level},{level},{level})"


def _rule(rule: Rule) -> str:
    upright = rule.box.height > rule.box.width
    side = "left" if upright else "top"
    thickness = rule.box.width if upright else rule.box.height
    if rule.stroke is Stroke.WAVY:
        return _wave(rule, upright)
    css = {Stroke.THICK_THIN: "double"}.get(rule.stroke, str(rule.stroke))
    return (
        f'<div style="{_position(rule.box)};'
        f'border-{side}:{thickness:.2f}px {css} {_gray(rule.light)}"></div>'
    )


def _wave(rule: Rule, upright: bool) -> str:
    """A wavy rule, drawn half a wave at a time."""
    box, radius = rule.box, max(3.0, (rule.box.width if upright else rule.box.height))
    long = box.height if upright else box.width
    steps = max(1, int(long / (2 * radius)))
    bends = "".join(
        f"q{(-1) ** i * radius:.1f},{radius:.1f} 0,{2 * radius:.1f}"
        if upright
        else f"q{radius:.1f},{(-1) ** i * radius:.1f} {2 * radius:.1f},0"
        for i in range(steps)
    )
    start = (
        f"M{box.center[0]:.1f},{box.top:.1f}" if upright else f"M{box.left:.1f},{box.center[1]:.1f}"
    )
    return (
        '<svg style="left:0;top:0;width:100%;height:100%"><path fill="none" '
        f'stroke="{_gray(rule.light)}" stroke-width="{max(1.5, radius / 3):.1f}" '
        f'd="{start}{bends}"/></svg>'
    )


def _frame(frame: Frame) -> str:
    css = {
        Stroke.DOUBLE: f"{3 * frame.thickness:.1f}px double",
        Stroke.THICK_THIN: f"{2.5 * frame.thickness:.1f}px solid",
        Stroke.WAVY: f"{frame.thickness:.1f}px solid",
    }.get(frame.stroke, f"{frame.thickness:.1f}px {frame.stroke}")
    drawn = f'<div style="{_position(frame.box)};border:{css} #111"></div>'
    if frame.stroke is Stroke.THICK_THIN:
        inner = frame.box.grown(-4.5 * frame.thickness)
        drawn += f'<div style="{_position(inner)};border:{frame.thickness:.1f}px solid #111"></div>'
    return drawn


def _panel(panel: Panel) -> str:
    return f'<div style="{_position(panel.box)};background:{_gray(panel.shade)}"></div>'


def _picture(picture: Picture) -> str:
    width, height = round(picture.box.width), round(picture.box.height)
    done, data = cv2.imencode(".png", photograph(picture.seed, max(width, 8), max(height, 8)))
    assert done
    code = base64.b64encode(data.tobytes()).decode("ascii")
    return f'<img style="{_position(picture.box)}" src="data:image/png;base64,{code}" alt="">'
