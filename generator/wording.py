"""Figures into Chinese sentences: the explanatory text, chapter by chapter.

The sentences stand in the pack (``sections.yaml``); this module knows what their references mean.
A user's own text may use the same references, so that it cannot disagree with the tables. What a
sentence needs and the input lacks (last year's figure, a reason) is a problem with a place; the
sentence then shows 【待补】, which only a draft can print.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from generator.disclosure import Disclosure
from generator.form import Form, fill, nearest
from generator.money import ZERO, fixed, short
from generator.pack import Alternative, Listing, Slot
from generator.problem import Path, Problem, input_problem
from generator.references import AMOUNTS, CHANGES

MISSING: Final = "【待补】"
_LEAD_IN: Final = re.compile(r"^(?:主要)?(?:是由于|是因为|原因是|原因为|是|为)[，：:]?")
LEFT_OUT: Final = ("（不写）",)
"""How a workbook, where a blank cell means the form's own sentence, leaves a paragraph out."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanatory text of one disclosure, every piece as printed."""

    title: str
    introduction: list[str]
    chapter_titles: dict[str, str]
    texts: dict[str, list[str]]
    glossary: list[str]


def explain(disclosure: Disclosure, form: Form) -> tuple[Explanation, list[Problem]]:
    """Write the text of sections 一 to 九; the user's own paragraphs replace the form's."""
    writer = _Writer(disclosure, form)
    sections = form.pack.sections
    for key in disclosure.texts:
        if key not in sections.slots:
            writer.tell(
                "INP103",
                f"情况说明里没有“{key}”这一段",
                ("文字", key),
                nearest(key, sections.slots) or f"可以写的段：{'、'.join(sections.slots)}。",
            )
    explanation = Explanation(
        form.say(sections.explanation_title),
        [writer.form_text(sections.introduction)],
        {c.key: form.say(c.title) for c in sections.chapters},
        {slot.key: writer.slot(slot) for slot in sections.slots.values()},
        writer.glossary(),
    )
    writer.tell_empty_projects()
    writer.tell_units_not_given()
    writer.tell_what_is_not_printed()
    return explanation, writer.problems


class _Writer:
    def __init__(self, disclosure: Disclosure, form: Form) -> None:
        self.disclosure = disclosure
        self.form = form
        self.figures = disclosure.figures
        self._told: dict[Problem, None] = {}
        self._asked: set[str] = set()  # references that some sentence of this document used
        self._open: set[str] = set()  # references that are just being filled in
        self._last_year: dict[str, tuple[int, Decimal | None, str]] = {
            row.item: (i, row.amount, row.reason) for i, row in enumerate(disclosure.last_year)
        }
        drop = form.facts["文字末尾零"] == "去掉"
        self._money: Callable[[Decimal], str] = (
            short if drop else lambda amount: fixed(amount) if amount else "0"
        )

    @property
    def problems(self) -> list[Problem]:
        return list(self._told)

    def tell(self, rule: str, message: str, path: Path, hint: str = "") -> None:
        """Report once: two sentences that lack the same figure are one problem."""
        self._told[input_problem(rule, message, path, hint=hint or None)] = None

    # --- paragraphs -------------------------------------------------------------------------

    def slot(self, slot: Slot) -> list[str]:
        """The paragraphs of one slot: the user's, else the form's."""
        own = self.disclosure.texts.get(slot.key)
        if own == LEFT_OUT:
            own = ()
        if own or (own is not None and not slot.required):
            return [
                self._own_text(text, f"“{slot.key}”的第 {i + 1} 段", ("文字", slot.key, i))
                for i, text in enumerate(own)
            ]
        if slot.required:
            self.tell(
                "WRD104",
                f"没有写“{slot.key}”",
                ("文字", slot.key),
                f"{slot.required}。",
            )
            return [MISSING]
        text = self.form_text(slot.text)
        return [text] if text else []

    def form_text(self, wording: Iterable[Alternative]) -> str:
        """A sentence of the pack, filled in."""
        return self.form.complete(wording, self._value)

    def _own_text(self, text: str, where: str, path: Path) -> str:
        """A text of the user's, its references filled in; an unknown one is told once."""
        unknown: dict[str, None] = {}
        said = fill(text, self._value, lambda name: unknown.setdefault(name))
        known = (*self.form.words, *_REFERENCES)
        for name in unknown:
            self.tell(
                "WRD103",
                f"{where}引用了“{{{name}}}”，没有这个名称",
                path,
                nearest(name, known) or "可用的名称见 README 的“文字里的引用”。",
            )
        return said

    def _value(self, name: str) -> str | None:
        self._asked.add(name)
        if name in self._open:
            return None  # a reason that refers to itself
        self._open.add(name)
        try:
            if name in _REFERENCES:
                return _REFERENCES[name](self)
            if name in self.form.words:
                return self.form.words[name]
            phrase = self.form.pack.sections.phrases.get(name)
            return None if phrase is None else self.form_text(phrase)
        finally:
            self._open.discard(name)

    def glossary(self) -> list[str]:
        """The form's terms, with the user's own definitions in their place or after them."""
        own = {
            term.term: self._own_text(
                term.definition, f"“{term.term}”的解释", ("名词解释", i, "解释")
            )
            for i, term in enumerate(self.disclosure.glossary)
        }
        terms = {
            term.term: own.pop(term.term, "") or self._form_definition(term.definition)
            for term in self.form.pack.glossary
        }
        terms |= own
        line = self.form.pack.sections.glossary_line
        return [
            self.form.say(line, 序号=str(number), 名词=term, 解释=text)
            for number, (term, text) in enumerate(terms.items(), 1)
        ]

    def _form_definition(self, definition: str) -> str:
        return self.form.say([Alternative.model_validate({"文": definition})])

    def tell_empty_projects(self) -> None:
        """五: a project without goals or indicators would be published as an empty table."""
        for i, project in enumerate(self.disclosure.projects):
            for what, given, column in (
                ("绩效目标", project.goals, "绩效目标"),
                ("绩效指标", project.indicators, "项目名称"),
            ):
                if not given:
                    self.tell(
                        "WRD106",
                        f"项目“{project.name}”没有{what}",
                        ("项目", i, column),
                        f"请补上{what}。",
                    )

    def tell_units_not_given(self) -> None:
        """STR011: with parts, the second would say that a department of several has no units."""
        disclosure, facts = self.disclosure, self.form.facts
        if (
            disclosure.basics.kind == "部门"
            and facts["分部分"] == "分"
            and facts["多个机构"] == "是"
            and not disclosure.subordinates
        ):
            self.tell(
                "WRD107",
                f"机构设置有 {len(disclosure.institutions)} 个机构，却没有所属单位的预算，"
                "第二部分会写成没有所属单位",
                ("机构设置",),
                "请填“所属单位”；所属单位不在这份文档里公开的，把格式选项“分部分”改为“不分”。",
            )

    def tell_what_is_not_printed(self) -> None:
        """What was filled in and no sentence of this form uses."""
        basics = self.disclosure.basics
        for row_at, row in enumerate(self.disclosure.last_year):
            used = any(
                f"{name}原因" in self._asked and row.item == item
                for name, (_, item) in CHANGES.items()
            )
            if row.reason and not used:
                self.tell(
                    "INP115",
                    f"“{row.item}”的增减原因没有用到，这种写法的正文不说它的原因",
                    ("上年数", row_at, "增减原因"),
                )
        unused = [
            ("专项公用经费", basics.special_public, "专项公用经费" in self._asked, "支出说明"),
            ("编制", basics.prepared_by, self.form.facts["封面"] == "编制审核", "封面"),
            ("审核", basics.reviewed_by, self.form.facts["封面"] == "编制审核", "封面"),
        ]
        for key, value, used, switch in unused:
            if value and not used:
                self.tell(
                    "INP115",
                    f"“{key}”没有用到，按现在的格式选项“{switch}”不印它",
                    ("基本信息", key),
                )

    # --- references -------------------------------------------------------------------------

    def _now(self, name: str) -> Decimal | None:
        """This year's figure of a reference (万元); None when it was not entered."""
        if name in AMOUNTS:
            measure, row = AMOUNTS[name]
            return self.figures.get(measure, row)
        special = self.disclosure.basics.special_public
        if special is None:
            self.tell(
                "INP104",
                "没有填专项公用经费",
                ("基本信息", "专项公用经费"),
                "支出分四项说明时需要它；没有就填 0。",
            )
            return None
        if name == "专项公用经费":
            return special
        return self.figures.get("expenditure.project") - special

    def _amount(self, name: str) -> str:
        amount = self._now(name)
        return MISSING if amount is None else self._money(amount)

    def _before(self, name: str) -> Decimal | None:
        """Last year's figure of a reference; each item that is missing is told with its place."""
        items, _ = CHANGES[name]
        if all(amount is None for _, amount, _ in self._last_year.values()):
            self.tell(
                "WRD101",
                "上年数一项也没有填，写不出与上年相比的增减",
                ("上年数",),
                "请在“上年数”里填各项的上年预算数（没有就填 0），或自己写这几段文字。",
            )
            return None
        amounts: list[Decimal] = []
        for item in items:
            _, amount, _ = self._last_year.get(item, (0, None, ""))
            if amount is None:
                self.tell(
                    "WRD101",
                    f"缺少“{item}”的上年数，写不出与上年相比的增减",
                    self._item_path(item, "上年数"),
                    f"请在“上年数”里填“{item}”的上年预算数（没有就填 0），或自己写这一段文字。",
                )
            else:
                amounts.append(amount)
        if len(amounts) < len(items):
            return None
        if name == "专项公用以外项目支出":
            return amounts[0] - amounts[1]
        return sum(amounts, ZERO)

    def _item_path(self, item: str, column: str) -> Path:
        if item not in self._last_year:
            return ("上年数", item, column)  # the form has the item's row all the same
        return ("上年数", self._last_year[item][0], column)

    def _difference(self, name: str) -> Decimal | None:
        before, now = self._before(name), self._now(name)
        return None if before is None or now is None else now - before

    def _change(self, name: str) -> str:
        difference = self._difference(name)
        if difference is None:
            return MISSING
        words = self.form.pack.sections.change
        if not difference:
            return words.same
        pattern = words.rise if difference > 0 else words.fall
        return pattern.replace("{数}", self._money(abs(difference)))

    def _reason(self, name: str) -> str:
        difference = self._difference(name)
        if not difference:
            return ""  # unchanged, or unknown and already told
        _, item = CHANGES[name]
        _, _, reason = self._last_year.get(item, (0, None, ""))
        if not reason:
            more = "增加" if difference > 0 else "减少"
            self.tell(
                "WRD102",
                f"“{item}”比上年{more} {fixed(abs(difference))} 万元，没有写原因",
                self._item_path(item, "增减原因"),
                f"请在“上年数”的“{item}”一行填写增减原因。",
            )
            reason = MISSING
        else:
            reason = self._own_text(
                reason, f"“{item}”的增减原因", self._item_path(item, "增减原因")
            )
        # The form's own words stand before it and a stop after it.
        bare = _LEAD_IN.sub("", reason).rstrip("。，；、,; ")
        return self.form.pack.sections.change.reason.replace("{原因}", bare)

    # --- listings ---------------------------------------------------------------------------

    def _listing(self, name: str, items: Iterable[tuple[str, Decimal]]) -> str:
        style: Listing = self.form.pack.sections.listings[name]
        written = [
            style.item.replace("{名}", label).replace("{数}", self._money(amount))
            for label, amount in items
        ]
        return style.head + style.joint.join(written) if written else ""

    def _income_sources(self) -> str:
        sources = self.form.pack.sections.income_sources[self.form.facts["收入来源"]]
        return self._listing(
            "收入来源",
            [(s.name, sum((self.figures.get(m) for m in s.take), ZERO)) for s in sources],
        )

    def _other_expenditure(self) -> str:
        """经营支出, 上解, 补助 and 年终结转 where there are any, so that the parts add up."""
        names = ("经营支出", "上解上级支出", "对附属单位补助支出", "年终结转")
        amounts = [(name, self.figures.get(*AMOUNTS[name])) for name in names]
        return self._listing("其他支出", [(name, amount) for name, amount in amounts if amount])

    def _rest_of_change(self, listing: str, parts: Sequence[str]) -> str:
        """YOY101: what the change of the total has beside the parts named, so that they add up."""
        last: dict[str, Decimal | None]
        last = {row.item: row.amount for row in self.disclosure.last_year}
        rest = ZERO
        for name in ("支出总计", *parts):
            if (before := last.get(name)) is None:
                return ""  # what the sentence lacks has been told
            change = self.figures.get(*AMOUNTS[name]) - before
            rest += change if name == "支出总计" else -change
        if not rest:
            return ""
        words = self.form.pack.sections.change
        pattern = words.rise if rest > 0 else words.fall
        style = self.form.pack.sections.listings[listing]
        return style.item.replace("{数}", pattern.replace("{数}", self._money(abs(rest))))

    def _basic_beside_general(self) -> str:
        whole = self.figures.get("expenditure.basic")
        return self._money(whole - self.figures.get("economic.total"))

    def _projects(self) -> str:
        items: list[tuple[str, Decimal]] = []
        for i, project in enumerate(self.disclosure.projects):
            if project.amount is None:
                self.tell(
                    "WRD105",
                    f"项目“{project.name}”没有填金额，支出说明里列不出来",
                    ("项目", i, "金额"),
                    "请填金额，或把格式选项“项目明细”改为“不列”。",
                )
            else:
                items.append((project.name, project.amount))
        return self._listing("项目明细", items)

    def _public_items(self, name: str) -> str:
        names = {**{c: s.name for c, s in self.form.pack.economic.items()}}
        names |= self.disclosure.economic_names
        codes = [c for c in self.figures.rows(["economic.public"]) if len(c) == 5]
        return self._listing(
            name, [(names.get(c, c), self.figures.get("economic.public", c)) for c in codes]
        )

    def _planned_assets(self) -> Decimal:
        """AST105: purchases of the catalogue's asset classes; paper and the like do not count."""
        classes = self.form.pack.sections.asset_catalogue
        return sum(
            (
                row.amount
                for row in self.disclosure.procurement
                if row.sum_row is None and row.catalogue_code.startswith(classes)
            ),
            ZERO,
        )


def _references() -> Iterator[tuple[str, Callable[[_Writer], str]]]:
    """What each reference is filled in with, beside the form's own words.

    Functions of a writer, which holds none of them: a circle would keep the whole disclosure in
    memory until the garbage is collected.
    """
    for name in (*AMOUNTS, "专项公用经费", "专项公用以外项目支出"):
        yield name, partial(_Writer._amount, name=name)
    for name in CHANGES:
        yield f"{name}变化", partial(_Writer._change, name=name)
        yield f"{name}原因", partial(_Writer._reason, name=name)
    for listing, parts in (
        ("其他支出增减", ("基本支出", "项目支出")),
        ("四项以外增减", ("人员经费", "公用经费", "项目支出")),
    ):
        yield listing, partial(_Writer._rest_of_change, listing=listing, parts=parts)
    for name in ("公用经费明细", "公用经费项目"):
        yield name, partial(_Writer._public_items, name=name)
    yield "采购合计", lambda writer: fixed(writer.figures.get("procurement.total"))
    yield "固定资产总额", lambda writer: fixed(writer.figures.get("asset.value"))
    yield "拟购置固定资产", lambda writer: fixed(writer._planned_assets())
    yield "收入来源", _Writer._income_sources
    yield "其他支出", _Writer._other_expenditure
    yield "项目明细", _Writer._projects
    yield "一般公共预算以外基本支出", _Writer._basic_beside_general


_REFERENCES: Final = dict(_references())


_DIGITS = "零一二三四五六七八九"


def chinese_number(n: int) -> str:
    """1 → 一, 12 → 十二, 105 → 一百零五; for 1 to 9999, as numbers of headings."""
    if n < 10:
        return _DIGITS[n]
    if n < 20:
        return "十" + (_DIGITS[n - 10] if n > 10 else "")
    for size, unit in ((1000, "千"), (100, "百"), (10, "十")):
        if n >= size:
            head, rest = divmod(n, size)
            text = _DIGITS[head] + unit
            if rest:
                gap = "零" if rest < size // 10 else ""
                tail = chinese_number(rest)
                text += gap + ("一" + tail if 10 <= rest < 20 else tail)
            return text
    raise ValueError(n)
