"""Hostile input: four times as much of it must not take much more than four times as long."""

from __future__ import annotations

from subprocess import TimeoutExpired
from typing import TYPE_CHECKING

from bench.commands import inside
from bench.hostile import DIALECTS, PATTERN, TEXTS
from bench.table import Row, times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.setting import Setting

LIMIT = 8.0
"""Between 4, which is linear but for the processor's caches, and 16, which is quadratic."""
PATIENCE = 120
"""Seconds after which a reader hangs."""


def rows(setting: Setting) -> Iterator[Row]:
    """The worst dialect for each input, and a pattern that makes backtracking engines hang."""
    for name in TEXTS:
        ratios = {dialect: _ratio(setting, "reading", name, dialect) for dialect in DIALECTS}
        worst = max(ratios, key=lambda dialect: ratios[dialect])
        yield _row(f"{name}, at worst ({worst})", ratios[worst])
    yield _row(f"the pattern `{PATTERN}`", _ratio(setting, "matching"))


def _row(name: str, ratio: float) -> Row:
    return Row(name, times(ratio), "", f"≤ {LIMIT:g}", ratio <= LIMIT)


def _ratio(setting: Setting, *what: str) -> float:
    try:
        small, large = inside(setting, setting.scratch, *what, patience=PATIENCE)
    except TimeoutExpired:
        return float("inf")
    return float(large / small)
