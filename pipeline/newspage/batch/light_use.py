"""Checks that the light network is there before a run reads its first page with it."""

from newspage.engine import find_light_recogniser
from newspage.settings import Settings

_KEY = ("recognise", "quality")


def require_light_network(settings: Settings) -> None:
    """Make sure that the light network is installed where any page is to be read with it.

    Raises MissingDependencyError.
    """
    named: list[str] = [settings.config.recognise.quality]
    if _KEY not in settings.forced:
        named += [str(o.changes[_KEY]) for o in settings.overrides if _KEY in o.changes]
    if any(quality != "best" for quality in named):
        find_light_recogniser()
