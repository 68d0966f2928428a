"""Attack the program and print what came of it.

    python -m benchmarks.attack --size 1000 --seed 7 [--only KIND ...] [--keep FOLDER]

The size is the number of hostile files; all else follows from it. Exit code 1 says that something
was found that must not be.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.attack import (
    bombs,
    clusters,
    crowds,
    disks,
    hostile_http,
    kills,
    power,
    scans,
    sharing,
    texts,
)
from benchmarks.attack.tally import Tally, table_of, told


@dataclass(frozen=True, slots=True)
class Attack:
    """One kind of attack."""

    make: Callable[[int, int, Path | None], Tally]
    """Takes how many, the seed, and where to keep files that did harm."""
    share: float
    """Of the size that is asked for."""
    least: int = 1


def _plain(attack: Callable[[int, int], Tally]) -> Callable[[int, int, Path | None], Tally]:
    """An attack that has no files to keep."""
    return lambda size, seed, keep: attack(size, seed)


ATTACKS: Mapping[str, Attack] = {
    "scans": Attack(scans.attack_scans, 0.9, 40),
    "texts": Attack(texts.attack_texts, 0.1, 20),
    "bombs": Attack(bombs.attack_bombs, 0.001, len(bombs.BOMBS)),
    "crowds": Attack(_plain(crowds.attack_by_crowds), 1.0),
    "changes": Attack(_plain(crowds.attack_by_changes), 0.02),
    "runs": Attack(_plain(kills.attack_runs), 0.001, 2),
    "watching": Attack(_plain(kills.attack_watching), 0.0004),
    "reviewing": Attack(_plain(kills.attack_reviewing), 0.0005, 2),
    "database": Attack(_plain(kills.attack_database), 0.0001),
    "requests": Attack(_plain(hostile_http.attack_review), 0.02, 40),
    "full": Attack(_plain(disks.attack_full_disks), 0.001, 2),
    "read-only": Attack(_plain(disks.attack_read_only_disks), 0.0004, 4),
    "clocks": Attack(_plain(disks.attack_clocks), 0.0002),
    "two": Attack(_plain(disks.attack_two_runs), 0.0005),
    "workers": Attack(_plain(sharing.attack_workers), 0.001, 4),
    "workers-server": Attack(_plain(sharing.attack_workers_on_server), 0.001, 4),
    "workers-restarts": Attack(_plain(sharing.attack_workers_through_restarts), 0.001, 4),
    "workers-full": Attack(_plain(sharing.attack_workers_on_full_disks), 0.001, 4),
    "clusters": Attack(_plain(clusters.attack_clusters), 0.0005, 2),
    "clusters-server": Attack(_plain(clusters.attack_clusters_on_server), 0.0005, 2),
    "power": Attack(_plain(power.attack_power), 0.002, 3),
}
"""With 100,000 files come 400 kills."""


def attack_all(size: int, seed: int, only: list[str], keep: Path | None = None) -> list[Tally]:
    """Attack in all ways, or some, one after the other; say on the way what is done."""
    tallies = []
    for kind in only or list(ATTACKS):
        attack = ATTACKS[kind]
        count = max(attack.least, round(attack.share * size))
        print(f"{time.strftime('%H:%M:%S')} {kind}: {count:,} ...", file=sys.stderr, flush=True)
        tallies.append(attack.make(count, seed, keep))
    return tallies


def main() -> None:
    """Read the command line, attack, print the table and what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", action="append", choices=sorted(ATTACKS), default=[])
    parser.add_argument("--keep", type=Path, help="folder for the files that did harm")
    given = parser.parse_args()
    tallies = attack_all(given.size, given.seed, given.only, given.keep)
    print(table_of(tallies))
    print(*told(tallies), sep="\n")
    sys.exit(any(tally.findings() for tally in tallies))


if __name__ == "__main__":
    main()
