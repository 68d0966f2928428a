"""Issues for IIIF viewers: manifests, pictures by the Image API 3, search by the Search API 2."""

import re
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from newspage.formats import COLLECTION_NAME, SEARCH_NAME, describe_served_image, list_served_issues
from newspage.review.service import (
    RequestError,
    ReviewService,
    SearchRequest,
    ShelvedIssue,
    UnknownError,
    encode_scan_key,
)
from newspage.review.web.endpoints import TheDesk, parse_words_wanted
from newspage.review.web.image_requests import MOST_PIXELS, parse_image_request
from newspage.review.web.scan_pictures import ScanPictures
from newspage.review.web.security import IIIF

router = APIRouter()
_PLACE = re.compile(
    r"(?P<place>.+)/(?P<name>manifest\.json|search|images/(?P<number>\d{1,6})(?P<asked>/.*)?"
    r"|(?:lines|alto|text|articles)/[\w.]+)"
)
_LINKED = "application/ld+json"
_TYPES = {
    ".xml": "application/xml",
    ".md": "text/markdown; charset=utf-8",
}
_KEPT = "private, max-age=86400"
"""Pictures: the address of one names a page, whose scan may be read anew."""


@router.api_route(IIIF + "{path:path}", methods=["GET", "HEAD"])
def get_iiif(path: str, request: Request, service: TheDesk) -> Response:
    """Return what an address below that of IIIF names."""
    base = f"{request.url.scheme}://{request.headers.get('host', '')}{IIIF.rstrip('/')}"
    if path == COLLECTION_NAME:
        return _answer_json(request, list_served_issues(base, service.issues.list_places()))
    found = _PLACE.fullmatch(path)
    if found is None:
        raise UnknownError("issue-part-unknown")
    issue = service.issues.load_issue(found["place"], base)
    if found["name"] == SEARCH_NAME:
        return _answer_search(request, service, issue)
    if found["number"] is not None:
        address = f"{base}/{quote(found['place'])}/images/{found['number']}"
        return _answer_image(request, issue, int(found["number"]), found["asked"] or "", address)
    data = issue.files.get(found["name"])
    if data is None:
        raise UnknownError("issue-part-unknown")
    ending = found["name"][found["name"].rindex(".") :]
    if ending == ".json":
        return _answer_json(request, data)
    return Response(data, media_type=_TYPES[ending])


def _answer_search(request: Request, service: ReviewService, issue: ShelvedIssue) -> Response:
    """Return what a search within an issue found."""
    query = request.query_params
    wanted = SearchRequest(
        parse_words_wanted(query),
        tuple(query.get("motivation", "").split()),
        _parse_page(query.get("page", "1")),
        tuple(sorted({*query} - {"q", "motivation", "page"})),
    )
    found = service.search_issue(issue, wanted)
    return _answer_json(request, msgspec.json.encode(found))


def _parse_page(text: str) -> int:
    """Return the number of a page of results."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**6):
        raise RequestError("address-unclear", part="page")
    return int(text)


def _answer_image(
    request: Request, issue: ShelvedIssue, number: int, asked: str, address: str
) -> Response:
    """Return a picture of a page, or its description; redirect to that from the bare address."""
    stems = issue.document.stems
    if not 1 <= number <= len(stems):
        raise UnknownError("issue-part-unknown")
    if asked in ("", "/"):
        return RedirectResponse(f"{address}/info.json", 303)
    scan = issue.document.load_page(stems[number - 1]).record.page.scan
    if asked == "/info.json":
        described = describe_served_image(scan.width, scan.height, address, MOST_PIXELS)
        return _answer_json(request, described)
    wanted = parse_image_request(asked[1:], scan.width, scan.height)
    pictures: ScanPictures = request.app.state.pictures
    data = pictures.cut_image(encode_scan_key((scan.sha256, scan.frame)), wanted)
    if not data:
        raise UnknownError("scan-part-empty")
    kind = "image/png" if wanted.format == "png" else "image/jpeg"
    return Response(data, media_type=kind, headers={"Cache-Control": _KEPT})


def _answer_json(request: Request, data: bytes) -> Response:
    """Return JSON, as linked data where that is asked for."""
    linked = _LINKED in request.headers.get("accept", "")
    kind = _LINKED if linked else "application/json"
    return Response(data, media_type=kind, headers={"Vary": "Accept"})
