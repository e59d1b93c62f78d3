"""The command ``gen-disclosure``: parse, call, print, exit. No rules, no rendering.

Exit codes, everywhere: 0 written or clean, 1 errors in the data, 2 cannot go on or misuse.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Final

from generator import __version__

COMMANDS: Final = {
    **{"build": ("build",), "check": ("check",), "rules": ("check",), "batch": ("batch",)},
    **dict.fromkeys(("new", "convert", "schema"), ("inputs",)),
    **{"packs": ("packs",), "template": ("template",)},
}
"""Command → the modules that add it to the app. Only those of the one asked for are loaded."""
GARBAGE_AFTER: Final = 200_000  # objects; loading the program makes about as many
INTERRUPTED = 130  # what newer versions of typer make of Ctrl-C; older ones raise Abort


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    # One short run makes little garbage, and looking for it costs a tenth of the time. It is not
    # switched off: the processes of a batch would inherit that, and grow with each document.
    gc.set_threshold(GARBAGE_AFTER)
    _print_anything()
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run with these arguments; the exit code comes back."""
    if arguments[:1] == ["--version"]:
        print(f"gen-disclosure {__version__}")
        return 0
    from generator.cli.app import BUILD, OK, app, program  # loads typer
    from generator.cli.misuse import looks_like_a_command, no_such_command, told
    from generator.files import written

    written.clear()
    arguments = arguments or ["--help"]
    if arguments[0] not in COMMANDS:
        if looks_like_a_command(arguments[0]):
            return _misuse(no_such_command(arguments[0], tuple(COMMANDS)))
        arguments = [BUILD, *arguments]
    for module in COMMANDS[arguments[0]]:
        import_module(f"{__name__}.{module}")
    try:
        code = app(args=arguments, prog_name="gen-disclosure", standalone_mode=False)
    except Exception as error:
        if type(error).__name__ == "Abort":
            return _interrupted()
        if not hasattr(error, "format_message"):
            raise
        return _misuse(*told(error, program(), arguments))
    if code == INTERRUPTED:
        return _interrupted()
    return code if isinstance(code, int) else OK


def _interrupted() -> int:
    from generator.cli.app import CANNOT_GO_ON
    from generator.files import written

    names = "、".join(f"“{file}”" for file in dict.fromkeys(written))
    print(f"已中断，已写出：{names}。" if names else "已中断，没有写出文件。", file=sys.stderr)
    return CANNOT_GO_ON


def _misuse(message: str, command: str = "") -> int:
    from generator.cli.app import CANNOT_GO_ON

    usage = " ".join(filter(None, ("gen-disclosure", command, "--help")))
    print(f"{message}\n用法见：{usage}", file=sys.stderr)
    return CANNOT_GO_ON


def _print_anything() -> None:
    """A console of code page 936 cannot print every character; none may break a message."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


if __name__ == "__main__":
    main()
