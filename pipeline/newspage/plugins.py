"""Load what other installed packages add to the tables of newspage, by their entry points."""

from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from newspage.errors import UsageError

Entry = TypeVar("Entry")


def load_added_entries(group: str, kind: type[Entry]) -> list[Entry]:
    """Return the entries that other packages declare in an entry point group, by their names.

    Raises UsageError, which names the package, where one cannot be loaded or is no `kind`.
    """
    points = sorted(entry_points(group=group), key=lambda point: (point.name, point.value))
    return [_load(point, kind) for point in points]


def _load(point: EntryPoint, kind: type[Entry]) -> Entry:
    package = point.dist.name if point.dist else "an installed package"
    try:
        entry = point.load()
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise UsageError(
            "plugin-fails-to-load",
            name=point.name,
            package=package,
            group=point.group,
            value=point.value,
            reason=what,
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
    return entry
