"""Examples of the rules of empty tables and notes (EMP)."""

from __future__ import annotations

from rulebook.base import Example, both, put
from rulebook.damage import as_it_is, paragraph, swap, text

FUND_NOTE = "注：无政府基金预算财政拨款预算，空表列示。"
STATE_NOTE = "注：无国有资本经营预算财政拨款预算，空表列示。"
SANGONG_NOTE = "注：无财政拨款“三公”经费预算，空表列示。"
TITLE_OF_T9 = paragraph("部门预算财政拨款“三公”经费支出表", "TableTitle")
EXPLANATION = paragraph("河清县档案馆2023年部门预算信息公开情况说明", "Heading1")

EXAMPLES = {
    "EMP101": Example(
        bad=as_it_is,
        damage=swap(paragraph(FUND_NOTE, "TableNote"), ""),
        says="文档里缺少“政府基金支出表”的注“注：无政府基金预算财政拨款预算，空表列示。”",
    ),
    "EMP102": Example(
        bad=as_it_is,
        damage=swap(text(STATE_NOTE), text("注：空表列示。")),
        says="“国有资本支出表”的注应为“注：无国有资本经营预算财政拨款预算，空表列示。”，"
        "文档里是“注：空表列示。”",
    ),
    "EMP103": Example(
        bad=put("文字", "采购说明", value=["2023年无政府采购预算。"]),
        says="正文说“无政府采购预算”，表里有 1 笔",
        at=("文字", "采购说明", 0),
        good=put(
            "文字",
            "采购说明",
            value=["2023年安排政府采购预算1.50万元，没有政府采购目录以外的项目。"],
        ),
    ),
    "EMP104": Example(
        bad=put("文字", "资产说明", value=["上年末无固定资产。"]),
        says="正文说“无固定资产”，表里有 4 行",
        at=("文字", "资产说明", 0),
        good=put(
            "文字",
            "资产说明",
            value=[
                "上年末固定资产金额为168万元，本年度无固定资产处置计划，"
                "拟购置固定资产总额为1.50万元。"
            ],
        ),
    ),
    "EMP105": Example(
        bad=as_it_is,
        damage=swap("</w:tbl>", "</w:tbl>" + paragraph(SANGONG_NOTE, "TableNote"), at=9),
        says="文档里多出一段“注：无财政拨款“三公”经费预算，空表列示。”",
    ),
    "EMP106": Example(
        bad=as_it_is,
        damage=swap(text(STATE_NOTE), text(FUND_NOTE)),
        says="“国有资本支出表”的注应为“注：无国有资本经营预算财政拨款预算，空表列示。”，"
        "文档里是“注：无政府基金预算财政拨款预算，空表列示。”",
    ),
    "EMP107": Example(
        bad=put("文字", "专项资金", value=["（不写）"]),
        says="没有专项资金，绩效信息里也没有说明",
        at=("文字", "专项资金"),
        good=put("文字", "专项资金", value=["我部门没有专项资金项目。"]),
    ),
    "EMP108": Example(
        bad=both(
            put("文字", "三公出国", value=["（一）因公出国（境）费0.00万元，与上年持平。"]),
            put("文字", "三公购置", value=["（二）公务用车购置费0万元，与上年持平。"]),
        ),
        says="零有两种写法：“0.00万元”1 处，“0万元”2 处",
        at=("文字", "三公出国", 0),
        good=put("文字", "三公购置", value=["（二）公务用车购置费0万元，比上年减少10.00万元。"]),
    ),
}
