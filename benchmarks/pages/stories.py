"""The texts that pages are set from, written for this project.

A story file holds stories one after the other::

    # Headline/its second line
    kicker: the line above it
    deck: the line under it
    byline: who wrote it
    A paragraph a line.
    ## A sub-heading inside the text
    Another paragraph.

A slash in a headline is a place where it may be broken. Nothing else is marked up.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

FOLDER = Path(__file__).parent / "stories"
_OLD_MARKS = str.maketrans("，；：！？", "、。、。。")
_FIELDS = ("kicker", "deck", "byline")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a story; a sub-heading is one that is printed in bold."""

    text: str
    subhead: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """An article before it is set. Empty strings are parts it does not have."""

    title: str
    paragraphs: tuple[Paragraph, ...]
    kicker: str = ""
    deck: str = ""
    byline: str = ""

    @property
    def title_parts(self) -> tuple[str, ...]:
        return tuple(self.title.split("/"))

    @property
    def length(self) -> int:
        """Characters of running text."""
        return sum(len(p.text) for p in self.paragraphs)

    def marked_as_of_old(self) -> "Story":
        """The story with no marks but 、 and 。, as papers of the 1910s printed it."""
        old = tuple(
            replace(p, text=re.sub(r"[「」『』（）《》]", "", p.text).translate(_OLD_MARKS))
            for p in self.paragraphs
        )
        return replace(self, paragraphs=old)

    def cut(self, paragraphs: int) -> "Story":
        """The story with its first paragraphs only; never one that ends with a sub-heading."""
        kept = self.paragraphs[: max(1, paragraphs)]
        while len(kept) > 1 and kept[-1].subhead:
            kept = kept[:-1]
        return replace(self, paragraphs=kept)


def load_stories(name: str) -> tuple[Story, ...]:
    """The stories of one file of this package, `reports` for `stories/reports.txt`."""
    return tuple(parse_stories((FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()))


def parse_stories(lines: Iterable[str]) -> Iterable[Story]:
    """Stories from the lines of a file. Raises ValueError on text before the first."""
    block: list[str] = []
    for line in lines:
        if line.startswith("# ") and block:
            yield _parse_story(block)
            block = []
        if line.strip():
            block.append(line.strip())
    if block:
        yield _parse_story(block)


def _parse_story(block: list[str]) -> Story:
    if not block[0].startswith("# "):
        raise ValueError(f"a story starts with '# ' and its headline, not with {block[0]!r}")
    fields: dict[str, str] = {}
    rest = block[1:]
    while rest and rest[0].partition(": ")[0] in _FIELDS:
        name, _, value = rest.pop(0).partition(": ")
        fields[name] = value
    paragraphs = tuple(
        Paragraph(line.removeprefix("## "), subhead=line.startswith("## ")) for line in rest
    )
    return Story(block[0].removeprefix("# "), paragraphs, **fields)
