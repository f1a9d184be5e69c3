"""The ways that end beyond the screen: faults to explain, and a spec seen for the first time."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from bench.commands import BARE, bare, hook
from bench.corpus import project, spoilt, variables
from bench.measure import Command, in_turns
from bench.table import at_most

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bench.setting import Setting
    from bench.table import Row

LIMIT = 8.0


def rows(setting: Setting) -> Iterator[Row]:
    """Failing files with a warm cache, and a clean one with none."""
    chosen = variables(100)
    clean = project(setting.scratch / "explain-clean", chosen)
    commands = [bare(setting)]
    for faults, words in ((1, "1 fault"), (5, "5 faults")):
        folder = project(setting.scratch / f"explain-{faults}", chosen, spoilt(chosen, faults))
        name = f"{words} of 100 variables explained"
        commands.append(hook(setting, name, folder, expected=1))
    commands.append(
        hook(setting, "100 variables, clean, no plan remembered", clean, before=_fresh(setting))
    )
    limited = len(commands) - 1
    check = (setting.assay, "check")
    commands.append(Command("`assay check`, 100 variables", check, clean, setting.environ))
    timings = in_turns(commands, setting.runs)
    for number, (name, timing) in enumerate(list(timings.items())[1:]):
        yield at_most(name, timing, timings[BARE], LIMIT if number < limited else None)


def _fresh(setting: Setting) -> Callable[[], Mapping[str, str]]:
    numbers = itertools.count()

    def before() -> Mapping[str, str]:
        folder = setting.scratch / "fresh" / str(next(numbers))
        folder.mkdir(parents=True)
        return {"XDG_CACHE_HOME": str(folder)}

    return before
