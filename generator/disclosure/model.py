"""The whole input: figures, projects, procurement, assets, texts, units; it must balance."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Final

from pydantic import Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from generator import contradictions
from generator.balance import TOTAL, Declared, Figures, crosses
from generator.balance import Term as Figure
from generator.disclosure.consistency import (
    Keys,
    asset_rows,
    contradicting_names,
    empty_sections,
    last_year_parts,
    procurement_rows,
    repeated_keys,
    special_public,
    unit_slips,
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
    DeclaredCell,
    ExpenditureRow,
    IncomeRow,
    Institution,
    LastYearRow,
    ProcurementRow,
    Project,
    SangongRow,
    SubjectRow,
    Term,
    Waiver,
    YearEnd,
)
from generator.disclosure.values import MAX_ROWS, Model, Paragraphs, Text
from generator.ledger import Leaf, Ledger
from generator.money import ZERO
from generator.problem import Path, Problem, Severity

# Where the figures of a table are entered, for findings that concern two tables.
TERM_PATHS: Final[dict[str, Path]] = {
    "T1": ("支出",),
    "T4": ("支出",),
    "T5": ("基本支出",),
    "T9": ("三公经费",),
}


_SPENT: Final = {
    fund: (
        ("basic", f"{fund}.basic"),
        ("project", f"{fund}.project"),
        *((kind, f"expenditure.{kind}") for kind in ("operating", "to_superior", "to_subordinate")),
    )
    for fund in FUND_MEASURES.values()
}
"""The columns of 支出 and their measures, by fund."""


def _cells(row: Model, at: Path, key: str, measures: Iterable[tuple[str, str]]) -> Iterator[Leaf]:
    for name, measure in measures:
        if amount := getattr(row, name):
            yield Leaf(measure, key, amount, (*at, type(row).model_fields[name].alias or name))


def _of_subject(row: SubjectRow, at: Path, measures: Collection[tuple[str, str]]) -> Iterable[Leaf]:
    """The amounts of a subject; its cells as zeros where all are blank: one may be forgotten."""
    if any(getattr(row, name) is not None for name, _ in measures):
        return _cells(row, at, row.code, measures)
    fields = type(row).model_fields
    return [Leaf(m, row.code, ZERO, (*at, fields[name].alias or name)) for name, m in measures]


class Disclosure(Model):
    """One complete disclosure: figures, projects, procurement, assets, texts, units."""

    basics: Basics = Field(alias="基本信息", description="谁、哪一年")
    options: dict[str, Text] = Field(
        default_factory=dict, alias="格式选项", description="各地写法不同之处，不填用格式包的默认值"
    )
    institutions: tuple[Institution, ...] = Field(
        alias="机构设置", max_length=MAX_ROWS, description="部门所属的机构"
    )
    income: tuple[IncomeRow, ...] = Field(
        alias="收入", max_length=MAX_ROWS, description="按功能分类“项”和来源"
    )
    expenditure: tuple[ExpenditureRow, ...] = Field(
        alias="支出", max_length=MAX_ROWS, description="按功能分类“项”和资金性质"
    )
    year_end: YearEnd = Field(
        default_factory=lambda: YearEnd.model_construct(),
        alias="年终结转",
        description="年末结转到下年的资金",
    )
    basic: tuple[BasicRow, ...] = Field(
        (),
        alias="基本支出",
        max_length=MAX_ROWS,
        description="一般公共预算基本支出，按部门经济分类“款”",
    )
    sangong: tuple[SangongRow, ...] = Field(
        (), alias="三公经费", max_length=MAX_ROWS, description="财政拨款“三公”经费，按项目和资金"
    )
    last_year: tuple[LastYearRow, ...] = Field(
        (), alias="上年数", max_length=MAX_ROWS, description="上年预算数，没有就填 0"
    )
    projects: tuple[Project, ...] = Field((), alias="项目", max_length=MAX_ROWS)
    procurement: tuple[ProcurementRow, ...] = Field(
        (), alias="政府采购", max_length=MAX_ROWS, description="一笔采购一行"
    )
    assets: tuple[AssetRow, ...] = Field(
        (), alias="国有资产", max_length=MAX_ROWS, description="上年末固定资产"
    )
    texts: dict[str, Paragraphs] = Field(
        default_factory=dict, alias="文字", description="情况说明里自己写的段落，按段的名称"
    )
    glossary: tuple[Term, ...] = Field(
        (), alias="名词解释", max_length=MAX_ROWS, description="只在改动固定词条时填"
    )
    waivers: tuple[Waiver, ...] = Field(
        (), alias="核对例外", max_length=MAX_ROWS, description="照样公开的警告，写明原因和责任人"
    )
    pasted: tuple[DeclaredCell, ...] = Field(
        (), alias="申报数", description="粘贴的九张表里的数，由程序读出", max_length=100_000
    )
    subordinates: tuple[Disclosure, ...] = Field(
        (), alias="所属单位", max_length=2_000, description="每个单位一份完整的预算，或它的文件"
    )

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every amount that is no total, with its cell."""
        return tuple(self._leaves())

    @cached_property
    def figures(self) -> Figures:
        """Every figure, leaves and totals (万元)."""
        return Figures((leaf.measure, leaf.row, leaf.amount) for leaf in self.leaves)

    @cached_property
    def ledger(self) -> Ledger:
        """Every figure as it stands in each table that was entered."""
        return Ledger(self.figures, self.leaves, self.declared())

    @property
    def sangong_rows(self) -> frozenset[str]:
        """The rows of T9 that were entered."""
        return frozenset(SANGONG_ROWS[line.item] for line in self.sangong)

    @property
    def short_name(self) -> str:
        return self.basics.short_name or self.basics.name

    def _leaves(self) -> Iterator[Leaf]:
        for i, row in enumerate(self.income):
            if row.is_leaf:
                yield from _of_subject(row, ("收入", i), IncomeRow.MEASURES.items())
        for i, spent in enumerate(self.expenditure):
            if spent.is_leaf:
                assert spent.fund is not None
                fund = FUND_MEASURES[spent.fund]
                yield from _of_subject(spent, ("支出", i), _SPENT[fund])
        funds = ("general", "gov_fund", "state_capital")
        year_end = ((fund, f"year_end.{fund}") for fund in (*funds, "other"))
        yield from _cells(self.year_end, ("年终结转",), TOTAL, year_end)
        for i, item in enumerate(self.basic):
            if item.is_leaf:
                kinds = (("personnel", "economic.personnel"), ("public", "economic.public"))
                yield from _of_subject(item, ("基本支出", i), kinds)
        for i, line in enumerate(self.sangong):
            if (key := SANGONG_ROWS[line.item]) not in SANGONG_SUM_ROWS:
                by_fund = ((fund, f"sangong.{fund}") for fund in funds)
                yield from _cells(line, ("三公经费", i), key, by_fund)
        for i, bought in enumerate(self.procurement):
            if bought.sum_row is None:
                shares = ((f, f"procurement.{f}") for f in (*ProcurementRow.FUNDS, "reserved"))
                yield from _cells(bought, ("政府采购", i), bought.unit, shares)
        for i, asset in enumerate(self.assets):
            if asset.item != ASSET_TOTAL:
                value = (("value", "asset.value"),)
                yield from _cells(asset, ("国有资产", i), asset.item, value)

    def declared(self) -> Iterator[Declared]:
        for i, row in enumerate(self.income):
            measures = IncomeRow.TOTALS if row.is_leaf else IncomeRow.MEASURES | IncomeRow.TOTALS
            for field, measure in measures.items():
                yield from self._total(
                    "T2", measure, row.code, row, field, ("收入", i), row.is_leaf
                )
        for i, spent in enumerate(self.expenditure):
            yield from self._expenditure_totals(spent, ("支出", i))
        for i, item in enumerate(self.basic):
            for field in ("total",) if item.is_leaf else ("total", "personnel", "public"):
                yield from self._total(
                    *("T6", f"economic.{field}", item.code, item, field, ("基本支出", i)),
                    item.is_leaf,
                )
        for i, line in enumerate(self.sangong):
            key = SANGONG_ROWS[line.item]
            leaf = key not in SANGONG_SUM_ROWS
            for field in ("total",) if leaf else ("total", "general", "gov_fund", "state_capital"):
                yield from self._total(
                    "T9", f"sangong.{field}", key, line, field, ("三公经费", i), leaf
                )
        for i, bought in enumerate(self.procurement):
            if (unit := bought.sum_row) is not None:
                for field in ("total", *ProcurementRow.FUNDS, "reserved"):
                    yield from self._total(
                        "采购", f"procurement.{field}", unit, bought, field, ("政府采购", i)
                    )
        for i, cell in enumerate(self.pasted):
            yield Declared(
                *(cell.table, cell.measure, cell.row, cell.amount or ZERO, ("申报数", i)),
                *(cell.is_leaf, cell.amount is None),
            )
        for i, asset in enumerate(self.assets):
            if asset.item == ASSET_TOTAL:
                yield from self._total(
                    "资产", "asset.value", TOTAL, asset, "value", ("国有资产", i)
                )

    def _expenditure_totals(self, row: ExpenditureRow, path: Path) -> Iterator[Declared]:
        kinds = ("basic", "project", "operating", "to_superior", "to_subordinate")
        if row.fund is None:
            table, measures = "T3", {kind: f"expenditure.{kind}" for kind in (*kinds, "total")}
        elif row.fund == "其他资金":
            table = "其他资金"
            measures = {kind: f"expenditure.{kind}" for kind in kinds[2:]}
            measures |= {"basic": "other.basic", "project": "other.project", "total": "other.spent"}
        else:
            fund = FUND_MEASURES[row.fund]
            table = FUND_TABLES[fund]
            measures = {kind: f"{fund}.{kind}" for kind in ("basic", "project", "total")}
        for field in ("total",) if row.is_leaf else measures:
            yield from self._total(
                *(table, measures[field], row.code, row, field, path), leaf=row.is_leaf
            )

    @staticmethod
    def _total(
        table: str,
        measure: str,
        row: str,
        entered: Model,
        field: str,
        path: Path,
        leaf: bool = False,
    ) -> Iterator[Declared]:
        amount: Decimal | None = getattr(entered, field)
        if amount is not None:
            alias = type(entered).model_fields[field].alias or field
            yield Declared(table, measure, row, amount, (*path, alias), leaf)

    @cached_property
    def imbalances(self) -> tuple[Problem, ...]:
        """Everything that does not add up or contradicts itself in this disclosure alone."""
        return tuple(self._imbalances())

    def _imbalances(self) -> Iterator[Problem]:
        unit = self.basics.unit
        yield from contradictions.blank_or_twice(self.ledger, TERM_PATHS, unit)
        relations = crosses({"", *self.sangong_rows})
        equations = (*self.ledger.equations(), *self.ledger.crossed(relations))
        yield from contradictions.problems(
            self.ledger, equations, TERM_PATHS, unit, self._confirmed_by_projects()
        )
        yield from unit_slips(self.figures.get("income.total"), unit, self._amount_columns())
        yield from empty_sections(
            {"机构设置": self.institutions, "收入": self.income, "支出": self.expenditure}
        )
        projects = self.figures.get("expenditure.project")
        yield from special_public(self.basics, self.last_year, projects)
        yield from last_year_parts(self.last_year, unit)
        yield from procurement_rows(self.procurement, unit)
        yield from asset_rows(self.assets)
        yield from repeated_keys(self._keys())
        yield from contradicting_names({"收入": self.income, "支出": self.expenditure})
        yield from contradicting_names({"基本支出": self.basic})

    def _confirmed_by_projects(self) -> Iterator[Figure]:
        """项目支出, where the projects add up to it."""
        amounts = [project.amount for project in self.projects]
        whole = Figure("T3", "expenditure.project")
        if sum((amount or ZERO for amount in amounts), ZERO) == self.ledger.known(whole):
            yield whole

    def _amount_columns(self) -> dict[tuple[str, str], list[Decimal | None]]:
        basic = self.basic
        # With pasted tables 其他资金 is what one table has more than others, if only by mistake.
        spent = [
            row if row.is_leaf and not (self.pasted and row.fund == "其他资金") else None
            for row in self.expenditure
        ]
        return {
            ("收入", "一般公共预算"): [r.general if r.is_leaf else None for r in self.income],
            ("支出", "基本支出"): [row.basic if row else None for row in spent],
            ("支出", "项目支出"): [row.project if row else None for row in spent],
            ("基本支出", "人员经费"): [row.personnel if row.is_leaf else None for row in basic],
            ("基本支出", "公用经费"): [row.public if row.is_leaf else None for row in basic],
            ("项目", "金额"): [row.amount for row in self.projects],
        }

    def _keys(self) -> list[tuple[str, str, Keys]]:
        return [
            ("收入", "科目编码", [(row.code or TOTAL_NAME,) for row in self.income]),
            (
                "支出",
                "科目编码",
                [(row.code or TOTAL_NAME, row.fund or "各类资金") for row in self.expenditure],
            ),
            ("基本支出", "科目编码", [(row.code or TOTAL_NAME,) for row in self.basic]),
            ("三公经费", "项目", [(row.item,) for row in self.sangong]),
            ("上年数", "项目", [(row.item,) for row in self.last_year]),
            ("国有资产", "项目", [(row.item,) for row in self.assets]),
            ("项目", "项目名称", [(row.name,) for row in self.projects]),
            ("名词解释", "名词", [(row.term,) for row in self.glossary]),
            ("所属单位", "基本信息", [(unit.basics.code,) for unit in self.subordinates]),
            ("所属单位", "基本信息", [(unit.basics.name,) for unit in self.subordinates]),
        ]

    @cached_property
    def subject_names(self) -> dict[str, str]:
        """Functional codes and the names that the input gives them."""
        rows: tuple[SubjectRow, ...] = (*self.income, *self.expenditure)
        return {row.code: row.name for row in rows if row.code and row.name}

    @cached_property
    def economic_names(self) -> dict[str, str]:
        """Economic codes and the names that the input gives them."""
        return {row.code: row.name for row in self.basic if row.code and row.name}

    @model_validator(mode="after")
    def _must_balance(self, info: ValidationInfo) -> Disclosure:
        draft = isinstance(info.context, dict) and info.context.get("draft", False)
        errors = [p for p in self.imbalances if p.severity is Severity.ERROR]
        if not draft and errors:
            raise PydanticCustomError(
                "unbalanced",
                "预算有 {count} 处不平衡：{first}",
                {"count": len(errors), "first": errors[0].message, "problems": errors},
            )
        return self
