"""``gen-disclosure batch``: hundreds of inputs, only what changed, and a summary."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from generator.cli.app import (
    CANNOT_GO_ON,
    DATA_ERRORS,
    OK,
    Command,
    PackOption,
    SettingsOption,
    app,
    refuse,
    show,
)
from generator.cli.build import options_of
from generator.problem import UserError

SUMMARY = "汇总"

HELP = """把许多部门的预算一次生成：只做有变化的，一份有错不影响别的，最后给出汇总。

  gen-disclosure batch 收到的/ -o 公开/                 文件夹里的每一份

  gen-disclosure batch 收到的/ -o 公开/ --roster 名单.xlsx   还要看谁没有报

  gen-disclosure batch '收/*.xlsx' -o 公开/ --jobs 4      四个进程

中断、断电以后再运行一次，会接着做完。退出码：0 都完成；1 有错误、读不了或缺报；2 无法继续。"""


@app.command("batch", cls=Command, help=HELP)
def batch(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="输入", help="文件、文件夹，或 '*.xlsx'", show_default=False),
    ],
    output: Annotated[
        str,
        typer.Option("-o", "--output", metavar="文件夹", help="文档放在哪里", show_default=False),
    ],
    roster: Annotated[
        Path | None,
        typer.Option(metavar="名单", help="应报的部门（.xlsx、.csv、.yaml）", show_default=False),
    ] = None,
    jobs: Annotated[
        int, typer.Option(metavar="个数", help="进程数，0 为有几个核用几个", min=0)
    ] = 0,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="地址", help="Dask 调度器，如 tcp://…:8786", show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="全部重做")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="每份都读回核对")] = False,
    data: Annotated[bool, typer.Option("--json", help="每份旁边放核对结果（JSON）")] = False,
    pack: PackOption = None,
    settings: SettingsOption = None,
) -> None:
    """Make the documents of many inputs."""
    from generator.batch import Plan, progress, run, season, store, workers
    from generator.batch import roster as rosters
    from generator.batch.outcome import DONE, WARNED
    from generator.batch.summary import summarise

    try:
        if not store.is_remote(output):
            _make_folder(Path(output))
        expected = tuple(rosters.read(roster)) if roster is not None else ()
        options = options_of(pack, settings, None)
        plan = Plan(tuple(inputs), output, options, force, verify, data, expected)
        if scheduler is not None:
            hire, number = workers.cluster(scheduler)
        else:
            number = jobs or workers.count()
            hire = workers.local(number)
        with progress.shown() as tell:
            done = run(plan, hire, number, tell)
        summary = summarise(done)
        page = season.html(summary).encode("utf-8", "replace")
        store.write(store.join(output, f"{SUMMARY}.html"), page)
        store.write(store.join(output, f"{SUMMARY}.xlsx"), season.workbook(summary))
    except UserError as error:
        refuse(error)
    states = "，".join(f"{state} {n}" for state, n in summary.states.items() if n)
    show(f"{len(done.outcomes)} 个部门和单位：{states}。")
    if done.kept:
        show(f"其中 {done.kept} 个没有变化，没有重做。")
    show(f"汇总：{store.join(output, SUMMARY)}.html、{SUMMARY}.xlsx")
    if done.interrupted:
        show("已中断，做完的都在；再运行一次会接着做。")
        raise typer.Exit(CANNOT_GO_ON)
    good = all(outcome.state in (DONE, WARNED) for outcome in done.outcomes)
    raise typer.Exit(OK if good else DATA_ERRORS)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"文件夹“{folder}”建不了。", "请换一个位置。") from error
