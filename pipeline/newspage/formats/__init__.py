"""Render pages in the formats of people, archives and other programs, and as a picture."""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.formats.alto import DIRECTIONS, DOUBT_LEVELS, name_kind_tag
    from newspage.formats.article_addresses import (
        ArticleAddress,
        find_article_at,
        make_address,
        parse_address,
    )
    from newspage.formats.article_files import ARTICLE_FORMATS, ArticleFile, render_article
    from newspage.formats.characters import collect_printed_lines
    from newspage.formats.citations import CitedArticle, cite_article
    from newspage.formats.document import (
        IssueDocument,
        PackageChoices,
        PackageFile,
        PackageProfile,
        PageDocument,
        WrittenBeside,
    )
    from newspage.formats.exporters import (
        Exporter,
        FormatError,
        blame_format,
        find_exporter,
        lacks_pdf,
        load_exporters,
        render_document,
        require_page_renderer,
    )
    from newspage.formats.iiif import (
        COLLECTION_NAME,
        SEARCH_NAME,
        describe_served_image,
        list_served_issues,
        locate_canvas_box,
        locate_package,
        pack_served_issue,
    )
    from newspage.formats.kept_markup import PieceKind, parse_custom
    from newspage.formats.page_structure import IDEOGRAPHIC_DESCENT, RegionGroup, list_all_text
    from newspage.formats.page_xml import READINGS, describe_kind
    from newspage.formats.picture import draw_page
    from newspage.formats.plain_text import render_article_markdown, render_text
    from newspage.formats.scan_access import UnavailableScanError
    from newspage.formats.scan_crops import REACH, box_glyph, cut_strip, locate_span
    from newspage.formats.xml_tree import list_unwritable, make_identifier, parse_identifier
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "ArticleAddress": "newspage.formats.article_addresses",
            "find_article_at": "newspage.formats.article_addresses",
            "make_address": "newspage.formats.article_addresses",
            "parse_address": "newspage.formats.article_addresses",
            "ARTICLE_FORMATS": "newspage.formats.article_files",
            "ArticleFile": "newspage.formats.article_files",
            "CitedArticle": "newspage.formats.citations",
            "cite_article": "newspage.formats.citations",
            "render_article": "newspage.formats.article_files",
            "COLLECTION_NAME": "newspage.formats.iiif",
            "SEARCH_NAME": "newspage.formats.iiif",
            "describe_served_image": "newspage.formats.iiif",
            "list_served_issues": "newspage.formats.iiif",
            "locate_canvas_box": "newspage.formats.iiif",
            "locate_package": "newspage.formats.iiif",
            "pack_served_issue": "newspage.formats.iiif",
            "collect_printed_lines": "newspage.formats.characters",
            "DIRECTIONS": "newspage.formats.alto",
            "DOUBT_LEVELS": "newspage.formats.alto",
            "Exporter": "newspage.formats.exporters",
            "FormatError": "newspage.formats.exporters",
            "IDEOGRAPHIC_DESCENT": "newspage.formats.page_structure",
            "IssueDocument": "newspage.formats.document",
            "PackageChoices": "newspage.formats.document",
            "PackageFile": "newspage.formats.document",
            "PackageProfile": "newspage.formats.document",
            "PageDocument": "newspage.formats.document",
            "PieceKind": "newspage.formats.kept_markup",
            "REACH": "newspage.formats.scan_crops",
            "READINGS": "newspage.formats.page_xml",
            "RegionGroup": "newspage.formats.page_structure",
            "UnavailableScanError": "newspage.formats.scan_access",
            "WrittenBeside": "newspage.formats.document",
            "blame_format": "newspage.formats.exporters",
            "box_glyph": "newspage.formats.scan_crops",
            "cut_strip": "newspage.formats.scan_crops",
            "describe_kind": "newspage.formats.page_xml",
            "draw_page": "newspage.formats.picture",
            "find_exporter": "newspage.formats.exporters",
            "lacks_pdf": "newspage.formats.exporters",
            "list_all_text": "newspage.formats.page_structure",
            "list_unwritable": "newspage.formats.xml_tree",
            "load_exporters": "newspage.formats.exporters",
            "locate_span": "newspage.formats.scan_crops",
            "make_identifier": "newspage.formats.xml_tree",
            "name_kind_tag": "newspage.formats.alto",
            "parse_custom": "newspage.formats.kept_markup",
            "parse_identifier": "newspage.formats.xml_tree",
            "render_article_markdown": "newspage.formats.plain_text",
            "render_document": "newspage.formats.exporters",
            "render_text": "newspage.formats.plain_text",
            "require_page_renderer": "newspage.formats.exporters",
        },
    )

__all__ = [
    "ARTICLE_FORMATS",
    "COLLECTION_NAME",
    "DIRECTIONS",
    "DOUBT_LEVELS",
    "IDEOGRAPHIC_DESCENT",
    "REACH",
    "READINGS",
    "SEARCH_NAME",
    "ArticleAddress",
    "ArticleFile",
    "CitedArticle",
    "Exporter",
    "FormatError",
    "IssueDocument",
    "PackageChoices",
    "PackageFile",
    "PackageProfile",
    "PageDocument",
    "PieceKind",
    "RegionGroup",
    "UnavailableScanError",
    "WrittenBeside",
    "blame_format",
    "box_glyph",
    "cite_article",
    "collect_printed_lines",
    "cut_strip",
    "describe_kind",
    "describe_served_image",
    "draw_page",
    "find_article_at",
    "find_exporter",
    "lacks_pdf",
    "list_all_text",
    "list_served_issues",
    "list_unwritable",
    "load_exporters",
    "locate_canvas_box",
    "locate_package",
    "locate_span",
    "make_address",
    "make_identifier",
    "name_kind_tag",
    "pack_served_issue",
    "parse_address",
    "parse_custom",
    "parse_identifier",
    "render_article",
    "render_article_markdown",
    "render_document",
    "render_text",
    "require_page_renderer",
]
