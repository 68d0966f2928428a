"""Suggest dictionary entries from people's decisions: look-alikes, set phrases, names."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from newspage.correct import NAME, Dictionaries, EntryKind
from newspage.decision import Act
from newspage.decisions.lessons import Lesson

SUPPORT = 3
"""Least number of accepted decisions, at different places, for an entry. Judgement, like the
others."""
_SCANS = 2
"""Least number of scans that these are on: one article may repeat a phrase over and over."""
_REACH = 6
"""Most characters on either side of a change that a phrase may take in."""
_LONGEST = 10
"""Most characters of a phrase."""
_LONGEST_NAME = 4
"""Most characters of a name: two of a double surname, two of a given name."""
_EXAMPLES = 3
"""Most examples that a suggestion shows."""
_SHOWN = 5
"""Characters of context on either side in an example."""


@dataclass(frozen=True, slots=True)
class SuggestedEntry:
    """A dictionary entry that a person may adopt."""

    kind: EntryKind
    text: str
    support: int
    """Number of accepted decisions it rests on."""
    scans: int
    against: int
    """Number of places where people decided otherwise."""
    examples: tuple[str, ...]

    @property
    def key(self) -> str:
        """Return the name of the entry in the store and in addresses."""
        return f"{self.kind}:{self.text}"


def suggest_entries(lessons: Iterable[Lesson], known: Dictionaries) -> tuple[SuggestedEntry, ...]:
    """Return entries that are not in the dictionaries yet, the best supported first."""
    lessons = tuple(lessons)
    right = [one for one in lessons if one.act is Act.ACCEPT and one.original != one.proposed]
    wrong = [one for one in lessons if one.act is not Act.ACCEPT]
    found = [*_confusions(right, wrong, known), *_phrases(right, wrong, known)]
    return tuple(sorted(found, key=lambda e: (-e.support, e.against, e.key)))


def _confusions(
    right: Sequence[Lesson], wrong: Sequence[Lesson], known: Dictionaries
) -> Iterator[SuggestedEntry]:
    """Yield pairs of characters that were mistaken for each other, in either direction."""
    pairs: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in right:
        if pair := _pair(lesson):
            pairs[pair].append(lesson)
    for pair, lessons in pairs.items():
        if pair[1] in known.confusions.get(pair[0], ""):
            continue
        against = sum(1 for lesson in wrong if _pair(lesson) == pair)
        if entry := _entry(EntryKind.CONFUSIONS, pair, lessons, against):
            yield entry


def _pair(lesson: Lesson) -> str:
    """Return the two characters that a lesson confuses, sorted; empty for other changes."""
    one, two = lesson.original, lesson.proposed
    if len(one) == len(two) == 1 and one != two and _is_word(one) and _is_word(two):
        return "".join(sorted((one, two)))
    return ""


def _phrases(
    right: Sequence[Lesson], wrong: Sequence[Lesson], known: Dictionaries
) -> Iterator[SuggestedEntry]:
    """Yield words around an accepted change that recur with it, each as long as it can be.

    A phrase inside a longer one that is as well supported is left out.
    """
    places: dict[tuple[EntryKind, str], list[tuple[Lesson, str]]] = defaultdict(list)
    for lesson in right:
        for kind, phrase, as_read in _windows(lesson):
            places[kind, phrase].append((lesson, as_read))
    refused = Counter(as_read for lesson in wrong for _, _, as_read in _windows(lesson))
    entries: dict[str, SuggestedEntry] = {}
    for (kind, phrase), found in places.items():
        if len(found) >= SUPPORT:
            against = sum(refused[as_read] for as_read in {as_read for _, as_read in found})
            if entry := _entry(kind, phrase, [lesson for lesson, _ in found], against):
                entries[phrase] = entry
    for phrase, entry in entries.items():
        larger = (other for text, other in entries.items() if phrase != text and phrase in text)
        if not any(other.support >= entry.support for other in larger) and not _known(
            phrase, known
        ):
            yield entry


def _windows(lesson: Lesson) -> Iterator[tuple[EntryKind, str, str]]:
    """Yield each phrase around a change: its kind, as proposed and as read."""
    proposed, original = lesson.proposed, lesson.original
    if not proposed or not all(map(_is_word, proposed)):
        return
    anchor = lesson.decision.anchor
    before = "".join(takewhile(_is_word, reversed(anchor.before)))[:_REACH][::-1]
    after = "".join(takewhile(_is_word, anchor.after))[:_REACH]
    name = lesson.rule == NAME.name
    kind, longest = (EntryKind.NAMES, _LONGEST_NAME) if name else (EntryKind.PHRASES, _LONGEST)
    for start in range(len(before) + 1):
        for end in range(len(after) + 1):
            phrase = before[start:] + proposed + after[:end]
            if 2 <= len(phrase) <= longest:
                yield kind, phrase, before[start:] + original + after[:end]


def _known(phrase: str, known: Dictionaries) -> bool:
    """Tell whether a phrase is in the dictionaries, alone or in a longer one."""
    return any(phrase in entry.text for entry in known.phrases)


def _entry(
    kind: EntryKind, text: str, lessons: Sequence[Lesson], against: int
) -> SuggestedEntry | None:
    """Return an entry if it has enough support, and more than there is against it."""
    unique = {one.decision.uid: one for one in lessons}.values()
    scans = len({one.decision.anchor.sha256 for one in unique})
    if len(unique) < SUPPORT or scans < _SCANS or against >= len(unique):
        return None
    examples = tuple(map(_example, list(unique)[:_EXAMPLES]))
    return SuggestedEntry(kind, text, len(unique), scans, against, examples)


def _example(lesson: Lesson) -> str:
    """Show the change of a lesson in its context, with the name of the scan."""
    anchor = lesson.decision.anchor
    before, after = anchor.before[-_SHOWN:], anchor.after[:_SHOWN]
    shown = f"{before}[{lesson.original}→{lesson.proposed}]{after}".replace("\n", "¶")
    return f"{shown} ({lesson.decision.file})" if lesson.decision.file else shown


def _is_word(character: str) -> bool:
    """Tell whether a character is Chinese: punctuation, spaces and digits end a phrase."""
    return "\u3400" <= character <= "\u9fff" or character == "〇"
