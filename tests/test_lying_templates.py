"""Templates that would print other figures than the data, or hide them: refused before anything is
made, and told by ``template check``; honest words of a template's own stay."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import broken_templates as broken
import pytest
import test_structure

from generator import pack as packs
from generator.maintain import check
from generator.problem import UserError
from generator.render import DocumentTemplate, genuine, template
from generator.render.container import texts_of, unpack
from generator.render.paginate import Paginator
from generator.render.paginate.geometry import LEAST_ROOM, Geometry, W

PACK_ID = "hebei/2025"
STYLES, FOOTER = broken.STYLES, "word/footer1.xml"
VALUE = "{{ 行.合计 }}"
RUN = (
    '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>'
    f'<w:t xml:space="preserve">{VALUE}</w:t></w:r>'
)
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
CHOICE = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
Edit = Callable[[broken.Parts], None]
PLACE = "模板“disclosure.docx”里表“支出总表”里的“{{ 行.合计 }}”："
END = "，不能使用。"


def cell(old: str, new: str) -> Edit:
    """Exchange a text in the rows of data of 支出总表."""

    def edit(parts: broken.Parts) -> None:
        text = parts[broken.DOCUMENT].decode("utf-8")
        start = text.index("in 部门.支出总表.行")
        end = text.index("{%tr endfor %}", start)
        assert old in text[start:end], old
        rows = text[start:end].replace(old, new)
        parts[broken.DOCUMENT] = (text[:start] + rows + text[end:]).encode("utf-8")

    return edit


def look(properties: str) -> Edit:
    """Give the run of the figure another look."""
    return cell(RUN, RUN.replace("</w:rPr>", f"{properties}</w:rPr>"))


def beside(xml: str) -> Edit:
    return cell(RUN, RUN + xml)


def within(before: str, after: str) -> Edit:
    return cell(RUN, before + RUN + after)


def style(name: str, properties: str) -> Edit:
    return broken.sub(
        rf'(w:styleId="{name}">(?:(?!</w:style>).)*?)</w:style>',
        rf"\1<w:rPr>{properties}</w:rPr></w:style>",
        STYLES,
    )


def running(before: str, after: str) -> Edit:
    return broken.sub(
        r"(in 部门\.文字\.综合预算 %}.*?)>{{ 段 }}<", rf"\1>{before}{{{{ 段 }}}}{after}<"
    )


def numbered(parts: broken.Parts) -> None:
    cell(
        f'<w:pStyle w:val="TableNumber"/></w:pPr>{RUN}',
        '<w:pStyle w:val="TableNumber"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
        f"</w:pPr>{RUN}",
    )(parts)


ANCHOR = (
    '<w:r><w:drawing><wp:anchor xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
    'wordprocessingDrawing" behindDoc="0"/></w:drawing></w:r>'
)
INLINE = ANCHOR.replace("wp:anchor", "wp:inline")
SHAPE = (
    '<w:r><w:pict><v:rect xmlns:v="urn:schemas-microsoft-com:vml" fillcolor="white" '
    'style="position:absolute;margin-left:0;width:300pt;height:90pt;z-index:9"/></w:pict></w:r>'
)
TITLE = "{{ 部门.情况说明标题 }}"
OVER = "有浮动的图形或文本框，会盖住填进去的数"
FRAME = '<w:framePr w:w="9000" w:h="9000" w:x="1" w:y="1"/>'


def block(runs: str, properties: str = "", style: str = "BodyText") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def in_part(end: str, xml: str, part: str) -> Edit:
    """Put XML at the end of a header or footer."""
    return broken.swap(end, xml + end, part)


def watermark(condition: str) -> Edit:
    return broken.sub(r"\{%p if 草稿 %\}", f"{{%p {condition} %}}", broken.HEADER)


ROW = '<w:trHeight w:val="312" w:hRule="atLeast"/>'
WORDS = "这一格除了一个占位符还有别的字"
LIES: dict[str, tuple[Edit, str]] = {
    "zero after": (cell(VALUE, f"{VALUE}0"), WORDS),
    "one before": (cell(VALUE, f"1{VALUE}"), WORDS),
    "minus": (cell(VALUE, f"-{VALUE}"), WORDS),
    "unit": (cell(VALUE, f"{VALUE}亿元"), WORDS),
    "two values": (cell(VALUE, VALUE + "{{ 行.序号 }}"), WORDS),
    "condition": (cell(VALUE, f"{{% if 行.编码 %}}{VALUE}{{% endif %}}"), WORDS),
    "right to left mark": (
        cell(VALUE, f"\u202e{VALUE}"),
        "占位符旁边有看不见或改变方向的字符（U+202E）",
    ),
    "combining": (cell(VALUE, f"{VALUE}\u0336"), "（U+0336）"),
    "symbol": (beside('<w:r><w:sym w:font="Arial" w:char="0030"/></w:r>'), "正文：有插入的符号"),
    "formula": (beside(f"<m:oMath {MATH}><m:r><m:t>0</m:t></m:r></m:oMath>"), "正文：有公式"),
    "ruby": (
        within(
            "<w:r><w:ruby><w:rt><w:r><w:t>9</w:t></w:r></w:rt><w:rubyBase>",
            "</w:rubyBase></w:ruby></w:r>",
        ),
        "正文：有拼音指南",
    ),
    "page number": (beside("<w:r><w:pgNum/></w:r>"), "正文：有页号"),
    "empty field": (beside('<w:fldSimple w:instr="PAGE"/>'), "占位符旁边有域“PAGE”"),
    "page of a heading": (
        beside('<w:fldSimple w:instr="PAGEREF x"/>'),
        "占位符旁边有域“PAGEREF”",
    ),
    "hyphen": (cell(VALUE, f"{VALUE}</w:t><w:noBreakHyphen/><w:t>"), "占位符旁边有连字符"),
    "note": (beside('<w:r><w:footnoteReference w:id="1"/></w:r>'), "占位符旁边有脚注"),
    "drawing": (beside("<w:r><w:drawing/></w:r>"), "占位符旁边有图形"),
    "alternative": (
        within(
            f'<mc:AlternateContent {CHOICE}><mc:Choice Requires="zz">',
            "</mc:Choice><mc:Fallback/></mc:AlternateContent>",
        ),
        "占位符在替代内容里",
    ),
    "direction": (within('<w:bdo w:val="rtl">', "</w:bdo>"), "正文：有改变方向的文字"),
    "deleted": (within('<w:del w:id="9" w:author="a">', "</w:del>"), "占位符在没有接受的修订里"),
    "moved": (within('<w:moveFrom w:id="9">', "</w:moveFrom>"), "占位符在没有接受的修订里"),
    "bound": (
        within(
            "<w:sdt><w:sdtPr><w:dataBinding/></w:sdtPr><w:sdtContent>", "</w:sdtContent></w:sdt>"
        ),
        "占位符在绑定了别处内容的控件里",
    ),
    "vanish": (look("<w:vanish/>"), "占位符的格式是隐藏"),
    "web": (look("<w:webHidden/>"), "占位符的格式是网页隐藏"),
    "special": (look("<w:specVanish/>"), "占位符的格式是隐藏"),
    "struck": (look("<w:strike/>"), "占位符的格式是删除线"),
    "struck twice": (look("<w:dstrike/>"), "占位符的格式是双删除线"),
    "white": (look('<w:color w:val="FFFFFF"/>'), "占位符的颜色和底色差不多"),
    "nearly white": (look('<w:color w:val="E8E8E8"/>'), "占位符的颜色和底色差不多"),
    "as its shading": (
        look('<w:color w:val="000000"/><w:shd w:val="clear" w:fill="101010"/>'),
        "占位符的颜色和底色差不多",
    ),
    "solid": (
        look('<w:color w:val="000000"/><w:shd w:val="solid" w:color="000000" w:fill="FFFFFF"/>'),
        "占位符的颜色和底色差不多",
    ),
    "marked": (
        look('<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>'),
        "占位符的颜色和底色差不多",
    ),
    "theme": (
        look('<w:color w:val="000000" w:themeColor="background1"/>'),
        "占位符的颜色取自主题的“background1”",
    ),
    "size": (look('<w:sz w:val="1"/>'), "占位符的字号不到 5 磅"),
    "scale": (look('<w:w w:val="1"/>'), "占位符的字符缩放不在 50% 到 200% 之间"),
    "position": (look('<w:position w:val="-400"/>'), "占位符的字符位置提升或降低了 3 磅以上"),
    "spacing": (look('<w:spacing w:val="-200"/>'), "占位符的字符间距太小"),
    "superscript": (look('<w:vertAlign w:val="superscript"/>'), "占位符的格式是上标或下标"),
    "dingbats": (look('<w:rFonts w:ascii="Wingdings"/>'), "占位符的字体“Wingdings”"),
    "style vanish": (style("TableNumber", "<w:vanish/>"), "占位符的格式是隐藏"),
    "style white": (style("TableNumber", '<w:color w:val="FFFFFF"/>'), "占位符的颜色和底色"),
    "row hidden": (cell("<w:cantSplit/>", "<w:cantSplit/><w:hidden/>"), "占位符所在的行隐藏了"),
    "row low": (cell(ROW, ROW.replace("312", "1").replace("atLeast", "exact")), "固定行高不够一行"),
    "row deleted": (cell("<w:cantSplit/>", '<w:cantSplit/><w:del w:id="9"/>'), "没有接受的修订"),
    "column": (cell('<w:tcW w:w="1351" ', '<w:tcW w:w="1" '), "占位符所在的列宽不到 0.4 厘米"),
    "covered": (cell("<w:vAlign ", "<w:vMerge/><w:vAlign "), "占位符在被合并掉的单元格里"),
    "indent": (
        cell(
            '<w:pStyle w:val="TableNumber"/>',
            '<w:pStyle w:val="TableNumber"/><w:ind w:left="20000"/>',
        ),
        "占位符的缩进超出了页面或单元格",
    ),
    "frame": (
        cell(
            '<w:pStyle w:val="TableNumber"/>', '<w:pStyle w:val="TableNumber"/><w:framePr w:x="9"/>'
        ),
        "正文：有图文框",
    ),
    "numbering": (numbered, "占位符前面有自动编号"),
    "words after": (running("", "以上各数均应乘以10。"), "整段的占位符前后还有别的字"),
    "word before": (running("不", ""), "整段的占位符前后还有别的字"),
    "year": (broken.swap("{{ 封面.年度 }}", "2{{ 封面.年度 }}"), "紧挨着占位符有“2”"),
    "year, apart": (broken.swap("{{ 封面.年度 }}", "2,{{ 封面.年度 }}"), "紧挨着占位符有“2”"),
    "year in Chinese": (
        broken.swap("{{ 封面.年度 }}年", "{{ 封面.年度 }}〇年"),
        "紧挨着占位符有“〇”",
    ),
    "drawing in the text": (broken.before(TITLE, block(ANCHOR)), f"正文：{OVER}"),
    "shape in the text": (broken.before(TITLE, block(SHAPE)), f"正文：{OVER}"),
    "shape under conditions": (
        broken.before(
            TITLE,
            broken.paragraph("{%p if 封面.显示 %}")
            + block(SHAPE)
            + broken.paragraph("{%p endif %}"),
        ),
        f"正文：{OVER}",
    ),
    "shape in a cell": (
        broken.in_table("支出总表", "(<w:tc>.*?</w:tcPr>)", r"\2" + block(SHAPE)),
        f"正文：{OVER}",
    ),
    "shape of no known block": (
        broken.before(
            TITLE, f"<mc:AlternateContent {CHOICE}>{block(ANCHOR)}</mc:AlternateContent>"
        ),
        f"正文：{OVER}",
    ),
    "shape in the header": (in_part("</w:hdr>", block(SHAPE), broken.HEADER), f"页眉：{OVER}"),
    "drawing in the footer": (in_part("</w:ftr>", block(ANCHOR), FOOTER), f"页脚：{OVER}"),
    "watermark on all": (watermark("if not 草稿"), f"页眉：{OVER}"),
    "watermark of the others": (
        broken.swap(
            "{%p if 草稿 %}</w:t></w:r></w:p>",
            "{%p if 草稿 %}</w:t></w:r></w:p>" + broken.paragraph("{%p else %}"),
            broken.HEADER,
        ),
        f"页眉：{OVER}",
    ),
    "loose frame": (broken.before(TITLE, block("", FRAME)), "正文：有图文框"),
    "floating table": (
        broken.before(
            TITLE,
            '<w:tbl><w:tblPr><w:tblpPr w:tblpX="1" w:tblpY="1"/></w:tblPr><w:tr><w:tc><w:tcPr/>'
            "<w:p/></w:tc></w:tr></w:tbl>",
        ),
        "正文：有文字环绕的表",
    ),
    "picture in a line": (broken.before(TITLE, block(INLINE)), "正文：图片所在的段落是固定行距"),
    "high letters": (
        broken.before(
            TITLE,
            block(
                '<w:r><w:rPr><w:sz w:val="400"/></w:rPr><w:t>█</w:t></w:r>',
                '<w:spacing w:line="20" w:lineRule="exact"/>',
            ),
        ),
        "正文：有一段的固定行距不到字号的一半",
    ),
    "letters of a whole page": (
        broken.before(TITLE, block('<w:r><w:rPr><w:sz w:val="3000"/></w:rPr><w:t>█</w:t></w:r>')),
        "正文：有一段的固定行距不到字号的一半",
    ),
    "raised letters": (
        broken.before(
            TITLE, block('<w:r><w:rPr><w:position w:val="90"/></w:rPr><w:t>█</w:t></w:r>')
        ),
        "正文：position val 是“90”，应在 -24 到 24 之间",
    ),
    "header over the text": (
        broken.sub(r'w:top="\d+"', 'w:top="-1440"', count=0),
        "pgMar top 是“-1440”",
    ),
    "background": (
        broken.swap("<w:body>", '<w:background w:color="000000"/><w:body>'),
        "正文：有页面背景",
    ),
    "footer": (
        broken.swap("</w:ftr>", broken.paragraph("支出总计 99.99 万元") + "</w:ftr>", FOOTER),
        "页脚：写了固定的金额或百分比“99.99 万元”",
    ),
    "no page": (
        broken.sub(r"<w:pgSz [^>]*/>", '<w:pgSz w:w="0" w:h="0"/>', count=0),
        "pgSz w 是“0”",
    ),
    "small page": (
        broken.sub(r"<w:pgSz [^>]*/>", '<w:pgSz w:w="1000" w:h="1000"/>', count=0),
        "pgSz w 是“1000”，应在 1701 到 31680 之间",
    ),
    "page of no number": (broken.sub(r'(<w:pgSz w:w=)"\d+"', r'\1"nan"'), "pgSz w 是“nan”"),
    "margin": (
        broken.sub(r'w:top="\d+"', 'w:top="20000"', count=0),
        "纸张和页边距留给正文的地方不到 3 厘米",
    ),
    "pitch": (
        broken.swap(
            '<w:pStyle w:val="BodyText"/>',
            '<w:pStyle w:val="BodyText"/><w:spacing w:line="0" w:lineRule="exact"/>',
        ),
        "spacing line 是“0”，应在 20 到 31680 之间",
    ),
    "span": (
        cell('<w:gridSpan w:val="9"/>', '<w:gridSpan w:val="999999999"/>'),
        "gridSpan val 是“999999999”，应在 1 到 63 之间",
    ),
    "span of no number": (
        cell('<w:gridSpan w:val="9"/>', '<w:gridSpan w:val="abc"/>'),
        "gridSpan val 是“abc”",
    ),
}

# --- what stands otherwise than the program reads it -----------------------------------------------


LOOP, END_LOOP = "{%tr for 行 in 部门.支出总表.行 %}", "{%tr endfor %}"
TWO = f"{VALUE}{{{{ 行.序号 }}}}"
OWN_TAG = "所在的段落或行里还有别的标记"
UNKNOWN = "的写法程序认不出"
TORN = "有标记没有写完，或者没有写在一个段落里"


def words(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table_of(*cells: str, properties: str = "") -> str:
    """A table of one column; ``cells``: what stands in each."""
    rows = "".join(
        f'<w:tr><w:tc><w:tcPr><w:tcW w:w="8000" w:type="dxa"/></w:tcPr>{cell}</w:tc></w:tr>'
        for cell in cells
    )
    return (
        f'<w:tbl><w:tblPr>{properties}<w:tblW w:w="8000" w:type="dxa"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="8000"/></w:tblGrid>{rows}</w:tbl>'
    )


def first_row(text: str) -> Edit:
    """Put a row with a text before the first row of data of 支出总表, within its loop."""
    return broken.sub(
        rf"({re.escape(LOOP)}(?:(?!</w:tr>).)*</w:tr>)",
        rf"\1<w:tr><w:tc><w:tcPr/>{block(words(text))}</w:tc></w:tr>",
    )


def with_style(kind: str, properties: str) -> Edit:
    """A style “Odd”."""
    return broken.swap(
        "</w:styles>",
        f'<w:style w:type="{kind}" w:styleId="Odd"><w:name w:val="Odd"/>{properties}</w:style>'
        "</w:styles>",
        STYLES,
    )


def with_numbers(level: str) -> Edit:
    return broken.add(
        "word/numbering.xml",
        f'<w:numbering xmlns:w="{W[1:-1]}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        f'<w:lvlText w:val="█"/>{level}</w:lvl></w:abstractNum></w:numbering>'.encode(),
    )


def titled(xml: str) -> Edit:
    return broken.before(TITLE, xml)


BIG = '<w:sz w:val="1600"/>'
TALL = "正文：有一段的固定行距不到字号的一半"
NUMBER = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
DRAFT, ENDIF = broken.paragraph("{%p if 草稿 %}"), broken.paragraph("{%p endif %}")
NESTING = (
    '<w:r><w:pict><v:rect xmlns:v="urn:schemas-microsoft-com:vml" style="position:absolute">'
    f"<v:textbox><w:txbxContent>{block(SHAPE)}</w:txbxContent></v:textbox></v:rect></w:pict></w:r>"
)
LIES |= {
    # rows of data that are not counted as such
    "loop with a blank": (
        broken.both(cell(VALUE, TWO), broken.swap("部门.支出总表.行 %}", "部门 .支出总表.行 %}")),
        UNKNOWN,
    ),
    "loop with a dash": (
        broken.both(cell(VALUE, TWO), broken.swap(LOOP, LOOP.replace(" %}", " -%}"))),
        UNKNOWN,
    ),
    "paragraph loop with a dash": (broken.swap("部门.引言 %}", "部门.引言 -%}"), UNKNOWN),
    "end in a comment": (
        broken.both(cell(VALUE, TWO), first_row("{#{%tr endfor#}")),
        "正文：写了 {#",
    ),
    "end in raw words": (
        broken.both(
            cell(VALUE, TWO),
            *(first_row(text) for text in ("{% endraw %}", END_LOOP, "{% raw %}")),
        ),
        UNKNOWN,
    ),
    "end in another script": (
        broken.both(cell(VALUE, TWO), first_row("&#123;%tr endfor %}")),
        "正文：写了 &#123;",
    ),
    "end before the loop": (
        broken.both(cell(VALUE, TWO), broken.swap(LOOP, f"{END_LOOP}{LOOP}")),
        OWN_TAG,
    ),
    "loop in no words": (
        broken.both(
            cell(VALUE, TWO),
            broken.sub(
                rf"(<w:p>(?:(?!<w:p>).)*?)<w:r>(?:(?!<w:r>).)*?{re.escape(LOOP)}</w:t></w:r>",
                rf"\1{LOOP}",
            ),
        ),
        TORN,
    ),
    "loop of paragraphs over rows": (
        broken.both(
            cell(VALUE, TWO),
            broken.swap(LOOP, LOOP.replace("tr", "p")),
            broken.sub(rf"(支出总表\.行 %}}.*?){re.escape(END_LOOP)}", r"\1{%p endfor %}"),
        ),
        WORDS,
    ),
    "loop over rows": (
        broken.both(
            cell(VALUE, TWO),
            broken.swap(LOOP, LOOP.replace("tr", "")),
            broken.sub(rf"(支出总表\.行 %}}.*?){re.escape(END_LOOP)}", r"\1{% endfor %}"),
        ),
        "没有在同一段里开始和结束",
    ),
    "row tag outside of a table": (
        titled(broken.paragraph(LOOP) + broken.paragraph(END_LOOP)),
        "不在表格的行里",
    ),
    "table in a cell": (
        titled(table_of(table_of(block(words(LOOP)), block(words(TWO)), block(words(END_LOOP))))),
        WORDS,
    ),
    "table in a cell of data": (
        titled(table_of(block(words(LOOP)), table_of(block(words(TWO))), block(words(END_LOOP)))),
        WORDS,
    ),
    "rows in what is no table": (
        broken.sub(
            rf"(<w:tr>(?:(?!<w:tr>).)*?{re.escape(LOOP)}.*?</w:tr>)(.*?</w:tr>)",
            rf'<mc:AlternateContent {CHOICE}><mc:Choice Requires="w">\1</mc:Choice>'
            r"</mc:AlternateContent>\2",
        ),
        "在不能识别的内容里",
    ),
    # tags that Jinja reads and nobody sees
    "tag in two paragraphs": (
        cell(VALUE, f"{{</w:t></w:r></w:p><w:p><w:r><w:t>{VALUE[1:]}"),
        TORN,
    ),
    "colour of the data": (
        look('<w:color w:val="{% if 草稿 %}000000{% else %}FFFFFF{% endif %}"/>'),
        "占位符或标记写在格式里",
    ),
    "value that goes with its tag": (titled(broken.paragraph("{{p 部门.名称 }}")), UNKNOWN),
    # shapes that are taken for those of a draft
    "shape beside a comment": (titled(block(SHAPE + words("{#{%p#}"))), f"正文：{OVER}"),
    "shape beside half a tag": (titled(block(SHAPE + words("{%px"))), f"正文：{OVER}"),
    "shape beside two tags": (
        titled(broken.paragraph("{%p if 草稿 %}{%p if 封面.显示 %}") + block(SHAPE) + ENDIF),
        OWN_TAG,
    ),
    "shape behind a plain end": (
        titled(
            DRAFT
            + broken.paragraph("{% endif %}")
            + block(SHAPE)
            + broken.paragraph("{% if 草稿 %}")
            + ENDIF
        ),
        "没有在同一段里开始和结束",
    ),
    "shape in a draft of another name": (
        titled(
            broken.paragraph("{%p for 草稿 in 各部门 %}")
            + DRAFT
            + block(SHAPE)
            + ENDIF
            + broken.paragraph("{%p endfor %}")
        ),
        UNKNOWN,
    ),
    "shape beside one within another": (
        titled(DRAFT + table_of(block(NESTING)) + ENDIF + block(SHAPE)),
        f"正文：{OVER}",
    ),
    # letters that are higher than their line
    "high letters by their style": (
        broken.both(
            with_style("character", f"<w:rPr>{BIG}</w:rPr>"),
            titled(block(words("█", '<w:rStyle w:val="Odd"/>'))),
        ),
        TALL,
    ),
    "high letters by the style of their table": (
        broken.both(
            with_style(
                "table", f'<w:tblStylePr w:type="firstRow"><w:rPr>{BIG}</w:rPr></w:tblStylePr>'
            ),
            titled(table_of(block(words("█")), properties='<w:tblStyle w:val="Odd"/>')),
        ),
        TALL,
    ),
    "high hyphen": (titled(block(f"<w:r><w:rPr>{BIG}</w:rPr><w:noBreakHyphen/></w:r>")), TALL),
    "high tab": (titled(block(f"<w:r><w:rPr>{BIG}</w:rPr><w:tab/></w:r>")), TALL),
    "high number": (
        broken.both(with_numbers(f"<w:rPr>{BIG}</w:rPr>"), titled(block(words("字"), NUMBER))),
        TALL,
    ),
    "high number by its mark": (
        titled(block(words("字"), f"{NUMBER}<w:rPr>{BIG}</w:rPr>")),
        TALL,
    ),
    "high figure": (look('<w:sz w:val="400"/>'), "占位符的固定行距不到字号的一半"),
    "hidden by the style of all tables": (
        broken.both(
            broken.sub(r"<w:tblStyle [^>]*/>", "", count=0),
            broken.sub(
                r'(w:type="table"[^>]*w:default="1"(?:(?!</w:style>).)*)</w:style>',
                r"\1<w:rPr><w:vanish/></w:rPr></w:style>",
                STYLES,
            ),
        ),
        "占位符的格式是隐藏",
    ),
    # what a style moves
    "frame that says it is none": (
        titled(block("", FRAME.replace(" ", ' w:val="0" ', 1))),
        "正文：有图文框",
    ),
    "frame of a style": (with_style("paragraph", f"<w:pPr>{FRAME}</w:pPr>"), "样式：有图文框"),
    "frame of the defaults": (
        broken.swap(
            "</w:docDefaults>",
            f"<w:pPrDefault><w:pPr>{FRAME}</w:pPr></w:pPrDefault></w:docDefaults>",
            STYLES,
        ),
        "样式：有图文框",
    ),
    "frame of a number": (with_numbers(f"<w:pPr>{FRAME}</w:pPr>"), "编号：有图文框"),
    "table moved by a style": (
        with_style("table", '<w:tblPr><w:tblpPr w:tblpX="1" w:tblpY="1"/></w:tblPr>'),
        "样式：有文字环绕的表",
    ),
    "columns turned by a style": (
        with_style("table", "<w:tblPr><w:bidiVisual/></w:tblPr>"),
        "样式：有左右颠倒的表",
    ),
}


@pytest.fixture(scope="module")
def good() -> bytes:
    return packs.load(PACK_ID).template.read_bytes()


def edited(docx: bytes, edit: Edit) -> bytes:
    parts = broken.parts_of(docx)
    edit(parts)
    return broken.packed(parts)


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_refused(name: str, good: bytes) -> None:
    edit, said = LIES[name]
    docx = edited(good, edit)
    texts = texts_of(unpack(docx, "x"), "x")
    started = time.perf_counter()
    found = [f"{f.place}：{f.message}" for f in genuine.flaws(texts)]
    with pytest.raises(UserError) as told:
        genuine.require(texts, "x")
    assert time.perf_counter() - started < 5
    assert any(said in sentence for sentence in found), found
    assert str(told.value).startswith(f"模板“x”里{found[0]}{END}")


EXACT = {
    "zero after": f"{PLACE.replace(VALUE, VALUE + '0')}{WORDS}{END}"
    "请把旁边的字删去，或写在格式包的文字里。",
    "vanish": f"{PLACE}占位符的格式是隐藏，读的人看不到或看错{END}"
    "请选中它，在“字体”里改过来；也可能是它的样式这样设的。",
    "year": "模板“disclosure.docx”里“2{{ 封面.年度 }}年{{ 封面.题 }}”：紧挨着占位符有“2”，"
    f"会和填进去的数连在一起{END}请删去它，或用文字隔开。",
    "margin": f"模板“disclosure.docx”里正文：纸张和页边距留给正文的地方不到 3 厘米{END}"
    "请在“页面设置”里改为通常的大小。",
}


@pytest.mark.parametrize("name", EXACT)
def test_the_build_says_so(name: str, good: bytes) -> None:
    with pytest.raises(UserError) as told:
        DocumentTemplate(edited(good, LIES[name][0]))
    assert str(told.value) == EXACT[name]


@pytest.mark.parametrize(
    "name",
    [
        *("zero after", "vanish", "small page", "span", "pitch", "deleted"),
        *("end in a comment", "loop with a dash", "frame of a style", "colour of the data"),
    ],
)
def test_the_check_tells_it(name: str, good: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.docx"
    file.write_bytes(edited(good, LIES[name][0]))
    found = [f"{f.place}：{f.message}" for f in check.template(packs.load(PACK_ID), file)]
    assert any(LIES[name][1] in said or "有没有接受的修订" in said for said in found), found


FIXED = {
    "amount": (
        broken.before(
            "{{ 部门.情况说明标题 }}", broken.paragraph("支出总计9999.99万元，比上年减少500万元。")
        ),
        "写了固定的金额或百分比“9999.99万元”，每份文档都会印出来，程序核对不到",
    ),
    "year": (
        broken.typed("预算年度：{{ 部门.年度 }}", "预算年度：{{ 部门.年度 }}（实为2099年）"),
        "写了固定的年份“2099”，每份文档都会印出来，程序核对不到",
    ),
}


@pytest.mark.parametrize("name", FIXED)
def test_fixed_figures_are_findings(name: str, good: bytes, tmp_path: Path) -> None:
    edit, said = FIXED[name]
    file = tmp_path / "x.docx"
    file.write_bytes(edited(good, edit))
    DocumentTemplate(file.read_bytes())
    [finding] = check.template(packs.load(PACK_ID), file)
    assert finding.message == said


HONEST: dict[str, Edit] = {
    "nothing": lambda parts: None,
    "name": broken.typed("{{ 封面.名称 }}", "附件1：{{ 封面.名称 }}（公章）"),
    "year": broken.typed("预算年度：{{ 部门.年度 }}", "{{ 部门.年度 }}年预算，单位：万元"),
    "black of the theme": look('<w:color w:val="000000" w:themeColor="text1"/>'),
    "white on dark": look('<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1F3864"/>'),
    "control": within(
        '<w:sdt><w:sdtPr><w:tag w:val="a"/></w:sdtPr><w:sdtContent>', "</w:sdtContent></w:sdt>"
    ),
    "not struck": look('<w:strike w:val="0"/><w:vanish w:val="false"/>'),
    "picture": broken.before(TITLE, block(INLINE, '<w:spacing w:line="240" w:lineRule="auto"/>')),
    "no watermark": broken.sub(r"<w:pict>.*?</w:pict>", "", broken.HEADER),
    "drawing that goes with its tag": broken.sub(
        r"(\{%p if 封面\.显示 %\}</w:t></w:r>|\{%p if not 封面\.显示 %\}</w:t></w:r>)",
        rf"\1{ANCHOR}",
    ),
    "shape of a draft": titled(DRAFT + table_of(block(NESTING)) + ENDIF),
    "frame of a draft": titled(DRAFT + block(words("草稿"), FRAME) + ENDIF),
    "table in a cell": titled(
        table_of(table_of(block(words(LOOP)), block(words(VALUE)), block(words(END_LOOP))))
    ),
    "condition within a paragraph": broken.typed(
        "预算年度：{{ 部门.年度 }}", "预算年度：{{ 部门.年度 }}{% if 草稿 %}（草稿）{% endif %}"
    ),
    "tags without blanks": broken.both(
        broken.swap("{%p if 封面.显示 %}", "{%p if 封面.显示%}"),
        broken.swap(LOOP, LOOP.replace(" %}", "%}")),
    ),
    "tag cut into runs": broken.swap(
        LOOP,
        LOOP.replace("%}", "%</w:t></w:r><w:r><w:t>}").replace("{%", "{</w:t></w:r><w:r><w:t>%"),
    ),
    "a brace": titled(block(words("{甲}"))),
    "high letters in a line that grows": titled(
        block(words("字", BIG), '<w:spacing w:line="240" w:lineRule="auto"/>')
    ),
    "not turned": with_style("table", '<w:tblPr><w:bidiVisual w:val="0"/></w:tblPr>'),
    "bookmark": beside('<w:bookmarkStart w:id="7" w:name="b"/><w:bookmarkEnd w:id="7"/>'),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_templates_pass(name: str, good: bytes) -> None:
    DocumentTemplate(edited(good, HONEST[name]))


@pytest.mark.parametrize("pack_id", sorted(packs.available(Path())))
def test_shipped_packs_are_genuine(pack_id: str) -> None:
    data = packs.load(pack_id).template.read_bytes()
    assert list(genuine.flaws(texts_of(unpack(data, "x"), "x"))) == []


def test_what_was_kept_has_passed() -> None:
    """The rules are among what a kept template vouches for: when they change, it is read anew."""
    seen = {"render.template", "render.lowering"}
    known = test_structure.modules()
    found = set[str]()
    while seen:
        found |= seen
        seen = {
            m for name in seen for m in test_structure.used_by(name, known[name], known)
        } - found
    assert {"tags", "problem", "render.genuine.walk", "render.paginate.flow"} <= found
    assert {known[name] for name in found} <= set(template._makers())


BAD_SECTION = (
    '<w:sectPr><w:pgSz w:w="0" w:h="x"/><w:pgMar w:top="nan" w:bottom="99999999"/></w:sectPr>'
)


def test_no_page_is_without_room() -> None:
    """Whatever a file says: the paginator cannot look for room for ever."""
    geometry = Geometry(BAD_SECTION, "")
    assert [(page.width, page.height) for page in geometry.pages] == [(LEAST_ROOM, LEAST_ROOM)]
    form = geometry.format(
        '<w:pPr><w:spacing w:line="0" w:lineRule="exact" w:before="1e9"/></w:pPr>'
    )
    assert (form.pitch, form.before) == (20, 0)
    table = (
        '<w:tbl><w:tblPr><w:tblBorders><w:top w:sz="999999"/></w:tblBorders></w:tblPr><w:tr>'
        '<w:trPr><w:trHeight w:val="999999"/></w:trPr><w:tc><w:tcPr><w:tcW w:w="900" w:type="dxa"/>'
        "</w:tcPr><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    pieces = re.split(r"(?=<w:t(?:bl|r|c|rPr|blPr|cPr)>)", f"{table}{BAD_SECTION}")
    started = time.perf_counter()
    Paginator(f"<w:body>{table}{BAD_SECTION}</w:body>", "", pieces).settle(pieces, [])
    assert time.perf_counter() - started < 5


# --- what runs, embeds or fetches under another name ---------------------------------------------

VML = (
    '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"><v:imagedata {}/></v:shape></w:pict></w:r>'
    "</w:p>"
)
LINK = '<w:p><w:fldSimple w:instr="{}"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'
FIRST = "{{ 目录.标题 }}"
HIDDEN_WAYS: dict[str, tuple[Edit, str]] = {
    "link": (
        broken.before(FIRST, LINK.format("HYPERLINK \\l x file:///etc/passwd")),
        "含有域“HYPERLINK \\l x file:///etc/passwd”",
    ),
    "quoted link": (
        broken.before(FIRST, LINK.format("HYPERLINK \\l &quot;x&quot; &quot;file:///etc&quot;")),
        "含有域“HYPERLINK \\l &quot;x&quot;",
    ),
    "picture": (
        broken.before(FIRST, VML.format('src="&#104;ttp://x/y.png"')),
        "引用了外部的内容“http://x/y.png”",
    ),
    "target": (
        broken.before(FIRST, VML.format('o:href="&#102;ile:///etc/passwd"')),
        "引用了外部的内容“file:///etc/passwd”",
    ),
    "macros": (
        broken.sub(
            "wordprocessingml.document.main",
            "ms-word.document.macro&#69;nabled.main",
            "[Content_Types].xml",
        ),
        "说明它是带宏的文档",
    ),
    "program": (
        broken.add("word/media/x.emf", b"MZ\x90\0" + b"A" * 99),
        "不是图片，只是名字像图片",
    ),
    "page as picture": (broken.add("word/media/x.png", b"<html>"), "不是图片，只是名字像图片"),
}


@pytest.mark.parametrize("name", HIDDEN_WAYS)
def test_hidden_ways_out(name: str, good: bytes) -> None:
    edit, said = HIDDEN_WAYS[name]
    with pytest.raises(UserError) as told:
        DocumentTemplate(edited(good, edit))
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\nx"),
        ("a.jpg", b"\xff\xd8\xff\xe0"),
        ("a.gif", b"GIF89a"),
        ("a.wmf", b"\xd7\xcd\xc6\x9a"),
        ("a.emf", b"\x01\0\0\0" + b"\0" * 36 + b" EMF"),
    ],
)
def test_pictures_pass(name: str, data: bytes, good: bytes) -> None:
    DocumentTemplate(edited(good, broken.add(f"word/media/{name}", data)))
