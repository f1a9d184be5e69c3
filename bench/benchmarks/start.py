"""Start-up: the hook on clean files of 100, 1,000 and 10,000 variables, its plan remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.commands import BARE, bare, hook
from bench.corpus import project, variables
from bench.measure import in_turns
from bench.table import at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.setting import Setting
    from bench.table import Row

LIMITS = {100: 2.0, 1_000: 2.5, 10_000: 5.0}


def rows(setting: Setting) -> Iterator[Row]:
    """One row for each size, and some for what real files also hold."""
    commands = [bare(setting)]
    for count in LIMITS:
        folder = project(setting.scratch / f"start-{count}", variables(count))
        commands.append(hook(setting, f"{count:,} variables", folder))
    chosen = variables(100)
    odd = project(setting.scratch / "start-odd", chosen)
    with (odd / ".env").open("a") as file:
        file.write("\n# written by hand\nMENU_NOTE=Karibu # an inline comment\n")
    spec = odd / "specs" / "shop.yaml"
    spec.write_text(spec.read_text() + "  MENU_NOTE: {description: 'A note.'}\n")
    commands.append(hook(setting, "100 variables, and a line with an inline comment", odd))
    linked = project(setting.scratch / "start-linked", chosen)
    with (linked / ".env").open("a") as file:
        file.write("DATABASE_URL=postgresql://app:Zk3vTq9LmW2x@db.shop.ke:5432/shop\n")
    spec = linked / "specs" / "shop.yaml"
    spec.write_text(spec.read_text() + "  DATABASE_URL: {type: postgres, secret: true}\n")
    commands.append(hook(setting, "100 variables, and a PostgreSQL URL", linked))
    timings = in_turns(commands, setting.runs)
    for (name, timing), limit in zip(
        list(timings.items())[1:], [*LIMITS.values(), None, None], strict=True
    ):
        yield at_most(name, timing, timings[BARE], limit)
