"""Judging in process, on one core, where start-up does not count."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands import hook
from bench.corpus import project, variables
from bench.measure import once
from bench.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.setting import Setting

LEAST = 1_000_000
"""Variables per second, read and judged."""
INSIDE = Path(__file__).resolve().parent.parent / "inside.py"


def rows(setting: Setting) -> Iterator[Row]:
    """The rate for a small and a large file, and for its two halves."""
    for count in (100, 1_000, 10_000):
        folder = project(setting.scratch / f"judging-{count}", variables(count))
        once(hook(setting, "to remember the plan", folder))
        done = subprocess.run(
            [setting.python, INSIDE, "judging"],
            cwd=folder,
            env=setting.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
        )
        name = f"{count:,} variables"
        target = f"≥ {LEAST:,}/s"
        if done.returncode != 0:
            yield Row(name, done.stderr.strip(), "", target, met=False)
            continue
        rates = json.loads(done.stdout)
        both = rates["both"]
        yield Row(f"{name}, read and judged", f"{both:,.0f}/s", "", target, both >= LEAST)
        yield Row("  judged only", f"{rates['judge']:,.0f}/s", "", target, rates["judge"] >= LEAST)
        yield Row("  read only", f"{rates['read']:,.0f}/s")
