"""Hostile input: four times as much of it must not take much more than four times as long."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

from bench.benchmarks.judging import INSIDE
from bench.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.setting import Setting

DIALECTS = ("node", "node20", "next", "python", "ruby", "compose", "docker", "shell")
LIMIT = 6.0
PATIENCE = 120
"""Seconds after which a reader hangs."""

TEXTS: dict[str, tuple[int, Callable[[int], str]]] = {
    "a long line": (2_500_000, lambda size: f"A={'x' * size}\n"),
    "a long line in quotes": (2_500_000, lambda size: f'A="{"x" * size}"\n'),
    "unclosed double quotes": (25_000, lambda size: 'A="x\n' * size),
    "unclosed single quotes": (25_000, lambda size: "A='x\n" * size),
    "unclosed back ticks": (25_000, lambda size: "A=`x\n" * size),
    "quotes on one line": (25_000, lambda size: "A=" + '"' * size + "x\n"),
    "backslashes": (25_000, lambda size: 'A="' + "\\" * size + "\n"),
    "open braces": (25_000, lambda size: "A=" + "${B:-" * size + "\n"),
    "dollars": (25_000, lambda size: f"A={'$' * size}\n"),
    "blanks": (100_000, lambda size: f"A={' ' * size}x {' ' * size}\n"),
    "short lines": (25_000, lambda size: "".join(f"A{n}=x\n" for n in range(size))),
    "one name again": (25_000, lambda size: "A=x\n" * size),
    "carriage returns": (100_000, lambda size: "A=x" + "\r" * size + "\n"),
}
"""The size n, and the text of a size; read at n and 4n."""


def rows(setting: Setting) -> Iterator[Row]:
    """The worst dialect for each input, and a pattern that makes backtracking engines hang."""
    for name, (size, text) in TEXTS.items():
        ratios = {
            dialect: _ratio(setting, ("reading", dialect), text(size), text(4 * size))
            for dialect in DIALECTS
        }
        worst = max(ratios, key=lambda dialect: ratios[dialect])
        yield _row(f"{name}, at worst ({worst})", ratios[worst])
    patterns = _ratio(setting, ("matching", "(a+)+$"), "a" * 50_000 + "!", "a" * 200_000 + "!")
    yield _row("the pattern (a+)+$", patterns)


def _row(name: str, ratio: float) -> Row:
    return Row(name, f"{ratio:.2f} ×", "", f"≤ {LIMIT:g}", ratio <= LIMIT)


def _ratio(setting: Setting, what: tuple[str, str], small: str, large: str) -> float:
    return _seconds(setting, what, large) / _seconds(setting, what, small)


def _seconds(setting: Setting, what: tuple[str, str], text: str) -> float:
    try:
        done = subprocess.run(
            [setting.python, INSIDE, *what],
            input=text,
            env=setting.environ,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return float("inf")
    return float(json.loads(done.stdout))
