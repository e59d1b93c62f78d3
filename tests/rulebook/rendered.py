"""Examples of the rules of the rendered file (REN)."""

from __future__ import annotations

from rulebook.base import Example
from rulebook.damage import as_it_is, paragraph, swap, text

EXAMPLES = {
    "REN001": (
        Example(
            bad=as_it_is,
            damage=swap(text("1000.00"), text("1000.01")),
            says="“收支总表”表第 1 行第 3 格应为“1000.00”，文档里是“1000.01”",
        ),
        Example(
            bad=as_it_is,
            damage=swap("压减公务接待批次", "压缩公务接待批次"),
            says="“三公接待”的一段应为“（四）公务接待费3万元，与2022年预算相比减少1万元，主要是压减"
            "公务接待批次和…”，文档里是“（四）公务接待费3万元，与2022年预算相比减少1万元，主要是压缩"
            "公务接待批次和…”",
        ),
        Example(
            bad=as_it_is,
            damage=swap(text("≥3000卷"), text("≥300卷")),
            says="“综合业务经费”绩效目标表第 1 行第 5 格应为“≥3000卷”，文档里是“≥300卷”",
        ),
        Example(
            bad=as_it_is,
            damage=swap("<w:sectPr", paragraph("附注。") + "<w:sectPr", at=2),
            says="文档里多出一段“附注。”",
        ),
        Example(
            bad=as_it_is,
            damage=swap("截止时间：2022-12-31", "截止时间：2023-12-31"),
            says="“固定资产”表第一行应为“201河清县档案馆　截止时间：2022-12-31”，"
            "文档里是“201河清县档案馆　截止时间：2023-12-31”",
        ),
    ),
    "REN002": (
        Example(
            bad=as_it_is,
            damage=swap(text("我部门无其他需要说明的事项。"), text("{{ 段 }}")),
            says="“其他”的一段应为“我部门无其他需要说明的事项。”，文档里是“{{ 段 }}”",
        ),
        Example(
            bad=as_it_is,
            damage=swap("<w:sectPr", paragraph("") + "<w:sectPr", at=2),
            says="文档里多出一个空段落",
        ),
        Example(
            bad=as_it_is,
            damage=swap("</w:hdr>", "<!-- {%p if 草稿 %} --></w:hdr>", part="word/header1.xml"),
            says="文档的部件 word/header1.xml 里留有没有填写的标记“{%p if 草稿 %} -->”",
        ),
        Example(
            bad=as_it_is,
            damage=swap("footer1.xml", "footer9.xml", part="word/_rels/document.xml.rels"),
            says="文档的部件 word/_rels/document.xml.rels 引用了“footer9.xml”，文件里没有它",
        ),
    ),
    "REN003": (
        Example(
            bad=as_it_is,
            damage=lambda data: data[:1000],
            says="写好的文档打不开：压缩包已损坏",
        ),
        Example(
            bad=as_it_is,
            damage=swap("<w:tblHeader/>", ""),
            says="第 1 张表只有 3 行表头会在换页后重复，应有 4 行",
        ),
        Example(
            bad=as_it_is,
            damage=swap("</w:styles>", "", part="word/styles.xml"),
            says="文档的部件 word/styles.xml 的 XML 有误",
        ),
    ),
    "REN005": Example(
        bad=as_it_is,
        damage=swap("sha256:", "sha256:0", part="docProps/core.xml"),
        says="文档属性里的数据摘要不是这份数据的",
    ),
}
