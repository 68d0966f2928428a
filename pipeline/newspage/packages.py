"""Which packages are installed."""

from importlib.metadata import PackageNotFoundError, version


def find_installed_version(name: str) -> str | None:
    """The version of an installed package; None where it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None
