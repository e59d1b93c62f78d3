"""The sheets of the workbook, derived from the models, so that headers cannot drift."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, get_args

from generator.disclosure import Disclosure, Indicator, Model, Project

KEY_COLUMN: Final = "项目"
VALUE_COLUMN: Final = "内容"
SLOT_COLUMN: Final = "段落"
TEXT_COLUMN: Final = "文字"

PROJECTS: Final = "项目"
INDICATORS: Final = "绩效指标"
PROJECT_NAME: Final = "项目名称"
CODE: Final = "科目编码"
UNITS: Final = "所属单位"
GUIDE: Final = "填写说明"

# Sheets of the form that hold nothing to be read.
AIDS: Final = frozenset({GUIDE, "核对", "核对结果", "功能科目", "经济科目", "采购目录"})
# Columns of the form that only help to fill it in.
HELP_COLUMNS: Final = frozenset(
    {"说明", "程序写的句子", "目录名称（自动）", "本年数（自动）", "增减（自动）"}
)
# Columns, and rows of 三公经费 and 国有资产, in which a formula is the form's own: the program
# works these out itself and reads there only what was typed over the formula.
OWN_FORMULAS: Final = frozenset({"科目名称", "财政拨款收入", "小计", "上年结转", "合计"})
SUM_ITEMS: Final = frozenset(
    {"合计", "“三公”经费小计", "因公出国（境）费", "公务用车购置及运维费", "资产总额"}
)
# Sheets whose items stand there from the first: a row with nothing else is not filled in.
PREFILLED: Final = frozenset({"三公经费", "上年数", "国有资产"})

# Columns whose content may stand once, above all of the rows that it is for.
CARRIED: Final = {"文字": SLOT_COLUMN, INDICATORS: PROJECT_NAME}

OPTIONAL: Final = frozenset(
    {"格式选项", "年终结转", "上年数", "名词解释", "核对例外", "申报数", UNITS}
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: ``table`` has a row per record, ``record`` a row per key, ``texts`` a row per
    paragraph.
    """

    name: str
    kind: Literal["table", "record", "texts"]
    columns: tuple[str, ...]
    model: type[Model] | None = None

    @property
    def required(self) -> bool:
        return self.name not in OPTIONAL

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which no row of the sheet can be read."""
        if self.kind != "table":
            return self.columns
        if self.model is None:
            return self.columns[-1:]
        required = {f.alias or n for n, f in self.model.model_fields.items() if f.is_required()}
        required |= {CODE, PROJECT_NAME} if self.name != "政府采购" else set()
        return tuple(c for c in self.columns if c in required)


def aliases(model: type[Model]) -> tuple[str, ...]:
    """The model's keys in the input's words, in order."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def is_numeric(sheet: Sheet, name: str) -> bool:
    """Whether a column of a table, or an item of a record, takes an amount or a quantity."""
    fields = sheet.model.model_fields.values() if sheet.model is not None else ()
    return any(f.alias == name and Decimal in get_args(f.annotation) for f in fields)


def _sheets() -> dict[str, Sheet]:
    sheets: list[Sheet] = []
    for name, field in Disclosure.model_fields.items():
        alias = field.alias or name
        arguments = get_args(field.annotation)
        if isinstance(field.annotation, type) and issubclass(field.annotation, Model):
            sheets.append(Sheet(alias, "record", (KEY_COLUMN, VALUE_COLUMN), field.annotation))
        elif alias == "格式选项":
            sheets.append(Sheet(alias, "record", (KEY_COLUMN, VALUE_COLUMN)))
        elif alias == "文字":
            sheets.append(Sheet(alias, "texts", (SLOT_COLUMN, TEXT_COLUMN)))
        elif arguments and arguments[0] is not Disclosure:
            row = arguments[0]
            columns = tuple(c for c in aliases(row) if c != INDICATORS)
            sheets.append(Sheet(alias, "table", columns, row))
            if row is Project:
                sheets.append(
                    Sheet(INDICATORS, "table", (PROJECT_NAME, *aliases(Indicator)), Indicator)
                )
    sheets.append(Sheet(UNITS, "table", ("单位名称", "文件")))
    return {sheet.name: sheet for sheet in sheets}


SHEETS: Final = _sheets()
"""Every sheet by name, in the order in which it is filled in."""
