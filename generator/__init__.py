"""gen-disclosure: a department's structured budget in, the complete disclosure document out.

The program as a library is four functions, which the command line and the batch call too::

    >>> from generator import Severity, UserError, build, check, make, read

    >>> given = read("budget.xlsx")            # the file and its units' files, each read once
    >>> document = check(given)                # nothing is written
    >>> document.count(Severity.ERROR)
    0
    >>> [problem.message for problem in document.problems]  # with rule, place and next step
    []

    >>> result = make(document)                # the .docx in memory, read back and compared
    >>> document.name(), result.data[:2]
    ('345某市数据局2025年部门预算公开.docx', b'PK')

    >>> result = build("budget.xlsx", "out/")  # all of it, and the file written, whole or not
    >>> result.output.name
    '345某市数据局2025年部门预算公开.docx'

With errors in the data there is no document: ``data`` and ``output`` are None and the problems say
why. What cannot be worked on at all is a :class:`UserError`: one sentence and the next step::

    >>> try:
    ...     read("missing.xlsx")
    ... except UserError as error:
    ...     print(error)
    找不到文件“missing.xlsx”。请检查文件名和所在的文件夹。

:class:`Options` chooses the pack, the settings of the checks, and last year's input. Many inputs,
on processes or a cluster, are ``generator.batch``: a ``Plan`` and ``run``.

Nothing is loaded before it is used: the command line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.document import Document, Options, Result
    from generator.pipeline import build, check, make, read
    from generator.problem import Place, Problem, Severity, UserError
    from generator.sources.given import Input

__version__ = "0.1.0"

__all__ = [
    "Document",
    "Input",
    "Options",
    "Place",
    "Problem",
    "Result",
    "Severity",
    "UserError",
    "__version__",
    "build",
    "check",
    "make",
    "read",
]

_HOMES = {
    **dict.fromkeys(("Document", "Options", "Result"), "document"),
    **dict.fromkeys(("build", "check", "make", "read"), "pipeline"),
    **dict.fromkeys(("Place", "Problem", "Severity", "UserError"), "problem"),
    "Input": "sources.given",
}


def __getattr__(name: str) -> Any:
    """A name of the library, from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
