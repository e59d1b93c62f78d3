"""File in, raw values with their places out. Nothing here knows what a value means."""

from __future__ import annotations

import stat
from pathlib import Path

from generator.problem import UserError
from generator.sources import workbook, xlsx, yamlfile
from generator.sources.raw import RawInput

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm"})
YAML_SUFFIXES = frozenset({".yaml", ".yml"})
SUFFIXES = WORKBOOK_SUFFIXES | YAML_SUFFIXES
OLD_SUFFIXES = frozenset({".xls", ".et"})
"""Workbooks that cannot be read; it is said how to make others of them."""

MAX_BYTES = 100_000_000


def read(file: Path) -> RawInput:
    """Read a workbook or a YAML file.

    Raises :class:`UserError` when the file cannot be read at all; what can be told with a place
    inside the file is in ``problems`` of the result.
    """
    return parse(file.name, read_bytes(file))


def parse(name: str, data: bytes, only: frozenset[str] | None = None) -> RawInput:
    """Read the bytes of a file of this name; of a workbook ``only`` these sheets, where given."""
    suffix = Path(name).suffix.lower()
    if suffix in YAML_SUFFIXES:
        return yamlfile.read(name, data)
    if suffix in WORKBOOK_SUFFIXES:
        return workbook.read(name, data, only)
    if suffix in OLD_SUFFIXES:
        raise xlsx.old_format(name)
    raise UserError(f"“{name}”不是能读的文件类型。", "请给出 .xlsx 工作簿或 .yaml 文件。")


def read_bytes(file: Path) -> bytes:
    """The content of a file, within limits. Raises :class:`UserError`."""
    try:
        if file.is_dir():
            raise UserError(f"“{file}”是文件夹。", "请给出一个 .xlsx 或 .yaml 文件。")
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):  # a device or a pipe may have no end
            raise UserError(f"“{file.name}”不是普通文件。", "请给出一个 .xlsx 或 .yaml 文件。")
        if status.st_size > MAX_BYTES:
            raise UserError(
                f"“{file.name}”有 {status.st_size // 1_000_000} MB，过大。",
                f"一份预算不会超过 {MAX_BYTES // 1_000_000} MB，请检查是不是拿错了文件。",
            )
        data = file.read_bytes()
    except FileNotFoundError:
        raise UserError(f"找不到文件“{file}”。", "请检查文件名和所在的文件夹。") from None
    except PermissionError:
        raise UserError(
            f"没有权限读“{file.name}”，或它正被别的程序独占。", "请关闭它再试。"
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise UserError(f"“{file.name}”读不出来。", "请检查磁盘和文件名。") from error
    if not data:
        raise UserError(f"“{file.name}”是空文件。", "请检查是不是没有保存完整。")
    return data
