"""Look-up of installed packages."""

from importlib.metadata import PackageNotFoundError, version


def find_installed_version(name: str) -> str | None:
    """Return the version of an installed package; None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None
