"""Register what a page proposes as questions in the store: known ones keep their ids."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from newspage.decision import Act, Decision
from newspage.decisions.glyph_index import GlyphIndex
from newspage.decisions.machine_questions import (
    MachineQuestion,
    NewQuestion,
    list_questions,
    make_pattern_key,
)
from newspage.decisions.question_matching import match_questions
from newspage.decisions.strip_frames import find_line_of, frame_glyphs_in_line
from newspage.model import CorrectionStatus, PageReading, TextLine
from newspage.store import OutputStore, PageState, QuestionRow
from newspage.workspace import Workspace

Precedents = Callable[[Sequence[NewQuestion]], Sequence[Decision]]
"""Answers new questions like earlier ones; each decision has the anchor and the proposal of the
question that it answers."""

Demoted = Callable[[NewQuestion], bool]
"""Tells whether a correction that policy would apply is only to be proposed."""


def answer_nothing(questions: Sequence[NewQuestion]) -> Sequence[Decision]:
    """Answer no question: there are no precedents."""
    return ()


def demote_nothing(question: NewQuestion) -> bool:
    """Tell that no detector is demoted."""
    return False


@dataclass(frozen=True, slots=True)
class DecisionPolicy:
    """The two functions by which earlier decisions act on new questions."""

    precedents: Precedents = answer_nothing
    demoted: Demoted = demote_nothing


class QuestionRegistry:
    """Registers what pages propose as questions in the store. Raises StoreError."""

    def __init__(self, place: Workspace, store: OutputStore, teaching: DecisionPolicy) -> None:
        self._place = place
        self._store = store
        self._teaching = teaching

    def of_renamed(self, state: PageState) -> list[QuestionRow]:
        """Return the questions asked of a scan while its file had another name, which is gone.

        The page of that name is forgotten.
        """
        for page in self._store.pages.list_showing([state.scan]):
            gone = page.key != state.key and not self._place.resolve_key(page.key.path).exists()
            if gone and page.scan == state.scan:
                self._store.pages.forget_page(page.key)
                return self._store.questions.of_page(page.key.path, page.key.frame)
        return []

    def register_questions(
        self, state: PageState, reading: PageReading, known: Sequence[QuestionRow]
    ) -> None:
        """Register what a page proposes as questions.

        New questions are answered by precedent in the same transaction, so that a process that is
        killed has done both or neither.

        Args:
            state: the page.
            reading: the page as read, with what the machine proposes.
            known: all questions ever asked of it, with anchors on the scan it shows now.
        """
        asked = list_questions(reading)
        glyphs = GlyphIndex.from_page(reading.page)
        rows = [self._row(state, glyphs, one) for one in asked]
        found = match_questions(asked, known)
        renewed = [replace(rows[i], id=row.id, held=row.held) for i, row in found.items()]
        still = {row.id for row in found.values()}
        gone = [
            replace(row, asked=False, correction="")
            for row in known
            if row.asked and row.id not in still
        ]
        new = [row for i, row in enumerate(rows) if i not in found]
        questions = [_new_question(row) for row in new]
        said = _answers(questions, self._teaching.precedents(questions)) if questions else []
        fresh = [self._first(row, q) for row, q in zip(new, questions, strict=True)]
        self._store.questions.register_questions(fresh, [*renewed, *gone], said)

    def _first(self, row: QuestionRow, question: NewQuestion) -> QuestionRow:
        """Return a new question with the status that it has before anybody answers it."""
        row = replace(row, held=row.applied and self._teaching.demoted(question))
        return replace(row, status=row.undecided)

    def _row(self, state: PageState, glyphs: GlyphIndex, one: MachineQuestion) -> QuestionRow:
        """Return the row of a question, not in the store yet."""
        c = one.correction
        line = find_line_of(c.removed, glyphs) or _line_at(one, glyphs)
        applied = c.status is CorrectionStatus.APPLIED
        return QuestionRow(
            id=0,
            output=self._store.name,
            path=state.key.path,
            frame=state.key.frame,
            stem=state.stem,
            paper=state.paper,
            correction=c.id,
            article=one.title,
            rule=c.rule,
            original=c.original,
            proposed=c.proposed,
            pattern=make_pattern_key(c.rule, c.original, c.proposed),
            confidence=c.confidence,
            evidence=c.evidence,
            anchor=one.anchor,
            strip=frame_glyphs_in_line(one.anchor.boxes, line, glyphs) if line else None,
            vertical=line.vertical if line else False,
            asked=True,
            applied=applied,
            held=False,
            status=c.status.value,
        )


def _line_at(one: MachineQuestion, glyphs: GlyphIndex) -> TextLine | None:
    """Return the line of the glyph beside which a correction inserts something."""
    if not one.anchor.boxes:
        return None
    first = one.anchor.boxes[0]
    return next(
        (line for line in glyphs.lines.values() if any(g.box == first for g in line.glyphs)), None
    )


def _new_question(row: QuestionRow) -> NewQuestion:
    """Return a row as the question that precedents may answer."""
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
    """Pair each decision on a proposal with the index of the question that it answers."""
    numbers = {(q.anchor, q.proposed): i for i, q in enumerate(questions)}
    return [
        (numbers[d.anchor, d.proposed], d)
        for d in decisions
        if d.act in (Act.ACCEPT, Act.REJECT, Act.EDIT) and (d.anchor, d.proposed) in numbers
    ]
