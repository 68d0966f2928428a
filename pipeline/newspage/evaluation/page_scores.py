"""Score a page that was read against its true text: characters, words, order, articles, lines."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from newspage.evaluation.differences import TextComparison, compare_texts
from newspage.evaluation.page_texts import (
    ArticleText,
    LineText,
    Normalisation,
    PageText,
    normalise_page,
)
from newspage.evaluation.scores import ErrorCount, FoundCount, HarmCount, Retrieval, Scores
from newspage.evaluation.segmentation import measure_segmentation
from newspage.evaluation.word_errors import word_errors

ARTICLE_TOLERANCE = 0.05
"""Largest character error rate of an article that counts as found. Judgement: a few misread
characters do not hide an article, a missing or foreign paragraph does."""
SAME_ARTICLE = 0.5
"""Character error rate beyond which two articles are not the same. Judgement: where more than half
differs, paragraphs and places of one say nothing of the other."""
BOUNDARY_TOLERANCE = 2
"""Characters by which a paragraph boundary, or the start of the next line, may be off. Judgement: a
mark missing or added at a line's end is no error of structure."""
SHORTEST_LINE = 5
"""Characters of the shortest line that counts. Judgement: shorter ones are found by accident."""
LINE_SIMILARITY = 80.0
"""Percent of a line (rapidfuzz's partial ratio) that has to stand together for it to be found.
Judgement: one misread character in five leaves a line recognisable."""
LINE_ROLES = ("", "kicker", "title", "deck", "byline", "body", "subhead", "caption")
"""Roles of the printed lines that count; empty where a truth file tells none."""
_NGRAM = 6
"""Characters of the strings by which a text without a counterpart is located. Judgement: six
Chinese characters seldom recur on a page, and strings that do are left out."""


@dataclass(frozen=True, slots=True)
class PageComparison:
    """A page and its truth, normalised, and the two texts of them that are compared."""

    true: PageText
    made: PageText
    matched: Mapping[int, tuple[int, float]]
    """What `match_articles` says of their articles."""
    order: Sequence[int]
    """Numbers of the true articles in the order in which the page has them."""
    expected: str
    """The text of the true articles, in that order."""
    text: str
    """The text of the articles that were read, without furniture printed among them."""
    places: Sequence[int]
    """Offset of each character of `text` in the text of all articles, furniture included."""


def compare_pages(truth: PageText, read: PageText, norm: Normalisation) -> PageComparison:
    """Put the articles of a page and of its truth into one order, furniture set aside."""
    true, made = normalise_page(truth, norm), normalise_page(read, norm)
    matched = match_articles(true.articles, made.articles)
    text, places = _without_furniture("".join(a.whole for a in made.articles), true.furniture)
    order = _order_of(true.articles, made.articles, matched)
    expected = "".join(true.articles[i].whole for i in order)
    return PageComparison(true, made, matched, order, expected, text, places)


def score_page(truth: PageText, read: PageText, norm: Normalisation | None = None) -> Scores:
    """Score a page that was read against its true text.

    Args:
        truth: The page as it is printed, with its lines if lines are to be scored.
        read: The page as it was read.
        norm: Differences that do not count; None for the usual ones.

    Returns:
        All scores as counts; those of words use the texts before normalisation.
    """
    pages = compare_pages(truth, read, norm or Normalisation())
    true, made, matched = pages.true, pages.made, pages.matched
    texts = compare_texts(pages.expected, pages.text)
    length = len(pages.expected)
    right = sum(rate <= ARTICLE_TOLERANCE for _, rate in matched.values())
    lines, line_order = _line_scores(true.lines, "".join([pages.text, *made.furniture]))
    return Scores(
        page=texts.count_edits(pages.expected, pages.text),
        characters=ErrorCount(_bag_distance(pages.expected, pages.text), length),
        words=word_errors((truth.articles[i] for i in pages.order), read.articles, truth.furniture),
        articles=Retrieval(right, len(made.articles), len(true.articles)),
        headlines=_exact(true, made, matched, "headline"),
        bylines=_exact(true, made, matched, "byline"),
        paragraphs=_paragraph_scores(true, made, matched),
        lines=lines,
        line_order=line_order,
        quality=texts.count_quality(length),
        segmentation=_segmentation_of(pages, texts) if truth.grouped else None,
        article_order=_article_order(matched),
    )


def measure_harm(truth: PageText, before: PageText, after: PageText) -> HarmCount:
    """Count the characters that a correction made wrong, and those that it made right."""
    was, now = (compare_pages(truth, page, Normalisation()) for page in (before, after))
    right_before, right_after = _right(was.expected, was.text), _right(was.expected, now.text)
    return HarmCount(len(right_before - right_after), len(right_after - right_before))


def count_confusions(truth: PageText, read: PageText) -> Counter[tuple[str, str]]:
    """Count the strings misread for others, by article: (true, read), either may be empty."""
    norm = Normalisation()
    true, made = normalise_page(truth, norm), normalise_page(read, norm)
    found: Counter[tuple[str, str]] = Counter()
    for index, (other, _) in match_articles(true.articles, made.articles).items():
        a, b = true.articles[index].whole, made.articles[other].whole
        for op in Levenshtein.opcodes(a, b):
            if op.tag != "equal":
                found[a[op.src_start : op.src_end], b[op.dest_start : op.dest_end]] += 1
    return found


def match_articles(
    true: Sequence[ArticleText], made: Sequence[ArticleText]
) -> dict[int, tuple[int, float]]:
    """Match articles one to one, the most alike first; return true index -> (made index, CER).

    Articles without a partner, where the numbers differ, have no entry. CER is the edit distance
    over the length of the true article; it may exceed 1.
    """
    rates = sorted(
        (Levenshtein.distance(t.whole, m.whole) / max(1, len(t.whole)), i, j)
        for i, t in enumerate(true)
        for j, m in enumerate(made)
    )
    pairs: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for rate, i, j in rates:
        if i not in pairs and j not in taken:
            pairs[i] = (j, rate)
            taken.add(j)
    return pairs


def _without_furniture(text: str, furniture: Iterable[str]) -> tuple[str, Sequence[int]]:
    """Remove each piece of furniture from a text once, the longest first.

    Furniture that was printed among the articles word by word is thereby forgiven. Returns the rest
    and the offset of each of its characters in the text.
    """
    places: Sequence[int] = range(len(text))
    for piece in sorted(furniture, key=len, reverse=True):
        at = text.find(piece) if len(piece) >= 3 else -1
        if at >= 0:
            end = at + len(piece)
            text = text[:at] + text[end:]
            places = [*places[:at], *places[end:]]
    return text, places


def _segmentation_of(pages: PageComparison, texts: TextComparison) -> Retrieval:
    """Count the characters of a page that are in the right article."""
    true = [i for i in pages.order for _ in pages.true.articles[i].whole]
    made = [j for j, article in enumerate(pages.made.articles) for _ in article.whole]
    return measure_segmentation(true, [made[place] for place in pages.places], texts.pairs)


def _article_order(matched: Mapping[int, tuple[int, float]]) -> FoundCount:
    """Count the pairs of articles that were found, and those in the order of the truth."""
    found = [matched[i][0] for i in sorted(matched) if matched[i][1] < SAME_ARTICLE]
    pairs = list(combinations(found, 2))
    return FoundCount(sum(first < second for first, second in pairs), len(pairs))


def _order_of(
    true: Sequence[ArticleText],
    made: Sequence[ArticleText],
    pairs: Mapping[int, tuple[int, float]],
) -> list[int]:
    """Return the numbers of the true articles in the order in which the made ones have them.

    An article stands where its counterpart does; without one, at the median place of the strings
    that it shares with the text (half of an article that was run together with another, say).
    """
    text = "".join(a.whole for a in made)
    starts = [0, *accumulate(len(a.whole) for a in made)]
    grams: dict[str, list[int]] = {}
    for at in range(len(text) - _NGRAM + 1):
        grams.setdefault(text[at : at + _NGRAM], []).append(at)

    def where(index: int) -> float:
        """Return the offset in the text at which a true article stands, or infinity."""
        if index in pairs and pairs[index][1] < SAME_ARTICLE:
            return float(starts[pairs[index][0]])
        whole = true[index].whole
        own = (whole[i : i + _NGRAM] for i in range(len(whole) - _NGRAM + 1))
        hits = sorted(found[0] for gram in own if len(found := grams.get(gram, [])) == 1)
        return float(hits[len(hits) // 2]) if hits else float("inf")

    return sorted(range(len(true)), key=where)


def _bag_distance(a: str, b: str) -> int:
    """Return the lower bound of the edit distance that holds in any order of the characters."""
    left, right = Counter(a), Counter(b)
    return max((left - right).total(), (right - left).total())


def _exact(
    true: PageText, made: PageText, pairs: Mapping[int, tuple[int, float]], part: str
) -> FoundCount:
    """Count the true articles with a part, and those whose counterpart has exactly the same."""
    wanted = [i for i, a in enumerate(true.articles) if getattr(a, part)]
    same = sum(
        i in pairs and getattr(made.articles[pairs[i][0]], part) == getattr(true.articles[i], part)
        for i in wanted
    )
    return FoundCount(same, len(wanted))


def _boundaries(article: ArticleText) -> tuple[str, list[int]]:
    """Return the running text and the offsets at which a new paragraph begins in it."""
    offsets, at = [], 0
    for paragraph in article.paragraphs[:-1]:
        at += len(paragraph)
        offsets.append(at)
    return "".join(article.paragraphs), offsets


def _paragraph_scores(
    true: PageText, made: PageText, pairs: Mapping[int, tuple[int, float]]
) -> Retrieval:
    """Score the boundaries between paragraphs of the articles that were matched."""
    right = predicted = wanted = 0
    for index, article in enumerate(true.articles):
        text, offsets = _boundaries(article)
        wanted += len(offsets)
        if index not in pairs or pairs[index][1] > SAME_ARTICLE:
            continue
        other, found = _boundaries(made.articles[pairs[index][0]])
        predicted += len(found)
        expected = _carried_over(text, other, offsets)
        for offset in found:
            near = [e for e in expected if abs(e - offset) <= BOUNDARY_TOLERANCE]
            if near:
                right += 1
                expected.remove(min(near, key=lambda e: abs(e - offset)))
    return Retrieval(right, predicted, wanted)


def _carried_over(text: str, other: str, offsets: Sequence[int]) -> list[int]:
    """Return the offsets of one text as offsets of another, by aligning the two."""
    found: list[int] = []
    ops = list(Levenshtein.opcodes(text, other)) if offsets else []
    for offset in offsets:
        op = next((o for o in ops if o.src_start <= offset <= o.src_end), None)
        if op is not None:
            inside = op.tag == "equal"
            found.append(op.dest_start + offset - op.src_start if inside else op.dest_end)
    return found


def _line_scores(lines: Sequence[LineText], text: str) -> tuple[FoundCount, FoundCount]:
    """Count the lines found in a text, and the found neighbours that follow each other there."""
    found = counted = together = neighbours = 0
    previous: tuple[LineText, int] | None = None
    for line in lines:
        if line.role not in LINE_ROLES or len(line.text) < SHORTEST_LINE:
            previous = None
            continue
        counted += 1
        span = _find(line.text, text, previous[1] if previous else 0)
        found += span is not None
        if span is not None and previous is not None and previous[0].article == line.article:
            neighbours += 1
            together += abs(span[0] - previous[1]) <= BOUNDARY_TOLERANCE
        previous = (line, span[1]) if span is not None else None
    return FoundCount(found, counted), FoundCount(together, neighbours)


def _find(line: str, text: str, expected: int) -> tuple[int, int] | None:
    """Return start and end of a line in a text, a few errors allowed; None where it is not found.

    Of several places the expected one is taken, else the first.
    """
    at = expected if text.startswith(line, expected) else text.find(line)
    if at >= 0:
        return at, at + len(line)
    if len(text) <= len(line):
        return None
    best = partial_ratio_alignment(line, text, score_cutoff=LINE_SIMILARITY)
    return (best.dest_start, best.dest_end) if best is not None and best.score > 0 else None


def _right(true: str, text: str) -> set[int]:
    """Return the offsets of the true text that another text has right."""
    return {
        i
        for op in Levenshtein.opcodes(true, text)
        if op.tag == "equal"
        for i in range(op.src_start, op.src_end)
    }
