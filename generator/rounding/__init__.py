"""From 元 to 万元: the whole budget is rounded once, so that every relation still holds.

A budget in 元 balances exactly; 万元 have two decimals. Cells that are rounded each on its own no
longer add up: 基本支出 of T5 and T6 would differ in most budgets. So the functional expenditure
cells lead, half up, since most of the published tables are made of them; the other tables follow
by largest remainder within their equal totals; no cell moves to anything but its two neighbours,
and every cell that is not its own half-up rounding is listed (:class:`Moved`).

Every relation says that money which comes in goes out again. That makes the budget a flow in a
network: a cell is an arc, a relation is a node. Income runs into its subject and fund, from there
as expenditure into 基本支出 and 项目支出, and on into the subjects of T6, the items of T9, the
projects and their purchases. The budget in 元 is such a flow; so, because flows with whole-number
bounds have whole-number solutions, there is one in which each cell is its exact figure rounded up
or down. Of these the cheapest is taken: the one with the smallest sum of distances to the exact
figures, where the cells that lead count before all the others together.

A total is a sum of published cells, never rounded itself; totals that the input carries are stated
anew, and are not listed.
"""

from generator.rounding.published import Moved, in_wan, to_wan

__all__ = ["Moved", "in_wan", "to_wan"]
