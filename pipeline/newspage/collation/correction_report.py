"""A report of corrections that a person reads: Markdown and HTML from the same rows."""

import base64
import html
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from newspage.collation.existing_text import CorrectedText
from newspage.correct import WordsLanguage, explain_correction, is_minor_rule
from newspage.edits import STANDING
from newspage.model import Correction, CorrectionStatus

CONTEXT = 14
"""Characters of context on both sides."""
LONGEST = 60
"""Characters of a text that are shown at most; the middle of a longer one is left out."""
MAX_ROWS = 5000
"""Rows at most, so that a browser still opens the report; the rest are in the page record."""

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Corrections of {}", "《{}》校改报告"),
    "applied": ("applied", "已改"),
    "proposed": ("proposed", "待定"),
    "accepted": ("accepted", "已采纳"),
    "rejected": ("left as it was", "不改"),
    "edited": ("decided otherwise", "另改"),
    "summary": ("Changes made: {}, questions left: {}.", "已改 {} 处，待定 {} 处。"),
    "held-back": (
        "Not asked, as others mend more: {} (--budget).",
        "另有 {} 处收效较小，这次不问（--budget）。",
    ),
    "decided": ("Decided by a person: {}.", "已由人答复 {} 处。"),
    "answers": (
        "To decide, write your answers into {} and give the same command again.",
        "如需答复，请填写 {}，再运行同一条命令。",
    ),
    "widths": (
        "Half-width marks made full-width in Chinese text: {}; they are not listed.",
        "另将 {} 处半角标点改为全角，不逐一列出。",
    ),
    "before": ("Before", "原文"),
    "after": ("After", "改后"),
    "reason": ("Reason", "理由"),
    "scan": ("Scan", "扫描图"),
    "sure": ("How sure", "把握"),
    "more": ("{} more are in the page record.", "另有 {} 处见记录文件。"),
    "none": ("Nothing was found.", "未发现问题。"),
    "deleted": ("nothing", "（删）"),
    "question": ("?", "？"),
}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One correction as it is shown."""

    number: int
    status: CorrectionStatus
    left: str
    original: str
    proposed: str
    right: str
    clean_left: str
    """The context before it in the clean text."""
    clean_right: str
    """The context after it in the clean text."""
    reason: str
    confidence: float
    crop: bytes = field(default=b"", repr=False)
    """The strip of the scan as PNG; empty without one."""

    @property
    def question(self) -> bool:
        """Tell whether a person has to say what belongs there: no change is known."""
        return self.original == self.proposed


@dataclass(frozen=True, slots=True)
class Report:
    """The content of a report, for every format it is rendered in."""

    name: str
    language: WordsLanguage
    rows: tuple[ReportRow, ...]
    counts: Mapping[CorrectionStatus, int]
    widths: int
    """Changes of width, which are counted and not listed."""
    omitted: int
    """Corrections beyond `MAX_ROWS`."""
    problems: tuple[str, ...]
    answers: str = ""
    """Name of the file for answers, beside the report; empty where there is nothing to answer."""

    def translate_key(self, key: str, *values: object) -> str:
        """Return a text of `WORDS` in the language of the report, with values put in."""
        return WORDS[key][self.language == "zh"].format(*values)


def build_report(
    corrected: CorrectedText,
    name: str,
    language: WordsLanguage = "en",
    crops: Mapping[str, bytes] | None = None,
    answers: str = "",
) -> Report:
    """Return the report of a corrected text.

    Args:
        corrected: The text and its corrections.
        name: The name of the text's file.
        language: The language of the report.
        crops: Pictures of places on the scan (PNG), by the ids of corrections.
        answers: The name of the file in which a person decides; empty without one.
    """
    listed = [c for c in corrected.corrections if not is_minor_rule(c.rule)]
    text, clean = corrected.text.string, corrected.clean
    places = _clean_places(corrected.corrections)
    rows = [
        _row(number, c, (text, clean), places[c.id], language, (crops or {}).get(c.id, b""))
        for number, c in enumerate(listed[:MAX_ROWS], 1)
    ]
    return Report(
        name,
        language,
        tuple(rows),
        Counter(c.status for c in corrected.corrections),
        len(corrected.corrections) - len(listed),
        len(listed) - len(rows),
        tuple(p.message for p in corrected.problems),
        answers,
    )


def _clean_places(corrections: Iterable[Correction]) -> dict[str, tuple[int, int]]:
    """Return the span of each correction in the clean text, by the correction's id."""
    places, shift = {}, 0
    for c in sorted(corrections, key=lambda c: c.span):
        words = c.proposed if c.status in STANDING else c.original
        start = c.span[0] + shift
        places[c.id] = (start, start + len(words))
        shift += len(words) - len(c.original)
    return places


def _row(
    number: int,
    c: Correction,
    texts: tuple[str, str],
    place: tuple[int, int],
    language: WordsLanguage,
    crop: bytes,
) -> ReportRow:
    """Return the row of a correction; `texts` are the old and the clean text."""
    left, right = _around(texts[0], *c.span)
    clean_left, clean_right = _around(texts[1], *place)
    return ReportRow(
        number,
        c.status,
        left,
        c.original,
        c.proposed,
        right,
        clean_left,
        clean_right,
        explain_correction(c, language),
        c.confidence,
        crop,
    )


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return `CONTEXT` characters before and after a span."""
    return _unix(text[max(0, start - CONTEXT) : start]), _unix(text[end : end + CONTEXT])


def render_markdown_report(report: Report, pictures: str = "") -> bytes:
    """Return the report as Markdown (UTF-8).

    `pictures` is the folder of the crops, as seen from the report; empty leaves them out.
    """
    lines = [
        f"# {_md(report.translate_key('title', report.name))}",
        "",
        _md(summarise_report(report)),
        "",
    ]
    if report.answers:
        lines += [_md(report.translate_key("answers", report.answers)), ""]
    lines += [f"**{_md(p)}**\n" for p in report.problems]
    if not report.rows:
        lines.append(_md(report.translate_key("none")))
    for row in report.rows:
        lines += _markdown_row(report, row, pictures)
    if report.omitted:
        lines += ["", _md(report.translate_key("more", report.omitted))]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _markdown_row(report: Report, row: ReportRow, pictures: str) -> list[str]:
    """Return the Markdown lines of a row."""
    status = (
        report.translate_key(row.status.value) if row.status.value in WORDS else row.status.value
    )
    before = f"{_md(row.left)}**{_md(_shown(row.original)) or '‸'}**{_md(row.right)}"
    after = f"{_md(row.clean_left)}**{_md(_new(report, row)) or '‸'}**{_md(row.clean_right)}"
    lines = [
        f"## {row.number}. {status} ({_sure(row)})",
        "",
        f"- {report.translate_key('before')}: {before}",
        f"- {report.translate_key('after')}: {after}",
        f"- {report.translate_key('reason')}: {_md(row.reason)}",
    ]
    if row.crop and pictures:
        lines += ["", f"![{row.number}]({pictures}/{row.number:04d}.png)"]
    return [*lines, ""]


_CSS = """
body{font:16px/1.6 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;
margin:2em auto;max-width:60em;padding:0 1em;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccc;padding:.4em;text-align:left;
vertical-align:top}del{background:#ffd9d9;text-decoration:line-through}ins{background:#d2f4d6;
text-decoration:none}mark{background:#fff0b3;color:inherit}td:last-child{white-space:nowrap}img{max-width:100%;display:block;margin-top:.3em}.applied{font-weight:600}
.problem{border-left:4px solid #b00;padding-left:.6em}
@media (prefers-color-scheme:dark){body{background:#181818;color:#e6e6e6}td,th{border-color:#444}
del{background:#5a2323}ins{background:#1f4a26}mark{background:#5a4a10}}
"""


def render_html_report(report: Report) -> bytes:
    """Return the report as one HTML file (UTF-8) that loads nothing from outside.

    All text is escaped: whatever it holds stays text.
    """
    title = _html(report.translate_key("title", report.name))
    head = "".join(
        f"<th scope=col>{_html(report.translate_key(k))}</th>"
        for k in ("before", "after", "reason", "sure")
    )
    body = "".join(_html_row(report, row) for row in report.rows)
    table = f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table>"
    problems = "".join(f"<p class=problem>{_html(p)}</p>" for p in report.problems)
    more = f"<p>{_html(report.translate_key('more', report.omitted))}</p>" if report.omitted else ""
    answers = (
        f"<p>{_html(report.translate_key('answers', report.answers))}</p>" if report.answers else ""
    )
    content = table if report.rows else f"<p>{_html(report.translate_key('none'))}</p>"
    language = "zh-Hans" if report.language == "zh" else "en"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_CSS}</style></head><body><h1>{title}</h1>"
        f"<p>{_html(summarise_report(report))}</p>{problems}{answers}{content}{more}</body></html>\n"
    ).encode("utf-8", "replace")


def _html_row(report: Report, row: ReportRow) -> str:
    """Return the HTML table row of a correction."""
    status = (
        report.translate_key(row.status.value) if row.status.value in WORDS else row.status.value
    )
    old, new = ("mark", "mark") if row.question else ("del", "ins")
    stands = f"<{old}>{_html(_shown(row.original))}</{old}>"
    wanted = f"<{new}>{_html(_new(report, row))}</{new}>"
    before = f"{_html(row.left)}{stands}{_html(row.right)}"
    after = f"{_html(row.clean_left)}{wanted}{_html(row.clean_right)}"
    picture = ""
    if row.crop:
        data = base64.b64encode(row.crop).decode("ascii")
        picture = (
            f'<img alt="{_html(report.translate_key("scan"))}" src="data:image/png;base64,{data}">'
        )
    return (
        f"<tr><td>{row.number}</td><td>{before}{picture}</td><td>{after}</td>"
        f"<td>{_html(row.reason)}</td>"
        f'<td class="{row.status.value}">{_html(status)} {_html(_sure(row))}</td></tr>'
    )


def _sure(row: ReportRow) -> str:
    """Return the confidence of a correction as a percentage; nothing is certain."""
    return "> 99%" if row.confidence > 0.99 else f"{row.confidence:.0%}"


def summarise_report(report: Report) -> str:
    """Return how many changes were made and left as questions, in one to three sentences."""
    made = report.counts.get(CorrectionStatus.APPLIED, 0) - report.widths
    said = [report.translate_key("summary", made, report.counts.get(CorrectionStatus.PROPOSED, 0))]
    decided = sum(report.counts.get(status, 0) for status in _DECIDED)
    if decided:
        said.append(report.translate_key("decided", decided))
    if report.widths:
        said.append(report.translate_key("widths", report.widths))
    return " ".join(said)


_DECIDED = (CorrectionStatus.ACCEPTED, CorrectionStatus.REJECTED, CorrectionStatus.EDITED)


def _new(report: Report, row: ReportRow) -> str:
    """Return the text that stands after a correction: the old one where it was rejected."""
    if row.status is CorrectionStatus.REJECTED:
        return _shown(row.original)
    return report.translate_key("question") if row.question else _shown(row.proposed)


def _shown(text: str) -> str:
    """Return a text short enough to show, its line breaks visible."""
    text = _unix(text).replace("\n\n", "¶").replace("\n", "↵")
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]}…{text[-half:]}"


def _unix(text: str) -> str:
    """Return a text with line breaks of one kind."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _visible(text: str) -> str:
    """Return a text without characters that a browser or a terminal could trip over."""
    return "".join(_sign(c) for c in text)


def _sign(character: str) -> str:
    """Return the visible sign for a character."""
    if character == "\n":
        return "¶"
    category = unicodedata.category(character)
    return "\ufffd" if category in ("Cs", "Cc") else character


def _html(text: str) -> str:
    """Return a text escaped for HTML."""
    return html.escape(_visible(text))


def _md(text: str) -> str:
    """Return a text as Markdown that shows just this text."""
    escaped = "".join(f"\\{c}" if c in "\\`*_[]#|~!" else c for c in _visible(text))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def name_crop_files(rows: Iterable[ReportRow]) -> dict[str, bytes]:
    """Return the pictures of the rows by the file names that the Markdown report uses."""
    return {f"{row.number:04d}.png": row.crop for row in rows if row.crop}


def list_report_lines(rows: Sequence[ReportRow]) -> list[str]:
    """Return the rows as lines for a terminal."""
    return [
        f"{row.status.value:8} {_sure(row):>5}  {_visible(row.left[-8:])}"
        f"[{_visible(_shown(row.original))} → {_wanted(row)}]"
        f"{_visible(row.right[:8])}  {row.reason}"
        for row in rows
    ]


def _wanted(row: ReportRow) -> str:
    """Return the proposed text for a terminal; a question mark where none is known."""
    return "?" if row.question else _visible(_shown(row.proposed))
