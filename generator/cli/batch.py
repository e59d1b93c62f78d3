"""``gen-disclosure batch``: hundreds of inputs, only what changed, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from generator.cli.build import can_print, options_of
from generator.problem import UserError

if TYPE_CHECKING:
    from generator.batch import Batch

MOST_NOTES = 10
MOST_NAMES = 10
FEW = 5  # of one state, of whom the reason is told with the name
INTERRUPTED = "已中断，做完的都在；再运行一次会接着做。"

HELP = """把许多部门的预算一次生成：只做有变化的，一份有错不影响别的，最后给出汇总。

  gen-disclosure batch 收到的/ -o 公开/                 文件夹里的每一份

  gen-disclosure batch 收到的/ -o 公开/ --roster 名单.xlsx   还要看谁没有报

  gen-disclosure batch 收到的/ -o 公开/ --year 2025     填了别的年度的不生成

  gen-disclosure batch '收/*.xlsx' -o 公开/ --jobs 4      四个进程

  gen-disclosure batch 收到的/ -o 公开/ --pdf           每份再转换成 PDF（要有 LibreOffice）

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
    year: Annotated[
        int | None,
        typer.Option(
            metavar="年度",
            help="应报的年度，如 2025；别的年度不生成",
            min=2000,
            max=2099,
            show_default=False,
        ),
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
    pdf: Annotated[
        bool, typer.Option("--pdf", help="每份再转换成 PDF（要有 LibreOffice）")
    ] = False,
    pack: PackOption = None,
    settings: SettingsOption = None,
) -> None:
    """Make the documents of many inputs."""
    from generator.batch import Plan, progress, run, store, workers
    from generator.batch import roster as rosters
    from generator.batch.roll import headline
    from generator.cli.stopping import orderly
    from generator.folder import SUMMARY
    from generator.report.text import wrapped

    try:
        expected = tuple(rosters.read(roster)) if roster is not None else ()
        others = tuple(str(file) for file in (roster, settings) if file is not None)
        options = options_of(pack, settings, None)
        printing = pdf and (scheduler is not None or can_print())
        plan = Plan(
            *(tuple(inputs), output, options),
            again=force,
            verify=verify,
            data=data,
            pdf=printing,
            roster=expected,
            others=others,
            year=year or 0,
        )
        if scheduler is not None:
            hire, number = workers.cluster(scheduler)
        else:
            number = jobs or workers.count()
            hire = workers.local(number)
        with orderly(), progress.shown() as tell:
            done = run(plan, hire, number, tell, partial(_write_summary, output))
    except UserError as error:
        refuse(error)
    except KeyboardInterrupt as error:
        show(INTERRUPTED)
        raise typer.Exit(CANNOT_GO_ON) from error
    show(headline(done))
    for sentence in _told(done, pdf, verify):
        show("\n".join(wrapped(sentence, "", "  ")))
    show(f"每个部门的问题和汇总数，打开 {store.join(output, SUMMARY)}.html 看；")
    show(f"同样的内容在 {SUMMARY}.xlsx 里。")
    if done.interrupted:
        show(INTERRUPTED)
        raise typer.Exit(CANNOT_GO_ON)
    raise typer.Exit(OK if _is_whole(done, pdf) else DATA_ERRORS)


def _write_summary(folder: str, done: Batch) -> None:
    """The summary of a batch, among its documents."""
    # Imported here: the workers are copies of this process, and do without.
    from generator.batch import book, page, store
    from generator.batch.summary import summarise
    from generator.folder import SUMMARY

    summary = summarise(done)
    shown = page.html(summary).encode("utf-8", "replace")
    store.write(store.join(folder, f"{SUMMARY}.html"), shown)
    store.write(store.join(folder, f"{SUMMARY}.xlsx"), book.workbook(summary))


def _told(done: Batch, pdf: bool, verify: bool) -> Iterator[str]:
    """What there is to say beside the states; each thing once."""
    from generator.batch.notices import notices
    from generator.batch.roll import sentences, worked
    from generator.folder import FORMER

    yield from sentences(done)
    yield from _named(done)
    if sentence := worked(done):
        yield sentence
    if verify:
        yield _verified(done)
    if pdf:
        printed = sum(bool(outcome.pdf) for outcome in done.outcomes)
        lacking = sum(bool(outcome.output and not outcome.pdf) for outcome in done.outcomes)
        yield f"PDF {printed} 份" + (f"，{lacking} 份文档没有 PDF。" if lacking else "。")
    notes = Counter(note for outcome in done.outcomes for note in outcome.notes)
    for note, number in notes.most_common(MOST_NOTES):
        yield note + (f"（{number} 份）" if number > 1 else "")
    if len(notes) > MOST_NOTES:
        yield f"像这样的还有 {len(notes) - MOST_NOTES} 条。"
    if done.set_aside:
        yield f"“{FORMER}”文件夹里有 {len(done.set_aside)} 个以前的文件，不要公开。"
    yield from notices(done)
    yield from done.stuck


def _verified(done: Batch) -> str:
    """How many documents were read back, and what came of that."""
    from generator.batch.outcome import DONE, WARNED

    good = sum(one.verified for one in done.outcomes if one.state in (DONE, WARNED))
    wrong = sum(any(rule.startswith("REN") for rule in one.rules) for one in done.outcomes)
    if wrong:
        return (
            f"读回核对 {good + wrong} 份，{wrong} 份与数据不一致，没有写出，请把工作簿交给维护者。"
        )
    return f"读回核对 {good} 份，都一致。"


def _named(done: Batch) -> Iterator[str]:
    """Who is not done, by state; a few of them with the reason."""
    from generator.batch.outcome import DONE, STATES, WARNED

    for state in STATES:
        here = [one for one in done.outcomes if one.state == state]
        if not here or state in (DONE, WARNED):
            continue
        if len(here) <= FEW and any(one.findings for one in here):
            yield from ("：".join((state, one.label, *one.findings[:1])) for one in here)
        else:
            more = f" 等 {len(here)} 个" if len(here) > MOST_NAMES else ""
            yield f"{state}：{'、'.join(one.label for one in here[:MOST_NAMES])}{more}。"


def _is_whole(done: Batch, pdf: bool) -> bool:
    """Whether all that was asked for is there."""
    from generator.batch.outcome import DONE, WARNED

    return not done.stuck and all(
        outcome.state in (DONE, WARNED) and (outcome.pdf or not pdf) for outcome in done.outcomes
    )
