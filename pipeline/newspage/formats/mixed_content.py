"""Write elements in which text and other elements follow each other."""

import xml.etree.ElementTree as ET

from newspage.formats.xml_tree import add_element, clean_for_xml


class MixedContent:
    """The content of an element, written from left to right."""

    def __init__(self, element: ET.Element) -> None:
        self._open = [element]

    def add_text(self, text: str) -> None:
        """Add text; line feeds stay, what XML cannot hold is replaced."""
        text = "\n".join(map(clean_for_xml, text.split("\n")))
        element = self._open[-1]
        if len(element):
            element[-1].tail = (element[-1].tail or "") + text
        else:
            element.text = (element.text or "") + text

    def add_empty(self, tag: str, attributes: dict[str, str]) -> None:
        """Add an element without content."""
        add_element(self._open[-1], tag, attributes)

    def open_element(self, tag: str, attributes: dict[str, str] | None = None) -> None:
        """Add an element; what is added until it is closed goes into it."""
        self._open.append(add_element(self._open[-1], tag, attributes))

    def close_element(self) -> None:
        """Close the element that was opened last."""
        self._open.pop()
