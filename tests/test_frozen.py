"""A pack that has been published stays as it is: last year's documents must come out the same.

``frozen.yaml`` holds the hashes of every pack, one for each edition of it. Who has to correct a
published pack runs ``pytest tests/test_frozen.py --update-golden``, which adds an edition, and
writes a line about it in CHANGELOG.md.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from generator import pack as packs
from generator import yamltext
from generator.pack.folder import files_of

HERE = Path(__file__).parent
RECORD = HERE / "frozen.yaml"
CHANGELOG = HERE.parent / "CHANGELOG.md"
HEAD = """\
# 已发布的格式包的摘要：一行一版，最后一行是现在的。格式包发布以后不改；要更正见 tests/test_frozen.py。
"""


def digest(folder: Path) -> str:
    """Of a pack's own files; how an editor ends its lines is no change."""
    whole = hashlib.sha256()
    for name, file in files_of(folder).items():
        data = file.path.read_bytes()
        if not name.endswith(".docx"):
            data = data.replace(b"\r\n", b"\n")
        whole.update(f"{name} {hashlib.sha256(data).hexdigest()}\n".encode())
    return whole.hexdigest()


def recorded() -> dict[str, list[str]]:
    """Pack → the hashes of its editions, the present one last."""
    if not RECORD.exists():
        return {}
    tree = yamltext.parse(RECORD.read_text(encoding="utf-8")).tree
    assert isinstance(tree, dict)
    return {pack_id: [str(one) for one in editions] for pack_id, editions in tree.items()}


def built_in() -> dict[str, Path]:
    return {pack.id: pack.folder for pack in packs.found() if pack.origin == "内置"}


def test_no_published_pack_has_changed(update_golden: bool) -> None:
    frozen = recorded()
    now = {pack_id: digest(folder) for pack_id, folder in built_in().items()}
    assert len(now) >= 5
    if update_golden:
        for pack_id, found in now.items():
            editions = frozen.setdefault(pack_id, [])
            if found not in editions[-1:]:
                editions.append(found)
        RECORD.write_text(HEAD + yamltext.dump(frozen), encoding="utf-8")  # type: ignore[arg-type]
    for pack_id, editions in frozen.items():
        assert pack_id in now, f"格式包 {pack_id} 已经发布，不能删去。"
        assert now[pack_id] == editions[-1], (
            f"格式包 {pack_id} 已经发布，里面的文件却变了。新的年度请用 template new 另做一个；"
            "确实是更正的，运行 pytest tests/test_frozen.py --update-golden 记为新的一版，"
            f"并在 CHANGELOG.md 里写一行“{pack_id} 第 {len(editions) + 1} 版：改了什么”。"
        )
    assert set(now) == set(frozen), "新的格式包要记进 frozen.yaml：--update-golden"


def test_every_correction_of_a_pack_is_in_the_changelog() -> None:
    told = CHANGELOG.read_text(encoding="utf-8")
    frozen = recorded()
    assert frozen
    for pack_id, editions in frozen.items():
        assert len(editions) == len(set(editions)), pack_id
        for edition in range(2, len(editions) + 1):
            assert f"{pack_id} 第 {edition} 版：" in told, f"CHANGELOG.md 里没有{pack_id}的这一版"


@pytest.mark.parametrize(("ending", "same"), [(b"\r\n", True), (b"\n\n", False)])
def test_line_ends_do_not_count_and_all_else_does(
    tmp_path: Path, ending: bytes, same: bool
) -> None:
    (tmp_path / "pack.yaml").write_bytes("名称: 甲\n".encode())
    before = digest(tmp_path)
    (tmp_path / "pack.yaml").write_bytes("名称: 甲".encode() + ending)
    assert (digest(tmp_path) == before) is same
