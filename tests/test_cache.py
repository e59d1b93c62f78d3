"""What is kept in the user's cache folder: the same again, or nothing."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import budgets
import pytest
from support import ROOT, make

from generator import cache, render
from generator import pack as packs
from generator.problem import UserError
from generator.render import lowering, template
from generator.render.container import Container, unpack
from generator.render.program import NoProgram
from generator.render.template import DocumentTemplate

KEY = "0" * 64
VALUE = {"甲": [1, "二", True], "b": {}}
posix = pytest.mark.skipif(os.name == "nt", reason="Windows keeps its own account of rights")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of this test's own; templates are read anew."""
    place = tmp_path / "cache" / "own"
    monkeypatch.setenv(cache.VARIABLE, str(place))
    template._loaded.cache_clear()
    return place


def entry(folder: Path) -> Path:
    [file] = folder.iterdir()
    return file


# --- keeping and finding --------------------------------------------------------------------


def test_what_is_kept_is_found(folder: Path) -> None:
    assert cache.find("x", KEY) is None
    cache.keep("x", KEY, VALUE)
    assert cache.find("x", KEY) == VALUE
    assert cache.find("y", KEY) is None
    assert cache.find("x", "1" * 64) is None


@posix
def test_nobody_else_can_read_or_write_it(folder: Path) -> None:
    cache.keep("x", KEY, VALUE)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(entry(folder).stat().st_mode) == 0o600


def test_it_can_be_switched_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.keep("x", KEY, VALUE)
    monkeypatch.setenv(cache.VARIABLE, "OFF")
    assert cache.find("x", KEY) is None
    cache.keep("y", KEY, VALUE)
    assert entry(folder).name.startswith("x-")


def test_it_lies_in_the_users_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(cache.VARIABLE, raising=False)
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name, appauthor: tmp_path / name)
    cache.keep("x", KEY, VALUE)
    assert entry(tmp_path / "gen-disclosure").name == f"x-{KEY}.kept"


def test_a_user_without_a_home_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(cache.VARIABLE, raising=False)
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: Path("~/.cache/x"))
    monkeypatch.chdir(tmp_path)
    cache.keep("x", KEY, VALUE)
    assert cache.find("x", KEY) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_folder_that_cannot_be_used_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / place))
    cache.keep("x", KEY, VALUE)
    assert cache.find("x", KEY) is None


@posix
def test_a_folder_that_cannot_be_written_is_no_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    cache.keep("x", KEY, VALUE)
    assert cache.find("x", KEY) is None


def test_a_full_disk_leaves_nothing_half_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    cache.keep("x", KEY, VALUE)
    assert not list(folder.iterdir())


def test_only_so_many_entries_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST", 3)
    for i in range(6):
        cache.keep("x", f"{i:064}", VALUE)
        file = folder / f"x-{i:064}.kept"
        os.utime(file, (i, i))
    (folder / "of somebody else.txt").write_text("", encoding="utf-8")
    cache.keep("x", KEY[:-1] + "9", VALUE)
    kept = sorted(f.name for f in folder.iterdir() if f.suffix == ".kept")
    assert kept == [f"x-{i:064}.kept" for i in (4, 5, 9)]
    assert (folder / "of somebody else.txt").exists()


def test_what_is_too_large_is_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MAX_FILE", 50)
    cache.keep("x", KEY, VALUE)
    assert not folder.exists()


# --- what cannot be trusted -----------------------------------------------------------------


def packed(rest: bytes, key: str = KEY) -> bytes:
    """An entry as it would be written, of any content."""
    return b"gen-disclosure\n" + sha256(key.encode() + rest).digest() + rest


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1],
        lambda data: data[:20],
        lambda data: b"",
        lambda data: data[:60] + b"\xff" + data[61:],
        lambda data: b"x" + data,
        lambda data: packed(zlib.compress(b"[1"), KEY),
        lambda data: packed(zlib.compress(b"[" * 100_000), KEY),
        lambda data: packed(zlib.compress(b"\xff\xfe"), KEY),
        lambda data: packed(b"no zlib", KEY),
        lambda data: packed(zlib.compress(b"1"), "1" * 64),
        lambda data: packed(zlib.compress(b" " * (cache.MAX_DATA + 1)), KEY),
    ],
)
def test_a_damaged_entry_counts_as_missing(folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    cache.keep("x", KEY, VALUE)
    file = entry(folder)
    file.write_bytes(spoil(file.read_bytes()))
    assert cache.find("x", KEY) is None
    cache.keep("x", KEY, VALUE)
    assert cache.find("x", KEY) == VALUE


@posix
def test_what_others_may_write_is_not_trusted(folder: Path) -> None:
    cache.keep("x", KEY, VALUE)
    file = entry(folder)
    for path, mode, good in ((file, 0o666, 0o600), (folder, 0o777, 0o700)):
        path.chmod(mode)
        assert cache.find("x", KEY) is None
        path.chmod(good)
        assert cache.find("x", KEY) == VALUE


@posix
def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    cache.keep("x", KEY, VALUE)
    file = entry(folder)
    other = file.rename(tmp_path / "other")
    file.symlink_to(other)
    assert cache.find("x", KEY) is None


@posix
def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o700)
    os.mkfifo(folder / f"x-{KEY}.kept", 0o600)
    assert cache.find("x", KEY) is None


def test_another_program_has_another_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = tmp_path / "maker.py"
    keys = []
    for source, version, content in (("a", "1", b"x"), ("b", "1", b"x"), ("a", "2", b"x")):
        maker.write_text(source, encoding="utf-8")
        monkeypatch.setattr(cache, "__version__", version)
        cache._program.cache_clear()
        keys += [cache.key(content, [maker]), cache.key(content + b"y", [maker])]
    assert len(set(keys)) == 6
    assert cache.key(b"x", [tmp_path / "nowhere.py"]) == ""
    cache.keep("x", "", VALUE)
    assert cache.find("x", "") is None


# --- compiled templates ---------------------------------------------------------------------


def rendered(pack_id: str | None = None) -> bytes:
    return make(budgets.department(), pack_id).data


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    def compile_anew(*_: object) -> None:
        raise AssertionError("compiled anew")

    monkeypatch.setattr(lowering, "compile_template", compile_anew)


@pytest.mark.parametrize("pack_id", packs.available())
def test_the_same_bytes_from_what_was_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch, pack_id: str
) -> None:
    fresh = rendered(pack_id)
    assert entry(folder).name.startswith("template-")
    template._loaded.cache_clear()
    forbid(monkeypatch)
    assert rendered(pack_id) == fresh


def test_a_template_that_is_changed_is_compiled_anew(folder: Path, tmp_path: Path) -> None:
    data = packs.load(packs.available()[0]).template.read_bytes()
    file = tmp_path / "disclosure.docx"
    for name in ("一", "二"):
        parts = unpack(data, "x")
        body = parts["word/document.xml"].replace("{{ 封面.名称 }}".encode(), name.encode())
        file.write_bytes(Container({**parts, "word/document.xml": body}).pack({}))
        template._loaded.cache_clear()
        render.load(file)
    assert len(list(folder.iterdir())) == 2


def kept_value(folder: Path) -> Any:
    file = entry(folder)
    return cache.find("template", file.stem.partition("-")[2])


BODY = "word/document.xml"


def with_body(value: Any, change: Callable[[str], str]) -> Any:
    """What was kept, with the text of the body's program changed."""
    return {**value, BODY: json.loads(change(json.dumps(value[BODY], ensure_ascii=False)))}


def nested(depth: int) -> list[Any]:
    body: list[Any] = []
    for _ in range(depth):
        body = [["if", [[["constant", True], body]], []]]
    return body


@pytest.mark.parametrize(
    "change",
    [
        lambda value: None,
        lambda value: [],
        lambda value: {},
        lambda value: [*value.items()],
        lambda value: {"parts": value, "layout": ""},
        lambda value: {**value, "more": 1},
        lambda value: {**value, "word/other.xml": []},
        lambda value: {**value, "word/header77.xml": []},
        lambda value: {**value, BODY: [["exec", "x"]]},
        lambda value: {**value, BODY: {"a": 1}},
        lambda value: {**value, BODY: "x"},
        lambda value: {**value, BODY: None},
        lambda value: {**value, BODY: nested(150)},
        lambda value: {name: body for name, body in value.items() if name != BODY},
    ],
)
def test_kept_data_of_another_form_is_replaced(folder: Path, change: Callable[[Any], Any]) -> None:
    fresh = rendered()
    good, name = kept_value(folder), entry(folder).stem.partition("-")[2]
    cache.keep("template", name, change(good))
    template._loaded.cache_clear()
    assert rendered() == fresh
    assert kept_value(folder) == good


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"名称"', '"呼"'),  # a field that is not there
        lambda text: text.replace("<w:trPr>", "<w:trPr><w:x>"),
        lambda text: text.replace("<w:tblPr>", "<w:tblPr></w:p>"),
        lambda text: text.replace("<w:pPr>", "<w:pPr><w:spacing w:line=3/>"),
        lambda text: text.replace("预算", "\\ud800"),
        lambda text: text.replace('"heading"', '"line"'),
    ],
)
def test_kept_data_that_cannot_be_rendered_is_not_used(
    folder: Path, change: Callable[[str], str]
) -> None:
    fresh = rendered()
    good, name = kept_value(folder), entry(folder).stem.partition("-")[2]
    cache.keep("template", name, changed := with_body(good, change))
    assert changed != good
    for _ in range(2):
        template._loaded.cache_clear()
        assert rendered() == fresh
        assert rendered() == fresh


@pytest.mark.parametrize("place", [0, 15, 47, 60, -1])
def test_an_entry_that_is_edited_is_compiled_anew(folder: Path, place: int) -> None:
    fresh = rendered()
    good, data = kept_value(folder), bytearray(entry(folder).read_bytes())
    data[place] ^= 1
    entry(folder).write_bytes(data)
    template._loaded.cache_clear()
    assert rendered() == fresh
    assert kept_value(folder) == good


def test_what_the_template_itself_lacks_is_told(folder: Path, tmp_path: Path) -> None:
    """Compiled anew or kept: a mistake of the template stays one."""
    parts = unpack(packs.load(packs.available()[0]).template.read_bytes(), "x")
    body = parts[BODY].replace("{{ 封面.名称 }}".encode(), "{{ 封皮.名称 }}".encode())
    file = tmp_path / "disclosure.docx"
    file.write_bytes(Container({**parts, BODY: body}).pack({}))
    for _ in range(2):
        template._loaded.cache_clear()
        with pytest.raises(UserError, match="没有的字段"):
            render.load(file).render({})


@pytest.mark.parametrize(
    "body",
    [
        [1],
        [None],
        [["value"]],
        [["value", "名"]],
        [["value", ["loop", "index"]]],
        [["value", ["constant", "x"]]],
        [["value", ["not", ["name", "x"]]]],
        [["value", ["name", "loop"]]],
        [["value", ["name", 3]]],
        [["value", ["field", "__import__('os')", "x"]]],
        [["value", ["call", ["name", "x"]]]],
        [["number", ["loop", "index"]]],
        [["number", ["loop", "first"]]],
        [["number", ["name", "x"]]],
        [["mark", 1]],
        [["mark", "page", ["constant", 1]]],
        [["for", "x", ["name", "表"]]],
        [["for", 1, ["name", "表"], []]],
        [["for", "x", ["name", "表"], "body"]],
        [["if", [], []]],
        [["if", [[["name", "x"]]], []]],
        [["if", [["x", []]], []]],
        [["if", [[["==", ["name", "x"]], []]], []]],
        [["if", [[["; import os", ["name", "x"], ["name", "x"]], []]], []]],
        [["if", [[["constant", None], []]], []]],
        [["if", [[["constant", 1.5], []]], []]],
        [["if", [[["loop", "first"], []]], []]],
        [["exec", "import os"]],
        ["x", ["value", ["name", "x"], "more"]],
    ],
)
def test_data_that_is_no_program_is_refused(body: Any) -> None:
    data = packs.load(packs.available()[0]).template.read_bytes()
    with pytest.raises(NoProgram):
        DocumentTemplate(data, "x", {"word/document.xml": body})


@pytest.mark.parametrize("name", ["'] + o['", "x\n import os", "\\", "{0}", "\ud800"])
def test_no_name_becomes_code(name: str) -> None:
    data = packs.load(packs.available()[0]).template.read_bytes()
    body: Any = [
        ["value", ["field", ["name", name], name]],
        ["for", name, ["field", ["name", "表"], name], [["value", ["name", name]], ["mark", name]]],
    ]
    made = DocumentTemplate(data, "x", {"word/header1.xml": body})
    document = made.render({name: {name: "甲"}, "表": {name: ["乙", "丙"]}})
    assert (
        unpack(Container({**unpack(document, "x"), "word/document.xml": b""}).pack({}), "x")[
            "word/header1.xml"
        ].decode()
        == "甲乙丙"
    )


def test_a_faulty_template_is_not_kept(folder: Path, tmp_path: Path) -> None:
    parts = unpack(packs.load(packs.available()[0]).template.read_bytes(), "x")
    body = parts["word/document.xml"].replace("{{ 封面.名称 }}".encode(), b"{{ range(9) }}")
    file = tmp_path / "disclosure.docx"
    file.write_bytes(Container({**parts, "word/document.xml": body}).pack({}))
    with pytest.raises(UserError, match="不允许的写法"):
        render.load(file)
    assert not folder.exists()


def test_processes_at_once_all_make_the_same(folder: Path) -> None:
    """They compile, write and read in whatever order; none sees half an entry."""
    # support.py of the tests loads both libraries; the program must not.
    code = (
        "import hashlib, sys; from pathlib import Path; from generator import pipeline;"
        "data = pipeline.check(Path(sys.argv[1])).render();"
        "print(hashlib.sha256(data).hexdigest(), 'docxtpl' in sys.modules, 'jinja2' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(ROOT / "inputs" / "tangshan-2023.yaml")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    said = {process.communicate(timeout=120)[0] for process in [start() for _ in range(4)]}
    assert len({line.split()[0] for line in said}) == 1
    assert [f.suffix for f in folder.iterdir()] == [".kept"]
    later = start().communicate(timeout=120)[0].split()
    assert later[0] in said.pop() and later[1:] == ["False", "False"]
