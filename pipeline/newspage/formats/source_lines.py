"""Say of each article of a page where it is from: paper, day, page, and what it is cited by."""

from newspage.formats.article_addresses import make_address
from newspage.formats.document import PageDocument
from newspage.formats.text_language import LanguageCount
from newspage.issues import IssuePage, find_page_numbers
from newspage.model import ArticleRecord, Publication


def describe_sources(document: PageDocument) -> dict[str, str]:
    """Return the source of each article of a page by its id, on one line.

    The number of the page is called as in the language of the article.
    """
    published = document.publication or Publication("")
    numbers = find_page_numbers(document.publication, document.record)
    pieces = IssuePage(document.name, numbers, document.record).list_pieces()
    day = published.date.isoformat() if published.date else ""
    found = {}
    for piece in pieces:
        page = _name_page(piece.article, piece.part.page)
        address = str(make_address(document.record, piece.article))
        found[piece.article.id] = ", ".join(filter(None, (published.paper, day, page, address)))
    return found


def _name_page(article: ArticleRecord, number: str) -> str:
    """Return what the page of an article is called; empty where its number is not known."""
    if not number:
        return ""
    language = LanguageCount()
    for paragraph in article.paragraphs:
        language.add_text(paragraph.text)
    return f"第{number}版" if language.is_chinese else f"page {number}"
