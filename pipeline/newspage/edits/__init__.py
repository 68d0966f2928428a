"""Edits of an article: its text as one string, and corrections that can be undone."""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.edits.clean_text import (
        derive_article,
        derive_articles,
        derive_page,
        list_corrected_blocks,
    )
    from newspage.edits.edit_script import (
        STANDING,
        PlanError,
        apply_corrections,
        apply_to_chars,
        locate_in_clean_text,
        record_removed,
        select_effective,
    )
    from newspage.edits.flat_text import (
        BREAK,
        HEADS,
        FlatText,
        TextPart,
        flatten_article,
        is_part_break,
        split_into_single_chars,
    )
    from newspage.edits.line_spans import PrintedSpan, locate_line_texts
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "BREAK": "newspage.edits.flat_text",
            "FlatText": "newspage.edits.flat_text",
            "HEADS": "newspage.edits.flat_text",
            "PlanError": "newspage.edits.edit_script",
            "STANDING": "newspage.edits.edit_script",
            "TextPart": "newspage.edits.flat_text",
            "apply_corrections": "newspage.edits.edit_script",
            "apply_to_chars": "newspage.edits.edit_script",
            "derive_article": "newspage.edits.clean_text",
            "derive_articles": "newspage.edits.clean_text",
            "derive_page": "newspage.edits.clean_text",
            "flatten_article": "newspage.edits.flat_text",
            "is_part_break": "newspage.edits.flat_text",
            "list_corrected_blocks": "newspage.edits.clean_text",
            "locate_in_clean_text": "newspage.edits.edit_script",
            "record_removed": "newspage.edits.edit_script",
            "select_effective": "newspage.edits.edit_script",
            "split_into_single_chars": "newspage.edits.flat_text",
            "PrintedSpan": "newspage.edits.line_spans",
            "locate_line_texts": "newspage.edits.line_spans",
        },
    )

__all__ = [
    "BREAK",
    "HEADS",
    "STANDING",
    "FlatText",
    "PlanError",
    "PrintedSpan",
    "TextPart",
    "apply_corrections",
    "apply_to_chars",
    "derive_article",
    "derive_articles",
    "derive_page",
    "flatten_article",
    "is_part_break",
    "list_corrected_blocks",
    "locate_in_clean_text",
    "locate_line_texts",
    "record_removed",
    "select_effective",
    "split_into_single_chars",
]
