"""Checking several inputs: which files those are, and where the reports of them go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os.path import realpath
from pathlib import Path

from generator import fix, pipeline
from generator.document import Failure, Options, Outcome, Result
from generator.files import is_same, safe_name, target_of, write_whole
from generator.fix import Fix
from generator.folder import MARK, find
from generator.problem import UserError


def check(paths: Sequence[Path], options: Options, others: Sequence[Path] = ()) -> list[Outcome]:
    """Check every input; a file that cannot be read does not stop the others.

    ``others``: files that may lie in a folder among the inputs and are none.
    """
    found = _inputs(paths, others)
    files = [input_ for input_ in found if isinstance(input_, Path)]
    if options.last_year is not None and len(files) > 1:
        raise UserError(
            f"--last-year 是一个部门的上年数，这里有 {len(files)} 个文件。", "请一次核对一个文件。"
        )
    units: set[str] = set()
    outcomes = [i if isinstance(i, Failure) else _check(i, options, units) for i in found]
    # A unit's file that lies in the folder has been checked with its department.
    units -= set(map(realpath, paths))
    return [outcome for outcome in outcomes if realpath(outcome.file) not in units]


def _inputs(paths: Sequence[Path], others: Sequence[Path]) -> list[Path | Failure]:
    if found := find(paths, others):
        return found
    raise UserError("没有找到可以核对的文件。", "请给出 .xlsx 或 .yaml 文件，或它们的文件夹。")


def correct(
    paths: Sequence[Path], output: Path | None, options: Options, others: Sequence[Path] = ()
) -> list[tuple[Path, Path, list[Fix]] | Failure]:
    """Write a corrected copy of each input; the input, its copy, and what was changed.

    An input in which nothing is to be changed has no copy; its own path stands for it. Where the
    copies cannot lie, nothing is written at all.
    """
    found = _inputs(paths, others)
    files = [input_ for input_ in found if isinstance(input_, Path)]
    kept = [*files, *others]
    copies = dict(zip(files, _places(files, output, fix.name_of, kept), strict=True))
    done: list[tuple[Path, Path, list[Fix]] | Failure] = []
    for input_ in found:
        if isinstance(input_, Failure):
            done.append(input_)
            continue
        try:
            data, told = fix.fix_file(input_, options)
        except UserError as error:
            done.append(Failure(input_, error))
            continue
        copy = input_
        if any(not change.left for change in told):
            copy = copies[input_]
            write_whole(copy, data)
        done.append((input_, copy, told))
    return done


def _check(file: Path, options: Options, units: set[str]) -> Outcome:
    """``units``: gets the files that the input names as its units."""
    try:
        given = pipeline.read(file)
        units |= set(map(realpath, given.units))
        return Result(pipeline.check(given, options))
    except UserError as error:
        return Failure(file, error)


def target(
    outcomes: Sequence[Outcome],
    paths: Sequence[Path],
    output: Path | None,
    suffix: str,
    others: Sequence[Path] = (),
) -> Path:
    """Where one report of everything goes: ``output``, or beside the input."""
    kept = [*(outcome.file for outcome in outcomes), *others]
    if len(outcomes) == 1:
        return _target(outcomes[0].file, output, f"{outcomes[0].file.stem}{MARK}{suffix}", kept)
    first = paths[0] / "_" if paths[0].is_dir() else paths[0]
    return _target(first, output, f"{MARK[1:-1]}{suffix}", kept)


def targets(
    outcomes: Sequence[Outcome], output: Path | None, suffix: str, others: Sequence[Path] = ()
) -> list[tuple[Result, Path]]:
    """Where the report of each workbook that was read goes; each has a name of its own."""
    results = [o for o in outcomes if isinstance(o, Result) and o.file.suffix.lower() == suffix]
    kept = [*(outcome.file for outcome in outcomes), *others]
    files = [result.file for result in results]
    places = _places(files, output, lambda file: f"{file.stem}{MARK}{suffix}", kept)
    return list(zip(results, places, strict=True))


def _places(
    files: Sequence[Path], output: Path | None, name_of: Callable[[Path], str], kept: Sequence[Path]
) -> list[Path]:
    """Where what is made of each file goes; no two share a place, and none is a ``kept`` file."""
    if output is not None and not output.is_dir() and len(files) > 1:
        raise UserError(
            f"“{output}”不是已有的文件夹。", "有几个文件时，请用 -o 给出一个已有的文件夹。"
        )
    placed: list[Path] = []
    for file in files:
        wanted, number = _target(file, output, name_of(file), kept), 1
        while wanted in placed:
            folder = safe_name(file.parent.resolve().name)
            name = f"{folder}{number if number > 1 else ''}-{name_of(file)}"
            wanted, number = _target(file, output, name, kept), number + 1
        placed.append(wanted)
    return placed


def _target(file: Path, output: Path | None, name: str, kept: Sequence[Path]) -> Path:
    """One place to write to, which is none of the files that were read."""
    if output is not None:
        for other in kept:
            target_of(other, output, name)
    place = target_of(file, output, name)
    if any(is_same(place, other) for other in kept):
        raise UserError(
            f"“{place}”是输入文件，没有改动它。", "请给它另取一个名字，或用 -o 换一个位置。"
        )
    return place
