"""The JSON interface to the structure of a page: its lines and regions, and edits of them."""

from fastapi import APIRouter, Response

from newspage.review.service import Signature, StructureEdit
from newspage.review.web.endpoints import Once, Raw, TheDesk, Who, encode_response, read

router = APIRouter(prefix="/api")


@router.get("/structure")
def get_structure(stem: str, service: TheDesk) -> Response:
    """Return the regions of a page with their lines, and which parts are printed on which."""
    return encode_response(service.structure.show_structure(stem))


@router.post("/structure")
def post_structure(raw: Raw, service: TheDesk, who: Who, key: Once) -> Response:
    """Arrange lines, regions or articles of a page otherwise."""
    edit = read(raw, StructureEdit)
    receipt = service.structure.record_structure(edit, Signature(who.name, key))
    return encode_response({"receipts": (receipt,)})


@router.get("/jumps")
def get_jumps(stem: str, article: str, service: TheDesk, leaving: bool = True) -> Response:
    """Return the articles of the issue in which an article can go on, or come from."""
    choices = service.structure.list_jump_choices(stem, article, leaving)
    return encode_response({"items": choices})
