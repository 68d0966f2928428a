"""Parse the XML and HTML files of other programs, whatever stands in them, into plain elements.

Nothing outside a file is ever opened for it: no schema, no DTD, no address. Entities are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5
from pathlib import Path
from typing import Any

from newspage.errors import InputError, MissingDependencyError, RefusedError
from newspage.source_markup import is_markup_name

MAX_BYTES = 64_000_000
"""Most bytes of a file. A broadsheet with 30,000 characters, each with an outline, has 10 MB."""
MAX_ELEMENTS = 1_000_000
"""Most elements of a file, about. The same broadsheet has 130,000."""
MAX_DEPTH = 200
"""Most elements inside each other; ALTO has a dozen."""
_XML_SPACE = "http://www.w3.org/XML/1998/namespace"


class SourceError(InputError):
    """A file that cannot be imported."""


@dataclass(slots=True)
class SourceElement:
    """An element of a file; those of its own format are named without a prefix."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    tail: str = ""
    children: list["SourceElement"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return an attribute; empty where there is none."""
        return self.attributes.get(name, "")

    def find_all(self, *names: str) -> list["SourceElement"]:
        """Return the children of some names, in order."""
        return [child for child in self.children if child.name in names]

    def find(self, name: str) -> "SourceElement | None":
        """Return the first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def walk(self) -> Iterator["SourceElement"]:
        """Yield this element and all below it, in the order of the file."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += reversed(element.children)

    def read_text(self) -> str:
        """Return all text in the element."""
        pieces = [self.text]
        for child in self.children:
            pieces += [child.read_text(), child.tail]
        return "".join(pieces)


def read_source(path: Path, html: bool = False) -> SourceElement:
    """Return the root of a file of XML, with `html` also of HTML that is no XML.

    Raises:
        SourceError: The file cannot be read, or is no such file.
        RefusedError: Reading it would be dangerous.
        MissingDependencyError: What parses it is not installed.
    """
    try:
        _require_size(path.stat().st_size, path)
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(
            "source-unreadable", path=path, reason=str(error.strerror or error)
        ) from error
    return parse_source(data, path, html)


def parse_source(data: bytes, path: Path, html: bool = False) -> SourceElement:
    """Return the root of a file of which these are the bytes; errors name `path`.

    Raises as `read_source` does.
    """
    _require_size(len(data), path)
    if not data.strip():
        raise SourceError("source-empty", path=path)
    if data.count(b"<") > 2 * MAX_ELEMENTS:
        raise RefusedError("source-too-many-elements", path=path)
    etree = _load_parser(path)
    if _declares_entities(data):
        raise _make_entity_error(path)
    try:
        return _parse_xml(etree, data, path)
    except etree.XMLSyntaxError as error:
        if html:
            return _parse_html(etree, data, path)
        reason = _shorten_reason(error.msg)
        raise SourceError("source-xml-damaged", path=path, reason=reason) from error


def _require_size(size: int, path: Path) -> None:
    """Raise RefusedError where a file has more bytes than any page."""
    if size > MAX_BYTES:
        raise RefusedError(
            "source-too-many-bytes",
            path=path,
            megabytes=size // 1_000_000,
            allowed=MAX_BYTES // 1_000_000,
        )


def _shorten_reason(message: object) -> str:
    """Return what a parser says in at most 120 characters on one line."""
    return " ".join(str(message).split())[:120]


def _load_parser(path: Path) -> Any:
    """Return the module that parses. Raises MissingDependencyError where it is not installed."""
    try:
        from lxml import etree
    except ImportError as error:
        raise MissingDependencyError("lxml-missing", path=path) from error
    return etree


def _declares_entities(data: bytes) -> bool:
    """Tell whether a file declares entities, in any encoding of one, two or four bytes."""
    return (
        re.search(rb"<\0{0,3}!\0{0,3}E\0{0,3}N\0{0,3}T\0{0,3}I\0{0,3}T\0{0,3}Y", data) is not None
    )


def _make_entity_error(path: Path) -> RefusedError:
    """Return the error for a file with entities of its own."""
    return RefusedError("source-declares-entities", path=path)


def _parse_xml(etree: Any, data: bytes, path: Path) -> SourceElement:
    """Return the root of XML."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(data, parser)
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(declared.iterentities(), None) is not None:
        # In an encoding in which `_declares_entities` does not see them.
        raise _make_entity_error(path)
    return _convert(root, etree.QName(root).namespace or "", path)


def _parse_html(etree: Any, data: bytes, path: Path) -> SourceElement:
    """Return the root of HTML, mended where it is not well formed."""
    try:
        data.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        # As the file declares, or as browsers guess.
        encoding = None
    parser = etree.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding=encoding
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.LxmlError as error:
        reason = _shorten_reason(error)
        raise SourceError("source-html-damaged", path=path, reason=reason) from error
    if root is None:
        raise SourceError("source-html-damaged", path=path, reason="no element")
    return _convert(root, "", path)


def _convert(root: Any, namespace: str, path: Path) -> SourceElement:
    """Return an element of lxml as a plain one; without recursion, however deep it is."""
    holder = SourceElement("")
    waiting: list[tuple[Any, SourceElement, int]] = [(root, holder, 1)]
    while waiting:
        found, parent, depth = waiting.pop()
        if not isinstance(found.tag, str):
            _append_text(parent, _read_entity(found, path) + (found.tail or ""))
            continue
        if depth > MAX_DEPTH:
            raise RefusedError("source-too-deep", path=path, allowed=MAX_DEPTH)
        made = _make_plain(found, namespace)
        parent.children.append(made)
        waiting += [(child, made, depth + 1) for child in reversed(found)]
    (only,) = holder.children
    only.tail = ""
    return only


def _read_entity(found: Any, path: Path) -> str:
    """Return the character of an entity of HTML. Raises SourceError for any other entity."""
    text = html5.get(f"{found.name};")
    if text is None:
        raise SourceError("source-entity-unknown", path=path, entity=str(found.name)[:40])
    return text


def _append_text(parent: SourceElement, text: str) -> None:
    """Add text behind the last child of an element."""
    if parent.children:
        parent.children[-1].tail += text
    else:
        parent.text += text


def _make_plain(found: Any, namespace: str) -> SourceElement:
    """Return an element of lxml as a plain one, without its children.

    Prefixes that names have are declared by an attribute `xmlns:PREFIX` of the same element.
    """
    prefixes = {uri: prefix for prefix, uri in found.nsmap.items() if prefix}
    attributes: dict[str, str] = {}

    def qualify(name: str) -> str:
        """Return a name with its prefix."""
        if not name.startswith("{"):
            return name
        uri, _, local = name[1:].partition("}")
        if uri == _XML_SPACE:
            return f"xml:{local}"
        free = (f"ns{number}" for number in range(1, len(prefixes) + 2))
        unused = next(prefix for prefix in free if prefix not in prefixes.values())
        prefix = prefixes.setdefault(uri, unused)
        attributes[f"xmlns:{prefix}"] = uri
        return f"{prefix}:{local}"

    uri = found.tag[1:].partition("}")[0] if found.tag.startswith("{") else ""
    tag = found.tag.rpartition("}")[2] if uri == namespace else qualify(found.tag)
    for key, value in found.items():
        # HTML lets names stand that XML has no way to write.
        if is_markup_name(name := qualify(key)):
            attributes[name] = value
    return SourceElement(
        tag if is_markup_name(tag) else "span", attributes, found.text or "", found.tail or ""
    )
