"""The names of Word's own styles as a Chinese Word shows them; the file has them in English."""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = {
    "normal": "正文",
    "body text": "正文文本",
    "header": "页眉",
    "footer": "页脚",
    "toc heading": "TOC 标题",
    "normal table": "普通表格",
    "default paragraph font": "默认段落字体",
}
_NUMBERED: Final = {"heading": "标题", "toc": "TOC"}


def shown_style(name: str) -> str:
    """``heading 1`` → ``标题 1``; one's own names stay."""
    lower = name.lower()
    if (found := re.fullmatch(r"(heading|toc) (\d)", lower)) is not None:
        return f"{_NUMBERED[found[1]]} {found[2]}"
    return _NAMES.get(lower, name)
