"""Detectors of other packages, guarded: a fault of one names it, and reaches no record."""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from newspage.correct.case import DetectorInput
from newspage.correct.detector import Detector
from newspage.correct.proposal import Proposal
from newspage.errors import NewspageError, describe_exception
from newspage.plugins import AddedEntry

Result = TypeVar("Result")


class DetectorError(NewspageError):
    """A detector of another package fails on a text, or proposes what cannot be."""


def guard_detector(added: AddedEntry[Detector]) -> Detector:
    """Return a detector of another package whose functions raise DetectorError for any fault."""
    entry = added.value

    def detect(case: DetectorInput) -> Iterable[Proposal]:
        found = _call_guarded(added, lambda: list(entry.detect(case)))
        return [_require_sound(added, proposal, case) for proposal in found]

    def refine(proposal: Proposal, case: DetectorInput) -> Proposal:
        given = entry.refine
        refined = _call_guarded(added, lambda: given(proposal, case)) if given else proposal
        return _require_sound(added, refined, case)

    return replace(entry, detect=detect, refine=refine if entry.refine else None)


def _call_guarded(added: AddedEntry[Detector], call: Callable[[], Result]) -> Result:
    """Return the result of a call into another package. Raises DetectorError."""
    try:
        return call()
    except NewspageError:
        raise
    except Exception as error:
        rule = added.value.rule.name
        raise DetectorError(
            "detector-fails", rule=rule, package=added.package, reason=describe_exception(error)
        ) from error


def _require_sound(
    added: AddedEntry[Detector], proposal: Proposal, case: DetectorInput
) -> Proposal:
    """Return a proposal of another package if it can be one. Raises DetectorError."""
    rule = added.value.rule.name
    if not isinstance(proposal, Proposal):
        raise DetectorError(
            "detector-gives-other", rule=rule, package=added.package, value=repr(proposal)
        )
    if proposal.rule is not added.value.rule:
        raise DetectorError("detector-of-other-rule", rule=rule, package=added.package)
    if proposal.end > len(case.string):
        raise DetectorError("detector-beyond-text", rule=rule, package=added.package)
    parts: tuple[object, ...] = (proposal.proposed, *proposal.evidence, proposal.group)
    values: tuple[object, ...] = tuple(proposal.evidence.values())
    if not (all(isinstance(part, str) for part in parts) and all(map(_is_recordable, values))):
        raise DetectorError("detector-unrecordable", rule=rule, package=added.package)
    return proposal


def _is_recordable(value: object) -> bool:
    """Tell whether a record can hold a value of the evidence: a text, or a finite number."""
    return isinstance(value, str) or (isinstance(value, int | float) and math.isfinite(value))
