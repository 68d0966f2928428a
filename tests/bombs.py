"""Small files that are made to hold up or bring down who opens them."""

from pathlib import Path

from tests.test_ingest_pdf import pdf_of, stream_of


def nested_forms(path: Path, depth: int = 28) -> Path:
    """A PDF file of 3 KB whose page is a form that draws another twice, and so on."""
    names = [b"/Resources << /XObject << /F %d 0 R >> >>" % (5 + n) for n in range(depth)]
    forms = [
        stream_of(b"/F Do /F Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + name)
        for name in names[1:]
    ]
    last = stream_of(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    page = b"/MediaBox [0 0 90 90] /Contents 4 0 R " + names[0]
    path.write_bytes(pdf_of(page, objects=(stream_of(b"/F Do"), *forms, last)))
    return path


def tiny_tiles(path: Path) -> Path:
    """A PDF file whose page is filled with a pattern that is repeated at tiny steps."""
    pattern = (
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 90 90] "
        b"/XStep 0.01 /YStep 0.01 /Resources << >>"
    )
    content = stream_of(b"/Pattern cs /P scn 0 0 90 90 re f")
    names = b"/Resources << /Pattern << /P 5 0 R >> >>"
    page = b"/MediaBox [0 0 90 90] /Contents 4 0 R " + names
    tile = stream_of(b"0 0 90 90 re f 1 0 0 rg 3 3 50 50 re f", pattern)
    path.write_bytes(pdf_of(page, objects=(content, tile)))
    return path
