"""Measure the quality of pages that were read: counts from their true text and the text made of it.

Pure functions: truth and record in, counts out. A truth file holds `articles` (`kicker`, `title`,
`deck`, `byline`, `paragraphs`), `other` (furniture, each with `text`) and `lines`; a record is the
page record of any program, ALTO or PAGE XML, or plain text with a blank line between paragraphs and
a line `* * *` between articles.

Unless a `Normalisation` says otherwise, texts are compared without white space, NFKC-folded
(full-width and half-width punctuation are equal), with quotation marks and dashes of one kind.
White space counts in the words alone, of scripts that set spaces between words.
"""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.evaluation.page_pairs import (
        ScoredPage,
        UnscoredPage,
        pair_pages,
        score_files,
        score_pairs,
    )
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
    from newspage.evaluation.quality_report import ReportTask, render_quality_report
    from newspage.evaluation.score_tables import (
        format_folder_report,
        format_report,
        list_figures,
        render_score_csv,
        render_score_json,
    )
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
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "ArticleText": "newspage.evaluation.page_texts",
            "EditCount": "newspage.evaluation.scores",
            "ErrorCount": "newspage.evaluation.scores",
            "FoundCount": "newspage.evaluation.scores",
            "HarmCount": "newspage.evaluation.scores",
            "LineText": "newspage.evaluation.page_texts",
            "Normalisation": "newspage.evaluation.page_texts",
            "PageText": "newspage.evaluation.page_texts",
            "QualityCount": "newspage.evaluation.scores",
            "ReportTask": "newspage.evaluation.quality_report",
            "Retrieval": "newspage.evaluation.scores",
            "ScoredPage": "newspage.evaluation.page_pairs",
            "Scores": "newspage.evaluation.scores",
            "UnscoredPage": "newspage.evaluation.page_pairs",
            "count_confusions": "newspage.evaluation.page_scores",
            "format_folder_report": "newspage.evaluation.score_tables",
            "format_report": "newspage.evaluation.score_tables",
            "list_figures": "newspage.evaluation.score_tables",
            "load_page_text": "newspage.evaluation.page_texts",
            "match_articles": "newspage.evaluation.page_scores",
            "measure_harm": "newspage.evaluation.page_scores",
            "normalise_page": "newspage.evaluation.page_texts",
            "pair_pages": "newspage.evaluation.page_pairs",
            "parse_page_json": "newspage.evaluation.page_texts",
            "parse_plain_text": "newspage.evaluation.page_texts",
            "render_quality_report": "newspage.evaluation.quality_report",
            "render_score_csv": "newspage.evaluation.score_tables",
            "render_score_json": "newspage.evaluation.score_tables",
            "score_files": "newspage.evaluation.page_pairs",
            "score_page": "newspage.evaluation.page_scores",
            "score_pairs": "newspage.evaluation.page_pairs",
            "scores_to_json": "newspage.evaluation.scores",
            "split_words": "newspage.evaluation.word_errors",
        },
    )

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
    "ReportTask",
    "Retrieval",
    "ScoredPage",
    "Scores",
    "UnscoredPage",
    "count_confusions",
    "format_folder_report",
    "format_report",
    "list_figures",
    "load_page_text",
    "match_articles",
    "measure_harm",
    "normalise_page",
    "pair_pages",
    "parse_page_json",
    "parse_plain_text",
    "render_quality_report",
    "render_score_csv",
    "render_score_json",
    "score_files",
    "score_page",
    "score_pairs",
    "scores_to_json",
    "split_words",
]
