"""Raw values into a :class:`Disclosure`, every mistake with its place, all in one pass.

Values that cannot be read are reported and left out, so that the rest is still looked at and a
draft can be made; what then cannot be told any more is said in ``not_checked``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, get_args

from pydantic import ValidationError

from generator.disclosure import Disclosure, Model
from generator.form import nearest
from generator.problem import INPUT_RULES, Path, Place, Problem, input_problem
from generator.sources.layout import aliases
from generator.sources.raw import RawInput

MAX_PASSES: Final = 20  # each pass leaves out at least one value; nesting is five deep


@dataclass(frozen=True, slots=True)
class Intake:
    """``disclosure`` is None when not even a draft can be made. ``locate`` speaks of its paths."""

    disclosure: Disclosure | None
    problems: list[Problem]
    not_checked: list[str]
    locate: Callable[[Path], Place]


def take_in(raw: RawInput) -> Intake:
    """Validate a raw input; problems carry their places."""
    left_out: set[Path] = set()
    problems: list[Problem] = list(raw.problems)
    disclosure: Disclosure | None = None
    for _ in range(MAX_PASSES):
        try:
            disclosure = Disclosure.model_validate(
                _without(raw.tree, left_out), context={"draft": True}
            )
            break
        except ValidationError as error:
            before = len(left_out)
            for problem, leave_out in _explain(error):
                path = _original(raw.tree, left_out, problem.path)
                problems.append(problem.located(lambda _, path=path: raw.locate(path)))  # type: ignore[misc]
                if leave_out is not None and not _holds_up_everything(leave_out):
                    left_out.add(_original(raw.tree, left_out, leave_out))
            if len(left_out) == before:
                break
    snapshot = frozenset(left_out)

    def locate(path: Path) -> Place:
        return raw.locate(_original(raw.tree, snapshot, path))

    not_checked: list[str] = []
    if disclosure is not None:
        incomplete = bool(left_out) or any(p.rule in _LOSES_FIGURES for p in raw.problems)
        if incomplete:
            not_checked.append("各表之间的平衡关系：有些数读不出来，改正以后再核对。")
        for problem in _all_imbalances(disclosure, ()):
            if not incomplete or problem.rule.startswith("COD"):
                problems.append(problem.located(locate))
    elif problems:
        not_checked.append("平衡关系和文字：缺少必需的内容，补齐以后再核对。")
    return Intake(disclosure, problems, not_checked, locate)


# Findings of the source after which sums would be wrong for want of a value.
_LOSES_FIGURES: Final = frozenset({"INP101", "INP103", "INP107", "INP110", "INP112"})


def _holds_up_everything(path: Path) -> bool:
    """A whole section, or one of the facts without which there is no disclosure."""
    return len(path) == 1 and path[0] in ("基本信息", "机构设置", "收入", "支出")


def _all_imbalances(disclosure: Disclosure, prefix: Path) -> Iterator[Problem]:
    for problem in disclosure.imbalances:
        yield _below(problem, prefix)
    for i, unit in enumerate(disclosure.subordinates):
        yield from _all_imbalances(unit, (*prefix, "所属单位", i))


def _below(problem: Problem, prefix: Path) -> Problem:
    return replace(problem, path=(*prefix, *problem.path)) if prefix else problem


# --- leaving values out -----------------------------------------------------------------------


def _without(tree: Any, left_out: set[Path], at: Path = ()) -> Any:
    """The tree less the values (and list items) at ``left_out``."""
    if not left_out:
        return tree
    if isinstance(tree, dict):
        return {
            key: _without(value, left_out, (*at, key))
            for key, value in tree.items()
            if (*at, key) not in left_out
        }
    if isinstance(tree, list):
        return [
            _without(item, left_out, (*at, i))
            for i, item in enumerate(tree)
            if (*at, i) not in left_out
        ]
    return tree


def _original(tree: Any, left_out: set[Path] | frozenset[Path], path: Path) -> Path:
    """A path of the pruned tree as a path of the whole one: list items before it may be gone."""
    original: Path = ()
    for step in path:
        if isinstance(step, int) and isinstance(tree, list):
            kept = [i for i in range(len(tree)) if (*original, i) not in left_out]
            step = kept[step] if step < len(kept) else step
        original = (*original, step)
        if isinstance(tree, list):
            tree = tree[step] if isinstance(step, int) and step < len(tree) else None
        elif isinstance(tree, dict):
            tree = tree.get(step)
    return original


# --- pydantic's errors in our words -------------------------------------------------------------


def _explain(error: ValidationError) -> Iterator[tuple[Problem, Path | None]]:
    """Each error as a problem, with the path to leave out to get on (None: nothing helps)."""
    for item in error.errors(include_url=False):
        path: Path = item["loc"]
        kind: str = item["type"]
        context: Mapping[str, Any] = item.get("ctx", {})
        last = str(path[-1]) if path else ""
        if kind in INPUT_RULES:
            yield input_problem(kind, _sentence(item["msg"], path), path), path
        elif kind == "missing":
            yield (
                input_problem("INP104", f"没有填“{last}”", path, hint=f"请填写“{last}”。"),
                _row(path),
            )
        elif kind == "extra_forbidden":
            hint = nearest(last, _known_keys(path)) or f"可用的有：{'、'.join(_known_keys(path))}。"
            yield input_problem("INP103", f"不认识“{last}”", path, hint=hint), path
        elif kind == "literal_error":
            expected = str(context.get("expected", "")).replace("'", "").replace(" or ", "、")
            yield (
                input_problem(
                    "INP105",
                    f"“{last}”不能是“{str(item['input'])[:30]}”",
                    path,
                    hint=f"可以是：{expected.replace(', ', '、')}。",
                ),
                _row(path) if _is_required(path) else path,
            )
        elif kind in ("too_long", "string_too_long"):
            yield input_problem("INP111", f"“{last}”的条数或字数超过上限", path), path
        elif kind == "string_too_short":
            yield input_problem("INP104", f"没有填“{last}”", path), _row(path)
        elif kind == "recursion_loop":  # pragma: no cover - texts cannot refer to themselves
            yield input_problem("INP109", "内容引用了自己", path), path
        else:
            yield (
                input_problem(
                    "INP109",
                    f"“{last}”的内容类型不对" if last else "内容不是“键: 值”",
                    path,
                    hint="这里应是一段文字、一个列表或下级项目，请对照样例。",
                ),
                path or None,
            )


def _sentence(message: str, path: Path) -> str:
    """``第 3 行`` is in the place already; the column is worth saying."""
    last = path[-1] if path else ""
    return f"“{last}”：{message}" if isinstance(last, str) and last else message


def _row(path: Path) -> Path | None:
    """The list item around a path: a record without its required value cannot be kept."""
    for length in range(len(path), 0, -1):
        if isinstance(path[length - 1], int):
            return path[:length]
    return None


def _model_at(path: Path) -> type[Model] | None:
    """The model that the keys of a path lead to."""
    model: Any = Disclosure
    for step in path:
        if isinstance(step, int):
            continue
        if not (isinstance(model, type) and issubclass(model, Model)):
            return None
        field = next((f for n, f in model.model_fields.items() if step in (n, f.alias)), None)
        if field is None:
            return None
        model = next(iter(get_args(field.annotation)), field.annotation)
    return model if isinstance(model, type) and issubclass(model, Model) else None


def _known_keys(path: Path) -> tuple[str, ...]:
    model = _model_at(path[:-1])
    return aliases(model) if model is not None else ()


def _is_required(path: Path) -> bool:
    model = _model_at(path[:-1])
    if model is None or not path:
        return False
    return any(f.is_required() for n, f in model.model_fields.items() if path[-1] in (n, f.alias))
