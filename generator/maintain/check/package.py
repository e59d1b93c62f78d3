"""What a template's file holds beside its text: macros, fonts, pictures, changes, links, damage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from generator.maintain.check.document import BODY, Part
from generator.maintain.check.finding import Finding
from generator.render.container import faults
from generator.render.paginate.geometry import W
from generator.render.safety import LINK, parses

MAX_PICTURE: Final = 500_000
"""Bytes; a picture goes into every document made from the template."""

_CHANGES: Final = ("ins", "del", "moveFrom", "moveTo", "pPrChange", "rPrChange", "tblPrChange")
_THEME = re.compile(r'w:(?:asciiTheme|hAnsiTheme|eastAsiaTheme|cstheme)="')
_STYLE = re.compile(r"<w:(?:style|rPrDefault)\b.*?</w:(?:style|rPrDefault)>", re.DOTALL)
_STYLE_NAME = re.compile(r'<w:name w:val="([^"]*)"')
_EXTERNAL = re.compile(r'<Relationship\b[^>]*TargetMode="External"[^>]*>')
_TARGET = re.compile(r'Target="([^"]*)"')
_EMBEDDED_FONT = re.compile(r"<w:embed(?:Regular|Bold|Italic|BoldItalic)\b")


def in_files(parts: Mapping[str, bytes]) -> Iterator[Finding]:
    """Parts that may not be there at all, and what is too large."""
    for name, data in parts.items():
        place = _place(name)
        for reason in faults(name, data):
            yield Finding(
                "不安全的内容",
                place,
                f"部件 {name} {reason}",
                _REMOVE if not _is_xml(name) or parses(data) else _DAMAGED,
            )
        if name.startswith("word/media/") and len(data) > MAX_PICTURE:
            yield Finding(
                "图片过大",
                place,
                f"图片 {name.rpartition('/')[2]} 有 {len(data) / 1_000_000:.1f} MB，"
                "每份文档都会带上它",
                "请选中图片，用“图片格式—压缩图片”压缩到 0.5 MB 以下，或删去。",
            )


_DAMAGED: Final = "文件坏了，请换回原来的模板。"
_REMOVE: Final = "请在 Word 里去掉它，另存为“Word 文档（.docx）”。"


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _place(name: str) -> str:
    return {BODY: "正文", "word/styles.xml": "样式", "word/settings.xml": "设置"}.get(
        name.removesuffix(".rels").replace("_rels/", ""), "文件"
    )


def in_texts(texts: Mapping[str, str], parts: list[Part]) -> Iterator[Finding]:
    """What is left over from editing, and what depends on the machine or lies elsewhere."""
    yield from _theme_fonts(texts, parts)
    if _EMBEDDED_FONT.search(texts.get("word/fontTable.xml", "")):
        yield Finding(
            "嵌入的字体",
            "文件",
            "嵌入了字体",
            "请在“选项—保存”里去掉“将字体嵌入文件”，再保存。",
        )
    for part in parts:
        yield from _changes(part)
    yield from _comments(texts, parts)
    for name, text in texts.items():
        if name.endswith(".rels"):
            for relation in _EXTERNAL.findall(text):
                target = _TARGET.search(relation)
                if not target or '/hyperlink"' not in relation or not LINK.match(target[1]):
                    continue  # told as unsafe
                yield Finding(
                    "外部链接",
                    _place(name),
                    f"链接到文件外面的“{target[1][:60]}”",
                    "请在链接上点右键，选“取消超链接”。",
                )


def _theme_fonts(texts: Mapping[str, str], parts: list[Part]) -> Iterator[Finding]:
    for style in _STYLE.findall(texts.get("word/styles.xml", "")):
        if _THEME.search(style):
            name = _STYLE_NAME.search(style)
            yield Finding(
                "主题字体",
                f"样式“{name[1] if name else '默认'}”",
                "字体取自主题，换一台机器会变",
                "请在“修改样式—格式—字体”里选定中文和西文字体的名称。",
            )
    for part in parts:
        for paragraph in part.paragraphs:
            fonts = paragraph.element.iter(f"{W}rFonts")
            if any("heme" in key for node in fonts for key in node.attrib):
                yield Finding(
                    "主题字体",
                    paragraph.place,
                    "字体取自主题，换一台机器会变",
                    "请选中这一段，在“字体”里选定中文和西文字体的名称。",
                )


def _changes(part: Part) -> Iterator[Finding]:
    for paragraph in part.paragraphs:
        if any(paragraph.element.find(f".//{W}{name}") is not None for name in _CHANGES):
            yield Finding(
                "修订",
                paragraph.place,
                "有没有接受的修订",
                "请在“审阅”里接受所有修订，关掉修订，再保存。",
            )
    for table in part.tables:
        for row in table.element.findall(f"{W}tr/{W}trPr"):
            if row.find(f"{W}ins") is not None or row.find(f"{W}del") is not None:
                yield Finding(
                    "修订",
                    table.place(),
                    "有增删的行还没有接受",
                    "请在“审阅”里接受所有修订，关掉修订，再保存。",
                )


def _comments(texts: Mapping[str, str], parts: list[Part]) -> Iterator[Finding]:
    told = False
    for part in parts:
        for paragraph in part.paragraphs:
            if paragraph.element.find(f".//{W}commentReference") is not None:
                told = True
                yield Finding("批注", paragraph.place, "有批注", _NO_COMMENTS)
    if not told and "<w:comment " in texts.get("word/comments.xml", ""):
        yield Finding("批注", "文件", "有批注", _NO_COMMENTS)


_NO_COMMENTS: Final = "请在“审阅—删除”里选“删除文档中的所有批注”，再保存。"


# --- what other programs lose -------------------------------------------------------------------


def _maker(texts: Mapping[str, str]) -> str:
    """Who may have lost it, as far as the file tells: ``，可能是 WPS 保存时丢的``."""
    app = re.search(r"<Application>([^<]*)</Application>", texts.get("docProps/app.xml", ""))
    name = next((n for n in ("LibreOffice", "WPS") if app and n in app[1]), "")
    return f"，可能是{f' {name} ' if name else ''}保存时丢的"


def lost(texts: Mapping[str, str]) -> Iterator[Finding]:
    """What a document needs and a program that saved the template may have dropped."""
    by = _maker(texts)
    if "<w:lang " not in texts.get("word/styles.xml", ""):
        yield Finding(
            "存盘丢失",
            "样式",
            f"没有文档的语言{by}",
            "请在“审阅—语言”里设为“中文（中国）”，并设为默认值。",
        )
    if "footerReference" not in texts.get(BODY, ""):
        yield Finding(
            "存盘丢失",
            "页脚",
            f"没有页脚，页上没有页码{by}",
            "请在“插入—页脚”里补上页码。",
        )
    yield from _draft_marks(texts, by)


def _draft_marks(texts: Mapping[str, str], by: str) -> Iterator[Finding]:
    if not _holds(texts.get(BODY, ""), "in 封面.草稿说明"):
        yield Finding(
            "存盘丢失",
            "正文",
            f"没有草稿说明（封面.草稿说明）{by}",
            "请从原来的格式包的模板里把它抄过来。",
        )
    headers = [text for name, text in texts.items() if name.startswith("word/header")]
    if not any(_holds(text, "if 草稿") for text in headers):
        yield Finding(
            "存盘丢失",
            "页眉",
            f"没有草稿的水印（{{%p if 草稿 %}} … {{%p endif %}}）{by}",
            "请从原来的格式包的模板里把页眉抄过来。",
        )


def _holds(text: str, words: str) -> bool:
    return words in re.sub(r"<[^>]+>", "", text)
