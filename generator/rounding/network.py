"""Amounts as a flow through a network: each published a step up or down, every sum kept.

Knows nothing of budgets. An amount is an arc between two nodes, a sum is a node; see the package
for why a solution exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from heapq import heappop, heappush
from itertools import count
from typing import Final

from generator.problem import Path

Node = tuple[Hashable, ...]

ROOT: Final[Node] = ()  # where all money comes from and goes to

_STEP: Final = 10_000  # 分 in 0.01 万元, the step of a published figure
_LEAD: Final = 10**12  # more than all cells that follow can cost together
_NO_LIMIT: Final = 10**20


@dataclass(slots=True)
class Arc:
    """An amount on its way: exact in 分, published in steps of 0.01 万元."""

    tail: Node
    head: Node
    exact: int
    published: int
    low: int
    high: int
    cost: int  # of one step more

    def other_end(self, node: Node) -> Node:
        return self.head if node == self.tail else self.tail


def nearest(exact: int) -> int:
    """Half up, in steps."""
    return (2 * exact + _STEP) // (2 * _STEP)


class Network:
    """The cells of a budget as arcs, first each half up, then settled."""

    def __init__(self) -> None:
        self.cells: dict[Path, Arc] = {}
        self._arcs: dict[Node, list[Arc]] = defaultdict(list)
        self._left: dict[Node, int] = defaultdict(int)  # what came in less what went out, in 分
        self._excess: dict[Node, int] = defaultdict(int)  # the same as published, in steps
        self._potential: dict[Node, int] = defaultdict(int)

    def cell(
        self, tail: Node, head: Node, path: Path, amount: Decimal | None, lead: bool = False
    ) -> Arc | None:
        """An amount in 元, if it was filled in; it is published as one of its two neighbours.

        ``lead``: it is moved only where no other cell can be.
        """
        if amount is None:
            return None
        exact = int(amount.scaleb(2))
        down, remainder = divmod(exact, _STEP)
        up = down + 1 if remainder else down
        # How much farther up is than down; a half goes up.
        cost = (_STEP - 2 * remainder or -1) * (_LEAD if lead else 1)
        arc = Arc(tail, head, exact, nearest(exact), down, up, cost)
        self.cells[path] = arc
        self._add(arc)
        return arc

    def rest(self, tail: Node, head: Node) -> None:
        """What the cells leave at ``tail`` goes on to ``head``.

        It is not published, so it may be anything, but for its sign: what is equal in 元 stays
        equal, and what is not more does not become more. In a draft it is the imbalance.
        """
        exact = self._left[tail]
        if exact:
            low, high = (0, _NO_LIMIT) if exact > 0 else (-_NO_LIMIT, 0)
            self._add(Arc(tail, head, exact, nearest(exact), low, high, 0))

    def _add(self, arc: Arc) -> None:
        for balance, amount in ((self._left, arc.exact), (self._excess, arc.published)):
            balance[arc.tail] -= amount
            balance[arc.head] += amount
        if arc.low < arc.high:
            self._arcs[arc.tail].append(arc)
            self._arcs[arc.head].append(arc)

    def settle(self) -> None:
        """Make every node's sum hold, at the least cost.

        Half up is the cheapest of all and leaves some nodes with a step too many or too few. Each
        is sent along the cheapest path to a node that lacks it, or to the root: then no cheaper
        solution exists (successive shortest paths).
        """
        nodes = [node for node in self._left if node != ROOT]
        for node in nodes:
            self.rest(node, ROOT)
        for node in nodes:
            while excess := self._excess[node]:
                self._send(node, 1 if excess > 0 else -1)

    def _send(self, start: Node, step: int) -> None:
        """One step out of ``start`` (or, if it is -1, into it), by Dijkstra's algorithm.

        Potentials keep every price from being negative; only nodes that were passed need new ones.
        """
        distance = {start: 0}
        via: dict[Node, Arc] = {}
        passed: dict[Node, int] = {}
        turn = count()  # equal prices come out in the order in which they went in
        queue: list[tuple[int, int, Node]] = [(0, next(turn), start)]
        while True:
            # The queue does not run dry: the exact budget, a flow within all bounds, shows a way.
            length, _, node = heappop(queue)
            if node in passed:
                continue
            if node == ROOT or self._excess[node] * step < 0:
                break
            passed[node] = length
            for arc in self._arcs[node]:
                change = step if arc.tail == node else -step
                if not arc.low <= arc.published + change <= arc.high:
                    continue
                other = arc.other_end(node)
                slope = self._potential[node] - self._potential[other]
                price = length + change * arc.cost + step * slope
                if other not in distance or price < distance[other]:
                    distance[other], via[other] = price, arc
                    heappush(queue, (price, next(turn), other))
        for before, shorter in passed.items():
            self._potential[before] += step * (shorter - length)
        self._excess[start] -= step
        self._excess[node] += step
        while node != start:
            arc = via[node]
            arc.published += step if arc.head == node else -step
            node = arc.other_end(node)
