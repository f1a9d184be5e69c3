"""Measures parts of assay in its own process; run by the interpreter that assay is installed for.

    python inside.py judging          in a project: variables per second of processor time
    python inside.py reading DIALECT  seconds to read the text on standard input
    python inside.py matching PATTERN seconds to match the text on standard input
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def seconds(work: Callable[[], object], repeats: int = 5, least: float = 0.05) -> float:
    """The median time of one call, each time measured over so many calls as take long enough."""
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
    from assay.screen.judge import judge, read_values
    from assay.screen.store import PLAN, recall

    known = recall(None, os.getcwd(), PLAN)
    if known is None:
        raise SystemExit("no plan is remembered")
    [(environment, dialect, _)] = known[1]["files"][".env"]
    table = known[1]["environments"][environment]["table"]
    file = os.path.abspath(".env")
    values = read_values(file, dialect)
    if values is None or not judge(table, values, values):
        raise SystemExit("the screen does not call the file clean")
    return {
        "judge": len(values) / seconds(lambda: judge(table, values, values)),
        "read": len(values) / seconds(lambda: read_values(file, dialect)),
        "both": len(values)
        / seconds(lambda: judge(table, read_values(file, dialect) or {}, values)),
    }


def reading(dialect: str) -> float:
    from assay.dotenv import parse

    text = sys.stdin.read()
    parse("A=1\n", dialect)
    return seconds(lambda: parse(text, dialect).values, repeats=3, least=0.01)


def matching(pattern: str) -> float:
    from assay.formats.patterns import pattern_matches

    text = sys.stdin.read()
    return seconds(lambda: pattern_matches(pattern, text), repeats=3)


if __name__ == "__main__":
    print(json.dumps({"judging": judging, "reading": reading, "matching": matching}[sys.argv[1]](*sys.argv[2:])))  # type: ignore[operator]
