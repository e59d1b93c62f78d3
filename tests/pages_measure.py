"""The page numbers of the contents against LibreOffice: the three cases and invented departments.

    python tests/pages_measure.py [--generated N] [--seed N] [--fonts known …] [--keep FOLDER]
                                  [--no-cases] [--extra]

Each document is made as always, its fonts are exchanged for installed ones (``known``: AR PL UMing;
``noto``: Noto Serif CJK; ``dejavu``: Latin and digits much wider than in any Chinese font) or left
missing (``missing``), and LibreOffice's PDF says where each heading really stands. Prints the rate
of right numbers and each miss; ends with exit code 1 when a rate is below the target. Documents
are made and converted some at a time, so any number may be asked for. ``--extra`` converts each
once more as it would be if nothing were fixed in it, and tells the pages that fixing costs.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import yaml
from lxml import etree
from support import CASES, ROOT, Docx, Made, Tree, W, case_tree, make

from generator.render import paginate
from generator.render.container import Container

NAMED = ("Times New Roman", "方正小标宋简体", "仿宋", "黑体", "楷体", "宋体")
FONTS: Mapping[str, Mapping[str, str]] = {
    "known": dict.fromkeys(NAMED, "AR PL UMing CN"),
    "noto": dict.fromkeys(NAMED, "Noto Serif CJK SC"),
    "dejavu": {"Times New Roman": "DejaVu Sans"},
    "missing": {},
}
TARGETS = {
    "known": (0.99, 0.95),
    "noto": (0.98, 0.0),
    "dejavu": (0.98, 0.0),
    "missing": (0.98, 0.0),
}


# --- invented departments -----------------------------------------------------------------------

PACKS = ("hebei/2022", "hebei/2023", "hebei/2025")
_CODES = (ROOT / "templates" / "hebei" / "2025" / "codes" / "functional.csv").read_text("utf-8")
TERMS = [line.split(",")[1] for line in _CODES.splitlines()[1:] if 2 < len(line.split(",")[1]) < 14]
VERBS = [
    "推进",
    "落实",
    "组织开展",
    "统筹协调",
    "监督检查",
    "指导",
    "做好",
    "参与",
    "承担",
    "完善",
    "保障",
    "加强",
    "规范",
    "拟订",
]
ENDS = [
    "工作",
    "任务",
    "建设",
    "管理",
    "服务",
    "制度",
    "规划",
    "改革",
    "监测",
    "考核",
    "事务",
    "保障",
    "评价",
    "培训",
]
MARKS = "，，，，、、；：。"
LATIN = ["PC", "WPS Office", "OA系统", "Wi-Fi", "5G", "PM2.5", "ISO9001", "VR/AR", "QQ群", "GDP"]


class Writer:
    """Invents text of the kind that departments publish."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.nasty = self.random.choice((0.0, 0.05, 0.15))
        """How often something is thrown in that breaks lines in odd places."""

    def number(self) -> str:
        r = self.random
        return r.choice(
            (
                f"{r.uniform(0, 9999):.2f}",
                f"{r.uniform(0, 999):.1f}",
                f"{r.randint(1, 9999)}",
                f"{r.randint(1, 99)}%",
                f"{r.uniform(1, 100):.2f}%",
            )
        )

    def phrase(self) -> str:
        r = self.random
        text = r.choice(VERBS) + r.choice(TERMS) + r.choice(ENDS)
        if r.random() < self.nasty:
            text += r.choice(
                (
                    f"（{r.choice(LATIN)}）",
                    f"“{r.choice(TERMS)}”",
                    f"《{r.choice(TERMS)}办法》（冀政办〔{r.randint(2010, 2024)}〕{r.randint(1, 99)}号）",
                    f"{r.choice(LATIN)}{r.choice(ENDS)}",
                    f"——{r.choice(TERMS)}",
                    f"≥{self.number()}",
                    f"{r.randint(2018, 2025)}-{r.randint(1, 12)}-{r.randint(1, 28)}",
                )
            )
        if r.random() < 0.15:
            text += r.choice((f"{self.number()}万元", f"{r.randint(1, 60)}次", f"{self.number()}"))
        return text

    def sentence(self, length: int) -> str:
        text = self.phrase()
        while len(text) < length:
            text += self.random.choice(MARKS) + self.phrase()
        return text + "。"

    def paragraphs(self, low: int, high: int, longest: int = 200) -> list[str]:
        r = self.random
        count = r.randint(low, high)
        return [
            f"{i}、{self.sentence(int(min(r.lognormvariate(4, 0.9), longest)))}"
            for i in range(1, count + 1)
        ]

    def label(self, low: int, high: int) -> str:
        r = self.random
        text, length = "", r.randint(low, high)
        while len(text) < length:
            text += r.choice(TERMS) if r.random() > self.nasty else r.choice(LATIN)
        return text[:length]


def department(seed: int, kind: str = "部门", projects: int | None = None) -> Tree:
    """A department that no one has seen; the same one for the same seed."""
    w = Writer(seed)
    r = w.random
    if projects is None:
        projects = r.choice((1, 2, 5, 10, 20, 40, 60, 120 if seed % 7 else 300))
    name = w.label(4, 30)
    tree: Tree = {
        "基本信息": {
            **{"类型": kind, "编码": f"{r.randint(100, 999)}", "名称": name, "级别": "市"},
            "年度": str(r.choice((2022, 2023, 2025))),
        },
        "机构设置": [
            {"单位名称": w.label(4, 45), "单位性质": "事业", "单位规格": "正处（县）级"}
            for _ in range(r.choice((1, 2, 3, 8, 20)))
        ],
        **_figures(w),
        "项目": [_project(w) for _ in range(projects)],
        "政府采购": _purchases(w),
        "国有资产": [{"项目": "车辆", "数量": "2", "价值": "36.00"}],
        "文字": {
            **{"职责": w.paragraphs(3, 40, 700), "总体目标": [w.sentence(r.randint(60, 900))]},
            **{"分项目标": w.paragraphs(2, 20), "保障措施": w.paragraphs(2, 8)},
            "资产说明": [w.sentence(80)],
            "其他": w.paragraphs(1, 3),
            **{key: [w.sentence(r.randint(30, 500))] for key in ("支出说明", "机关运行经费")},
        },
        "名词解释": [
            {"名词": w.label(3, 12), "解释": w.sentence(r.randint(30, 120))}
            for _ in range(r.randint(0, 12))
        ],
    }
    if kind == "部门":
        tree["所属单位"] = [
            department(seed * 1000 + i, "单位", r.choice((0, 1, 4, 12)))
            for i in range(r.choice((0, 0, 0, 1, 3, 8)))
        ]
    return tree


def options(seed: int, pack: str) -> dict[str, str]:
    """A choice for every switch of a pack."""
    switches = yaml.safe_load((ROOT / "templates" / pack / "pack.yaml").read_text("utf-8"))
    r = random.Random(seed)
    return {name: r.choice(switch["可选"]) for name, switch in switches["格式选项"].items()}


def _amount(w: Writer) -> str:
    return f"{10 ** w.random.uniform(0, 6):.2f}"


def _figures(w: Writer) -> Tree:
    codes = [line.split(",") for line in _CODES.splitlines()[1:]]
    leaves = [c for c in codes if len(c[0]) == 7]
    chosen = sorted(w.random.sample(leaves, w.random.randint(1, 45)))
    return {
        "收入": [{"科目编码": c[0], "科目名称": c[1], "一般公共预算": _amount(w)} for c in chosen],
        "支出": [
            {
                **{"科目编码": c[0], "科目名称": c[1], "资金性质": "一般公共预算"},
                **{"基本支出": _amount(w), "项目支出": _amount(w)},
            }
            for c in chosen
        ],
        "基本支出": [{"科目编码": "30101", "科目名称": "基本工资", "人员经费": _amount(w)}],
        "三公经费": [{"项目": "公务接待费", "一般公共预算": _amount(w)}],
    }


def _project(w: Writer) -> Tree:
    r = w.random
    levels = (
        ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
        ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
        ("满意度指标", ("服务对象满意度指标",)),
    )
    indicators = [
        {
            **{"一级指标": first, "二级指标": second, "三级指标": w.label(3, 30)},
            "绩效指标描述": w.label(4, r.choice((12, 40, 90))),
            "指标值": r.choice((f"≥{w.number()}", "2023年12月31日", w.label(2, 14), w.number())),
            "指标值确定依据": r.choice(("年度工作计划", w.label(4, 50))),
        }
        for first, seconds in levels
        for second in seconds
        for _ in range(r.choice((0, 1, 1, 1, 2)))
    ]
    return {
        "项目名称": w.label(4, 40),
        "金额": _amount(w),
        "类别": r.choice(("预算项目", "预算项目", "专项资金")),
        "绩效目标": [w.sentence(r.randint(10, 150)) for _ in range(r.choice((1, 1, 2, 4)))],
        "绩效指标": indicators or [{"一级指标": "产出指标", "三级指标": w.label(3, 9)}],
    }


def _purchases(w: Writer) -> list[Tree]:
    r = w.random
    return [
        {
            **{"项目名称": w.label(4, 40), "采购物品名称": w.label(2, 20), "计量单位": "套"},
            **{"政府采购目录序号": "A02010105", "数量": f"{r.randint(1, 999)}"},
            **{"单价": _amount(w), "一般公共预算拨款": _amount(w)},
        }
        for _ in range(r.choice((0, 1, 3, 10, 30, 70)))
    ]


def document(name: str) -> tuple[str, Made]:
    """A case's document, or an invented department's (``g0007``)."""
    return (name, make(case_tree(name))) if name in CASES else generated(int(name[1:]))


def generated(number: int) -> tuple[str, Made]:
    """An invented department's document."""
    pack = PACKS[number % len(PACKS)]
    tree = department(number)
    tree["格式选项"] = options(number, pack)
    return f"g{number:04d}", make(tree, pack)


# --- LibreOffice ----------------------------------------------------------------------------------

_FILTER = (
    'pdf:writer_pdf_Export:{"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'
)


def with_fonts(docx: bytes, fonts: Mapping[str, str]) -> bytes:
    """The document with other fonts' names in it."""
    parts = dict(Docx(docx).parts)
    for part in ("word/styles.xml", "word/document.xml", "word/fontTable.xml", "word/footer1.xml"):
        text = parts[part].decode("utf-8")
        for old, new in fonts.items():
            text = text.replace(f'"{old}"', f'"{new}"')
        parts[part] = text.encode("utf-8")
    return Container(parts).pack({})


def convert(files: Sequence[Path], folder: Path, profile: Path, kind: str = _FILTER) -> None:
    """All files to PDF (or another kind) in one run."""
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"),
            *("--convert-to", kind, "--outdir", str(folder), *map(str, files)),
        ],
        check=True,
        capture_output=True,
        timeout=60 + 60 * len(files),
    )


def real_pages(pdf: Path) -> dict[str, int]:
    """Bookmark → the number printed at the foot of the page where it stands."""
    text = _output("pdftotext", "-layout", str(pdf), "-")
    feet = [re.search(r"-\s*(\d+)\s*-\s*$", page) for page in text.split("\f")]
    printed = {i: int(found[1]) for i, found in enumerate(feet, 1) if found}
    dests = _output("pdfinfo", "-dests", str(pdf))
    found = re.findall(r"^ *(\d+) \[.*\"(?:_|5F)(Toc\d+)\"", dests, re.MULTILINE)
    return {f"_{name}": printed.get(int(page), 0) for page, name in found}


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def stored_pages(docx: bytes) -> list[tuple[str, str, str]]:
    """The contents' numbered lines: (words, bookmark, stored number)."""
    lines: list[tuple[str, str, str]] = []
    for link in Docx(docx).body.iter(f"{W}hyperlink"):
        words = "".join(t.text or "" for t in link.iter(f"{W}t"))
        lines.append((words, str(link.get(f"{W}anchor")), _result(link)))
    return lines


def _result(link: etree._Element) -> str:
    """What stands between a field's separator and its end."""
    result, inside = "", False
    for node in link.iter(f"{W}fldChar", f"{W}t"):
        kind = node.get(f"{W}fldCharType")
        if kind is None and inside:
            result += node.text or ""
        elif kind is not None:
            inside = kind == "separate"
    return result


def lost_characters(docx: bytes, pdf: Path) -> int:
    """How many of the document's Chinese characters the PDF lacks: LibreOffice can drop rows."""
    texts = (node.text or "" for node in Docx(docx).body.iter(f"{W}t"))
    written = Counter(c for c in "".join(texts) if "\u4e00" <= c <= "\u9fff")
    return (written - Counter(_output("pdftotext", str(pdf), "-"))).total()


def page_count(pdf: Path) -> int:
    """How many pages a PDF has."""
    found = re.search(r"^Pages: +(\d+)", _output("pdfinfo", str(pdf)), re.MULTILINE)
    assert found, pdf
    return int(found[1])


@dataclass(frozen=True)
class Miss:
    """A number that is wrong."""

    document: str
    words: str
    stored: str
    real: int


@dataclass
class Tally:
    """What one way of drawing came to."""

    lines: int = 0
    documents: int = 0
    pages: int = 0
    wrong_documents: int = 0
    misses: tuple[Miss, ...] = ()
    lost: tuple[str, ...] = ()
    """Documents of which LibreOffice dropped text."""
    extra: tuple[tuple[int, int, str], ...] = ()
    """Pages that fixing the layout costs, of how many, in which document."""

    def add(self, name: str, docx: bytes, pdf: Path) -> None:
        """Compare one document with its PDF."""
        real, stored = real_pages(pdf), stored_pages(docx)
        assert stored, name
        misses = tuple(
            Miss(name, words, number, real.get(bookmark, 0))
            for words, bookmark, number in stored
            if number != str(real.get(bookmark, 0))
        )
        self.lines += len(stored)
        self.documents += 1
        self.pages += page_count(pdf)
        self.wrong_documents += bool(misses)
        self.misses += misses
        if lost_characters(docx, pdf):
            self.lost += (name,)

    def report(self, fonts: str) -> Iterator[str]:
        """What is printed of it."""
        right = self.lines - len(self.misses)
        whole = self.documents - self.wrong_documents
        yield (
            f"{fonts:8} lines {right}/{self.lines} = {right / self.lines:.2%}"
            f"  documents {whole}/{self.documents} = {whole / self.documents:.2%}"
            f"  pages {self.pages}  text lost in {len(self.lost)} {' '.join(self.lost)}"
        )
        for miss in self.misses:
            yield f"    {miss.document} {miss.words}: stored {miss.stored}, is {miss.real}"
        if self.extra:
            counts = sorted(Counter(pages for pages, _, _ in self.extra).items())
            yield "    extra pages: " + ", ".join(f"{n} × {pages:+}" for pages, n in counts)
            for pages, total, name in sorted(self.extra)[-5:]:
                yield f"        {name} {pages:+} of {total}"

    def good(self, lines: float, documents: float) -> bool:
        """Whether the rates are reached and no text is lost."""
        right = self.lines - len(self.misses)
        whole = self.documents - self.wrong_documents
        return not self.lost and right >= lines * self.lines and whole >= documents * self.documents


Named = tuple[str, Made]


def pdfs(
    made: Sequence[Named], fonts: Mapping[str, str], folder: Path, profile: Path
) -> dict[str, Path]:
    """The documents in these fonts, as PDF."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in made:
        (folder / f"{name}.docx").write_bytes(with_fonts(document.data, fonts))
    convert([folder / f"{name}.docx" for name, _ in made], folder, profile)
    return {name: folder / f"{name}.pdf" for name, _ in made}


def measure(
    made: Sequence[Named],
    fonts: Mapping[str, str],
    folder: Path,
    profile: Path,
    tally: Tally | None = None,
) -> Tally:
    """Convert documents in these fonts and compare."""
    tally = tally or Tally()
    files = pdfs(made, fonts, folder, profile)
    for name, document in made:
        tally.add(name, document.data, files[name])
    return tally


def _unchanged(properties: str, *_: object) -> str:
    return properties


def measure_extra(
    names: Sequence[str], fonts: Mapping[str, str], folder: Path, profile: Path, tally: Tally
) -> None:
    """Convert documents without heights of rows and breaks, and count what they have fewer pages.

    The others are there already, in the same folder.
    """
    with mock.patch.multiple(paginate, with_row=_unchanged, with_new_page=_unchanged):
        made = [document(name) for name in names]
    for name, pdf in pdfs(made, fonts, folder / "natural", profile).items():
        total = page_count(folder / f"{name}.pdf")
        tally.extra += ((total - page_count(pdf), total, name),)


AT_ONCE = 20
"""Documents that are made and converted together."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generated", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fonts", nargs="*", default=list(FONTS), choices=list(FONTS))
    parser.add_argument("--keep", type=Path, help="leave the documents and PDFs here")
    parser.add_argument("--no-cases", action="store_true")
    parser.add_argument("--extra", action="store_true", help="count the pages that fixing costs")
    arguments = parser.parse_args()
    names = [] if arguments.no_cases else list(CASES)
    names += [f"g{n:04d}" for n in range(arguments.seed, arguments.seed + arguments.generated)]
    tallies = {fonts: Tally() for fonts in arguments.fonts}
    scratch = Path(tempfile.mkdtemp())
    for first in range(0, len(names), AT_ONCE):
        some = names[first : first + AT_ONCE]
        made = [document(name) for name in some]
        for fonts, tally in tallies.items():
            folder = (arguments.keep or scratch) / fonts
            measure(made, FONTS[fonts], folder, scratch / "profile", tally)
            if arguments.extra:
                measure_extra(some, FONTS[fonts], folder, scratch / "profile", tally)
            if not arguments.keep:
                shutil.rmtree(folder)
        misses = sum(len(tally.misses) for tally in tallies.values())
        print(f"{first + len(some)}/{len(names)}, misses {misses}", file=sys.stderr, flush=True)
    shutil.rmtree(scratch)
    for fonts, tally in tallies.items():
        print(*tally.report(fonts), sep="\n")
    return int(not all(tally.good(*TARGETS[fonts]) for fonts, tally in tallies.items()))


if __name__ == "__main__":
    sys.exit(main())
