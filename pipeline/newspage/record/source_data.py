"""Pack the markup that an imported page keeps of its file into JSON, and unpack it."""

from collections.abc import Iterable

from newspage.record.record_schema import KeptElementData, KeptMarkupData, SourceData
from newspage.source_markup import ImportedSource, KeptElement, KeptMarkup, is_markup_name


def pack_source(source: ImportedSource) -> SourceData:
    """Return the data of the file that a page was imported from."""
    return SourceData(
        source.format,
        source.file,
        source.program,
        [
            KeptMarkupData(place, dict(kept.attributes), [_pack(e) for e in kept.elements])
            for place, kept in source.markup.items()
        ],
    )


def unpack_source(data: SourceData) -> ImportedSource:
    """Return the file that a page was imported from. Raises ValueError for an impossible name."""
    markup = {}
    for kept in data.markup:
        _check_names(kept.attributes)
        markup[kept.place] = KeptMarkup(kept.attributes, tuple(_unpack(e) for e in kept.elements))
    return ImportedSource(data.format, data.file, data.program, markup)


def _pack(element: KeptElement) -> KeptElementData:
    """Return the data of an element."""
    return KeptElementData(
        element.name,
        dict(element.attributes),
        element.text,
        [_pack(child) for child in element.children],
        element.tail,
    )


def _unpack(data: KeptElementData) -> KeptElement:
    """Return the element that the data describe."""
    _check_names([data.name])
    _check_names(data.attributes)
    children = tuple(_unpack(child) for child in data.children)
    return KeptElement(data.name, data.attributes, data.text, children, data.tail)


def _check_names(names: Iterable[str]) -> None:
    """Raise ValueError for what is no name of an element or attribute."""
    for name in names:
        if not is_markup_name(name):
            raise ValueError(f"`{name}` is no name of XML")
