"""What decisions taught: the trust of detectors, and dictionary entries to adopt."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from newspage.config import Config
from newspage.correct import (
    Dictionaries,
    EntryKind,
    add_entry,
    list_dictionary_folders,
    load_dictionaries,
    load_rules,
)
from newspage.decisions import (
    AnswerTally,
    LearnedRules,
    LearningCache,
    SuggestedEntry,
    TrustBounds,
    judge_trust,
    suggest_entries,
)
from newspage.review.service.answers import format_now
from newspage.review.service.request_errors import UnknownError
from newspage.review.service.views import RuleStanding, Suggestion
from newspage.store import OutputStore, QuestionCounts, SuggestionRow
from newspage.workspace import Workspace, hold_write_lock

_AGAIN = 2
"""A dismissed suggestion comes back once it has this many times the support. Judgement."""


class DetectorOverview:
    """Detectors and suggestions of an output folder.

    Raises StoreError, and InputError where dictionaries cannot be read.
    """

    def __init__(self, place: Workspace, store: OutputStore, config: Config) -> None:
        self._place = place
        self._store = store
        self._config = config
        self._folder: Path = place.find_learned(config)
        self._memory = LearningCache(store.whole, config.review)
        self._suggested: tuple[LearnedRules, tuple[SuggestedEntry, ...]] | None = None

    def list_rules(self, asked: Mapping[str, QuestionCounts]) -> tuple[RuleStanding, ...]:
        """Return the trust of every detector that has asked or was pinned, by name.

        `asked`: of each detector how its questions stand.
        """
        learnt = self._memory.load_learned()
        pins = self._store.teaching.list_pins()
        bounds = TrustBounds(self._config.review.trust, self._config.review.demote)
        rows = []
        for rule in sorted({*asked, *learnt.tallies, *pins}):
            tally = learnt.tallies.get(rule, AnswerTally())
            pinned = pins[rule].standing if rule in pins else ""
            found = judge_trust(rule, tally, bounds, pinned)
            rows.append(
                RuleStanding(
                    rule,
                    tally.accepted,
                    tally.rejected,
                    tally.edited,
                    asked.get(rule, QuestionCounts()).open,
                    found.mean,
                    found.low,
                    found.high,
                    found.level,
                    pinned,  # type: ignore[arg-type]
                    found.reason,
                    found.why,
                )
            )
        return tuple(rows)

    def known(self) -> frozenset[str]:
        """Return the names of all detectors that exist, or that have asked something."""
        asked = self._store.questions.count_by_rule()
        asking = (name for name, rule in load_rules().items() if rule.proposed_by_machine)
        return frozenset({*asking, *asked, *self._memory.load_learned().tallies})

    def list_suggestions(self) -> tuple[Suggestion, ...]:
        """Return the suggested entries, the best supported first, then those that were adopted.

        A dismissed one is left out until it has much more support than when it was dismissed.
        """
        answered = self._store.teaching.list_suggestions()
        views = []
        for entry in self._entries():
            row = answered.get(entry.key)
            if row is None:
                views.append(_view(entry))
            elif row.state == "adopted":
                views.append(replace(_view(entry), state="adopted"))
            elif entry.support >= _AGAIN * row.support:
                views.append(_view(entry))
        return tuple(sorted(views, key=lambda view: view.state == "adopted"))

    def adopt_suggestion(self, key: str, reviewer: str) -> None:
        """Add an entry to the learned dictionaries.

        Raises UnknownError where it is not suggested, OutputError where it cannot be written.
        """
        entry = self._entry(key)
        note = f"{reviewer}, {format_now()[:10]}, {entry.support} decisions".replace("\t", " ")
        with hold_write_lock(self._place):
            add_entry(self._folder, entry.kind, entry.text, "", " ".join(note.split()))
        self._answer(entry, "adopted", reviewer)

    def dismiss_suggestion(self, key: str, reviewer: str) -> None:
        """Record that an entry is not wanted. Raises UnknownError."""
        self._answer(self._entry(key), "dismissed", reviewer)

    def _entry(self, key: str) -> SuggestedEntry:
        """Return an open suggestion by its key. Raises UnknownError."""
        open_now = {view.key for view in self.list_suggestions() if view.state == "open"}
        for entry in self._entries():
            if entry.key == key and key in open_now:
                return entry
        raise UnknownError("suggestion-unknown")

    def _answer(self, entry: SuggestedEntry, state: str, reviewer: str) -> None:
        """Record what a person said to a suggestion, with the support it had then."""
        row = SuggestionRow(entry.key, state, entry.support, reviewer, format_now())
        self._store.teaching.answer_suggestion(row)

    def _entries(self) -> tuple[SuggestedEntry, ...]:
        """Return everything that is suggested, whatever people said to it."""
        learnt = self._memory.load_learned()
        if self._suggested is None or self._suggested[0] is not learnt:
            self._suggested = learnt, suggest_entries(learnt.lessons, self._base_dictionaries())
        return self._suggested[1]

    def _base_dictionaries(self) -> Dictionaries:
        """Return the dictionaries without the learned entries."""
        return load_dictionaries(list_dictionary_folders(replace(self._config.correct, learned="")))


def _view(entry: SuggestedEntry) -> Suggestion:
    """Return a suggested entry as the review page shows it; a confusion as two characters."""
    confusion = entry.kind is EntryKind.CONFUSIONS
    return Suggestion(
        entry.key,
        entry.kind.value,
        entry.text[0] if confusion else entry.text,
        entry.text[1:] if confusion else "",
        entry.support,
        entry.scans,
        entry.against,
        entry.examples,
    )
