"""Headlines that were left without text, though text stands right below them.

The assignment of text to headlines weighs a whole zone and may pass one over: the text below it
runs on from the column before. Before such a headline is put aside as furniture, the block that it
stands on decides.
"""

from collections.abc import Sequence
from dataclasses import replace

from newspage.geometry import Box, measure_overlap_1d
from newspage.layout.flow import Story
from newspage.layout.headline import Headline, HeadlineContext
from newspage.layout.surrounded_heads import surrounds
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import has_column_rule_between, has_rule_between, measure_share_x

REACH = 2.5
"""Em from a headline down to the text that it stands on, at most. Judgement."""
BESIDE = 3.0
"""Em by which the beginnings of a line set across and of what it heads may differ. Judgement."""
SUBHEAD, SUBHEAD_SHARE = 1.6, 0.5
"""Times the size of the body, and share of the size of an article's headline. Smaller type inside
the article heads one of its parts; larger type begins another one. Judgement: on two folds of 1939
headings inside articles are set in 1.4 em, and in 2.2 em under a headline of 7 em."""


def place_bare_headlines(stories: Sequence[Story], around: HeadlineContext) -> list[Story]:
    """Return the stories, headlines without text given to the text that they stand on.

    Text without a headline gets it. Inside an article, a heading in small type becomes a line of
    the text, and large type begins an article of its own.
    """
    placed = list(stories)
    for bare in [s for s in stories if _is_bare(s)]:
        assert bare.head is not None
        if bare.head.foreign:
            placed = _put_beside(bare, placed, around)
        elif (found := _text_below(bare.head, placed, around)) is not None:
            story, at = found
            rest = [s for s in placed if s is not bare and s is not story]
            placed = rest + _given(bare.head, story, at, around)
    return placed


def join_parts(stories: Sequence[Story], around: HeadlineContext) -> list[Story]:
    """Return the stories, those joined to the one above that only a part of it begins with.

    Its heading has text beside it, stands right below text that begins in line with its own, and is
    set in much smaller type than the headline of that text.
    """
    joined = list(stories)
    for part in stories:
        if part.head is None or part.head.foreign or not part.stacks:
            continue
        if not surrounds(part.stacks[0], part.head):
            continue
        for whole in joined:
            at = None if whole is part else _end_above(whole, part, around)
            if at is not None:
                heading = TextBlock(part.head.rows, part.stacks[0].column)
                before, after = whole.stacks[:at], whole.stacks[at:]
                joined = [s for s in joined if s is not part and s is not whole]
                joined.append(Story(whole.head, (*before, heading, *part.stacks, *after)))
                break
    return joined


def _end_above(whole: Story, part: Story, around: HeadlineContext) -> int | None:
    """Return how many blocks of a story a part under a heading goes on after; None if it does not.

    It stands right below the last of them.
    """
    if whole.head is None or part.head is None:
        return None
    if part.head.size >= SUBHEAD_SHARE * whole.head.size:
        return None
    em, first = around.body, part.stacks[0]
    top = min(part.head.type_box.top, first.rows[0].type_box.top)
    for at, block in enumerate(whole.stacks):
        if (
            abs(block.left - first.left) < em
            and -em < top - block.rows[-1].type_box.bottom < 1.5 * em
            and not has_rule_between(around.rules, block.box, first.box)
        ):
            return at + 1
    return None


def _is_bare(story: Story) -> bool:
    """Tell whether a story is a headline without any text."""
    head = story.head
    return head is not None and not (story.stacks or head.label or not head.title)


def _put_beside(bare: Story, stories: Sequence[Story], around: HeadlineContext) -> list[Story]:
    """Return the stories, a headline set across put to the one that begins right beside it.

    Where that one has a headline along the rows, the line set across is its kicker.
    """
    assert bare.head is not None
    for story in stories:
        first = _beginning(story)
        if story is not bare and first and _is_beside(bare.head.box, first, around):
            rest = [s for s in stories if s is not bare and s is not story]
            if story.head is None:
                return [*rest, Story(bare.head, story.stacks)]
            head = replace(story.head, kicker=bare.head.rows + story.head.kicker)
            return [*rest, Story(head, story.stacks)]
    return list(stories)


def _beginning(story: Story) -> Box | None:
    """Return the box of a headline along the rows, or of the text where there is none."""
    if story.head is not None:
        return None if story.head.foreign or not story.stacks else story.head.box
    return story.stacks[0].lane


def _is_beside(across: Box, first: Box, around: HeadlineContext) -> bool:
    """Tell whether a headline set across stands right before the beginning of a story."""
    em = around.body
    shared = measure_overlap_1d(across.top, across.bottom, first.top, first.bottom)
    return (
        -em < first.left - across.right < REACH * em
        and abs(first.top - across.top) < BESIDE * em
        and shared > 0.5 * min(across.height, first.height)
        and not has_column_rule_between(around.rules, across, first)
    )


def _text_below(
    head: Headline, stories: Sequence[Story], around: HeadlineContext
) -> tuple[Story, int] | None:
    """Return the story with the text right below a headline, and the number of its block there."""
    below = [
        (block.box.top, n, at)
        for n, story in enumerate(stories)
        for at, block in enumerate(story.stacks)
        if _stands_on(head, block, around)
    ]
    if not below:
        return None
    _, n, at = min(below)
    return stories[n], at


def _stands_on(head: Headline, block: TextBlock, around: HeadlineContext) -> bool:
    """Tell whether a block of text stands right below a headline, no rule between."""
    gap = block.rows[0].type_box.top - head.type_box.bottom
    return (
        not block.foreign
        and -0.5 * around.body < gap < REACH * around.body
        and measure_share_x(head.box, block.box) > 0.5
        and not has_rule_between(around.rules, head.box, block.box)
    )


def _given(head: Headline, story: Story, at: int, around: HeadlineContext) -> list[Story]:
    """Return a story with a headline put before one of its blocks, or both parts of it."""
    before, after = story.stacks[:at], story.stacks[at:]
    if not before and story.head is None:
        return [Story(head, after)]
    main = story.head.size if story.head else 0.0
    if head.size < max(SUBHEAD * around.body, SUBHEAD_SHARE * main):
        return [Story(story.head, (*before, TextBlock(head.rows, after[0].column), *after))]
    if not before:
        return [story, Story(head, ())]
    return [Story(story.head, before), Story(head, after)]
