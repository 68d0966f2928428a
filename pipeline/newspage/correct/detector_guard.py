"""Detectors of other packages, guarded: a fault of one names it, and reaches no record."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from newspage.correct.case import DetectorInput
from newspage.correct.detector import Detector
from newspage.correct.proposal import Proposal
from newspage.correction_evidence import (
    CORRECTION_KEYS,
    Evidence,
    pack_evidence,
    unpack_evidence,
)
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
    parts: tuple[object, ...] = (proposal.proposed, proposal.group)
    if not (all(isinstance(part, str) for part in parts) and _can_be_kept(proposal.evidence)):
        raise DetectorError("detector-unrecordable", rule=rule, package=added.package)
    return proposal


def _can_be_kept(evidence: object) -> bool:
    """Tell whether a record can hold evidence, and gives it back as it is.

    It does where values are texts and finite numbers, each of the kind of its field, and no name in
    `details` is a key of newspage.
    """
    if not isinstance(evidence, Evidence):
        return False
    details: object = evidence.details
    if not isinstance(details, Mapping) or CORRECTION_KEYS & details.keys():
        return False
    packed = pack_evidence(evidence)
    names: tuple[object, ...] = tuple(packed)
    recordable = all(isinstance(n, str) for n in names) and all(
        map(_is_recordable, packed.values())
    )
    return recordable and unpack_evidence(packed) == evidence


def _is_recordable(value: object) -> bool:
    """Tell whether a record can hold a value of the evidence: a text, or a finite number."""
    if isinstance(value, bool):
        return False
    return isinstance(value, str) or (isinstance(value, int | float) and math.isfinite(value))
