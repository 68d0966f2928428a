"""Look up detectors and rules: those of newspage, then those of other installed packages.

Other packages add detectors through the entry point group `newspage.detectors`, whose values are
`Detector` objects.
"""

from collections.abc import Mapping
from functools import lru_cache

from newspage.correct.by_people import RULES_OF_PEOPLE
from newspage.correct.detector import Detector, Phase
from newspage.correct.detector_guard import guard_detector
from newspage.correct.detectors import COMPARED, DETECTORS
from newspage.correct.rule import Rule
from newspage.plugins import AddedEntry, load_added_entries

GROUP = "newspage.detectors"
"""Entry point group in which other packages declare detectors."""

_OWN_PHASES = (Phase.BREAKS, Phase.MARKS)
"""Phases whose proposals change what all later detectors read: newspage's own."""

_PROPOSED = tuple(dict.fromkeys((*(entry.rule for entry in DETECTORS), *COMPARED)))
"""Rules of the proposals that newspage makes, each once."""


@lru_cache(maxsize=1)
def load_detectors() -> tuple[Detector, ...]:
    """Return all detectors in the order in which they run.

    A detector of another package cannot take the name of a rule of newspage. Raises UsageError
    where an installed package declares something that is no `Detector` or cannot be loaded.
    """
    return (*DETECTORS, *(guard_detector(added) for added in load_added_detectors()))


@lru_cache(maxsize=1)
def load_added_detectors() -> tuple[AddedEntry[Detector], ...]:
    """Return the detectors of other packages whose rules are not taken, by entry point.

    Raises UsageError as `load_detectors` does.
    """
    taken = {rule.name for rule in (*_PROPOSED, *RULES_OF_PEOPLE)}
    found = []
    for added in load_added_entries(GROUP, Detector, _find_problem):
        if added.value.rule.name not in taken:
            taken.add(added.value.rule.name)
            found.append(added)
    return tuple(found)


def list_added_detectors() -> list[str]:
    """List the detectors of other packages, each as rule, package and version.

    Pages are corrected otherwise where this list is another. Raises UsageError as `load_detectors`
    does.
    """
    return [f"{added.value.rule.name} ({added.package})" for added in load_added_detectors()]


@lru_cache(maxsize=1)
def load_rules() -> Mapping[str, Rule]:
    """Return every rule that a correction may have, by name, those of people last.

    Raises UsageError as `load_detectors` does.
    """
    added = (entry.value.rule for entry in load_added_detectors())
    return {rule.name: rule for rule in (*_PROPOSED, *added, *RULES_OF_PEOPLE)}


def find_rule(name: str) -> Rule | None:
    """Return a rule by its name; None where its package is not installed (any more)."""
    return load_rules().get(name)


def is_cautious_rule(name: str) -> bool:
    """Tell whether a rule needs knowledge of the world outside the page; unknown ones do not."""
    rule = find_rule(name)
    return rule is not None and rule.cautious


def is_minor_rule(name: str) -> bool:
    """Tell whether corrections of a rule are counted, not listed; unknown ones are listed."""
    rule = find_rule(name)
    return rule is not None and rule.minor


def _find_problem(entry: Detector) -> str:
    """Return what is wrong with a detector of another package; empty where nothing is."""
    if entry.phase in _OWN_PHASES:
        return f"runs in the phase {entry.phase.name}, which is for detectors of newspage"
    return ""
