"""Articles as blocks of type: every character once, nothing over anything else."""

from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from benchmarks.pages.article import DoesNotFitError, set_article, set_crossed, set_jumping
from benchmarks.pages.design import Design, HeadPosition, Inset, Jump, TextHeading
from benchmarks.pages.headline import HeadStyle
from benchmarks.pages.plane import Plane
from benchmarks.pages.running import set_running
from benchmarks.pages.sheet import Element, Picture, Role, SetLine, Stroke, Type
from benchmarks.pages.stories import Story, load_stories
from newspage.geometry import Box
from newspage.model import Direction

SIZE = 20.0
HEAD = HeadStyle(Type(50, "serif"), Type(26, "serif"), Type(28, "serif"), Type(SIZE, "serif"))
DESIGN = Design(Type(SIZE, "serif"), HEAD, columns=4)
STORY = load_stories("reports")[0]
WIDE = Plane(Box(0, 0, 1400, 4000))
TALL = Plane(Box(0, 0, 4000, 1400), Direction.VERTICAL)
INSET = Inset(0.25, 0.5, 10, 0.5, "图为码头。", 1)


def lines_of(elements: tuple[Element, ...], *roles: Role) -> list[SetLine]:
    """The lines of some roles, of all if none is named."""
    lines = [e for e in elements if isinstance(e, SetLine)]
    return [line for line in lines if not roles or line.role in roles]


def text_of(elements: tuple[Element, ...]) -> str:
    """The running text as it was set."""
    return "".join(line.text for line in lines_of(elements, Role.BODY, Role.SUBHEAD))


def whole(story: Story) -> str:
    """The running text as it was written."""
    return "".join(p.text for p in story.paragraphs)


DESIGNS = [
    DESIGN,
    replace(DESIGN, columns=1),
    replace(DESIGN, position=HeadPosition.CORNER, head_columns=2),
    replace(DESIGN, position=HeadPosition.SIDE_START),
    replace(DESIGN, position=HeadPosition.SIDE_END, frame=Stroke.DOUBLE),
    replace(DESIGN, position=HeadPosition.MIDDLE, drop_cap=3),
    replace(DESIGN, inset=INSET),
    replace(DESIGN, head=replace(HEAD, steps=(0.6, 1.0), staggered=True), head_gap=3.0),
    replace(DESIGN, head_picture=7),
    replace(DESIGN, position=HeadPosition.CORNER, head_columns=2, head_picture=7),
    replace(DESIGN, inset=replace(INSET, share=0.375, at=1.0), panel=True),
    replace(DESIGN, headings=(TextHeading(0.3, "", 1.3, 3), TextHeading(0.7, "", 1.4, 0))),
    replace(DESIGN, position=HeadPosition.OVER, over_rows=24, over_before=2),
]


@pytest.mark.parametrize("plane", [WIDE, TALL], ids=["horizontal", "vertical"])
@pytest.mark.parametrize("design", DESIGNS)
def test_an_article_prints_its_text_once_and_in_order(design: Design, plane: Plane) -> None:
    """Whatever stands in the way, the lines in their order are the text of the story."""
    block = set_article(STORY, design, plane, "1")
    printed = text_of(block.elements)
    marks = str.maketrans("『』「」", "“”‘’")
    assert (printed.translate(marks) if plane.vertical else printed) == whole(STORY)
    assert block.rest == ()


@pytest.mark.parametrize("plane", [WIDE, TALL], ids=["horizontal", "vertical"])
@pytest.mark.parametrize("design", DESIGNS)
def test_nothing_is_printed_over_anything_else(design: Design, plane: Plane) -> None:
    """Lines and pictures of an article never overlap, and all of them lie in its box."""
    block = set_article(STORY, design, plane, "1")
    solid = [e for e in block.elements if isinstance(e, SetLine | Picture)]
    for a, b in combinations(solid, 2):
        shared = a.box.intersection(b.box)
        assert shared is None or min(shared.width, shared.height) < 0.51, (a, b)
    assert all(block.box.contains(e.box, slack=0.5) for e in solid)


def test_balanced_columns_are_as_shallow_as_they_go() -> None:
    """No arrangement of the same columns takes a row less."""
    block = set_article(STORY, DESIGN, WIDE, "1")
    shallower = set_article(STORY, DESIGN, WIDE, "1", block.box.height - DESIGN.pitch)
    assert shallower.rest


def test_joints_are_where_a_paragraph_changes_its_column() -> None:
    """Each joint names a line at the end of a column and one at the start of the next."""
    block = set_article(STORY, DESIGN, WIDE, "1")
    body = lines_of(block.elements, Role.BODY)
    follows = {a.text: b for a, b in pairwise(body)}
    assert block.joints
    for joint in block.joints:
        assert joint.kind == "column"
        assert follows[joint.before].text == joint.after
        assert follows[joint.before].paragraph == joint.paragraph


def test_a_picture_across_a_column_makes_a_block_joint() -> None:
    """Text above and below a picture in one column is joined over a block, not a column."""
    block = set_article(STORY, replace(DESIGN, inset=INSET), WIDE, "1")
    assert {joint.kind for joint in block.joints} == {"column", "block"}


def test_a_jump_hands_over_exactly_what_was_not_printed() -> None:
    """What stands on the one page and what is left for the other are the whole story."""
    jump = Jump("（下转第三版）", "3")
    block = set_jumping(STORY, DESIGN, WIDE, "1", 420, jump)
    rest = set_article(replace(STORY, title=""), DESIGN, WIDE, "1", passages=block.rest)
    assert text_of(block.elements) + text_of(rest.elements) == whole(STORY)
    assert lines_of(block.elements, Role.JUMP)[-1].text == "（下转第三版）"
    assert block.headings[0].continues == "3"


def test_a_story_that_fits_has_nothing_to_jump() -> None:
    """A jump from a page with room to spare is a mistake of who composes it."""
    with pytest.raises(ValueError, match="fits"):
        set_jumping(STORY, DESIGN, WIDE, "1", 3000, Jump("（下转第三版）", "3"))


def test_a_crossed_article_runs_the_other_way() -> None:
    """A vertical region in a horizontal page holds the whole text in vertical lines."""
    design = replace(DESIGN, columns=1, frame=Stroke.SOLID)
    block = set_crossed(load_stories("essays")[1], design, WIDE, "1")
    assert {line.direction for line in lines_of(block.elements)} == {Direction.VERTICAL}
    assert block.box.width == WIDE.box.width


def test_short_pieces_run_on_under_their_own_headings() -> None:
    """Each piece keeps its number, and a heading never stands alone at the end of a column."""
    stories = load_stories("briefs")[:4]
    numbers = ("1", "2", "3", "4")
    block = set_running(stories, replace(DESIGN, columns=2), WIDE, numbers, None, "简讯")
    assert tuple(h.id for h in block.headings) == numbers
    assert text_of(block.elements) == "".join(map(whole, stories))
    lines = lines_of(block.elements)
    for line, following in pairwise(lines):
        if line.role in (Role.TITLE, Role.BYLINE):
            assert following.article == line.article
            assert following.box.right > line.box.left
            assert following.box.left < line.box.right


def test_what_cannot_fit_is_an_error() -> None:
    """Columns narrower than the least measure never take a text."""
    with pytest.raises(DoesNotFitError):
        set_article(STORY, DESIGN, Plane(Box(0, 0, 300, 4000)), "1")
