"""The review service: questions, answers, pages and what decisions taught. No HTTP in here."""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.review.service.article_finder import ArticleFinder, SearchQuery
    from newspage.review.service.decision_history import describe_decision
    from newspage.review.service.issue_search import SearchRequest
    from newspage.review.service.issue_shelf import IssueShelf, ShelvedIssue
    from newspage.review.service.page_edits import (
        ArticleLink,
        ArticleMove,
        JoinEdit,
        RegionMove,
        Signature,
        SignOff,
        TextEdit,
        TypedLine,
    )
    from newspage.review.service.request_errors import (
        BeyondError,
        NothingProposedError,
        ReadOnlyError,
        RequestError,
        TooLargeError,
        UnavailableError,
        UnknownError,
    )
    from newspage.review.service.review_service import ReviewService, StaleError
    from newspage.review.service.structure_desk import StructureDesk
    from newspage.review.service.structure_edits import StructureEdit
    from newspage.review.service.typed_lines import LineToType
    from newspage.review.service.view_rows import encode_scan_key
    from newspage.review.service.views import (
        LARGEST_ID,
        Answer,
        Quad,
        QuestionFilter,
        QuestionSummary,
        Receipt,
        Sort,
    )
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "Answer": "newspage.review.service.views",
            "ArticleFinder": "newspage.review.service.article_finder",
            "ArticleLink": "newspage.review.service.page_edits",
            "ArticleMove": "newspage.review.service.page_edits",
            "JoinEdit": "newspage.review.service.page_edits",
            "LARGEST_ID": "newspage.review.service.views",
            "BeyondError": "newspage.review.service.request_errors",
            "IssueShelf": "newspage.review.service.issue_shelf",
            "NothingProposedError": "newspage.review.service.request_errors",
            "Quad": "newspage.review.service.views",
            "QuestionFilter": "newspage.review.service.views",
            "QuestionSummary": "newspage.review.service.views",
            "ReadOnlyError": "newspage.review.service.request_errors",
            "Receipt": "newspage.review.service.views",
            "RegionMove": "newspage.review.service.page_edits",
            "RequestError": "newspage.review.service.request_errors",
            "ReviewService": "newspage.review.service.review_service",
            "SearchQuery": "newspage.review.service.article_finder",
            "SearchRequest": "newspage.review.service.issue_search",
            "ShelvedIssue": "newspage.review.service.issue_shelf",
            "SignOff": "newspage.review.service.page_edits",
            "Signature": "newspage.review.service.page_edits",
            "Sort": "newspage.review.service.views",
            "StaleError": "newspage.review.service.review_service",
            "StructureDesk": "newspage.review.service.structure_desk",
            "StructureEdit": "newspage.review.service.structure_edits",
            "TextEdit": "newspage.review.service.page_edits",
            "TooLargeError": "newspage.review.service.request_errors",
            "UnavailableError": "newspage.review.service.request_errors",
            "UnknownError": "newspage.review.service.request_errors",
            "encode_scan_key": "newspage.review.service.view_rows",
            "describe_decision": "newspage.review.service.decision_history",
            "TypedLine": "newspage.review.service.page_edits",
            "LineToType": "newspage.review.service.typed_lines",
        },
    )

__all__ = [
    "LARGEST_ID",
    "Answer",
    "ArticleFinder",
    "ArticleLink",
    "ArticleMove",
    "BeyondError",
    "IssueShelf",
    "JoinEdit",
    "LineToType",
    "NothingProposedError",
    "Quad",
    "QuestionFilter",
    "QuestionSummary",
    "ReadOnlyError",
    "Receipt",
    "RegionMove",
    "RequestError",
    "ReviewService",
    "SearchQuery",
    "SearchRequest",
    "ShelvedIssue",
    "SignOff",
    "Signature",
    "Sort",
    "StaleError",
    "StructureDesk",
    "StructureEdit",
    "TextEdit",
    "TooLargeError",
    "TypedLine",
    "UnavailableError",
    "UnknownError",
    "describe_decision",
    "encode_scan_key",
]
