"""The evidence for a correction, and its form in records and in the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field

CORRECTION_KEYS = frozenset({"group", "by", "overruled", "proposed", "machine"})
"""Keys of a correction that records keep among its evidence; no detector may use them."""
_UNKNOWN_ORDER = "unknown"
"""How a record says that the order of the lines is not known."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a correction, and against it; None or empty where it was not looked at."""

    belief: float | None = None
    """Probability that the change is right, from the words alone, 0 to 1."""
    word_gain: float | None = None
    """Nats by which the words get likelier with the change."""
    rarity: float | None = None
    """Nats by which the present character is rarer than the proposed one; negative: more common."""
    compare_with: str = ""
    """A text that a person should compare: a twin elsewhere on the page, the two characters."""
    entry: str = ""
    """The dictionary entry that is meant."""
    source: str = ""
    """Where that comes from: file and line of the dictionary; "scan" for a comparison with one."""
    entry_distance: float | None = None
    """Characters by which the text differs from the entry (Levenshtein distance), from 0 on."""
    may_be_name: bool = False
    """A middle dot there may stand in the name of a person or of a day (一二·八)."""
    order_unknown: bool = False
    """A line may have been overlooked there, or put in a wrong place."""
    doubt: str = ""
    """Why a person has to look, however sure the image seems."""
    image_log_odds: float | None = None
    """Natural log-odds that the image gives the change; positive speaks for it."""
    read_confidence: float | None = None
    """Confidence of the least sure glyph that was read there, 0 to 1."""
    details: Mapping[str, float | str] = field(default_factory=dict)
    """Further figures of a detector of another package, by names that are no keys of a record."""

    @property
    def image_asked(self) -> bool:
        """Tell whether the image has said something about the change."""
        return self.image_log_odds is not None


def pack_evidence(evidence: Evidence) -> dict[str, float | str]:
    """Return evidence as a record and the store hold it: by key, details among them."""
    found: dict[str, float | str | None] = {
        "belief": evidence.belief,
        "gain": evidence.word_gain,
        "rare": evidence.rarity,
        "twin": evidence.compare_with or None,
        "entry": evidence.entry or None,
        "source": evidence.source or None,
        "distance": evidence.entry_distance,
        "named": 1.0 if evidence.may_be_name else None,
        "order": _UNKNOWN_ORDER if evidence.order_unknown else None,
        "doubt": evidence.doubt or None,
        "pixels": evidence.image_log_odds,
        "read": evidence.read_confidence,
    }
    return {**evidence.details, **{key: value for key, value in found.items() if value is not None}}


def unpack_evidence(data: Mapping[str, float | str]) -> Evidence:
    """Return the evidence in a record or the store.

    Keys that are not known, or whose value is none that newspage writes, become details, so that
    nothing is lost.
    """
    rest = dict(data)
    return Evidence(
        belief=take_number(rest, "belief"),
        word_gain=take_number(rest, "gain"),
        rarity=take_number(rest, "rare"),
        compare_with=take_text(rest, "twin"),
        entry=take_text(rest, "entry"),
        source=take_text(rest, "source"),
        entry_distance=take_number(rest, "distance"),
        may_be_name=_take_flag(rest, "named", 1.0),
        order_unknown=_take_flag(rest, "order", _UNKNOWN_ORDER),
        doubt=take_text(rest, "doubt"),
        image_log_odds=take_number(rest, "pixels"),
        read_confidence=take_number(rest, "read"),
        details=rest,
    )


def take_number(rest: dict[str, float | str], key: str) -> float | None:
    """Remove a number and return it; None where there is none under the key."""
    value = rest.get(key)
    if value is None or isinstance(value, str):
        return None
    del rest[key]
    return value


def take_text(rest: dict[str, float | str], key: str) -> str:
    """Remove a text that is not empty and return it; empty where there is none under the key."""
    value = rest.get(key)
    if not isinstance(value, str) or not value:
        return ""
    del rest[key]
    return value


def _take_flag(rest: dict[str, float | str], key: str, value: float | str) -> bool:
    """Remove a key that has a value, and tell whether it had it."""
    if rest.get(key) != value:
        return False
    del rest[key]
    return True
