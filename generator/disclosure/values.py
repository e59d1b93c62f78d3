"""The scalars of an input: text, amounts, codes, choices, as people type them.

A pydantic error's ``type`` is the id of the rule that the value breaks.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from generator import money

MAX_ROWS: Final = 20_000
MAX_TEXT: Final = 200_000  # characters in one text; a whole chapter is a tenth of it

STAND_IN: Final = "【待补】"
"""What a draft shows in the place of a fact that is missing or wrong."""

# --- scalar types -------------------------------------------------------------------------

# What XML 1.0 cannot carry: control characters, lone surrogates, two non-characters. And what turns
# the direction of the words after it: 9065.18 would be read here and 81.5609 be seen.
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# Zero-width blanks, soft hyphens, direction marks and other characters without a shape come along
# with pasted text; two words that look the same must be the same.
_INVISIBLE: Final = dict.fromkeys(
    [
        *map(ord, "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u3164\ufeff\uffa0"),
        *range(0x180B, 0x1810),
        *range(0x200B, 0x2010),
        *range(0x2060, 0x2066),
        *range(0x206A, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xFFF0, 0xFFFC),
        *range(0x1BCA0, 0x1BCA4),
        *range(0x1D173, 0x1D17B),
        *range(0xE0000, 0xE1000),
    ]
)
# An accent belongs on a letter; struck through or circled, a digit is another one to the eye.
_MARK: Final = re.compile(
    "(?<![A-Za-z\u00c0-\u024f\u0300-\u036f])"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_OTHER_DIGIT: Final = re.compile(r"[^\D0-9０-９]")
"""Mathematical, Arabic and other digits; those of full width are told by a check."""
# Of such characters alone a text has nothing to take out: what a keyboard has, and Chinese.
_ORDINARY: Final = re.compile(
    r"[ -~\u2014\u2018-\u201d\u2026\u2264\u2265\u3000-\u301c\u4e00-\u9fa5\uff01-\uff5e]*+"
)
_BREAKS = re.compile(r"[\r\n\u2028\u2029\x85]+")


def _readable(value: Any) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("INP109", "这里应填一段文字，不能是列表或下级项目，请对照样例")
    if len(value) > MAX_TEXT:
        raise PydanticCustomError(
            "INP111",
            "文字有 {length} 个字，超过 {limit} 个字的上限，请缩短",
            {"length": len(value), "limit": MAX_TEXT},
        )
    if found := _FORBIDDEN.search(value):
        raise PydanticCustomError(
            "INP108",
            "第 {position} 个字是不可见的非法字符（U+{code}），请删去后重新输入",
            {"position": found.start() + 1, "code": f"{ord(found[0]):04X}"},
        )
    return value if value.isascii() else _plain(value)


def _plain(value: str) -> str:
    """Without what has no shape, and with the digits that everything else reads."""
    value = value.translate(_INVISIBLE)
    if found := _MARK.search(value):
        raise PydanticCustomError(
            "INP108",
            "第 {position} 个字是附加在别的字上的符号（U+{code}），请删去后重新输入",
            {"position": found.start() + 1, "code": f"{ord(found[0]):04X}"},
        )
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), value)


def _text(value: Any) -> str:
    """One line: a hard line break pasted into a name or a cell is taken out."""
    if type(value) is str and len(value) <= MAX_TEXT and _ORDINARY.fullmatch(value):
        return value.strip()  # nearly every cell
    return "".join(map(str.strip, _BREAKS.split(_readable(value))))


def _paragraphs(value: Any) -> tuple[Any, ...]:
    """Paragraphs: a list of texts, or one text whose line breaks part the paragraphs.

    Blank lines and the blanks around a paragraph go: the template indents, not the space bar.
    What is no text stays, so that it is told with its number.
    """
    parts = value if isinstance(value, list | tuple) else [value]
    lines: list[Any] = []
    for part in parts:
        splittable = isinstance(part, str) and len(part) <= MAX_TEXT
        lines += map(str.strip, _BREAKS.split(part)) if splittable else [part]
    return tuple(line for line in lines if line != "")


def _number(value: Any, most_decimals: int) -> Decimal | None:
    if isinstance(value, Decimal):
        number = value
    else:
        text = _text(value)
        if not text:
            return None
        try:
            number = money.parse(text)
        except money.NotAnAmount:
            shown = text if len(text) <= 30 else text[:30] + "…"
            raise PydanticCustomError(
                "FMT109", "“{text}”不是数，请填阿拉伯数字，如 1234.56", {"text": shown}
            ) from None
    if number < 0:
        raise PydanticCustomError(
            "FMT103", "{number} 是负数，预算里的数不能为负，请核对", {"number": money.plain(number)}
        )
    if money.decimals(number) > most_decimals:
        raise PydanticCustomError(
            "INP106",
            "{number} 的小数超过{most}位，请四舍五入后再填",
            {"number": money.plain(number), "most": "两" if most_decimals == 2 else "六"},
        )
    return number


def _amount(value: Any) -> Decimal | None:
    number = _number(value, 2)
    return None if number is None else number.quantize(money.CENT)


def _quantity(value: Any) -> Decimal | None:
    number = _number(value, 6)
    return None if number is None else Decimal(money.plain(number))


def _code(value: Any) -> str:
    """A subject code; spreadsheets hand whole numbers on as ``2010301.0``."""
    text = _text(value).translate({0xFF10 + i: str(i) for i in range(10)})
    return text[:-2] if text.endswith(".0") else text


def _budget_code(value: Any) -> str:
    """A department's code; Chinese numerals stand in no list."""
    code = _code(value)
    if code and code != STAND_IN and not any(c.isascii() and c.isalnum() for c in code):
        raise PydanticCustomError(
            "INP105", "“{code}”不是预算编码，请填阿拉伯数字，如 113", {"code": code[:30]}
        )
    return code


def _catalogue_code(value: Any) -> str:
    """A procurement code: full width, small letters and blanks are slips of the keyboard."""
    return unicodedata.normalize("NFKC", _text(value)).replace(" ", "").upper()


def _functional_code(value: Any) -> str:
    code = _code(value)
    if code and not (code.isascii() and code.isdigit() and len(code) in (3, 5, 7)):
        raise PydanticCustomError(
            "COD104",
            "“{code}”不是功能分类科目编码，请填 7 位数字（项）；类 3 位、款 5 位只用于合计行",
            {"code": code[:30]},
        )
    return code


def _economic_code(value: Any) -> str:
    code = _code(value)
    if code and not (code.isascii() and code.isdigit() and len(code) in (3, 5)):
        raise PydanticCustomError(
            "COD105",
            "“{code}”不是经济分类科目编码，请填 5 位数字（款）；类 3 位只用于合计行",
            {"code": code[:30]},
        )
    return code


def _year(value: Any) -> int:
    text = _code(value) if not isinstance(value, int) else str(value)
    text = text.removesuffix("年")
    if not (text.isascii() and text.isdigit() and 2000 <= int(text[:9]) <= 2099):
        raise PydanticCustomError(
            "INP105", "“{text}”不是年度，请填四位数字，如 2025", {"text": text[:30]}
        )
    return int(text)


_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]00:00:00)?")


def _day(value: Any) -> date | None:
    text = unicodedata.normalize("NFKC", _text(value))
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError(
            "INP105", "“{text}”不是日期，请写成 2025-01-20", {"text": text[:30]}
        ) from None


def read_year(value: Any) -> int | None:
    """A year as entered, or None when it is none; the model says what is wrong with it."""
    try:
        return _year(value)
    except PydanticCustomError:
        return None


# What an editor of YAML should accept: there a code or an amount may look like a number.
_SCALAR: Final = WithJsonSchema({"type": ["string", "number"]})
_PARAGRAPHS: Final = WithJsonSchema(
    {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}
)

Text = Annotated[str, BeforeValidator(_text), _SCALAR]
Paragraph = Annotated[str, BeforeValidator(_readable)]
Paragraphs = Annotated[tuple[Paragraph, ...], BeforeValidator(_paragraphs), _PARAGRAPHS]
Amount = Annotated[Decimal | None, BeforeValidator(_amount), _SCALAR]
Quantity = Annotated[Decimal | None, BeforeValidator(_quantity), _SCALAR]
PlainCode = Annotated[str, BeforeValidator(_budget_code), Field(min_length=1), _SCALAR]
CatalogueCode = Annotated[str, BeforeValidator(_catalogue_code), _SCALAR]
FunctionalCode = Annotated[str, BeforeValidator(_functional_code), _SCALAR]
EconomicCode = Annotated[str, BeforeValidator(_economic_code), _SCALAR]
Year = Annotated[int, BeforeValidator(_year), _SCALAR]
Day = Annotated[date | None, BeforeValidator(_day), WithJsonSchema({"type": "string"})]
RequiredText = Annotated[str, BeforeValidator(_text), Field(min_length=1), _SCALAR]

Kind = Literal["部门", "单位"]
MoneyUnit = Literal["万元", "元"]
Level = Literal["省", "市", "县", "区"]
FundName = Literal["一般公共预算", "政府性基金预算", "国有资本经营预算", "其他资金"]
ProjectCategory = Literal["预算项目", "专项资金"]
SangongItem = Literal[
    "教学科研人员因公出国（境）费",
    "其他因公出国（境）费",
    "公务用车购置费",
    "公务用车运行维护费",
    "公务接待费",
    "会议费",
    "培训费",
    "因公出国（境）费",
    "公务用车购置及运维费",
    "“三公”经费小计",
    "合计",
]
LastYearItem = Literal[
    "支出总计",
    "基本支出",
    "项目支出",
    "人员经费",
    "公用经费",
    "专项公用经费",
    "因公出国（境）费",
    "公务用车购置费",
    "公务用车运行维护费",
    "公务接待费",
]


class Model(BaseModel):
    """Frozen, nothing unknown, Chinese aliases; the Python names may be used as well."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_alias=True, validate_by_name=True
    )
