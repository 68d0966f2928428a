"""The files of an output folder, written from records and decisions."""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.output.article_indexer import ArticleIndexer, IndexChange
    from newspage.output.exports import ExportedPage, export_pages, list_lost_characters
    from newspage.output.holdings import (
        count_missing,
        count_outdated,
        require_apart,
        require_holdings,
        require_known,
        require_unread,
    )
    from newspage.output.index_file import write_index
    from newspage.output.issue_exports import (
        ExportPlan,
        export_issues,
        export_together,
        find_issues,
        list_lacks,
        make_single_issue,
        open_issue,
        plan_export,
        render_issue,
        write_issue,
    )
    from newspage.output.issue_files import join_issues, rejoin_issues
    from newspage.output.page_files import (
        LATTICES_SUFFIX,
        RECORD_SUFFIX,
        choose_output_formats,
        choose_packages,
        summarise_page,
    )
    from newspage.output.page_writer import PageWriter, ReadPage, make_page_writer
    from newspage.output.suggested_lines import (
        SuggestedLine,
        read_suggested_lines,
        write_suggested_lines,
    )
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "ArticleIndexer": "newspage.output.article_indexer",
            "ExportPlan": "newspage.output.issue_exports",
            "ExportedPage": "newspage.output.exports",
            "IndexChange": "newspage.output.article_indexer",
            "LATTICES_SUFFIX": "newspage.output.page_files",
            "PageWriter": "newspage.output.page_writer",
            "RECORD_SUFFIX": "newspage.output.page_files",
            "ReadPage": "newspage.output.page_writer",
            "choose_packages": "newspage.output.page_files",
            "choose_output_formats": "newspage.output.page_files",
            "count_missing": "newspage.output.holdings",
            "count_outdated": "newspage.output.holdings",
            "export_issues": "newspage.output.issue_exports",
            "export_pages": "newspage.output.exports",
            "export_together": "newspage.output.issue_exports",
            "find_issues": "newspage.output.issue_exports",
            "join_issues": "newspage.output.issue_files",
            "list_lacks": "newspage.output.issue_exports",
            "list_lost_characters": "newspage.output.exports",
            "make_page_writer": "newspage.output.page_writer",
            "make_single_issue": "newspage.output.issue_exports",
            "open_issue": "newspage.output.issue_exports",
            "plan_export": "newspage.output.issue_exports",
            "rejoin_issues": "newspage.output.issue_files",
            "render_issue": "newspage.output.issue_exports",
            "require_apart": "newspage.output.holdings",
            "require_holdings": "newspage.output.holdings",
            "require_known": "newspage.output.holdings",
            "require_unread": "newspage.output.holdings",
            "summarise_page": "newspage.output.page_files",
            "write_index": "newspage.output.index_file",
            "write_issue": "newspage.output.issue_exports",
            "SuggestedLine": "newspage.output.suggested_lines",
            "read_suggested_lines": "newspage.output.suggested_lines",
            "write_suggested_lines": "newspage.output.suggested_lines",
        },
    )

__all__ = [
    "LATTICES_SUFFIX",
    "RECORD_SUFFIX",
    "ArticleIndexer",
    "ExportPlan",
    "ExportedPage",
    "IndexChange",
    "PageWriter",
    "ReadPage",
    "SuggestedLine",
    "choose_output_formats",
    "choose_packages",
    "count_missing",
    "count_outdated",
    "export_issues",
    "export_pages",
    "export_together",
    "find_issues",
    "join_issues",
    "list_lacks",
    "list_lost_characters",
    "make_page_writer",
    "make_single_issue",
    "open_issue",
    "plan_export",
    "read_suggested_lines",
    "rejoin_issues",
    "render_issue",
    "require_apart",
    "require_holdings",
    "require_known",
    "require_unread",
    "summarise_page",
    "write_index",
    "write_issue",
    "write_suggested_lines",
]
