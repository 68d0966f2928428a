"""Look through an issue before it is written for readers: language, direction, headlines, pages."""

from dataclasses import dataclass

from newspage.formats.document import IssueDocument
from newspage.formats.text_language import LanguageCount
from newspage.formats.xml_tree import clean_for_xml
from newspage.model import ArticleRecord, RegionKind, join_chars

_FIRST_WORDS = 20
"""Characters of the text by which an article without a headline is named in the contents."""


@dataclass(frozen=True, slots=True)
class ReadingWords:
    """The words that stand around the text, in its language."""

    contents: str
    page: str
    """With `{}` for its number."""
    continued: str
    continues: str
    missing: str
    """In place of an illustration whose scan is not at hand."""


_ENGLISH = ReadingWords(
    "Contents",
    "Page {}",
    "Continued from page {}",
    "Continued on page {}",
    "[Illustration: the scan was not at hand]",
)
_SIMPLIFIED = ReadingWords("目录", "第{}版", "上接第{}版", "下转第{}版", "[插图：未找到扫描件]")
_TRADITIONAL = ReadingWords("目錄", "第{}版", "上接第{}版", "下轉第{}版", "[插圖：未找到掃描件]")


@dataclass(frozen=True, slots=True)
class ReadingSurvey:
    """What the beginning of a book of an issue has to say of all of it."""

    language: LanguageCount
    vertical: bool
    """Most running text is vertical."""
    headlines: dict[str, str]
    """The headline of each article by its id in the issue; its first words where it has none."""
    starts: dict[str, list[str]]
    """The ids of the articles that begin on each page, by its stem, in order."""
    numbers: dict[str, str]
    """The printed number of each page by its stem; else its place in the issue."""
    scans: tuple[tuple[str, int], ...]
    """Checksum and number within the file of each scan."""

    @property
    def words(self) -> ReadingWords:
        """Return the words that stand around the text."""
        if not self.language.is_chinese:
            return _ENGLISH
        return _TRADITIONAL if self.language.script == "Hant" else _SIMPLIFIED


def survey_issue(issue: IssueDocument) -> ReadingSurvey:
    """Read the pages of an issue once, and return what is to be known before writing it.

    Raises InputError where a record cannot be read.
    """
    language, scans = LanguageCount(), []
    upright = across = 0
    names = {(parts[0].stem, parts[0].article): n for n, parts in issue.outline.articles.items()}
    headlines: dict[str, str] = {}
    for page in issue.load_pages():
        scans.append((page.record.page.scan.sha256, page.record.page.scan.frame))
        for region in page.record.page.regions:
            if region.kind is RegionKind.BODY:
                upright += sum(len(line.glyphs) for line in region.lines if line.vertical)
                across += sum(len(line.glyphs) for line in region.lines if not line.vertical)
        for article in page.record.articles:
            for paragraph in article.paragraphs:
                language.add_text(paragraph.text)
            if (page.name, article.id) in names:
                headlines[names[page.name, article.id]] = _name_article(article)
    starts: dict[str, list[str]] = {stem: [] for stem in issue.stems}
    for name, parts in issue.outline.articles.items():
        starts[parts[0].stem].append(name)
    numbers = {
        stem: clean_for_xml("–".join(filter(None, issue.list_numbers(stem)))) or str(place)
        for place, stem in enumerate(issue.stems, 1)
    }
    return ReadingSurvey(language, upright > across, headlines, starts, numbers, tuple(scans))


def _name_article(article: ArticleRecord) -> str:
    """Return what an article is called in the contents."""
    heads = (join_chars(article.title), join_chars(article.kicker), join_chars(article.deck))
    text = " ".join(p.text for p in article.paragraphs).strip()
    begun = text[:_FIRST_WORDS] + ("…" if len(text) > _FIRST_WORDS else "")
    return clean_for_xml(next(filter(None, (head.strip() for head in heads)), begun)) or "…"
