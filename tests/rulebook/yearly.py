"""Examples of YOY101 to YOY110 and YOY901."""

from __future__ import annotations

from rulebook.base import Example, both, put
from rulebook.narrative import CHANGED, RECEPTION, TOTAL, swap, write

# Rows of 上年数 in the base.
ALL, BASIC, PROJECT, CARS, GUESTS = 0, 1, 2, 8, 9
NO_LAST = put("上年数", value=[])
SUM_CHANGE = ("文字", "三公增减", 0)
ABROAD, BUYING, RUNNING = (("文字", f"三公{key}", 0) for key in ("出国", "购置", "运维"))
SANGONG = both(
    write(ABROAD, "（一）因公出国（境）费0万元，与2022年预算相比持平；"),
    write(BUYING, "（二）公务用车购置费0万元，与2022年预算相比持平；"),
    write(RUNNING, "（三）公务用车运行维护费5万元，与2022年预算相比持平；"),
    write(RECEPTION, "（四）公务接待费3万元，比2022年预算减少1万元，主要是压减接待批次和人数。"),
)
LAST = both(
    put("基本信息", "年度", value="2022"),
    put("收入", 1, "一般公共预算", value="350.00"),
    put("支出", 1, "项目支出", value="350.00"),
    put("三公经费", 1, "一般公共预算", value="4.00"),
)
LAST_WITH_MORE = both(
    LAST,
    put("支出", 2, "科目编码", value="2080506"),
    put("支出", 2, "科目名称", value="机关事业单位职业年金缴费支出"),
    put("收入", 2, "科目编码", value="2080506"),
    put("收入", 2, "科目名称", value="机关事业单位职业年金缴费支出"),
)

EXAMPLES: dict[str, Example | tuple[Example, ...]] = {
    "YOY101": (
        Example(
            both(NO_LAST, swap(CHANGED, ("相比增加50万元", "相比增加60万元"))),
            "“增减说明”第1段写收支总额增加 60.00 万元，各部分（基本支出持平、项目支出增加 50.00 万元）合计增加 50.00 万元，相差 10.00 万元",
            CHANGED,
            both(
                NO_LAST,
                swap(CHANGED, ("基本支出持平", "基本支出持平（其中人员经费增加3万元）")),
            ),
        ),
        Example(
            both(NO_LAST, swap(CHANGED, ("项目支出增加50万元", "项目支出减少50万元"))),
            "“增减说明”第1段写收支总额增加 50.00 万元，各部分（基本支出持平、项目支出减少 50.00 万元）合计减少 50.00 万元，相差 100.00 万元",
            CHANGED,
            both(NO_LAST, swap(CHANGED, ("基本支出持平", "基本支出有所增加"))),
        ),
    ),
    "YOY102": Example(
        swap(CHANGED, ("相比增加50万元", "相比增加50万元，增长5.0%")),
        "“增减说明”第1段写“增长5.0%”，50 ÷ 上年 950 = 5.3%",
        CHANGED,
        swap(CHANGED, ("相比增加50万元", "相比增加50万元，增长5.26%")),
    ),
    "YOY103": Example(
        both(NO_LAST, SANGONG, write(SUM_CHANGE, "“三公”经费预算较2022年减少2万元。其中：")),
        "“三公增减”第1段写三公经费减少 2.00 万元，各部分（因公出国费持平、公务用车购置费持平、公务用车运行维护费持平、公务接待费减少 1.00 万元）合计减少 1.00 万元，相差 -1.00 万元",
        SUM_CHANGE,
        both(NO_LAST, SANGONG, write(SUM_CHANGE, "“三公”经费预算较2022年减少1万元。其中：")),
    ),
    "YOY104": (
        Example(
            swap(CHANGED, ("项目支出增加50万元", "项目支出减少50万元")),
            "“增减说明”第1段写“项目支出减少50万元”，项目支出上年 350.00 万元、本年 400.00 万元，应为增加 50.00 万元",
            CHANGED,
            swap(CHANGED, ("基本支出持平", "基本支出增加0万元，与上年持平")),
        ),
        Example(
            swap(CHANGED, ("项目支出增加50万元", "项目支出与上年持平")),
            "“增减说明”第1段写“项目支出与上年持平”，项目支出上年 350.00 万元、本年 400.00 万元，应为增加 50.00 万元",
            CHANGED,
            swap(CHANGED, ("项目支出增加50万元", "项目支出由上年的350万元增加到400万元")),
        ),
        Example(
            both(NO_LAST, swap(CHANGED, ("相比增加50万元", "相比增加50万元，下降5.26%"))),
            "“增减说明”第1段写“与2022年预算相比增加50万元”又写“下降5.26%”，方向相反",
            CHANGED,
            both(NO_LAST, swap(CHANGED, ("相比增加50万元", "相比增加50万元，增长5.26%"))),
        ),
    ),
    "YOY105": (
        Example(
            put("上年数", ALL, "上年数", value="940.00"),
            "上年数“支出总计”填的是 940.00 万元，上年的文件里是 950.00 万元，相差 -10.00 万元",
            ("上年数", ALL, "上年数"),
            None,
            last=LAST,
        ),
        Example(
            both(NO_LAST, swap(CHANGED, ("项目支出增加50万元", "项目支出增加55万元"))),
            "“增减说明”第1段写“项目支出增加55万元”，项目支出本年 400.00 万元减上年文件的 350.00 万元应为增加 50.00 万元，相差 5.00 万元",
            CHANGED,
            NO_LAST,
            last=LAST,
        ),
    ),
    "YOY106": (
        Example(
            write(RECEPTION, "（四）公务接待费3万元，比2022年预算减少1万元。"),
            "“三公接待”第1段写“比2022年预算减少1万元”，没有写增减的原因",
            RECEPTION,
            SANGONG,
        ),
        Example(
            write(TOTAL, "公务接待费3万元，与2022年公务接待费相比有所减少。"),
            "“三公总额”第1段写“与2022年公务接待费相比有所减少”，没有写增减的金额和原因",
            TOTAL,
            write(TOTAL, "公务接待费3万元，与2022年公务接待费持平，从严控制开支。"),
        ),
        Example(
            put("上年数", GUESTS, "增减原因", value="节约"),
            "“公务接待费”的增减原因“节约”不到六个字，说明不了增减",
            ("上年数", GUESTS, "增减原因"),
            put("上年数", GUESTS, "增减原因", value="减少了接待批次"),
        ),
    ),
    "YOY107": (
        Example(
            swap(CHANGED, ("相比增加50万元", "相比增加1050万元")),
            "“增减说明”第1段写“2023年部门预算收支总额1000万元”又写“与2022年预算相比增加1050万元”，上年就成了 -50.00 万元",
            CHANGED,
            swap(CHANGED, ("相比增加50万元", "相比减少1050万元")),
        ),
        Example(
            both(
                put("上年数", GUESTS, "上年数", value="0.00"),
                write(
                    RECEPTION, "公务接待费3万元，比上年增加3万元，增长100%，主要是承办全县现场会。"
                ),
            ),
            "“三公接待”第1段写“增长100%”，公务接待费上年是 0，没有百分比可言",
            RECEPTION,
            write(RECEPTION, "公务接待费3万元，比上年减少1万元，下降25%，主要是压减接待批次。"),
        ),
    ),
    "YOY108": (
        Example(
            both(
                put("上年数", PROJECT, "上年数", value="200.00"),
                write(CHANGED, "项目支出增加200万元，主要是今年预算增加。"),
            ),
            "“增减说明”第1段写“项目支出增加200万元”，变化较大，原因没有说到具体项目或人员变动",
            CHANGED,
            both(
                put("上年数", PROJECT, "上年数", value="200.00"),
                write(CHANGED, "项目支出增加200万元，主要是新增档案库房改造。"),
            ),
        ),
    ),
    "YOY109": (
        Example(
            both(
                put("上年数", GUESTS, "上年数", value="2.00"),
                put("上年数", GUESTS, "增减原因", value="承办全县档案现场会"),
            ),
            "“三公”经费本年 8.00 万元，比上年 7.00 万元增加 1.00 万元",
            ("三公经费",),
            put("上年数", CARS, "上年数", value="6.00"),
        ),
        Example(
            both(NO_LAST, write(TOTAL, "“三公”经费预算安排8万元，与上年相比增加1万元。")),
            "“三公总额”第1段写“与上年相比增加1万元”，“三公”经费比上年增加",
            TOTAL,
            both(NO_LAST, write(TOTAL, "“三公”经费预算安排8万元，与上年相比减少1万元。")),
        ),
    ),
    "YOY110": Example(
        put("基本信息", "简称", value="县档案馆"),
        "上年有、今年没有的支出科目 1 个：2080506 机关事业单位职业年金缴费支出",
        ("支出",),
        both(
            put("支出", 2, "科目编码", value="2080506"),
            put("支出", 2, "科目名称", value="机关事业单位职业年金缴费支出"),
        ),
        last=LAST_WITH_MORE,
    ),
    "YOY901": (
        Example(
            swap(CHANGED, ("项目支出增加50万元", "项目支出增加55万元")),
            "“增减说明”第1段写“项目支出增加55万元”，项目支出本年 400.00 万元减上年数 350.00 万元应为增加 50.00 万元，相差 5.00 万元",
            CHANGED,
            swap(CHANGED, ("项目支出增加50万元", "项目支出增加50.0万元")),
        ),
        Example(
            swap(CHANGED, ("项目支出增加50万元", "项目支出由上年的340万元增加到400万元")),
            "“增减说明”第1段写“项目支出由上年的340万元”，上年数是 350.00 万元，相差 -10.00 万元",
            CHANGED,
            swap(CHANGED, ("项目支出增加50万元", "项目支出由上年的350万元增加到400万元")),
        ),
    ),
}
