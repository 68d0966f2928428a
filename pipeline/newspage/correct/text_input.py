"""Text files of other systems: decoded and divided into parts, with nothing lost."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newspage.correct.case import TERMINAL
from newspage.edits import FlatText, TextPart
from newspage.errors import InputError
from newspage.model import RegionKind

MAX_BYTES = 100_000_000
"""Most bytes of a text file: two years of a paper of four pages. Correcting them takes an hour, two
minutes a million characters; 6 seconds where no language is asked."""
CHUNK = 100_000
"""Characters that are examined together, about; a page has a tenth of it."""
MAX_HEADING = 60
"""Characters of the longest line that may be a heading. Judgement."""
_MAGIC = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"%PDF": "a PDF",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"PK\x03\x04": "a ZIP archive",
    b"GIF8": "a GIF image",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"RIFF": "a media file",
    b"\x1f\x8b": "a compressed file",
    b"SQLite": "a database",
}
"""First bytes of files that are no text."""
_NEW = "的一是不在了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年"
"""The most common characters of modern Chinese, in simplified form."""
_OLD = "的一是不在了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年"
"""The same characters in traditional form."""
_COMMON = {"gb18030": _NEW, "big5": _OLD, "utf-16-le": _NEW + _OLD, "utf-16-be": _NEW + _OLD}
"""The common characters that speak for each encoding."""
_CODEC = {"big5": "big5hkscs"}
"""Codecs of Python that know more characters than the plain one of the name."""
_ERRORS = {"utf-8": "surrogatepass"}
"""Handlers of errors; lone surrogates are kept."""
WIDE = ("utf-16-le", "utf-16-be")
"""Encodings that some editors write without a byte order mark."""
LIKELY = 0.02
"""Share of very common characters that Chinese text has at least. Judgement."""
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
"""Control characters that texts of single bytes do not have."""
_SUBHEAD = re.compile(
    r"第?[一二三四五六七八九十百]+[、章节]|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、．]"
)
"""Beginnings of a numbered subhead."""
_BYLINE = re.compile(
    r"[（(]?(本报|新华社|特约|实习)?(记者|通讯员|评论员)?[ :：]?"
    r"[一-龥·]{2,4}([ 、][一-龥·]{2,4}){0,3}[）)]?$"
)
"""A line of one to four names, an office or an agency before them."""
_FURNITURE = re.compile(r"(编辑|责编|校对|组版|美编)[:：]|^\d{4}年\d{1,2}月\d{1,2}日|^第?\d+版")
"""Editors' names, dates and page numbers that belong to no article."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The characters of a file and the encoding they came in."""

    text: str
    encoding: str


def read_text(path: Path) -> DecodedText:
    """Return a text file's characters. Raises InputError where it is no text or unreadable."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(
                "text-too-large",
                path=path,
                megabytes=math.ceil(size / 1e6),
                allowed=MAX_BYTES // 1_000_000,
            )
        raw = path.read_bytes()
    except OSError as error:
        raise InputError("text-unreadable", path=path, reason=str(error.strerror)) from error
    return decode_text(raw, str(path))


def decode_text(raw: bytes, name: str = "the text") -> DecodedText:
    """Return the characters of some bytes. Raises InputError where they are no text.

    UTF-8 where they are valid in it; else GB18030, Big5 or UTF-16, whichever gives more common
    characters. Lone surrogates that some programs write into UTF-8 are kept. `name` is that of the
    file in error messages.
    """
    for bom, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if raw.startswith(bom):
            return _decode_marked(
                raw.removeprefix(bom) if encoding == "utf-8" else raw, encoding, name
            )
    kind = next((k for magic, k in _MAGIC.items() if raw.startswith(magic)), "")
    if kind:
        raise InputError("text-is-other-file", path=name, kind=kind)
    signs = _is_binary(raw[:65536])
    if not signs and (plain := _decode_or_none(raw, "utf-8")) is not None:
        return plain
    readings = [
        d for e in (WIDE if signs or b"\x00" in raw else _COMMON) if (d := _decode_or_none(raw, e))
    ]
    readings = [d for d in readings if d.encoding not in WIDE or _score_decoding(d) >= LIKELY]
    if readings:
        return max(readings, key=_score_decoding)
    if signs or b"\x00" in raw:
        raise InputError("text-is-other-file", path=name, kind="a binary file")
    raise InputError("text-in-no-encoding", path=name)


def encode_text(text: str) -> bytes:
    """Return the text in UTF-8, lone surrogates kept as they came."""
    return text.encode("utf-8", "surrogatepass")


def _decode_marked(raw: bytes, encoding: str, name: str) -> DecodedText:
    """Decode bytes that a byte order mark declares. Raises InputError where it is wrong."""
    try:
        return DecodedText(raw.decode(encoding, "surrogatepass"), encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            "text-misdeclared", path=name, encoding=encoding.upper(), byte=error.start + 1
        ) from error


def _decode_or_none(raw: bytes, encoding: str) -> DecodedText | None:
    """Return the bytes decoded, or None where they are not valid in the encoding."""
    try:
        return DecodedText(
            raw.decode(_CODEC.get(encoding, encoding), _ERRORS.get(encoding, "strict")), encoding
        )
    except UnicodeDecodeError:
        return None


def _score_decoding(decoded: DecodedText) -> float:
    """Return the share of very common characters in the first 20,000.

    Each private or rare character counts as five common ones less (judgement): wrong decodings have
    many.
    """
    sample = decoded.text[:20_000]
    odd = sum("\ue000" <= c <= "\uf8ff" or c > "\uffff" for c in sample)
    common = sum(c in _COMMON[decoded.encoding] for c in sample)
    return (common - 5 * odd) / max(1, len(sample))


def _is_binary(head: bytes) -> bool:
    """Tell whether there are more control characters than in any text of single bytes.

    More than one byte in ten (judgement).
    """
    return len(_CONTROL.findall(head)) > 0.1 * len(head)


def split_into_chunks(text: str) -> Iterator[tuple[int, str]]:
    """Yield offset and characters of pieces of about `CHUNK` characters.

    Cut at blank lines where there are any.
    """
    at = 0
    while len(text) - at > 2 * CHUNK:
        cut = text.find("\n\n", at + CHUNK, at + 2 * CHUNK)
        end = cut + 2 if cut >= 0 else at + CHUNK
        yield at, text[at:end]
        at = end
    yield at, text[at:]


def classify_blocks(string: str, name: str = "text") -> FlatText:
    """Return the lines of a text as parts, each with its kind.

    Kinds are headline, byline, subhead (`OTHER`), furniture (`FOLIO`) and running text. `name`
    becomes the id of the text.
    """
    lines = [m.span() for m in re.finditer(r"[^\s](?:[^\r\n]*[^\s])?", string)]
    blocks: list[TextPart] = []
    for number, (start, end) in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        after = string[slice(*following)] if following else ""
        before = blocks[-1].kind if blocks else None
        blocks.append(TextPart(start, end, _classify_line(string[start:end], after, before)))
    return FlatText(name, string, tuple(blocks))


def _classify_line(line: str, after: str, before: RegionKind | None) -> RegionKind:
    """Return the kind of a line, from the text of the next line and the kind of the line before.

    Bylines have at most 24 characters (judgement).
    """
    if len(line) <= MAX_HEADING and _FURNITURE.search(line):
        return RegionKind.FOLIO
    if before is RegionKind.TITLE and len(line) <= 24 and _BYLINE.match(line):
        return RegionKind.BYLINE
    if line[-1] in TERMINAL + "，,、" or len(line) > MAX_HEADING or "。" in line:
        return RegionKind.BODY
    if _SUBHEAD.match(line):
        return RegionKind.OTHER
    unbroken = not re.search(r"[，,；;。]", line)
    return RegionKind.TITLE if unbroken and len(after) > 1 else RegionKind.BODY
