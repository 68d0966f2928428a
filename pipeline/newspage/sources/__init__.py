"""Read the files of other programs, ALTO, PAGE XML and hOCR, as pages in their own units.

`source_reader` parses a file safely into plain elements; `alto_source`, `page_source` and
`hocr_source` turn those into a `SourcePage`. `newspage.importing` makes page records of them,
`newspage.evaluation` texts to compare with.
"""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.sources.alto_source import read_alto
    from newspage.sources.hocr_source import read_hocr
    from newspage.sources.page_source import read_page
    from newspage.sources.source_page import (
        LengthUnit,
        SourceArticle,
        SourceGlyph,
        SourceLine,
        SourcePage,
        SourceRegion,
        SourceWord,
        parse_number,
    )
    from newspage.sources.source_reader import SourceElement, SourceError, parse_source, read_source
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "LengthUnit": "newspage.sources.source_page",
            "SourceArticle": "newspage.sources.source_page",
            "SourceElement": "newspage.sources.source_reader",
            "SourceError": "newspage.sources.source_reader",
            "SourceGlyph": "newspage.sources.source_page",
            "SourceLine": "newspage.sources.source_page",
            "SourcePage": "newspage.sources.source_page",
            "SourceRegion": "newspage.sources.source_page",
            "SourceWord": "newspage.sources.source_page",
            "parse_number": "newspage.sources.source_page",
            "parse_source": "newspage.sources.source_reader",
            "read_alto": "newspage.sources.alto_source",
            "read_hocr": "newspage.sources.hocr_source",
            "read_page": "newspage.sources.page_source",
            "read_source": "newspage.sources.source_reader",
        },
    )

__all__ = [
    "LengthUnit",
    "SourceArticle",
    "SourceElement",
    "SourceError",
    "SourceGlyph",
    "SourceLine",
    "SourcePage",
    "SourceRegion",
    "SourceWord",
    "parse_number",
    "parse_source",
    "read_alto",
    "read_hocr",
    "read_page",
    "read_source",
]
