"""Render articles for people: plain text and Markdown."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from newspage.model import ArticlePart, ArticleRecord, PageRecord, join_chars

ARTICLE_BREAK = "* * *"
"""The line between two articles in plain text."""


_NO_SOURCES: Mapping[str, str] = MappingProxyType({})


def render_text(articles: Iterable[ArticleRecord], sources: Mapping[str, str] = _NO_SOURCES) -> str:
    """Render articles as plain text.

    Kicker, title, deck and byline have a line each; paragraphs are set apart by a blank line,
    articles by a line `* * *`. `sources` says by the ids of articles where they are from: a line in
    brackets below each.
    """
    blocks = ("\n\n".join(_blocks(article, sources.get(article.id, ""))) for article in articles)
    return f"\n\n{ARTICLE_BREAK}\n\n".join(block for block in blocks if block) + "\n"


def render_markdown(record: PageRecord, sources: Mapping[str, str] = _NO_SOURCES) -> str:
    """Render a page as Markdown: its articles, then furniture, then the unplaced lines.

    All text of the page stays text: nothing in it is taken for markup, a link or HTML. `sources`
    says by the ids of articles where they are from: a line below each.
    """
    parts = [_markdown_article(article, sources.get(article.id, "")) for article in record.articles]
    if record.furniture:
        items = (f"- *{f.kind.value}*: {_escaped(f.text)}" for f in record.furniture)
        parts.append(["## Furniture", "\n".join(items)])
    if record.page.unplaced:
        items = (f"- {_escaped(line.text)}" for line in record.page.unplaced)
        parts.append(["## Unplaced lines", "\n".join(items)])
    return "\n\n".join("\n\n".join(part) for part in parts) + "\n"


def render_article_markdown(article: ArticleRecord) -> str:
    """Render one article as Markdown."""
    return "\n\n".join(_markdown_article(article)) + "\n"


def _blocks(article: ArticleRecord, source: str) -> list[str]:
    """Return headline and paragraphs of an article as blocks of text, without empty ones."""
    blocks = ["\n".join(_one_line(join_chars(chars)) for chars in article.heads if chars)]
    blocks += [_one_line(paragraph.text) for paragraph in article.paragraphs]
    blocks = [block for block in blocks if block]
    return [*blocks, f"[{_one_line(source)}]"] if blocks and source else blocks


def _one_line(text: str) -> str:
    """Return a text with spaces for control characters and line breaks."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)


def _markdown_article(article: ArticleRecord, source: str = "") -> list[str]:
    """Return the blocks of an article as Markdown, where it is from at the end."""
    title = _escaped(join_chars(article.title))
    parts = [f"**{_escaped(join_chars(article.kicker))}**"] if article.kicker else []
    parts.append(f"## {title or 'Untitled'}")
    if article.deck:
        parts.append(f"### {_escaped(join_chars(article.deck))}")
    if article.byline:
        parts.append(f"*{_escaped(join_chars(article.byline))}*")
    if article.continued_from:
        parts.append(_jump("Continued from", article.continued_from, article.previous_part))
    parts += [_escaped(paragraph.text) for paragraph in article.paragraphs]
    if article.continues:
        parts.append(_jump("Continued on", article.continues, article.next_part))
    if source:
        parts.append(f"*[{_escaped(source)}]*")
    return parts


def _jump(words: str, page: str, part: ArticlePart | None) -> str:
    """Return a Markdown line that leads to the page where an article goes on or began."""
    where = f"page {_escaped(page)}"
    return f"*({words} {f'{where}: {_escaped(part.stem)}.md' if part else where})*"


_MARKUP = re.compile(r"[\\`*_\[\]#|~$^={}]|^[-+]|-(?=[-\s]|$)|:(?=//)|@|www")
"""Characters that Markdown or its usual extensions could take for markup or links."""
_COUNTED = re.compile(r"^\d{1,9}(?=[.)](?:\s|$))")
"""The number of a list's item, which begins a line; a number at a sentence's end is none."""


def _escaped(text: str) -> str:
    """Return Markdown that shows just this text."""
    text = _one_line(text).strip()
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _MARKUP.sub(lambda found: _literal(found.group()), text)
    return _COUNTED.sub(lambda found: found.group() + "\\", text)


def _literal(mark: str) -> str:
    """Escape a piece of text that could be markup."""
    return "&#119;" + mark[1:] if mark == "www" else "\\" + mark
