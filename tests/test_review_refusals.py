"""What the review page refuses is said in the language of the person."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from newspage.review.service.answers import make_stale_error, make_unknown_error
from newspage.review.web.security import NO_TOKEN
from newspage.review.web.translations import REFUSALS_ZH, translate_refusal

HERE = Path(__file__).parent.parent / "pipeline" / "newspage"
REFUSING = {
    "UsageError",
    "ReadOnlyError",
    "UnknownError",
    "StaleError",
    "HTTPException",
    "NothingProposedError",
    "no",
}


def refusals() -> Iterator[str]:
    """Every refusal that is written out in the code that answers the browser."""
    for path in [
        *(HERE / "review" / "service").glob("*.py"),
        HERE / "review" / "web" / "app.py",
        HERE / "review" / "web" / "endpoints.py",
        HERE / "review" / "web" / "html_pages.py",
        HERE / "review" / "web" / "security.py",
    ]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            said = [a.value for a in node.args if isinstance(a, ast.Constant)]
            texts = [t for t in said if isinstance(t, str)]
            if node.func.id == "make_unknown_error" and texts:
                yield str(make_unknown_error(texts[0]))
            elif node.func.id in REFUSING and texts:
                yield " ".join(texts)


@pytest.mark.parametrize("message", sorted({*refusals(), str(make_stale_error()), NO_TOKEN}))
def test_every_refusal_is_known_in_chinese(message: str) -> None:
    """Nothing of it stays English but the names of options, and what stands in addresses."""
    said = translate_refusal(message, "zh")
    for name in ("--read-only", "newspage review", "newspage", "token"):
        said = said.replace(name, "")
    assert not any(c.isascii() and c.isalpha() for c in said), said
    assert translate_refusal(message, "en") == message


def test_there_are_refusals() -> None:
    """They are found in the code, and few words are kept for none."""
    assert len(set(refusals())) > 15
    assert all(k.strip() and v.strip() for k, v in REFUSALS_ZH.items())
