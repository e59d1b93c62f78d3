"""What a stranger's file may not do to the others of a batch, or to the folder of documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import budgets
import pytest
from test_batch import go, write
from test_season import of, states

from generator.batch.outcome import DONE, FAULTY, WARNED
from generator.folder import FORMER, MANIFEST
from generator.problem import UserError

GOOD = (DONE, WARNED)


def naming(folder: Path, code: str, *units: str) -> Path:
    """A department that names these files as its units."""
    return write(folder, code, change={"所属单位": list(units)})


def test_nobody_else_makes_a_departments_document_vanish(tmp_path: Path) -> None:
    victim = write(tmp_path / "收", "301")
    write(tmp_path / "收", "302")
    document = of(go(tmp_path), victim.name).output
    naming(tmp_path / "收", "302", victim.name)
    batch = go(tmp_path)
    assert of(batch, victim.name).state in GOOD
    assert (tmp_path / "出" / document).exists()
    assert of(batch, "302.yaml").state == FAULTY
    assert not batch.parts


@pytest.mark.parametrize("others", [["301"], ["302"]], ids=["itself", "each the other"])
def test_who_names_itself_is_told(tmp_path: Path, others: list[str]) -> None:
    names = {"301": others[0], "302": "301"} if others == ["302"] else {"301": "301"}
    for code, named in names.items():
        naming(tmp_path / "收", code, f"{code if len(names) == 1 else named}.yaml")
    assert set(states(go(tmp_path)).values()) == {FAULTY}
    assert len(states(go(tmp_path))) == len(names)


def forge(folder: Path, change: Callable[[dict[str, Any]], object] | str) -> None:
    """Change the one line of a folder's manifest."""
    file = folder / MANIFEST
    entry = json.loads(file.read_text("utf-8").splitlines()[0])
    if not isinstance(change, str):
        change(entry)
    text = change if isinstance(change, str) else json.dumps(entry)
    file.write_text(text + "\n", encoding="utf-8")


def test_a_forged_manifest_moves_nothing_from_outside(tmp_path: Path) -> None:
    file = write(tmp_path / "收", "301")
    go(tmp_path)
    (tmp_path / "别人.docx").write_bytes(b"mine")
    forge(
        tmp_path / "出",
        lambda e: e.update(former=["../别人.docx", f"../收/{file.name}", MANIFEST, "汇总.xlsx"]),
    )
    assert of(go(tmp_path), file.name).state in GOOD
    assert (tmp_path / "别人.docx").read_bytes() == b"mine"
    assert file.exists()
    assert not {MANIFEST, "汇总.xlsx"} & {f.name for f in (tmp_path / "出" / FORMER).glob("*")}


@pytest.mark.parametrize(
    "change",
    [
        *({"file": ["a"]}, {"file": 5}, {"former": [5]}, {"former": "abc"}, {"former": ["a\0b"]}),
        *({"former": ["x" * 5000]}, {"former": ["."]}, {"former": [FORMER]}, {"output": "/a.docx"}),
        *({"output": "..\\a.docx"}, {"pdf": "../a.pdf"}, {"data": "a/b.json"}, {"figures": [1]}),
        *({"figures": {"income.total|": "abc"}}, {"figures": {"income.total|": "1e999999999"}}),
        *({"state": "???"}, {"year": "x"}, {"code": None}, {"counts": 5}, {"rules": {"X": "y"}}),
        *({"notes": [7]}, {"findings": [{}]}, {"projects": "a"}, {"pages": "a"}, {"more": 1}),
        *("[" * 200_000, "5", "[]", '"a"', '{"seconds": ' + "9" * 5000 + "}"),
    ],
)
def test_a_damaged_manifest_is_as_good_as_none(tmp_path: Path, change: Any) -> None:
    file = write(tmp_path / "收", "301")
    before = of(go(tmp_path), file.name)
    forge(tmp_path / "出", change if isinstance(change, str) else lambda e: e.update(change))
    again = go(tmp_path)
    assert again.kept == 0
    assert of(again, file.name).output == before.output
    assert (tmp_path / "出" / before.output).exists()


@pytest.mark.parametrize("name", ["汇总.xlsx", "汇总.html"])
def test_a_summary_of_somebody_else_is_not_written_over(tmp_path: Path, name: str) -> None:
    write(tmp_path / "收", "301")
    (tmp_path / "出").mkdir()
    (tmp_path / "出" / name).write_bytes(b"mine")
    with pytest.raises(UserError, match=f"已有“{name}”"):
        go(tmp_path)
    assert (tmp_path / "出" / name).read_bytes() == b"mine"
    assert [file.name for file in (tmp_path / "出").glob("*.docx")] == []


def test_a_unit_of_its_own_department_is_a_part(tmp_path: Path) -> None:
    basics = {**budgets.department()["基本信息"], "类型": "单位", "编码": "301001"}
    unit = write(tmp_path / "收", "301001", change={"基本信息": basics})
    naming(tmp_path / "收", "301", unit.name)
    assert [Path(part).name for part in go(tmp_path).parts] == [unit.name]
