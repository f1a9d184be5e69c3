"""Many files in one run: the rate, and the memory, which must not grow with their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.corpus import env_text, project, variables
from bench.measure import Command, in_turns, once, peak_memory
from bench.table import Row, times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.setting import Setting

LEAST = 400_000
"""Variables per second and core, start-up included."""
COUNTS = (100, 1_000, 4_000)
GROWTH = 1.1
"""What memory may grow by, beyond what the interpreter takes for the names of the files."""


def rows(setting: Setting) -> Iterator[Row]:
    """The rate for files that no environment reads, and for as many environments."""
    chosen = variables(100)
    folder = project(setting.scratch / "many", chosen)
    files = [f"services/{number:04}/.env" for number in range(COUNTS[-1])]
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True)
        path.write_text(env_text(chosen))
    commands = {
        count: Command(
            f"{count:,} files", (setting.assay, "hook", *files[:count]), folder, setting.environ
        )
        for count in COUNTS
    }
    once(commands[COUNTS[0]])
    timing = in_turns([commands[1_000]], max(3, setting.runs // 3))["1,000 files"]
    rate = 100_000 / timing.cpu
    target = f"≥ {LEAST:,}/s"
    elapsed = f"{100_000 / timing.wall:,.0f}/s"
    yield Row("1,000 files, per core", f"{rate:,.0f}/s", elapsed, target, rate >= LEAST)
    peaks = {count: _own_memory(setting, command) for count, command in commands.items()}
    for count in COUNTS[1:]:
        growth = peaks[count] / peaks[COUNTS[0]]
        yield Row(
            f"peak memory of {count:,} files beside that of {COUNTS[0]}",
            times(growth),
            "",
            f"≤ {GROWTH:g}",
            growth <= GROWTH,
        )


def _own_memory(setting: Setting, command: Command) -> int:
    """The peak memory of a command beyond that of the bare interpreter with the same arguments."""
    bare = command._replace(arguments=(setting.python, "-c", "pass", *command.arguments[1:]))
    return peak_memory(command) - peak_memory(bare)
