"""What a blank input starts with, and the blank YAML file."""

from __future__ import annotations

from typing import Final

from generator.disclosure import Basics, YearEnd
from generator.pack import Pack
from generator.sources.layout import INDICATORS, PROJECTS, SHEETS, UNITS, aliases
from generator.sources.raw import Tree

SCHEMA: Final = "gen-disclosure.schema.json"
"""The name under which the YAML file looks for the schema: beside itself."""


def start(pack: Pack, code: str, name: str, year: int, kind: str) -> Tree:
    """What a blank input holds already: who it is, and the form."""
    return {
        "基本信息": {
            **dict.fromkeys(aliases(Basics), ""),
            "类型": kind,
            "编码": code,
            "名称": name,
            "年度": str(year),
            "格式": pack.id,
        },
        "年终结转": dict.fromkeys(aliases(YearEnd), ""),
        "文字": {slot.key: [""] for slot in pack.sections.slots.values() if slot.required},
    }


def yaml_text(tree: Tree, pack: Pack) -> str:
    """A blank YAML input: what is known filled in, every table with its columns as a comment."""
    lines = [
        f"# yaml-language-server: $schema={SCHEMA}",
        f"# 上一行让编辑器边写边提示；先运行 gen-disclosure schema -o {SCHEMA}",
        "# 预算信息公开填报文件。金额单位为万元，最多两位小数；只填明细，合计由程序计算。",
        f"# 格式：{pack.id}。列表里每行写成 - {{列: 值, …}}；编码加引号。",
    ]
    for sheet in SHEETS.values():
        if sheet.name in (INDICATORS, "申报数"):
            continue
        content = tree.get(sheet.name)
        lines.append("")
        if sheet.name == "格式选项":
            lines += [
                f"# {name}：{'、'.join(switch.values)}（默认 {switch.default}）"
                for name, switch in pack.switches.items()
            ]
        if sheet.name == UNITS:
            lines.append("# 每个单位一份完整的预算，或 {文件: 单位/某某站.yaml}")
        elif sheet.kind == "table":
            lines.append(f"# {'、'.join(sheet.columns)}")
        if sheet.name == PROJECTS:
            lines.append(f"# {INDICATORS}：{'、'.join(SHEETS[INDICATORS].columns[1:])}")
        if sheet.kind == "table":
            lines.append(f"{sheet.name}: []")
        elif content:
            lines.append(f"{sheet.name}:")
            lines += [
                f"  {key}: {_quoted(value) if isinstance(value, str) else ''}".rstrip()
                for key, value in content.items()
            ]
        else:
            lines.append(f"{sheet.name}: {{}}")
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if value else ""
