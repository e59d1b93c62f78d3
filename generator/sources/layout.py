"""The sheets of the workbook, derived from the models, so that headers cannot drift."""

from __future__ import annotations

from dataclasses import dataclass
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
GUIDE: Final = "填写说明"

OPTIONAL: Final = frozenset({"格式选项", "年终结转", "上年数", "名词解释", "申报数"})


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
        assert self.model is not None
        required = {f.alias or n for n, f in self.model.model_fields.items() if f.is_required()}
        required |= {CODE, PROJECT_NAME} if self.name != "政府采购" else set()
        return tuple(c for c in self.columns if c in required)


def aliases(model: type[Model]) -> tuple[str, ...]:
    """The model's keys in the input's words, in order."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


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
    return {sheet.name: sheet for sheet in sheets}


SHEETS: Final = _sheets()
"""Every sheet by name, in the order in which it is filled in."""
