"""Shares, growth rates, subjects and counts: told right of any department, nothing is found."""

from __future__ import annotations

import copy
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from budgets import realistic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rulebook.base import Tree, department
from support import INPUTS, work_out

from generator import yamltext
from generator.disclosure import Disclosure
from generator.money import short
from generator.problem import Severity

RULES = ("FMT106", "NAR", "YOY102", "YOY104", "YOY107")
TAKEN = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def percent(part: Decimal, whole: Decimal, places: int, off: str = "0") -> str:
    unit = Decimal(1).scaleb(-places)
    exact = (part / whole * 100).quantize(unit, ROUND_HALF_UP)
    return f"{exact + Decimal(off)}%"


def spending(budget: Disclosure, places: int, off: str) -> str:
    """支出说明: every share, some subjects by name, how many projects. ``off``: added to each %."""
    get = budget.figures.get
    all_, basic, project = (get(f"expenditure.{m}") for m in ("grand", "basic", "project"))
    personnel, public = get("economic.personnel"), get("economic.public")
    words = [
        f"{budget.basics.year}年{budget.basics.kind}预算支出{short(all_)}万元，其中：基本支出"
        f"{short(basic)}万元，占比{percent(basic, all_, places, off)}；",
        f"项目支出{short(project)}万元（占支出总计的{percent(project, all_, places, off)}）。",
    ]
    if personnel + public == basic:
        words.insert(
            1,
            f"包括人员经费{short(personnel)}万元，占基本支出的{percent(personnel, basic, places, off)}，"
            f"公用经费{short(public)}万元；公用经费占基本支出的比重为"
            f"{percent(public, basic, places, off)}；",
        )
    classes = [row for row in budget.figures.rows(["expenditure.total"]) if len(row) == 3]
    names = {"201": "一般公共服务支出", "208": "社会保障和就业支出", "221": "住房保障支出"}
    listed = [
        f"{names[row]}{short(get('expenditure.total', row))}万元" for row in classes if row in names
    ]
    words.append(f"按功能分类，{'、'.join(listed)}。" if listed else "")
    words.append(f"共安排预算项目{len(budget.projects)}个。" if budget.projects else "")
    return "".join(words)


def growth(budget: Disclosure, places: int, off: str) -> str:
    """增减说明: each change as a percentage alone."""
    now = {
        "收支总额": budget.figures.get("expenditure.grand"),
        "基本支出": budget.figures.get("expenditure.basic"),
        "项目支出": budget.figures.get("expenditure.project"),
    }
    before: dict[str, Decimal | None] = {str(row.item): row.amount for row in budget.last_year}
    clauses = []
    for name, figure in now.items():
        last = before["支出总计" if name == "收支总额" else name]
        if not last or last == figure:
            continue
        word = "增长" if figure > last else "下降"
        clauses.append(f"{name}{word}{percent(abs(figure - last), last, places, off)}")
    if not clauses:
        return ""
    return f"与{budget.basics.year - 1}年预算相比，{'，'.join(clauses)}，主要是人员变动。"


def told(tree: dict[str, Any], places: int, off: str) -> list[tuple[str, str]]:
    """What is found when the department speaks so of itself."""
    budget = work_out(tree).disclosure
    assert budget is not None
    if not budget.figures.get("expenditure.grand") or not budget.figures.get("expenditure.basic"):
        return []
    changed = growth(budget, places, off)
    tree["文字"] |= {"支出说明": [spending(budget, places, off)]}
    tree["文字"] |= {"增减说明": [changed]} if changed else {}
    return [(p.rule, p.message) for p in work_out(tree).problems if p.rule.startswith(RULES)]


@TAKEN
@given(realistic(), st.integers(0, 2))
def test_what_is_right_is_not_told(tree: dict[str, Any], places: int) -> None:
    assert told(tree, places, "0") == []


@TAKEN
@given(realistic())
def test_what_is_wrong_is(tree: dict[str, Any]) -> None:
    found = [rule for rule, _ in told(tree, 1, "3.3")]
    if tree["文字"].get("支出说明"):
        assert {"NAR905", "FMT106"} & set(found)
        assert "增减说明" not in tree["文字"] or "YOY102" in found


# --- in the words of others ---------------------------------------------------------------------

# {…} are the department's own figures, see :func:`figures_of`. A part of a subject, a unit, a fund
# or a project bears the names of the whole; 项目支出 is with or without 专项公用经费.
PARTS = (
    (
        "{年}年部门预算支出{支}万元，其中：一般公共服务支出{类}万元（基本支出{类基}万元、项目支出"
        "{项}万元），住房保障支出{住}万元（基本支出{住}万元）。"
    ),
    (
        "一般公共服务支出{类}万元，占支出总额的{类占}%，包括基本支出{类基}万元和项目支出{项}万元"
        "；住房保障支出{住}万元，均为基本支出。"
    ),
    "一般公共服务支出{类}万元，其中基本支出{类基}万元；项目支出{项}万元。",
    (
        "按功能科目分，一般公共服务支出{类}万元，基本支出{类基}万元、项目支出{项}万元；住房保障支"
        "出{住}万元，基本支出{住}万元。"
    ),
    "住房公积金{住}万元，全部为基本支出{住}万元，项目支出0万元。",
    "行政运行（2010301）{运}万元：基本支出{运基}万元，项目支出{运项}万元。",
    "行政运行{运}万元，其中：人员经费{运人}万元，公用经费{运公}万元。",
    (
        "行政运行{运}万元（人员经费{运人}万元、公用经费{运公}万元），住房公积金{住}万元（人员经费"
        "{住}万元）。"
    ),
    "教育等其他支出0万元，其中：基本支出0万元，项目支出0万元。",
    (
        "住房保障支出（类）住房改革支出（款）住房公积金（项）{住}万元，其中：基本支出{住}万元，主"
        "要用于缴纳住房公积金。"
    ),
    "住房保障支出方面，基本支出{住}万元，人员经费{住}万元。",
    "一般公共服务支出中，基本支出{类基}万元，占{类基占}%。",
    "机关本级基本支出{半}万元、项目支出{半项}万元，所属单位基本支出{另}万元、项目支出{另项}万元。",
    (
        "机关本级{单}万元，其中基本支出{半}万元、项目支出{半项}万元；所属单位{位}万元，其中基本支"
        "出{另}万元、项目支出{另项}万元。"
    ),
    (
        "从预算单位看，机关本级：基本支出{半}万元，项目支出{半项}万元；二级单位：基本支出{另}万元"
        "，项目支出{另项}万元。"
    ),
    "机关本级，基本支出{半}万元，项目支出{半项}万元。",
    "下属事业单位基本支出{另}万元，其中：人员经费{另人}万元，公用经费{另公}万元。",
    "其中，机关本级人员经费{运人}万元，公用经费{运公}万元。",
    "信息化项目{小}万元，其中：人员经费1.00万元，会议费0.50万元，培训费0.20万元。",
    "项目支出{项}万元，主要用于信息化建设{小}万元（其中人员经费1.00万元）、日常业务{剩}万元。",
    "项目支出{项}万元，其中：专项公用经费{专}万元，其他项目{非专}万元。",
    "项目支出{项}万元，占支出总额的{项占}%，其中专项公用经费{专}万元，占项目支出的{专占}%。",
    "项目支出{项}万元，包括专项公用经费{专}万元和其他专项{非专}万元，分别占{专占}%和{非专占}%。",
    (
        "{年}年支出{支}万元，包括人员经费{人}万元、正常公用经费{公}万元、专项公用经费{专}万元、项"
        "目支出{非专}万元。"
    ),
    "基本支出{基}万元，项目支出（含专项公用经费）{项}万元。",
    "{年}年部门预算支出{支}万元，基本支出占{基占}%，项目支出占{项占}%。",
    "预算支出{支}万元。其中：基本支出{基}万元，占{基占}%；项目支出{项}万元，占{项占}%。",
    (
        "基本支出{基}万元，由人员经费{人}万元和公用经费{公}万元组成，分别占基本支出的{人基}%和{公"
        "基}%。"
    ),
    "人员经费{人}万元，占支出总额的{人占}%；公用经费{公}万元，占支出总额的{公占}%。",
    "本年支出合计{支}万元，其中：基本支出{基}万元，项目支出{项}万元。",
    "支出总规模{支}万元（基本支出{基}万元，项目支出{项}万元）。",
    (
        "一般公共预算支出{支}万元，其中：基本支出{基}万元，项目支出{项}万元；政府性基金预算支出0"
        "万元，其中：基本支出0万元，项目支出0万元。"
    ),
    "政府性基金预算支出0万元，包括基本支出0万元、项目支出0万元；国有资本经营预算支出0万元。",
    "财政拨款支出{支}万元，按用途分：基本支出{基}万元，项目支出{项}万元。",
    "工资福利等人员经费{人}万元，日常公用经费{公}万元。",
    "用于保障机构正常运转的基本支出{基}万元，用于专项工作的项目支出{项}万元。",
    "用于保障机关运转、完成日常工作的基本支出{基}万元，包括人员经费{人}万元、公用经费{公}万元。",
    "基本支出{基}万元，平均每月{月}万元；项目支出{项}万元，平均每月{月项}万元。",
    "在职人员人均公用经费1.20万元，公用经费合计{公}万元。",
    "{年}年预算支出{支}万元，较上年{支变}{支差}万元，{支词}{支率}%。",
    (
        "基本支出{基}万元，较上年{基变}{基差}万元，{基词}{基率}%；项目支出{项}万元，较上年{项变}{"
        "项差}万元，{项词}{项率}%。"
    ),
    (
        "与上年相比，一般公共服务支出减少3.00万元，下降1.20%，其中基本支出减少1.00万元，项目支出"
        "减少2.00万元。"
    ),
    (
        "与上年相比，项目支出{项变}{项差}万元，{项词}{项率}%，其中信息化项目减少2.00万元，下降8.7"
        "5%，其他项目支出减少3.00万元，下降49.81%。"
    ),
    "项目支出{项}万元，比{去}年{项变}{项差}万元，其中：工程类项目支出减少1.00万元，下降1.00%。",
    "机关本级基本支出增加1.00万元、项目支出增加2.00万元，主要是工作量增加。",
    "机关本级减少5.00万元，其中基本支出减少2.00万元，项目支出减少3.00万元。",
    "住房公积金增加1.00万元，其中人员经费增加1.00万元，增长12.00%。",
    (
        "住房公积金{住}万元，比上年增加1.00万元，增长2.00%，其中：基本支出{住}万元，增加1.00万元"
        "，增长2.00%。"
    ),
    "机关本级公务接待费0.10万元，公务用车运行维护费0.20万元，“三公”经费0.30万元。",
    "机关本级“三公”经费0.30万元，其中：公务接待费0.10万元，公务用车运行维护费0.20万元。",
    "公务接待费{接待}万元，其中机关本级公务接待费{接待}万元。",
    "信息中心{小}万元，其中：财政拨款收入{小}万元，事业收入0.00万元。",
    "机关本级：预算收入{单}万元，预算支出{单}万元。",
    "所属单位预算支出{位}万元，其中：基本支出{另}万元，项目支出{另项}万元。",
    "{去}年基本支出{基上}万元，{年}年基本支出{基}万元，{基变}{基差}万元。",
    (
        "一、一般公共服务支出{类}万元；二、住房保障支出{住}万元；三、其他。其中：基本支出{基}万元"
        "，项目支出{项}万元。"
    ),
    "主要用于以下方面：一般公共服务支出{类}万元，住房保障支出{住}万元。其中基本支出{基}万元。",
    "行政运行{运}万元、住房公积金{住}万元，其中基本支出{运住}万元。",
    "项目支出：信息化建设{小}万元，其中人员经费1.00万元、公用经费2.00万元；日常业务{剩}万元。",
    "科目名称 合计 基本支出 项目支出；一般公共服务支出 {类}万元 {类基}万元 {项}万元。",
    (
        "公务用车购置及运行维护费{车}万元，其中：公务用车购置费0万元，公务用车运行维护费{车}万元"
        "；机关本级公务用车运行维护费0.10万元。"
    ),
    "涉密项目5.00万元，其中：基本支出2.00万元，项目支出3.00万元。",
    "采购项目{小}万元，其中政府采购预算0.20万元，机关运行经费0.10万元。",
    "人员类项目{人}万元、公用经费项目{公}万元、特定目标类项目{项}万元。",
    "离退休人员经费2.00万元，公用经费{公}万元，共计支出。",
    "公用经费{公}万元，其中：机关本级公用经费{半公}万元，下属单位公用经费{另公}万元。",
    (
        "{年}年，我单位预算支出{支}万元。按支出结构：基本支出{基}万元，项目支出{项}万元；按资金来"
        "源：一般公共预算{支}万元。"
    ),
    "我部门项目支出{项}万元，含专项公用经费{专}万元。",
    "专项公用经费{专}万元，占项目支出{项}万元的{专占}%。",
    (
        "项目支出{项}万元。其中，专项公用经费{专}万元，主要用于办公；其他项目支出{非专}万元，主要"
        "用于建设。"
    ),
    "基本支出{基}万元，项目支出{项}万元（其中：专项公用经费{专}万元）。",
    "除专项公用经费{专}万元外，其余项目支出{非专}万元。",
    "扣除专项公用经费{专}万元后，项目支出{非专}万元。",
    "项目支出{非专}万元，专项公用经费{专}万元，两项合计{项}万元。",
    (
        "{年}年安排一般公共服务（类）支出{类}万元，与上年相比减少1.00万元，其中：基本支出{类基}万"
        "元，与上年相比增加1.00万元；项目支出{类项}万元，与上年相比减少2.00万元。"
    ),
    "住房公积金（项）基本支出{住}万元，项目支出0万元。",
    "（1）一般公共服务支出：基本支出{类基}万元；（2）住房保障支出：基本支出{住}万元。",
    (
        "(一)一般公共服务支出{类}万元。1.基本支出{类基}万元。2.项目支出{类项}万元。(二)住房保障支"
        "出{住}万元。1.基本支出{住}万元。2.项目支出0万元。"
    ),
    "住房保障支出{住}万元。其中：基本支出{住}万元。",
    (
        "2023年度办公室机关（本级）支出预算{单}万元，其中基本支出{半}万元，项目支出{半项}万元。所"
        "属事业单位支出预算{位}万元，其中基本支出{另}万元，项目支出{另项}万元。"
    ),
    (
        "机关服务中心：支出{位}万元，包括基本支出{另}万元（人员经费{另人}万元，公用经费{另公}万元"
        "），项目支出{另项}万元。"
    ),
    "本级预算支出{单}万元。其中：人员经费{运人}万元，公用经费{运公}万元，项目支出{半项}万元。",
    "非税收入安排的项目支出3.00万元，其他资金安排的基本支出2.00万元、项目支出1.00万元。",
    "上级专项转移支付资金5.00万元，全部用于项目支出5.00万元。",
    "政府性基金预算拨款5.00万元，均为项目支出5.00万元。",
    "新增资金5.00万元，用于基本支出2.00万元，项目支出3.00万元。",
    "工资福利支出{人}万元，商品和服务支出{公}万元；其中人员经费{人}万元。",
    "办公费10.00万元，其中：公务接待费0.10万元、会议费0.20万元、培训费0.30万元。",
    "政府采购项目{小}万元，其中：货物类1.00万元，项目支出20.00万元，公用经费1.30万元。",
    (
        "基本支出{基}万元，其中机关{半}万元，下属单位{另}万元。项目支出{项}万元，其中机关{半项}万"
        "元，下属单位{另项}万元。"
    ),
    "机关和下属单位基本支出分别为{半}万元、{另}万元，项目支出分别为{半项}万元、{另项}万元。",
    "压减一般性支出5.00万元，其中：压减公用经费2.00万元，压减项目支出3.00万元。",
    "统筹盘活存量资金5.00万元，其中项目支出3.00万元、公用经费2.00万元。",
    "追加预算5.00万元，其中：人员经费2.00万元，项目支出3.00万元。",
    "乡村振兴专项资金5.00万元，由人员经费1.00万元、公用经费1.00万元、项目支出3.00万元组成。",
    (
        "人员经费{人}万元，其中：在职人员{运人}万元；公用经费{公}万元，其中：定额公用经费1.00万元"
        "，车辆公用经费1.00万元。"
    ),
    "三年滚动规划中，{年}年项目支出{项}万元，2024年项目支出500.00万元，2025年项目支出600.00万元。",
    "{去}年决算基本支出{另}万元，项目支出{另项}万元。",
    "{去}年执行中调整后基本支出{另}万元，项目支出{另项}万元，支出合计{位}万元。",
    "截至{去}年12月底，已支出基本支出{另}万元，项目支出{另项}万元。",
    "预算支出{支}万元，一季度支出5.00万元，其中基本支出2.00万元，项目支出3.00万元。",
    "每月基本支出{月}万元，项目支出{月项}万元。",
    "第一季度计划：基本支出2.00万元，项目支出3.00万元。",
    "月均人员经费2.00万元，公用经费1.00万元。",
    (
        "其中：财政拨款{支}万元（基本支出{基}万元，项目支出{项}万元），其他资金0万元（基本支出0万"
        "元，项目支出0万元）。"
    ),
    (
        "一般公共服务支出减少3.00万元，下降1.20%；其中：基本支出减少1.00万元，下降1.10%；项目支出"
        "减少2.00万元，下降1.30%。"
    ),
)

SLOTS = (
    *(
        "职责",
        "总体目标",
        "分项目标",
        "保障措施",
        "收入说明",
        "支出说明",
        "增减说明",
        "机关运行经费",
    ),
    *("三公总额", "三公增减", "三公出国", "三公购置", "三公运维", "三公接待", "采购说明"),
    *("资产说明", "其他"),
)


def trees() -> dict[str, Tree]:
    """A small department, and two with units, 专项公用经费 and projects of their own."""
    found = {"河清县档案馆": department()}
    for name in ("tangshan-2023", "julu-2023"):
        tree: Any = yamltext.parse((INPUTS / f"{name}.yaml").read_text(encoding="utf-8")).tree
        found[name] = tree
    return found


def figures_of(tree: Tree) -> dict[str, str]:
    """What the sentences say of a department: its figures, and invented parts of them."""
    budget = work_out(tree).disclosure
    assert budget is not None
    get = budget.figures.get
    cent = Decimal("0.01")
    found: dict[str, Decimal] = {
        **{k: get(f"expenditure.{m}") for k, m in zip("支基项", _KINDS, strict=True)},
        **{"人": get("economic.personnel"), "公": get("economic.public")},
        **{"类": get("expenditure.total", "201"), "类基": get("expenditure.basic", "201")},
        **{"类项": get("expenditure.project", "201")},
        **{"住": get("expenditure.total", "221"), "运": get("expenditure.total", "2010301")},
        **{"运基": get("expenditure.basic", "2010301"), "接待": get("sangong.total", "reception")},
        **{"运项": get("expenditure.project", "2010301"), "小": Decimal("21.30")},
        "车": get("sangong.total", "vehicle_operation"),
    }
    whole, basic, project = found["支"], found["基"], found["项"]
    special = budget.basics.special_public or (project * Decimal("0.4")).quantize(cent)
    half, some = (basic * Decimal("0.6")).quantize(cent), (project * Decimal("0.7")).quantize(cent)
    wages = (found["运基"] * Decimal("0.8")).quantize(cent)
    other = ((basic - half) * Decimal("0.9")).quantize(cent)
    found |= {
        **{"专": special, "非专": project - special, "半": half, "另": basic - half},
        **{"半项": some, "另项": project - some, "单": half + some, "位": whole - half - some},
        **{"运人": wages, "运公": found["运"] - wages, "另人": other, "另公": basic - half - other},
        **{"剩": project - found["小"], "月": basic / 12, "月项": project / 12},
        **{"运住": found["运基"] + found["住"], "半公": found["公"] - (basic - half - other)},
    }
    said = {name: f"{value:.2f}" for name, value in found.items()}
    shares = {
        "基占": "基支",
        "项占": "项支",
        "人占": "人支",
        "公占": "公支",
        "人基": "人基",
        "公基": "公基",
    }
    said |= {k: percent(found[p[0]], found[p[1]], 2)[:-1] for k, p in shares.items()}
    said |= {"类占": percent(found["类"], whole, 2)[:-1]}
    said |= {"类基占": percent(found["类基"], found["类"], 2)[:-1]}
    said |= {"专占": percent(special, project, 2)[:-1]}
    said |= {"非专占": percent(project - special, project, 2)[:-1]}
    last = {str(row.item): row.amount for row in budget.last_year}
    for key, item in (("支", "支出总计"), ("基", "基本支出"), ("项", "项目支出")):
        before = last[item]
        assert before
        change = found[key] - before
        said |= {f"{key}上": f"{before:.2f}", f"{key}差": f"{abs(change):.2f}"}
        said |= {f"{key}变": "增加" if change >= 0 else "减少"}
        said |= {f"{key}词": "增长" if change >= 0 else "下降"}
        said[f"{key}率"] = percent(abs(change), before, 2)[:-1]
    return said | {"年": str(budget.basics.year), "去": str(budget.basics.year - 1)}


_KINDS = ("grand", "basic", "project")


@pytest.mark.parametrize("name", ["河清县档案馆", "tangshan-2023", "julu-2023"])
def test_parts_of_the_whole_give_no_error_in_any_slot(name: str) -> None:
    tree = trees()[name]
    said = figures_of(tree)
    before = {(p.rule, p.message) for p in work_out(tree).problems}
    for slot in SLOTS:
        changed = copy.deepcopy(tree)
        own = changed["文字"].get(slot, [])
        own = [own] if isinstance(own, str) else own
        changed["文字"][slot] = [*own, *(text.format(**said) for text in PARTS)]
        found = [
            (slot, p.rule, p.message)
            for p in work_out(changed).problems
            if p.severity is Severity.ERROR and (p.rule, p.message) not in before
        ]
        assert found == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "一般公共服务支出8142.84万元，其中：基本支出3441.57万元，项目支出4701.28万元。",
            "“支出说明”第1段写“基本支出3441.57万元”，表3 一般公共服务支出 基本支出 3441.56 万元，"
            "相差 0.01 万元",
        ),
        (
            "项目支出4701.29万元，其中专项公用经费1800.28万元。",
            "“支出说明”第1段写“项目支出4701.29万元”，表3 合计 项目支出 4701.28 万元，"
            "相差 0.01 万元",
        ),
        (
            "人员经费3798.79万元、正常公用经费565.11万元、专项公用经费1800.28万元、"
            "项目支出4701.28万元。",
            "“支出说明”第1段写“项目支出4701.28万元”，表3 合计 项目支出（不含专项公用经费） "
            "2901.00 万元，相差 1800.28 万元",
        ),
    ],
)
def test_a_part_that_is_wrong_is_told_with_its_own_figure(text: str, says: str) -> None:
    tree = trees()["tangshan-2023"]
    tree["文字"]["支出说明"] = [text]
    assert says in [p.message for p in work_out(tree).problems if p.severity is Severity.ERROR]
