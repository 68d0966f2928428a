"""The pages that an archive is walked through by: start page, papers, issues, list of pages."""

from fastapi import APIRouter, Request, Response

from newspage.review.web.endpoints import TheDesk, parse_stretch
from newspage.review.web.html_pages import Who, render_template
from newspage.review.web.page_requests import (
    PAGE_CHOICES,
    PAGE_SORTS,
    parse_page_filter,
    parse_page_sort,
)

router = APIRouter()


@router.get("/")
def get_front(request: Request, service: TheDesk, who: Who) -> Response:
    """Render what there is, what is new, and what needs a person."""
    return render_template(request, who, "front", {"front": service.archive.show_front()})


@router.get("/paper")
def get_paper(
    request: Request, service: TheDesk, who: Who, paper: str = "", year: str = ""
) -> Response:
    """Render a paper with the calendar of one of its years."""
    view = service.archive.show_paper(paper, year)
    return render_template(request, who, "paper", {"view": view})


@router.get("/issue")
def get_issue(
    request: Request, service: TheDesk, who: Who, paper: str = "", date: str = ""
) -> Response:
    """Render the pages of an issue and what is printed on them."""
    return render_template(
        request, who, "issue", {"issue": service.archive.show_issue(paper, date)}
    )


@router.get("/pages")
def get_pages(request: Request, service: TheDesk, who: Who) -> Response:
    """Render the list of pages; the first stretch comes along."""
    query = request.query_params
    which, sort = parse_page_filter(query), parse_page_sort(query)
    pages, total = service.list_pages(which, sort, *parse_stretch(query), who.language)
    papers = [shelf.paper for shelf in service.archive.list_papers() if shelf.paper]
    data = {
        "pages": pages,
        "total": total,
        "filter": {
            "find": which.find,
            "paper": which.paper,
            "from": which.first,
            "to": which.last,
            "state": which.choice,
            "undated": "1" if which.undated else "",
        },
        "sort": sort,
        "sorts": tuple(PAGE_SORTS),
        "states": tuple(PAGE_CHOICES),
        "papers": papers,
    }
    return render_template(request, who, "pages", data)


@router.get("/character")
def get_character(
    request: Request, service: TheDesk, who: Who, c: str = "", paper: str = ""
) -> Response:
    """Render all places of a character."""
    sheet = service.characters.gather_places(c.strip(), paper)
    return render_template(request, who, "character", {"sheet": sheet, "paper": paper})
