"""words.yaml of a pack: known slips and terms, read when they are asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator import pack as packs
from generator.pack.lists import Words, words
from generator.problem import UserError


@pytest.mark.parametrize("pack_id", packs.available())
def test_every_slip_is_found_by_its_word(pack_id: str) -> None:
    known = packs.load(pack_id).words
    assert known.slips
    assert known.terms
    for slip in known.slips:
        assert slip.word in slip.pattern.pattern.replace("\\", ""), slip
        assert slip.right not in (slip.word, "")


def test_a_pack_need_not_have_any(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(packs.packs_root() / "hebei" / "2025", tmp_path / "2025"))
    (folder / "words.yaml").unlink()
    assert packs.load_folder(folder, "某省/2025").words == Words()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("错字: [{词: 甲, 式: '(', 改: 乙}]", "写法不对"),
        ("错字: [{词: 甲}]", "写法不对"),
        ("用语: [甲]", "写法不对"),
        ("错字: [", "括号没有成对"),
        ("\udcff", "不是 UTF-8"),
        ("错字: [{词: 甲, 式: '(甲*)*乙', 改: 丙}]", "可能要算很久"),
        (f"错字: [{'{词: 甲, 改: 乙}, ' * 1001}]", "错字太多"),
    ],
)
def test_a_list_that_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "words.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UserError, match=message):
        words(tmp_path / "words.yaml")
