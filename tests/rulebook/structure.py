"""Examples of the rules of structure and required content (STR)."""

from __future__ import annotations

from rulebook.base import Example, both, put
from rulebook.damage import as_it_is, swap, text

DATES = (
    put("基本信息", "批复日期", value="2023-01-10"),
    put("基本信息", "公开日期", value="2023-01-30"),
)


def _institution(tree: dict[str, object], **values: str) -> None:
    rows = tree["机构设置"]
    assert isinstance(rows, list)
    rows.append({**rows[0], "单位名称": "河清县档案服务中心", **values})


EXAMPLES = {
    "STR001": (
        Example(
            bad=as_it_is,
            damage=swap(text("部门预算支出总表"), text("部门支出总表"), at=2),
            says="表的标题应为“部门预算支出总表”，文档里是“部门支出总表”",
        ),
        Example(
            bad=as_it_is,
            damage=swap(text("部门预算支出总表"), text("部门预算收入总表"), at=2),
            says="表的标题应为“部门预算支出总表”，文档里是“部门预算收入总表”",
        ),
    ),
    "STR002": Example(
        bad=as_it_is,
        damage=swap("单位：万元", "单位：元", at=3),
        says="“支出总表”表第一行应为“201河清县档案馆　预算年度：2023　单位：万元”，"
        "文档里是“201河清县档案馆　预算年度：2023　单位：元”",
    ),
    "STR003": Example(
        bad=as_it_is,
        damage=swap(text("七、国有资产信息"), text("七、资产信息"), at=2),
        says="章的标题应为“七、国有资产信息”，文档里是“七、资产信息”",
    ),
    "STR004": Example(
        bad=as_it_is,
        damage=swap(text("二、外交支出"), text("二、国防支出")),
        says="“收支总表”表第 2 行第 4 格应为“二、外交支出”，文档里是“二、国防支出”",
    ),
    "STR005": (
        Example(
            bad=as_it_is,
            damage=swap(text("八、名词解释"), text("八、名词")),
            says="目录的一行应为“八、名词解释”，文档里是“八、名词”",
        ),
        Example(
            bad=as_it_is,
            damage=swap('w:anchor="_Toc00000002"', 'w:anchor="_Toc00000003"'),
            says="目录“部门预算收入总表”没有指向文字相同的标题",
        ),
    ),
    "STR006": Example(
        bad=put("文字", "职责", value=["见附件。"]),
        says="部门职责只写了“见附件。”",
        at=("文字", "职责", 0),
        good=put("文字", "职责", value=["涉密"]),
    ),
    "STR007": (
        Example(
            bad=put("机构设置", 0, "单位性质", value="正科级"),
            says="“河清县档案馆”的单位性质填的是“正科级”，这是单位规格",
            at=("机构设置", 0, "单位性质"),
            good=put("机构设置", 0, "单位规格", value="正股级"),
        ),
        Example(
            bad=lambda tree: _institution(tree, 单位性质=""),
            says="“河清县档案服务中心”没有填单位性质",
            at=("机构设置", 1, "单位性质"),
            good=lambda tree: _institution(tree, 单位性质="公益一类事业", 单位规格=""),
        ),
    ),
    "STR008": Example(
        bad=put("文字", "第二部分标题", value=["第2部分 专项资金绩效目标"]),
        says="标题“第2部分”应为“第二部分”",
        at=("文字", "第二部分标题", 0),
        good=put("文字", "第二部分标题", value=["第二部分　专项资金的绩效目标"]),
    ),
    "STR009": Example(
        bad=as_it_is,
        damage=swap("9、上年结转：", "9、结转："),
        says="名词解释的一条应为“9、上年结转：指以前年度尚未完成、结转到本年仍按原规定用途继续使用的"
        "资金。”，文档里是“9、结转：指以前年度尚未完成、结转到本年仍按原规定用途继续使用的资金。”",
    ),
    "STR010": Example(
        bad=put("文字", "其他", value=["（不写）"]),
        says="“其他需要说明的事项”什么也没有写",
        at=("文字", "其他"),
        good=put("文字", "其他", value=["无其他需要说明的事项。"]),
    ),
    "STR011": Example(
        bad=put("格式选项", "分部分", value="分"),
        damage=swap("我部门无所属单位", "我部门没有所属单位"),
        says="无所属单位的说明应为“我部门无所属单位，所属单位预算无公开内容。”，"
        "文档里是“我部门没有所属单位，所属单位预算无公开内容。”",
        good=put("格式选项", "分部分", value="分"),
    ),
    "STR012": (
        Example(
            bad=both(
                put(
                    "文字",
                    "三公总额",
                    value=["2023年财政拨款“三公”经费安排8万元，其中公务接待费3万元。"],
                ),
                *(
                    put("文字", key, value=["（不写）"])
                    for key in ("三公增减", "三公出国", "三公购置", "三公运维", "三公接待")
                ),
            ),
            says="“三公”经费的说明里因公出国（境）费没有写",
            at=("文字", "三公总额", 0),
            good=put("文字", "三公总额", value=["2023年，财政拨款“三公”经费预算安排8万元。其中："]),
        ),
        Example(
            bad=put("文字", "三公总额", value=["2023年，“三公”经费继续从严控制。"]),
            says="“三公”经费的说明里“三公”经费总额没有写金额",
            good=put("文字", "三公运维", value=["（三）公务用车运维费五万元，与上年持平。"]),
        ),
    ),
    "STR013": Example(
        bad=put("文字", "机关运行经费", value=["机关运行经费主要用于日常办公。"]),
        says="自己写的“机关运行经费”没有写机关运行经费的金额",
        at=("文字", "机关运行经费", 0),
        good=put("文字", "机关运行经费", value=["机关运行经费共安排100万元。"]),
    ),
    "STR014": Example(
        bad=put("文字", "采购说明", value=["政府采购的内容见下表。"]),
        says="自己写的“采购说明”没有写政府采购预算的金额",
        at=("文字", "采购说明", 0),
        good=put("文字", "采购说明", value=["安排政府采购预算1.50万元，见下表。"]),
    ),
    "STR015": Example(
        bad=put("文字", "资产说明", value=["上年末固定资产见下表。"]),
        says="自己写的“资产说明”没有写固定资产的金额",
        at=("文字", "资产说明", 0),
        good=put(
            "文字",
            "资产说明",
            value=["上年末固定资产金额为168万元，本年度拟购置固定资产总额为1.50万元。"],
        ),
    ),
    "STR016": (
        Example(
            bad=both(*DATES, put("基本信息", "公开日期", value="2023-01-31")),
            says="批复后第 21 天才公开，超过 20 天",
            at=("基本信息", "公开日期"),
            good=both(*DATES),
        ),
        Example(
            bad=both(*DATES, put("基本信息", "公开日期", value="2023-01-09")),
            says="公开日期 2023-01-09 早于批复日期 2023-01-10",
            good=both(*DATES, put("基本信息", "公开日期", value="2023-01-10")),
        ),
    ),
    "STR017": Example(
        bad=put("格式选项", "封面", value="简式"),
        damage=swap(text("2023年部门预算"), text("2022年部门预算")),
        says="封面的年度和标题应为“2023年部门预算”，文档里是“2022年部门预算”",
        good=put("格式选项", "封面", value="编制审核"),
    ),
}
