"""Knowledge of Chinese text: sentences and line roles, numerals, word frequencies."""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.chinese.folded_text import (
        FoldedText,
        fold_text,
        fold_with_origins,
        hash_folding,
    )
    from newspage.chinese.numerals import parse_page_number
    from newspage.chinese.sentences import (
        ADVERTISEMENT,
        CLOSING,
        FOLIO,
        JUMP_FROM,
        JUMP_TO,
        LABEL,
        MASTHEAD,
        OPENING,
        SENTENCE,
        SENTENCE_END,
        ends_sentence,
        looks_like_byline,
        looks_like_name,
        stops_a_sentence,
    )
    from newspage.chinese.word_list import (
        OWN_FORMS,
        Language,
        is_han,
        list_forms,
        list_simplified_only,
        load_word_list,
        map_standard_forms,
        map_to_simplified,
    )
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "ADVERTISEMENT": "newspage.chinese.sentences",
            "CLOSING": "newspage.chinese.sentences",
            "FOLIO": "newspage.chinese.sentences",
            "FoldedText": "newspage.chinese.folded_text",
            "JUMP_FROM": "newspage.chinese.sentences",
            "JUMP_TO": "newspage.chinese.sentences",
            "LABEL": "newspage.chinese.sentences",
            "Language": "newspage.chinese.word_list",
            "MASTHEAD": "newspage.chinese.sentences",
            "OPENING": "newspage.chinese.sentences",
            "OWN_FORMS": "newspage.chinese.word_list",
            "SENTENCE": "newspage.chinese.sentences",
            "SENTENCE_END": "newspage.chinese.sentences",
            "ends_sentence": "newspage.chinese.sentences",
            "fold_text": "newspage.chinese.folded_text",
            "fold_with_origins": "newspage.chinese.folded_text",
            "hash_folding": "newspage.chinese.folded_text",
            "is_han": "newspage.chinese.word_list",
            "list_forms": "newspage.chinese.word_list",
            "list_simplified_only": "newspage.chinese.word_list",
            "load_word_list": "newspage.chinese.word_list",
            "looks_like_byline": "newspage.chinese.sentences",
            "looks_like_name": "newspage.chinese.sentences",
            "map_standard_forms": "newspage.chinese.word_list",
            "map_to_simplified": "newspage.chinese.word_list",
            "parse_page_number": "newspage.chinese.numerals",
            "stops_a_sentence": "newspage.chinese.sentences",
        },
    )

__all__ = [
    "ADVERTISEMENT",
    "CLOSING",
    "FOLIO",
    "JUMP_FROM",
    "JUMP_TO",
    "LABEL",
    "MASTHEAD",
    "OPENING",
    "OWN_FORMS",
    "SENTENCE",
    "SENTENCE_END",
    "FoldedText",
    "Language",
    "ends_sentence",
    "fold_text",
    "fold_with_origins",
    "hash_folding",
    "is_han",
    "list_forms",
    "list_simplified_only",
    "load_word_list",
    "looks_like_byline",
    "looks_like_name",
    "map_standard_forms",
    "map_to_simplified",
    "parse_page_number",
    "stops_a_sentence",
]
