"""Stories: how they are written down, and what each of them promises."""

import pytest

from benchmarks.pages.stories import Paragraph, Story, load_stories, parse_stories

FILES = ("reports", "comments", "essays", "briefs", "republican", "gazette")


def test_a_story_is_read_from_its_lines() -> None:
    """Headline, fields, paragraphs and sub-headings, each on a line of its own."""
    lines = [
        "# 甲/乙",
        "byline: 丙",
        "第一段。",
        "",
        "## 小题",
        "第二段：kicker: 不是字段。",
        "# 丁",
        "文",
    ]
    first, second = parse_stories(lines)
    assert first.title_parts == ("甲", "乙")
    assert (first.byline, first.kicker, second.title) == ("丙", "", "丁")
    assert first.paragraphs == (
        Paragraph("第一段。"),
        Paragraph("小题", subhead=True),
        Paragraph("第二段：kicker: 不是字段。"),
    )


def test_text_before_the_first_headline_is_refused() -> None:
    """A story without a headline is a mistake in the file."""
    with pytest.raises(ValueError, match="starts with"):
        list(parse_stories(["文"]))


def test_a_story_is_never_cut_after_a_subheading() -> None:
    """What is left ends with running text."""
    story = Story("题", (Paragraph("甲"), Paragraph("小题", subhead=True), Paragraph("乙")))
    assert story.cut(2).paragraphs == (Paragraph("甲"),)
    assert story.cut(0).paragraphs == (Paragraph("甲"),)


@pytest.mark.parametrize("name", FILES)
def test_every_story_can_be_told_from_the_others(name: str) -> None:
    """Titles are unique in a file, and no story is without title, byline and text."""
    stories = load_stories(name)
    assert len({s.title for s in stories}) == len(stories)
    assert all(s.title and s.byline and s.length > 50 for s in stories)


@pytest.mark.parametrize("name", FILES)
def test_marks_in_stories_are_full_width_and_paired(name: str) -> None:
    """The texts are the truth: no half-width comma, no quotation mark left open."""
    for story in load_stories(name):
        for paragraph in story.paragraphs:
            assert not set(paragraph.text) & set(",;?!()\"'"), paragraph.text
            for opening, closing in ("“”", "「」", "《》", "（）"):
                assert paragraph.text.count(opening) == paragraph.text.count(closing), story.title
