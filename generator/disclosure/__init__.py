"""What was filled in: one department's (or unit's) disclosure as frozen models.

The Chinese aliases are the words of the workbook and of the YAML file: sheet, column, key. People
enter leaves; rows of a higher level (类, 款, 合计) and total columns may be entered too and are
then kept as *declared* and compared with the sums (see :mod:`generator.balance`).

Amounts are 万元 with at most two decimals, never negative.

An unbalanced :class:`Disclosure` cannot be constructed, except explicitly as a draft:
``Disclosure.model_validate(data, context={"draft": True})``; ``disclosure.imbalances`` then says
what is wrong. A pydantic error's ``type`` is the id of the rule that the value breaks.
"""

from generator.disclosure.model import (
    TERM_PATHS,
    Disclosure,
)
from generator.disclosure.rows import (
    ASSET_TOTAL,
    FUND_MEASURES,
    FUND_TABLES,
    SANGONG_ROWS,
    SANGONG_SUM_ROWS,
    TOTAL_NAME,
    AssetRow,
    BasicRow,
    Basics,
    ExpenditureRow,
    IncomeRow,
    Indicator,
    Institution,
    LastYearRow,
    ProcurementRow,
    Project,
    SangongRow,
    SubjectRow,
    Waiver,
    YearEnd,
)
from generator.disclosure.values import (
    STAND_IN,
    Amount,
    EconomicCode,
    FunctionalCode,
    Model,
    Paragraphs,
    Quantity,
    Year,
    read_year,
)

__all__ = [
    "ASSET_TOTAL",
    "FUND_MEASURES",
    "FUND_TABLES",
    "SANGONG_ROWS",
    "SANGONG_SUM_ROWS",
    "STAND_IN",
    "TERM_PATHS",
    "TOTAL_NAME",
    "Amount",
    "AssetRow",
    "BasicRow",
    "Basics",
    "Disclosure",
    "EconomicCode",
    "ExpenditureRow",
    "FunctionalCode",
    "IncomeRow",
    "Indicator",
    "Institution",
    "LastYearRow",
    "Model",
    "Paragraphs",
    "ProcurementRow",
    "Project",
    "Quantity",
    "SangongRow",
    "SubjectRow",
    "Waiver",
    "Year",
    "YearEnd",
    "read_year",
]
