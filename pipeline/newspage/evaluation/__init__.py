"""Measure the quality of pages that were read: counts from their true text and the text made of it.

Pure functions: truth and record in, counts out. A truth file holds `articles` (`kicker`, `title`,
`deck`, `byline`, `paragraphs`), `other` (furniture, each with `text`) and `lines`; a record is the
page record of any program, ALTO or PAGE XML, or plain text with a blank line between paragraphs and
a line `* * *` between articles.

Unless a `Normalisation` says otherwise, texts are compared without white space, NFKC-folded
(full-width and half-width punctuation are equal), with quotation marks and dashes of one kind.
White space counts in the words alone, of scripts that set spaces between words.
"""

from newspage.evaluation.page_scores import (
    count_confusions,
    match_articles,
    measure_harm,
    score_page,
)
from newspage.evaluation.page_texts import (
    ArticleText,
    LineText,
    Normalisation,
    PageText,
    load_page_text,
    normalise_page,
    parse_page_json,
    parse_plain_text,
)
from newspage.evaluation.score_tables import format_report
from newspage.evaluation.scores import (
    EditCount,
    ErrorCount,
    FoundCount,
    HarmCount,
    QualityCount,
    Retrieval,
    Scores,
    scores_to_json,
)
from newspage.evaluation.word_errors import split_words

__all__ = [
    "ArticleText",
    "EditCount",
    "ErrorCount",
    "FoundCount",
    "HarmCount",
    "LineText",
    "Normalisation",
    "PageText",
    "QualityCount",
    "Retrieval",
    "Scores",
    "count_confusions",
    "format_report",
    "load_page_text",
    "match_articles",
    "measure_harm",
    "normalise_page",
    "parse_page_json",
    "parse_plain_text",
    "score_page",
    "scores_to_json",
    "split_words",
]
