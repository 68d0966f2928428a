"""Offer the names of a package from its `__init__.py`, and load their modules when first used.

What a package offers to others stands in its `__init__.py`, its face. If that imported all of its
modules, whoever asks for one function would wait for all that the others need, networks and
optional packages among them, and packages that use each other's names could not be imported.
"""

from collections.abc import Callable, Mapping
from importlib import import_module


def load_on_use(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Return the function that Python calls for a name that a package does not hold itself.

    It is assigned to `__getattr__` of the package. Names are looked up anew at each import, so that
    whoever replaces one in its module replaces it for all who import it later.

    Args:
        package: The package, for the message where it has no such name.
        homes: The module that holds each name, in full.
    """

    def load_name(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    return load_name
