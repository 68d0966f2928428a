"""Articles that jump from page to page, followed over the pages of one issue.

A part that says 下转第3版 and a part on page 3 that says 上接第1版 belong together. Pure functions
over records.
"""

from newspage.issues.following import IssuePage, Key, Link
from newspage.issues.names import (
    FIRST,
    SECOND,
    issue_name,
    next_number,
    normal_number,
    page_numbers,
)
from newspage.issues.whole import join_issue, linked, meeting

__all__ = [
    "FIRST",
    "SECOND",
    "IssuePage",
    "Key",
    "Link",
    "issue_name",
    "join_issue",
    "linked",
    "meeting",
    "next_number",
    "normal_number",
    "page_numbers",
]
