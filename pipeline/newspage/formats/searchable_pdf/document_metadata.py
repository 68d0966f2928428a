"""What a PDF file says about itself: title, paper, date, and the rules that it was written to."""

import datetime
from dataclasses import dataclass
from xml.sax.saxutils import escape

from newspage.formats.document import PageDocument
from newspage.formats.searchable_pdf.character_cells import clean_for_pdf
from newspage.formats.searchable_pdf.colour_profile import make_srgb_profile
from newspage.formats.searchable_pdf.pdf_file import PdfFile, PdfName, PdfReference, PdfValue
from newspage.version import __version__

_TOOL = f"newspage {__version__}"
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
}
_PART, _LEVEL = "2", "U"
"""Part and level of PDF/A whose rules the file is written to: text can be read out as Unicode."""


@dataclass(frozen=True, slots=True)
class DocumentDescription:
    """What is known of the pages of a file together."""

    title: str
    paper: str = ""
    date: datetime.date | None = None
    language: str = ""
    """As in HTML: zh-Hans, zh-Hant; empty where the text does not tell."""
    source: str = ""
    """Name and checksum of the scan, where there is one only."""


def describe_document(first: PageDocument, alone: bool, language: str) -> DocumentDescription:
    """Describe a file by its first page, with the number of that page where it is `alone`.

    `language` is that of its text, as in HTML, empty where it does not tell.
    """
    publication, scan = first.publication, first.record.page.scan
    parts = [first.name]
    if publication and (publication.paper or publication.date):
        parts = [publication.paper, publication.date.isoformat() if publication.date else ""]
        if alone and publication.page:
            parts.append(f"p. {publication.page}")
    return DocumentDescription(
        clean_for_pdf(" ".join(part for part in parts if part)),
        clean_for_pdf(publication.paper) if publication else "",
        publication.date if publication else None,
        language,
        clean_for_pdf(f"{scan.path.name} sha256:{scan.sha256}") if alone else "",
    )


def add_information(file: PdfFile, about: DocumentDescription) -> PdfReference:
    """Add the older of the two descriptions, which says the same as the newer one."""
    entries: dict[str, PdfValue] = {"Title": about.title, "Creator": _TOOL, "Producer": _TOOL}
    if about.paper:
        entries["Subject"] = about.paper
    return file.add_object(entries)


def add_metadata(file: PdfFile, about: DocumentDescription) -> PdfReference:
    """Add the newer description (XMP), which also names the rules of PDF/A."""
    properties = [
        ("pdfaid:part", _PART),
        ("pdfaid:conformance", _LEVEL),
        ("dc:format", "application/pdf"),
        ("dc:title", _list_of("Alt", about.title, ' xml:lang="x-default"')),
        ("dc:description", _list_of("Alt", about.paper, ' xml:lang="x-default"')),
        ("dc:date", _list_of("Seq", about.date.isoformat() if about.date else "")),
        ("dc:language", _list_of("Bag", about.language)),
        ("dc:source", escape(about.source)),
        ("xmp:CreatorTool", _TOOL),
        ("pdf:Producer", _TOOL),
    ]
    names = "".join(f' xmlns:{prefix}="{name}"' for prefix, name in _NAMESPACES.items())
    body = "\n".join(f"<{name}>{value}</{name}>" for name, value in properties if value)
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<rdf:Description rdf:about=""{names}>\n{body}\n</rdf:Description>\n'
        '</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="r"?>'
    )
    entries = {"Type": PdfName("Metadata"), "Subtype": PdfName("XML")}
    # Uncompressed, so that programs that know no PDF find it.
    return file.add_stream(packet.encode(), entries, compressed=False)


def add_output_intent(file: PdfFile) -> PdfReference:
    """Add the profile that says which colours are meant: sRGB."""
    profile = file.add_stream(make_srgb_profile(), {"N": 3})
    return file.add_object(
        {
            "Type": PdfName("OutputIntent"),
            "S": PdfName("GTS_PDFA1"),
            "OutputConditionIdentifier": "sRGB",
            "Info": "sRGB IEC61966-2.1",
            "DestOutputProfile": profile,
        }
    )


def _list_of(kind: str, text: str, attributes: str = "") -> str:
    """Return a text as the one item of a list of XMP; nothing for an empty one."""
    if not text:
        return ""
    return f"<rdf:{kind}><rdf:li{attributes}>{escape(text)}</rdf:li></rdf:{kind}>"
