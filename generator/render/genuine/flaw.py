"""The rules, one line each: what a template may not do, and how to mend it in Word."""

from __future__ import annotations

from typing import Final, NamedTuple


class Flaw(NamedTuple):
    """``rule``: one of RULES; ``place``: where, as words; ``message``: one clause; ``hint``: how to
    mend it in Word."""

    rule: str
    place: str
    message: str
    hint: str


_ALONE: Final = "请把旁边的字删去，或写在格式包的文字里。"
_LOOK: Final = "请选中它，在“字体”里改过来；也可能是它的样式这样设的。"
_PLAIN: Final = "请删去这一处，重新打一次占位符。"
_ROW: Final = "请在“表格属性”里改过来。"
_PARAGRAPH: Final = "请在“段落”里改过来；也可能是它的样式这样设的。"
_CHANGES: Final = "请在“审阅”里接受所有修订，关掉修订，再保存。"
_SIZE: Final = "请在“页面设置”“段落”或“表格属性”里改为通常的大小。"

RULES: Final = {
    # tags that are run otherwise than they are read
    "comment": ("写了 {}，里面的字读的人看不到，标记却可能会运行", "请把这一处删去。"),
    "in attribute": (
        "占位符或标记写在格式里，印出来是什么样子核对不到",
        "请删去这一处的文字，重新打一次。",
    ),
    "torn": ("有标记没有写完，或者没有写在一个段落里", "请删去，在一个段落里重新打一次。"),
    "written": (
        "标记“{}”的写法程序认不出",
        "请照这样重新打：{{ 名称.字段 }}、{%tr for 行 in 部门.支出总表.行 %}、{%p if 草稿 %}。",
    ),
    "not alone": (
        "“{}”所在的段落或行里还有别的标记，填写时会丢掉",
        "请让 {%p %} 单独占一段，{%tr %} 单独占表格的一行。",
    ),
    "open": (
        "“{}”里的标记没有在同一段里开始和结束",
        "请在这一段里补齐；要跨段用 {%p %}，跨行用 {%tr %}。",
    ),
    "row tag": ("“{}”不在表格的行里", "{%tr %} 要单独占表格的一行；在表格外面请用 {%p %}。"),
    # words around a value
    "data cell": ("这一格除了一个占位符还有别的字", _ALONE),
    "whole": ("整段的占位符前后还有别的字", _ALONE),
    "touching": ("紧挨着占位符有“{}”，会和填进去的数连在一起", "请删去它，或用文字隔开。"),
    "invisible": ("占位符旁边有看不见或改变方向的字符（{}）", _PLAIN),
    "amount": ("写了固定的金额或百分比“{}”", "页眉和页脚里请只写名称和页码。"),
    # what is no plain text
    "object": ("占位符旁边有{}，它不会按数据印出来", _PLAIN),
    "wrapped": ("占位符在{}里，各种软件印出来的不一样", _PLAIN),
    "anywhere": ("有{}，读的人看得到，程序核对不到", "请改成普通的文字。"),
    "field": ("占位符旁边有域“{}”，它会印出别的内容", "请删去这个域。"),
    "bound": ("占位符在绑定了别处内容的控件里", "请在“开发工具”里删去内容控件，保留文字。"),
    "change": ("占位符在没有接受的修订里", _CHANGES),
    # how a value looks
    "hidden": ("占位符的格式是{}，读的人看不到或看错", _LOOK),
    "direction": ("占位符的文字方向是从右到左", _PARAGRAPH),
    "size": ("占位符的字号不到 5 磅", _LOOK),
    "scale": ("占位符的字符缩放不在 50% 到 200% 之间", _LOOK),
    "raised": ("占位符的字符位置提升或降低了 3 磅以上", _LOOK),
    "spaced": ("占位符的字符间距太小或太大", _LOOK),
    "symbols": ("占位符的字体“{}”印出来是符号", _LOOK),
    "theme": ("占位符的颜色取自主题的“{}”，可能与底色相同", _LOOK),
    "pale": ("占位符的颜色和底色差不多，看不清", _LOOK),
    # where it stands
    "numbered": ("占位符前面有自动编号", "请去掉编号；要印的序号写在格式包里。"),
    "off page": ("占位符的缩进超出了页面或单元格", _PARAGRAPH),
    "low line": ("占位符的固定行距不到字号的一半", _PARAGRAPH),
    "hidden row": ("占位符所在的行隐藏了", _ROW),
    "low row": ("占位符所在的行，固定行高不够一行字", _ROW),
    "narrow": ("占位符所在的列宽不到 0.4 厘米", _ROW),
    "covered": ("占位符在被合并掉的单元格里，不会印出来", "请拆分单元格。"),
    "squeezed": ("占位符所在的单元格会压缩文字", "请在“单元格—选项”里去掉“适应文字”。"),
    "wide table": ("占位符所在的表比页面还宽", _ROW),
    # what could be printed over a value
    "floating": (
        "有浮动的图形或文本框，会盖住填进去的数",
        "请删去，或改为“嵌入型”；草稿的水印放在 {%p if 草稿 %} 和 {%p endif %} 之间。",
    ),
    "loose frame": (
        "有图文框，会盖住填进去的数，或把它移到别处",
        "请在“段落”里去掉图文框；也可能是样式或编号这样设的。",
    ),
    "loose table": (
        "有文字环绕的表，会盖住填进去的数，或移到别处",
        "请在“表格属性”里改为“无环绕”；也可能是表格样式这样设的。",
    ),
    "turned table": (
        "有左右颠倒的表，数会到别的表头下面",
        "请在“表格属性—选项”里去掉从右到左的方向；也可能是表格样式这样设的。",
    ),
    "picture line": (
        "图片所在的段落是固定行距，图片会盖住别的字",
        "请在“段落”里把这一段的行距改为“单倍行距”，或删去图片。",
    ),
    "low words": ("有一段的固定行距不到字号的一半，字会盖住别的行", _PARAGRAPH),
    # what a page could not be made of
    "page": ("纸张和页边距留给正文的地方不到 3 厘米", "请在“页面设置”里改为通常的大小。"),
    "measure": ("{} 是“{}”，应在 {} 到 {} 之间", _SIZE),
}
"""Rule → what is wrong, and how to mend it."""


def flaw(rule: str, place: str, *shown: object) -> Flaw:
    """The flaw of a rule at a place; ``shown``: what its sentence quotes."""
    message, hint = RULES[rule]
    return Flaw(rule, place, message.format(*shown), hint)
