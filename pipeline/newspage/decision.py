"""The decisions of people on a page: values that outlive every re-run.

A decision names a place on the scan and what is printed there, never identifiers or offsets, which
shift when layout or recognition improve. It is written once and never changed; to take it back is a
further decision.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from newspage.geometry import Box


class Act(StrEnum):
    """The kind of a decision."""

    ACCEPT = "accept"
    """A proposed (or applied) correction is right."""
    REJECT = "reject"
    """It is wrong: what was read stays."""
    EDIT = "edit"
    """What was read is wrong, but not `proposed` belongs there: `text` does."""
    WRITE = "write"
    """Where nothing was proposed, `text` replaces `anchor.text`."""
    ORDER = "order"
    """The article at `anchor` comes right before the one at `target` (None: last)."""
    ASSIGN = "assign"
    """The region at `anchor` is part of the article that the region at `target` is in, right after
    that region (`target` None: an article of its own)."""
    KIND = "kind"
    """The lines at `anchor` are of the kind that `text` names: a headline, a caption ..."""
    MERGE = "merge"
    """The article at `anchor` is the end of the one at `target`."""
    SPLIT = "split"
    """The line at `anchor`, and what follows it in its article, is an article of its own."""
    PLACE = "place"
    """The lines at `anchor` come right before (`text`: BEFORE) or after (AFTER) the line at
    `target`, in its article; a headline stays one."""
    CUT = "cut"
    """The line at `anchor` begins a region."""
    FUSE = "fuse"
    """The lines at `anchor` are the end of the region that the line at `target` is in."""
    LINK = "link"
    """The article with the line at `anchor` goes on in the one with the line at `target`, which is
    mostly on another page. Between them comes `text`: nothing, or BREAK where a paragraph ends."""
    UNLINK = "unlink"
    """It does not go on there."""
    SIGN = "sign"
    """The page has been proofread by the reviewer."""
    UNDO = "undo"
    """Takes back the decision `undoes`."""


STRUCTURAL = (
    Act.ORDER,
    Act.ASSIGN,
    Act.KIND,
    Act.MERGE,
    Act.SPLIT,
    Act.PLACE,
    Act.CUT,
    Act.FUSE,
)
"""Acts that arrange the regions and articles of one page."""

BEFORE, AFTER = "before", "after"
"""Texts of a PLACE."""

LINKS = (Act.LINK, Act.UNLINK)
"""Acts that mostly concern two pages at once."""

BREAK = "\n"
"""In `Anchor.text`, `text` and `proposed`: the end of a paragraph. So joining or separating
paragraphs is a change like any other: a break becomes nothing, or nothing becomes a break."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place on a scan, described so that it is found again after any re-run."""

    sha256: str
    """Hash of the scan's file, in hex."""
    frame: int
    """Page of the file, from 0."""
    width: int
    height: int
    """Of the scan, pixels."""
    boxes: tuple[Box, ...]
    """Boxes of the glyphs in question; of the two glyphs beside the place where nothing is printed;
    of the region or article for ORDER and ASSIGN; of the lines for the other acts on structure.
    Pixels of the scan. Empty for a whole page."""
    text: str = ""
    """The text that was read there; may hold BREAK."""
    before: str = ""
    """Up to CONTEXT characters before it in the article, as read."""
    after: str = ""
    """The same after it."""


CONTEXT = 12
"""Characters of context that an anchor keeps on either side. Judgement."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision by one person (or by a precedent that a person set)."""

    uid: str
    """Unique over all stores: a UUID in hex."""
    at: str
    """Time, ISO 8601 in UTC with milliseconds."""
    reviewer: str
    """Name of the person; PRECEDENT where earlier decisions decided."""
    act: Act
    anchor: Anchor
    file: str = ""
    """The scan's path as the store named it: for people to read, and a hint where to look."""
    rule: str = ""
    """The detector that asked; empty for a change by hand."""
    proposed: str = ""
    """The text proposed instead of `anchor.text`."""
    text: str = ""
    """For EDIT and WRITE: the text that belongs there. For LINK: what comes between the parts. For
    KIND: the kind. For PLACE: BEFORE or AFTER."""
    target: Anchor | None = None
    """For ORDER, ASSIGN, MERGE, PLACE, FUSE, LINK and UNLINK; may be on another scan for the last
    two."""
    seen: str = ""
    """Hash of the state that the person saw when deciding."""
    undoes: str = ""
    """For UNDO: the uid taken back."""
    batch: str = ""
    """Decisions made with one key share it, and are undone together."""
    reason: str = ""
    """For PRECEDENT: which decisions it rests on, in words."""


PRECEDENT = "precedent"
"""The reviewer of decisions that follow from earlier ones."""

LONGEST_TEXT = 20_000
"""Most characters of the text of one decision: a broadsheet page holds about as many."""

_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Control characters but BREAK and U+0085, which ends lines too; and lone surrogates."""
_LINE_ENDS = re.compile("\r\n|[\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]")
"""Line ends of every system and of Unicode; `\\r\\n` is one."""
_WITHOUT_PRINT = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Characters that print nothing. Joiners (U+200C, U+200D) are none: they change glyphs."""


def clean_typed_text(text: str) -> str:
    """Return a text that a person typed or pasted, in the form that a decision keeps.

    Line ends of every kind become BREAK, a tab a space. Characters that print nothing (controls,
    soft hyphens, marks of direction, word joiners) are left out. Everything else stays: also spaces
    of any width, characters of private use, and those that Unicode assigned only lately.
    """
    return _WITHOUT_PRINT.sub("", _LINE_ENDS.sub(BREAK, text).replace("\t", " "))


def find_text_flaw(text: str) -> str:
    """Say why no decision can hold a text; empty where one can.

    Everything that `clean_typed_text` returns can be held, up to LONGEST_TEXT. The answer does not
    depend on the version of Unicode, so that what one store has, every other accepts.
    """
    if len(text) > LONGEST_TEXT:
        return f"a text is longer than {LONGEST_TEXT:,} characters"
    return "a text holds control characters" if _CONTROLS.search(text) else ""


def is_own_name(name: str) -> bool:
    """Tell whether a name is newspage's own, or looks like it, so that no person can have it."""
    return unicodedata.normalize("NFKC", name).strip().casefold() == PRECEDENT
