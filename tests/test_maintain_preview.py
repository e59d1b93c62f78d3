"""``template preview``: the samples show everything, and the command writes what it says."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import budgets
import pytest
from support import Docx, Table
from test_pages import office_test

from generator import pack as packs
from generator import yamltext
from generator.cli import run
from generator.maintain import preview, sample
from generator.maintain.sample_tree import EMPTY, LONG, ONE
from generator.pdf import office

PACKS = packs.available()
PACK_ID = "hebei/2025"


# --- the samples --------------------------------------------------------------------------------


@pytest.mark.parametrize("pack_id", PACKS)
def test_the_samples_are_few_and_show_everything(pack_id: str) -> None:
    pack = packs.load(pack_id)
    made = sample.samples(pack)
    # A switch of a document has one value, so there cannot be fewer.
    assert len(made) == max(len(switch.values) for switch in pack.switches.values())
    shown = [what for one in made for what in one.shows]
    assert Counter(shown).most_common(1)[0][1] == 1, "each is told of the first that shows it"
    for name, switch in pack.switches.items():
        for value in switch.values:
            assert f"{name}={value}" in shown
    for size in (EMPTY, ONE, LONG):
        assert f"表是{size}" in shown
    assert {"草稿", "定稿", "有所属单位", "没有所属单位", "类型：部门", "类型：单位"} <= set(shown)


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_wording_and_every_row_is_in_some_sample(pack_id: str) -> None:
    """Also those that only certain switches and facts together bring."""
    pack = packs.load(pack_id)
    contents = [content for one in sample.samples(pack) for content in one.contents]
    choosable = sample._choosable(pack)
    shown = {goal for c in contents for goal in sample._shown(choosable, c.form.facts)}
    wanted = {("行", where) for where, _ in choosable.lines}
    wanted |= {
        ("文", where, str(number))
        for where, wording in choosable.wordings
        for number, _ in enumerate(wording)
    }
    assert len(wanted) > 40
    assert wanted - shown == set()


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_table_is_empty_short_and_long_in_some_sample(pack_id: str) -> None:
    pack = packs.load(pack_id)
    contents = [content for one in sample.samples(pack) for content in one.contents]
    for id_, table in pack.tables.items():
        if table.source in ("绩效", "左右对照", "固定行"):
            continue  # the rows of these do not depend on how much there is
        rows = [len(content.tables[id_].rows) for content in contents]
        assert min(rows) == 1 and max(rows) > 30, id_
        if table.source not in ("采购", "机构"):
            assert any(content.tables[id_].empty for content in contents), id_
    indicators = [[len(p.indicators) for p in c.disclosure.projects] for c in contents]
    assert max(map(len, indicators)) == 4 and [] in indicators
    assert {0, 1, 36} <= {n for of_one in indicators for n in of_one}


def test_the_samples_read_back_as_they_should() -> None:
    for one in sample.samples(packs.load(PACK_ID)):
        document = one.document
        assert document.verify(document.render(one.draft)) == []
        for figures in (content.disclosure.figures for content in one.contents):
            assert figures.get("income.total") == figures.get("expenditure.grand")
            assert figures.get("general.basic") == figures.get("economic.total")


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def without_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "find", lambda: None)


def test_the_samples_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], without_office: None
) -> None:
    assert run(["template", "preview", PACK_ID, "-o", str(tmp_path / "看看")]) == 0
    names = sorted(file.name for file in (tmp_path / "看看").iterdir())
    assert names == ["样例1.docx", "样例2.docx", "样例3.docx"]
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f"已生成：{tmp_path / '看看' / '样例1.docx'}"
    assert out[1].startswith("    样例1 部门（多行），所属单位（一行），所属单位（空表），草稿：")
    assert out[-1] == "没有找到 LibreOffice，只有 Word 文档，没有 PDF 和页面图片。"


def test_an_own_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], without_office: None
) -> None:
    file = tmp_path / "预算.yaml"
    file.write_text(yamltext.dump(budgets.department()), encoding="utf-8")
    assert run(["template", "preview", PACK_ID, "-i", str(file), "-o", str(tmp_path)]) == 0
    made = Docx((tmp_path / "预算.docx").read_bytes())
    assert "河清县档案馆" in made.paragraphs
    assert len([item for item in made.items if isinstance(item, Table)]) == 13
    assert run(["template", "preview", PACK_ID, "-i", str(tmp_path / "没有.xlsx")]) == 2


def test_a_pack_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "preview", "没有/2025"]) == 2
    assert "没有格式包“没有/2025”。" in capsys.readouterr().err


@office_test
def test_pdf_and_pictures(tmp_path: Path) -> None:
    file = tmp_path / "预算.yaml"
    file.write_text(yamltext.dump(budgets.department()), encoding="utf-8")
    (tmp_path / "预算-99.png").write_bytes(b"of an earlier, longer one")
    pack = packs.load(PACK_ID)
    said = list(preview.write(preview.of_input(pack, file), tmp_path))
    pictures = sorted(tmp_path.glob("预算-*.png"))
    assert f"已生成：{tmp_path / '预算.pdf'}，页面图片 {len(pictures)} 张" in said
    assert len(pictures) > 10 and "预算-99.png" not in [file.name for file in pictures]
    assert (tmp_path / "预算.pdf").read_bytes().startswith(b"%PDF")
    assert office.find() is not None


# --- again on each save -------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "某地" / "2025"
    shutil.copytree(packs.load(PACK_ID).folder, target)
    return target


def touch(file: Path, seconds: int) -> None:
    os.utime(file, (2_000_000_000 + seconds, 2_000_000_000 + seconds))


def test_a_save_is_seen_once_it_rests(folder: Path) -> None:
    file, steps = folder / "disclosure.docx", iter(range(100))

    def wait(seconds: float) -> None:
        step = next(steps)
        if step == 1:
            (folder / "~$sclosure.docx").write_bytes(b"lock")  # Word opens it
        elif step == 3:
            file.unlink()  # and saves: the old one goes,
        elif step == 4:
            file.write_bytes(b"PK half")  # the new one comes,
        elif step == 5:
            file.write_bytes(b"PK whole")  # bit by bit
        elif step == 20:
            touch(folder / "pack.yaml", 1)
        elif step == 40:
            raise KeyboardInterrupt

    seen = []
    with pytest.raises(KeyboardInterrupt):
        for _ in preview.saves([folder], wait):
            seen.append(file.read_bytes())
    assert seen == [b"PK whole", b"PK whole"]


def test_watching_survives_a_broken_save(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    without_office: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = (folder / "disclosure.docx").read_bytes()

    def saves(watched: object) -> object:
        (folder / "disclosure.docx").write_bytes(b"PK half")
        yield {}
        (folder / "disclosure.docx").write_bytes(good)
        touch(folder / "disclosure.docx", 9)
        yield {}
        raise KeyboardInterrupt

    monkeypatch.setattr(preview, "saves", saves)
    made = tmp_path / "看看"
    assert run(["template", "preview", str(folder), "-o", str(made), "--watch"]) == 0
    out = capsys.readouterr().out.splitlines()
    [broken] = [n for n, line in enumerate(out) if "无法试填" in line]
    assert out[broken] == "无法试填：模板“disclosure.docx”已损坏。请换回原来的模板文件。"
    assert out[broken - 1] == "等待保存……（按 Ctrl-C 结束）"
    assert sum(line.startswith("已生成：") for line in out[:broken]) == 3
    assert sum(line.startswith("已生成：") for line in out[broken:]) == 3
    assert out[-1] == "已结束。"


def test_watching_a_pack_that_does_not_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "某地" / "2025"
    shutil.copytree(packs.load("hebei/2025").folder, folder)
    (folder / "glossary.yaml").write_text("甲: [\n", encoding="utf-8")

    def stopped(watched: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(preview, "saves", stopped)
    assert run(["template", "preview", str(folder), "--watch", "-o", str(tmp_path / "看看")]) == 0
    out = capsys.readouterr().out
    assert "无法试填：格式包文件" in out and f"gen-disclosure template check {folder}" in out
    assert out.endswith("已结束。\n")
    assert run(["template", "preview", str(folder), "-o", str(tmp_path / "看看")]) == 2
    assert f"gen-disclosure template check {folder}" in capsys.readouterr().err
