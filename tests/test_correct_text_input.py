"""Text files as they come: encodings, binaries, odd characters, structure."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.correct.text_input import (
    CHUNK,
    classify_blocks,
    decode_text,
    encode_text,
    read_text,
    split_into_chunks,
)
from newspage.errors import ExitCode, InputError
from newspage.model import RegionKind

SENTENCE = "昨日上午，老城水网修复工程正式启动，惠及沿河两万余户居民。"
OLD = "昨日上午，滬甯鐵路管理局召集各段主任，討論貨運新章，逐條議定。這是他們的事。"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (SENTENCE.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + SENTENCE.encode(), "utf-8"),
        (SENTENCE.encode("gb18030"), "gb18030"),
        (SENTENCE.encode("utf-16"), "utf-16"),
        (SENTENCE.encode("utf-16-le"), "utf-16-le"),
        (SENTENCE.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_simplified_encodings_are_recognised(raw: bytes, encoding: str) -> None:
    """Nobody has to say which encoding a text came in."""
    assert decode_text(raw) == type(decode_text(raw))(SENTENCE, encoding)


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-8"])
def test_traditional_text_is_told_from_simplified(encoding: str) -> None:
    """Most Big5 bytes are GB18030 bytes too; common characters decide."""
    found = decode_text(OLD.encode(encoding))
    assert (found.text, found.encoding) == (OLD, encoding)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n0000", "a PNG image"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x00\x01\x02text", "a binary file"),
        (bytes(range(1, 32)) * 40, "a binary file"),
    ],
)
def test_a_binary_is_refused_kindly(raw: bytes, kind: str) -> None:
    """The message says what it is and what to do."""
    with pytest.raises(InputError, match=kind) as caught:
        decode_text(raw, "page.txt")
    assert "--scan" in str(caught.value)
    assert caught.value.exit_code is ExitCode.INPUT


def test_bytes_in_no_encoding_are_an_error() -> None:
    """Neither guessed at nor dropped."""
    with pytest.raises(InputError, match="no text in UTF-8"):
        decode_text(b"\xff\x20\xff\x20")
    with pytest.raises(InputError, match="UTF-16"):
        decode_text(b"\xff\xfe\x00\xd8\x41")


@given(st.text(st.characters(exclude_characters="\x00"), max_size=60))
def test_what_is_written_can_be_read_again(text: str) -> None:
    """Lone surrogates and control characters included, nothing gets lost on the way out."""
    assert encode_text(text).decode("utf-8", "surrogatepass") == text


def test_lone_surrogates_are_kept() -> None:
    """Some programs write them; they are somebody's character."""
    raw = "江州\ud800日报".encode("utf-8", "surrogatepass")
    assert encode_text(decode_text(raw).text) == raw


def test_a_stray_zero_makes_no_binary() -> None:
    """Programs leave control characters in texts; a text stays one."""
    text = SENTENCE + "\x00\x07" + SENTENCE
    assert decode_text(text.encode()).text == text


def test_utf_16_with_digits_is_no_binary() -> None:
    """Every other byte of digits and line breaks is zero."""
    text = f"{SENTENCE}\n2023\n"
    assert decode_text(text.encode("utf-16-le")).text == text


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    """A missing file is told by its path."""
    with pytest.raises(InputError, match=r"no\.txt"):
        read_text(tmp_path / "no.txt")


@pytest.mark.parametrize("length", [0, 10, CHUNK, 5 * CHUNK])
def test_chunks_are_the_text(length: int) -> None:
    """Cutting a long text into pieces loses and doubles nothing."""
    text = (SENTENCE + "\n\n") * (length // 30)
    pieces = list(split_into_chunks(text))
    assert "".join(piece for _, piece in pieces) == text
    assert all(text.startswith(piece, at) for at, piece in pieces)


def test_the_parts_of_a_page_are_found() -> None:
    """Headline, byline, furniture, subhead and running text, each a block of its own."""
    text = classify_blocks(
        "2023年11月22日 星期三\n\n编辑:郭立翔 校对:桑晓\n\n江州启动老城水网修复工程\n\n"
        "本报记者 林怀瑾\n\n昨日上午，工程正式启动。\n\n一、必须提高认识\n各级要重视。"
    )
    assert [(b.kind, text.read_part(b)) for b in text.blocks] == [
        (RegionKind.FOLIO, "2023年11月22日 星期三"),
        (RegionKind.FOLIO, "编辑:郭立翔 校对:桑晓"),
        (RegionKind.TITLE, "江州启动老城水网修复工程"),
        (RegionKind.BYLINE, "本报记者 林怀瑾"),
        (RegionKind.BODY, "昨日上午，工程正式启动。"),
        (RegionKind.OTHER, "一、必须提高认识"),
        (RegionKind.BODY, "各级要重视。"),
    ]


@given(st.text("江州 \n\r\t。，a1", max_size=60))
def test_blocks_hold_every_character_that_is_no_blank(string: str) -> None:
    """Blocks are in order, apart, and leave out white space only."""
    text = classify_blocks(string)
    assert "".join(text.read_part(b) for b in text.blocks).split() == string.split() or (
        "".join("".join(text.read_part(b).split()) for b in text.blocks) == "".join(string.split())
    )
    ends = [x for b in text.blocks for x in (b.start, b.end)]
    assert ends == sorted(ends)
