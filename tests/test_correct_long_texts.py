"""Texts that are long, or made to take long: the work grows with them, not with their square."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.collation.existing_text import correct_text
from newspage.correct import text_input
from newspage.correct.detectors.broken_flow import FLOW_SPLIT
from newspage.correct.detectors.echo import ECHO
from newspage.correct.joining import join_blocks
from newspage.correct.proposal import Proposal
from newspage.correct.text_input import classify_blocks, read_text, split_into_chunks
from newspage.errors import InputError
from tests.correct_fakes import knowledge

LENGTH = 100_000
MOST_SECONDS = 30.0
"""Of the processor, thirty times what the slowest takes; by its square it would take over 90."""


@pytest.mark.parametrize(
    "unit",
    [
        "的",
        "a",
        "1",
        "“",
        "(市",
        "王记者说",
        "特别是",
        "一日，人",
        "1.5",
        "—",
        "我ab人",
        "你好啊、",
    ],
)
def test_the_same_again_and_again(unit: str) -> None:
    """On one line, as long as a piece that is examined at a time."""
    known = knowledge()
    correct_text(unit, known)
    start = time.process_time()
    done = correct_text(unit * (LENGTH // len(unit)), known)
    assert time.process_time() - start < MOST_SECONDS
    assert len(done.text.string) <= LENGTH


def test_it_is_told_how_far_it_is() -> None:
    """Piece by piece, up to the last character."""
    text = "市图书馆周末延时开放。\n\n" * 30_000
    told: list[tuple[int, int]] = []
    correct_text(text, knowledge(), told=lambda done, of: told.append((done, of)))
    assert told == [(at + len(piece), len(text)) for at, piece in split_into_chunks(text)]
    assert len(told) > 2
    assert told[-1] == (len(text), len(text))


def test_a_text_that_is_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is read, with the limit and what to do."""
    monkeypatch.setattr(text_input, "MAX_BYTES", 2_000_000)
    path = tmp_path / "long.txt"
    path.write_bytes(b"a" * 2_000_001)
    with pytest.raises(InputError, match=r"long\.txt: has 3 MB; .* up to 2 MB .* Cut it"):
        read_text(path)


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 4)), max_size=6),
    st.integers(0, 3),
    st.booleans(),
)
def test_the_way_back_over_breaks(cuts: list[tuple[int, int]], rest: int, insertion: bool) -> None:
    """As if the spans left out were put back one after the other."""
    string, breaks = "", []
    for kept, gone in cuts:
        string += "a" * kept
        breaks.append(Proposal(FLOW_SPLIT, len(string), len(string) + gone, ""))
        string += "\n" * gone
    string += "b" * rest
    whole = join_blocks(classify_blocks(string), breaks)
    for at in range(len(whole.text.string) + insertion):
        offset = at
        for start, end in whole.removed:
            if offset < start or (insertion and offset == start):
                break
            offset += end - start
        end = at if insertion else at + 1
        (back,) = whole.map_back([Proposal(ECHO, at, end, "")])
        assert (back.start, back.end) == (offset, offset if insertion else offset + 1)
