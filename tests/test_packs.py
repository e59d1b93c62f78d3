"""Where packs live, which one is meant, variants, what is refused, and the command ``packs``."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from support import sample

from generator import cli, pipeline
from generator import pack as packs
from generator.balance import MEASURES, SANGONG_PARENT
from generator.pack import BESIDE
from generator.pack.folder import MAX_TEMPLATE, MAX_TEXT
from generator.pack.patterns import UnsafePattern, compiled
from generator.pack.places import VARIABLE
from generator.problem import UserError
from generator.report.text import width

Make = Callable[..., Path]
NEWEST = packs.newest_for(None)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of packs; the current folder has none."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "mine"


def copy(root: Path, pack_id: str, source: str = "hebei/2025") -> Path:
    """A whole pack in a folder of packs."""
    return Path(shutil.copytree(packs.packs_root() / source, root / pack_id))


def variant(root: Path, pack_id: str, about: str = "名称: 变体\n基于: hebei/2025\n") -> Path:
    folder = root / pack_id
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(about, encoding="utf-8")
    return folder


def put(folder: Path, name: str, old: str, new: str, source: str = "hebei/2025") -> None:
    """A file of a built-in pack, changed, in the folder of another."""
    text = (packs.packs_root() / source / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def refused(name: str, beside: Path | None = None) -> str:
    with pytest.raises(UserError) as caught:
        packs.load(name, beside)
    return str(caught.value)


def budget(folder: Path, **basics: object) -> Path:
    """A whole input in a folder; ``basics``: what 基本信息 says else."""
    tree = sample()
    tree["基本信息"] |= basics
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "预算.yaml"
    file.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file


# --- where they live ----------------------------------------------------------------------------


def test_the_users_packs_are_found_and_loaded(mine: Path) -> None:
    copy(mine, "hebei/2081")
    assert "hebei/2081" in packs.available()
    pack = packs.load("hebei/2081")
    assert (pack.id, pack.folder) == ("hebei/2081", mine / "hebei" / "2081")
    assert packs.find("hebei/2081").origin == "用户文件夹"
    assert packs.newest_for(2081) == packs.newest_for(None) == "hebei/2081"
    assert packs.newest_for(2080) == NEWEST


def test_the_users_folder_is_the_systems_unless_it_is_moved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert packs.user_root().parts[-2:] == ("gen-disclosure", "templates")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert packs.user_root() == tmp_path


def test_the_built_in_folder_as_the_users_is_no_second_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, str(packs.packs_root()))
    assert packs.load("hebei/2025").id == "hebei/2025"


def test_a_pack_beside_the_input_is_used_when_it_is_named(mine: Path, tmp_path: Path) -> None:
    inputs = tmp_path / "收到的"
    copy(inputs / packs.BESIDE, "hebei/2026")
    assert packs.newest_for(2026) == "hebei/2025", "a stranger's folder chooses nothing"
    unnamed = pipeline.check(budget(inputs, 年度="2026"))
    assert unnamed.pack is not None
    assert unnamed.pack.id == "hebei/2025"
    named = pipeline.check(budget(inputs, 年度="2026", 格式="hebei/2026"))
    assert named.pack is not None
    assert named.pack.folder == inputs / packs.BESIDE / "hebei" / "2026"
    elsewhere = pipeline.check(budget(tmp_path / "别处", 年度="2026", 格式="hebei/2026"))
    assert "没有格式包“hebei/2026”" in [p.message for p in elsewhere.problems]


def test_packs_beside_inputs_are_no_inputs(mine: Path, tmp_path: Path) -> None:
    inputs = tmp_path / "收到的"
    copy(inputs / packs.BESIDE, "hebei/2026")
    budget(inputs / "甲局")
    output = tmp_path / "公开"
    assert cli.run(["batch", str(inputs), "-o", str(output), "--jobs", "1"]) == 0
    assert len(list(output.glob("*.docx"))) == 1


def test_a_pack_is_given_by_its_folder(mine: Path, tmp_path: Path) -> None:
    folder = copy(tmp_path / "这里", "某市/2025")
    file = budget(tmp_path)
    assert cli.run([str(file), "--pack", "这里/某市/2025"]) == 0
    assert packs.find(str(folder)).origin == "指定的路径"
    inside = packs.find(str(packs.packs_root() / "hebei" / "2025"))
    assert (inside.id, inside.origin) == ("hebei/2025", "内置")


def test_an_input_cannot_name_a_folder(mine: Path, tmp_path: Path) -> None:
    folder = copy(tmp_path / "这里", "某市/2025")
    document = pipeline.check(budget(tmp_path, 格式=str(folder)))
    assert f"没有格式包“{folder}”" in [p.message for p in document.problems]
    assert document.pack is not None
    assert document.pack.id == "hebei/2025"


def test_batch_with_a_folder_and_workers_is_made_again_when_the_pack_changes(
    mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = variant(tmp_path / "这里", "某市/2025")
    inputs, output = budget(tmp_path / "收到的").parent, tmp_path / "公开"
    command = ["batch", str(inputs), "-o", str(output), "--pack", "这里/某市/2025", "--jobs", "2"]
    assert cli.run(command) == 0
    assert cli.run(command) == 0
    assert "没有变化 1 份" in capsys.readouterr().out
    put(folder, "tables/t1.yaml", "预算收支总表", "预算收支一览表")
    assert cli.run(command) == 0
    assert "没有变化" not in capsys.readouterr().out


# --- which one is meant -------------------------------------------------------------------------


def test_no_pack_takes_the_place_of_another(mine: Path, tmp_path: Path) -> None:
    folder = copy(mine, "hebei/2025")
    built_in = packs.packs_root() / "hebei" / "2025"
    message = (
        f"格式包 hebei/2025 在两个地方都有：{built_in}（内置），{folder}（用户文件夹）。"
        "一个编号只能是一个格式包，请把自己做的那个文件夹改名或移走。"
    )
    assert refused("hebei/2025") == message
    assert packs.load("hebei/2023").id == "hebei/2023", "the others are as they were"
    shutil.rmtree(mine)
    copy(tmp_path / packs.BESIDE, "hebei/2025")
    assert "（内置），" in refused("hebei/2025", tmp_path)
    given = copy(tmp_path / "别处", "hebei/2025")
    assert f"{given}（指定的路径）" in refused(str(given))


def test_variants_and_other_places_are_chosen_only_when_they_are_named(mine: Path) -> None:
    variant(mine, "hebei/2080")
    copy(mine, "某市/2081")
    copy(mine, "hebei/2079试行")
    assert packs.newest_for(2081) == packs.newest_for(None) == NEWEST
    assert packs.newest_for(2026) == "hebei/2025"
    assert packs.newest_for(2027) == "hebei/2027"


def test_a_folder_that_is_none(mine: Path, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    assert "没有格式包“空”" in refused("空")
    folder = copy(tmp_path / "a b", "我 的/2025")
    assert refused(str(folder)).startswith(
        f"格式包的文件夹“{folder}”的编号“我 的/2025”里的“ ”（U+0020）不能用。请改文件夹的名字，"
    )


def test_a_changed_pack_is_read_anew(mine: Path) -> None:
    folder = variant(mine, "某市/2025")
    before = packs.digest()
    assert packs.load("某市/2025").tables["T1"].name == "收支总表"
    put(folder, "tables/t1.yaml", "名称: 收支总表", "名称: 收支一览表")
    assert packs.load("某市/2025").tables["T1"].name == "收支一览表"
    assert packs.digest() != before


def test_the_digest_covers_what_is_beside_and_given(mine: Path, tmp_path: Path) -> None:
    assert packs.digest_beside(tmp_path) == ""
    folder = copy(tmp_path / packs.BESIDE, "某市/2025")
    beside, given = packs.digest_beside(tmp_path), packs.digest(str(folder))
    assert beside
    assert given != packs.digest()
    (folder / "glossary.yaml").write_text("[]", encoding="utf-8")
    assert packs.digest_beside(tmp_path) != beside
    assert packs.digest(str(folder)) != given


# --- variants -----------------------------------------------------------------------------------


def test_a_variant_has_its_own_files_and_keys_and_the_rest_of_its_base(mine: Path) -> None:
    folder = variant(mine, "某市/2025", "名称: 某市的格式\n适用年度: [2025]\n基于: hebei/2025\n")
    put(folder, "tables/t9.yaml", "三、公务接待费", "三、接待费")
    pack, base = packs.load("某市/2025"), packs.load("hebei/2025")
    assert (pack.name, pack.years, pack.based_on) == ("某市的格式", (2025,), "hebei/2025")
    assert (pack.basis, pack.switches, pack.sections) == (base.basis, base.switches, base.sections)
    labels = [line.label for line in pack.tables["T9"].lines]
    assert "三、接待费" in labels
    assert {i: t for i, t in pack.tables.items() if i != "T9"} == {
        i: t for i, t in base.tables.items() if i != "T9"
    }
    assert pack.template == base.template, "the .docx is inherited"
    assert (pack.lists, pack.words, pack.procurement) == (base.lists, base.words, base.procurement)


def test_a_key_of_a_variant_replaces_the_whole_key(mine: Path) -> None:
    variant(mine, "某市/2025", "名称: 变体\n基于: hebei/2025\n依据: [市里的通知]\n")
    assert packs.load("某市/2025").basis == ("市里的通知",)


def test_the_base_may_lie_beside_the_variant(mine: Path, tmp_path: Path) -> None:
    copy(tmp_path / "这里", "某省/2025")
    folder = variant(tmp_path / "这里", "某市/2025", "名称: 变体\n基于: 某省/2025\n")
    assert packs.load(str(folder)).based_on == "某省/2025"


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ("名称: 变体\n基于: hebei/1999\n", "pack.yaml 的“基于”：hebei/1999 没有这个格式包。"),
        (
            "名称: 变体\n基于: ../../hebei/2025\n",
            "pack.yaml 的“基于”：../../hebei/2025 没有这个格式包。",
        ),
        ("名称: 变体\n基于: 某市/2025\n", "只能有一层。"),
        (
            "名称: 变体\n基于: tangshan/2025\n",
            "pack.yaml 的“基于”：tangshan/2025 自己也基于别的格式包，只能有一层。请改为基于 hebei/2025。",
        ),
        ("基于: hebei/2025\n", "pack.yaml 的“名称”：缺少这个键。"),
        ("名称: 变体\n基于: hebei/2025\n适用: 2025\n", "pack.yaml 的“适用”：没有这个键。"),
    ],
)
def test_what_a_variant_may_not_say(mine: Path, about: str, message: str) -> None:
    folder = variant(mine, "某市/2025", about)
    told = refused("某市/2025")
    assert told.startswith(f"格式包文件 {folder / 'pack.yaml'} 的")
    assert message in told


def test_a_mistake_is_told_of_the_file_that_it_is_in(mine: Path) -> None:
    folder = variant(mine, "某市/2025")
    put(folder, "tables/t9.yaml", "内容: 名称", "内容: 编码")
    assert refused("某市/2025").startswith(f"格式包文件 {folder / 'tables' / 't9.yaml'} 第 11 行：")
    base = packs.packs_root() / "hebei" / "2025"
    (folder / "tables" / "t9.yaml").unlink()
    put(folder, "pack.yaml", "可选: [九行, 五行]", "可选: [五行]")
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    (folder / "pack.yaml").write_text(f"{text}基于: hebei/2025\n", encoding="utf-8")
    assert refused("某市/2025") == (
        f"格式包文件 {base / 'tables' / 't1.yaml'} 的“表 T1.左”：开关“收入行”没有“九行”这个值。"
        f"这是所基于的格式包 hebei/2025 的文件，不要改它：请检查 {folder / 'pack.yaml'}，"
        f"或把它抄成 {folder / 'tables' / 't1.yaml'} 再改。"
    )


def test_a_mistake_in_the_base_is_told_there(mine: Path) -> None:
    base = copy(mine, "某省/2025")
    put(base, "pack.yaml", "默认: 简式", "默认: 复式")
    variant(mine, "某市/2025", "名称: 变体\n基于: 某省/2025\n")
    told = refused("某市/2025")
    assert told.startswith(f"格式包文件 {base / 'pack.yaml'} 的“格式选项.封面”：")
    assert "所基于的格式包 某省/2025 的文件" in told


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sektions.yaml", "sektions.yaml：格式包里没有这样的文件。是不是“sections.yaml”？"),
        ("tables/t1.yml", "t1.yml：格式包里没有这样的文件。"),
        ("table/t1.yaml", "table：格式包里没有这样的文件。"),
        ("tables/深/t1.yaml", "深：格式包里没有这样的文件。"),
        ("说明.txt", "说明.txt：格式包里没有这样的文件。请改正文件名，或移到别处。"),
    ],
)
def test_a_file_that_no_pack_has_is_refused(mine: Path, name: str, message: str) -> None:
    folder = copy(mine, "某市/2025")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("甲", encoding="utf-8")
    assert message in refused("某市/2025")


def test_a_table_that_the_base_has_not_is_refused_in_a_variant(mine: Path) -> None:
    folder = variant(mine, "某市/2025")
    put(folder, "tables/t9.yaml", "表: T9", "表: T9")
    (folder / "tables" / "t9.yaml").rename(folder / "tables" / "t09.yaml")
    assert "t09.yaml：格式包里没有这样的文件。是不是“tables/t9.yaml”？" in refused("某市/2025")


def test_what_word_and_the_system_leave_behind_is_no_matter(mine: Path) -> None:
    folder = copy(mine, "某市/2025")
    for name in ("~$sclosure.docx", ".DS_Store", "Thumbs.db", ".~lock.disclosure.docx#"):
        (folder / name).write_bytes(b"x")
    assert packs.load("某市/2025").id == "某市/2025"


@pytest.mark.parametrize("name", ["disclosure.docx", "lists.yaml", "codes/procurement.csv"])
def test_a_file_that_is_missing(mine: Path, name: str) -> None:
    folder = copy(mine, "某市/2025")
    (folder / name).unlink()
    assert f"{folder / name}：没有这个文件。请从" in refused("某市/2025")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_out_of_the_folder_is_refused(mine: Path, tmp_path: Path) -> None:
    folder = copy(mine, "某市/2025")
    secret = tmp_path / "秘密.yaml"
    secret.write_text("密: 码", encoding="utf-8")
    (folder / "glossary.yaml").unlink()
    (folder / "glossary.yaml").symlink_to(secret)
    assert "glossary.yaml：是通到文件夹外面的链接。" in refused("某市/2025")
    (folder / "glossary.yaml").unlink()
    shutil.copytree(folder / "codes", tmp_path / "codes")
    shutil.rmtree(folder / "codes")
    (folder / "codes").symlink_to(tmp_path / "codes")
    assert "codes：是通到文件夹外面的链接。" in refused("某市/2025")


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("glossary.yaml", MAX_TEXT),
        ("codes/functional.csv", MAX_TEXT),
        ("disclosure.docx", MAX_TEMPLATE),
    ],
)
def test_a_file_that_is_too_large(mine: Path, name: str, limit: int) -> None:
    folder = copy(mine, "某市/2025")
    with (folder / name).open("r+b") as stream:
        stream.truncate(limit + 1)
    assert f"{folder / name}：过大。" in refused("某市/2025")


def test_a_folder_with_very_many_files(mine: Path) -> None:
    folder = copy(mine, "某市/2025")
    for number in range(300):
        (folder / "tables" / f"x{number}.yaml").touch()
    assert "文件太多（200 个以上）" in refused("某市/2025")


def test_very_many_rows_of_a_table(mine: Path) -> None:
    folder = copy(mine, "某市/2025")
    rows = "  - {标签: 甲}\n" * 100_000
    put(folder, "tables/t9.yaml", "\n行:\n", f"\n行:\n{rows}")
    start = time.perf_counter()
    assert "t9.yaml 的“行”：太多了，最多 500 个。" in refused("某市/2025")
    assert time.perf_counter() - start < 20


def test_files_that_are_too_large_together(mine: Path) -> None:
    folder = copy(mine, "某市/2025")
    for number in range(9):
        (folder / "tables" / f"x{number}.yaml").write_bytes(b"#" * (MAX_TEXT - 1))
    assert "文件合起来过大。" in refused("某市/2025")


@pytest.mark.parametrize(
    "pattern",
    ["(a*)*b", "(a+)+b", "a*a*a*a*b", "(?:a|a){30}b", "(.|甲){0,40}", "[^，]*甲", "(?:甲{1,40}){1,40}",
     "(?=(甲*)*乙)", "(a)(?(1)b|c)", "甲{0,99999}", "甲" * 300],
)  # fmt: skip
def test_an_expression_that_may_take_long_is_refused(pattern: str) -> None:
    with pytest.raises(UnsafePattern):
        compiled(pattern)


@pytest.mark.parametrize(
    "pattern", ["甲(?!乙)[^，。；]{0,10}(?:职能|职责|义务)", "(?<!目)的的", "甲?乙"]
)
def test_an_expression_that_is_quick_is_taken(pattern: str) -> None:
    assert compiled(pattern).pattern == pattern


def test_the_worst_expression_that_is_taken_is_quick() -> None:
    expression = compiled("(?:甲|甲){0,6}[甲]{0,6}丙")
    start = time.perf_counter()
    assert expression.search("甲" * 2000) is None
    assert time.perf_counter() - start < 5


def test_a_slip_with_such_an_expression_is_told(mine: Path) -> None:
    folder = copy(mine, "某市/2025")
    (folder / "words.yaml").write_text("错字: [{词: 甲, 式: '(甲*)*乙', 改: 丙}]", encoding="utf-8")
    with pytest.raises(UserError, match=re.escape("words.yaml：正则表达式“(甲*)*乙”可能要算很久")):
        _ = packs.load("某市/2025").words


# --- the command --------------------------------------------------------------------------------


def test_the_list(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    variant(mine, "某市/2025", "名称: 某市的格式\n基于: hebei/2025\n说明: 试用\n")
    variant(mine, "坏的/2025", "名称: 坏\n基于: hebei/1999\n")
    assert cli.run(["packs"]) == 0
    out = capsys.readouterr().out
    for line in (
        "hebei/2025      内置",
        "    年度  2025、2026",
        "某市/2025       用户文件夹",
        "    基于  hebei/2025",
        "    说明  试用",
        f"  用户文件夹    {mine}",
    ):
        assert line in out.splitlines(), line
    assert "    不能用：格式包" in out
    paths = [line for line in out.splitlines() if str(mine.parent)[:20] in line]
    assert all(width(line) <= 80 for line in out.splitlines() if line not in paths)


def test_one_pack(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = variant(mine, "某市/2025")
    put(folder, "tables/t9.yaml", "表: T9", "表: T9")
    assert cli.run(["packs", "某市/2025"]) == 0
    out = capsys.readouterr().out
    assert "  收入行            九行  五行*" in out
    assert "  自己的  pack.yaml  tables/t9.yaml" in out
    assert "  hebei/2025 的  codes/economic.csv" in out
    assert cli.run(["packs", "某市/1999"]) == 2
    assert "没有格式包“某市/1999”。" in capsys.readouterr().err


def test_the_measures(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["packs", "--measures"]) == 0
    told = capsys.readouterr().out.splitlines()
    rows = [line.split() for line in told if line.startswith("  ")]
    assert rows[: len(MEASURES)] == [[m, *name.split()] for m, name in MEASURES.items()]
    assert rows[len(MEASURES)] == ["空白", "只印表头、不填的列，如“备注”"]
    names = {row[0] for row in rows[len(MEASURES) + 1 : -1]}
    assert names == set(SANGONG_PARENT) and rows[-1] == ["合计"]


def test_a_pack_one_folder_too_high_is_told(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(packs.packs_root() / "hebei" / "2025", mine / "2028")
    assert cli.run(["packs"]) == 0
    out = "".join(capsys.readouterr().out.split())
    assert f"“{mine / '2028'}”里有一个格式包，但放错了一层".replace(" ", "") in out


def test_as_json(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    variant(mine, "坏的/2025", "名称: 坏\n基于: hebei/1999\n")
    assert cli.run(["packs", "--format", "json"]) == 0
    told = {one["id"]: one for one in json.loads(capsys.readouterr().out)["packs"]}
    assert set(told) == {*packs.available()}
    assert told["hebei/2025"]["switches"]["收入行"]["default"] == "五行"
    assert told["tangshan/2025"]["based_on"] == "hebei/2025"
    assert "没有这个格式包" in told["坏的/2025"]["fault"]


def test_a_new_place_travels_without_being_named() -> None:
    """The wheel takes whatever lies in templates/, but for the page whose pictures it has not."""
    file = packs.packs_root().parent / "pyproject.toml"
    text = file.read_text(encoding="utf-8")
    wheel = tomllib.loads(text)["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["sources"] == {"templates": "generator/templates"}
    assert wheel["only-include"] == ["generator", "templates"]
    assert wheel["exclude"] == ["templates/README.md"]
    places = {pack_id.partition("/")[0] for pack_id in packs.available()}
    assert places and not [place for place in places if place in text]


# --- the packs made with the commands -----------------------------------------------------------


def test_the_city_prints_what_its_published_document_did(tmp_path: Path) -> None:
    document = pipeline.check(budget(tmp_path, 格式="tangshan/2025"))
    words = str(document.contents[0].tables["T1"].rows)
    assert "九、其他收入" in words
    assert "三十一、人行科目" in words
    assert "三十一、人行专用科目" not in words


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("name", ["pack.yaml", "tables/t1.yaml", "disclosure.docx"])
def test_a_pipe_or_a_device_in_a_pack_is_never_read(tmp_path: Path, name: str) -> None:
    """It may have no end; and nobody need have named the pack."""
    shutil.copytree(packs.packs_root() / "hebei" / "2025", tmp_path / BESIDE / "x" / "2025")
    file = tmp_path / BESIDE / "x" / "2025" / name
    file.unlink()
    os.mkfifo(file)
    assert len(packs.digest_beside(tmp_path)) in (0, 64)
    with pytest.raises(UserError, match=r"不是普通的文件|没有格式包"):
        packs.load("x/2025", tmp_path)
