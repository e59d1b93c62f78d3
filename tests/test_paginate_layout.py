"""The paginator's parts: lines of text, blocks on pages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.render.paginate.flow import Block, Chain, Layout, Row, SectionEnd, Table, Text
from generator.render.paginate.geometry import Page
from generator.render.paginate.lines import Limits, Measure, may_break
from generator.render.paginate.rulers import BOLD, NARROW, REGULAR

EM = 100  # the size of the text in these tests


# --- lines ----------------------------------------------------------------------------------------


def lines(text: str, columns: float, *, cell: bool = False, first: int = 0) -> list[str]:
    """A text in a column of so many characters' width, with the least widths."""
    ends = Measure(NARROW).breaks(text, EM, int(columns * EM), first, cell=cell)
    return [text[i:j] for i, j in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("一二三四五六", 4, ["一二三四", "五六"]),
        ("一二三四", 4, ["一二三四"]),
        ("一二三（四五）", 4, ["一二三", "（四五）"]),  # no opening mark at the end of a line
        ("一二三四》五", 4, ["一二三", "四》五"]),  # no closing mark at the beginning
        ("一二三“四五”", 4, ["一二三", "“四五”"]),
        ("一二三四。五", 4, ["一二三四。", "五"]),  # a full stop hangs over the edge
        ("一二三四，", 4, ["一二三四，"]),
        ("一二“三”。五", 5, ["一二“三”。", "五"]),  # also after another mark
        ("一二三四:五", 4, ["一二三四:", "五"]),
        ("一二三23）。五", 5.2, ["一二三", "23）。五"]),  # but not after a number
        ("一二三四五12.50元", 6, ["一二三四五", "12.50元"]),  # a number is not parted
        ("一二三2023-12-31四", 6, ["一二三2023-", "12-31四"]),  # but after a hyphen it is
        ("一二三OA系统", 5, ["一二三OA", "系统"]),
        ("一二三四 五六", 4, ["一二三四 ", "五六"]),  # a blank at the end takes no room
        ("1234567890", 2, ["1234", "5678", "90"]),  # nothing is allowed: anywhere
        ("（2023）一", 2, ["（", "2023", "）一"]),  # … but rather where the script changes
        ("", 4, [""]),
    ],
)
def test_where_lines_of_running_text_end(text: str, columns: float, expected: list[str]) -> None:
    assert lines(text, columns) == expected


def test_nothing_hangs_over_the_edge_of_a_cell() -> None:
    assert lines("一二三四。五", 4, cell=True) == ["一二三", "四。五"]
    assert lines("一二，12", 3, cell=True) == ["一", "二，12"]


def test_the_first_line_is_indented() -> None:
    assert lines("一二三四五六", 4, first=2 * EM) == ["一二", "三四五六"]


def test_a_gap_stands_between_chinese_and_latin() -> None:
    """0.2 em on each side of the number: 2 + 0.4 + 2 × 0.5 em."""
    assert lines("一12二", 3.4) == ["一12二"]
    assert lines("一12二", 3.3) == ["一12", "二"]
    assert lines("一（12）二", 5) == ["一（12）二"]  # none next to punctuation


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        *(("国", "家", True), ("国", "，", False), ("《", "国", False), ("国", "1", True)),
        *(("1", "国", True), ("1", "%", False), ("%", "国", True), ("a", "b", False)),
        *(("甲", "①", True), ("é", "国", True), ("）", "1", False)),
    ],
)
def test_where_a_line_may_end(before: str, after: str, allowed: bool) -> None:
    assert may_break(before, after) is allowed


def test_line_breaks_within_a_paragraph_count() -> None:
    assert Limits(REGULAR).lines("一\n二\n三", EM, 40 * EM) == (3, 3)


@pytest.mark.parametrize(
    ("text", "columns", "regular", "bold"),
    [
        ("1" * 10, 5, 2, 2),  # half an em in Chinese fonts, more in others
        ("1" * 10, 6.5, 1, 2),  # 0.636 em in DejaVu Sans, 0.696 when bold
        ("," * 12, 6, 1, 1),  # half an em in Chinese fonts, less in others
        ("1," * 10, 10.8, 1, 1),  # no font has both the widest digits and the widest commas
        ("国" * 10, 10, 1, 1),
    ],
)
def test_the_most_lines_are_those_of_one_font(
    text: str, columns: float, regular: int, bold: int
) -> None:
    for fonts, expected in ((REGULAR, regular), (BOLD, bold)):
        assert Limits(fonts).lines(text, EM, int(columns * EM))[1] == expected


TEXTS = st.text(alphabet="国家预算，。、（）《》“”12.5%-aMW OA—…①㎡", max_size=120)


@given(TEXTS, st.integers(3, 44), st.booleans())
def test_no_font_needs_more_lines(text: str, columns: int, cell: bool) -> None:
    """Words too long for a line aside, which end in odd places."""
    few, many = Limits(REGULAR).lines(text, EM, columns * EM, cell=cell)
    assert 1 <= few <= many
    for ruler in REGULAR.each:
        assert few - 1 <= Measure(ruler).lines(text, EM, columns * EM, cell=cell) <= many + 1


@given(TEXTS, st.integers(3, 44))
def test_every_character_stands_on_a_line(text: str, columns: int) -> None:
    assert "".join(lines(text, columns)) == text


# --- pages ----------------------------------------------------------------------------------------

SMALL = Page(width=1000, height=1000, start=None)


def text(at: int, few: int, many: int | None = None, **more: Any) -> Text:
    """A paragraph with lines of 100."""
    many = few if many is None else many
    fields = {"keep_next": False, "new_page": False, **more}
    return Text(at, at, 100, 0, 0, few, many, **fields)


def pages_of(*blocks: Block) -> tuple[list[int], Layout]:
    """The page of each block."""
    layout = Layout([SMALL])
    layout.run(blocks)
    return [page for _, page in layout.starts], layout


def test_paragraphs_break_between_lines() -> None:
    assert pages_of(text(0, 8), text(1, 4), text(2, 8), text(3, 1))[0] == [0, 0, 1, 2]


def test_a_paragraph_may_be_longer_than_a_page() -> None:
    assert pages_of(text(0, 5), text(1, 27), text(2, 1))[0] == [0, 0, 3]


def test_a_heading_moves_with_what_follows() -> None:
    assert pages_of(text(0, 9), text(1, 1, keep_next=True), text(2, 3))[0] == [0, 1, 1]
    assert pages_of(text(0, 8), text(1, 1, keep_next=True), text(2, 3))[0] == [0, 0, 0]


def test_a_section_and_a_page_break_begin_a_page() -> None:
    assert pages_of(text(0, 1), SectionEnd(), text(1, 1, new_page=True))[0] == [0, 1]
    assert pages_of(text(0, 1), text(1, 1, new_page=True), text(2, 1))[0] == [0, 1, 1]


def table(at: int, *heights: int, headers: int = 1, keep: int = 0) -> Table:
    """A table; ``keep`` rows after the header stay with the next."""
    return Table(
        at,
        [Row(h, i < headers, headers <= i < headers + keep) for i, h in enumerate(heights)],
        border=10,
    )


def test_the_header_of_a_table_comes_again() -> None:
    """Eight rows of 110 below a header of 100: a page holds eight, not nine."""
    assert pages_of(table(0, 100, *[110] * 8), text(1, 1))[0] == [0, 1]
    assert pages_of(table(0, 100, *[110] * 16), text(1, 1))[0] == [0, 2]
    assert pages_of(table(0, 100, *[110] * 15), text(1, 1))[0] == [0, 1]


def test_the_line_below_the_last_row_needs_room() -> None:
    assert pages_of(text(0, 5), table(1, 100, 390), text(2, 1))[0] == [0, 0, 1]
    assert pages_of(text(0, 5), table(1, 100, 400), text(2, 1))[0] == [0, 1, 1]


def test_a_table_moves_when_its_first_rows_do_not_fit() -> None:
    assert pages_of(text(0, 6), table(1, 100, 200, 200, keep=1))[0] == [0, 1]
    assert pages_of(text(0, 6), table(1, 100, 200, 200))[0] == [0, 0]


@pytest.mark.parametrize(
    ("height", "edge"), [(387, False), (388, True), (395, True), (403, True), (404, False)]
)
def test_a_page_begins_before_a_table_on_the_edge(height: int, edge: bool) -> None:
    """Its first rows fit if the line below them (10) does not count, and do not if it does."""
    blocks: list[Block] = [text(0, 4), text(1, 1, keep_next=True), table(2, 100, height, 50)]
    pages, layout = pages_of(*blocks)
    assert list(layout.breaks.values()) == ([1] if edge else [])
    assert pages == [0, 0, 0] if height < 388 else [0, 1, 1]


def test_a_page_begins_before_a_table_whose_place_is_not_known() -> None:
    blocks: list[Block] = [text(0, 3, 4), text(1, 1, keep_next=True), table(2, 100, 450, 50)]
    assert list(pages_of(*blocks)[1].breaks.values()) == [1]


def test_pages_are_made_equal_before_a_heading() -> None:
    """Nine lines or ten: the heading would stand on the first page or on the second."""
    blocks = [text(0, 4), text(1, 4, 5), text(2, 1, keep_next=True, heading=True), text(3, 1)]
    pages, layout = pages_of(*blocks)
    assert pages == [0, 0, 1, 1]
    assert list(layout.breaks.values()) == [2]


def test_the_page_begins_as_late_as_it_can() -> None:
    blocks = [text(0, 4), text(1, 3), text(2, 2, 4), text(3, 1, heading=True), text(4, 1)]
    pages, layout = pages_of(*blocks)
    assert list(layout.breaks.values()) == [2]
    assert pages == [0, 0, 1, 1, 1]


def test_pages_that_agree_are_left_alone() -> None:
    """The lines differ, but no heading's page does."""
    blocks = [text(0, 7, 8), text(1, 6), text(2, 4), text(3, 1, heading=True)]
    pages, layout = pages_of(*blocks)
    assert pages[-1] == 1 and not layout.breaks


def test_what_cannot_be_made_equal_does_not_upset_the_rest() -> None:
    """A paragraph of more than a page from the top: no page can begin within it."""
    blocks = [text(0, 9, 11), text(1, 1, heading=True, new_page=True), text(2, 4), text(3, 3, 4)]
    pages, layout = pages_of(*blocks, text(4, 1, keep_next=True, heading=True), text(5, 1))
    assert pages == [0, 1, 1, 1, 2, 2]
    assert list(layout.breaks.values()) == [4]


def test_what_may_not_begin_a_page_is_passed_over() -> None:
    without = text(1, 4, 5)
    without.anchor = -1
    assert Chain([], without).anchor == -1
    _, layout = pages_of(text(0, 4), text(2, 1), without, text(3, 1, heading=True), text(4, 1))
    assert list(layout.breaks.values()) == [3]
