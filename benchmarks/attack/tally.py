"""What came of the attacks, and the table of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

CEILING = 1.5e9
"""Bytes that no worker may need for any input: what `newspage run` reckons with for each."""

_SHOWN = 12
"""Findings of a kind that are told one by one."""


@dataclass(slots=True)
class Tally:
    """What came of one kind of attack. Findings are sentences that name the input."""

    kind: str
    tried: int = 0
    refused: int = 0
    """Inputs that were refused with words for a person."""
    crashes: list[str] = field(default_factory=list)
    """A process died, or met an exception that nobody had thought of."""
    hangs: list[str] = field(default_factory=list)
    """There was no answer within the time that the attack allows."""
    losses: list[str] = field(default_factory=list)
    """Output that differs from that of an undisturbed run, or a decision that is gone."""
    greedy: list[str] = field(default_factory=list)
    """Inputs that took more memory than `CEILING`."""
    peak: int = 0
    """Bytes: the most memory that a process had; 0 where it was not measured."""
    untried: str = ""
    """Why this kind could not be tried here."""

    def measure(self, what: str, peak: int) -> None:
        """Take in how much memory an input took."""
        self.peak = max(self.peak, peak)
        if peak > CEILING:
            self.greedy.append(f"{what}: {peak / 1e9:.2f} GB")

    def findings(self) -> list[str]:
        """All that must not happen, with the sort of each."""
        sorts = {
            "crash": self.crashes,
            "hang": self.hangs,
            "loss": self.losses,
            "memory": self.greedy,
        }
        return [f"{sort}: {found}" for sort, many in sorts.items() for found in many]


def table_of(tallies: Sequence[Tally]) -> str:
    """Return the table as Markdown."""
    head = ("attack", "tried", "refused", "crashes", "hangs", "losses", "over 1.5 GB", "peak")
    rows = [head, tuple("---" for _ in head), *map(_row, tallies)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def told(tallies: Iterable[Tally]) -> list[str]:
    """Return a line for each of the first findings of each kind, and why some were not tried."""
    lines = []
    for tally in tallies:
        found = tally.findings()
        lines += [f"{tally.kind}: {one}" for one in found[:_SHOWN]]
        if len(found) > _SHOWN:
            lines.append(f"{tally.kind}: and {len(found) - _SHOWN:,} more")
        if tally.untried:
            lines.append(f"{tally.kind}: not tried: {tally.untried}")
    return lines


def _row(tally: Tally) -> tuple[str, ...]:
    lists = (tally.crashes, tally.hangs, tally.losses, tally.greedy)
    counts = [f"{n:,}" for n in (tally.tried, tally.refused, *map(len, lists))]
    return (tally.kind, *counts, f"{tally.peak / 1e6:,.0f} MB" if tally.peak else "")
