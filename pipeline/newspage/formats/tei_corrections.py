"""Look up the lines and corrections of a page for TEI, and say whose a correction is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newspage.correct import LINE_HYPHEN
from newspage.decision import PRECEDENT
from newspage.edits import STANDING
from newspage.formats.document import PageDocument
from newspage.formats.tei_facsimile import ZoneNames
from newspage.formats.tei_header import MACHINE, IssueFacts
from newspage.issues import SECOND
from newspage.model import Correction, CorrectionStatus, Region, TextLine


@dataclass(frozen=True, slots=True)
class PageLookup:
    """What is asked of a page by the ids of its lines, corrections and articles."""

    stem: str
    names: ZoneNames
    numbers: tuple[str, ...]
    """Of the printed pages on it: one, or two facing ones."""
    lines: Mapping[str, TextLine]
    regions: Mapping[str, Region]
    """The region of each line that is in one."""
    corrections: Mapping[str, Correction]
    """Those that are in the text, by id."""
    articles: Mapping[str, tuple[str, ...]]
    """The ids of the regions of each article."""

    @classmethod
    def of_page(
        cls, page: PageDocument, names: ZoneNames, numbers: tuple[str, ...]
    ) -> "PageLookup":
        """Return the view of a page with the names of its zones and its numbers."""
        record, layout = page.record, page.record.page
        placed = [(line, region) for region in layout.regions for line in region.lines]
        lines = {line.id: line for line in layout.lines}
        return cls(
            page.name,
            names,
            numbers,
            lines,
            {line.id: region for line, region in placed},
            {c.id: c for c in record.corrections if c.status in STANDING},
            {a.id: tuple(r for r in a.regions if r in names.regions) for a in record.articles},
        )

    def half_of_line(self, line: str) -> int:
        """Return which of two facing pages a line is on: 0 or 1, and 0 where there is one page."""
        region = self.regions.get(line)
        return int(len(self.numbers) > 1 and region is not None and region.id.startswith(SECOND))

    def list_deletions(self, article: str) -> Mapping[str, Sequence[Correction]]:
        """Return the corrections that put nothing in place of what they took from an article.

        They are listed by the line that they take the first character from, in its order.
        """
        found: defaultdict[str, list[Correction]] = defaultdict(list)
        for c in self.corrections.values():
            if c.article == article and not c.proposed and c.removed and c.removed[0].line:
                found[c.removed[0].line].append(c)
        return {
            line: sorted(some, key=lambda c: c.removed[0].glyph) for line, some in found.items()
        }


def name_elements(correction: Correction) -> tuple[str, str]:
    """Return the elements for what was read and for what stands in its place."""
    # A hyphen that only broke a word at a line's end is no fault of the print.
    return ("orig", "reg") if correction.rule == LINE_HYPHEN.name else ("sic", "corr")


def describe_responsibility(correction: Correction, facts: IssueFacts) -> dict[str, str]:
    """Return the attributes that say who made a correction and how sure it is.

    What the machine made has its probability; what a person decided is certain.
    """
    by = correction.decided_by
    people = [facts.name_reviewer(by)] if by else []
    decided = correction.status is not CorrectionStatus.APPLIED
    machine = [MACHINE] if correction.status is not CorrectionStatus.EDITED or not people else []
    sure = min(1.0, max(0.0, correction.confidence))
    return {
        "resp": " ".join(f"#{name}" for name in (*machine, *people)),
        "cert": "high" if decided and by != PRECEDENT else f"{sure:.2f}",
    }
