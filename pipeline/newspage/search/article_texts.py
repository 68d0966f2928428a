"""The texts of a page as the article index takes them: articles, and what belongs to none."""

import re
from collections.abc import Iterator

from newspage.chinese import fold_text
from newspage.edits import flatten_article
from newspage.model import HEADLINE_KINDS, ArticleRecord, PageRecord, Publication, join_chars
from newspage.store import IndexedText, ScanKey

ARTICLE = "article"
"""Kind of articles in the index; other texts have the kind of their region."""
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""Characters that no database takes; each becomes one other, so that places stay."""


def list_article_rows(
    record: PageRecord, key: ScanKey, stem: str, publication: Publication | None
) -> tuple[IndexedText, ...]:
    """Return the texts of a page, decisions in them as in its record; empty ones are left out.

    Args:
        record: The page.
        key: The scan that it was read from.
        stem: Its name below the output folder.
        publication: Paper, date and page number, as far as they are known.
    """
    known = publication or Publication("")
    date = known.date.isoformat() if known.date else ""
    return tuple(
        IndexedText(
            key,
            stem,
            number,
            article,
            kind,
            _make_storable(known.paper),
            date,
            _make_storable(known.page or ""),
            title,
            text,
            fold_text(text),
            len(fold_text(text[:head])),
        )
        for number, (article, kind, title, text, head) in enumerate(_list_texts(record))
    )


def _list_texts(record: PageRecord) -> Iterator[tuple[str, str, str, str, int]]:
    """Yield id, kind, title, text and length of the headlines of each text of a page."""
    for article in record.articles:
        flat = flatten_article(article)
        if flat.string:
            heads = [block.end for block in flat.blocks if block.kind in HEADLINE_KINDS]
            title = _make_storable(_find_title(article))
            yield article.id, ARTICLE, title, _make_storable(flat.string), max(heads, default=0)
    for piece in record.furniture:
        if piece.text:
            yield piece.region, piece.kind.value, "", _make_storable(piece.text), 0


def _find_title(article: ArticleRecord) -> str:
    """Return the headline of an article; what stands above or below it where it has none."""
    heads = (article.title, article.kicker, article.deck)
    return next(filter(None, map(join_chars, heads)), "").replace("\n", " ")


def _make_storable(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)
