"""Invented inputs for a pack: a department or a unit whose tables are empty, or of any length.

The figures balance; the codes, rows and options are the pack's own, so that any pack can be shown.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from generator.disclosure import SANGONG_ROWS, ProcurementRow
from generator.pack import Line, Pack, holds
from generator.sources.raw import Tree

Size = str
EMPTY: Final = "空表"
ONE: Final = "一行"
LONG: Final = "多行"
_ROWS: Final[Mapping[Size, int]] = {EMPTY: 0, ONE: 1, LONG: 36}
"""How many leaves a table gets; a page of the forms holds fewer than 30 rows."""
_BASIC: Final = 2  # 万元 of basic expenditure of a general code
_PROJECT: Final = 3
_OTHER: Final = (
    *("财政专户管理资金", "事业收入", "事业单位经营收入", "上级补助收入", "附属单位上缴收入"),
    "其他收入",
)
_CARRIED: Final = 1


@dataclass(frozen=True, slots=True)
class Shape:
    """What a sample is to show. ``plain``: one fund, no income of its own, nothing carried over.

    ``projects``: the categories of its projects. ``units``: the units below it, none for a unit.
    """

    kind: str
    size: Size
    plain: bool = True
    projects: tuple[str, ...] = ("预算项目",)
    units: tuple[Shape, ...] = ()
    draft: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


def tree(pack: Pack, shape: Shape, facts: Mapping[str, str], number: int = 0) -> Tree:
    """The input of a shape. ``facts``: switches and facts that decide on the rows of tables."""
    count = _ROWS[shape.size]
    name = f"样例{shape.kind}{number or ''}（{shape.size}）"
    general = _codes(pack, "一般公共预算", count)
    others = [] if shape.plain else list(_other_funds(pack, count))
    basic = _BASIC * len(general)
    made: Tree = {
        "基本信息": {
            **{"类型": shape.kind, "编码": f"90{number}", "名称": name, "级别": "县"},
            **{"年度": str(pack.years[0]), "专项公用经费": "1" if count else "0"},
            **{"编制": "样例编制人", "审核": "样例审核人"},
        },
        "格式选项": dict(shape.options),
        "机构设置": [_institution(n) for n in range(max(1, count))],
        **_income_and_expenditure(shape, general, others, pack.functional),
        "基本支出": list(_basic(pack, basic, count)),
        "三公经费": list(_sangong(pack, facts, shape)),
        "上年数": [
            {"项目": item, "上年数": "1", "增减原因": "工作任务变化"}
            for item in _LAST_YEAR
            if count
        ],
        "项目": [
            _project(n, category, count)
            for n, category in enumerate(shape.projects if count else ())
        ],
        "政府采购": [_purchase(n) for n in range(count)],
        "国有资产": list(_assets(pack, facts, count)),
        "文字": {
            slot.key: [f"样例文字：{slot.key}。" * (1 if count < 2 else 12)]
            for slot in pack.sections.slots.values()
            if slot.required
        },
    }
    if shape.units:
        made["所属单位"] = [tree(pack, unit, facts, n) for n, unit in enumerate(shape.units, 1)]
    return made


_LAST_YEAR: Final = (
    *("支出总计", "基本支出", "项目支出", "人员经费", "公用经费", "专项公用经费"),
    *("因公出国（境）费", "公务用车购置费", "公务用车运行维护费", "公务接待费"),
)


def _codes(pack: Pack, fund: str, count: int) -> list[str]:
    """So many functional 项 that this fund may pay for, those of this fund alone first."""
    classes = {line.row for line in pack.tables["T1"].right}

    def funds(code: str) -> list[str]:
        levels = (pack.functional.get(code[:n]) for n in (7, 5, 3))
        return next((s.fund.split() for s in levels if s is not None and s.fund), ["一般公共预算"])

    fitting = [
        code
        for code in sorted(pack.functional)
        if len(code) == 7 and code[:3] in classes and fund in funds(code)
    ]
    own = sorted(fitting, key=lambda code: len(funds(code)))[:count]
    # Few codes are of 国有资本经营预算: its table is made long by codes that do not exist.
    top = next((c for c in sorted(filter(None, classes)) if fund in funds(c)), "")
    return own + [f"{top}99{n:02}" for n in range(10, 10 + count - len(own)) if top]


def _other_funds(pack: Pack, count: int) -> Iterator[tuple[str, str]]:
    """(code, fund) of the rows that are not 一般公共预算."""
    for fund in ("政府性基金预算", "国有资本经营预算"):
        yield from ((code, fund) for code in _codes(pack, fund, count))
    yield from ((code, "其他资金") for code in _codes(pack, "一般公共预算", min(count, 3)))


def _income_and_expenditure(
    shape: Shape,
    general: Iterable[str],
    others: Iterable[tuple[str, str]],
    known: Container[str],
) -> Tree:
    """What is earned under a code is spent under it; what is left over stands in 年终结转.

    ``known``: the codes that have a name.
    """
    income: dict[str, dict[str, str]] = {}
    spent: list[dict[str, str]] = []
    has_projects = bool(shape.projects)
    for code in general:
        row = {"科目编码": code, "资金性质": "一般公共预算", "基本支出": f"{_BASIC}"}
        if has_projects:
            row["项目支出"] = f"{_PROJECT}"
        spent.append(row)
        income[code] = {"科目编码": code, "一般公共预算": f"{_BASIC + _PROJECT * has_projects}"}
    for n, (code, fund) in enumerate(others):
        earned = income.setdefault(code, {"科目编码": code})
        row = {"科目编码": code, "资金性质": fund, "基本支出": "1", "项目支出": "1"}
        if fund == "其他资金":
            row |= {"经营支出": "1", "上解上级支出": "1", "对附属单位补助支出": "1"}
            row["基本支出"] = f"{len(_OTHER) - 4}"
            earned |= dict.fromkeys(_OTHER, "1")
        else:
            earned[fund] = "1"
            earned[f"结转（{fund}）"] = "1"
        spent.append(row)
        if n == 0:
            earned["结转（一般公共预算）"] = f"{_CARRIED}"
    for code, row in income.items():
        if code not in known:
            row["科目名称"] = f"样例科目{code[-2:]}"
    made: Tree = {"收入": list(income.values()), "支出": spent}
    if not shape.plain and income:
        made["年终结转"] = {"一般公共预算": f"{_CARRIED}"}
    return made


def _basic(pack: Pack, total: int, count: int) -> Iterator[dict[str, str]]:
    """The basic expenditure by economic 款; the first one gets what is left."""
    codes = [code for code in sorted(pack.economic) if len(code) == 5]
    personnel = [code for code in codes if code[:3] in ("301", "303")]
    public = [code for code in codes if code[:3] == "302"]
    chosen = sorted([*personnel[: (count + 1) // 2], *public[: count // 2]])
    for n, code in enumerate(chosen):
        column = "公用经费" if code in public else "人员经费"
        amount = total - len(chosen) + 1 if n == 0 else 1
        yield {"科目编码": code, column: f"{amount}"}


def _applicable(lines: Iterable[Line], facts: Mapping[str, str]) -> list[str]:
    return [line.row for line in lines if line.row and holds(line.when, facts)]


def _sangong(pack: Pack, facts: Mapping[str, str], shape: Shape) -> Iterator[dict[str, str]]:
    shown = _applicable(pack.tables["T9"].lines, facts)
    sums = ("abroad", "vehicle", "sangong")
    items = [name for name, row in SANGONG_ROWS.items() if row in shown and row not in sums]
    for item in items[: _ROWS[shape.size]]:
        others = {} if shape.plain else {"政府性基金预算": "0.1", "国有资本经营预算": "0.1"}
        yield {"项目": item, "一般公共预算": "0.1", **others}


def _assets(pack: Pack, facts: Mapping[str, str], count: int) -> Iterator[dict[str, str]]:
    for n, item in enumerate(_applicable(pack.tables["资产"].lines, facts)[:count]):
        yield {"项目": item, "数量": f"{n + 1}", "价值": f"{10 * (n + 1)}"}


def _institution(number: int) -> dict[str, str]:
    return {
        **{"单位名称": f"样例单位{number + 1}", "单位性质": "行政", "单位规格": "正科级"},
        "经费保障形式": "财政拨款",
    }


def _purchase(number: int) -> dict[str, str]:
    return {
        **{"单位": f"样例单位{number // 9 + 1}", "项目名称": "样例项目一", "预算资金": "3"},
        **{"采购物品名称": f"样例物品{number + 1}", "政府采购目录序号": "A02010105"},
        **{"计量单位": "台", "数量": "2", "单价": "0.5", "一般公共预算拨款": "1"},
        **(dict.fromkeys(_PURCHASE_FUNDS, "0.1") if number == 0 else {}),
        "预留中小微企业份额": "1",
    }


_PURCHASE_FUNDS: Final = tuple(
    ProcurementRow.model_fields[fund].alias or "" for fund in ProcurementRow.FUNDS[1:]
)


def _project(number: int, category: str, count: int) -> Tree:
    """A project; the third and every later one has neither goals nor indicators yet."""
    written = number < 2
    levels = ("产出指标", "效益指标", "满意度指标")
    return {
        **{"项目名称": f"样例项目{number + 1}", "金额": f"{_PROJECT}", "类别": category},
        "绩效目标": ["样例绩效目标一。", "样例绩效目标二。"][: min(count, 2) if written else 0],
        "绩效指标": [
            {
                **{"一级指标": levels[n * 3 // count], "二级指标": "数量指标"},
                **{"三级指标": f"样例指标{n + 1}", "绩效指标描述": "样例描述"},
                **{"指标值": "≥95%", "指标值确定依据": "样例依据"},
            }
            for n in range(count if written else 0)
        ],
    }
