"""How long the checks take, beyond reading: ``python tests/checks_benchmark.py``.

One core, warm process, the shortest of several rounds: 唐山 2023 with all its prose, then the same
with two, five and ten times as many projects. Not a test: machines differ.
"""

from __future__ import annotations

import copy
import gc
import time
from collections.abc import Callable

from support import Tree, case_tree, work_out

ROUNDS = 9


def shortest(run: Callable[[], object]) -> float:
    """Milliseconds of the fastest round."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def with_projects(times: int) -> Tree:
    """The case with each of its projects so many times, under names of their own."""
    tree = case_tree("tangshan-2023")
    for i in range(1, times):
        more = copy.deepcopy(tree["项目"][:45])
        for project in more:
            project["项目名称"] += f"（{i}）"
        tree["项目"] += more
    return tree


def main() -> None:
    gc.disable()
    print("projects  indicators  milliseconds  per 45 projects")
    for times in (1, 2, 5, 10):
        tree = with_projects(times)
        indicators = sum(len(p["绩效指标"]) for p in tree["项目"])
        work_out(tree)
        taken = shortest(lambda tree=tree: work_out(tree))
        print(f"{45 * times:8}  {indicators:10}  {taken:12.1f}  {taken / times:15.1f}")


if __name__ == "__main__":
    main()
