"""An existing text beside its scan: aligned, compared, corrected, reported."""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.collation.existing_text import (
        CorrectedText,
        correct_parts_with_scan,
        correct_text,
        correct_text_with_scan,
    )
    from newspage.collation.text_files import (
        CorrectedFile,
        correct_file,
        find_answers_path,
        flatten_page,
        make_lattice_scorer,
        read_correction_answers,
        read_scan,
        write_results,
    )
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "CorrectedFile": "newspage.collation.text_files",
            "CorrectedText": "newspage.collation.existing_text",
            "correct_file": "newspage.collation.text_files",
            "correct_parts_with_scan": "newspage.collation.existing_text",
            "correct_text": "newspage.collation.existing_text",
            "correct_text_with_scan": "newspage.collation.existing_text",
            "find_answers_path": "newspage.collation.text_files",
            "flatten_page": "newspage.collation.text_files",
            "make_lattice_scorer": "newspage.collation.text_files",
            "read_correction_answers": "newspage.collation.text_files",
            "read_scan": "newspage.collation.text_files",
            "write_results": "newspage.collation.text_files",
        },
    )

__all__ = [
    "CorrectedFile",
    "CorrectedText",
    "correct_file",
    "correct_parts_with_scan",
    "correct_text",
    "correct_text_with_scan",
    "find_answers_path",
    "flatten_page",
    "make_lattice_scorer",
    "read_correction_answers",
    "read_scan",
    "write_results",
]
