"""Which block of text goes on in which: every block gets at most one predecessor.

Headlines and stacks are the nodes of a graph. An arc says that the text of a stack follows a
headline or another stack; its cost grows with what speaks against that: distance, rules and
headlines in between, a sentence that is cut off where a new paragraph begins. The cheapest set of
arcs that gives every stack one predecessor and every node one successor at most (a linear
assignment) are the articles: order first, grouping out of it.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from newspage.layout.flow_costs import (
    TransitionCosts,
    cost_from_block,
    cost_from_head,
    is_open_ended,
)
from newspage.layout.headlines import Headline
from newspage.layout.text_blocks import TextBlock
from newspage.layout.zone_context import NEVER, ZoneContext

__all__ = ["Story", "TransitionCosts", "ZoneContext", "assign_stories"]


Costs2D = NDArray[np.float64]
"""Shape (stacks, headlines + 2 * stacks): what it costs that a stack follows a headline, follows
another stack, or stands at the beginning."""


@dataclass(frozen=True, slots=True)
class Story:
    """A headline (or none) and the stacks of its text in reading order."""

    head: Headline | None
    stacks: tuple[TextBlock, ...]


def assign_stories(ground: ZoneContext, costs: TransitionCosts | None = None) -> list[Story]:
    """The articles of a zone: every headline and every stack in exactly one of them."""
    costs = costs or TransitionCosts()
    n_heads, n = len(ground.heads), len(ground.bodies)
    if n == 0:
        return [Story(h, ()) for h in ground.heads]
    owners = [ground.owner_of[s] for s in ground.bodies]
    table = np.full((n, n_heads + 2 * n), NEVER)
    for b, stack in enumerate(ground.bodies):
        for h in range(n_heads):
            bare = -costs.label if ground.heads[h].label else costs.bare_head
            table[b, h] = cost_from_head(ground, h, stack, owners[b], costs) - bare
        for a, before in enumerate(ground.bodies):
            if a != b:
                table[b, n_heads + a] = cost_from_block(
                    ground, before, stack, owners[a], owners[b], costs
                )
                if is_open_ended(before):
                    table[b, n_heads + a] -= costs.open_end
        table[b, n_heads + n + b] = costs.cost_orphan(stack)
    return _chains(ground, find_cheapest_assignment(table, n_heads))


def find_cheapest_assignment(table: Costs2D, n_heads: int) -> dict[int, int]:
    """For every stack the column of its predecessor in the table; none for orphans.

    An assignment may run in circles, text does not. A circle is opened at the arc whose loss costs
    least (subtours are eliminated so in the travelling salesman's problem).
    """
    before_of, _ = _assigned(table, n_heads)
    while circle := _circle(before_of, n_heads):
        opened = []
        for stack in circle:
            without = table.copy()
            without[stack, before_of[stack]] = NEVER
            opened.append((_assigned(without, n_heads), without))
        (before_of, _), table = min(opened, key=lambda o: o[0][1])
    return before_of


def _assigned(table: Costs2D, n_heads: int) -> tuple[dict[int, int], float]:
    """The cheapest assignment, and what it costs."""
    rows, columns = linear_sum_assignment(table)
    before_of = {
        int(r): int(c)
        for r, c in zip(rows, columns, strict=True)
        if c < n_heads + len(table) and table[r, c] < NEVER / 2
    }
    return before_of, float(table[rows, columns].sum())


def _circle(before_of: dict[int, int], n_heads: int) -> list[int]:
    """Stacks each of which follows another of them; none where there is no such circle."""
    for start in before_of:
        way = [start]
        while (node := before_of.get(way[-1], -1) - n_heads) >= 0:
            if node == start:
                return way
            if node in way:
                break
            way.append(node)
    return []


def _chains(ground: ZoneContext, before_of: dict[int, int]) -> list[Story]:
    n_heads = len(ground.heads)
    after = {before: b for b, before in before_of.items()}

    def follow(node: int) -> tuple[TextBlock, ...]:
        chain: list[int] = []
        while node in after:
            chain.append(after[node])
            node = n_heads + after[node]
        return tuple(ground.bodies[b] for b in chain)

    told = [Story(head, follow(h)) for h, head in enumerate(ground.heads)]
    for b, stack in enumerate(ground.bodies):
        if b not in before_of:
            told.append(Story(None, (stack, *follow(n_heads + b))))
    return [_signed(story) for story in told]


def _signed(story: Story) -> Story:
    """The story with the byline that stands over its text put to the headline.

    A headline at the foot of a column leaves it behind, at the top of the next.
    """
    if story.head is None or story.head.byline or not story.head.title or not story.stacks:
        return story
    first, *rest = story.stacks
    if len(first.rows) == 1 and rest:
        first = TextBlock(first.rows + rest[0].rows, first.column or rest[0].column)
        rest = rest[1:]
    if not first.begins_signed:
        return story
    head = replace(story.head, byline=first.rows[:1])
    return Story(head, (TextBlock(first.rows[1:], first.column), *rest))
