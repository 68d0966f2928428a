"""What the review page refuses is said in the language of the person."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from newspage.desk.answers import stale, unknown
from newspage.review.security import NO_TOKEN
from newspage.review.texts import REFUSALS_ZH, refusal

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
        *(HERE / "desk").glob("*.py"),
        HERE / "review" / "app.py",
        HERE / "review" / "api.py",
        HERE / "review" / "html.py",
        HERE / "review" / "security.py",
    ]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            said = [a.value for a in node.args if isinstance(a, ast.Constant)]
            texts = [t for t in said if isinstance(t, str)]
            if node.func.id == "unknown" and texts:
                yield str(unknown(texts[0]))
            elif node.func.id in REFUSING and texts:
                yield " ".join(texts)


@pytest.mark.parametrize("message", sorted({*refusals(), str(stale()), NO_TOKEN}))
def test_every_refusal_is_known_in_chinese(message: str) -> None:
    """Nothing of it stays English but the names of options, and what stands in addresses."""
    said = refusal(message, "zh")
    for name in ("--read-only", "newspage review", "newspage", "token"):
        said = said.replace(name, "")
    assert not any(c.isascii() and c.isalpha() for c in said), said
    assert refusal(message, "en") == message


def test_there_are_refusals() -> None:
    """They are found in the code, and few words are kept for none."""
    assert len(set(refusals())) > 15
    assert all(k.strip() and v.strip() for k, v in REFUSALS_ZH.items())
