"""``template new``: a pack from another one, by commands alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator import cli
from generator import pack as packs
from generator.maintain.keys import with_key
from generator.maintain.new import new, told
from generator.pack.places import VARIABLE
from generator.problem import UserError


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of packs; the current folder has none."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "mine"


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_copy_differs_in_its_name_years_and_remarks_only(mine: Path) -> None:
    made = new("hebei/2081", "hebei/2025")
    assert made.folder == mine / "hebei" / "2081"
    old, copied = files_in(packs.packs_root() / "hebei" / "2025"), files_in(made.folder)
    assert {name for name in old if old[name] != copied[name]} == {"pack.yaml"}
    assert set(old) == set(copied)
    before, after = (each["pack.yaml"].decode("utf-8").splitlines() for each in (old, copied))
    assert [line for line in after if line not in before] == [
        "名称: 河北省部门预算信息公开格式（2081 年度）",
        "适用年度: [2081]",
        "说明: 照 hebei/2025 复制，还没有按 2081 年度的通知逐项核对；尚不知道的都与 hebei/2025 相同。",
    ]
    assert [line for line in before if line not in after] == [
        "名称: 河北省部门预算信息公开格式（2025 年度）",
        "适用年度: [2025, 2026]",
    ]
    pack = packs.load("hebei/2081")
    assert (pack.years, pack.based_on) == ((2081,), "")
    assert packs.newest_for(2081) == "hebei/2081"


def test_the_shipped_packs_are_what_the_commands_make(mine: Path) -> None:
    """hebei/2027 is nothing but a copy of hebei/2025 with its year."""
    made = new("hebei/2079", "hebei/2025")
    shipped, anew = files_in(packs.packs_root() / "hebei" / "2027"), files_in(made.folder)
    anew["pack.yaml"] = anew["pack.yaml"].replace(b"2079", b"2027")
    assert shipped == anew


def test_a_variant_holds_its_pack_yaml_and_what_was_named(mine: Path) -> None:
    made = new("某市/2025", "hebei/2025", based=True, files=("tables/t9.yaml",), name="某市：格式")
    assert set(files_in(made.folder)) == {"pack.yaml", "tables/t9.yaml"}
    pack = packs.load("某市/2025")
    assert (pack.name, pack.years, pack.based_on) == ("某市：格式", (2025,), "hebei/2025")


def test_a_variant_with_the_keys_of_its_base_to_be_changed(mine: Path) -> None:
    made = new("某市/2025", "hebei/2025", based=True, files=("pack.yaml",), years=(2025, 2026))
    text = (made.folder / "pack.yaml").read_text(encoding="utf-8")
    assert text.startswith("# 格式包的变体：")
    assert "\n基于: hebei/2025\n" in text
    assert packs.load("某市/2025").switches == packs.load("hebei/2025").switches


def test_a_folder_as_the_source_and_as_the_place(mine: Path, tmp_path: Path) -> None:
    first = new("某省/2025", "hebei/2025", tmp_path / "这里")
    second = new("某省/2026", str(first.folder), tmp_path / "这里")
    assert second.folder == tmp_path / "这里" / "某省" / "2026"
    assert packs.load(str(second.folder)).years == (2026,)


def test_what_to_look_at_is_told_by_file_and_line(mine: Path, tmp_path: Path) -> None:
    source = tmp_path / "某省" / "2025"
    shutil.copytree(packs.packs_root() / "hebei" / "2025", source)
    glossary = source / "glossary.yaml"
    text = glossary.read_text(encoding="utf-8")
    glossary.write_text(text.replace("指除“", "截至2025年1月15日，指除“", 1), encoding="utf-8")
    made = new("某省/2026", str(source))
    dated = {place.where: place.text for place in made.dated}
    [where] = [where for where in dated if where.startswith("glossary.yaml:")]
    line = int(where.partition(":")[2])
    assert "截至2025年1月15日" in glossary.read_text(encoding="utf-8").splitlines()[line - 1]
    assert any("财预〔2016〕143号" in text for text in dated.values())
    report = told(made)
    assert f"[ ] {where}" in report
    assert "[ ] 开关  pack.yaml：17 个开关的默认值" in report
    assert "每年常有变化的，请对照通知逐项看：" in report


@pytest.mark.parametrize(
    ("new_id", "options", "message"),
    [
        ("../外面/2025", {}, "编号“../外面/2025”里的“.”（U+002E）不能用。"),
        ("hebei", {}, "编号“hebei”不是“地方/年度”两段。"),
        ("hebei/2025", {}, "格式包 hebei/2025 已经有了："),
        ("某市/2025", {"source": "tangshan/2025", "based": True}, "请改为 --from hebei/2025。"),
        ("某市/2025", {"files": ("tables/t1.yaml",)}, "--file 只能与 --based 一起用。"),
        ("某市/2025", {"based": True, "files": ("../秘密",)}, "里没有“../秘密”。"),
        ("某市/2025", {"name": "甲\x07"}, "名称里有不能用的字符。"),
        ("某市/2025", {"source": "hebei/1999"}, "没有格式包“hebei/1999”。"),
    ],
)
def test_what_cannot_be_made(
    mine: Path, new_id: str, options: dict[str, object], message: str
) -> None:
    with pytest.raises(UserError) as caught:
        new(new_id, **{"source": "hebei/2025", **options})  # type: ignore[arg-type]
    assert message in str(caught.value)
    assert not mine.exists() or not list(mine.rglob("*")), "nothing was written"


def test_nothing_that_exists_is_overwritten(mine: Path) -> None:
    folder = mine / "某市" / "2025"
    folder.mkdir(parents=True)
    (folder / "要紧的.txt").write_text("甲", encoding="utf-8")
    with pytest.raises(UserError, match="已经存在，没有改动它"):
        new("某市/2025", "hebei/2025")
    assert files_in(folder) == {"要紧的.txt": "甲".encode()}


def test_a_variant_that_could_not_find_its_base_is_not_left_behind(
    mine: Path, tmp_path: Path
) -> None:
    source = tmp_path / "这里" / "某省" / "2025"
    shutil.copytree(packs.packs_root() / "hebei" / "2025", source)
    with pytest.raises(UserError, match="某省/2025 没有这个格式包"):
        new("某市/2025", str(source), based=True)
    assert not (mine / "某市" / "2025").exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲: 一 # 注\n乙: 二\n", "甲: 新 # 注\n乙: 二\n"),
        ("甲:\n  - 一\n  - 二\n\n# 注\n乙: 二\n", "甲: 新\n\n# 注\n乙: 二\n"),
        ("甲:\n- 一\n- 二\n乙: 二\n", "甲: 新\n乙: 二\n"),
        ("甲: [一,\n  二]\n乙: 二\n", "甲: 新\n乙: 二\n"),
        ("甲: 一", "甲: 新\n"),
        ("乙: |\n  二\n  三\n丙: 三\n", "乙: |\n  二\n  三\n甲: 新\n丙: 三\n"),
    ],
)
def test_one_key_is_set_and_all_else_stays(text: str, expected: str) -> None:
    assert with_key(text, "甲", "新", "乙") == expected


def test_the_command(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["template", "new", "hebei/2081", "--from", "hebei/2025"]
    assert cli.run(command) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"已新建：{mine / 'hebei' / '2081'}（照 hebei/2025）\n")
    assert cli.run(command) == 2
    assert "格式包 hebei/2081 已经有了" in capsys.readouterr().err
    assert cli.run(["template", "nwe"]) == 2
    assert capsys.readouterr().err.startswith("template 后面没有这个命令。\n")
    assert cli.run(["template", "new"]) == 2
    assert capsys.readouterr().err.endswith("用法见：gen-disclosure template new --help\n")
    assert cli.run(["template"]) == 0
    assert "命令：\n" in capsys.readouterr().out


def test_the_list_of_a_variant_is_about_its_own_files(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["template", "new", "某市/2025", "--from", "hebei/2025", "--based"]
    assert cli.run([*command, "--file", "tables/t9.yaml"]) == 0
    out = capsys.readouterr().out
    assert "[ ] tables/t9.yaml" in out and "[ ] 科目" not in out and "河北省" not in out
    assert packs.load("某市/2025").name == "某市/2025 部门预算信息公开格式"
