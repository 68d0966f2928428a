"""Full-text search over the articles of an output folder: the one job of this package.

What is searched lies in the store (`ArticleIndex`); here are the texts that go into it, the words
that people type, the order of what was found, and the pieces of text that show it.
"""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.search.article_search import (
        ArticleSearch,
        RankedMatch,
        SearchHit,
        SearchResult,
        SearchSort,
    )
    from newspage.search.article_texts import ARTICLE, list_article_rows
    from newspage.search.hit_spans import Snippet, Span, cut_snippet, find_spans
    from newspage.search.result_table import render_results
    from newspage.search.search_filter import KINDS, make_filter
    from newspage.search.search_words import SearchWords, parse_words
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "ARTICLE": "newspage.search.article_texts",
            "ArticleSearch": "newspage.search.article_search",
            "KINDS": "newspage.search.search_filter",
            "RankedMatch": "newspage.search.article_search",
            "SearchHit": "newspage.search.article_search",
            "SearchResult": "newspage.search.article_search",
            "SearchSort": "newspage.search.article_search",
            "SearchWords": "newspage.search.search_words",
            "Snippet": "newspage.search.hit_spans",
            "Span": "newspage.search.hit_spans",
            "cut_snippet": "newspage.search.hit_spans",
            "find_spans": "newspage.search.hit_spans",
            "list_article_rows": "newspage.search.article_texts",
            "make_filter": "newspage.search.search_filter",
            "parse_words": "newspage.search.search_words",
            "render_results": "newspage.search.result_table",
        },
    )

__all__ = [
    "ARTICLE",
    "KINDS",
    "ArticleSearch",
    "RankedMatch",
    "SearchHit",
    "SearchResult",
    "SearchSort",
    "SearchWords",
    "Snippet",
    "Span",
    "cut_snippet",
    "find_spans",
    "list_article_rows",
    "make_filter",
    "parse_words",
    "render_results",
]
