"""newspage: scans of newspaper pages, Chinese first, into clean article text.

    import newspage

    reader = newspage.Reader()
    for page in reader.read("scans/p3.tif"):
        print(page.articles[0].title, page.articles[0].text)
        newspage.export(page, "alto", "p3.alto.xml")

The names below are what other programs may rely on; `docs/api.md` shows each of them. They are
loaded when first used, so that importing the package costs nothing.
"""

from typing import TYPE_CHECKING

from newspage.face import load_on_use
from newspage.version import __version__

if TYPE_CHECKING:
    from newspage.api import (
        Article,
        Page,
        Reader,
        apply_decisions,
        correct_text,
        evaluate,
        export,
        list_formats,
        load_decisions,
        load_issue,
        load_page,
        recorrect,
    )
    from newspage.config import Config
    from newspage.errors import NewspageError
    from newspage.model import Correction
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "Article": "newspage.api",
            "Config": "newspage.config",
            "Correction": "newspage.model",
            "NewspageError": "newspage.errors",
            "Page": "newspage.api",
            "Reader": "newspage.api",
            "apply_decisions": "newspage.api",
            "correct_text": "newspage.api",
            "evaluate": "newspage.api",
            "export": "newspage.api",
            "list_formats": "newspage.api",
            "load_decisions": "newspage.api",
            "load_issue": "newspage.api",
            "load_page": "newspage.api",
            "recorrect": "newspage.api",
        },
    )

__all__ = [
    "Article",
    "Config",
    "Correction",
    "NewspageError",
    "Page",
    "Reader",
    "__version__",
    "apply_decisions",
    "correct_text",
    "evaluate",
    "export",
    "list_formats",
    "load_decisions",
    "load_issue",
    "load_page",
    "recorrect",
]


def __dir__() -> list[str]:
    return __all__
