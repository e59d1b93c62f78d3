"""Raw values into a :class:`Disclosure`, every mistake with its place, all in one pass.

Values that cannot be read are reported and left out, so that the rest is still looked at and a
draft can be made; what then cannot be told any more is said in ``not_checked``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, get_args

from pydantic import ValidationError

from generator.disclosure import STAND_IN, Disclosure, Model
from generator.form import nearest
from generator.problem import INPUT_RULES, Path, Place, Problem, input_problem
from generator.sources.layout import aliases
from generator.sources.raw import RawInput

MAX_PASSES: Final = 20  # each pass leaves out at least one value; nesting is five deep

BASICS: Final = "基本信息"
UNITS: Final = "所属单位"
# Put in the place of what is missing or wrong, so that the rest is still looked at. There is none
# for 年度, which decides on the form.
_FACTS: Final = {"类型": "部门", "编码": STAND_IN, "名称": STAND_IN, "级别": "县"}
_SECTIONS: Final[dict[str, Any]] = {"机构设置": [], "收入": [], "支出": []}

# Without a value of these the sums are still right.
_WITHOUT_FIGURES: Final = frozenset(
    {BASICS, "格式选项", "机构设置", "上年数", "项目", "绩效指标", "文字", "名词解释", "核对例外"}
)
# Findings of the source after which a value is missing.
_LOSES_VALUES: Final = frozenset(
    {"INP101", "INP103", "INP104", "INP107", "INP109", "INP110", "INP112", "INP119"}
)


@dataclass(frozen=True, slots=True)
class _Pruned:
    """A tree less the values left out; ``kept``: the items that are left of each such list."""

    tree: Any
    left_out: frozenset[Path] = frozenset()
    kept: dict[Path, list[int]] = field(default_factory=dict)

    def original(self, path: Path) -> Path:
        """A path of the pruned tree as a path of the whole one: list items before it are gone."""
        whole: Path = ()
        for step in path:
            kept = self.kept.get(whole)
            if kept is not None and isinstance(step, int) and step < len(kept):
                step = kept[step]
            whole = (*whole, step)
        return whole


@dataclass(frozen=True, slots=True)
class Intake:
    """``disclosure`` is None when not even a draft can be made; problems carry their places.

    ``damaged``: the sections of which something could not be read, so that what is told of them
    may only follow from that.
    """

    disclosure: Disclosure | None
    problems: list[Problem]
    not_checked: list[str]
    damaged: frozenset[str]
    _raw: RawInput
    _pruned: _Pruned

    @property
    def incomplete(self) -> bool:
        """Whether some figure could not be read, so that no sum can be right."""
        return bool(self.damaged - _WITHOUT_FIGURES)

    def locate(self, path: Path) -> Place:
        """The place of a path of the disclosure."""
        return self._raw.locate(self._pruned.original(path))

    def placed(self, found: Iterable[Problem]) -> list[Problem]:
        """Problems of the disclosure with their places.

        What is missing only because it could not be read has been told and is left out here.
        """
        return [
            problem.located(self.locate)
            for problem in found
            if self._pruned.original(problem.path) not in self._pruned.left_out
            and self.locate(problem.path) not in self._raw.swallowed
        ]


def take_in(raw: RawInput) -> Intake:
    """Validate a raw input, as far as it can be read."""
    pruned = _Pruned(raw.tree)
    disclosure: Disclosure | None = None
    problems = list(raw.problems)
    told: set[tuple[str, Path]] = set()
    for _ in range(MAX_PASSES):
        try:
            disclosure = Disclosure.model_validate(pruned.tree, context={"draft": True})
            break
        except ValidationError as error:
            leave_out = set(pruned.left_out)
            for problem, gone in _explain(error):
                path = pruned.original(problem.path)
                place = raw.locate(path)
                # A value that was left out is missing now, and a sheet that is not there is told.
                if (
                    path not in pruned.left_out
                    and (problem.rule, path) not in told
                    and not any(p.rule == "INP101" and p.place == place for p in raw.problems)
                    and place not in raw.swallowed
                ):
                    told.add((problem.rule, path))
                    problems.append(replace(problem, path=path, place=place))
                if gone is not None:
                    leave_out.add(pruned.original(gone))
            if leave_out == pruned.left_out:
                break
            pruned = _prune(raw.tree, frozenset(leave_out))
    damaged = _damaged(raw.problems, pruned.left_out)
    if disclosure is not None:
        # Of two rows with one key it is not known which counts.
        damaged |= {str(p.path[0]) for p in disclosure.imbalances if p.rule == "COD107"}
    intake = Intake(disclosure, problems, [], damaged, raw, pruned)
    if disclosure is None:
        intake.not_checked.append("平衡关系和文字：缺少必需的内容，补齐以后再核对。")
        return intake
    if intake.incomplete:
        intake.not_checked.append("各表之间的平衡关系：有些数读不出来，改正以后再核对。")
    found = _all_imbalances(disclosure, ())
    problems += intake.placed(p for p in found if not intake.incomplete or p.rule.startswith("COD"))
    return intake


def _damaged(problems: Iterable[Problem], left_out: Iterable[Path]) -> frozenset[str]:
    """The sections of which a value, a row or the whole is missing."""
    sheets = {
        (problem.place.sheet or "").strip()
        for problem in problems
        if problem.place is not None and problem.rule in _LOSES_VALUES
    }
    # The section of a unit is the third step; a whole unit is all of its figures.
    sections = {
        str(path[2] if path[0] == UNITS and len(path) > 2 else path[0]) for path in left_out
    }
    return frozenset(sheets | sections)


def _all_imbalances(disclosure: Disclosure, prefix: Path) -> Iterator[Problem]:
    for problem in disclosure.imbalances:
        yield problem.below(prefix)
    for i, unit in enumerate(disclosure.subordinates):
        yield from _all_imbalances(unit, (*prefix, UNITS, i))


def _prune(tree: Any, left_out: frozenset[Path]) -> _Pruned:
    """The tree less the values (and list items) at ``left_out``, stand-ins in their place."""
    kept: dict[Path, list[int]] = {}

    def less(value: Any, at: Path) -> Any:
        if isinstance(value, dict):
            rest: dict[str, Any] = {
                key: less(below, (*at, key))
                for key, below in value.items()
                if (*at, key) not in left_out
            }
            return rest | {k: v for k, v in _stand_ins(at).items() if (*at, k) in left_out}
        if isinstance(value, list):
            indexes = [i for i in range(len(value)) if (*at, i) not in left_out]
            if len(indexes) < len(value):
                kept[at] = indexes
            return [less(value[i], (*at, i)) for i in indexes]
        return value

    return _Pruned(less(tree, ()), left_out, kept)


def _stand_ins(at: Path) -> Mapping[str, Any]:
    """Stand-ins for the keys of the mapping at a path."""
    if at[-1:] == (BASICS,):
        return _FACTS
    return _SECTIONS if not at or at[-2:-1] == (UNITS,) else {}


# --- pydantic's errors in our words -------------------------------------------------------------


def _explain(error: ValidationError) -> Iterator[tuple[Problem, Path | None]]:
    """Each error as a problem, with the path to leave out to get on (None: nothing helps)."""
    for item in error.errors(include_url=False):
        path: Path = item["loc"]
        kind: str = item["type"]
        context: Mapping[str, Any] = item.get("ctx", {})
        if kind in INPUT_RULES:
            yield _own(kind, item["msg"], path, context)
        elif kind == "extra_forbidden":
            known = _known_keys(path)
            hint = nearest(str(path[-1]), known) or f"可用的有：{'、'.join(known)}。"
            yield input_problem("INP103", f"不认识“{path[-1]}”", path, hint=hint), path
        elif kind in ("missing", "string_too_short"):
            problem = input_problem(
                "INP104", f"没有填{_label(path)}", path, hint=f"请填写{_label(path)}。"
            )
            yield problem, _leave_out(path)
        elif kind == "literal_error" and isinstance(item["input"], str):
            choices = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            problem = input_problem(
                "INP105",
                f"{_label(path)}不能是“{item['input'][:30]}”",
                path,
                hint=f"{nearest(item['input'], choices)}可以是：{'、'.join(choices)}。",
            )
            yield problem, _leave_out(path)
        elif kind == "too_long":
            problem = input_problem(
                "INP111",
                f"{_label(path)}有 {context['actual_length']} 条，"
                f"超过 {context['max_length']} 条的上限",
                path,
                hint="请检查是不是粘贴了多余的内容。",
            )
            yield problem, path
        else:
            problem = input_problem(
                "INP109", f"{_label(path)}的内容类型不对", path, hint=_expected_shape(kind)
            )
            yield problem, _leave_out(path)


def _own(
    kind: str, message: str, path: Path, context: Mapping[str, Any]
) -> tuple[Problem, Path | None]:
    """An error that our models raise themselves; ``field``: the column that a row lacks."""
    if "field" in context:
        return input_problem(
            kind, message, (*path, context["field"]), hint=f"请看这一行的“{context['field']}”。"
        ), path
    what, please, how = message.partition("，请")
    problem = input_problem(
        kind, f"{_label(path)}：{what}", path, hint=f"请{how}。" if please else None
    )
    if path and isinstance(path[-1], int):  # a paragraph; the others would change their numbers
        return problem, path[:-1]
    return problem, _leave_out(path)


def _expected_shape(kind: str) -> str:
    if kind == "tuple_type":
        return "这里应是列表，每条以“- ”开头，请对照样例。"
    return "这里应由“键: 值”组成，请对照样例。"


def _label(path: Path) -> str:
    """``“事业收入”``, ``“收入”的第 3 条``."""
    names = [step for step in path if isinstance(step, str)]
    name = f"“{names[-1]}”" if names else "这个文件"
    return f"{name}的第 {path[-1] + 1} 条" if path and isinstance(path[-1], int) else name


def _leave_out(path: Path) -> Path | None:
    """A value alone; where it cannot be missed, the list item around it (None: there is none)."""
    if not _is_required(path) or path[-1] in _stand_ins(path[:-1]):
        return path or None
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
