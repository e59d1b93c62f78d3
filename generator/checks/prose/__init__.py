"""Reading budget prose: its amounts, and what they speak of. Pure functions; no figures here."""

from generator.checks.prose.amounts import Amount, amounts, chinese_value
from generator.checks.prose.scopes import Scope
from generator.checks.prose.statements import Comparison, Kind, Statement, comparisons, read
from generator.checks.prose.subjects import SANGONG, SANGONG_ITEMS

__all__ = [
    "SANGONG",
    "SANGONG_ITEMS",
    "Amount",
    "Comparison",
    "Kind",
    "Scope",
    "Statement",
    "amounts",
    "chinese_value",
    "comparisons",
    "read",
]
