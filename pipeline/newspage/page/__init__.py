"""One page, from pixels to its record: the straight line through the stages."""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.page.pipeline import read_page, read_page_rereadable
    from newspage.page.rereading import LineRereader
    from newspage.page.weighing import weigh_again
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "LineRereader": "newspage.page.rereading",
            "read_page": "newspage.page.pipeline",
            "read_page_rereadable": "newspage.page.pipeline",
            "weigh_again": "newspage.page.weighing",
        },
    )

__all__ = [
    "LineRereader",
    "read_page",
    "read_page_rereadable",
    "weigh_again",
]
