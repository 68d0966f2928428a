"""Cite a newspaper article: GB/T 7714-2015, Chicago (17th edition, bibliography) and BibTeX."""

import re
from dataclasses import dataclass
from datetime import date

_FIRST_WORDS = 20
"""Characters of the text by which an article without a headline is cited. Judgement."""
_ROLES = re.compile(
    r"^(?:本[报報刊社]|新华社|新華社|中央社)?(?:特派|特约|特約|驻\S{1,4}|駐\S{1,4})?"
    r"(?:记者|記者|通讯员|通訊員)\s*[:：]?\s*|^by\s+",
    re.IGNORECASE,
)
"""What stands before the names in a byline and is no part of them."""
_DATELINE = re.compile(r"^(?:本\S{0,4}|\S{0,4}社\S{0,4})?(?:讯|訊|电|電)$")
"""A byline that names no person: 本埠訊."""
_BETWEEN = re.compile(r"\s*[、，,；;]\s*")
_SEVERAL = re.compile(r"[\u3400-\u9fff]{2,4}(?: [\u3400-\u9fff]{2,4})+")
"""Names set apart by space alone."""
_SPACED = re.compile(
    r"(?<![\u3400-\u9fff])([\u3400-\u9fff])\s+([\u3400-\u9fff])(?![\u3400-\u9fff])"
)
"""A name of two characters, which print sets apart: 张　三."""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}


@dataclass(frozen=True, slots=True)
class CitedArticle:
    """What a citation says of an article, as it is printed."""

    title: str
    """Headline; empty where there is none."""
    byline: str
    text: str
    """How it begins, for one without a headline."""
    paper: str
    date: date | None
    pages: tuple[str, ...]
    """Numbers of the pages that print it."""
    id: str
    """What names it in newspage, and stays."""

    @property
    def authors(self) -> tuple[str, ...]:
        """Return the names in the byline."""
        line = _ROLES.sub("", " ".join(self.byline.split()))
        names = [_SPACED.sub(r"\1\2", name) for name in _BETWEEN.split(line)]
        if len(names) == 1 and _SEVERAL.fullmatch(names[0]):
            names = names[0].split()
        return tuple(name for name in names if name and not _DATELINE.match(name))

    @property
    def name(self) -> str:
        """Return the headline on one line; in brackets how the text begins where it has none."""
        if title := " ".join(self.title.split()):
            return title
        text = " ".join(self.text.split())
        return f"[{text[:_FIRST_WORDS]}{'…' if len(text) > _FIRST_WORDS else ''}]"


def cite_article(article: CitedArticle) -> dict[str, str]:
    """Return the citation of an article in each style, by the style's name.

    What is not known is left out. The styles are `gbt7714`, `chicago` and `bibtex`.
    """
    return {
        "gbt7714": _cite_chinese(article),
        "chicago": _cite_chicago(article),
        "bibtex": _cite_bibtex(article),
    }


def _cite_chinese(article: CitedArticle) -> str:
    """Return a citation by GB/T 7714-2015, with the code N for newspapers."""
    start = f"{', '.join(article.authors)}. " if article.authors else ""
    day = article.date.isoformat() if article.date else ""
    page = f"({', '.join(article.pages)})" if article.pages else ""
    where = ", ".join(filter(None, (article.paper, day)))
    return f"{start}{article.name}[N]." + (f" {where}{page}." if where or page else "")


def _cite_chicago(article: CitedArticle) -> str:
    """Return a citation as the bibliography of the Chicago Manual of Style has it."""
    authors = article.authors
    who = ", ".join(authors[:-1]) + " and " + authors[-1] if authors[1:] else "".join(authors)
    day = ""
    if article.date:
        day = f"{_MONTHS[article.date.month - 1]} {article.date.day}, {article.date.year}"
    pages = f"{'pp' if article.pages[1:] else 'p'}. {', '.join(article.pages)}"
    where = ", ".join(filter(None, (article.paper, day, pages if article.pages else "")))
    start = f"{who}{'' if who.endswith('.') else '.'} " if who else ""
    stop = "" if article.name[-1:] in ".?!？！。" else "."
    return f"{start}“{article.name}{stop}”" + (f" {where}." if where else "")


def _cite_bibtex(article: CitedArticle) -> str:
    """Return an entry for BibTeX and biblatex."""
    fields = {
        "author": " and ".join(f"{{{_escape_tex(name)}}}" for name in article.authors),
        "title": f"{{{_escape_tex(article.name)}}}",
        "journal": _escape_tex(article.paper),
        "year": str(article.date.year) if article.date else "",
        "month": str(article.date.month) if article.date else "",
        "day": str(article.date.day) if article.date else "",
        "pages": _escape_tex(", ".join(article.pages)),
        "entrysubtype": "newspaper",
        "note": f"newspage {article.id}",
    }
    rows = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@article{{newspage-{article.id},\n{rows}}}"


def _escape_tex(text: str) -> str:
    """Return a text as TeX sets it."""
    return "".join(_TEX.get(character, character) for character in text)
