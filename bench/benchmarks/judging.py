"""Judging in process, on one core, where start-up does not count."""

from __future__ import annotations

from subprocess import CalledProcessError
from typing import TYPE_CHECKING

from bench.commands import hook, inside
from bench.corpus import project, variables
from bench.measure import once
from bench.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.setting import Setting

LEAST = 1_000_000
"""Variables per second."""


def rows(setting: Setting) -> Iterator[Row]:
    """The rate for a small and a large file, and for its two halves."""
    target = f"≥ {LEAST:,}/s"
    for count in (100, 1_000, 10_000):
        folder = project(setting.scratch / f"judging-{count}", variables(count))
        once(hook(setting, "to remember the plan", folder))
        try:
            rates = inside(setting, folder, "judging")
        except CalledProcessError as error:
            yield Row(f"{count:,} variables", error.stderr.strip(), "", target, met=False)
            continue
        for part, words in (("both", "read and judged"), ("judge", "judged"), ("read", "read")):
            met = rates[part] >= LEAST if part == "judge" else None
            result = f"{rates[part]:,.0f}/s"
            yield Row(
                f"{count:,} variables {words}", result, "", "" if met is None else target, met
            )
