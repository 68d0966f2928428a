"""What takes long is done before anybody waits for it: lessons learnt, strips cut, page by page."""

import threading
from collections import defaultdict
from types import TracebackType
from typing import Self

from newspage.errors import NewspageError
from newspage.review.service import QuestionFilter, QuestionSummary, ReviewService
from newspage.review.web.scan_pictures import ScanPictures

STRIP_WIDTH = 1000
"""Width of strips, pixels; as WIDTH of crops.js, which would not find another one on disk."""
_MOST = 2000
"""Questions whose strips are cut in advance. Judgement, not measured."""
_PAUSE = 0.004
"""Seconds between two strips: requests go first. Judgement, not measured."""


class CacheWarmer:
    """A thread that learns from all decisions and cuts strips while the application runs."""

    def __init__(self, service: ReviewService, pictures: ScanPictures) -> None:
        self._service = service
        self._pictures = pictures
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="newspage-warmer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join(5)

    def _work(self) -> None:
        """Learn, and cut the strips of open questions until all are cut or the application ends."""
        # The first page is to be there before anything is done in advance.
        if self._ended.wait(1.0):
            return
        try:
            # To learn from 20,000 decisions takes half a second; each later one is added to that.
            self._service.summarise_progress()
            upcoming = self._find_upcoming()
        except NewspageError:
            return
        for questions in upcoming.values():
            for question in questions:
                if self._ended.wait(_PAUSE):
                    return
                self._cut(question)

    def _find_upcoming(self) -> dict[str, list[QuestionSummary]]:
        """Return open questions by scan, in the order in which they are first asked."""
        by_scan: dict[str, list[QuestionSummary]] = defaultdict(list)
        for offset in range(0, _MOST, 500):
            items, _ = self._service.list_questions(QuestionFilter(), "value", offset, 500)
            for question in items:
                by_scan[question.scan].append(question)
        return by_scan

    def _cut(self, question: QuestionSummary) -> None:
        """Cut the strip of a question, if it has one."""
        if question.strip is None:
            return
        try:
            self._pictures.cut_crop(question.scan, question.strip, STRIP_WIDTH)
        except NewspageError:
            # Whoever opens the question is told why.
            return
