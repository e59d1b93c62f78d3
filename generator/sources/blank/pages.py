"""The other sheets of the form workbook: guide, keys and values, texts, balance, code lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from generator import pack as packs
from generator.sources.blank.balance import BALANCE
from generator.sources.blank.columns import (
    HELP_COLUMN,
    SENTENCE_COLUMN,
    choices_of,
    look_of,
)
from generator.sources.blank.formulas import FIRST_ROW, HEADER_ROW, TOTAL_ROW, quoted
from generator.sources.blank.look import (
    Book,
    choices,
    finish,
    fit,
    flag,
    letter,
    link,
    note,
    numbers,
    width,
)
from generator.sources.blank.plan import CHANGED, FORM_SHEETS, REFERENCES, CodeList, Plan
from generator.sources.blank.tables import BLUE, GREY, ORANGE, head, number
from generator.sources.layout import GUIDE, SHEETS
from generator.wording import LEFT_OUT

PASTED: Final = tuple(f"表{n}" for n in range(1, 10))

_RECORD_HINTS: Final = {
    "基本信息": "橙色的必填。",
    "格式选项": "各地写法不同的地方。空着就用默认写法，一般不用改。",
    "年终结转": "本年没有花完、结转下年的钱，按资金填；没有就空着。",
}
_MORE_HELP: Final = {
    "金额单位": "；不填是万元，整份文件用同一个单位",
    "编制": "，只在格式选项“封面”为“编制审核”时印",
    "审核": "，只在格式选项“封面”为“编制审核”时印",
}


# --- keys and values ------------------------------------------------------------------------


def write_record(book: Book, plan: Plan, name: str) -> str:
    """基本信息, 格式选项, 年终结转: a key, its value, and what it means."""
    sheet = FORM_SHEETS[name]
    page = book.page(name, ORANGE if name == "基本信息" else BLUE)
    keys = plan.keys(name)
    last = FIRST_ROW + len(keys) - 1
    widths = (32, 44, 90)
    unit = plan.money_unit() if name == "年终结转" else ""
    cell = head(book, page, _record_progress(plan, name, last), widths, unit)
    book.put(page, TOTAL_ROW, 1, _RECORD_HINTS[name], "hint")
    for index, title in enumerate((*sheet.columns, HELP_COLUMN), 1):
        look = "header" if index < 3 else "automatic header"
        book.put(page, HEADER_ROW, index, title, look)
        width(page, index, widths[index - 1])
    for row, key in enumerate(keys, FIRST_ROW):
        _record_row(book, plan, page, name, key, row)
    fit(page, FIRST_ROW)
    finish(page, "B4", f"1:{HEADER_ROW}", (32, 22, 28))
    return f"'{name}'!{cell}"


def _record_progress(plan: Plan, name: str, last: int) -> str:
    cells = f"$B${FIRST_ROW}:$B${last}"
    if name == "格式选项":
        usual = ";".join(quoted(plan.pack.switch_defaults.get(key, "")) for key in plan.keys(name))
        own = f"SUMPRODUCT(--(LEN({cells})>0),--({cells}<>{{{usual}}}))"
        return f'IF({own}=0,"都是默认写法",{own}&" 项与默认写法不同")'
    if name == "年终结转":
        return f'IF(COUNT({cells})=0,"没有就空着","合计 "&TEXT(SUM({cells}),"#,##0.00"))'
    lacking = "+".join(f"(LEN({plan.value_cell(name, key)})=0)" for key in _required(name))
    return f'IF({lacking}=0,"必填的都填了","必填的缺 "&({lacking})&" 处")'


def _required(name: str) -> tuple[str, ...]:
    model = FORM_SHEETS[name].model
    fields = model.model_fields.items() if model is not None else ()
    return tuple(field.alias or key for key, field in fields if field.is_required())


def _record_row(book: Book, plan: Plan, page: Any, name: str, key: str, row: int) -> None:
    model = FORM_SHEETS[name].model
    value = plan.tree.get(name, {}).get(key, "")
    required = key in _required(name)
    look = look_of(model, key)
    book.put(page, row, 1, key, "required key" if required else "key")
    if look == "amount":
        book.put(page, row, 2, number(value), look)
        numbers(page, f"B{row}")
    else:
        book.put(page, row, 2, value, "required text" if required else "text")
    allowed, strict = choices_of(model, key), "stop"
    switch = plan.pack.switches.get(key)
    if name == "格式选项" and switch is not None:
        allowed = switch.values
    elif key == "年度":
        allowed, strict = tuple(map(str, plan.pack.years)), "warning"
    elif key == "格式" and name == "基本信息":
        allowed = tuple(packs.available())
    if allowed:
        choices(page, f"B{row}", allowed, strict)
    book.put(page, row, 3, _record_help(plan, name, key), "help")


def _record_help(plan: Plan, name: str, key: str) -> str:
    switch = plan.pack.switches.get(key)
    if name == "格式选项":
        return f"{switch.description}。默认：{switch.default}" if switch else ""
    model = FORM_SHEETS[name].model
    fields = model.model_fields.values() if model is not None else ()
    told = next((f.description or "" for f in fields if f.alias == key), "")
    return told + _MORE_HELP.get(key, "")


# --- texts ----------------------------------------------------------------------------------

_PREPARED: Final = 10  # rows for a text that people must write
_OWN_TEXT: Final = (
    f"自己写的文字代替程序写的句子；不要这一段就写“{LEFT_OUT[0]}”。"
    "可以用 {支出总计} 这样的引用，程序填上表里的数，文字就不会和表打架；名称写错会报错（WRD103）。"
    f"\n可用的名称：{'、'.join(REFERENCES)}；"
    f"加“变化”“原因”写出比上年增减：{'、'.join(CHANGED)}。"
)


def write_texts(book: Book, plan: Plan) -> str:
    """文字: a block of rows for each text, beside it the sentence of the program."""
    sheet = SHEETS["文字"]
    page = book.page(sheet.name, ORANGE)
    widths = (20, 80, 70)
    blocks = _text_blocks(plan)
    lacking = "+".join(
        f"(SUMPRODUCT(--(LEN($B${first}:$B${last})>0))=0)"
        for key, (first, last) in blocks.items()
        if _must_write(plan, key)
    )
    count = sum(_must_write(plan, key) for key in blocks)
    words = f'IF({lacking}=0,"必写的 {count} 段都写了","必写的 {count} 段缺 "&({lacking})&" 段")'
    cell = head(book, page, words, widths)
    hint = (
        f"一行一段。橙色的必写；其他的空着就用右边的句子；不要这一段就写“{LEFT_OUT[0]}”。"
        "右边照的是建这份工作簿时的格式选项；以后改了选项，右边不变，文档里的句子照新的写。"
    )
    book.put(page, TOTAL_ROW, 1, hint, "hint")
    for index, title in enumerate((*sheet.columns, SENTENCE_COLUMN), 1):
        look = "header" if index < 3 else "automatic header"
        book.put(page, HEADER_ROW, index, title, look)
        width(page, index, widths[index - 1])
    note(page, f"B{HEADER_ROW}", _OWN_TEXT)
    for key, (first, last) in blocks.items():
        _text_block(book, plan, page, key, first, last)
    fit(page, FIRST_ROW)
    finish(page, "B4", f"1:{HEADER_ROW}", (32, 22, 28))
    return f"'{sheet.name}'!{cell}"


def _must_write(plan: Plan, key: str) -> bool:
    slot = plan.pack.sections.slots.get(key)
    return slot is not None and bool(slot.required)


def _paragraphs(plan: Plan, key: str) -> list[str]:
    value = plan.tree.get("文字", {}).get(key, [])
    if value == [] and key in plan.tree.get("文字", {}):
        return list(LEFT_OUT)
    lines = value if isinstance(value, list) else value.splitlines()
    return [line for line in lines if line]


def _text_blocks(plan: Plan) -> dict[str, tuple[int, int]]:
    """The rows of each text, what else was given last."""
    blocks: dict[str, tuple[int, int]] = {}
    row = FIRST_ROW
    for key in dict.fromkeys([*plan.pack.sections.slots, *plan.tree.get("文字", {})]):
        written = len(_paragraphs(plan, key))
        rows = max(_PREPARED, written + 3) if _must_write(plan, key) else max(1, written)
        blocks[key] = (row, row + rows - 1)
        row += rows
    return blocks


def _text_block(book: Book, plan: Plan, page: Any, key: str, first: int, last: int) -> None:
    slot = plan.pack.sections.slots.get(key)
    required = _must_write(plan, key)
    paragraphs = _paragraphs(plan, key)
    sentences = plan.sentences(slot.text) if slot is not None else []
    shown = slot.required if slot is not None and required else "\n或：".join(sentences)
    for at, row in enumerate(range(first, last + 1)):
        look = "required key" if required else "key"
        book.put(page, row, 1, key if at == 0 else None, look)
        text = paragraphs[at] if at < len(paragraphs) else None
        book.put(page, row, 2, text, "required text" if required else "text")
        book.put(page, row, 3, shown if at == 0 else None, "help")


# --- code lists -----------------------------------------------------------------------------

_HITS: Final = 30


def write_codes(book: Book, codes: CodeList) -> None:
    """A sheet of codes: a filter on its head, and beside it a place to look for a word."""
    page = book.page(codes.sheet, GREY)
    count = len(codes.heads)
    counter, found = letter(count + 1), count + 3
    for index, title in enumerate(codes.heads, 1):
        book.put(page, HEADER_ROW, index, title, "header")
        width(page, index, 15 if index == 1 else 40 if index == 2 else 28)
    book.put(page, 1, 1, codes.sheet, "title")
    typed = f"${letter(found)}${TOTAL_ROW}"
    for row, values in enumerate(codes.rows, FIRST_ROW):
        for index, value in enumerate(values, 1):
            book.put(page, row, index, value, "list")
        hit = f"ISNUMBER(SEARCH({typed},$A{row}&$B{row}))"
        counted = f'N({counter}{row - 1})+IF({typed}="",0,IF({hit},1,0))'
        book.formula(page, row, count + 1, counted, "hidden")
    page.column_dimensions[counter].hidden = True
    _search(book, page, codes, counter, found)
    page.auto_filter.ref = f"A{HEADER_ROW}:{letter(count)}{codes.last}"
    finish(page, "A4", f"1:{HEADER_ROW}", (30, 24, 26))


def _search(book: Book, page: Any, codes: CodeList, counter: str, found: int) -> None:
    """The first hits of the word that stands above them, ready to be copied."""
    book.put(page, 1, found, "查找：在下面输入名称或编码", "progress")
    book.put(page, TOTAL_ROW, found, "", "text")
    book.put(page, 1, found + 1, "返回填写说明", "link")
    link(page, f"{letter(found + 1)}1", GUIDE)
    counts = f"${counter}${FIRST_ROW}:${counter}${codes.last}"
    typed = f"${letter(found)}${TOTAL_ROW}"
    more = f'IF(MAX({counts})>{_HITS},"，列出前 {_HITS} 条","")'
    told = f'IF({typed}="","","找到 "&MAX({counts})&" 条"&{more})'
    book.formula(page, TOTAL_ROW, found + 1, told, "plain")
    for offset, title in enumerate(("找到的编码", "名称")):
        book.put(page, HEADER_ROW, found + offset, title, "automatic header")
        width(page, found + offset, 24 if offset == 0 else 44)
    for hit in range(1, _HITS + 1):
        row = FIRST_ROW + hit - 1
        for offset, column in enumerate(("A", "B")):
            values = f"${column}${FIRST_ROW}:${column}${codes.last}"
            formula = f'IFERROR(INDEX({values},MATCH({hit},{counts},0)),"")'
            book.formula(page, row, found + offset, formula, "automatic")


# --- guide ----------------------------------------------------------------------------------

_WHAT: Final[dict[str, str]] = {
    "基本信息": "部门的编码、名称、级别、年度。",
    "格式选项": "各地写法不同的地方，有默认，一般不用改。",
    "机构设置": "部门本级和所属单位：性质、规格、经费保障形式。",
    "收入": "一个功能科目（项，7 位）一行，按来源填；合计自动。",
    "支出": "一个功能科目（项，7 位）和一种资金性质一行；合计自动。",
    "年终结转": "年终结转下年的钱，没有就空着。",
    "基本支出": "一般公共预算的基本支出，一个经济科目（款，5 位）一行，分人员经费、公用经费。",
    "三公经费": "填到最细的行；小计、合计自动。",
    "上年数": "上一年的预算数，没有的填 0；有增减的写原因。本年数和增减自动算出。",
    "项目": "每个项目一行：名称、金额、绩效目标。",
    "绩效指标": "每条指标一行，写明属于哪个项目。",
    "政府采购": "一笔采购一行；目录编码可以输入开头几位再选。没有采购就空着。",
    "国有资产": "上年末固定资产的数量和价值；没有就空着。",
    "文字": f"职责、总体目标、分项目标、保障措施必写；其他的程序会写，不要的段写“{LEFT_OUT[0]}”。",
    "名词解释": "只在要改动固定的名词解释时填。",
    "核对例外": "核对报告里的警告，确实无误的，写明原因和责任人；没有就空着。",
    "所属单位": "每个所属单位一份自己的工作簿，这里写它的文件名；没有就空着。",
    BALANCE: "不用填。收支、表与表是否平衡，随时看这里；全部变绿就可以生成。",
}
_FROM_PASTED: Final = {"收入": "表2", "支出": "表3", "基本支出": "表6", "三公经费": "表9"}
_STEPS: Final = (
    "先到“基本信息”填级别，选金额单位（万元或元，整份用同一个），再从上往下填；点表名就到那张表。",
    "只填明细，合计自动算；没有的留空。“上年数”例外：上年没有的填 0。",
    "有预算系统导出的九张表，不必再填收入、支出、年终结转、基本支出、三公经费：把九张表原样粘贴到",
    "　　“表1”至“表9”（从 A1 起；没有数的表也粘贴空表）。没有导出的表，就让它们空着。",
    f"“文字”里橙色的必写；其他段空着就用右边的句子，自己写的代替它，不要这一段就写“{LEFT_OUT[0]}”。",
    "有所属单位的，每个单位新建一份自己的工作簿，放在同一个文件夹，文件名写在“所属单位”里：",
    "　　gen-disclosure new 某某站.xlsx --kind 单位 --code 单位编码 --name 单位名称 --year 年度",
    "看“核对”和上面的进度：没有黄色，“核对”全部变绿，就填好了。",
    "保存并关闭，在这个文件夹里运行下面的命令（写这个文件的名字），Word 文件就生成在旁边：",
    "　　gen-disclosure 我的预算.xlsx",
    "有错误不生成，逐条指出在哪个单元格、怎么改；改好、保存，再运行。加 --draft 可以先看样子。",
)
_TIPS: Final = (
    "列名右上角的小三角：鼠标放上去，有这一列的说明。",
    "查编码：功能科目、经济科目、采购目录三张表里可以按名称查找，查到后复制编码。",
    "行不够用：gen-disclosure convert 我的预算.xlsx 新文件.xlsx，每张表在已填的后面多出 20 行。",
    "保护没有密码：要改版面，可以在“审阅”里撤销工作表保护。列名和工作表名请不要改。",
)
_LEGEND: Final = (
    ("text", "浅黄：在这里填"),
    ("required header", "橙色列名：必填"),
    ("total", "灰色：自动算出，不用填"),
    ("name", "白色名称：选编码后自动出现，可以改写"),
)
_FLAG_LEGEND: Final = (("red", "红色：有错，要改正"), ("amber", "黄色：缺内容，或请核对"))


def fill_guide(book: Book, plan: Plan, progress: Mapping[str, str]) -> None:
    """填写说明: what to fill in, in which order, how far it is, and what comes then."""
    page = book.sheet(GUIDE)
    for index, one in enumerate((6, 16, 78, 44), 1):
        width(page, index, one)
    name, year = plan.value_cell("基本信息", "名称"), plan.value_cell("基本信息", "年度")
    kind = plan.value_cell("基本信息", "类型")
    title = f'{name}&{year}&IF({year}="","","年")&IF({kind}="","部门",{kind})&"预算信息公开填报"'
    book.formula(page, 1, 1, title, "title")
    hint = "从上往下填，点表名就到那张表；填到哪里了看“进度”。怎么填、怎么生成，见下面的步骤。"
    book.put(page, TOTAL_ROW, 1, hint, "hint")
    for index, head_ in enumerate(("顺序", "工作表", "填什么", "进度"), 1):
        book.put(page, HEADER_ROW, index, head_, "header")
    for row, (sheet, what) in enumerate(_WHAT.items(), FIRST_ROW):
        book.put(page, row, 1, row - FIRST_ROW + 1, "boxed number")
        book.put(page, row, 2, sheet, "boxed link")
        link(page, f"B{row}", sheet)
        book.put(page, row, 3, what, "boxed")
        book.formula(page, row, 4, _or_pasted(sheet, progress[sheet]), "boxed")
    last = FIRST_ROW + len(_WHAT) - 1
    grey = (("还没有填", "grey"), ("没有就空着", "grey"))
    for words, colour in (("不平", "red"), ("缺", "amber"), ("请核对", "amber"), *grey):
        found = f'ISNUMBER(SEARCH("{words}",$D{FIRST_ROW}))'
        flag(page, f"D{FIRST_ROW}:D{last}", found, colour)
    flag(page, f"D{FIRST_ROW}:D{last}", f"LEN($D{FIRST_ROW})>0", "green")
    _guide_foot(book, page, last + 2)
    foot = len(_STEPS) + len(_TIPS) + len(_LEGEND) + len(_FLAG_LEGEND) + 3
    heights = (40, 24, 26, *(23 for _ in _WHAT), *(20 for _ in range(foot)))
    finish(page, "A4", f"1:{HEADER_ROW}", heights)
    page.page_setup.fitToHeight = 1


def _or_pasted(sheet: str, cell: str) -> str:
    """The progress of a sheet, or that its figures come from a pasted table."""
    pasted = _FROM_PASTED.get(sheet, "表1" if sheet == BALANCE else "")
    if not pasted:
        return cell
    words = "粘贴的表由程序核对" if sheet == BALANCE else f"由粘贴的“{pasted}”读出"
    blank = f'OR({cell}="还没有填",{cell}="没有就空着")'
    found = f"SUMPRODUCT(LEN('{pasted}'!$A$1:$Z$60))>0"  # COUNTA counts errors
    # Whoever moves the sheets of an export here may delete ours.
    return f"IFERROR(IF(AND({found},{blank}),{quoted(words)},{cell}),{cell})"


def _guide_foot(book: Book, page: Any, row: int) -> None:
    """The steps, the tips, what the colours mean."""
    step = 0
    for words in _STEPS:
        if not words.startswith("\u3000"):
            step += 1
            book.put(page, row, 1, step, "step")
        is_command = words.strip("\u3000").startswith("gen-disclosure")
        book.put(page, row, 2, words, "command" if is_command else "plain")
        row += 1
    for words in _TIPS:
        row += 1
        book.put(page, row, 1, "●", "step")
        book.put(page, row, 2, words, "plain")
    row += 2
    for at, (look, words) in enumerate(_LEGEND, row):
        book.put(page, at, 2, "", look)
        book.put(page, at, 3, words, "plain")
    for at, (colour, words) in enumerate(_FLAG_LEGEND, row + len(_LEGEND)):
        book.put(page, at, 2, "", "boxed")
        flag(page, f"B{at}", "TRUE", colour)
        book.put(page, at, 3, words, "plain")
