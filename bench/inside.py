"""Measures parts of assay in its own process, run by the interpreter that assay is installed for.

`judging` prints variables per second for the project in the current folder, `reading NAME DIALECT`
and `matching` the seconds for a hostile text and for one four times as long.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

from bench.hostile import PATTERN, TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST, LAST = 40_000, 2_500_000
"""Characters of the shorter text: as few as take long enough to be measured."""
ENOUGH = 0.02
"""Seconds."""


def seconds(work: Callable[[], object], repeats: int = 5, least: float = 0.05) -> float:
    """The median time of one call, measured over as many calls as take long enough."""
    calls = 1
    while True:
        start = time.process_time()
        for _ in range(calls):
            work()
        if time.process_time() - start >= least:
            break
        calls *= 2
    found = []
    for _ in range(repeats):
        start = time.process_time()
        for _ in range(calls):
            work()
        found.append((time.process_time() - start) / calls)
    return statistics.median(found)


def judging() -> dict[str, float]:
    """Variables per second of processor time."""
    from assay.gate import inside_of
    from assay.screen.judge import judge
    from assay.screen.reading import read_values
    from assay.screen.store import PLAN, recall

    known = recall(None, os.getcwd(), PLAN)
    if known is None:
        raise SystemExit("no plan is remembered")
    [environment] = known[1]["environments"].values()
    [(_, dialect, _)], table = environment["sources"], environment["table"]
    file = os.path.abspath(".env")
    inside = inside_of(os.getcwd())
    values = read_values(file, dialect, inside)
    if values is None or not judge(table, values, values):
        raise SystemExit("the screen does not call the file clean")

    def both() -> bool:
        found = read_values(file, dialect, inside) or {}
        return judge(table, found, found)

    return {
        "both": len(values) / seconds(both),
        "judge": len(values) / seconds(lambda: judge(table, values, values)),
        "read": len(values) / seconds(lambda: read_values(file, dialect, inside)),
    }


def reading(name: str, dialect: str) -> tuple[float, float]:
    """Seconds to read a hostile text, and one four times as long."""
    from assay.dotenv import parse

    def read(text: str) -> Callable[[], object]:
        return lambda: parse(text, dialect).values

    return _growth(TEXTS[name], read)


def matching() -> tuple[float, float]:
    """Seconds to match a hostile text with the hostile pattern, and one four times as long."""
    from assay.formats.patterns import pattern_matches

    def match(text: str) -> Callable[[], object]:
        return lambda: pattern_matches(PATTERN, text)

    return _growth(lambda size: "a" * size + "!", match)


def _growth(
    make: Callable[[int], str], work: Callable[[str], Callable[[], object]]
) -> tuple[float, float]:
    size = FIRST
    small = seconds(work(make(size)), 3, 0)
    while small < ENOUGH and size < LAST:
        size = min(4 * size, LAST)
        small = seconds(work(make(size)), 3, 0)
    return small, seconds(work(make(4 * size)), 3, 0)


if __name__ == "__main__":
    parts: dict[str, Callable[..., Any]] = {
        "judging": judging,
        "matching": matching,
        "reading": reading,
    }
    print(json.dumps(parts[sys.argv[1]](*sys.argv[2:])))
