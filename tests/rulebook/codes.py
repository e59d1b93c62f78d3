"""COD: an input that breaks each rule, and one that does not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from rulebook.base import Edit, Example, Tree, both, put

# --- edits --------------------------------------------------------------------------------------


def subject(code: str, name: str, fund: str = "一般公共预算", amount: str = "10.00") -> Edit:
    """One more subject with income and project money."""

    def edit(tree: Tree) -> None:
        row = {"科目编码": code, **({"科目名称": name} if name else {})}
        tree["收入"].append({**row, fund: amount})
        tree["支出"].append({**row, "资金性质": fund, "项目支出": amount})

    return edit


def named(code: str, name: str) -> Edit:
    """A row that only says what a higher subject is called."""
    return lambda tree: tree["收入"].append({"科目编码": code, "科目名称": name})


def renamed(code: str, name: str) -> Edit:
    """The same subject under another name, in both sheets."""

    def edit(tree: Tree) -> None:
        for row in (*tree["收入"], *tree["支出"]):
            if row["科目编码"] == code:
                row["科目名称"] = name

    return edit


def pasted(table: str, *cells: tuple[str, str, str]) -> Edit:
    """Figures of a pasted table: row, measure, amount."""

    def edit(tree: Tree) -> None:
        tree.setdefault("申报数", []).extend(
            {"表": table, "行": row, "度量": measure, "金额": amount}
            for row, measure, amount in cells
        )

    return edit


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    """Damage: the first occurrence of these words in the body of the document."""

    def damage(data: bytes) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as archive:
            for name in source.namelist():
                part = source.read(name)
                if name == "word/document.xml":
                    assert old.encode() in part
                    part = part.replace(old.encode(), new.encode(), 1)
                archive.writestr(name, part)
        return target.getvalue()

    return damage


def _project_code(code: str, name: str) -> Edit:
    """All project money of the department under another subject."""
    return both(
        put("收入", 1, "科目编码", value=code),
        put("收入", 1, "科目名称", value=name),
        put("支出", 1, "科目编码", value=code),
        put("支出", 1, "科目名称", value=name),
    )


# --- examples -----------------------------------------------------------------------------------

_T5 = (
    ("", "general.total", "1000.00"),
    ("201", "general.total", "850.00"),
    ("20103", "general.total", "850.00"),
    ("2010301", "general.total", "450.00"),
    ("2010302", "general.total", "400.00"),
)

EXAMPLES: dict[str, Example | tuple[Example, ...]] = {
    "COD101": Example(
        bad=subject("9990101", "行政运行"),
        says="功能分类“类”999 在收支总表的支出方没有对应的行",
        at=("支出", 5, "科目编码"),
        good=subject("2049999", "其他公共安全支出"),
    ),
    "COD102": (
        Example(
            bad=renamed("2080505", "机关事业单位养老保险缴费支出"),
            says="科目 2080505 填的名称是“机关事业单位养老保险缴费支出”，"
            "功能分类科目表里是“机关事业单位基本养老保险缴费支出”",
            at=("收入", 2, "科目名称"),
            # Blanks make no other name.
            good=renamed("2080505", "机关事业单位 基本养老保险缴费支出"),
        ),
        Example(
            bad=subject("2019901", ""),
            says="科目 2019901 没有名称，科目表里也查不到",
            # Brackets and their width neither.
            good=subject("2010399", "其他政府办公厅(室)及相关机构事务支出"),
        ),
    ),
    "COD103": (
        Example(
            bad=pasted("T5", *_T5[:2], *_T5[3:]),
            says="粘贴的一般公共预算财政拨款支出表里有科目 2010301，却没有它上面的“款”20103",
            at=("申报数", 2),
            good=pasted("T5", *_T5),
        ),
        Example(
            bad=pasted("T5", *_T5[:3], _T5[4], _T5[3]),
            says="粘贴的一般公共预算财政拨款支出表里科目 2010301 排在 2010302 后面，"
            "没有按编码从小到大",
            at=("申报数", 4),
            # Leaves alone are no published table.
            good=pasted("T5", *_T5[3:]),
        ),
    ),
    "COD104": Example(
        bad=put("支出", 1, "科目编码", value="20103021"),
        says="“科目编码”：“20103021”不是功能分类科目编码",
        at=("支出", 1, "科目编码"),
        good=put("支出", 1, "科目编码", value="２０１０３０２"),
    ),
    "COD105": Example(
        bad=put("基本支出", 4, "科目编码", value="3020101"),
        says="“科目编码”：“3020101”不是经济分类科目编码",
        at=("基本支出", 4, "科目编码"),
        good=put("基本支出", 4, "科目编码", value="30201.0"),
    ),
    "COD106": Example(
        bad=put("支出", 1, "科目名称", value="一般行政管理"),
        says="科目 2010302 这里叫“一般行政管理”，“收入”里叫“一般行政管理事务”",
        at=("支出", 1, "科目名称"),
        good=put("支出", 1, "科目名称", value=""),
    ),
    "COD107": Example(
        bad=lambda tree: tree["收入"].append({"科目编码": "2010301", "科目名称": "行政运行"}),
        says="“2010301”在这张表里已经有一条了",
        at=("收入", 5, "科目编码"),
        # One subject out of two funds stands in two rows.
        good=both(
            lambda tree: tree["支出"].append(
                {
                    **{"科目编码": "2010301", "科目名称": "行政运行"},
                    **{"资金性质": "其他资金", "基本支出": "1.00"},
                }
            ),
            put("收入", 0, "其他收入", value="1.00"),
        ),
    ),
    "COD108": Example(
        bad=put("基本支出", 1, "科目名称", value="机关单位养老保险"),
        says="科目 30108 填的名称是“机关单位养老保险”，"
        "经济分类科目表里是“机关事业单位基本养老保险缴费”",
        at=("基本支出", 1, "科目名称"),
        good=put("基本支出", 1, "科目名称", value="机关事业单位 基本养老保险缴费"),
    ),
    "COD109": Example(
        bad=lambda tree: None,
        damage=replaced("201河清县档案馆", "202河清县档案馆"),
        says="表头印的是“202河清县档案馆”，应为“201河清县档案馆”",
        at=("基本信息", "编码"),
        good=put("基本信息", "编码", value="113"),
    ),
    "COD110": (
        Example(
            bad=both(
                subject("2019901", "培训支出"),
                subject("2019902", "某项支出"),
                named("20199", "其他一般公共服务支出"),
            ),
            says="下列编码不在程序的功能分类科目表里，无法核对："
            "2019901 培训支出（这个名称在表里的编码是 2050803）、2019902 某项支出",
            at=("收入", 5, "科目编码"),
            good=subject("2050803", "培训支出"),
        ),
        Example(
            bad=both(subject("2010103", "机关后勤服务"), named("20101", "人大事务")),
            says="下列科目的名称与未经核实的功能分类科目表不同："
            "2010103 填“机关后勤服务”，表里是“机关服务”",
            at=("收入", 5, "科目名称"),
            # It agrees, and who typed it answers for it.
            good=both(subject("2010103", "机关服务"), named("20101", "人大事务")),
        ),
    ),
    "COD111": (
        Example(
            bad=subject("2120803", "城市建设支出"),
            says="科目 2120803 的资金性质填的是一般公共预算，21208 只用于政府性基金预算",
            at=("支出", 5, "资金性质"),
            good=subject("2120803", "城市建设支出", "政府性基金预算"),
        ),
        Example(
            bad=subject("2010399", "其他政府办公厅（室）及相关机构事务支出", "国有资本经营预算"),
            says="科目 2010399 的资金性质填的是国有资本经营预算，201 只用于一般公共预算",
            at=("支出", 5, "资金性质"),
            # A subject that the list says nothing of is not judged.
            good=subject("2230105", "国有企业改革成本支出", "国有资本经营预算"),
        ),
    ),
    "COD112": Example(
        bad=_project_code("2010399", "其他政府办公厅（室）及相关机构事务支出"),
        says="“其他”科目 2010399 的项目支出 400.00 万元，"
        "占本款 20103 项目支出 400.00 万元的 100.0%，超过 30%",
        at=("支出", 1, "项目支出"),
        # Here the whole 款 is 其他…支出: there is no other subject.
        good=_project_code("2019999", "其他一般公共服务支出"),
    ),
}
