"""The text flow of a zone: for every block of text the headline or block it follows.

Headlines and text blocks are the nodes of a graph. An arc says that the text of a block follows a
headline or another block; its cost grows with what speaks against that: distance, rules and
headlines in between, a sentence that is cut off where a new paragraph begins. The cheapest set of
arcs that gives every block one predecessor and every node one successor at most (a linear
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
from newspage.layout.headline import Headline
from newspage.layout.text_blocks import TextBlock
from newspage.layout.zone_context import NEVER, ZoneContext

__all__ = ["Story", "TransitionCosts", "ZoneContext", "assign_stories"]


Costs2D = NDArray[np.float64]
"""Shape (blocks, headlines + 2 * blocks): the cost of a block following a headline, following
another block, or standing at the beginning."""


@dataclass(frozen=True, slots=True)
class Story:
    """A headline (or none) and the blocks of its text in reading order."""

    head: Headline | None
    stacks: tuple[TextBlock, ...]


def assign_stories(zone: ZoneContext, costs: TransitionCosts | None = None) -> list[Story]:
    """Return the articles of a zone: every headline and every block in exactly one of them."""
    costs = costs or TransitionCosts()
    n_heads, n = len(zone.heads), len(zone.bodies)
    if n == 0:
        return [Story(h, ()) for h in zone.heads]
    owners = [zone.owner_of[s] for s in zone.bodies]
    table = np.full((n, n_heads + 2 * n), NEVER)
    for b, block in enumerate(zone.bodies):
        for h in range(n_heads):
            bare = -costs.label if zone.heads[h].label else costs.bare_head
            table[b, h] = cost_from_head(zone, h, block, owners[b], costs) - bare
        for a, before in enumerate(zone.bodies):
            if a != b:
                table[b, n_heads + a] = cost_from_block(
                    zone, before, block, owners[a], owners[b], costs
                )
                if is_open_ended(before):
                    table[b, n_heads + a] -= costs.open_end
        table[b, n_heads + n + b] = costs.cost_orphan(block)
    return _chains(zone, find_cheapest_assignment(table, n_heads))


def find_cheapest_assignment(table: Costs2D, n_heads: int) -> dict[int, int]:
    """Return for every block the column of its predecessor in the table; orphans are left out.

    An assignment may run in circles, text does not. A circle is opened at the arc whose loss costs
    least (subtour elimination, as in branch and bound for the travelling salesman's problem).

    Args:
        table: Costs, see `Costs2D`.
        n_heads: Number of headlines: the first columns of the table.
    """
    before_of, _ = _assigned(table, n_heads)
    while circle := _circle(before_of, n_heads):
        opened = []
        for block in circle:
            without = table.copy()
            without[block, before_of[block]] = NEVER
            opened.append((_assigned(without, n_heads), without))
        (before_of, _), table = min(opened, key=lambda o: o[0][1])
    return before_of


def _assigned(table: Costs2D, n_heads: int) -> tuple[dict[int, int], float]:
    """Return the cheapest assignment, without arcs that are forbidden, and its cost."""
    rows, columns = linear_sum_assignment(table)
    before_of = {
        int(r): int(c)
        for r, c in zip(rows, columns, strict=True)
        if c < n_heads + len(table) and table[r, c] < NEVER / 2
    }
    return before_of, float(table[rows, columns].sum())


def _circle(before_of: dict[int, int], n_heads: int) -> list[int]:
    """Return blocks that follow each other in a circle; an empty list where there is no circle."""
    for start in before_of:
        way = [start]
        while (node := before_of.get(way[-1], -1) - n_heads) >= 0:
            if node == start:
                return way
            if node in way:
                break
            way.append(node)
    return []


def _chains(zone: ZoneContext, before_of: dict[int, int]) -> list[Story]:
    """Return the stories that the predecessors make: one a headline, one an orphan."""
    n_heads = len(zone.heads)
    after = {before: b for b, before in before_of.items()}

    def follow(node: int) -> tuple[TextBlock, ...]:
        chain: list[int] = []
        while node in after:
            chain.append(after[node])
            node = n_heads + after[node]
        return tuple(zone.bodies[b] for b in chain)

    stories = [Story(head, follow(h)) for h, head in enumerate(zone.heads)]
    for b, block in enumerate(zone.bodies):
        if b not in before_of:
            stories.append(Story(None, (block, *follow(n_heads + b))))
    return [_signed(story) for story in stories]


def _signed(story: Story) -> Story:
    """Return the story with a byline at the top of its text moved to its headline.

    A headline at the foot of a column leaves its byline behind, at the top of the next.
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
