"""The one way to a page's files: what the machine read, with what people decided folded in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.decide import Asked, Folded, NewQuestion, asked_of, fold, machine_of
from pipeline.decide.matching import matched
from pipeline.decide.places import Glyphs
from pipeline.decide.question import pattern_of
from pipeline.decide.strips import line_of, strip_of
from pipeline.decision import Act, Decision
from pipeline.errors import InputError
from pipeline.files import write_whole
from pipeline.issues import issue_name
from pipeline.model import PageRecord, Publication, Status, TextLine
from pipeline.record import decode, read_record
from pipeline.run.copies import Copies, brought_over
from pipeline.run.outputs import page_files
from pipeline.run.place import Place, writing
from pipeline.store import (
    OutcomeRow,
    PageState,
    QuestionRow,
    ScanId,
    ScanKey,
    ScanStatus,
    Settled,
    Store,
)

Precedents = Callable[[Sequence[NewQuestion]], Sequence[Decision]]
"""Answers new questions by what people said of such before; each decision has the anchor and the
proposal of the question that it answers."""

Demoted = Callable[[NewQuestion], bool]
"""Whether what policy would apply is only to be proposed."""


def nobody(questions: Sequence[NewQuestion]) -> Sequence[Decision]:
    """No precedents."""
    return ()


def never(question: NewQuestion) -> bool:
    """No detector is demoted."""
    return False


@dataclass(frozen=True, slots=True)
class Read:
    """A page that was just read."""

    key: ScanKey
    stem: str
    publication: Publication | None
    files: Mapping[str, bytes]
    """Its files by suffix, as the machine alone would have them."""


class Keeper:
    """Writes the files of pages, so that every decision in the store is in them.

    Everybody who writes them, a run or a desk, does it through a keeper: what it does to a page it
    does under the lock of the place. Raises StoreError and OutputError.
    """

    def __init__(
        self,
        place: Place,
        store: Store,
        precedents: Precedents = nobody,
        demoted: Demoted = never,
    ) -> None:
        self._place = place
        self._store = store
        self._copies = Copies(store, place.name)
        self._precedents = precedents
        self._demoted = demoted

    def keep(self, page: Read) -> None:
        """Write a page that was just read; what it proposes is registered as questions."""
        record = decode(page.files[".json"], page.stem)
        with writing(self._place):
            state = self._enter(page.key, page.stem, page.publication, record)
            folded, rows = self._folded(state, record)
            if folded.record == record:
                self._write(page.stem, page.files)
            else:
                self._write(page.stem, page_files(folded.record))
            self._settle(state, folded, rows)

    def refold(self, state: PageState) -> bool:
        """Write a page anew where the decisions on it ask for it; whether its text has changed.

        A page whose record is missing or cannot be read is left to the next run.
        """
        with writing(self._place):
            record = self._on_disk(state.stem)
            if record is None or record.page.scan.sha256 != state.sha256:
                return False
            folded, rows = self._folded(state, record)
            changed = folded.record != record
            if changed:
                self._unjoin(state.key)
                self._write(state.stem, page_files(folded.record))
            self._settle(state, folded, rows)
        return changed

    def decisions_on(self, state: PageState) -> tuple[list[Decision], int]:
        """The decisions on a page, their places on its scan; and the number of the last.

        Those that were made on another scan of the page come with their places brought over.
        """
        ways = self._copies.ways(state.scan)
        decisions, last = self._store.decisions.of_scans([state.scan, *ways])
        return [
            brought_over(d, ways[scan], state.scan) if (scan := _scan(d)) in ways else d
            for d in decisions
        ], last

    def catch_up(self) -> int:
        """Bring pages up to date that a killed process, or an older version, left behind."""
        pages = self._store.pages.of(self._place.name)
        done = 0
        for key, row in self._store.scans(self._place.name).items():
            if row.status is ScanStatus.DONE and key not in pages:
                done += self._adopt(key, row.stem, row.publication)
        for state in self._store.pages.behind(self._place.name):
            done += self.refold(state)
        return done

    def _adopt(self, key: ScanKey, stem: str, publication: Publication | None) -> bool:
        """Register a page that was written before there were questions."""
        with writing(self._place):
            record = self._on_disk(stem)
            if record is None:
                return False
            state = self._enter(key, stem, publication, machine_of(record))
            folded, rows = self._folded(state, record)
            if folded.record != record:
                self._unjoin(key)
                self._write(stem, page_files(folded.record))
            self._settle(state, folded, rows)
        return True

    def _enter(
        self, key: ScanKey, stem: str, publication: Publication | None, machine: PageRecord
    ) -> PageState:
        """Note that a page shows a scan, and what is proposed on it."""
        paper = publication.paper if publication else ""
        state = PageState(key, stem, machine.page.scan.sha256, paper, 0)
        self._copies.look(state, publication, machine.page)
        known = self._store.questions.of_page(self._place.name, key.path, key.frame)
        known = self._copies.brought_over(state, known or self._of_renamed(state))
        self._register(state, machine, known)
        self._store.pages.put(self._place.name, state)
        return state

    def _of_renamed(self, state: PageState) -> list[QuestionRow]:
        """What was asked of the scan while its file had another name."""
        for page in self._store.pages.showing(self._place.name, [state.scan]):
            gone = page.key != state.key and not self._place.path(page.key.path).exists()
            if gone and page.scan == state.scan:
                self._store.pages.forget(self._place.name, page.key)
                return self._store.questions.of_page(
                    self._place.name, page.key.path, page.key.frame
                )
        return []

    def _register(
        self, state: PageState, machine: PageRecord, known: Sequence[QuestionRow]
    ) -> None:
        asked = asked_of(machine)
        found = matched(asked, known)
        rows = [self._row(state, machine, one) for one in asked]
        renewed = []
        for i, row in found.items():
            renewed.append(replace(rows[i], id=row.id, held=row.held))
        still = {row.id for row in found.values()}
        renewed += [
            replace(row, asked=False, correction="")
            for row in known
            if row.id not in still and row.asked
        ]
        new = [i for i in range(len(asked)) if i not in found]
        questions = [_new_question(rows[i]) for i in new]
        said = [(new_index, d) for new_index, d in _answers(questions, self._precedents(questions))]
        fresh = [
            replace(rows[i], held=rows[i].applied and self._demoted(q))
            for i, q in zip(new, questions, strict=True)
        ]
        fresh = [replace(row, status=row.undecided) for row in fresh]
        self._store.questions.register(fresh, renewed, said)

    def _row(self, state: PageState, machine: PageRecord, one: Asked) -> QuestionRow:
        c = one.correction
        glyphs = Glyphs.of(machine.page)
        line = line_of(c.removed, glyphs) or _line_at(one, glyphs)
        applied = c.status is Status.APPLIED
        return QuestionRow(
            id=0,
            output=self._place.name,
            path=state.key.path,
            frame=state.key.frame,
            stem=state.stem,
            paper=state.paper,
            correction=c.id,
            article=one.title,
            rule=c.rule,
            original=c.original,
            proposed=c.proposed,
            pattern=pattern_of(c.rule, c.original, c.proposed),
            confidence=c.confidence,
            evidence=c.evidence,
            anchor=one.anchor,
            strip=strip_of(one.anchor.boxes, line, glyphs) if line else None,
            vertical=line.vertical if line else False,
            asked=True,
            applied=applied,
            held=False,
            status=c.status.value,
        )

    def _folded(
        self, state: PageState, record: PageRecord
    ) -> tuple[Folded, tuple[list[QuestionRow], int]]:
        """The record with all decisions in it; the page's questions, and the last decision."""
        rows = self._store.questions.of_page(self._place.name, state.key.path, state.key.frame)
        decisions, last = self.decisions_on(state)
        held = frozenset(row.correction for row in rows if row.held and row.asked)
        return fold(record, decisions, held), (rows, last)

    def _settle(
        self, state: PageState, folded: Folded, seen: tuple[list[QuestionRow], int]
    ) -> None:
        rows, last = seen
        corrections = {c.id: c for c in folded.record.corrections}
        settled = []
        for row in rows:
            c = corrections.get(row.correction) if row.asked else None
            if c is None:
                continue
            text = c.proposed if c.status is Status.EDITED else ""
            by = str(c.evidence.get("by") or c.evidence.get("overruled") or "")
            if (c.status.value, text, by) != (row.status, row.text, row.reviewer):
                settled.append(Settled(row.id, row.version, c.status.value, text, by))
        outcomes = [OutcomeRow(o.decision.uid, o.state.value, o.reason) for o in folded.outcomes]
        if folded.outcomes:
            self._copies.remember(state, folded.record.page)
        self._store.pages.settle(self._place.name, replace(state, mark=last), outcomes, settled)

    def _unjoin(self, key: ScanKey) -> None:
        """The issue that a page is part of is to be joined again."""
        row = self._store.scan(self._place.name, key)
        name = issue_name(row.publication) if row else ""
        if name in self._store.issues(self._place.name):
            self._store.put_issue(self._place.name, name, "")

    def _on_disk(self, stem: str) -> PageRecord | None:
        try:
            return read_record(self._place.output / f"{stem}.json")
        except InputError:
            return None

    def _write(self, stem: str, files: Mapping[str, bytes]) -> None:
        path: Path = self._place.output / stem
        write_whole(path.parent, {path.name + suffix: data for suffix, data in files.items()})


def _scan(decision: Decision) -> ScanId:
    return decision.anchor.sha256, decision.anchor.frame


def _line_at(one: Asked, glyphs: Glyphs) -> TextLine | None:
    """The line of the glyph beside which something is to be put in."""
    if not one.anchor.boxes:
        return None
    first = one.anchor.boxes[0]
    return next(
        (line for line in glyphs.lines.values() if any(g.box == first for g in line.glyphs)), None
    )


def _new_question(row: QuestionRow) -> NewQuestion:
    return NewQuestion(
        row.anchor,
        row.rule,
        row.proposed,
        row.confidence,
        row.evidence,
        row.pattern,
        row.applied,
        row.path,
        row.stem,
    )


def _answers(
    questions: Sequence[NewQuestion], decisions: Sequence[Decision]
) -> list[tuple[int, Decision]]:
    """Each decision with the index of the question it answers."""
    numbers = {(q.anchor, q.proposed): i for i, q in enumerate(questions)}
    return [
        (numbers[d.anchor, d.proposed], d)
        for d in decisions
        if d.act in (Act.ACCEPT, Act.REJECT, Act.EDIT) and (d.anchor, d.proposed) in numbers
    ]
