"""The commands that several benchmarks measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.measure import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bench.setting import Setting

BARE = "python -c pass"


def bare(setting: Setting) -> Command:
    """The interpreter that assay runs on, doing nothing."""
    return Command(BARE, (setting.python, "-c", "pass"), setting.scratch, setting.environ)


def hook(
    setting: Setting,
    name: str,
    folder: Path,
    *,
    expected: int = 0,
    before: Callable[[], Mapping[str, str]] | None = None,
) -> Command:
    """`assay hook .env` in a project."""
    arguments = (setting.assay, "hook", ".env")
    return Command(name, arguments, folder, setting.environ, expected, before)
