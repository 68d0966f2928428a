"""Load what other installed packages add to the tables of newspage, by their entry points."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from newspage.errors import UsageError, describe_exception

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class AddedEntry(Generic[Entry]):
    """An entry that another package declares, and that package."""

    value: Entry
    package: str
    """Name and version of the package, as in "toy-package 3.1"."""


def load_added_entries(
    group: str, kind: type[Entry], find_problem: Callable[[Entry], str] = lambda entry: ""
) -> list[AddedEntry[Entry]]:
    """Return the entries that other packages declare in an entry point group, by their names.

    Args:
        group: The entry point group.
        kind: The class that each entry has to be of.
        find_problem: Returns what else is wrong with an entry; empty where nothing is.

    Raises:
        UsageError: One cannot be loaded, is no `kind`, or has a problem; it names the package.
    """
    points = sorted(entry_points(group=group), key=lambda point: (point.name, point.value))
    return [_load(point, kind, find_problem) for point in points]


def _load(
    point: EntryPoint, kind: type[Entry], find_problem: Callable[[Entry], str]
) -> AddedEntry[Entry]:
    package = point.dist.name if point.dist else "an installed package"
    try:
        entry = point.load()
    except Exception as error:
        raise UsageError(
            "plugin-fails-to-load",
            name=point.name,
            package=package,
            group=point.group,
            value=point.value,
            reason=describe_exception(error),
        ) from error
    if not isinstance(entry, kind):
        raise UsageError(
            "plugin-of-wrong-kind",
            name=point.name,
            package=package,
            group=point.group,
            value=point.value,
            kind=kind.__name__,
        )
    problem = find_problem(entry)
    if problem:
        raise UsageError(
            "plugin-unfit",
            name=point.name,
            package=package,
            group=point.group,
            value=point.value,
            problem=problem,
        )
    return AddedEntry(entry, f"{point.dist.name} {point.dist.version}" if point.dist else "")
