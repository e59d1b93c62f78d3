"""YAML that cannot be read: the line that has to be changed, and how."""

from __future__ import annotations

import pytest

from generator import yamltext

CLOSE = "请在这一行补上另一半引号，用半角的。"
CASES: dict[str, tuple[str, int, str, str]] = {
    "a quote open to the end": ('a: 1\nb: "甲\nc: 2\nd: [1, 2]\n', 2, "引号没有成对", CLOSE),
    "a quote open to the next one": (
        'a: 1\nb: "甲\nc: 2\nd: "乙"\ne: 3\n',
        2,
        "引号没有成对",
        CLOSE,
    ),
    "a quote open in a row": (
        '行:\n  - {a: "甲", b: 乙}\n  - {a: "甲, b: 乙}\n  - {a: "甲", b: 乙}\n',
        3,
        "引号没有成对",
        CLOSE,
    ),
    "a single quote": ("a: '甲\nb: 2\n", 1, "引号没有成对", CLOSE),
    "a wide colon at the top": (
        "名称：河北\n# 说明\n\n适用年度: [2027]\n",
        1,
        "“名称”后面的冒号是全角的",
        "请改为半角的冒号，后面空一格，如“名称: …”。",
    ),
    "a wide colon further down": (
        "a: 1\n名称：河北\n# 说明\n适用年度: [2027]\n依据:\n  - 甲\n",
        2,
        "“名称”后面的冒号是全角的",
        "请改为半角的冒号，后面空一格，如“名称: …”。",
    ),
    "a wide colon in an item": (
        "列:\n  - 名：甲\n    内容: 乙\n",
        2,
        "“名”后面的冒号是全角的",
        "请改为半角的冒号，后面空一格，如“名: …”。",
    ),
    "a wide colon before a list": (
        "a: 1\n行：\n  - {标签: 甲}\nb: 2\n",
        2,
        "“行”后面的冒号是全角的",
        "请改为半角的冒号，后面空一格，如“行: …”。",
    ),
    "a tab": (
        "依据:\n  - 甲\n\t- 乙\n  - 丙\nb: 3\n",
        3,
        "行首用了制表符（Tab）",
        "请换成空格，与同一层的各行对齐。",
    ),
    "a tab before a key": (
        "a:\n\tb: 1\nc: 2\n",
        2,
        "行首用了制表符（Tab）",
        "请换成空格，与同一层的各行对齐。",
    ),
    "a bracket": (
        "a: 1\nb: [甲, 乙\nc: 2\n",
        2,
        "括号没有成对，或缺少逗号",
        "请从这一行起检查括号和逗号，都要用半角的。",
    ),
    "too far in": (
        "a: 1\n  b: 2\n",
        2,
        "这一行的缩进比上一行多，上一行的冒号后面却已经有内容",
        "请检查这一行和它的上一行。",
    ),
    "a colon in a text": (
        "a: 甲: 乙\n",
        1,
        "冒号的位置不对，含冒号的文字要加引号",
        "请检查这一行和它的上一行。",
    ),
    "no blank behind a colon": (
        "a: 1\nb:2\nc: 3\n",
        2,
        "缺少冒号，或冒号后面没有空格",
        "请检查这一行和它的上一行。",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_line_to_be_changed_is_told(name: str) -> None:
    text, line, reason, hint = CASES[name]
    with pytest.raises(yamltext.YamlProblem) as caught:
        yamltext.parse(text)
    problem = caught.value
    assert (problem.message, problem.line, problem.hint) == (f"YAML 格式有误：{reason}", line, hint)


def test_two_slips_are_told_one_after_the_other() -> None:
    text = "名称：甲\n年度: 2027\n地方：乙\n说明: 丙\n"
    with pytest.raises(yamltext.YamlProblem) as caught:
        yamltext.parse(text)
    assert caught.value.line == 1


def test_a_text_over_several_lines_is_not_blamed() -> None:
    """Its quotes are a pair, and the mistake is further down."""
    with pytest.raises(yamltext.YamlProblem) as caught:
        yamltext.parse('a: "甲\n  乙"\nb: [1\nc: 2\n')
    assert (caught.value.line, "括号没有成对" in caught.value.message) == (3, True)
