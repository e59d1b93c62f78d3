"""Ids of packs: what is allowed, and what looks like another one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator import cli
from generator import pack as packs
from generator.maintain.new import new
from generator.pack import ids
from generator.pack.places import VARIABLE
from generator.problem import UserError


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of packs; the current folder has none."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "mine"


def variant(root: Path, pack_id: str) -> Path:
    folder = root / pack_id
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text("名称: 变体\n基于: hebei/2025\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "pack_id",
    ["hebei/2027", "某市/2025", "某市（试行）/2025", "a-b_3/2030修订", "𬇙市/1999", "console/2025"],
)
def test_an_id_that_can_be_used(pack_id: str) -> None:
    assert ids.fault(pack_id) == ""


REFUSED = {
    "hebei": "不是“地方/年度”两段",
    "/2025": "不是“地方/年度”两段",
    "hebei/": "不是“地方/年度”两段",
    "a/b/2025": "不是“地方/年度”两段",
    "../2025": "里的“.”（U+002E）不能用",
    "hebei\\2025": "里的“\\”（U+005C）不能用",
    "hеbei/2025": "里的“е”（U+0435）不能用",  # Cyrillic
    "ｈebei/2025": "里的“ｈ”（U+FF48）不能用",
    "hébei/2025": "里的“é”（U+00E9）不能用",
    "hebe\u0301i/2025": "（U+0301）不能用",
    "he\u202ebei/2025": "里的“□”（U+202E）不能用",
    "he\u200bbei/2025": "里的“□”（U+200B）不能用",
    "⼀市/2025": "里的“⼀”（U+2F00）不能用",  # a radical, no ideograph
    "Hebei/2025": "里的“H”（U+0048）不能用",
    "hebei /2025": "里的“ ”（U+0020）不能用",
    "hebei./2025": "里的“.”（U+002E）不能用",
    "hebei/2025.": "里的“.”（U+002E）不能用",
    "hebei/2025 ": "里的“ ”（U+0020）不能用",
    "-o/2025": "的地方不能以“-”开头",
    "2025/2025": "的地方不能以“2”开头",
    **{f"{name}/2025": "是 Windows 保留的名字" for name in ("con", "nul", "aux", "com1", "lpt9")},
    "hebei/２０２５": "里的“２”（U+FF12）不能用",
    "hebei/20250": "的年度“20250”不是四位数字的年份",
    "hebei/0000": "的年度“0000”不是四位数字的年份",
    "hebei/25": "的年度“25”不是四位数字的年份",
    "hebei/试行": "的年度“试行”不是四位数字的年份",
    f"{'a' * 41}/2025": "太长（每段最多 40 个字）",
}


@pytest.mark.parametrize("pack_id", REFUSED)
def test_an_id_that_cannot_be_used(mine: Path, pack_id: str) -> None:
    assert REFUSED[pack_id] in ids.fault(pack_id)
    with pytest.raises(UserError) as caught:
        new(pack_id, "hebei/2025")
    assert caught.value.message == f"{ids.fault(pack_id)}。"
    assert caught.value.hint == ids.FORM
    assert not mine.exists()


@pytest.mark.parametrize("pack_id", ["hеbei/2025", "Hebei/2026", "hebei/20250"])
def test_a_folder_with_such_a_name_is_not_used_and_told(
    mine: Path, pack_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = variant(mine, pack_id)
    assert pack_id not in packs.available()
    for name in (pack_id, str(folder)):
        with pytest.raises(UserError, match=r"不能用|不是四位数字的年份"):
            packs.load(name)
    assert cli.run(["packs"]) == 0
    assert f"{ids.fault(pack_id)}。".replace(" ", "") in "".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("pack_id", ["hebel/2025", "hebe1/2025", "hebei/2025-", "tangshan/2025_"])
def test_what_looks_like_a_built_in_pack_is_refused(mine: Path, pack_id: str) -> None:
    twins = {"hebei/2025-": "hebei/2025_", "tangshan/2025_": "tangshan/2025-"}
    if pack_id in twins:
        variant(mine, twins[pack_id])
    with pytest.raises(UserError, match="看起来一样。请换一个看得出不同的编号。"):
        new(pack_id, "hebei/2025")
    folder = variant(mine, pack_id)
    for name in (pack_id, str(folder)):
        with pytest.raises(UserError, match=rf"编号“{pack_id}”和.*的 .* 看起来一样。"):
            packs.load(name)
    assert packs.load("hebei/2025").id == "hebei/2025", "the built-in one is as it was"


@pytest.mark.parametrize("year", ["２０２５", "20250", "0000", "去年", "2025.0"])
def test_a_year_that_is_none(mine: Path, year: str) -> None:
    folder = Path(shutil.copytree(packs.packs_root() / "hebei" / "2025", mine / "某市" / "2025"))
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    changed = text.replace("适用年度: [2025, 2026]", f"适用年度: [2025, {year}]")
    assert changed != text
    (folder / "pack.yaml").write_text(changed, encoding="utf-8")
    with pytest.raises(UserError, match=f"“{year}”不是年度。请写四位半角数字，如 2027。"):
        packs.load("某市/2025")


def test_a_year_with_words_stands_for_its_year(mine: Path) -> None:
    new("某市/2031试行", "hebei/2025")
    assert packs.load("某市/2031试行").years == (2031,)
