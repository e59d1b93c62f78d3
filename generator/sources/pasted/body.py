"""The rows below the header of a page: amounts by subject code or by label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from generator import money
from generator.balance import MEASURES, TOTAL
from generator.disclosure import TOTAL_NAME
from generator.problem import Place, Problem, Severity
from generator.sources.pasted.forms import Figure
from generator.sources.pasted.found import Cell, Found, PastedTable
from generator.sources.pasted.header import looks_like_header
from generator.sources.pasted.words import at, fold, fold_label, fold_title, is_blank, subject_code

_RUNNING_LINE = re.compile(r"预算年度|(?:单位|部门)(?:名称|编码)?\s*[：:]|第\s*\d+\s*页")


class Body:
    """The rows below the header of one page."""

    def __init__(self, pasted: PastedTable, found: Found) -> None:
        self._pasted = pasted
        self._found = found
        self._form = pasted.form
        self._page = pasted.page

    def subjects(self, start: int) -> None:
        """Rows with a subject code, and the total row."""
        form, columns = self._form, self._pasted.columns
        code_column, name_column = columns.get(form.column("编码")), form.column("名称")
        if code_column is None:
            return
        amounts = [
            (i, columns[i], column.content)
            for i, column in enumerate(form.table.columns)
            if column.content in MEASURES and i in columns
        ]
        for number, row in self._rows(start):
            code = subject_code(at(row, code_column))
            if not (code.isascii() and code.isdigit() and len(code) in form.lengths):
                if not self._is_total(row):
                    self._tell_row_without_code(number, row, code, code_column, amounts)
                    continue
                code = TOTAL
            if code in self._pasted.codes:
                self._found.tell(
                    "COD107",
                    f"“{code or TOTAL_NAME}”在这张表里出现了两次，只用了前一行",
                    self._place(number, code_column),
                    "请合并这两行，或改正编码。",
                )
                continue
            name = at(row, columns.get(name_column)).strip()
            self._pasted.codes[code] = (number, name)
            for column, index, measure in amounts:
                self._amount((measure, code), at(row, index), number, index, column)
        self._tell_rows_without_leaves(code_column)

    def labelled(self, start: int) -> None:
        """Fixed lines, each side of the page on its own."""
        columns = self._pasted.columns
        for block in self._form.blocks:
            label_column = columns.get(block.label)
            amounts = [(i, columns.get(i)) for i in block.amounts]
            if label_column is None:
                continue
            seen: dict[str, int] = {}
            for number, row in self._rows(start):
                label = fold_label(at(row, label_column))
                figures = block.lines.get((label, seen.get(label, 0)))
                seen[label] = seen.get(label, 0) + 1
                if figures is None:
                    self._tell_unknown_line(number, row, label_column, amounts)
                    continue
                for (column, index), figure in zip(amounts, figures, strict=True):
                    if index is None:
                        continue
                    if figure is not None:
                        self._amount(figure, at(row, index), number, index, column)
                    elif not is_blank(at(row, index)):
                        self._found.tell(
                            "INP112",
                            f"“{at(row, label_column).strip()}”没有对应的科目，这里的数不会用到",
                            self._place(number, index),
                            "请把它归入所属的类。",
                        )

    def serials(self, start: int) -> None:
        """TBL010: 序号 go on by one; told once in a table."""
        column = self._pasted.columns.get(self._form.column("序号"))
        if column is None:
            return
        before: int | None = None
        for number, row in self._rows(start):
            text = subject_code(at(row, column))
            if not text.isdecimal() or len(text) > 5 or self._is_running_line(row):
                continue
            serial = int(text)
            if before is not None and serial not in (before + 1, 1):
                self._found.problems.append(
                    Problem(
                        *("TBL010", "序号连续", Severity.INFO),
                        f"序号 {serial} 的上一行是 {before}",
                        place=self._place(number, column),
                        hint="请看是不是漏了行；生成的文档里序号由程序重新编。",
                    )
                )
                return
            before = serial

    def unprinted(self, start: int) -> None:
        """Words in a column that the form leaves blank; told once in a column."""
        for column, index in self._pasted.columns.items():
            if not self._form.table.columns[column].blank:
                continue
            filled = [
                number
                for number, row in self._rows(start)
                if not is_blank(at(row, index)) and not self._is_running_line(row)
            ]
            if filled:
                self._found.tell(
                    "INP112",
                    f"“{self._form.shown[column]}”这一列按格式不填，"
                    f"这里写了 {len(filled)} 格，不会用到",
                    self._place(filled[0], index),
                    "请删去这一列里的字；要公开的，写到“文字”里。",
                )

    def _rows(self, start: int) -> Iterator[tuple[int, list[str]]]:
        """The rows down to the note."""
        for number, row in enumerate(self._page.rows[start:], start):
            first = next((cell for cell in row if cell and not cell.isspace()), None)
            if first is None:
                continue
            if first.lstrip().startswith(("注", "备注")):
                return
            yield number, row

    def _is_running_line(self, row: Sequence[str]) -> bool:
        """What an export of several pages repeats: title, department, header, 栏次."""
        text = "".join(row)
        if _RUNNING_LINE.search(text):
            return True
        words = [fold(cell) for cell in row if cell and not cell.isspace()]
        if words[0] == "栏次" or [subject_code(word) for word in words] == [
            str(i) for i in range(1, max(len(words), 2) + 1)
        ]:
            return True
        return looks_like_header(self._form, words) or any(
            title in fold_title(text) for title in self._form.titles
        )

    def _is_total(self, row: Sequence[str]) -> bool:
        """合计 stands in the column of the names, or in the first of cells merged with it."""
        totals = (fold(self._form.table.total_label), TOTAL_NAME, "总计")
        columns = (self._form.column(content) for content in ("序号", "编码", "名称"))
        return any(fold(at(row, self._pasted.columns.get(c))) in totals for c in columns)

    def _amount(self, figure: Figure, text: str, row: int, index: int, column: int) -> None:
        if is_blank(text):
            self._pasted.blanks.append((figure, row, index))
            return
        problem = ""
        try:
            amount = money.parse(text)
        except money.NotAnAmount:
            shown = text.strip()[:30] + ("…" if len(text.strip()) > 30 else "")
            rule, problem = "FMT109", f"“{shown}”不是数，请填阿拉伯数字，如 1234.56"
        else:
            if amount < 0:
                rule = "FMT103"
                problem = f"{money.plain(amount)} 是负数，预算金额不能为负"
            elif money.decimals(amount) > 2:
                rule = "INP106"
                problem = f"{money.plain(amount)} 的小数超过两位，请四舍五入后再填"
        if problem:
            place = self._place(row, index)
            self._found.tell(rule, f"“{self._form.shown[column]}”：{problem}", place)
        else:
            self._pasted.cells[figure] = Cell(amount, row, index)

    def _tell_row_without_code(
        self,
        number: int,
        row: Sequence[str],
        code: str,
        code_column: int,
        amounts: Iterable[tuple[int, int, str]],
    ) -> None:
        """A row of words without amounts is a heading or a page's foot and says nothing."""
        blank = all(is_blank(at(row, index)) for _, index, _ in amounts)
        if blank or self._is_running_line(row):
            return
        place = self._place(number, code_column)
        if not code:
            self._found.tell(
                "INP104", "这一行没有科目编码，里面的数不会用到", place, "请填上科目编码。"
            )
        elif self._form.table.source == "经济科目":
            self._found.tell(
                "COD105",
                f"经济分类科目编码“{code[:30]}”应为 5 位数字（款）或 3 位数字（类）",
                place,
                "请改正编码。",
            )
        else:
            self._found.tell(
                "COD104",
                f"功能分类科目编码“{code[:30]}”应为 7 位数字（项），或 5 位（款）、3 位（类）",
                place,
                "请改正编码。",
            )

    def _tell_rows_without_leaves(self, code_column: int) -> None:
        """The tables go down to 项 (T6: 款); a higher row that stands alone has lost its parts."""
        codes, longest = self._pasted.codes, self._form.lengths[-1]
        parents = {code[:length] for code in codes for length in (3, 5) if len(code) > length}
        amounts = {row for _, row in self._pasted.cells}
        rule, level = ("COD104", "项") if longest == 7 else ("COD105", "款")
        for code, (number, _) in codes.items():
            if 0 < len(code) < longest and code not in parents and code in amounts:
                self._found.tell(
                    rule,
                    f"科目 {code} 下面没有“{level}”级的行",
                    self._place(number, code_column),
                    f"公开表要列到“{level}”，请补上 {code} 下面的各行。",
                )

    def _tell_unknown_line(
        self,
        number: int,
        row: Sequence[str],
        label_column: int,
        amounts: Iterable[tuple[int, int | None]],
    ) -> None:
        filled = [i for _, i in amounts if i is not None and not is_blank(at(row, i))]
        label = at(row, label_column).strip()
        if not filled or self._is_running_line(row):
            return
        if label:
            self._found.tell(
                "INP103",
                f"{self._form.table.name}没有“{label}”这一行，里面的数不会用到",
                self._place(number, label_column),
                "请改成公开表的项目名称，或删去这一行。",
            )
        else:
            self._found.tell(
                "INP104", "这个数所在的行没有写项目，不会用到", self._place(number, filled[0])
            )

    def _place(self, row: int, column: int) -> Place:
        return self._found.place(self._page, row, column)
