"""Articles that jump from page to page, followed over the pages of one issue.

A part that says 下转第3版 and a part on page 3 that says 上接第1版 belong together. Pure functions
over records.
"""

from newspage.issues.following import ArticlePiece, IssuePage, Key, PartLink
from newspage.issues.issue_names import (
    FIRST,
    SECOND,
    find_page_numbers,
    increment_page_number,
    make_issue_name,
    normalise_page_number,
)
from newspage.issues.whole import (
    join_issue,
    join_parts,
    link_page,
    outline_issue,
    score_continuation,
)

__all__ = [
    "FIRST",
    "SECOND",
    "ArticlePiece",
    "IssuePage",
    "Key",
    "PartLink",
    "find_page_numbers",
    "increment_page_number",
    "join_issue",
    "join_parts",
    "link_page",
    "make_issue_name",
    "normalise_page_number",
    "outline_issue",
    "score_continuation",
]
