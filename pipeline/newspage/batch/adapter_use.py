"""Checks the adapters that settings name before a run reads its first page."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from newspage.batch.plan import PageSource
from newspage.config import Config
from newspage.engine import find_adapter, require_adapter
from newspage.settings import Settings
from newspage.terminal import escape_line

_KEY = ("recognise", "adapter")


def require_adapters(settings: Settings) -> dict[str, str]:
    """Return the papers of all adapters that the settings name, by the adapters' names.

    Raises InputError where there is no such adapter, RefusedError for a hostile one, ConfigError
    for one of another network, MissingDependencyError without that network.
    """
    named = [settings.config.recognise.adapter]
    if _KEY not in settings.forced:
        named += [str(o.changes[_KEY]) for o in settings.overrides if _KEY in o.changes]
    engine = settings.config.engine
    return {name: require_adapter(name, engine) for name in dict.fromkeys(named) if name}


@dataclass(slots=True)
class AdapterNotes:
    """Notes on pages that are to be read with the adapter of another paper, one a paper."""

    settings: Settings
    papers: Mapping[str, str]
    """The paper of each adapter, by its name."""
    _said: set[tuple[str, str]] = field(default_factory=set)

    def note_other_papers(self, sources: Iterable[PageSource]) -> Iterator[str]:
        """Yield a note for each adapter and each other paper of these pages that is new."""
        for source in sources:
            config: Config = self.settings.for_path(source.key.path)
            name = config.recognise.adapter
            paper = source.publication.paper if source.publication else ""
            made_for = self.papers.get(name, "")
            if not paper or not made_for or is_same_paper(paper, made_for):
                continue
            if (name, paper) not in self._said:
                self._said.add((name, paper))
                yield (
                    f"{escape_line(find_adapter(name))}: was made for {escape_line(made_for)} and "
                    f"is named for pages of {escape_line(paper)}. Each page is read with it only "
                    "where it fits its type better; name it in an [[override]] of its own paper."
                )


def is_same_paper(one: str, other: str) -> bool:
    """Tell whether two names may be those of one paper: one begins with the other."""
    plain = [
        "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())
        for name in (one, other)
    ]
    return plain[0].startswith(plain[1]) or plain[1].startswith(plain[0])
