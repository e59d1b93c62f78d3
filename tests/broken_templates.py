"""Deliberately broken templates: an edit of a good one, and what the check must say of it.

Most are edits of the XML as Word would leave it; what LibreOffice makes of a file is in
``test_maintain_check.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from generator.render.container import Container, unpack

DOCUMENT, STYLES, SETTINGS = "word/document.xml", "word/styles.xml", "word/settings.xml"
RELATIONS, HEADER, FONTS = "word/_rels/document.xml.rels", "word/header1.xml", "word/fontTable.xml"
Parts = dict[str, bytes]


def parts_of(docx: bytes) -> Parts:
    return dict(unpack(docx, "x"))


def packed(parts: Mapping[str, bytes]) -> bytes:
    return Container(dict(parts)).pack({})


def sub(pattern: str, new: str, part: str = DOCUMENT, count: int = 1) -> Callable[[Parts], None]:
    """Exchange the first match of a regular expression in a part."""

    def edit(parts: Parts) -> None:
        text = parts[part].decode("utf-8")
        changed, number = re.subn(
            pattern, lambda m: m.expand(new), text, count=count, flags=re.DOTALL
        )
        assert number, pattern
        parts[part] = changed.encode("utf-8")

    return edit


def swap(old: str, new: str, part: str = DOCUMENT) -> Callable[[Parts], None]:
    """Exchange the first occurrence of a text in a part."""
    return sub(re.escape(old), new.replace("\\", "\\\\"), part)


def both(*edits: Callable[[Parts], None]) -> Callable[[Parts], None]:
    def edit(parts: Parts) -> None:
        for one in edits:
            one(parts)

    return edit


def add(part: str, data: bytes) -> Callable[[Parts], None]:
    def edit(parts: Parts) -> None:
        parts[part] = data

    return edit


def typed(old: str, new: str) -> Callable[[Parts], None]:
    """Exchange the text of a paragraph."""
    return swap(f">{old}<", f">{new}<")


def paragraph(text: str, style: str = "BodyText") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def without_paragraph(text: str) -> Callable[[Parts], None]:
    return sub(r"<w:p>(?:(?!<w:p>).)*?" + re.escape(text) + r".*?</w:p>", "")


def before(text: str, new: str) -> Callable[[Parts], None]:
    """Put XML before the paragraph that holds a text."""
    return sub(rf"(<w:p>(?:(?!<w:p>).)*?{re.escape(text)})", new.replace("\\", "\\\\") + r"\1")


def in_table(table: str, pattern: str, new: str) -> Callable[[Parts], None]:
    """Exchange the first match behind a table's caption."""
    return sub(rf'(tblCaption w:val="{table}".*?){pattern}', rf"\1{new}")


RUN = r"</w:t></w:r>"
OPEN = '<w:r><w:t xml:space="preserve">'
LINK = (
    '<Relationship Id="rX" Type="http://x/{}" Target="{}" TargetMode="External"/></Relationships>'
)


def link(kind: str, target: str) -> Callable[[Parts], None]:
    return swap("</Relationships>", LINK.format(kind, target), RELATIONS)


EDITS: dict[str, Callable[[Parts], None]] = {
    "unknown field": typed("{{ 部门.情况说明标题 }}", "{{ 部门.情况说明标提 }}"),
    "unknown group": typed("{{ 封面.名称 }}", "{{ 封皮.名称 }}"),
    "unknown column": typed("{{ 行.财政专户 }}", "{{ 行.财政专护 }}"),
    "unknown rows": typed(
        "{%tr for 行 in 部门.基本支出表.行 %}", "{%tr for 行 in 部门.基本支出.行 %}"
    ),
    "field out of its loop": before("{%p for 部门 in 各部门 %}", paragraph("{{ 部门.名称 }}")),
    "rows printed": typed("{{ 部门.情况说明标题 }}", "{{ 部门.引言 }}"),
    "text looped over": typed("{%p for 段 in 部门.引言 %}", "{%p for 段 in 部门.名称 %}"),
    "group asked": typed("{%p if not 封面.显示 %}", "{%p if not 封面 %}"),
    "not closed": without_paragraph("{%p endif %}"),
    "not opened": before("{%p for 部门 in 各部门 %}", paragraph("{%p endfor %}", "TemplateTag")),
    "else without if": before("{%p for 部门 in 各部门 %}", paragraph("{%p else %}", "TemplateTag")),
    "crossed": both(
        before("{{ 目录.标题 }}", paragraph("{%p if 草稿 %}", "TemplateTag")),
        before("{{ 目录.标题 }}", paragraph("{%p for 段 in 封面.草稿说明 %}", "TemplateTag")),
        before("{{ 目录.标题 }}", paragraph("{%p endif %}", "TemplateTag")),
        before("{{ 目录.标题 }}", paragraph("{%p endfor %}", "TemplateTag")),
    ),
    "tr in the text": typed("{%p for 段 in 部门.引言 %}", "{%tr for 段 in 部门.引言 %}"),
    "p and tr mixed": typed(
        "{%tr for 行 in 部门.三公经费表.行 %}", "{%p for 行 in 部门.三公经费表.行 %}"
    ),
    "words beside p": typed("{%p for 段 in 部门.引言 %}", "引言 {%p for 段 in 部门.引言 %}"),
    "words beside tr": in_table(
        "固定资产占用情况表", r"(\{%tr endfor.*?)</w:p>", r"\2" + OPEN + "字" + RUN + "</w:p>"
    ),
    "split by a bookmark": swap(
        "{{ 封面.名称 }}",
        "{{ 封面" + RUN + '<w:bookmarkStart w:id="9" w:name="b"/>' + OPEN + ".名称 }}",
    ),
    "split by a link": swap(
        "{{ 封面.名称 }}",
        "{{ 封面"
        + RUN
        + '<w:hyperlink w:anchor="b">'
        + OPEN
        + ".名称 }}"
        + RUN
        + "</w:hyperlink>"
        + OPEN,
    ),
    "split by a field": swap(
        "{{ 封面.名称 }}",
        "{{ 封面"
        + RUN
        + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        + OPEN
        + ".名称 }}",
    ),
    "split by a paragraph": swap(
        "{{ 封面.名称 }}", "{{ 封面" + RUN + "</w:p><w:p>" + OPEN + ".名称 }}"
    ),
    "one brace": typed("{{ 封面.名称 }}", "{{ 封面.名称 }"),
    "wide braces": typed("{{ 封面.名称 }}", "｛｛封面.名称｝｝"),
    "a filter": typed("{{ 封面.名称 }}", "{{ 封面.名称|upper }}"),
    "a column loop": typed("{%p for 段 in 部门.引言 %}", "{%tc for 段 in 部门.引言 %}"),
    "header word": typed("对附属单位补助支出", "对下级单位补助支出"),
    "header row lost": in_table(
        "一般公共预算支出表", r"<w:tr>(?:(?!</w:tr>).)*>栏次<.*?</w:tr>", ""
    ),
    "column lost": both(
        in_table("机构设置情况", r"<w:gridCol [^>]*/>", ""),
    ),
    "wrong column": both(
        typed("{{ 行.人员 }}", "{{ 行.临时 }}"),
        typed("{{ 行.公用 }}", "{{ 行.人员 }}"),
        typed("{{ 行.临时 }}", "{{ 行.公用 }}"),
    ),
    "not merged": in_table("政府基金支出表", '<w:vMerge w:val="continue"/>', ""),
    "merged": in_table(
        "国有资本支出表",
        r"(>序号<.*?<w:tcW [^>]*/>)<w:gridSpan w:val=\"2\"/>",
        r'\2<w:gridSpan w:val="3"/>',
    ),
    "column width": in_table("政府采购预算", r'(采购物品名称.*?<w:tcW w:w=)"\d+"', r'\2"777"'),
    "no title": without_paragraph("{{ 部门.支出总表.标题 }}"),
    "title no heading": sub(
        r'<w:pStyle w:val="TableTitle"/>((?:(?!</w:p>).)*?部门.收入总表.标题)',
        r'<w:pStyle w:val="BodyText"/>\1',
    ),
    "words beside a title": typed("{{ 部门.收入总表.标题 }}", "附：{{ 部门.收入总表.标题 }}"),
    "page number in the text": sub(
        r"</w:t></w:r><w:r>(?:(?!</w:r>).)*?<w:tab/></w:r><w:r>(?:(?!</w:r>).)*?(\{\{ 行.页码 \}\})",
        r" \1",
    ),
    "no page number": typed("{{ 行.页码 }}", ""),
    "header not repeated": in_table("收入总表", "<w:tblHeader/>", ""),
    "pitch": sub(
        r'(w:styleId="BodyText">(?:(?!</w:style>).)*?w:line="560" w:lineRule=)"exact"',
        r'\1"auto"',
        STYLES,
    ),
    "pitch of a paragraph": sub(
        r'(<w:pStyle w:val="BodyText"/>)', r'\1<w:spacing w:line="360" w:lineRule="auto"/>'
    ),
    "rows break": in_table(
        "支出总表", r"(for 行 in .*?</w:tr><w:tr>(?:(?!</w:tr>).)*?)<w:cantSplit/>", r"\2"
    ),
    "theme font": sub(r"<w:rFonts ", r'<w:rFonts w:eastAsiaTheme="minorEastAsia" ', STYLES),
    "theme font in a paragraph": swap(
        '<w:rFonts w:hint="eastAsia"/>', '<w:rFonts w:asciiTheme="minorHAnsi"/>'
    ),
    "embedded font": sub("(<w:font [^>]*>)", r'\1<w:embedRegular r:id="f"/>', FONTS),
    "font file": add("word/fonts/font1.odttf", b"x"),
    "macro": add("word/vbaProject.bin", b"x"),
    "tracked words": swap(
        "{{ 封面.名称 }}",
        "{{ 封面.名称 }}"
        + RUN
        + '<w:ins w:id="1" w:author="a"><w:r><w:t>新</w:t></w:r></w:ins>'
        + OPEN,
    ),
    "tracked row": in_table(
        "收支总表", "<w:cantSplit/>", '<w:cantSplit/><w:ins w:id="2" w:author="a"/>'
    ),
    "comment": swap(
        "{{ 封面.名称 }}",
        "{{ 封面.名称 }}" + RUN + '<w:r><w:commentReference w:id="0"/></w:r>' + OPEN,
    ),
    "link": link("hyperlink", "https://example.org/a"),
    "linked picture": link("image", "https://example.org/a.png"),
    "large picture": add("word/media/image1.png", b"\x89PNG\r\n\x1a\n" + b"x" * 1_200_000),
    "language lost": sub("<w:lang [^>]*/>", "", STYLES, 0),
    "footer lost": sub("<w:footerReference [^>]*/>", "", DOCUMENT, 0),
    "footer lost by WPS": both(
        sub("<w:footerReference [^>]*/>", "", DOCUMENT, 0),
        add("docProps/app.xml", b"<Properties><Application>WPS Office</Application></Properties>"),
    ),
    "watermark lost": sub("if 草稿", "if 封面.显示", HEADER),
    "broken xml": swap("</w:body>", ""),
    "a table lost": sub(r"<w:tbl>(?:(?!</w:tbl>).)*?\"国有资本支出表\".*?</w:tbl>", ""),
    "a paragraph lost": sub(r"(in 部门.引言 %}.*?)>{{ 段 }}<", r"\1>段<"),
    "end of a loop lost": sub(
        r"(in 部门\.引言 %}.*?)<w:p>(?:(?!<w:p>).)*?{%p endfor %}.*?</w:p>", r"\1"
    ),
    "end of the rows lost": in_table(
        "三公经费表", r"<w:tr>(?:(?!</w:tr>).)*\{%tr endfor %\}.*?</w:tr>", ""
    ),
    "parts no headings": sub(
        r'(w:styleId="Heading1">(?:(?!</w:style>).)*?)<w:outlineLvl w:val="0"/>', r"\1", STYLES
    ),
    "blank in a name": typed("{{ 封面.名称 }}", "{{ 封面.名 称 }}"),
    "draft note lost": sub("封面.草稿说明", "封面.落款", count=0),
}

SAID: dict[str, tuple[str, ...]] = {
    "unknown field": (
        "第 # 段“{{ 部门.情况说明标提 }}”：没有“部门.情况说明标提”这个占位符。是不是“部门.情况说明标题”？",
        "正文：目录里有的标题 {{ 部门.情况说明标题 }} 在正文里没有。请在它的位置另起一段补上，样式的大纲级别为 1 级。",
    ),
    "unknown group": ("第 # 段“{{ 封皮.名称 }}”：没有“封皮.名称”这个占位符。是不是“封面.名称”？",),
    "unknown column": (
        "表“收入总表”第 6 行第 7 列：没有“行.财政专护”这个占位符。是不是“行.财政专户”？",
    ),
    "unknown rows": (
        "表“基本支出表”第 5 行第 1 列：没有“部门.基本支出.行”这个占位符。是不是“部门.基本支出表.行”？",
        "正文：没有表“基本支出表”。请加上这张表，各行写在 {%tr for 行 in 部门.基本支出表.行 %} 和 {%tr endfor %} 之间。",
    ),
    "field out of its loop": (
        "第 # 段“{{ 部门.名称 }}”：没有“部门.名称”这个占位符。“部门”只在循环里面能用，如 {%p for 部门 in 各部门 %}；请移到循环里面。",
    ),
    "rows printed": (
        "第 # 段“{{ 部门.引言 }}”：“部门.引言”是成行，不能直接印出来。请看 template fields 列出的写法。",
        "正文：目录里有的标题 {{ 部门.情况说明标题 }} 在正文里没有。请在它的位置另起一段补上，样式的大纲级别为 1 级。",
    ),
    "text looped over": (
        "第 # 段“{%p for 段 in 部门.名称 %}”：“部门.名称”是文字，不能用 for。for 只用于成行的内容；请看 template fields 列出的写法。",
    ),
    "group asked": (
        "第 # 段“{%p if not 封面 %}”：“封面”是一组，不能用 if。请写到其中的一项，如 封面.显示。",
    ),
    "not closed": (
        "第 # 段“{%p if 封面.显示 %}”：“{%p if 封面.显示 %}”没有结束。请在同一处另起一段写 {%p endif %}。",
    ),
    "not opened": (
        "第 #5 段“{%p endfor %}”（“{{ 行.文字 }} {{ 行.页码 }}”后面第 4 段）：“{%p endfor %}”前面没有它的 for。请补上 for 的一行，或把它删去。",
    ),
    "else without if": (
        "第 #2 段“{%p else %}”（“{{ 行.文字 }} {{ 行.页码 }}”后面第 4 段）：“{%p else %}”前面没有它的 if。请把它移到 {% if %} 和 {% endif %} 之间，或删去。",
    ),
    "crossed": (
        "第 #2 段“{%p endif %}”（“{%p if 草稿 %}”后面第 2 段）：“{%p endif %}”和第 #2 段“{%p for 段 in 封面.草稿说明 %}”（“{%p if 草稿 %}”后面第 1 段）的“{%p for 段 in 封面.草稿说明 %}”交叉了。里面的要先结束；请调换结束标记的次序。",
    ),
    "tr in the text": (
        "第 # 段“{%tr for 段 in 部门.引言 %}”：“{%tr for 段 in 部门.引言 %}”不在表格的行里。{%tr %} 要单独占表格的一行；在表格外面请用 {%p %}。",
        "第 #16 段“{%p endfor %}”（“{%tr for 段 in 部门.引言 %}”后面第 2 段）：“{%tr for 段 in 部门.引言 %}”和“{%p endfor %}”的写法不同。请都写成 {%tr … %}。",
    ),
    "p and tr mixed": (
        "表“三公经费表”第 7 行第 1 列：“{%p for 行 in 部门.三公经费表.行 %}”和“{%tr endfor %}”的写法不同。请都写成 {%p … %}。",
        "正文：没有表“三公经费表”。请加上这张表，各行写在 {%tr for 行 in 部门.三公经费表.行 %} 和 {%tr endfor %} 之间。",
    ),
    "words beside p": (
        "第 # 段“引言 {%p for 段 in 部门.引言 %}”：“{%p for 段 in 部门.引言 %}”所在的段落还有别的内容，填写时会一起删去。请让这个标记单独占一段。",
    ),
    "words beside tr": (
        "表“固定资产占用情况表”第 5 行第 1 列：“{%tr endfor %}”所在的行还有别的内容，填写时会一起删去。请让这个标记单独占一行，其他格空着。",
    ),
    "split by a bookmark": (
        "第 # 段“{{ 封面.名称 }}”：标记“{{ 封面.名称 }}”中间夹着书签。请把整个标记删去，一次重新打好。",
    ),
    "split by a link": (
        "第 # 段“{{ 封面.名称 }}”：标记“{{ 封面.名称 }}”中间夹着超链接。请把整个标记删去，一次重新打好。",
    ),
    "split by a field": (
        "第 # 段“{{ 封面.名称 }}”：标记“{{ 封面.名称 }}”中间夹着域。请把整个标记删去，一次重新打好。",
    ),
    "split by a paragraph": (
        "第 # 段“{{ 封面”：“{{ 封面”不是完整的标记。标记要写在一段里，用半角花括号成对地写，如 {{ 部门.名称 }}；请重新打好。",
        "第 # 段“.名称 }}”：“.名称 }}”不是完整的标记。标记要写在一段里，用半角花括号成对地写，如 {{ 部门.名称 }}；请重新打好。",
    ),
    "one brace": (
        "第 # 段“{{ 封面.名称 }”：“{{ 封面.名称 }”不是完整的标记。标记要写在一段里，用半角花括号成对地写，如 {{ 部门.名称 }}；请重新打好。",
    ),
    "wide braces": (
        "第 # 段“｛｛封面.名称｝｝”：“｛｛封面.名称｝｝”不是完整的标记。标记要写在一段里，用半角花括号成对地写，如 {{ 部门.名称 }}；请重新打好。",
    ),
    "a filter": (
        "第 # 段“{{ 封面.名称|upper }}”：不能写“{{ 封面.名称|upper }}”。只能用 {{ 名称.字段 }}、{% for … in … %}、{% if … %} 和 ==、!=、in、not、and、or。",
    ),
    "a column loop": (
        "第 # 段“{%tc for 段 in 部门.引言 %}”：标记“{%tc for 段 in 部门.引言 %}”的“tc”不能用。整行用 {%tr %}，整段用 {%p %}，其他用 {% %}；请改写。",
        "第 #16 段“{%p endfor %}”（“{%tc for 段 in 部门.引言 %}”后面第 2 段）：“{%tc for 段 in 部门.引言 %}”和“{%p endfor %}”的写法不同。请都写成 {%tc … %}。",
    ),
    "header word": (
        "表“支出总表”第 2 行第 9 列：表头是“对下级单位补助支出”，格式包里是“对附属单位补助支出”。请在 Word 里改，或改 tables 文件夹里这张表的表头。",
    ),
    "header row lost": (
        "表“一般公共预算支出表”：缺少表头的一行“栏次 1 2 3 4 5”。请在 Word 里补上，或改 tables 文件夹里这张表的表头。",
    ),
    "column lost": (
        "表“机构设置情况”：有 3 列，格式包里是 4 列（单位名称、单位性质、单位规格、经费保障形式）。请在 Word 里增减列，或改 tables 文件夹里这张表的列。",
        "表“机构设置情况”第 1、3 行：各格合起来不是表的 3 列。请补齐、拆分或合并单元格。",
    ),
    "wrong column": (
        "表“基本支出表”第 6 行第 5 列：填的是“公用”，格式包里这一列是“人员”。请把占位符移到它的列；要换列的次序，tables 文件夹里也要换。",
        "表“基本支出表”第 6 行第 6 列：填的是“人员”，格式包里这一列是“公用”。请把占位符移到它的列；要换列的次序，tables 文件夹里也要换。",
    ),
    "not merged": (
        "表“政府基金支出表”第 3 行第 1 列：格式包里这一格与上面的合并，这里没有合并。请在 Word 里合并或拆分，或改 tables 文件夹里这张表的表头。",
    ),
    "merged": (
        "表“国有资本支出表”第 2 行：表头占 7 列，格式包里是 6 列。请补齐或合并这一行的单元格。",
        "表“国有资本支出表”第 2 行：各格合起来不是表的 6 列。请补齐、拆分或合并单元格。",
    ),
    "column width": (
        "表“政府采购预算”第 4 列：单元格宽度和列宽不一致，各种软件会排得不同。请重新拖动这一列的边线。",
    ),
    "no title": (
        "正文：目录里有的标题 {{ 部门.支出总表.标题 }} 在正文里没有。请在它的位置另起一段补上，样式的大纲级别为 2 级。",
        "表“支出总表”：重复表头里有上下合并的单元格，又不从新的一页开始，LibreOffice 会丢掉行。请拆开合并，去掉中间的框线。",
    ),
    "title no heading": (
        "第 # 段“{{ 部门.收入总表.标题 }}”：这个标题在目录里有一行，它的样式却不是 2 级标题。请给它用“大纲级别”为 2 级的样式（如“标题 2”）。",
        "表“收入总表”：重复表头里有上下合并的单元格，又不从新的一页开始，LibreOffice 会丢掉行。请拆开合并，去掉中间的框线。",
    ),
    "words beside a title": (
        "第 # 段“附：{{ 部门.收入总表.标题 }}”：标题前后另有文字，和目录里的不一样。标题的文字写在格式包里；请只留下占位符。",
    ),
    "page number in the text": (
        "第 # 段“{{ 行.文字 }} {{ 行.页码 }}”：页码的占位符和别的文字连在一起，目录这一行得不到书签和页码。请在它前面打一个制表符（Tab），再重新打一次 {{ 行.页码 }}。",
    ),
    "no page number": (
        "正文：目录的行里没有页码的占位符，得不到书签和页码。请在目录的行里写 {{ 行.文字 }}、制表符和 {{ 行.页码 }}。",
    ),
    "header not repeated": (
        "表“收入总表”第 1 行：换页以后不会重复。请选中表头各行，在“表格属性—行”里选“在各页顶端以标题行形式重复出现”。",
    ),
    "pitch": (
        "样式“Body Text”：段落行距不是固定值，页码会随字体变。请在“段落”里把行距改为“固定值”。",
        "样式“正文小标”：段落行距不是固定值，页码会随字体变。请在“段落”里把行距改为“固定值”。",
    ),
    "pitch of a paragraph": (
        "第 #14 段“{{ 段 }}”（“{%p for 段 in 部门.引言 %}”后面第 1 段）：段落行距不是固定值，页码会随字体变。请在“段落”里把行距改为“固定值”。",
    ),
    "rows break": ("表“支出总表”：行可以跨页断开。请在“表格属性—行”里去掉“允许跨页断行”。",),
    "theme font": (
        "样式“默认”：字体取自主题，换一台机器会变。请在“修改样式—格式—字体”里选定中文和西文字体的名称。",
    ),
    "theme font in a paragraph": (
        "第 # 段“{%p if 封面.显示 %}”：字体取自主题，换一台机器会变。请选中这一段，在“字体”里选定中文和西文字体的名称。",
    ),
    "embedded font": ("文件：嵌入了字体。请在“选项—保存”里去掉“将字体嵌入文件”，再保存。",),
    "font file": (
        "文件：部件 word/fonts/font1.odttf 是宏、嵌入的对象或字体，不能使用。请在 Word 里去掉它，另存为“Word 文档（.docx）”。",
    ),
    "macro": (
        "文件：部件 word/vbaProject.bin 是宏、嵌入的对象或字体，不能使用。请在 Word 里去掉它，另存为“Word 文档（.docx）”。",
    ),
    "tracked words": (
        "第 # 段“{{ 封面.名称 }}新”：有没有接受的修订。请在“审阅”里接受所有修订，关掉修订，再保存。",
    ),
    "tracked row": (
        "表“收支总表”：有增删的行还没有接受。请在“审阅”里接受所有修订，关掉修订，再保存。",
    ),
    "comment": (
        "第 # 段“{{ 封面.名称 }}”：有批注。请在“审阅—删除”里选“删除文档中的所有批注”，再保存。",
    ),
    "link": ("正文：链接到文件外面的“https://example.org/a”。请在链接上点右键，选“取消超链接”。",),
    "linked picture": (
        "正文：部件 word/_rels/document.xml.rels 引用了外部的内容“https://example.org/a.png”，不能使用。请在 Word 里去掉它，另存为“Word 文档（.docx）”。",
    ),
    "large picture": (
        "文件：图片 image1.png 有 1.2 MB，每份文档都会带上它。请选中图片，用“图片格式—压缩图片”压缩到 0.5 MB 以下，或删去。",
    ),
    "language lost": (
        "样式：没有文档的语言，可能是保存时丢的。请在“审阅—语言”里设为“中文（中国）”，并设为默认值。",
    ),
    "footer lost": ("页脚：没有页脚，页上没有页码，可能是保存时丢的。请在“插入—页脚”里补上页码。",),
    "footer lost by WPS": (
        "页脚：没有页脚，页上没有页码，可能是 WPS 保存时丢的。请在“插入—页脚”里补上页码。",
    ),
    "watermark lost": (
        "页眉：没有草稿的水印（{%p if 草稿 %} … {%p endif %}），可能是保存时丢的。请从原来的格式包的模板里把页眉抄过来。",
        "页眉：有浮动的图形或文本框，会盖住填进去的数。请删去，或改为“嵌入型”；草稿的水印放在 {%p if 草稿 %} 和 {%p endif %} 之间。",
    ),
    "broken xml": (
        "正文：部件 word/document.xml 第 2 行的 XML 有误，不能使用。文件坏了，请换回原来的模板。",
    ),
    "a table lost": (
        "正文：没有表“国有资本支出表”。请加上这张表，各行写在 {%tr for 行 in 部门.国有资本支出表.行 %} 和 {%tr endfor %} 之间。",
    ),
    "a paragraph lost": (
        "试填的样例1：文档里缺少引言“按照《预算法》、《地方预决算公开操作规程》和《关于进一步推进预算公开工作的实施意…”（REN001）。请比较模板里这一处的占位符和循环，或用 template preview 看试填的文档。",
    ),
    "end of a loop lost": (
        "第 # 段“{%p for 段 in 部门.引言 %}”：“{%p for 段 in 部门.引言 %}”没有结束。请在同一处另起一段写 {%p endfor %}。",
    ),
    "end of the rows lost": (
        "表“三公经费表”第 5 行第 1 列：“{%tr for 行 in 部门.三公经费表.行 %}”没有结束。请在同一张表里另起一行写 {%tr endfor %}。",
    ),
    "parts no headings": (
        "第 # 段“{{ 部门.情况说明标题 }}”：这个标题在目录里有一行，它的样式却不是 1 级标题。请给它用“大纲级别”为 1 级的样式（如“标题 1”）。",
        "第 #3 段“{{ 段 }}”（“{%p for 段 in 部门.部分标题 %}”后面第 1 段）：这个标题在目录里有一行，它的样式却不是 1 级标题。请给它用“大纲级别”为 1 级的样式（如“标题 1”）。",
    ),
    "blank in a name": (
        "第 # 段“{{ 封面.名 称 }}”：“{{ 封面.名 称 }}”里多了空格。是不是“封面.名称”？",
    ),
    "draft note lost": (
        "正文：没有草稿说明（封面.草稿说明），可能是保存时丢的。请从原来的格式包的模板里把它抄过来。",
        "试填的样例3：文档里多出一段“编制：样例编制人”（REN001）。请比较模板里这一处的占位符和循环，或用 template preview 看试填的文档。",
    ),
}
"""What the check says, all of it; ``#`` is the number of the first paragraph with these words,
``#2`` of the second."""
