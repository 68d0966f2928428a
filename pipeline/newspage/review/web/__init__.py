"""The review page: a small web application for one person, or a few, on their own machine.

It talks to the review service only; pictures are cut from the scans. Nothing is fetched from
anywhere else.
"""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.review.web.reviewer_session import check_chosen_name
    from newspage.review.web.web_server import ListenOptions, serve_review
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "ListenOptions": "newspage.review.web.web_server",
            "check_chosen_name": "newspage.review.web.reviewer_session",
            "serve_review": "newspage.review.web.web_server",
        },
    )

__all__ = [
    "ListenOptions",
    "check_chosen_name",
    "serve_review",
]
