"""Write characters into TEI elements, with breaks of pages, columns and lines, and corrections."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from newspage.formats.mixed_content import MixedContent
from newspage.formats.tei_corrections import PageLookup, describe_responsibility, name_elements
from newspage.formats.tei_header import IssueFacts
from newspage.geometry import measure_overlap_1d
from newspage.model import Char, Chars, Correction, Direction, Region, RegionKind, join_chars

_SAME_COLUMN = 0.5
"""Least overlap of two regions of one column, as a share of the narrower one. Judgement: regions of
one column stand below each other."""

Emit = Callable[[ET.Element], object]
"""Takes an element to where it belongs."""
Place = tuple[PageLookup, str]
"""A page and the id of a line on it."""


class LineWriter:
    """Writer of characters, which keeps the page, column and line that it has come to."""

    def __init__(self, facts: IssueFacts) -> None:
        self._facts = facts
        self._views: Sequence[PageLookup] = ()
        self._own = ""
        """Stem of the page that is being written; articles leave it and come back."""
        self._page: tuple[str, int] | None = None
        self._begun: set[tuple[str, int]] = set()
        """Pages that had their break."""
        self._column: Region | None = None
        """The region of running text that was come to last on this page."""
        self._line = ""
        self._previous = ""
        """The last character written in this block; empty at its start."""
        self._chosen: Correction | None = None
        self._deletions: dict[str, list[Correction]] = {}
        """Corrections that left nothing, by the line that they took from, not written yet."""

    def begin_page(self, view: PageLookup, emit: Emit) -> None:
        """Begin a page with its break."""
        self._own = view.stem
        self.use_pages([view])
        self._turn(view, 0, emit)

    def end_page(self, view: PageLookup, emit: Emit) -> None:
        """End a page: one of two facing pages that has no text has its break here."""
        for half in range(len(view.numbers)):
            if (view.stem, half) not in self._begun:
                self._turn(view, half, emit)

    def use_pages(self, views: Sequence[PageLookup], articles: Sequence[str] = ()) -> None:
        """Say which pages the next characters come from, and of which articles there."""
        self._views = views
        self._deletions = {
            f"{view.stem}#{line}": list(some)
            for view, article in zip(views, articles, strict=False)
            for line, some in view.list_deletions(article).items()
        }

    def is_vertical(self, chars: Iterable[Char]) -> bool:
        """Tell whether characters stand in vertical lines, and in no others."""
        places = (self._find(key) for key in dict.fromkeys(char.line for char in chars))
        found = {view.lines[line].direction for view, line in filter(None, places)}
        return found == {Direction.VERTICAL}

    def turn_page(self, chars: Chars, emit: Emit) -> None:
        """Emit the break of a page where the first of some characters is on another one."""
        place = self._find(chars[0].line) if chars else None
        if place:
            self._turn(place[0], place[0].half_of_line(place[1]), emit)

    def write_chars(self, element: ET.Element, chars: Chars, next_line: str = "") -> None:
        """Write characters into an element; `next_line` is the line in which the next block begins.

        In them `line` is `stem#line`.
        """
        content = MixedContent(element)
        self._previous = ""
        for found, run in groupby(chars, self._correction_of):
            some = tuple(run)
            if found is None:
                self._write_plain(content, some)
            else:
                self._move(content, some[0])
                self._write_deletions(content, before=some[0])
                self._write_choice(content, found, some)
        self._facts.language.add_text(join_chars(chars))
        if self._line != next_line:
            self._write_deletions(content)

    def _find(self, key: str) -> Place | None:
        """Return the page and the line that a key names; None where neither is known."""
        for view in self._views:
            line = key.removeprefix(f"{view.stem}#")
            if line != key and line in view.lines:
                return view, line
        return None

    def _correction_of(self, char: Char) -> Correction | None:
        """Return the correction that put a character into the text, if one did.

        A character at the very beginning of an article stands on no line.
        """
        for view in self._views if char.correction else ():
            if char.line.startswith(f"{view.stem}#") and char.correction in view.corrections:
                return view.corrections[char.correction]
        return None

    def _write_plain(self, content: MixedContent, chars: Chars) -> None:
        """Write characters with the breaks before them and the deletions among them."""
        for char in chars:
            self._move(content, char)
            self._write_deletions(content, before=char)
            self._write_text(content, char.text)

    def _write_text(self, content: MixedContent, text: str) -> None:
        """Write text, and remember its last character."""
        content.add_text(text)
        self._previous = text[-1:] or self._previous

    def _write_choice(self, content: MixedContent, correction: Correction, chars: Chars) -> None:
        """Write what was read and what stands in its place.

        What replaces one passage may stand in two blocks: what was read then stands in the first.
        """
        was, now = name_elements(correction)
        content.open_element("choice")
        content.open_element(was)
        if correction is not self._chosen:
            content.add_text(correction.original)
        content.close_element()
        self._chosen = correction
        content.open_element(now, describe_responsibility(correction, self._facts))
        for char in chars:
            self._move(content, char)
            self._write_text(content, char.text)
        content.close_element()
        content.close_element()

    def _write_deletions(self, content: MixedContent, before: Char | None = None) -> None:
        """Write the corrections that took from this line, those before a character or all."""
        waiting = self._deletions.get(self._line, [])
        while waiting and (before is None or waiting[0].removed[0].glyph < before.glyph):
            self._write_choice(content, waiting.pop(0), ())

    def _move(self, content: MixedContent, char: Char) -> None:
        """Write the breaks that lie before a character."""
        place = self._find(char.line) if char.line != self._line else None
        if place is None:
            return
        self._write_deletions(content)
        view, line = place
        # Text before the break and behind it, and no space between: what is broken goes on.
        ends = self._previous, char.text[:1]
        attributes = {"break": "no"} if all(end and not end.isspace() for end in ends) else {}

        def emit(element: ET.Element) -> None:
            content.add_empty(element.tag, {**element.attrib, **attributes})

        self._turn(view, view.half_of_line(line), emit)
        self._begin_column(view, line, emit)
        emit(ET.Element("lb", {"facs": f"#{view.names.lines[line]}"}))
        self._line = char.line

    def _turn(self, view: PageLookup, half: int, emit: Emit) -> None:
        """Emit the break of a page, unless it is the one that was come to already."""
        page = view.stem, half
        if page == self._page:
            return
        attributes = {"facs": f"#{view.names.surface}"}
        if view.numbers[half]:
            attributes["n"] = view.numbers[half]
        if page in self._begun or view.stem != self._own:
            attributes["type"] = "jump"
        else:
            self._begun.add(page)
        emit(ET.Element("pb", attributes))
        self._page = page
        self._column = None

    def _begin_column(self, view: PageLookup, line: str, emit: Emit) -> None:
        """Emit the break of a column, where running text goes on in another one."""
        region = view.regions.get(line)
        if region is None or region.kind is not RegionKind.BODY:
            return
        if self._column is None or not _share_column(self._column, region):
            emit(ET.Element("cb", {"facs": f"#{view.names.regions[region.id]}"}))
        self._column = region


def _share_column(one: Region, other: Region) -> bool:
    """Tell whether two regions of running text stand in the same column.

    Columns of vertical text are its tiers, one below the other.
    """
    a, b = one.box, other.box
    if one.direction is Direction.VERTICAL:
        shared = measure_overlap_1d(a.top, a.bottom, b.top, b.bottom)
        return shared >= _SAME_COLUMN * min(a.height, b.height)
    shared = measure_overlap_1d(a.left, a.right, b.left, b.right)
    return shared >= _SAME_COLUMN * min(a.width, b.width)
