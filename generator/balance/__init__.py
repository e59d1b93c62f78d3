"""The figures of a budget and the relations between them: one table for everything.

Leaves go in (:class:`Figures`), every total comes out, once. ``RELATIONS`` is the table from
which the checks, the workbook's balance cells and the rule pages come. A figure is addressed by
measure and row: a measure is one of :data:`MEASURES`, a row is a subject code (``"2010301"``,
``"30217"``), a fixed row of T9 (``"reception"``), a unit's name, or ``""`` for the total row.

All amounts are 万元, exact to the cent; tolerance is 0 (rules/catalogue: 2,166 comparisons over
real documents held to the cent).
"""

from generator.balance.figures import (
    ASSET_DETAIL_PREFIX,
    DERIVED_MEASURES,
    FUNDS,
    LEAF_MEASURES,
    MEASURES,
    SANGONG_OPTIONAL,
    SANGONG_PARENT,
    TOTAL,
    Figures,
    rows_above,
)
from generator.balance.relations import (
    COPIES,
    ENTERED,
    RELATIONS,
    ROW_NAMES,
    SUBJECT_BALANCE,
    Copy,
    Cross,
    Declared,
    Rows,
    Sum,
    Term,
    crosses,
)

__all__ = [
    "ASSET_DETAIL_PREFIX",
    "COPIES",
    "DERIVED_MEASURES",
    "ENTERED",
    "FUNDS",
    "LEAF_MEASURES",
    "MEASURES",
    "RELATIONS",
    "ROW_NAMES",
    "SANGONG_OPTIONAL",
    "SANGONG_PARENT",
    "SUBJECT_BALANCE",
    "TOTAL",
    "Copy",
    "Cross",
    "Declared",
    "Figures",
    "Rows",
    "Sum",
    "Term",
    "crosses",
    "rows_above",
]
