"""Import pages that other programs read: ALTO, PAGE and hOCR files become page records."""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.importing.import_run import ImportRequest, PageImported, import_pages
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "ImportRequest": "newspage.importing.import_run",
            "PageImported": "newspage.importing.import_run",
            "import_pages": "newspage.importing.import_run",
        },
    )

__all__ = [
    "ImportRequest",
    "PageImported",
    "import_pages",
]
